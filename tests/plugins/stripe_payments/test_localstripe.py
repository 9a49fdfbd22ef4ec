"""The plugin at localstripe, a stateful server of Stripe's API that others wrote."""

from collections.abc import Iterator

import pytest

import tillbridge_stripe_payments as plugin
from plugins.stripe_payments import localstripe
from plugins.stripe_payments.listening import listening
from plugins.stripe_payments.localstripe import CONFIRMED_BY_CUSTOMER, DECLINED, KEY, Webstore
from plugins.stripe_payments.samples import SECRET, connected, delivery, order, won
from tillbridge.clock import SystemClock
from tillbridge.plugin import (
    Connection,
    Outcome,
    Rejected,
    Retryable,
    WebPayment,
    WebPaymentState,
)


@pytest.fixture(scope="module")
def webstore() -> Iterator[Webstore]:
    with localstripe.running() as made:
        yield made


@pytest.fixture(scope="module")
def shop(webstore: Webstore) -> Iterator[Connection]:
    """A connection to localstripe, by the real clock."""
    with connected(SystemClock(), secret_key=KEY, base_url=webstore.url) as made:
        yield made


def recorded(shop: Connection, number: str) -> WebPayment:
    """What the payment that an order names is like."""
    (payment,) = plugin.record_payment(shop, order(references=(number,)))
    return payment


@pytest.mark.row("S23")
def test_a_hold_is_read_and_taken(shop: Connection, webstore: Webstore) -> None:
    payment = recorded(shop, webstore.pay())

    receipt = plugin.capture_payment(shop, payment, won(89_000), delivery())

    assert (payment.state, payment.held, payment.order_id) == (WebPaymentState.HELD, won(89_000), "1001")
    assert receipt.outcome is Outcome.ACCEPTED
    assert receipt.payment is not None
    assert receipt.payment.captured == won(89_000)


@pytest.mark.row("S23")
def test_a_hold_is_taken_in_part(shop: Connection, webstore: Webstore) -> None:
    receipt = plugin.capture_payment(shop, recorded(shop, webstore.pay()), won(80_000), delivery())

    after = recorded(shop, receipt.payment.id if receipt.payment else "")
    assert (after.captured, after.refunded, after.state) == (won(80_000), won(0), WebPaymentState.CAPTURED)


@pytest.mark.row("S20")
def test_a_hold_is_released(shop: Connection, webstore: Webstore) -> None:
    payment = recorded(shop, webstore.pay())

    receipt = plugin.release_payment(shop, payment, won(89_000), delivery())

    assert (receipt.outcome, recorded(shop, payment.id).state) == (Outcome.ACCEPTED, WebPaymentState.RELEASED)


@pytest.mark.row("S20")
def test_what_was_taken_is_given_back_in_parts(shop: Connection, webstore: Webstore) -> None:
    payment = recorded(shop, webstore.pay(hold=False))
    plugin.refund_payment(shop, payment, won(9_000), delivery("d-1"))

    receipt = plugin.refund_payment(shop, payment, won(80_000), delivery("d-2"))

    after = recorded(shop, payment.id)
    assert (receipt.outcome, after.refunded, after.kept) == (Outcome.ACCEPTED, won(89_000), won(0))
    assert sorted(one.key for one in after.refunds) == ["d-1", "d-2"]


def test_a_refund_is_made_once_where_the_service_knows_no_keys(shop: Connection, webstore: Webstore) -> None:
    payment = recorded(shop, webstore.pay(hold=False))
    plugin.refund_payment(shop, payment, won(9_000), delivery("d-1"))

    plugin.refund_payment(shop, payment, won(9_000), delivery("d-1"))

    assert recorded(shop, payment.id).refunded == won(9_000)


def test_more_than_was_taken_is_not_given_back_where_the_service_would(
    shop: Connection, webstore: Webstore
) -> None:
    payment = recorded(shop, webstore.pay(hold=False))

    receipt = plugin.refund_payment(shop, payment, won(89_001), delivery())

    assert (receipt.outcome, recorded(shop, payment.id).refunded) == (Outcome.REFUSED, won(0))


def test_a_declined_payment_holds_nothing(shop: Connection, webstore: Webstore) -> None:
    payment = recorded(shop, webstore.pay(DECLINED))

    receipt = plugin.capture_payment(shop, payment, won(89_000), delivery())

    assert (payment.state, payment.why, payment.held) == (WebPaymentState.FAILED, "card_declined", won(0))
    assert (receipt.outcome, "The payment was declined" in str(receipt.words)) == (Outcome.REFUSED, True)


def test_a_payment_waits_for_its_customer_and_is_held_then(shop: Connection, webstore: Webstore) -> None:
    number = webstore.pay(CONFIRMED_BY_CUSTOMER)
    waiting = recorded(shop, number)

    with pytest.raises(Retryable, match="3-D Secure"):
        plugin.capture_payment(shop, waiting, won(89_000), delivery())
    webstore.confirm(number, success=True)

    assert (waiting.state, recorded(shop, number).state) == (
        WebPaymentState.REQUIRES_ACTION,
        WebPaymentState.HELD,
    )


def test_a_payment_that_its_customer_could_not_confirm_is_declined(
    shop: Connection, webstore: Webstore
) -> None:
    number = webstore.pay(CONFIRMED_BY_CUSTOMER)
    webstore.confirm(number, success=False)

    payment = recorded(shop, number)

    assert (payment.state, payment.why) == (WebPaymentState.FAILED, "payment_intent_authentication_failure")


def test_a_payment_that_is_not_there_is_refused(shop: Connection) -> None:
    with pytest.raises(Rejected):
        plugin.fetch_payment(shop, "pi_none")


def test_its_signed_events_name_the_payment(shop: Connection, webstore: Webstore) -> None:
    with listening() as (url, heard):
        webstore.listen(url, SECRET)
        number = webstore.pay(hold=False)
        # Events of payments that were begun before come as well.
        told = (plugin.receive_webhook(shop, heard.get(timeout=10)) for _ in range(20))
        result = next(one for one in told if number in {hint.payment_id for hint in one.hints})

    assert (result.event_id or "").startswith("evt_")
