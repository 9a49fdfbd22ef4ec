"""Settings, orders and deliveries that the tests of the Stripe plugin use."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from plugins.stripe_payments.double import KEY
from tillbridge.clock import Clock
from tillbridge.http import HttpClient
from tillbridge.model.stores import Store
from tillbridge.plugin import (
    Connection,
    Money,
    OrderKind,
    PaidOrder,
    PaymentDelivery,
    Standing,
    Tender,
    TenderKind,
    WebCustomer,
    WebOrder,
)
from tillbridge_stripe_payments.settings import Settings, http_settings

Connect = Callable[..., Connection]
SECRET = "whsec_4f1c0a7e2b9d"
SETTINGS: dict[str, Any] = {
    "account": "acct_1",
    "mode": "test",
    "secret_key": KEY,
    "webhook_secret": SECRET,
}


@contextmanager
def connected(
    clock: Clock, *, transport: httpx.BaseTransport | None = None, **changed: object
) -> Iterator[Connection]:
    """Connect by a clock, with changed settings; without a base_url to Stripe's own address."""
    settings = Settings.model_validate(SETTINGS | changed)
    with HttpClient(http_settings(settings), clock=clock, transport=transport) as http:
        yield Connection(
            name="stripe",
            settings=settings,
            http=http,
            orders_from=clock.now(),
            now=clock.now,
            store=_no_store,
            log=logging.getLogger("tillbridge.plugin.stripe"),
        )


def _no_store(location: str | None) -> Store:
    raise AssertionError(f"a payment service has no stores, {location} neither")


def won(amount: int) -> Money:
    return Money(amount, "KRW")


def order(
    number: str = "1001", *, references: tuple[str, ...] = (), placed_at: datetime | None = None
) -> PaidOrder:
    """An order of 89,000 won, paid at the webstore; its payload names these payments."""
    total = won(89_000)
    placed = placed_at or datetime(2026, 3, 2, 0, 59, tzinfo=UTC)
    tenders = tuple(Tender(kind=TenderKind.CARD, amount=total, reference=one) for one in references)
    made = WebOrder(
        id=number,
        number=f"#{number}",
        kind=OrderKind.BOPIS,
        standing=Standing.OPEN,
        placed_at=placed,
        currency="KRW",
        total=total,
        lines=(),
        customer=WebCustomer(full_name="김하늘"),
        paid=True,
        tenders=tenders,
    )
    return PaidOrder(order=made, webstore="shop")


def delivery(key: str = "d-1", number: str = "1001") -> PaymentDelivery:
    return PaymentDelivery(key=key, order_id=number, number=f"#{number}", webstore="shop")
