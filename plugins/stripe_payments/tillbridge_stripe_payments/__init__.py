"""tillbridge's provider for Stripe (stripe.com): holds, captures, releases and refunds of web orders."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tillbridge.plugin import (
    Capability,
    Connection,
    ConnectionCheck,
    Money,
    PaidOrder,
    PaymentDelivery,
    PaymentEntry,
    PaymentReceipt,
    Provider,
    WebhookRequest,
    WebhookResult,
    WebPayment,
    hookimpl,
)
from tillbridge_stripe_payments.acting import capture, refund, release
from tillbridge_stripe_payments.checking import check
from tillbridge_stripe_payments.finding import payments_of
from tillbridge_stripe_payments.listing import entries
from tillbridge_stripe_payments.reading import fetch
from tillbridge_stripe_payments.receiving import receive
from tillbridge_stripe_payments.settings import Settings, account_key, http_settings


@hookimpl
def providers() -> Sequence[Provider]:
    """Offer Stripe."""
    return [
        Provider(
            name="stripe",
            title="Stripe",
            settings=Settings,
            account_key=account_key,
            http=http_settings,
            capabilities=frozenset(
                {
                    Capability.CHECK,
                    Capability.PAYMENTS,
                    Capability.PAYMENT_ACTS,
                    Capability.PAYMENT_LIST,
                    Capability.WEBHOOKS,
                }
            ),
        )
    ]


@hookimpl
def check_connection(connection: Connection) -> ConnectionCheck:
    """Say whose account this is, and whether the key may do enough."""
    return check(connection)


@hookimpl
def record_payment(connection: Connection, order: PaidOrder) -> Sequence[WebPayment]:
    """Return what Stripe holds or took for an order."""
    return payments_of(connection, order)


@hookimpl
def fetch_payment(connection: Connection, payment_id: str) -> WebPayment:
    """Return one payment as Stripe has it now."""
    return fetch(connection, payment_id)


@hookimpl
def capture_payment(
    connection: Connection, payment: WebPayment, amount: Money, delivery: PaymentDelivery
) -> PaymentReceipt:
    """Take a hold, whole or in part."""
    return capture(connection, payment, amount, delivery)


@hookimpl
def release_payment(
    connection: Connection, payment: WebPayment, amount: Money, delivery: PaymentDelivery
) -> PaymentReceipt:
    """Give up a hold."""
    return release(connection, payment, amount, delivery)


@hookimpl
def refund_payment(
    connection: Connection, payment: WebPayment, amount: Money, delivery: PaymentDelivery
) -> PaymentReceipt:
    """Give back what was taken, whole or in part."""
    return refund(connection, payment.id, amount, delivery)


@hookimpl
def list_payments(connection: Connection, since: datetime, until: datetime) -> Iterator[PaymentEntry]:
    """Yield what moved at Stripe in a span."""
    return entries(connection, since, until)


@hookimpl
def receive_webhook(connection: Connection, request: WebhookRequest) -> WebhookResult:
    """Say which payment an event is about."""
    return receive(connection, request)
