"""A payment is what Stripe says of it: its state, its amounts, until when its hold lasts, and no card."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import tillbridge_stripe_payments as plugin
from plugins.stripe_payments.double import Stripe
from plugins.stripe_payments.samples import Connect, won
from tillbridge.plugin import Connection, Money, PayloadError, WebPaymentState
from tillbridge.testing.clock import FrozenClock

DECLINED = {
    "type": "card_error",
    "code": "card_declined",
    "decline_code": "insufficient_funds",
    "message": "4242",
}


@pytest.mark.row("S23")
def test_a_hold_says_until_when_it_lasts(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(89_000, hold=timedelta(days=4, hours=18), metadata={"order_id": "1001"})["id"]

    payment = plugin.fetch_payment(connection, number)

    assert (payment.state, payment.held, payment.captured) == (WebPaymentState.HELD, won(89_000), won(0))
    assert payment.capture_before == datetime(2026, 3, 6, 19, 0, tzinfo=UTC)
    assert (payment.card_brand, payment.card_type, payment.live, payment.order_id) == (
        "visa",
        "Stripe",
        False,
        "1001",
    )


@pytest.mark.parametrize(
    ("status", "error", "state"),
    [
        ("requires_payment_method", None, WebPaymentState.PENDING),
        ("requires_payment_method", DECLINED, WebPaymentState.FAILED),
        ("requires_confirmation", None, WebPaymentState.PENDING),
        ("requires_action", None, WebPaymentState.REQUIRES_ACTION),
        ("processing", None, WebPaymentState.PENDING),
        ("succeeded", None, WebPaymentState.CAPTURED),
        ("canceled", None, WebPaymentState.RELEASED),
    ],
)
def test_each_of_stripes_states_is_one_of_ours(
    connection: Connection, stripe: Stripe, status: str, error: dict[str, Any] | None, state: WebPaymentState
) -> None:
    number = stripe.ledger.pay(89_000, status=status, error=error)["id"]

    assert plugin.fetch_payment(connection, number).state is state


def test_a_decline_is_named_by_stripes_code_and_not_by_its_message(
    connection: Connection, stripe: Stripe
) -> None:
    number = stripe.ledger.pay(89_000, status="requires_payment_method", error=DECLINED)["id"]

    payment = plugin.fetch_payment(connection, number)

    assert (payment.why, payment.authorised) == ("insufficient_funds", won(0))


@pytest.mark.parametrize("reason", ["expired", "automatic"])
def test_a_hold_that_ended_by_itself_has_expired(connection: Connection, stripe: Stripe, reason: str) -> None:
    number = stripe.ledger.pay(89_000)["id"]
    stripe.ledger.cancel(number, reason)

    payment = plugin.fetch_payment(connection, number)

    assert (payment.state, payment.held, payment.capture_before) == (WebPaymentState.EXPIRED, won(0), None)


def test_a_state_that_is_new_counts_as_nothing(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(89_000, status="requires_patience")["id"]

    with pytest.raises(PayloadError, match="'requires_patience', which this plugin does not know"):
        plugin.fetch_payment(connection, number)


def test_a_state_of_a_refund_that_is_new_counts_as_nothing(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(89_000, status="succeeded")["id"]
    refund = stripe.ledger.refund({"payment_intent": number})
    refund["status"] = "halfway"

    with pytest.raises(PayloadError, match="'halfway', which this plugin does not know"):
        plugin.fetch_payment(connection, number)


def test_amounts_that_contradict_each_other_are_shown(connection: Connection, stripe: Stripe) -> None:
    intent = stripe.ledger.pay(89_000, status="succeeded")
    stripe.ledger.refund({"payment_intent": intent["id"]})
    intent["amount_received"] = 80_000

    with pytest.raises(PayloadError, match="₩80,000 taken, ₩89,000 given back"):
        plugin.fetch_payment(connection, intent["id"])


def test_what_stripe_notes_for_an_expired_hold_is_no_refund(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(89_000, status="succeeded")["id"]
    stripe.ledger.refund({"payment_intent": number, "amount": "9000"})["reason"] = "expired_uncaptured_charge"

    assert plugin.fetch_payment(connection, number).refunded == won(0)


def test_nothing_of_a_card_but_its_brand_is_kept(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    payment = plugin.fetch_payment(connection, stripe.ledger.pay(89_000)["id"])

    told = payment.model_dump_json()
    assert ("4242" in told, "2030" in told, "김하늘" in told, "example.com" in told) == (
        False,
        False,
        False,
        False,
    )


def test_the_order_of_another_webstore_is_none_of_ours(connect: Connect, stripe: Stripe) -> None:
    metadata = {"order_id": "1001", "site_url": "https://b.example"}
    number = stripe.ledger.pay(1_000, metadata=metadata)["id"]
    ours, theirs = (connect(shop_metadata=f"site_url=https://{one}.example") for one in "ba")

    found = [plugin.fetch_payment(one, number).order_id for one in (ours, theirs)]

    assert found == ["1001", None]


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [(89_000, "jpy", Money(89_000, "JPY")), (500, "isk", Money(5, "ISK")), (5120, "kwd", Money(5120, "KWD"))],
)
def test_amounts_come_in_their_currencys_own_way(
    connection: Connection, stripe: Stripe, amount: int, currency: str, money: Money
) -> None:
    assert plugin.fetch_payment(connection, stripe.ledger.pay(amount, currency)["id"]).held == money
