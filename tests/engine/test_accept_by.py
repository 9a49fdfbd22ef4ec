"""By when an order must be answered: counted once, shown, told of, and acted upon by policy."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from orders import PLACED, line, order
from shop import SEOUL, STAFF
from tillbridge import fulfilment
from tillbridge.db import tables
from tillbridge.model.deadlines import Policy, Stage
from tillbridge.model.errors import InputError, NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.hours import Hours
from tillbridge.model.orders import Standing
from tillbridge.model.status import Status
from tillbridge.model.words import Words
from tillbridge.pos.guarded import PosAway

HOUR = 3600.0
# Orders are placed at 10:00 in Seoul, and the tests' clock stands at noon.
DUE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
pytestmark = pytest.mark.row("S17")


def keep(shop, week):
    """Let the shop's store have these hours, or unknown ones."""
    hours = Hours(week=week) if week else None
    shop.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": hours})]


def sell(shop, order_id="A1", **more):
    shop.webstore.offer(order(order_id, **more))
    shop.poll()


def demand(shop, **values):
    """Let the shop's connection say this of by when orders are to be answered."""
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.connections).values(values))


def told(shop, what, order_id="A1"):
    """What the timeline says of one kind of event."""
    entries = shop.engine.timeline(shop.engine.order(order_id).id)
    return [(one.who, one.words.en) for one in entries if one.what == what]


@pytest.fixture
def open_shop(shop):
    """A shop that is open from ten to eight."""
    keep(shop, "Mo-Sa 10:00-20:00")
    return shop


class TestCounting:
    def test_an_order_is_due_four_business_hours_after_it_was_placed(self, open_shop):
        sell(open_shop)
        due = open_shop.engine.order("A1").due
        assert (DUE, timedelta(hours=2), Stage.HALF) == (due.at, due.left, due.stage)
        assert "Mo-Sa 10:00-20:00" == due.by.hours

    def test_an_order_that_still_lacks_its_product_is_due_all_the_same(self, open_shop):
        open_shop.webstore.offer(order("A1", line("1", gtin="00605284574539")))
        open_shop.poll()
        assert Status.PRODUCT_MATCH_FAILED is open_shop.status("A1")
        assert DUE == open_shop.engine.order("A1").due.at

    def test_a_decided_order_is_not_due_any_more(self, open_shop):
        sell(open_shop)
        open_shop.set("A1", Status.IN_PROCESS)
        assert open_shop.engine.order("A1").due is None

    def test_an_undone_decision_brings_the_same_due_time_back(self, open_shop):
        sell(open_shop)
        open_shop.set("A1", Status.IN_PROCESS)
        open_shop.engine.undo(open_shop.engine.order("A1").id, STAFF)
        assert DUE == open_shop.engine.order("A1").due.at

    def test_an_order_that_the_webstore_cancels_is_not_due_any_more(self, open_shop):
        sell(open_shop)
        open_shop.clock.advance(60)
        sell(open_shop, standing=Standing.CANCELLED)
        assert open_shop.engine.order("A1").due is None

    def test_an_order_that_waited_for_its_payment_is_due_from_when_it_is_open(self, open_shop):
        sell(open_shop, standing=Standing.UNPAID)
        assert open_shop.engine.order("A1").due is None
        open_shop.clock.advance(HOUR)
        sell(open_shop)
        assert datetime(2026, 3, 2, 8, 0, tzinfo=UTC) == open_shop.engine.order("A1").due.at

    def test_a_newer_version_does_not_move_it(self, open_shop):
        unknown = line("1", gtin="00605284574539")
        open_shop.webstore.offer(order("A1", unknown))
        open_shop.poll()
        open_shop.clock.advance(HOUR)
        open_shop.webstore.offer(order("A1", unknown, line("2", gtin="00605284574539")))
        open_shop.poll()
        assert DUE == open_shop.engine.order("A1").due.at

    def test_a_connection_has_its_own_number_of_hours(self, open_shop):
        demand(open_shop, accept_minutes=90)
        sell(open_shop)
        assert PLACED + timedelta(minutes=90) == open_shop.engine.order("A1").due.at

    def test_a_connection_without_a_limit_has_no_due_times(self, open_shop):
        demand(open_shop, accept_minutes=0)
        sell(open_shop)
        found = open_shop.engine.order("A1")
        assert (None, None) == (found.due, open_shop.engine.why_no_deadline(found.id))


