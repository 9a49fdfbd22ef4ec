"""tillbridge's provider for Locally (www.locally.com): reservations and orders for pick-up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from tillbridge.plugin import (
    Capability,
    Connection,
    ConnectionCheck,
    Exporting,
    FilesUse,
    NotAnOrder,
    Offer,
    OrderPage,
    PaidOrder,
    Provider,
    RawOrder,
    Receipt,
    Said,
    StatusDelivery,
    WebhookRequest,
    WebhookResult,
    WebHours,
    WebOrder,
    WebPayment,
    hookimpl,
)
from tillbridge_locally.checking import check
from tillbridge_locally.feed import push_feed
from tillbridge_locally.fetching import fetch_one, fetch_pages
from tillbridge_locally.mapping import parse
from tillbridge_locally.money import payments_of
from tillbridge_locally.opening import hours_of
from tillbridge_locally.pushing import push
from tillbridge_locally.receiving import receive
from tillbridge_locally.settings import Settings, account_key, http_settings, settings_of


@hookimpl
def providers() -> Sequence[Provider]:
    """Offer Locally."""
    return [
        Provider(
            name="locally",
            title="Locally",
            settings=Settings,
            account_key=account_key,
            http=http_settings,
            capabilities=frozenset(
                {
                    Capability.ORDERS,
                    Capability.CHECK,
                    Capability.ADMIN_URL,
                    Capability.STATUS,
                    Capability.WEBHOOKS,
                    Capability.SNAPSHOT,
                    Capability.HOURS,
                    Capability.PAYMENTS,
                }
            ),
            status_is_absolute=True,
            hears=frozenset({Said.ACCEPTED, Said.REJECTED, Said.READY, Said.RESOLVED, Said.PICKED_UP}),
            hears_lines=True,
            charges_on_acceptance=True,
            # Published: told anew each day; after three days without, the shop is switched off.
            exporting=Exporting(refresh=timedelta(hours=24), expires=timedelta(hours=72), by_files=True),
            files=FilesUse.OPTIONAL,
            reservations_only=lambda settings: settings.reservations_only,
            accept_minutes=lambda settings: settings.accept_hours * 60,
            sandbox="tillbridge_locally.sandbox",
        )
    ]


@hookimpl
def check_connection(connection: Connection) -> ConnectionCheck:
    """Say whose account this is."""
    return check(connection)


@hookimpl
def fetch_orders(connection: Connection, cursor: str | None) -> Iterator[OrderPage]:
    """Yield new and changed orders."""
    return fetch_pages(connection, cursor)


@hookimpl
def fetch_order(connection: Connection, order_id: str) -> RawOrder:
    """Return one order as it is now."""
    return fetch_one(connection, order_id)


@hookimpl
def parse_order(connection: Connection, raw: RawOrder) -> WebOrder | NotAnOrder:
    """Turn one order's bytes into a web order."""
    return parse(raw, settings_of(connection))


@hookimpl
def fetch_hours(connection: Connection) -> Mapping[str, WebHours]:
    """Return the hours that Locally shows for the stores."""
    return hours_of(connection)


@hookimpl
def receive_webhook(connection: Connection, request: WebhookRequest) -> WebhookResult:
    """Say which order an event is about."""
    return receive(connection, request)


@hookimpl
def push_status(connection: Connection, delivery: StatusDelivery) -> Receipt:
    """Confirm or deny an order's items, say that they are ready, picked up, or how a reservation ended."""
    return push(connection, delivery)


@hookimpl
def record_payment(connection: Connection, order: PaidOrder) -> Sequence[WebPayment]:
    """Return what Locally held, charged and gave back for an order."""
    return payments_of(order, settings_of(connection))


@hookimpl
def push_snapshot(connection: Connection, offers: Iterator[Offer]) -> Receipt:
    """Send the inventory feed."""
    return push_feed(connection, offers)


@hookimpl
def order_admin_url(connection: Connection, order: WebOrder) -> str | None:
    """Return the order's page in Locally Station (proposed path; the parser has checked the hash)."""
    settings = settings_of(connection)
    return f"{settings.base_url.rstrip('/')}/station/orders/{order.id}"
