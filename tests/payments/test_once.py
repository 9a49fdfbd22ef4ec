"""Money is moved once, whoever acts at the same moment, and whatever staff let try anew."""

from collections.abc import Iterator
from threading import Thread

import pytest

from orders import won
from payments.counters import WHY, Counter
from shop import STAFF
from tillbridge.model.errors import NotAllowed, Retryable
from tillbridge.model.messages import Cause
from tillbridge.model.orders import Standing
from tillbridge.model.payments import Capture, WebPaymentState
from tillbridge.model.status import Act, Status
from tillbridge.model.words import Words
from tillbridge.pos.details import Payment, PaymentKind

AWAY = Words("The service is away.", "결제 서비스에 연결할 수 없습니다.")


@pytest.fixture
def shop(sqlite_url: str, clock) -> Iterator[Counter]:
    """A1 was bought for 70,000, which is held; it is taken once the order is accepted."""
    made = Counter(sqlite_url, clock)
    made.bought()
    yield made
    made.close()


@pytest.fixture
def taken(shop: Counter) -> Counter:
    """A1 was taken at acceptance."""
    shop.do(Act.ACCEPT)
    shop.beat()
    return shop


@pytest.fixture
def later(sqlite_url: str, clock) -> Iterator[Counter]:
    """A1 is accepted, held, and taken at pick-up."""
    made = Counter(sqlite_url, clock, capture=Capture.PICK_UP)
    made.bought()
    made.do(Act.ACCEPT)
    made.beat()
    yield made
    made.close()


def fall_silent(shop: Counter) -> None:
    """Let the service do what it is asked, and never be heard again."""

    def lose(_: str) -> None:
        raise Retryable(AWAY)

    shop.service.after = lose


def heal(shop: Counter) -> None:
    shop.service.before = shop.service.after = lambda _: None


# What staff let try anew


@pytest.mark.parametrize("keeps_keys", [True, False])
def test_a_refund_that_was_made_unheard_is_not_made_again_by_send_again(taken, keeps_keys):
    taken.service.keeps_keys = keeps_keys
    fall_silent(taken)
    taken.engine.refund_payment(1, won(5_000), WHY)
    for _ in range(14):
        taken.beat(3 * 3600)
    assert Cause.PAYMENT_NOT_DONE in taken.causes()
    heal(taken)

    taken.engine.send_again(1, STAFF)
    taken.beat()

    assert ("captured", 70_000, 5_000) == taken.paid()
    assert Cause.PAYMENT_NOT_DONE not in taken.causes()
    signed = [one.words.en for one in taken.engine.timeline(1) if "refunded" in one.words.en]
    assert 1 == len([one for one in signed if one.startswith("₩5,000: refunded")])
    taken.do(Act.PICK_UP)
    taken.beat()
    assert taken.engine.payment_difference(1) is None


def test_a_refund_that_its_bank_sent_back_is_made_anew_by_send_again(taken):
    taken.service.confirms = False
    taken.service.after = lambda call: (
        taken.service.confirm("pi_1", failed=True) if "refund" in call else None
    )
    taken.engine.refund_payment(1, won(5_000), WHY)
    assert Cause.PAYMENT_NOT_DONE in taken.causes()
    heal(taken)

    taken.engine.send_again(1, STAFF)
    taken.beat()

    (payment,) = taken.engine.web_payments(1)
    assert won(5_000) == payment.refund_pending


def test_another_amount_that_was_taken_meanwhile_is_not_told_as_ours(shop):
    """Somebody takes 30,000 at the service while its answer to our 70,000 is lost on the way there."""
    shop.do(Act.ACCEPT)

    def overtake(call: str) -> None:
        if call == "capture_payment":
            heal(shop)
            shop.service._capture("pi_1", won(30_000))
            raise Retryable(AWAY)

    shop.service.before = overtake
    shop.beat()
    shop.beat(60)

    told = [one.words.en for one in shop.engine.timeline(1)]
    assert ("captured", 30_000, 0) == shop.paid()
    assert Cause.PAYMENT_NOT_DONE in shop.causes()
    assert not any("₩70,000: taken from the card" in one for one in told)