class TestUnknownHours:
    def test_nothing_is_made_up_and_the_order_says_why(self, shop):
        sell(shop)
        found = shop.engine.order("A1")
        assert found.due is None
        assert "business hours of seoul are not known" in shop.engine.why_no_deadline(found.id).en

    def test_the_orders_that_wait_are_counted_once_the_hours_are_known(self, shop):
        sell(shop)
        keep(shop, "Mo-Sa 10:00-20:00")
        (one,) = shop.engine.watch_deadlines()
        assert DUE == one.due.at
        assert DUE == shop.engine.order("A1").due.at

    def test_a_host_whose_shop_never_opens_has_no_due_times_and_no_endless_loop(self, shop):
        keep(shop, "off")
        sell(shop)
        found = shop.engine.order("A1")
        assert [] == shop.engine.watch_deadlines()
        assert "not open as long within a year" in shop.engine.why_no_deadline(found.id).en

    def test_a_shop_that_never_opens_is_refused_when_it_is_connected(self, shop):
        keep(shop, "2020 Jan 01-2020 Dec 31 10:00-18:00")
        with pytest.raises(InputError, match="does not open within a year"):
            shop.connect(name="other", settings={"shop": "s2"})


class TestChangedHours:
    @pytest.fixture
    def later(self, open_shop):
        """A shop that opens at noon since an order came in."""
        sell(open_shop)
        keep(open_shop, "Mo-Sa 12:00-20:00")
        return open_shop

    def test_the_due_time_stays_and_what_it_would_be_is_said_when_it_is_asked_for(self, later):
        before = later.engine.timeline(1)
        later.engine.watch_deadlines()
        assert DUE == later.engine.order("A1").due.at
        (one,) = later.engine.kept_deadlines(order_id=1)
        assert "By the store's hours as they are now it would be: 2 Mar 16:00." in one.words.en
        assert before == later.engine.timeline(1)

    def test_hours_that_change_nothing_of_it_are_not_told(self, open_shop):
        sell(open_shop)
        keep(open_shop, "Mo-Fr 10:00-20:00")
        assert [] == open_shop.engine.kept_deadlines(store="seoul")
        open_shop.engine.recount_deadline(1, STAFF)
        assert [] == told(open_shop, "due time counted anew")

    def test_a_shop_that_does_not_open_any_more_is_said(self, open_shop):
        sell(open_shop)
        keep(open_shop, "off")
        (one,) = open_shop.engine.kept_deadlines()
        assert (None, "it would be: none." in one.words.en) == (one.other, True)

    def test_it_is_counted_anew_on_request_signed_with_before_and_after(self, later):
        later.engine.recount_deadline(later.engine.order("A1").id, STAFF)
        assert datetime(2026, 3, 2, 7, 0, tzinfo=UTC) == later.engine.order("A1").due.at
        expected = ("지은", "The due time was 2 Mar 14:00 and is 2 Mar 16:00 now (Mo-Sa 12:00-20:00).")
        assert [expected] == told(later, "due time counted anew")
        assert [] == later.engine.kept_deadlines()

    def test_all_of_a_store_are_counted_anew_at_once(self, later):
        sell(later, "A2")  # after the change: by the hours of now
        (one,) = later.engine.recount_deadlines("seoul", STAFF)

        at = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
        assert ("A1", DUE, at) == (one.number, one.before, one.after)
        assert at == later.engine.order("A1").due.at
        assert [] == later.engine.recount_deadlines("seoul", STAFF)

    def test_a_decided_order_is_not_among_them(self, later):
        later.set("A1", Status.IN_PROCESS)

        assert [] == later.engine.recount_deadlines("seoul", STAFF)

    def test_a_decided_order_is_not_counted_anew(self, later):
        later.set("A1", Status.IN_PROCESS)
        with pytest.raises(NotAllowed, match="does not wait for an answer"):
            later.engine.recount_deadline(later.engine.order("A1").id, STAFF)


