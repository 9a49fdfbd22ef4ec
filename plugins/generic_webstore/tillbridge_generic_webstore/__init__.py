"""tillbridge's providers for any webstore: each is described by a profile, a page of TOML."""

from collections.abc import Iterator, Mapping, Sequence

from tillbridge.plugin import (
    Connection,
    ConnectionCheck,
    ListingPage,
    NotAnOrder,
    Offer,
    OrderPage,
    Provider,
    RawOrder,
    Receipt,
    StatusDelivery,
    WebhookRequest,
    WebhookResult,
    WebOrder,
    Words,
    hookimpl,
)
from tillbridge_generic_webstore.checking import check
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.providers import provider_of, webstore_of
from tillbridge_generic_webstore.settings import public_values
from tillbridge_generic_webstore.telling import Teller
from tillbridge_generic_webstore.webstores import find, problems


@hookimpl
def providers() -> Sequence[Provider]:
    """Offer one provider for each preset, and for each profile of the shop's own."""
    return [provider_of(one) for one in find().webstores.values()]


@hookimpl
def provider_problems() -> Sequence[Words]:
    """Say which profiles cannot be used, with every mistake in them."""
    return problems()


@hookimpl
def check_connection(connection: Connection) -> ConnectionCheck:
    """Say whose account this is, and try how the webstore's list is asked."""
    return check(connection, _compiled(connection))


@hookimpl
def fetch_orders(connection: Connection, cursor: str | None) -> Iterator[OrderPage]:
    """Yield new and changed orders."""
    return _compiled(connection).lister.pages(connection, cursor)


@hookimpl
def fetch_order(connection: Connection, order_id: str) -> RawOrder:
    """Return one order as it is now."""
    return _compiled(connection).lister.fetch_one(connection, order_id)


@hookimpl
def parse_order(connection: Connection, raw: RawOrder) -> WebOrder | NotAnOrder:
    """Turn one order's bytes into a web order."""
    return _compiled(connection).mapper.parse(raw, public_values(connection.settings))


@hookimpl
def receive_webhook(connection: Connection, request: WebhookRequest) -> WebhookResult:
    """Say which orders a request is about."""
    hearer = _compiled(connection).hearer
    assert hearer is not None  # else the provider would not declare it
    return hearer.receive(connection, request)


@hookimpl
def push_status(connection: Connection, delivery: StatusDelivery) -> Receipt:
    """Tell the webstore what became of an order."""
    return _teller(connection).push_status(connection, delivery)


@hookimpl
def push_inventory(connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:
    """Tell the webstore how many pieces there are."""
    return _teller(connection).push_inventory(connection, offers)


@hookimpl
def push_prices(connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:
    """Tell the webstore what these cost."""
    return _teller(connection).push_prices(connection, offers)


@hookimpl
def fetch_listings(connection: Connection, cursor: str | None) -> Iterator[ListingPage]:
    """Yield what the webstore lists."""
    listings = _compiled(connection).listings
    assert listings is not None  # else the provider would not declare it
    return listings.pages(connection, cursor)


@hookimpl
def order_admin_url(connection: Connection, order: WebOrder) -> str | None:
    """Return the order's page in the webstore's own admin."""
    return _compiled(connection).lister.admin_url(connection, order)


def _compiled(connection: Connection) -> CompiledProfile:
    return webstore_of(connection.settings).compiled


def _teller(connection: Connection) -> Teller:
    teller = _compiled(connection).teller
    assert teller is not None  # else the provider would not declare it
    return teller
