"""What nobody picks up in time is closed by the connection's policy, or left to staff with a message."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from orders import PUMP, line, order, won
from tillbridge.db import tables
from tillbridge.guided import Doing
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.errors import Retryable
from tillbridge.model.messages import Cause
from tillbridge.model.money import Money
from tillbridge.model.orders import OrderKind, Standing, Tender, TenderKind
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, Status
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import SaleState
from tillbridge.pos.details import Payment, PaymentKind

STAFF = Signature("지은")
DAY = 24 * 3600.0
TOTAL = Money(50_000, "KRW")
DEPOSIT = Payment(kind=PaymentKind.CASH, amount=Money(5_000, "KRW"))
pytestmark = pytest.mark.row("S22")


def rules(till, **values):
    """Let the connection have these rules."""
    with till.engine.context.database.write("test") as database:
        database.execute(update(tables.connections).values(values))


@pytest.fixture
def waiting(till):
    """A reservation, A1, that waits for its customer until tomorrow; a no-show two days later."""
    rules(till, no_show_days=2)
    till.webstore.offer(order("A1"))
    till.engine.poll()
    do(till, Act.RESERVE)
    do(till, Act.READY, pick_up_until=till.clock.now() + timedelta(days=1))
    return till


def do(till, act, **more):
    return till.engine.act(1, Doing(act=act, **more), STAFF)


def pass_days(till, days):
    till.clock.advance(days * DAY)
    return till.engine.expire_pick_ups()


def finish(till):
    """Let the outbox and the till come to their end."""
    till.engine.deliver()
    till.engine.follow_till()
    return till.engine.order("A1")


def causes(till):
    return {one.cause for one in till.engine.messages()} - {Cause.HOURS_UNKNOWN}  # it has tests of its own


def told(till):
    """What the timeline has of the policy."""
    return [(one.what, one.words.en) for one in till.engine.timeline(1) if one.who == "policy"]


def test_a_no_show_is_done_with_all_that_belongs_to_it(waiting):
    before = waiting.on_hand(waiting.helmet)

    (one,) = pass_days(waiting, 3)
    found = finish(waiting)

    assert ("A1", None) == (one.number, one.left)
    assert (Status.COMPLETED, Resolution.NOT_PICKED_UP) == (found.status, found.handover.resolution)
    sale = waiting.engine.sale(1)
    assert (before + 1, SaleState.CLOSED_EMPTY) == (waiting.on_hand(waiting.helmet), sale.facts.state)
    assert [(0, "web")] == [(one.payment.amount.minor, one.payment.card_type) for one in sale.payments]
    assert [
        ("no-show", "no-show: 기한 내 미수령 (not picked up in time)"),
        ("complete", "The sale is finished: not picked up."),
    ] == told(waiting)


def test_until_its_days_are_over_it_is_a_reminder_only(waiting):
    assert [] == pass_days(waiting, 2.9)
    assert Status.READY_FOR_PICKUP is waiting.engine.order("A1").status
    assert Cause.NOT_PICKED_UP in causes(waiting)


def test_a_connection_without_a_policy_asks_staff(waiting):
    rules(waiting, no_show_days=None)

    assert [] == pass_days(waiting, 100)
    assert {Cause.NOT_PICKED_UP} == causes(waiting)


def test_it_runs_with_the_other_things_that_are_due(waiting):
    waiting.clock.advance(3 * DAY)
    waiting.engine.tick()
    waiting.engine.tick()

    assert Status.COMPLETED is waiting.engine.order("A1").status


def test_nothing_is_decided_twice(waiting):
    pass_days(waiting, 3)

    assert [] == waiting.engine.expire_pick_ups()
    finish(waiting)
    assert [] == waiting.engine.expire_pick_ups()
    assert 1 == sum(what == "no-show" for what, _ in told(waiting))


def test_a_later_date_given_by_staff_counts(waiting):
    waiting.clock.advance(2 * DAY)
    with waiting.engine.context.database.write("test") as database:
        later = waiting.clock.now() + timedelta(days=5)
        database.execute(update(tables.orders).values(pick_up_until=later))

    assert [] == pass_days(waiting, 3)


@pytest.mark.row("S29")
def test_a_customer_whom_somebody_spoke_to_has_the_days_anew(waiting):
    waiting.clock.advance(2 * DAY)
    waiting.engine.contact(1, NewContact(channel=Channel.CALL, outcome=Outcome.REACHED), STAFF)

    assert [] == pass_days(waiting, 1.5)
    assert [None] == [one.left for one in pass_days(waiting, 1)]


@pytest.mark.row("S28")
def test_an_order_with_a_deposit_stays_and_a_message_says_so(waiting):
    waiting.engine.pay(1, DEPOSIT, STAFF)

    (one,) = pass_days(waiting, 3)

    assert "money was taken for it here" == one.left.en
    assert [
        ("no-show left to staff", "Not picked up in time, and not closed by itself: " + one.left.en)
    ] == told(waiting)
    assert Status.READY_FOR_PICKUP is finish(waiting).status
    assert [5_000] == [one.payment.amount.minor for one in waiting.engine.sale(1).payments]
    assert {Cause.NO_SHOW_LEFT} == causes(waiting)
    assert [] == pass_days(waiting, 10)


@pytest.mark.row("S28")
def test_what_was_left_to_staff_is_looked_at_again_by_another_date(waiting):
    waiting.engine.pay(1, DEPOSIT, STAFF)
    pass_days(waiting, 3)
    with waiting.engine.context.database.write("test") as database:
        database.execute(update(tables.orders).values(pick_up_until=waiting.clock.now()))

    assert ["money was taken for it here"] == [one.left.en for one in pass_days(waiting, 3)]


@pytest.mark.row("S28")
def test_a_deposit_that_is_paid_at_that_moment_is_not_handed_back(waiting, monkeypatch):
    """Between the policy's look and what it does to the sale, somebody pays."""
    change = waiting.pos.change_sales
    pass_days(waiting, 3)

    def first_paid(changes):
        monkeypatch.setattr(waiting.pos, "change_sales", change)
        waiting.pos.change_sales([paying(changes[0])])
        return change(changes)

    monkeypatch.setattr(waiting.pos, "change_sales", first_paid)
    found = finish(waiting)

    sale = waiting.engine.sale(1)
    assert (Status.READY_FOR_PICKUP, SaleState.OPEN) == (found.status, sale.facts.state)
    assert [5_000] == [one.payment.amount.minor for one in sale.payments]


