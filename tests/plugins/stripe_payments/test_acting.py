"""Holds are taken, released and given back at Stripe: once, and told by a fresh read."""

from datetime import timedelta

import pytest

import tillbridge_stripe_payments as plugin
from plugins.stripe_payments.double import Stripe
from plugins.stripe_payments.samples import Connect, delivery, won
from tillbridge.plugin import (
    Connection,
    Money,
    Outcome,
    PaymentReceipt,
    RefundState,
    Rejected,
    Retryable,
    WebPayment,
    WebPaymentState,
)
from tillbridge.testing.clock import FrozenClock

HOUR = 3600


def held(connection: Connection, stripe: Stripe, amount: int = 89_000) -> WebPayment:
    return plugin.fetch_payment(connection, stripe.ledger.pay(amount)["id"])


def taken(connection: Connection, stripe: Stripe, amount: int = 89_000) -> WebPayment:
    return plugin.fetch_payment(connection, stripe.ledger.pay(amount, status="succeeded")["id"])


def amounts(receipt: PaymentReceipt) -> tuple[int, int, int]:
    """What was taken, given back, and is on its way back."""
    assert receipt.payment is not None
    return (
        receipt.payment.captured.minor,
        receipt.payment.refunded.minor,
        receipt.payment.refund_pending.minor,
    )


@pytest.mark.row("S23")
def test_a_hold_is_taken_whole(connection: Connection, stripe: Stripe) -> None:
    receipt = plugin.capture_payment(connection, held(connection, stripe), won(89_000), delivery())

    assert (receipt.outcome, amounts(receipt)) == (Outcome.ACCEPTED, (89_000, 0, 0))


@pytest.mark.row("S23")
def test_a_hold_is_taken_in_part_and_the_rest_released(connection: Connection, stripe: Stripe) -> None:
    receipt = plugin.capture_payment(connection, held(connection, stripe), won(80_000), delivery())

    assert (receipt.outcome, amounts(receipt)) == (Outcome.ACCEPTED, (80_000, 0, 0))
    assert receipt.payment is not None
    assert receipt.payment.state is WebPaymentState.CAPTURED


def test_what_was_taken_already_is_not_taken_again(connection: Connection, stripe: Stripe) -> None:
    payment = held(connection, stripe)
    plugin.capture_payment(connection, payment, won(89_000), delivery("d-1"))

    again = plugin.capture_payment(connection, payment, won(89_000), delivery("d-2"))

    assert (again.outcome, len(stripe.seen)) == (Outcome.ACCEPTED, 1)


def test_another_amount_than_was_taken_is_shown_and_not_taken(connection: Connection, stripe: Stripe) -> None:
    payment = held(connection, stripe)
    plugin.capture_payment(connection, payment, won(80_000), delivery("d-1"))

    again = plugin.capture_payment(connection, payment, won(89_000), delivery("d-2"))

    assert (again.outcome, amounts(again)) == (Outcome.REFUSED, (80_000, 0, 0))
    assert "₩80,000 were taken of this payment already, not ₩89,000" in str(again.words)


@pytest.mark.parametrize("amount", [89_001, 0])
def test_no_more_than_the_hold_is_taken(connection: Connection, stripe: Stripe, amount: int) -> None:
    receipt = plugin.capture_payment(connection, held(connection, stripe), won(amount), delivery())

    assert (receipt.outcome, stripe.seen) == (Outcome.REFUSED, [])
    assert f"₩{amount:,} were to be taken, but ₩89,000 are held" in str(receipt.words)


