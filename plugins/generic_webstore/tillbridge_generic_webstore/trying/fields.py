"""What a web order has for each key of a profile: as it stands in the order, ready to be shown."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from tillbridge.plugin import Address, Amount, IdentifierKind, Money, WebLine, WebOrder
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.proposing.names import plain

Get = Callable[[Any], Any]
_ORDER: Final[Mapping[str, Get]] = {
    "id": lambda order: order.id,
    "number": lambda order: order.number,
    "kind": lambda order: order.kind.value,
    "placed": lambda order: order.placed_at,
    "updated": lambda order: order.updated_at,
    "revision": lambda order: order.revision,
    "currency": lambda order: order.currency,
    "total": lambda order: order.total,
    "total_tax": lambda order: sum((one.tax.decimal for one in order.amounts), Decimal(0)),
    "location": lambda order: order.location,
    "note": lambda order: order.note,
    "paid": lambda order: order.paid,
    "money": lambda order: order.money,
    "standing": lambda order: order.standing.value,
}
_CUSTOMER: Final[Mapping[str, Get]] = {
    "id": lambda one: one.id,
    "name": lambda one: one.full_name,
    "first_name": lambda one: one.first_name,
    "last_name": lambda one: one.last_name,
    "company": lambda one: one.company,
    "email": lambda one: one.email,
    "phone": lambda one: one.phone,
    "consent": lambda one: one.consent is not None,
}
_ADDRESS: Final[Mapping[str, Get]] = {
    "name": lambda one: one.name,
    "company": lambda one: one.company,
    "line1": lambda one: _street(one, 0),
    "line2": lambda one: _street(one, 1),
    "line3": lambda one: _street(one, 2),
    "city": lambda one: one.city,
    "region": lambda one: one.region,
    "postcode": lambda one: one.postcode,
    "country": lambda one: one.country,
    "phone": lambda one: one.phone,
}
_LINE: Final[Mapping[str, Get]] = {
    "id": lambda line: line.id,
    "name": lambda line: line.title,
    "options": lambda line: line.options,
    "quantity": lambda line: line.quantity,
    "unit_price": lambda line: line.unit_price,
    "discount": lambda line: line.discount,
    "net": lambda line: line.amount.net,
    "tax": lambda line: line.amount.tax,
    "gross": lambda line: line.amount.gross,
    "amount": lambda line: line.amount.gross if line.amount.tax_included else line.amount.net,
    "includes_tax": lambda line: line.amount.tax_included,
    "sku": lambda line: _number(line, IdentifierKind.SKU),
    "gtin": lambda line: _number(line, IdentifierKind.GTIN),
    "mpn": lambda line: _number(line, IdentifierKind.MPN),
    "vpn": lambda line: _number(line, IdentifierKind.VPN),
    "vendor": lambda line: line.vendor,
    "brand": lambda line: line.brand,
    "product_id": lambda line: _listing(line, parent=True),
    "variant_id": lambda line: _listing(line, parent=False),
}


def of_order(order: WebOrder, path: Path) -> Any:
    """Return what an order has for a key of `[order]`; None where there is nothing to be shown."""
    _, key, *more = path
    name = str(key)
    if name == "customer":
        get = _CUSTOMER.get(str(more[0]))
        return get(order.customer) if get else None
    if name in ("billing_address", "shipping_address"):
        address: Address | None = getattr(order, name)
        get = _ADDRESS.get(str(more[0]))
        return get(address) if get and address else None
    get = _ORDER.get(name)
    return get(order) if get else None


def of_line(line: WebLine, path: Path) -> Any:
    """Return what a line has for a key of `[lines]`."""
    get = _LINE.get(str(path[1]))
    return get(line) if get and len(path) == len(("lines", "key")) else None


def beside_lines(order: WebOrder) -> Iterator[tuple[str, str, Any]]:
    """Yield what an order has beside its lines, each with the table of the profile that it is from."""
    for charge in order.charges:
        yield _named(charge.kind.value, charge.title), "charges", charge.amount
    for discount in order.discounts:
        yield _named("discount", discount.title or discount.code or ""), "charges", discount.amount
    if order.tip:
        yield "tip", "charges", order.tip
    if order.rounding:
        yield "rounding", "charges", order.rounding
    for tender in order.tenders:
        yield _named(f"paid {tender.kind.value}", tender.title), "tenders", tender.amount


def _named(kind: str, title: str) -> str:
    """Add a title where it says more than the kind."""
    return kind if plain(title) in ("", plain(kind)) else f"{kind} {title}"


def shown(value: Any) -> str:
    """Return a value as people read it."""
    if isinstance(value, Amount):
        return f"{value.gross.decimal} ({value.net.decimal} + {value.tax.decimal})"
    if isinstance(value, Money):
        return str(value.decimal)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _street(address: Address, place: int) -> str:
    return address.street[place] if place < len(address.street) else ""


def _number(line: WebLine, kind: IdentifierKind) -> str:
    return ", ".join(line.values(kind))


def _listing(line: WebLine, *, parent: bool) -> str | None:
    if line.listing is None:
        return None
    if parent:
        return line.listing.parent_id or line.listing.item_id
    return line.listing.item_id if line.listing.parent_id else None
