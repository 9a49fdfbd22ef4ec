"""The embedded runner: polls when it is due, tends in between, holds nobody up, and stops cleanly."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from orders import order
from shop import SEOUL, Shop
from tillbridge.db import tables
from tillbridge.model.deadlines import Policy
from tillbridge.model.errors import Retryable
from tillbridge.model.hours import Hours
from tillbridge.model.status import Status
from tillbridge.runtime.embedded import RunEvent, Runner

MINUTE = 60.0


class Day:
    """A runner whose waiting moves the clock: a whole day takes no time."""

    def __init__(self, shop: Shop, *, beats: int, beat: float = MINUTE) -> None:
        self.shop = shop
        self.events: list[RunEvent] = []
        self.at_beat: dict[int, Callable[[], object]] = {}
        self.beats = beats
        self.passed = 0
        self.runner = Runner(shop.engine, on_event=self.events.append, wait=self.wait, beat=beat)

    def wait(self, seconds: float) -> None:
        """Let this beat's work end, and time pass."""
        for thread in self.runner._working.values():
            thread.join()
        for thread in self.runner._exporting.threads().values():
            thread.join()
        self.passed += 1
        self.at_beat.get(self.passed, lambda: None)()
        self.shop.clock.advance(seconds)
        if self.passed >= self.beats:
            self.runner.stop.set()

    def run(self) -> list[str]:
        """Run to the end, and return what happened in between."""
        self.runner.run()
        return [event.what for event in self.events][1:-1]

    def polls(self) -> int:
        return sum(event.what == "polled" for event in self.events)


@pytest.mark.row("S1")
def test_a_connection_is_polled_every_five_minutes_without_anyone_asking(shop):
    day = Day(shop, beats=60)

    day.run()

    # 300 seconds, a tenth more or less, seen on whole minutes: five or six of them.
    assert 10 <= day.polls() <= 12


@pytest.mark.row("S1")
def test_the_interval_is_the_connections_own(shop):
    shop.connect(name="other", settings={"shop": "s2"}, poll_seconds=1200)
    day = Day(shop, beats=60)

    day.run()

    assert 3 <= sum(event.what == "polled" and event.connection == "other" for event in day.events) <= 4


@pytest.mark.row("S1")
def test_an_order_that_arrives_is_sold_at_the_next_poll(shop):
    day = Day(shop, beats=8)
    day.at_beat[1] = lambda: shop.webstore.offer(order("A1"))

    day.run()

    assert Status.NEW is shop.status("A1")
    assert {"fetched": 1, "new": 1, "changed": 0, "sold": 1, "waiting": 0, "failed": 0} in [
        event.data for event in day.events
    ]


def test_between_polls_a_decision_is_delivered(shop):
    shop.webstore.offer(order("A1"))
    day = Day(shop, beats=3, beat=1.0)
    day.at_beat[1] = lambda: shop.set("A1", Status.IN_PROCESS)

    assert ["polled", "delivered"] == day.run()
    assert "1 delivery answered" == day.events[2].words.en
    assert ["A1"] == [one.order_id for one in shop.webstore.told]


def test_a_decision_that_nobody_heard_is_no_answer(shop):
    """Else one line says that it is not passed on, and the next that it was answered."""

    def away(call: str) -> None:
        if call == "push_status":
            raise Retryable("The webstore is away.")

    shop.webstore.offer(order("A1"))
    shop.webstore.before = away
    day = Day(shop, beats=3, beat=1.0)
    day.at_beat[1] = lambda: shop.set("A1", Status.IN_PROCESS)

    assert ["polled", "trouble"] == day.run()


def test_a_sale_that_the_till_finishes_completes_its_order(shop):
    shop.webstore.offer(order("A1"))
    day = Day(shop, beats=3, beat=1.0)
    key = f"memory:s1:{'A1'}"
    day.at_beat[1] = lambda: shop.pos.finish_at_till(key)

    # Nobody had decided it: its finish accepts it, and the webstore is told.
    assert ["polled", "completed", "delivered"] == day.run()
    assert "1 order completed at the till" == day.events[2].words.en
    assert Status.COMPLETED is shop.status("A1")


