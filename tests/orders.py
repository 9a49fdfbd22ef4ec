"""Web orders for tests: one plain order, and what may be different about it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import Money
from tillbridge.model.orders import (
    Amount,
    LineIdentifier,
    ListingRef,
    OrderKind,
    Standing,
    WebCustomer,
    WebLine,
    WebOrder,
)

PLACED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HELMET = "04006381333931"
PUMP = "00727602259178"


def won(minor: int) -> Money:
    return Money(minor, "KRW")


def line(number: str = "1", *, gtin: str = HELMET, price: int = 50_000, **more: Any) -> WebLine:
    """A line of one piece; `identifiers` and the like may be given instead."""
    quantity = more.pop("quantity", Decimal(1))
    identifiers = more.pop("identifiers", (LineIdentifier(kind=IdentifierKind.GTIN, value=gtin),))
    return WebLine(
        id=number,
        title=more.pop("title", f"item {number}"),
        quantity=quantity,
        amount=more.pop("amount", Amount(net=won(price) if quantity == 1 else won(int(price * quantity)))),
        listing=more.pop("listing", ListingRef(item_id=f"L{gtin[-4:]}")),
        identifiers=identifiers,
        **more,
    )


def order(order_id: str = "A1", *lines: WebLine, **more: Any) -> WebOrder:
    """A reservation of Kim Minsu's in won; its total is the sum of its lines unless it is given."""
    lines = lines or (line(),)
    values: dict[str, Any] = {
        "number": order_id,
        "kind": OrderKind.ROPIS,
        "standing": Standing.OPEN,
        "placed_at": PLACED,
        "currency": "KRW",
        "total": more.get("total") or won(sum(one.amount.gross.minor for one in lines)),
        "lines": lines,
        "customer": WebCustomer(id="w1", full_name="김민수", email="minsu@example.com"),
        "paid": False,
    }
    return WebOrder(id=order_id, **{**values, **more})
