"""While it runs: what a webhook named is fetched at once, what waited from before at the next beat."""

import threading

import pytest

from orders import order
from runtime.test_runner import Day
from tillbridge.model.status import Status
from tillbridge.runtime.embedded import RunEvent, Runner
from webhooks.conftest import Door

pytestmark = pytest.mark.row("S1")


@pytest.fixture
def door(shop) -> Door:
    return Door(shop, shop.engine.open_webhook("web").path)


def test_a_webhook_does_not_wait_for_the_next_beat(door):
    """The beat is an hour: what wakes the runner is the webhook."""
    shop, heard, rests = door.shop, threading.Event(), threading.Event()
    events: list[RunEvent] = []

    def hear(event: RunEvent) -> None:
        events.append(event)
        if event.what == "heard":
            heard.set()

    def rest(seconds: float) -> None:
        for one in runner._working.values():
            one.join()
        rests.set()
        runner.stop.wait(seconds)

    shop.poll()
    runner = Runner(shop.engine, on_event=hear, wait=rest, beat=3600.0)
    thread = threading.Thread(target=runner.run)
    thread.start()
    assert rests.wait(60)  # the first beat's own poll must not bring it
    shop.webstore.offer(order("A1"))
    runner.heard(door.knock("A1").connection)

    assert heard.wait(60)
    runner.stop.set()
    thread.join(60)
    assert Status.NEW is shop.status("A1")
    (told,) = [one for one in events if one.what == "heard"]
    assert ("web", "1 fetched, 1 new, 1 sold") == (told.connection, told.words.en)


def test_what_waited_when_it_was_stopped_is_fetched_at_the_first_beat(door):
    shop = door.shop
    shop.poll()
    shop.webstore.offer(order("A1"))
    door.knock("A1")
    shop.webstore.before = lambda call: None if call != "fetch_orders" else pytest.fail("polled")
    day = Waiting(shop, beats=1, beat=1.0)

    assert "heard" in day.run()


class Waiting(Day):
    """A day whose beats also wait for what was heard."""

    def wait(self, seconds: float) -> None:
        for thread in self.runner._hearing.threads().values():
            thread.join()
        super().wait(seconds)


def test_a_parked_order_is_tried_again_by_a_later_beat(door):
    shop = door.shop
    shop.poll()
    door.knock("A1")
    day = Waiting(shop, beats=20, beat=1.0)
    day.at_beat[5] = lambda: shop.webstore.offer(order("A1"))

    assert "heard" in day.run()
    assert Status.NEW is shop.status("A1")


def test_a_burst_for_one_connection_never_fetches_beside_itself(door):
    shop, at_work, most = door.shop, [], []
    runner = Runner(shop.engine)
    begun, go_on = threading.Event(), threading.Event()

    def fetch(name):
        at_work.append(name)
        most.append(len(at_work))
        begun.set()
        go_on.wait(60)
        at_work.remove(name)

    runner._hearing._do = fetch
    for _ in range(10):
        runner.heard("web")
    assert begun.wait(60)
    runner.heard("web")
    go_on.set()
    for thread in runner._hearing.threads().values():
        thread.join(60)

    # The wake that came while it was at work has it look once more.
    assert [1, 1] == most[:2]
    assert len(most) <= 3


def test_a_fault_while_fetching_is_told_once_and_tried_again(door, monkeypatch):
    shop = door.shop
    shop.poll()
    door.knock("A1")

    def fail(_):
        raise RuntimeError("unexpected")

    works = shop.engine.fetch_heard
    monkeypatch.setattr(shop.engine, "fetch_heard", fail)
    shop.webstore.offer(order("A1"))
    day = Waiting(shop, beats=4, beat=1.0)
    day.at_beat[2] = lambda: monkeypatch.setattr(shop.engine, "fetch_heard", works)

    happened = [one for one in day.run() if one != "settled"]
    assert ["fault", "heard", "well again"] == happened


def test_old_events_are_forgotten_while_it_runs(door):
    shop = door.shop
    door.knock()
    shop.clock.advance(15 * 24 * 3600)
    Day(shop, beats=1).run()

    assert 0 == shop.engine.prune_webhooks()


def test_after_the_end_nothing_is_begun(door):
    runner = Runner(door.shop.engine)
    runner.stop.set()
    runner.run()
    runner.heard("web")

    assert {} == runner._hearing.threads()
