"""Exactly once against a slow Locally, with workers killed at random while orders come and change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from crash.facts import Facts, gather
from crash.jobs import clear_up, serve_locally
from crash.processes import Worker, run
from crash.shops import Place
from crash.street import Street, connect_locally, wanted_decision, write_files
from tillbridge_locally.sandbox.process import Sandbox, start

KILLS = 8
SLOW = 0.02
# Past the deadline of whatever the dead one had under way, so that each life takes over from the last.
LIFE = timedelta(seconds=130)


@pytest.fixture(scope="module")
def locally(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    catalogue, customers = write_files(tmp_path_factory.mktemp("street"))
    with start(catalogue=catalogue, customers=customers) as sandbox:
        yield sandbox


def kill_at_random(place: Place, street: Street, *, workers: int, kills: int) -> None:
    """Let workers serve the street, one of them being killed and replaced all the time."""
    crew = [Worker(serve_locally, place) for _ in range(workers)]
    for life in range(1, kills + 1):
        street.order()
        if life % 3 == 0:
            street.change()
        victim = street.chance.randrange(workers)
        with crew[victim] as worker:
            worker.hear()
            worker.kill_after(street.chance.uniform(0.02, 0.15))
        crew[victim] = Worker(serve_locally, replace(place, ahead=life * LIFE))
    for worker in crew:
        worker.kill_after(0)


def sale_faults(street: Street, found: Facts, changed: list[str]) -> list[object]:
    """Return the orders whose one sale is not what it must be."""
    wrong: list[object] = []
    for name, versions in street.sellable.items():
        order, decision = found.orders[name], wanted_decision(name)
        state = "closed_empty" if decision == "rejected" else "open"
        (sale, *more) = order.sales or [("no sale", ())]
        sold = sale[1][0] if sale[1] else None
        if more or sale[0] != state or sold not in versions or order.decision != decision:
            wrong.append((name, order, versions, decision))
        # Locally takes denied items out of an order, which changes a rejected one whatever was sold.
        elif state == "open" and (sold != versions[-1]) != (name in changed):
            wrong.append((name, "sold as", sold, "of", versions, "changed:", name in changed))
    return wrong


def told_faults(street: Street) -> list[object]:
    """Return the orders of which Locally does not believe what staff decided, or was told it twice."""
    wrong: list[object] = []
    wants = {"accepted": ("confirmed", "confirm"), "rejected": ("denied", "deny"), None: ("ordered", None)}
    for known in street.sandbox.do("GET", "/sandbox/orders")["orders"]:
        status, verdict = wants[wanted_decision(known["hash"]) if known["hash"] in street.sellable else None]
        told = {(one["verdict"], one["key"]) for one in known["told"]}
        if known["status"] != status or [one for one, _ in told] != ([verdict] if verdict else []):
            wrong.append((known["hash"], known["status"], known["told"]))
    return wrong


@pytest.mark.row("S5")
@pytest.mark.slow
@pytest.mark.parametrize("lock", [True, False], ids=["lock", "no-lock"])
def test_workers_killed_at_random_sell_each_order_once(shops, database_kind, locally, lock, long_run):
    """One worker on SQLite, two on one connection on PostgreSQL; at the end a clean one does what is left."""
    locally.reset(orders=0)
    street = Street(locally, Random(f"{database_kind} {lock}"))
    kills = KILLS * (8 if long_run else 1)
    with shops(lock=lock) as place:
        connect_locally(place, locally)
        locally.do("POST", "/sandbox/slow", {"seconds": SLOW})
        kill_at_random(place, street, workers=1 if database_kind == "sqlite" else 2, kills=kills)
        locally.do("POST", "/sandbox/slow", {"seconds": 0})
        (changed,) = run(clear_up, replace(place, ahead=(kills + 1) * LIFE))
        found = gather(place.url)

    assert {*street.sellable, *street.others} == set(found.orders)
    assert street.others == {name: found.orders[name].status for name in street.others}
    assert [] == sale_faults(street, found, changed)
    assert [] == told_faults(street)
    # Stock against sales to the piece, the ledger, nothing left to do.
    assert () == found.loose