def paying(beside):
    """A payment at the till for the sale that another change is about."""
    from tillbridge.pos.contract import SaleAction, SaleChange  # noqa: PLC0415  # only this stand-in needs them

    return SaleChange("at the till", beside.attempt, SaleAction.PAY, "", DEPOSIT)


@pytest.mark.row("S23")
def test_a_paid_order_stays_with_staff(waiting):
    card = Tender(kind=TenderKind.CARD, amount=TOTAL)
    paid = order("A1", kind=OrderKind.BOPIS, paid=True, tenders=(card,)).model_dump_json()
    with waiting.engine.context.database.write("test") as database:
        database.execute(text("UPDATE order_versions SET document = :paid"), {"paid": paid})

    (one,) = pass_days(waiting, 3)

    assert "it was paid online" == one.left.en


def test_a_clerk_who_acts_at_that_moment_is_never_overruled(waiting, monkeypatch):
    """Between the policy's look and its act, the goods are handed over."""
    sale = waiting.pos.sale

    def hand_over(code):
        monkeypatch.setattr(waiting.pos, "sale", sale)
        seen = sale(code)
        cash = Payment(kind=PaymentKind.CASH, amount=TOTAL)
        do(waiting, Act.PICK_UP, payments=(cash,))
        return seen

    waiting.clock.advance(3 * DAY)
    monkeypatch.setattr(waiting.pos, "sale", hand_over)

    assert [] == waiting.engine.expire_pick_ups()
    assert Resolution.PICKED_UP is finish(waiting).handover.resolution
    assert [] == told(waiting)