def test_an_outage_is_logged_once_and_its_end_once(shop):
    def away(call: str) -> None:
        if call == "fetch_orders":
            raise Retryable("The webstore is away.")

    shop.webstore.offer(order("A1"))
    shop.webstore.before = away
    day = Day(shop, beats=30)
    day.at_beat[20] = lambda: setattr(shop.webstore, "before", lambda _: None)

    happened = day.run()

    assert ["trouble", "well again", "polled"] == happened[:3]
    assert 1 == happened.count("trouble")


def test_one_connections_failure_does_not_end_the_others_work(shop, monkeypatch):
    shop.connect(name="other", settings={"shop": "s2"})
    poll = shop.engine.poll

    def poll_or_break(name):
        if name == "web":
            raise RuntimeError("unexpected")
        return poll(name)

    monkeypatch.setattr(shop.engine, "poll", poll_or_break)
    day = Day(shop, beats=3)

    happened = day.run()

    assert ["fault", "polled"] == sorted(happened)


@pytest.mark.parametrize("part", ["watch_deadlines", "expire_pick_ups", "exports_due"])
def test_a_part_of_a_beat_that_fails_holds_up_no_connection_and_is_told_once(shop, monkeypatch, part):
    works = getattr(shop.engine, part)

    def fail():
        raise RuntimeError("unexpected")

    monkeypatch.setattr(shop.engine, part, fail)
    day = Day(shop, beats=5)
    day.at_beat[3] = lambda: monkeypatch.setattr(shop.engine, part, works)

    assert ["fault", "polled", "well again"] == day.run()


def test_a_slow_connection_holds_up_no_other(shop, monkeypatch):
    shop.connect(name="slow", settings={"shop": "s2"})
    poll, go_on, begun = shop.engine.poll, threading.Event(), threading.Event()

    def poll_slowly(name):
        if name == "slow":
            begun.set()
            go_on.wait(60)
        return poll(name)

    monkeypatch.setattr(shop.engine, "poll", poll_slowly)
    polled = threading.Event()

    def hear(event: RunEvent) -> None:
        if event.connection == "web":
            polled.set()

    runner = Runner(shop.engine, on_event=hear, beat=0.01)
    thread = threading.Thread(target=runner.run)
    thread.start()

    assert begun.wait(60)
    assert polled.wait(60)
    go_on.set()
    runner.stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_a_connection_is_never_tended_twice_at_once(shop, monkeypatch):
    at_work, most = [], []

    def tend(name, *, due):
        at_work.append(name)
        most.append(len(at_work))
        shop.clock.advance(1)
        at_work.remove(name)

    day = Day(shop, beats=20, beat=0.5)
    monkeypatch.setattr(day.runner, "tend", tend)

    day.run()

    assert {1} == set(most)


def test_stopping_lets_the_unit_at_hand_finish(shop, monkeypatch):
    shop.webstore.offer(order("A1"))
    begun, events = threading.Event(), list[RunEvent]()
    runner = Runner(shop.engine, on_event=events.append, beat=0.01)
    poll = shop.engine.poll

    def poll_and_be_stopped(name):
        begun.set()
        runner.stop.wait(60)
        return poll(name)

    monkeypatch.setattr(shop.engine, "poll", poll_and_be_stopped)
    thread = threading.Thread(target=runner.run)
    thread.start()
    assert begun.wait(60)
    runner.stop.set()
    thread.join(60)

    assert Status.NEW is shop.status("A1")
    assert "Stopped." == events[-1].words.en


