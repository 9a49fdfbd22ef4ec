"""While a webstore is told of stock and prices, its orders go on; two exports of it never run at once."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from orders import HELMET, line
from tillbridge.model.status import Status
from tillbridge.provider import Capability
from tillbridge.runtime.embedded import RunEvent, Runner

pytestmark = pytest.mark.row("S15")
CALLS = {Capability.INVENTORY: "push_inventory", Capability.SNAPSHOT: "push_snapshot"}


@pytest.fixture(params=CALLS)
def told(request, make_front):
    """A webstore that takes changes, or the whole; `told.call` is what it is told by."""
    front = make_front(takes=frozenset({request.param}))
    front.rule(every=timedelta(hours=1))
    front.call = CALLS[request.param]
    return front


def in_the_call(front, work):
    """Do something while the webstore is told; return what came of it."""
    found: list[Any] = []

    def before(name):
        if name == front.call and not found:
            found.append(None)
            found[:] = [work()]

    front.webstore.before = before
    return found


def test_an_order_that_comes_meanwhile_is_sold_at_once_and_told_with_the_next_export(told):
    def comes():
        told.buy("A1", line("1", gtin=HELMET))
        return told.engine.poll("web")

    polled = in_the_call(told, comes)
    told.export(once=True)

    ((result,),) = polled
    assert (False, Status.NEW, 10) == (result.busy, told.engine.order("A1").status, told.pieces(told.helmet))

    told.engine.export_due()
    assert 9 == told.pieces(told.helmet)


def test_another_export_of_it_is_turned_away_meanwhile(told):
    second = in_the_call(told, lambda: told.engine.export("web"))
    told.export()

    ((result,),) = second
    assert (True, 0) == (result.busy, result.told.accepted)
    assert 1 == len(told.webstore.calls)


def test_the_runner_sells_orders_while_a_file_is_sent(make_front):
    """Its webstore takes the file only when the order is sold."""
    front = make_front(takes=frozenset({Capability.SNAPSHOT}))
    front.rule(every=timedelta(hours=1))
    begun, sold = threading.Event(), threading.Event()
    events: list[RunEvent] = []
    bought: list[str] = []

    def before(name):
        if name == "push_snapshot":
            begun.set()
            sold.wait(60)

    def hear(event):
        events.append(event)
        if event.data.get("sold"):
            sold.set()

    def beat(_):
        for thread in runner._working.values():
            thread.join()
        if begun.wait(60) and not bought:
            bought.append("A1")
            front.buy("A1", line("1", gtin=HELMET))
        front.clock.advance(400)
        if sold.is_set() or len(events) > 50:
            for thread in runner._exporting.threads().values():
                thread.join()
            runner.stop.set()

    front.webstore.before = before
    runner = Runner(front.engine, on_event=hear, wait=beat)
    runner.run()

    said = [event.what for event in events]
    assert said.index("exported") > next(at for at, event in enumerate(events) if event.data.get("sold"))