def test_of_two_workers_one_acts(shop):
    """The second looks while the first one's act is under way."""
    rules(shop, pick_up_days=1, no_show_days=1)
    shop.webstore.offer(order("A1"))
    shop.poll()
    for status in (Status.IN_PROCESS, Status.READY_FOR_PICKUP):
        shop.set("A1", status)
    shop.clock.advance(3 * DAY)

    with shop.another() as other:
        done = [*shop.engine.expire_pick_ups(), *other.expire_pick_ups()]
        shop.engine.tick()
        done += other.expire_pick_ups()

    assert [("A1", None)] == [(one.number, one.left) for one in done]
    assert (Status.COMPLETED, 10) == (shop.status("A1"), shop.on_hand("P1"))


@pytest.fixture
def two(waiting):
    """The same with another one, A2, that waits as long."""
    waiting.webstore.offer(order("A2"))
    waiting.engine.poll()
    for doing in (Doing(act=Act.RESERVE), Doing(act=Act.READY, pick_up_until=now_and(waiting, days=1))):
        waiting.engine.act(2, doing, STAFF)
    return waiting


def now_and(till, **more):
    return till.clock.now() + timedelta(**more)


def lefts(found):
    return {one.number: one.left.en if one.left else None for one in found}


@pytest.mark.row("S28")
def test_a_sale_that_the_pos_cannot_show_holds_up_no_other(two, monkeypatch):
    broken, sale = two.engine.sale(1).facts.sale_id, two.pos.sale

    def show(code):
        if code == broken:
            raise RuntimeError("a damaged row")
        return sale(code)

    monkeypatch.setattr(two.pos, "sale", show)

    expected = {"A1": "the point of sale does not show whether money was taken", "A2": None}
    assert expected == lefts(pass_days(two, 3))
    assert [] == two.engine.expire_pick_ups()


def test_an_order_of_which_the_pos_has_something_to_do_is_looked_at_once_that_is_done(till):
    def busy(point):
        if point == "before pos change_sales":
            raise Retryable("busy")

    rules(till, no_show_days=0)
    till.webstore.offer(order("A1"))
    till.engine.poll()
    till.at_point = busy
    do(till, Act.RESERVE)
    do(till, Act.READY, pick_up_until=now_and(till, days=1))
    assert [] == pass_days(till, 2)

    till.at_point = lambda _: None
    till.engine.deliver()
    assert {"A1": None} == lefts(till.engine.expire_pick_ups())


def test_while_the_pos_answers_nobody_nothing_is_left_to_staff(two, monkeypatch):
    def away(*_):
        raise RuntimeError("away")

    with monkeypatch.context() as outage:
        outage.setattr(two.pos, "sale", away)
        outage.setattr(two.pos, "stores", away)
        assert [] == pass_days(two, 3)

    assert {"A1": None, "A2": None} == lefts(two.engine.expire_pick_ups())


def test_one_orders_fault_stops_no_other_and_is_logged_once(two, caplog):
    with two.engine.context.database.write("test") as database:
        database.execute(text("UPDATE orders SET line_states = 'damaged' WHERE id = 1"))

    assert {"A2": None} == lefts(pass_days(two, 3))
    assert [] == two.engine.expire_pick_ups()
    assert ["order 1 is a no-show, and cannot be closed"] == [
        one.getMessage() for one in caplog.records if one.levelname == "WARNING"
    ]


def test_a_connection_whose_plugin_is_not_there_waits_for_it(waiting, monkeypatch):
    with monkeypatch.context() as lost:
        lost.setattr(waiting.engine.context.plugins, "providers", {})
        assert [] == pass_days(waiting, 3)
        waiting.engine.tick()

    assert {"A1": None} == lefts(waiting.engine.expire_pick_ups())


def test_an_order_is_completed_though_its_plugin_is_not_there_any_more(waiting, monkeypatch):
    pass_days(waiting, 3)
    waiting.engine.deliver()
    monkeypatch.setattr(waiting.engine.context.plugins, "providers", {})

    assert 1 == waiting.engine.follow_till()
    assert Status.COMPLETED is waiting.engine.order("A1").status