def test_a_unit_that_does_not_end_is_named_and_left(shop, monkeypatch):
    begun, go_on, events = threading.Event(), threading.Event(), list[RunEvent]()
    monkeypatch.setattr("tillbridge.runtime.embedded.PATIENCE", 0.01)
    runner = Runner(shop.engine, on_event=events.append, beat=0.01)

    def hang(_):
        begun.set()
        go_on.wait(60)
        return []

    monkeypatch.setattr(shop.engine, "poll", hang)
    thread = threading.Thread(target=runner.run)
    thread.start()
    assert begun.wait(60)
    runner.stop.set()
    thread.join(60)
    left = list(runner._working.values())

    assert "Stopped while web was still at work; it goes on where it was at the next start." == (
        events[-1].words.en
    )
    # The test's own tidying: nothing may outlive the database.
    monkeypatch.setattr(runner, "_tell_fault", lambda *_: None)
    go_on.set()
    for one in left:
        one.join(60)


def test_a_connection_made_while_it_runs_is_tended(shop):
    day = Day(shop, beats=4)
    day.at_beat[2] = lambda: shop.connect(name="later", settings={"shop": "s2"})

    day.run()

    assert "later" in [event.connection for event in day.events if event.what == "polled"]


def test_each_event_is_one_line_in_both_languages(shop):
    shop.webstore.offer(order("A1"))
    day = Day(shop, beats=1)

    day.run()

    assert ["Running: web", "1 fetched, 1 new, 1 sold", "Stopped."] == [
        event.words.en for event in day.events
    ]
    assert "가져옴 1건, 신규 1건, 판매 1건" == day.events[1].words.ko


def test_the_next_poll_is_due_within_a_tenth_of_the_interval(shop):
    """The jitter that keeps many shops from asking one webstore in the same second."""
    shop.poll()

    (one,) = shop.engine.connections()

    assert abs(one.due_at - shop.clock.now() - timedelta(minutes=5)) <= timedelta(seconds=30)


@pytest.mark.row("S17")
def test_each_order_that_must_be_answered_is_warned_of_once_at_each_stage(shop):
    """Placed at ten, seen at noon, due at two; a beat is a minute."""
    shop.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})]
    shop.webstore.offer(order("A1"))
    day = Day(shop, beats=130)

    day.run()

    said = [event.words.en for event in day.events if event.what == "answer due"]
    assert [
        "Order A1 must be accepted or rejected: 1 h 59 min left.",
        "Order A1 must be accepted or rejected: 1 h left.",
        "Order A1 must be accepted or rejected: 30 min left.",
        "Order A1 must be accepted or rejected: overdue.",
    ] == said


@pytest.mark.row("S17")
def test_a_policy_acts_by_itself_and_that_is_told(shop):
    shop.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})]
    shop.connect(name="strict", settings={"shop": "s2"}, overdue=Policy.ACCEPT, poll_seconds=100_000)
    shop.webstore.offer(order("A1"))
    shop.engine.poll("strict")
    day = Day(shop, beats=125)

    day.run()

    (told,) = [event for event in day.events if event.what == "policy"]
    assert ("strict", "Order A1 was not answered in time, and was accepted by the connection's policy.") == (
        told.connection,
        told.words.en,
    )
    assert 1 == len(shop.webstore.told)


@pytest.mark.row("S22")
def test_a_no_show_by_policy_is_told_once(shop):
    """Ready at noon, to be picked up within a day, given up a day later; a beat is an hour."""
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.connections).values(pick_up_days=1, no_show_days=1))
    shop.webstore.offer(order("A1"))
    shop.poll()
    for status in (Status.IN_PROCESS, Status.READY_FOR_PICKUP):
        shop.set("A1", status)
    day = Day(shop, beats=50, beat=3600.0)

    day.run()

    said = "Order A1 was not picked up in time; the connection's policy closed it as a no-show."
    assert [("web", said)] == [
        (event.connection, event.words.en) for event in day.events if event.what == "policy"
    ]
    assert Status.COMPLETED is shop.status("A1")