class TestPolicies:
    @staticmethod
    def with_policy(shop, policy):
        keep(shop, "Mo-Sa 10:00-20:00")
        demand(shop, overdue=policy.value)
        sell(shop)

    @pytest.mark.parametrize(
        ("policy", "status", "decision", "said"),
        [
            (Policy.ACCEPT, Status.IN_PROCESS, Decision.ACCEPTED, "accept"),
            (Policy.REJECT, Status.REJECTED, Decision.REJECTED, "reject"),
        ],
    )
    def test_what_is_overdue_is_decided_once_told_and_signed_by_the_policy(
        self, shop, policy, status, decision, said
    ):
        self.with_policy(shop, policy)
        shop.clock.advance(2 * HOUR - 1)
        shop.engine.tick()
        assert shop.engine.order("A1").decision is None
        shop.clock.advance(1)
        (one,) = shop.engine.watch_deadlines()
        shop.engine.tick()
        assert (decision, status) == (one.decided, shop.status("A1"))
        assert [decision] == [delivery.said for delivery in shop.webstore.told]
        assert [("policy", f"{said}: 기한 내 미응답 (not answered in time)")] == told(shop, said)

    def test_without_a_policy_it_stays_overdue_and_is_shown(self, shop):
        self.with_policy(shop, Policy.NOTHING)
        shop.clock.advance(5 * HOUR)
        shop.engine.tick()
        found = shop.engine.order("A1")
        assert (None, Stage.OVERDUE) == (found.decision, found.due.stage)
        assert ("overdue for 3 hours", "기한 3시간 지남") == (found.due.words.en, found.due.words.ko)

    def test_what_came_in_overdue_is_left_to_people(self, shop):
        keep(shop, "Mo-Sa 10:00-20:00")
        demand(shop, overdue=Policy.REJECT.value)
        shop.clock.advance(5 * HOUR)
        sell(shop)
        shop.engine.tick()
        found = shop.engine.order("A1")
        assert (None, Stage.OVERDUE) == (found.decision, found.due.stage)

    def test_a_clerk_who_decides_at_the_same_moment_is_never_overruled(self, shop, monkeypatch):
        """Between the policy's look and its act, the order is accepted."""
        self.with_policy(shop, Policy.REJECT)
        shop.clock.advance(3 * HOUR)
        decide = fulfilment.decide_undecided

        def accept_first(*given):
            shop.set("A1", Status.IN_PROCESS)
            return decide(*given)

        monkeypatch.setattr(fulfilment, "decide_undecided", accept_first)
        (one,) = shop.engine.watch_deadlines()
        assert (None, Decision.ACCEPTED) == (one.decided, shop.engine.order("A1").decision)

    def test_of_two_workers_one_acts(self, shop):
        self.with_policy(shop, Policy.REJECT)
        shop.clock.advance(3 * HOUR)
        with shop.another() as other:
            decided = [one.decided for engine in (shop.engine, other) for one in engine.watch_deadlines()]
        assert [Decision.REJECTED] == [one for one in decided if one]
        assert 1 == len(told(shop, "reject"))


def test_while_the_point_of_sale_is_away_nothing_is_watched_and_nothing_breaks(open_shop, monkeypatch):
    sell(open_shop)
    monkeypatch.setattr(type(open_shop.engine.context.pos), "stores", away)
    assert [] == open_shop.engine.watch_deadlines()


def away(_self):
    raise PosAway(Words.of("away"))


def test_deciding_what_is_undecided_leaves_a_decided_order_alone(open_shop):
    sell(open_shop)
    open_shop.set("A1", Status.IN_PROCESS)
    number = open_shop.engine.order("A1").id
    with pytest.raises(NotAllowed, match="decided already"):
        fulfilment.decide_undecided(open_shop.engine.context, number, Status.REJECTED, STAFF)
    assert Decision.ACCEPTED is open_shop.engine.order("A1").decision