@pytest.mark.parametrize("part", ["watch_deadlines", "expire_pick_ups"])
def test_what_is_decided_is_delivered_though_a_policy_fails(waiting, monkeypatch, part):
    def fail():
        raise RuntimeError("unexpected")

    monkeypatch.setattr(waiting.engine, part, fail)
    waiting.engine.tick()

    assert ["accepted", "ready"] == [one.said.value for one in waiting.webstore.told]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"standing": Standing.FULFILLED}, "the webstore does not wait for it any more"),
        ({"standing": Standing.CANCELLED}, "the webstore does not wait for it any more"),
        ({"lines": (line(price=45_000),), "total": won(45_000)}, "the webstore changed it after its sale"),
    ],
)
def test_an_order_that_the_webstore_changed_stays_with_staff(waiting, changed, why):
    waiting.engine.deliver()
    waiting.clock.advance(3600.0)
    waiting.webstore.offer(order("A1").model_copy(update=changed))
    waiting.engine.poll()

    assert {"A1": why} == lefts(pass_days(waiting, 3))


def test_an_order_that_cannot_be_read_stays_with_staff(waiting):
    with waiting.engine.context.database.write("test") as database:
        database.execute(text("UPDATE order_versions SET document = '{}'"))

    assert {"A1": "what the webstore sent cannot be read"} == lefts(pass_days(waiting, 3))


def test_an_order_that_was_never_ready_is_left_alone(till):
    """One of its two items was made ready, with a date."""
    rules(till, no_show_days=0)
    till.webstore.offer(order("A1", line("h"), line("p", gtin=PUMP)))
    till.engine.poll()
    do(till, Act.RESERVE)
    do(till, Act.READY, line_ids=("h",), pick_up_until=till.clock.now() + timedelta(days=3))

    assert [] == pass_days(till, 4)
    assert Status.IN_PROCESS is finish(till).status


class TestTheDate:
    @pytest.fixture
    def reserved(self, till):
        rules(till, pick_up_days=7)
        till.webstore.offer(order("A1"))
        till.engine.poll()
        do(till, Act.RESERVE)
        return till

    def until(self, till):
        return till.engine.order("A1").handover.pick_up_until

    def test_goods_that_are_ready_wait_by_the_connections_rule(self, reserved):
        assert "It waits for its customer for 7 days." in [
            one.en for one in reserved.engine.preview_act(1, Doing(act=Act.READY)).consequences
        ]
        do(reserved, Act.READY)

        assert reserved.clock.now() + timedelta(days=7) == self.until(reserved)
        assert "ready for pickup (to be picked up within 7 days)" == reserved.engine.timeline(1)[-1].words.en

    def test_so_they_do_where_the_status_is_set(self, reserved):
        reserved.engine.set_status(1, Status.READY_FOR_PICKUP, STAFF)

        assert reserved.clock.now() + timedelta(days=7) == self.until(reserved)

    def test_a_date_that_staff_say_counts(self, reserved):
        soon = reserved.clock.now() + timedelta(days=2)
        do(reserved, Act.READY, pick_up_until=soon)

        assert soon == self.until(reserved)

    def test_undoing_takes_the_date_back(self, reserved):
        rules(reserved, no_show_days=0)
        do(reserved, Act.READY)
        reserved.engine.undo(1, STAFF)

        assert self.until(reserved) is None
        assert [] == pass_days(reserved, 8)
        do(reserved, Act.READY)
        assert reserved.clock.now() + timedelta(days=7) == self.until(reserved)

    def test_undoing_brings_an_earlier_date_back(self, till):
        till.webstore.offer(order("A1", line("h"), line("p", gtin=PUMP)))
        till.engine.poll()
        do(till, Act.RESERVE)
        first, second = (till.clock.now() + timedelta(days=days) for days in (2, 5))
        do(till, Act.READY, line_ids=("h",), pick_up_until=first, holding_place="A-3")
        do(till, Act.READY, pick_up_until=second, holding_place="B-1")
        till.engine.undo(1, STAFF)

        handover = till.engine.order("A1").handover
        assert (first, "A-3") == (handover.pick_up_until, handover.holding_place)

    def test_without_a_rule_there_is_no_date(self, reserved):
        rules(reserved, pick_up_days=0)
        do(reserved, Act.READY)

        assert self.until(reserved) is None