def test_a_hold_that_ended_by_itself_cannot_be_taken(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    number = stripe.ledger.pay(89_000, hold=timedelta(hours=2))["id"]
    payment = plugin.fetch_payment(connection, number)
    clock.advance(2 * HOUR)

    receipt = plugin.capture_payment(connection, payment, won(89_000), delivery())

    assert receipt.outcome is Outcome.REFUSED
    assert receipt.payment is not None
    assert receipt.payment.state is WebPaymentState.EXPIRED
    assert "The hold on the card has ended by itself" in str(receipt.words)


def test_a_payment_that_waits_for_its_customer_is_tried_later(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(89_000, status="requires_action")["id"]

    with pytest.raises(Retryable, match="3-D Secure"):
        plugin.capture_payment(connection, plugin.fetch_payment(connection, number), won(89_000), delivery())


@pytest.mark.row("S20")
def test_a_hold_is_released(connection: Connection, stripe: Stripe) -> None:
    receipt = plugin.release_payment(connection, held(connection, stripe), won(89_000), delivery())

    assert (receipt.outcome, amounts(receipt)) == (Outcome.ACCEPTED, (0, 0, 0))
    assert receipt.payment is not None
    assert receipt.payment.state is WebPaymentState.RELEASED


def test_a_hold_that_has_ended_needs_no_release(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    number = stripe.ledger.pay(89_000, hold=timedelta(hours=2))["id"]
    payment = plugin.fetch_payment(connection, number)
    clock.advance(2 * HOUR)

    assert plugin.release_payment(connection, payment, won(89_000), delivery()).outcome is Outcome.ACCEPTED


def test_a_part_of_a_hold_cannot_be_released(connection: Connection, stripe: Stripe) -> None:
    receipt = plugin.release_payment(connection, held(connection, stripe), won(9_000), delivery())

    assert (receipt.outcome, stripe.seen) == (Outcome.REFUSED, [])


def test_what_was_taken_cannot_be_released(connection: Connection, stripe: Stripe) -> None:
    receipt = plugin.release_payment(connection, taken(connection, stripe), won(89_000), delivery())

    assert receipt.outcome is Outcome.REFUSED
    assert "Refund it instead" in str(receipt.words)


def test_a_payment_that_the_customer_has_not_finished_is_ended(
    connection: Connection, stripe: Stripe
) -> None:
    number = stripe.ledger.pay(89_000, status="requires_action")["id"]
    payment = plugin.fetch_payment(connection, number)

    assert plugin.release_payment(connection, payment, won(0), delivery()).outcome is Outcome.ACCEPTED
    assert stripe.ledger.intents[number]["status"] == "canceled"


@pytest.mark.row("S20")
def test_what_was_taken_is_given_back_in_parts(connection: Connection, stripe: Stripe) -> None:
    payment = taken(connection, stripe)
    plugin.refund_payment(connection, payment, won(9_000), delivery("d-1"))

    receipt = plugin.refund_payment(connection, payment, won(80_000), delivery("d-2"))

    assert (receipt.outcome, amounts(receipt)) == (Outcome.ACCEPTED, (89_000, 89_000, 0))


def test_no_more_is_given_back_than_was_taken(connection: Connection, stripe: Stripe) -> None:
    payment = taken(connection, stripe)
    plugin.refund_payment(connection, payment, won(80_000), delivery("d-1"))

    receipt = plugin.refund_payment(connection, payment, won(9_001), delivery("d-2"))

    assert (receipt.outcome, amounts(receipt), len(stripe.seen)) == (Outcome.REFUSED, (89_000, 80_000, 0), 1)
    assert "but ₩9,000 are left: ₩89,000 were taken, and ₩80,000 given back before" in str(receipt.words)


def test_what_was_not_taken_is_not_given_back(connection: Connection, stripe: Stripe) -> None:
    receipt = plugin.refund_payment(connection, held(connection, stripe), won(1), delivery())

    assert receipt.outcome is Outcome.REFUSED
    assert "release the hold instead" in str(receipt.words)


def test_a_refund_that_waits_is_on_its_way_and_not_given_back(connection: Connection, stripe: Stripe) -> None:
    stripe.ledger.refunds_wait = True
    payment = taken(connection, stripe)

    receipt = plugin.refund_payment(connection, payment, won(9_000), delivery("d-1"))

    assert (receipt.outcome, amounts(receipt)) == (Outcome.ACCEPTED, (89_000, 0, 9_000))


def test_a_refund_that_failed_is_said_so_and_its_money_is_there_again(
    connection: Connection, stripe: Stripe
) -> None:
    stripe.ledger.refunds_wait = True
    payment = taken(connection, stripe)
    plugin.refund_payment(connection, payment, won(9_000), delivery("d-1"))
    stripe.ledger.settle_refund(next(iter(stripe.ledger.refunds)), "failed", "expired_or_canceled_card")

    receipt = plugin.refund_payment(connection, payment, won(9_000), delivery("d-1"))

    assert (receipt.outcome, amounts(receipt)) == (Outcome.REFUSED, (89_000, 0, 0))
    assert "failed: the card has expired or was cancelled" in str(receipt.words)
    assert receipt.payment is not None
    assert [one.state for one in receipt.payment.refunds] == [RefundState.FAILED]


def test_a_refund_whose_answer_was_lost_is_known_again_after_any_time(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    payment = taken(connection, stripe)
    plugin.refund_payment(connection, payment, won(9_000), delivery("d-1"))
    clock.advance(30 * 24 * HOUR)  # Stripe has forgotten the key

    receipt = plugin.refund_payment(connection, payment, won(9_000), delivery("d-1"))

    assert (receipt.outcome, amounts(receipt), len(stripe.seen)) == (Outcome.ACCEPTED, (89_000, 9_000, 0), 1)


def test_a_refund_behind_the_first_page_is_known_again(connection: Connection, stripe: Stripe) -> None:
    payment = taken(connection, stripe)
    for place in range(101):
        form = {
            "payment_intent": payment.id,
            "amount": "1",
            "metadata": {"tillbridge_delivery": f"d-{place}"},
        }
        stripe.ledger.refund(form)

    receipt = plugin.refund_payment(connection, payment, won(1), delivery("d-0"))

    assert (receipt.outcome, amounts(receipt), stripe.seen) == (Outcome.ACCEPTED, (89_000, 101, 0), [])


@pytest.mark.parametrize("fault", ["lost", "unsent", "conflict", "broken done"])
def test_a_fault_on_the_way_takes_nothing_twice(connection: Connection, stripe: Stripe, fault: str) -> None:
    payment = held(connection, stripe)
    stripe.faults = [None, fault]

    receipt = plugin.capture_payment(connection, payment, won(80_000), delivery())

    assert (receipt.outcome, amounts(receipt)) == (Outcome.ACCEPTED, (80_000, 0, 0))


def test_a_fault_that_stripe_keeps_is_overcome_by_the_next_key(
    connection: Connection, stripe: Stripe
) -> None:
    payment = held(connection, stripe)
    stripe.faults = [None, "broken"]

    receipt = plugin.capture_payment(connection, payment, won(80_000), delivery())

    assert (receipt.outcome, amounts(receipt)) == (Outcome.ACCEPTED, (80_000, 0, 0))
    assert sorted(set(stripe.seen)) == ["tillbridge:d-1:capture", "tillbridge:d-1:capture:2"]


def test_a_refund_is_never_tried_under_another_key(connection: Connection, stripe: Stripe) -> None:
    payment = taken(connection, stripe)
    stripe.faults = [None, None, "broken"]

    with pytest.raises(Retryable):
        plugin.refund_payment(connection, payment, won(9_000), delivery())

    assert set(stripe.seen) == {"tillbridge:d-1:refund"}


def test_an_act_whose_outcome_cannot_be_read_is_unknown(connection: Connection, stripe: Stripe) -> None:
    payment = held(connection, stripe)
    stripe.faults = [None, None, "unsent", "unsent", "unsent", "unsent"]

    receipt = plugin.capture_payment(connection, payment, won(80_000), delivery())

    assert (receipt.outcome, receipt.payment) == (Outcome.UNKNOWN, None)


def test_what_somebody_else_took_meanwhile_is_seen(connection: Connection, stripe: Stripe) -> None:
    payment = held(connection, stripe)
    stripe.ledger.capture(payment.id, {})

    receipt = plugin.release_payment(connection, payment, won(89_000), delivery())

    assert (receipt.outcome, amounts(receipt)) == (Outcome.REFUSED, (89_000, 0, 0))


def test_an_amount_finer_than_stripe_takes_is_refused_before_anything_is_asked(
    connection: Connection, stripe: Stripe
) -> None:
    payment = plugin.fetch_payment(connection, stripe.ledger.pay(5120, "kwd")["id"])
    before = len(stripe.calls)

    with pytest.raises(Rejected, match=r"5\.124 cannot be moved at Stripe"):
        plugin.capture_payment(connection, payment, Money(5124, "KWD"), delivery())

    assert len(stripe.calls) == before


# A hold of which the webstore has taken a part (Stripe's multicapture)


def test_what_is_left_of_a_hold_is_taken_beside_the_webstores_part(
    connection: Connection, stripe: Stripe
) -> None:
    number = stripe.ledger.pay(89_000)["id"]
    stripe.ledger.take_part(number, 30_000)
    held = plugin.fetch_payment(connection, number)

    first = plugin.capture_payment(connection, held, won(59_000), delivery())
    again = plugin.capture_payment(connection, held, won(59_000), delivery())

    assert (held.held, held.captured) == (won(59_000), won(30_000))
    assert {first.outcome, again.outcome} == {Outcome.ACCEPTED}
    assert stripe.ledger.intents[number]["amount_received"] == 89_000


@pytest.mark.parametrize("status", ["canceled", "succeeded"])
def test_what_is_left_of_a_hold_is_released_and_the_webstores_part_stays(
    connection: Connection, stripe: Stripe, status: str
) -> None:
    number = stripe.ledger.pay(89_000)["id"]
    stripe.ledger.take_part(number, 30_000)
    held = plugin.fetch_payment(connection, number)

    first = plugin.release_payment(connection, held, won(59_000), delivery())
    stripe.ledger.intents[number]["status"] = status
    again = plugin.release_payment(connection, held, won(59_000), delivery())

    assert (first.outcome, again.outcome) == (Outcome.ACCEPTED, Outcome.ACCEPTED)
    assert again.payment is not None
    assert (again.payment.state, again.payment.kept) == (WebPaymentState.CAPTURED, won(30_000))


def test_the_webstores_part_goes_back_once_the_rest_is_no_longer_held(
    connection: Connection, stripe: Stripe
) -> None:
    number = stripe.ledger.pay(89_000)["id"]
    stripe.ledger.take_part(number, 30_000)
    held = plugin.fetch_payment(connection, number)

    receipt = plugin.refund_payment(connection, held, won(30_000), delivery())

    assert (receipt.outcome, "are still held" in str(receipt.words)) == (Outcome.REFUSED, True)


def test_another_amount_under_the_same_delivery_is_no_refund_of_it(
    connection: Connection, stripe: Stripe
) -> None:
    payment = plugin.fetch_payment(connection, stripe.ledger.pay(89_000, status="succeeded")["id"])
    plugin.refund_payment(connection, payment, won(5_000), delivery("d-1"))

    receipt = plugin.refund_payment(connection, payment, won(7_000), delivery("d-1"))

    assert (receipt.outcome, "were given back for this before" in str(receipt.words)) == (
        Outcome.REFUSED,
        True,
    )


def test_a_payment_of_another_account_is_not_there(connect: Connect) -> None:
    with pytest.raises(Rejected, match="does not have this payment"):
        plugin.fetch_payment(connect(), "pi_000099")
