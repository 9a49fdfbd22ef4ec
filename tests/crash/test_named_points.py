"""Exactly once, whatever is killed: at every point before and after a commit, POS call and hook."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from crash.conftest import Lend
from crash.facts import Facts, OrderFacts, fingerprint, gather
from crash.jobs import die_at, finish_up, live_through, work_beside
from crash.outside import FileWebstore
from crash.processes import KILLED, Worker, event, run
from crash.shops import Place

pytestmark = [pytest.mark.row("S5"), pytest.mark.slow]

SHARES = 4
HELMET, PUMP, LOCK = 1, 2, 3


def goods(*items: tuple[int, int]) -> tuple[tuple[int, Decimal], ...]:
    return tuple((product, Decimal(pieces)) for product, pieces in items)


WANTED = Facts(
    orders={
        "PLAIN": OrderFacts("Completed", "accepted", "open", (("finished", goods((HELMET, 1))),)),
        "SECOND-THOUGHTS": OrderFacts(
            "Rejected", "rejected", "open", (("closed_empty", goods((HELMET, 1), (PUMP, 2))),)
        ),
        "STRANGER": OrderFacts("In Process", "accepted", "open", (("open", goods((HELMET, 1))),)),
        "UNLISTED": OrderFacts("Product Match Failed", None, "open", ()),
        "GROWS": OrderFacts(
            "New", None, "open", (("void", goods((HELMET, 1))), ("open", goods((HELMET, 3))))
        ),
        "UNPAID": OrderFacts("New", None, "open", (("open", goods((HELMET, 1))),)),
        "DAMAGED": OrderFacts("New", None, "open", (("open", goods((HELMET, 4))),)),
        "NEWCOMER": OrderFacts("New", None, "open", (("open", goods((PUMP, 1))),)),
    },
    # 1 plain + 1 stranger + 3 grown + 1 unpaid + 4 damaged; the rejected one's came back.
    stock={HELMET: Decimal(990), PUMP: Decimal(999), LOCK: Decimal(1000)},
    loose=(),
)
TOLD = {
    "PLAIN": ["accepted"],
    "STRANGER": ["accepted"],
    "SECOND-THOUGHTS": ["accepted", "rejected"],
}


def told_once(place: Place) -> Mapping[str, Sequence[str]]:
    """Return the decisions that the webstore heard, each by its key once, in sequence."""
    keys: dict[str, tuple[str, str]] = {}
    for order_id, decision, key in FileWebstore(place.webstore).heard():
        keys.setdefault(key, (order_id, decision))
    told: dict[str, list[str]] = {}
    for order_id, decision in keys.values():
        told.setdefault(order_id, []).append(decision)
    return told


def faults(place: Place) -> list[Any]:
    """Return what is not as it must be."""
    found, told = gather(place.url), told_once(place)
    wrong: list[Any] = [
        (name, found.orders.get(name), "instead of", WANTED.orders.get(name))
        for name in {*found.orders, *WANTED.orders}
        if found.orders.get(name) != WANTED.orders.get(name)
    ]
    wrong += [] if found.stock == WANTED.stock else [found.stock]
    wrong += found.loose
    wrong += [] if told == TOLD else [told]
    return wrong


def points_of(lend: Lend) -> list[str]:
    """Run the days undisturbed; return the points that they pass."""
    with lend() as place:
        (points,) = run(live_through, place)
        assert [] == faults(place)
        return list(points)


def share(points: Sequence[str], number: int, *, every: int = 1) -> Sequence[tuple[int, str]]:
    """Return one of the equal pieces of every so many points, with their numbers from 1."""
    chosen = list(enumerate(points, start=1))[::every]
    return chosen[len(chosen) * number // SHARES : len(chosen) * (number + 1) // SHARES]


def kill(place: Place, point: int) -> int:
    """Run the days and kill their worker at a point; return how it ended."""
    with Worker(die_at, place, point) as victim:
        return victim.end()


def finish(place: Place) -> list[Any]:
    """Let a clean worker run to the end; return what is not as it must be."""
    run(finish_up, place)
    return faults(place)


def left_behind(place: Place) -> tuple[Any, ...]:
    """Return all that a later worker can see of a dead one."""
    webstore = FileWebstore(place.webstore)
    return fingerprint(place.url), webstore.stages(), tuple(one[:2] for one in webstore.heard())


@pytest.fixture(scope="module")
def sqlite_points(sqlite_shops: Lend) -> list[str]:
    return points_of(sqlite_shops)


@pytest.fixture(scope="module")
def postgres_points(postgres_shops: Lend) -> list[str]:
    return points_of(postgres_shops)


def test_the_points_are_those_of_every_commit_pos_call_and_hook(sqlite_points):
    """The days pass each kind of point, so killing at each of their points leaves none out."""
    said = set(sqlite_points)
    units = {"payloads", "settle", "answers", "staff", "link", "claim", "receipt", "sales feed", "till"}
    assert {f"{when} commit {unit}" for when in ("before", "after") for unit in units} <= said
    calls = {"find_products", "find_customers", "open_sales", "change_sales", "sales_changed", "stores"}
    assert {f"{when} pos {call}" for when in ("before", "after") for call in calls} <= said
    hooks = {"fetch_orders", "parse_order", "push_status"}
    assert {f"{when} hook {hook}" for when in ("before", "after") for hook in hooks} <= said


@pytest.mark.parametrize("number", range(SHARES))
def test_a_worker_killed_at_any_point_leaves_everything_to_be_done_once(
    sqlite_shops, sqlite_points, number, long_run
):
    """Where two kills leave the very same behind, what comes of it is tried once, unless there is time."""
    wrong, tried = {}, set()
    for point, name in share(sqlite_points, number):
        with sqlite_shops() as place:
            assert KILLED == kill(place, point)
            left = left_behind(place)
            if left in tried and not long_run:
                continue
            tried.add(left)
            if found := finish(place):
                wrong[point, name] = found

    assert {} == wrong


@pytest.mark.parametrize("number", range(SHARES))
def test_without_the_connection_lock_it_is_the_same(sqlite_shops, sqlite_points, number, long_run):
    wrong = {}
    for point, name in share(sqlite_points, number, every=1 if long_run else 9):
        with sqlite_shops(lock=False) as place:
            assert KILLED == kill(place, point)
            if found := finish(place):
                wrong[point, name] = found

    assert {} == wrong


@pytest.mark.parametrize("number", range(SHARES))
def test_on_postgresql_it_is_the_same(postgres_shops, postgres_points, number, long_run):
    """With the connection lock and without, in turn."""
    wrong = {}
    for point, name in share(postgres_points, number, every=1 if long_run else 15):
        with postgres_shops(lock=bool(point % 2)) as place:
            assert KILLED == kill(place, point)
            if found := finish(place):
                wrong[point, name] = found

    assert {} == wrong


@pytest.mark.parametrize("number", range(SHARES))
def test_a_worker_killed_beside_another_on_one_connection_is_the_same(
    postgres_shops, postgres_points, number, long_run
):
    """The other does what is due all the while; with the connection lock and without, in turn."""
    wrong = {}
    for point, name in share(postgres_points, number, every=1 if long_run else 3):
        over = event()
        with postgres_shops(lock=bool(point % 2)) as place:
            with Worker(work_beside, place, over) as colleague:
                colleague.hear()
                # The other may do so much of the work that this one ends before it comes to the point.
                assert kill(place, point) in {KILLED, 0}
                over.set()
                assert 0 == colleague.end()
            if found := finish(place):
                wrong[point, name] = found

    assert {} == wrong
