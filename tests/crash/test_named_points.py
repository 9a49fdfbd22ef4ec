"""Exactly once, whatever is killed: at every point before and after a commit, POS call and hook.

On SQLite what a killed process leaves behind is its files: so the days are run once, the files are copied
at each point, and the copy is taken up by a clean worker. That a copy is what a kill leaves is proven by
real kills.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from shutil import copyfile, rmtree
from typing import Any

import pytest

from crash.conftest import Lend
from crash.facts import Facts, OrderFacts, fingerprint, gather, gave_way
from crash.jobs import die_at, finish_up, live_through, run_through, work_beside
from crash.outside import FileWebstore
from crash.processes import KILLED, Worker, event, run
from crash.shops import Place
from databases import sqlite_url

pytestmark = [pytest.mark.row("S5"), pytest.mark.slow]

SHARES = 4
LOOKS = 3  # steps after which it is looked at whether all is as if nobody had been killed
HELMET, PUMP, LOCK = 1, 2, 3
ZERO, CASH = (("ecommerce", 0),), (("cash", 50_000),)


def goods(*items: tuple[int, int]) -> tuple[tuple[int, Decimal], ...]:
    return tuple((product, Decimal(pieces)) for product, pieces in items)


ONE = goods((HELMET, 1))
WANTED = Facts(
    orders={
        "PLAIN": OrderFacts("Completed", "accepted", "open", (("finished", ONE),), CASH),
        "SECOND-THOUGHTS": OrderFacts(
            "Rejected", "rejected", "open", (("closed_empty", goods((HELMET, 1), (PUMP, 2))),), ZERO
        ),
        "STRANGER": OrderFacts("Completed", "accepted", "open", (("closed_empty", ONE),), ZERO),
        "UNLISTED": OrderFacts("Product Match Failed", None, "open", ()),
        "GROWS": OrderFacts(
            "Completed",
            "rejected",
            "open",
            # The pump was added at the counter, and carried over.
            (("void", goods((HELMET, 1), (PUMP, 1))), ("closed_empty", goods((HELMET, 3), (PUMP, 1)))),
            ZERO,
            notes=1,
        ),
        "UNPAID": OrderFacts("Completed", "accepted", "open", (("finished", ONE),), CASH),
        "DAMAGED": OrderFacts("In Process", "accepted", "open", (("open, kept", goods((HELMET, 4))),)),
        "NEWCOMER": OrderFacts("Archived", None, "cancelled", (("void", goods((PUMP, 1))),)),
    },
    # 1 plain + 1 unpaid, that were finished, and 4 damaged, reserved; what the others had came back.
    stock={HELMET: Decimal(994), PUMP: Decimal(1000), LOCK: Decimal(1000)},
    loose=(),
)
TOLD = {
    "PLAIN": ["accepted"],
    "STRANGER": ["accepted", "resolved"],
    "SECOND-THOUGHTS": ["accepted", "rejected"],
    "GROWS": ["rejected", "resolved"],
    "UNPAID": ["accepted", "resolved"],
    "DAMAGED": ["accepted"],
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
    # An acceptance whose worker died on the way gives way to the rejection after it, arrived or not.
    lost = {name: ["rejected"] for name in gave_way(place.url) & {"SECOND-THOUGHTS"}}
    wrong += [] if told in (TOLD, TOLD | lost) else [told]
    return wrong


def points_of(lend: Lend) -> list[str]:
    """Run the days undisturbed in a process of their own; return the points that they pass."""
    with lend() as place:
        points: list[list[str]] = run(live_through, place)
        assert [] == faults(place)
        return points[0]


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
    finish_up(place)
    return faults(place)


def finish_where(place: Place, milestones: Sequence[Any], step: int) -> list[Any]:
    """Do the same, but only until all is as it was after the same step when nobody was killed.

    From there the days are those that were run before. It is looked at after the step in which the worker was
    killed, and after the next ones.
    """
    met: list[int] = []

    def well(number: int) -> bool:
        if step <= number < step + LOOKS and left_behind(place) == milestones[number]:
            met.append(number)
        return bool(met)

    finish_up(place, well)
    return [] if met else faults(place)


def left_behind(place: Place) -> tuple[Any, ...]:
    """Return all that a later worker can see of a dead one."""
    webstore = FileWebstore(place.webstore)
    return fingerprint(place.url), webstore.stages(), tuple(one[:2] for one in webstore.heard())


class Copies:
    """A probe that copies what there is at each point of some, and hands the copy on.

    Attributes:
        points: those that were passed.
    """

    def __init__(self, place: Place, take: Callable[[int, Place], None], wanted: Sequence[int]) -> None:
        self.points: list[str] = []
        self._place, self._take, self._wanted = place, take, frozenset(wanted)
        self._seen: tuple[Any, ...] = ()

    def tell(self, point: str) -> None:
        self.points.append(point)
        if len(self.points) not in self._wanted:
            return
        files = self._files()
        now = tuple((one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in files)
        if now != self._seen:  # where no byte has changed, another copy is the same
            self._seen = now
            self._copy(files)

    def _files(self) -> list[Path]:
        """Return the database, its log and the webstore: all that outlives a process but its locks."""
        folder = self._place.webstore.parent
        return [one for one in sorted(folder.iterdir()) if one.is_file() and not one.name.endswith("-shm")]

    def _copy(self, files: Sequence[Path]) -> None:
        own = self._place.webstore.parent / f"left-at-{len(self.points)}"
        own.mkdir()
        for one in files:
            copyfile(one, own / one.name)
        at = replace(self._place, url=sqlite_url(own / "shop.db"), webstore=own / "webstore")
        try:
            self._take(len(self.points), at)
        finally:
            rmtree(own)


def copied(lend: Lend, take: Callable[[int, Place], None], wanted: Sequence[int]) -> list[str]:
    """Run the days, and have what there is at these points taken; return all points."""
    with lend() as place:
        copies = Copies(place, take, wanted)
        run_through(place, copies.tell)
        assert [] == faults(place)
        return copies.points


@dataclass
class Days:
    """The days as they are when nobody is killed.

    Attributes:
        points: that were passed, in their sequence.
        steps: the step of each.
        milestones: what there was after each step.
    """

    points: list[str] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    milestones: list[Any] = field(default_factory=list)


@pytest.fixture(scope="module")
def days(sqlite_shops: Lend) -> Days:
    known = Days()

    def probe(point: str) -> None:
        known.points.append(point)
        known.steps.append(len(known.milestones))

    def after(_: int) -> bool:
        known.milestones.append(left_behind(place))
        return False

    with sqlite_shops() as place:
        run_through(place, probe, after)
        assert [] == faults(place)
    return known


@pytest.fixture(scope="module")
def sqlite_points(days: Days) -> list[str]:
    return days.points


@pytest.fixture(scope="module")
def postgres_points(postgres_shops: Lend) -> list[str]:
    return points_of(postgres_shops)


def test_the_points_are_those_of_every_commit_pos_call_and_hook(sqlite_points):
    """The days pass each kind of point, so killing at each of their points leaves none out."""
    said = set(sqlite_points)
    units = {"payloads", "settle", "answers", "staff", "link", "claim", "receipt", "sales feed", "till"}
    assert {f"{when} commit {unit}" for when in ("before", "after") for unit in {*units, "closing"}} <= said
    calls = {"find_products", "find_customers", "open_sales", "change_sales", "sales_changed", "stores"}
    assert {f"{when} pos {call}" for when in ("before", "after") for call in calls} <= said
    hooks = {"fetch_orders", "parse_order", "push_status"}
    assert {f"{when} hook {hook}" for when in ("before", "after") for hook in hooks} <= said


@pytest.mark.row("S20")
@pytest.mark.row("S21")
@pytest.mark.row("S22")
@pytest.mark.parametrize("number", range(SHARES))
def test_a_worker_killed_at_any_point_leaves_everything_to_be_done_once(sqlite_shops, days, number, long_run):
    """A Reject, and any flow, that dies half way is finished after the restart.

    Where two points leave the very same behind, what comes of it is tried once, and what comes to be as if
    nobody had been killed is not run further, unless there is time.
    """
    wrong, tried = {}, set()

    def take(point: int, place: Place) -> None:
        left = left_behind(place)
        if left in tried and not long_run:
            return
        tried.add(left)
        found = finish(place) if long_run else finish_where(place, days.milestones, days.steps[point - 1])
        if found:
            wrong[point, days.points[point - 1]] = found

    wanted = [point for point, _ in share(days.points, number)]
    assert days.points == copied(sqlite_shops, take, wanted)
    assert {} == wrong


def test_a_real_kill_leaves_what_a_copy_has_and_the_connection_lock_changes_nothing(
    sqlite_shops, sqlite_points, long_run
):
    """Real processes are killed, without the connection lock; what they leave is what was copied with it."""
    chosen = dict(list(enumerate(sqlite_points, start=1))[:: 1 if long_run else 149])
    copies: dict[int, tuple[Any, ...]] = {}
    copied(sqlite_shops, lambda point, place: copies.update({point: left_behind(place)}), list(chosen))
    wrong: dict[tuple[int, str], Any] = {}
    for point, name in chosen.items():
        with sqlite_shops(lock=False) as place:
            assert KILLED == kill(place, point)
            # One that is not there was the same as the one before it.
            assert left_behind(place) == copies[max(one for one in copies if one <= point)]
            if found := finish(place):
                wrong[point, name] = found

    assert {} == wrong


@pytest.mark.parametrize("number", range(SHARES))
def test_on_postgresql_it_is_the_same(postgres_shops, postgres_points, number, long_run):
    """With the connection lock and without, in turn."""
    wrong = {}
    for point, name in share(postgres_points, number, every=1 if long_run else 193):
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
    for point, name in share(postgres_points, number, every=1 if long_run else 179):
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