# Several captures of one hold


def test_a_part_that_the_webstore_took_itself_is_not_taken_twice(shop):
    shop.service.take_part("pi_1", won(30_000))

    shop.do(Act.ACCEPT)
    shop.beat()

    assert ("captured", 70_000, 0) == shop.paid()
    assert shop.engine.payment_difference(1) is None


def test_a_cancelled_order_gives_back_the_webstores_part_and_lets_the_rest_go(shop):
    shop.service.take_part("pi_1", won(30_000))
    shop.engine.check_payments(1)
    assert "₩30,000 was taken already" in shop.said(Act.CANCEL)
    assert "The hold of ₩40,000" in shop.said(Act.CANCEL)

    shop.do(Act.CANCEL)
    shop.beat()

    assert ("captured", 30_000, 30_000) == shop.paid()
    shop.beat(60)
    assert shop.engine.payment_difference(1) is None


# At the same moment


def test_two_terminals_that_refund_at_once_never_give_back_more_than_was_taken(taken):
    """Each sees 70,000 left and refunds 50,000: one of the two is refused, and told so."""
    other = taken.another()
    told: dict[str, str] = {}

    def refund(name, engine):
        try:
            why = engine.refund_payment(1, won(50_000), WHY)
            told[name] = why.en if why else "done"
        except NotAllowed as error:
            told[name] = error.words.en

    threads = [Thread(target=refund, args=one) for one in (("first", taken.engine), ("second", other))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    other.close()
    for _ in range(3):
        taken.beat(60)

    assert ("captured", 70_000, 50_000) == taken.paid()
    assert 1 == list(told.values()).count("done")
    assert [] == taken.service.wrong


def test_a_refund_that_was_decided_at_another_terminal_first_is_counted(taken):
    """The second one was decided on an older reading; what is left is worked out when it is sent."""
    fall_silent(taken)
    taken.engine.refund_payment(1, won(50_000), WHY)
    heal(taken)
    assert "Only" not in str(taken.engine.refund_payment(1, won(50_000), WHY))

    for _ in range(3):
        taken.beat(60)

    assert ("captured", 70_000, 50_000) == taken.paid()
    assert Cause.PAYMENT_NOT_DONE in taken.causes()


def test_an_order_that_its_webstore_cancels_while_it_is_charged_goes_back_to_staff(shop):
    """The capture is on its way when the cancellation comes: staff are asked; to reject gives all back."""
    shop.do(Act.ACCEPT)
    shop.clock.advance(60)
    shop.place(standing=Standing.CANCELLED)
    shop.engine.poll()
    shop.beat()
    assert ("captured", 70_000, 0) == shop.paid()
    assert "₩70,000 was taken already" in shop.said(Act.CANCEL)

    shop.do(Act.CANCEL)
    shop.beat()

    assert ("captured", 70_000, 70_000) == shop.paid()


def test_a_hold_that_its_webstore_released_before_the_capture_is_said(shop):
    shop.do(Act.ACCEPT)
    shop.service._release("pi_1")
    shop.beat()

    assert ("released", 0, 0) == shop.paid()
    assert Cause.PAYMENT_NOT_DONE in shop.causes()
    shop.do(Act.CANCEL)
    shop.beat()
    assert Cause.PAYMENT_NOT_DONE not in shop.causes()


def test_a_hold_that_ends_between_the_preview_and_the_pick_up_stops_it(later):
    assert "is taken from the card" in later.said(Act.PICK_UP)
    later.service.expire("pi_1")

    with pytest.raises(NotAllowed, match="not to be handed over: The hold on the card has ended"):
        later.do(Act.PICK_UP)

    assert Status.IN_PROCESS is later.engine.order("A1").status
    assert [WebPaymentState.EXPIRED] == [one.state for one in later.engine.web_payments(1)]
    later.do(Act.PICK_UP, payments=(Payment(kind=PaymentKind.CASH, amount=won(70_000)),))
    assert Status.COMPLETED is later.engine.order("A1").status
