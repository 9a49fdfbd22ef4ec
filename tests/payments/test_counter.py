"""The counter and the payment service: what is held is taken, released or given back, once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from orders import HELMET, line, order, won
from payments.counters import WHY, Counter
from shop import STAFF
from tillbridge.model.errors import NotAllowed, Rejected, Retryable
from tillbridge.model.messages import Cause
from tillbridge.model.orders import Standing, Tender, TenderKind
from tillbridge.model.payments import Capture, WebPaymentState
from tillbridge.model.status import Act, PaymentState, Status
from tillbridge.model.words import Words
from tillbridge.pos.details import ItemPick, Payment, PaymentKind, Return, ReturnedItem

AWAY = Words("The service is away.", "결제 서비스에 연결할 수 없습니다.")


@pytest.fixture
def shop(database_url: str, clock) -> Iterator[Counter]:
    """A1 was bought for 70,000, which is held; it is taken once the order is accepted."""
    made = Counter(database_url, clock)
    made.bought()
    yield made
    made.close()


@pytest.fixture
def later(sqlite_url: str, clock) -> Iterator[Counter]:
    """The same, taken at pick-up."""
    made = Counter(sqlite_url, clock, capture=Capture.PICK_UP)
    made.bought()
    yield made
    made.close()


def away(shop: Counter, call: str, error: Exception | None = None, *, lost: bool = False) -> None:
    """Let the next such call fail before it is done, or lose its answer."""

    def fail(name: str) -> None:
        if name == call:
            shop.service.before = shop.service.after = lambda _: None
            raise error or Retryable(AWAY)

    if lost:
        shop.service.after = fail
    else:
        shop.service.before = fail


def test_what_is_held_is_known_as_soon_as_the_order_is(shop):
    assert PaymentState.HELD is shop.engine.payment(1)
    (payment,) = shop.engine.web_payments(1)
    assert ("pi_1", WebPaymentState.HELD, won(70_000)) == (payment.id, payment.state, payment.authorised)


@pytest.mark.row("S23")
def test_it_is_taken_at_acceptance(shop):
    assert "₩70,000 that is held is taken" in shop.said(Act.ACCEPT)

    shop.do(Act.ACCEPT)
    shop.beat()

    assert ("captured", 70_000, 0) == shop.paid()
    assert PaymentState.CHARGED is shop.engine.payment(1)


@pytest.mark.row("S23")
def test_it_is_noted_on_the_sale_once_at_pick_up_as_stripe(shop):
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.do(Act.PICK_UP)
    shop.beat()

    assert [(70_000, "Stripe", "pi_1")] == shop.noted()
    assert Status.COMPLETED is shop.engine.order("A1").status
    assert PaymentState.RECORDED is shop.engine.payment(1)
    assert shop.engine.payment_difference(1) is None


@pytest.mark.row("S23")
def test_it_is_taken_at_pick_up_where_the_connection_says_so(later):
    later.do(Act.ACCEPT)
    later.beat()
    assert ("held", 0, 0) == later.paid()

    later.do(Act.PICK_UP)

    assert ("captured", 70_000, 0) == later.paid()
    assert [(70_000, "Stripe", "pi_1")] == later.noted()
    assert Status.COMPLETED is later.engine.order("A1").status


def test_goods_are_not_handed_over_that_could_not_be_charged(later):
    later.do(Act.ACCEPT)
    away(later, "capture_payment", Rejected(Words("Declined.", "거절되었습니다.")))

    with pytest.raises(NotAllowed, match="not to be handed over: Declined"):
        later.do(Act.PICK_UP)

    assert Status.IN_PROCESS is later.engine.order("A1").status
    assert Cause.PAYMENT_NOT_DONE in later.causes()


def test_a_service_that_is_away_at_pick_up_is_waited_for(later):
    later.do(Act.ACCEPT)
    away(later, "capture_payment")

    with pytest.raises(NotAllowed, match="not known yet whether"):
        later.do(Act.PICK_UP)
    later.beat(60)
    later.do(Act.PICK_UP)

    assert ("captured", 70_000, 0) == later.paid()
    assert Status.COMPLETED is later.engine.order("A1").status


def test_who_pays_here_after_all_is_not_charged_as_well(later):
    later.do(Act.ACCEPT)
    cash = Payment(kind=PaymentKind.CASH, amount=won(70_000))
    assert "is released; nothing is charged" in later.said(Act.PICK_UP, payments=(cash,))

    later.do(Act.PICK_UP, payments=(cash,))
    later.beat()

    assert ("released", 0, 0) == later.paid()
    assert [] == later.noted()


@pytest.mark.row("S20")
def test_cancelling_releases_the_hold_and_says_so_first(shop):
    assert "The hold of ₩70,000 on the card is released; nothing is charged." in shop.said(Act.CANCEL)

    shop.do(Act.CANCEL)
    shop.beat()

    assert ("released", 0, 0) == shop.paid()
    assert [(0, "Stripe", "")] == shop.noted()
    assert PaymentState.RELEASED is shop.engine.payment(1)
    assert Cause.REFUND not in shop.causes()


@pytest.mark.row("S20")
def test_cancelling_what_was_taken_refunds_it_and_says_for_how_long_first(shop):
    shop.do(Act.ACCEPT)
    shop.beat()
    assert "₩70,000 was taken already: it is refunded" in shop.said(Act.CANCEL)
    assert "two weeks" in shop.said(Act.CANCEL)

    shop.do(Act.CANCEL)
    shop.beat()

    assert ("captured", 70_000, 70_000) == shop.paid()
    assert [(0, "Stripe", "")] == shop.noted()
    assert PaymentState.REFUNDED is shop.engine.payment(1)
    assert Cause.REFUND not in shop.causes()


def test_a_refund_that_the_bank_has_not_confirmed_is_under_way(shop):
    shop.service.confirms = False
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.do(Act.CANCEL)
    shop.beat()
    assert PaymentState.REFUND_PENDING is shop.engine.payment(1)

    shop.service.confirm("pi_1")
    shop.engine.check_payments(1)

    assert PaymentState.REFUNDED is shop.engine.payment(1)


def test_rejected_items_are_not_charged(shop):
    shop.do(Act.ACCEPT, line_ids=("h",))
    shop.beat()

    assert ("captured", 50_000, 0) == shop.paid()


def test_an_item_that_is_cancelled_after_the_charge_is_refunded(shop):
    shop.do(Act.ACCEPT)
    shop.beat()
    assert "₩20,000 was taken already: it is refunded" in shop.said(Act.CANCEL, line_ids=("p",))

    shop.do(Act.CANCEL, line_ids=("p",))
    shop.beat()

    assert ("captured", 70_000, 20_000) == shop.paid()
    shop.do(Act.PICK_UP)
    shop.beat()
    shop.beat()
    assert [(50_000, "Stripe", "pi_1")] == shop.noted()
    assert shop.engine.payment_difference(1) is None


@pytest.mark.row("S28")
def test_what_the_customer_does_not_take_is_given_back(shop):
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.engine.remove_items(1, [ItemPick(web_line="p")], STAFF)

    shop.do(Act.PICK_UP)
    shop.beat()

    assert [(50_000, "Stripe", "pi_1")] == shop.noted()
    assert ("captured", 70_000, 20_000) == shop.paid()


@pytest.mark.row("S28")
def test_what_the_customer_does_not_take_is_not_charged_at_pick_up(later):
    later.do(Act.ACCEPT)
    later.engine.remove_items(1, [ItemPick(web_line="p")], STAFF)

    later.do(Act.PICK_UP)
    later.beat()

    assert ("captured", 50_000, 0) == later.paid()


@pytest.mark.row("S27")
def test_goods_that_come_back_are_refunded_by_the_service_each_once(shop):
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.do(Act.PICK_UP)
    first, second = [item.id for item in shop.engine.sale(1).items]

    shop.engine.take_back(1, Return(items=(ReturnedItem(item=second),)), STAFF)
    shop.beat()
    assert ("captured", 70_000, 20_000) == shop.paid()
    shop.engine.take_back(1, Return(items=(ReturnedItem(item=first),)), STAFF)
    shop.beat()

    assert ("captured", 70_000, 70_000) == shop.paid()
    assert shop.engine.payment_difference(1) is None
    assert Cause.REFUND not in shop.causes()


def test_staff_refund_an_amount_with_a_reason_and_never_more_than_was_taken(shop):
    shop.do(Act.ACCEPT)
    shop.beat()

    assert shop.engine.refund_payment(1, won(5_000), WHY) is None
    with pytest.raises(NotAllowed, match="Only ₩65,000"):
        shop.engine.refund_payment(1, won(65_001), WHY)

    assert ("captured", 70_000, 5_000) == shop.paid()


def test_a_favour_is_not_taken_for_a_difference_nor_paid_twice(shop):
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.engine.refund_payment(1, won(5_000), WHY)
    shop.do(Act.PICK_UP)
    shop.beat()

    assert ("captured", 70_000, 5_000) == shop.paid()
    assert shop.engine.payment_difference(1) is None


def test_an_answer_that_is_lost_takes_nothing_twice(shop):
    shop.do(Act.ACCEPT)
    away(shop, "capture_payment", lost=True)
    shop.beat()
    shop.beat(60)

    assert ("captured", 70_000, 0) == shop.paid()
    assert PaymentState.CHARGED is shop.engine.payment(1)


@pytest.mark.parametrize("keeps_keys", [True, False])
def test_after_a_day_the_service_is_asked_first(shop, keeps_keys):
    shop.service.keeps_keys = keeps_keys
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.do(Act.CANCEL)
    away(shop, "refund_payment", lost=True)
    shop.beat()
    shop.beat(25 * 3600)

    assert ("captured", 70_000, 70_000) == shop.paid()
    assert [] == shop.service.wrong
    assert PaymentState.REFUNDED is shop.engine.payment(1)


def test_what_was_not_done_after_a_day_is_asked_with_another_key(shop):
    asked = []

    def hear(call: str) -> None:
        asked.append(call)
        if call == "capture_payment" and asked.count(call) == 1:
            raise Retryable(AWAY)

    shop.do(Act.ACCEPT)
    shop.service.before = hear
    shop.beat()
    shop.beat(25 * 3600)

    assert ("captured", 70_000, 0) == shop.paid()
    assert asked.index("fetch_payment") < len(asked) - 1 - asked[::-1].index("capture_payment")


@pytest.mark.row("S20")
def test_undone_before_it_was_sent_takes_nothing(shop):
    shop.do(Act.ACCEPT)
    shop.engine.undo(1, STAFF)
    shop.beat()

    assert ("held", 0, 0) == shop.paid()


def test_an_order_whose_payment_was_not_there_yet_is_charged_once_it_is(database_url, clock):
    shop = Counter(database_url, clock)
    shop.place()
    shop.engine.poll()
    assert PaymentState.NOT_FOUND is shop.engine.payment(1)
    shop.do(Act.ACCEPT)
    shop.beat()
    assert Cause.PAYMENT_NOT_DONE in shop.causes()

    shop.service.hold("A1", won(70_000))
    shop.engine.send_again(1, STAFF)
    shop.beat()

    assert ("captured", 70_000, 0) == shop.paid()
    assert Cause.PAYMENT_NOT_DONE not in shop.causes()
    shop.close()


def test_a_gift_card_is_no_part_of_what_the_service_has(database_url, clock):
    shop = Counter(database_url, clock)
    gift, card = (
        Tender(kind=kind, amount=won(minor))
        for kind, minor in ((TenderKind.GIFT_CARD, 30_000), (TenderKind.CARD, 40_000))
    )
    shop.bought(held=40_000, tenders=(gift, card))
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.do(Act.PICK_UP)
    shop.beat()

    assert ("captured", 40_000, 0) == shop.paid()
    assert [(40_000, "Stripe", "pi_1"), (30_000, "", "")] == shop.noted()
    assert shop.engine.payment_difference(1) is None
    shop.close()


def test_two_payments_of_one_order_are_both_taken(database_url, clock):
    shop = Counter(database_url, clock)
    shop.service.hold("A1", won(30_000))
    shop.bought(held=40_000)
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.do(Act.PICK_UP)

    assert [("captured", 30_000, 0), ("captured", 40_000, 0)] == [shop.paid("pi_1"), shop.paid("pi_2")]
    assert [(30_000, "Stripe", "pi_1"), (40_000, "Stripe", "pi_2")] == shop.noted()
    shop.close()


def test_a_reservation_asks_nothing_of_the_service(database_url, clock):
    shop = Counter(database_url, clock)
    shop.webstore.offer(order("R1", line("h", gtin=HELMET)))
    shop.engine.poll()
    shop.do(Act.ACCEPT)
    shop.beat()

    assert PaymentState.AT_PICK_UP is shop.engine.payment(1)
    assert {} == shop.service.payments
    shop.close()


def test_what_is_finished_at_the_till_is_charged_as_it_was_noted(later):
    later.do(Act.ACCEPT)
    later.engine.pay(1, Payment(kind=PaymentKind.ECOMMERCE, amount=won(70_000), card_type="Stripe"), STAFF)
    later.engine.finish_sale(1, STAFF)
    later.beat()

    assert ("captured", 70_000, 0) == later.paid()
    assert later.engine.payment_difference(1) is None


def test_an_order_that_its_webstore_cancelled_before_it_was_accepted_lets_the_hold_go(shop):
    shop.clock.advance(60)
    shop.place(standing=Standing.CANCELLED)
    shop.engine.poll()
    shop.beat()

    assert ("released", 0, 0) == shop.paid()


@pytest.mark.row("S22")
def test_an_expired_hold_is_said_before_the_goods_are_handed_over(later):
    later.do(Act.ACCEPT)
    later.service.expire("pi_1")
    later.engine.check_payments(1)

    assert PaymentState.HOLD_ENDED is later.engine.payment(1)
    assert "has ended: nobody has the money" in later.said(Act.PICK_UP)
    assert Cause.HOLD_ENDED in later.causes()
    with pytest.raises(NotAllowed, match="Do not hand the goods over"):
        later.do(Act.PICK_UP)
    later.do(Act.PICK_UP, payments=(Payment(kind=PaymentKind.CASH, amount=won(70_000)),))
    assert PaymentState.PAID is later.engine.payment(1)


def test_a_hold_whose_time_is_over_is_not_waited_for(sqlite_url, clock):
    shop = Counter(sqlite_url, clock, capture=Capture.PICK_UP)
    shop.place()
    shop.service.hold("A1", won(70_000), capture_before=clock.now() + timedelta(days=4, hours=18))
    shop.engine.poll()
    shop.do(Act.ACCEPT)
    assert Cause.HOLD_ENDING not in shop.causes()

    shop.beat(4 * 86_400)
    assert Cause.HOLD_ENDING in shop.causes()
    shop.beat(86_400)

    assert Cause.HOLD_ENDED in shop.causes()
    assert Cause.HOLD_ENDING not in shop.causes()
    shop.close()


def test_a_hold_that_ends_before_the_promised_day_is_told_at_once(sqlite_url, clock):
    shop = Counter(sqlite_url, clock, capture=Capture.PICK_UP)
    shop.place()
    shop.service.hold("A1", won(70_000), capture_before=clock.now() + timedelta(days=7))
    shop.engine.poll()

    shop.do(Act.RESERVE, expected_at=clock.now() + timedelta(days=9))

    assert Cause.HOLD_ENDING in shop.causes()
    assert shop.engine.take_payment(1, STAFF) is None
    assert ("captured", 70_000, 0) == shop.paid()
    assert Cause.HOLD_ENDING not in shop.causes()
    shop.close()
