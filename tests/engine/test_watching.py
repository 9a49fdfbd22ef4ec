"""A beat looks at the due times that come to their next stage, and at no others."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from orders import order
from shop import SEOUL, STAFF
from tillbridge import fulfilment
from tillbridge.db import tables
from tillbridge.model.deadlines import Policy, Stage
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.hours import Hours
from tillbridge.model.status import Status
from tillbridge.model.words import Words
from tillbridge.orders.accept_by import AcceptBy

MINUTE = 60.0
HOUR = 3600.0
pytestmark = pytest.mark.row("S17")


@pytest.fixture
def busy(shop):
    """A shop with twenty orders that came at noon and are due at four."""
    shop.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})]
    shop.webstore.page_size = 1000
    offer(shop, *(f"A{number}" for number in range(20)))
    return shop


def offer(shop, *names):
    for name in names:
        shop.webstore.offer(order(name, placed_at=shop.clock.now()))
    shop.poll()


@pytest.fixture
def read(monkeypatch):
    """How many due times were read."""
    count, reads = [0], AcceptBy.read

    def counted(kept):
        count[0] += 1
        return reads(kept)

    monkeypatch.setattr(AcceptBy, "read", counted)
    return count


def look(shop):
    return [(one.number, one.due.stage) for one in shop.engine.watch_deadlines()]


def demand(shop, **values):
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.connections).values(values))


def test_between_two_stages_a_beat_reads_no_due_time(busy, read):
    assert 20 == len(look(busy))
    read[0] = 0

    for _ in range(3):
        busy.clock.advance(30 * MINUTE)
        assert [] == look(busy)

    assert 0 == read[0]


def test_at_each_stage_every_order_is_seen_once(busy):
    look(busy)
    offer(busy, "B1")
    seen = []

    for _ in range(25):
        busy.clock.advance(10 * MINUTE)
        seen += [stage for number, stage in look(busy) if number == "A7"]

    assert [Stage.HALF, Stage.THREE_QUARTERS, Stage.LAST_MINUTES, Stage.OVERDUE] == seen


def test_a_new_order_is_looked_at_with_the_next_beat_and_the_others_are_not(busy):
    look(busy)
    busy.clock.advance(MINUTE)
    offer(busy, "B1")

    assert [("B1", Stage.RUNNING)] == look(busy)


def test_with_other_hours_all_are_looked_at_once(busy):
    look(busy)
    busy.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 12:00-20:00")})]

    assert [20, 0] == [len(look(busy)), len(look(busy))]


def test_a_program_that_starts_looks_at_all_once(busy):
    look(busy)

    with busy.another() as other:
        assert [20, 0] == [len(other.watch_deadlines()), len(other.watch_deadlines())]


def test_a_policy_that_is_chosen_later_takes_up_what_is_overdue(busy):
    look(busy)
    busy.clock.advance(5 * HOUR)
    look(busy)
    assert [] == look(busy)

    demand(busy, overdue=Policy.REJECT.value)

    assert [Decision.REJECTED] * 20 == [one.decided for one in busy.engine.watch_deadlines()]


def test_a_policy_that_cannot_act_yet_tries_again(busy, monkeypatch):
    demand(busy, overdue=Policy.ACCEPT.value)
    look(busy)

    def refuses(*_):
        raise NotAllowed(Words("Not now.", "지금은 안 됩니다."))

    with monkeypatch.context() as patched:
        patched.setattr("tillbridge.fulfilment.decide_undecided", refuses)
        busy.clock.advance(4 * HOUR)
        assert {None} == {one.decided for one in busy.engine.watch_deadlines()}
    busy.clock.advance(MINUTE)

    assert {Decision.ACCEPTED} == {one.decided for one in busy.engine.watch_deadlines()}


def test_what_staff_take_back_of_a_policy_is_theirs_to_decide(busy):
    demand(busy, overdue=Policy.ACCEPT.value)
    look(busy)
    busy.clock.advance(4 * HOUR)
    look(busy)

    busy.engine.undo(busy.engine.order("A3").id, STAFF)
    busy.clock.advance(HOUR)
    look(busy)

    assert (None, Status.NEW) == (busy.engine.order("A3").decision, busy.status("A3"))


def test_so_it_is_when_the_program_starts_again(busy):
    demand(busy, overdue=Policy.REJECT.value)
    look(busy)
    busy.clock.advance(4 * HOUR)
    look(busy)
    busy.engine.undo(busy.engine.order("A3").id, STAFF)

    with busy.another() as other:
        assert [("A3", None)] == [(one.number, one.decided) for one in other.watch_deadlines()]
    assert Status.NEW is busy.status("A3")


def test_a_due_time_that_is_counted_anew_is_looked_at_by_its_new_stages(busy):
    look(busy)
    busy.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 14:00-20:00")})]
    look(busy)
    busy.engine.recount_deadline(busy.engine.order("A3").id, STAFF)
    look(busy)

    busy.clock.advance(timedelta(hours=4).total_seconds())

    assert ("A3", Stage.HALF) in look(busy)


def test_one_orders_fault_stops_no_other_orders_policy(busy, monkeypatch):
    decide = fulfilment.decide_undecided

    def decide_or_fail(context, order_id, *rest):
        if order_id == 3:
            raise RuntimeError("unexpected")
        return decide(context, order_id, *rest)

    monkeypatch.setattr(fulfilment, "decide_undecided", decide_or_fail)
    demand(busy, overdue=Policy.ACCEPT)
    busy.clock.advance(5 * HOUR)

    decided = [one.order_id for one in busy.engine.watch_deadlines() if one.decided]
    assert 19 == len(decided)
    assert 3 not in decided
    monkeypatch.undo()
    busy.clock.advance(2 * MINUTE)
    assert [3] == [one.order_id for one in busy.engine.watch_deadlines() if one.decided]


def test_a_policy_waits_for_a_plugin_that_is_not_there(busy, monkeypatch):
    demand(busy, overdue=Policy.ACCEPT)
    busy.clock.advance(5 * HOUR)
    with monkeypatch.context() as lost:
        lost.setattr(busy.engine.context.plugins, "providers", {})
        assert {None} == {one.decided for one in busy.engine.watch_deadlines()}

    busy.clock.advance(2 * MINUTE)
    assert 20 == sum(one.decided is Decision.ACCEPTED for one in busy.engine.watch_deadlines())
