"""The floor: the least that anybody could do for the same rows, with no abstraction in between.

One httpx client, the same fields parsed by slim pydantic models, one query a page for products and one for
customers, and hand-written `executemany`: every row that tillbridge writes, in the same four commits a page
with the same `synchronous`. It does not match by rank, explain itself, survive a crash between two commits,
look whether an order came before, or know any webstore but this one.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import httpx
import msgspec
from pydantic import BaseModel

from benchmarks import goods
from benchmarks.raw import Raw
from benchmarks.scene import PAGE, Place

_ADD_STOCK = (
    "ON CONFLICT (store, product_id) DO UPDATE SET on_hand_e4 = pos_stock.on_hand_e4 + excluded.on_hand_e4"
)


class Item(BaseModel):
    """The fields of an item that tillbridge reads too."""

    id: int
    upc: str
    qty: Decimal
    price_per_unit: Decimal
    tax_per_unit: Decimal
    message: str
    product_id: str
    product_title: str
    part_number: str
    vendor: str
    brand: str
    status: str


class Cart(BaseModel):
    """The fields of a cart that tillbridge reads too."""

    hash: str
    status: str
    payment_status: str
    ordered_at: datetime
    updated_at: datetime
    user_id: int
    store_id: str
    currency: str
    for_hold: bool
    for_delivery: bool
    subtotal: Decimal
    tax_total: Decimal
    shipping_cost_total: Decimal
    grand_total: Decimal
    first_name: str
    last_name: str
    email: str
    phone: str
    address: str
    address_2: str
    city: str
    state: str
    zip: str
    country: str
    mailing_consent: bool
    items: list[Item]


class User(BaseModel):
    """Who was signed in."""

    email: str


class Order(BaseModel):
    """One order."""

    cart: Cart
    user: User


class _Listed(msgspec.Struct):
    hash: str
    updated_at: str
    order: msgspec.Raw


class _Data(msgspec.Struct):
    more: bool
    orders: list[_Listed]


class _Answer(msgspec.Struct):
    data: _Data


class _Read(NamedTuple):
    """One order of a page: its number among all, its bytes, what they say, and who bought."""

    number: int
    raw: bytes
    order: Order
    document: str
    digest: str


@contextmanager
def ready(place: Place) -> Iterator[Callable[[], int]]:
    """Open client and database; the work imports every order and answers how many there were."""
    raw = Raw(place)
    with httpx.Client(base_url=place.webstore_url) as client:
        yield lambda: _import(client, raw)
    raw.close()


def _import(client: httpx.Client, raw: Raw) -> int:
    done, place = 0, _Listed("", goods.FIRST_ORDER.isoformat(), msgspec.Raw())
    while True:
        response = client.get(
            "/api/v2/orders",
            params={"after_updated_at": place.updated_at, "after_hash": place.hash, "limit": PAGE},
        )
        data = msgspec.json.decode(response.content, type=_Answer).data
        page = [_read(done + at, one) for at, one in enumerate(data.orders, start=1)]
        _write(raw, page)
        done += len(page)
        if not data.more:
            return done
        place = data.orders[-1]


def _read(number: int, listed: _Listed) -> _Read:
    content = bytes(listed.order)
    order = Order.model_validate_json(content)
    document = order.model_dump_json()
    return _Read(number, content, order, document, hashlib.sha256(document.encode()).hexdigest())


def _write(raw: Raw, page: list[_Read]) -> None:
    now = raw.moment(datetime.now(UTC))
    with raw.transaction():
        _keep(raw, page, now)
    products = _products(raw, page)
    customers = _customers(raw, page)
    with raw.transaction():
        _settle(raw, page, (products, customers), now)
    with raw.transaction():
        _sell(raw, page, (products, customers), now)
    with raw.transaction():
        _answer(raw, page, customers, now)


def _gtin(item: Item) -> str:
    return item.upc.zfill(14)


def _products(raw: Raw, page: list[_Read]) -> dict[str, int]:
    wanted = {_gtin(item) for one in page for item in one.order.cart.items}
    return dict(
        raw.ask_in("SELECT value, product_id FROM pos_identifiers WHERE kind = 'gtin' AND value IN", wanted)
    )


def _customers(raw: Raw, page: list[_Read]) -> dict[str, int]:
    wanted = {one.order.cart.email for one in page}
    return dict(
        raw.ask_in("SELECT email_key, customer_id FROM pos_customer_emails WHERE email_key IN", wanted)
    )


Found = tuple[dict[str, int], dict[str, int]]


def _keep(raw: Raw, page: list[_Read], now: object) -> None:
    raw.insert(
        "payloads",
        "connection_id, webstore_id, parts, digest, source, started_at, ended_at, handled",
        [
            (
                1,
                one.order.cart.hash,
                one.raw,
                hashlib.sha256(one.raw).hexdigest(),
                "poll",
                now,
                now,
                False,
            )
            for one in page
        ],
    )
    raw.many("UPDATE connections SET cursor = ? WHERE id = 1", [(page[-1].order.cart.hash,)])


def _settle(raw: Raw, page: list[_Read], found: Found, now: object) -> None:
    raw.insert(
        "orders",
        "id, connection_id, webstore_id, order_key, payload_id, version, content_hash, seen_started, "
        "seen_ended, seen_updated, number, kind, standing, store, currency, total_minor, customer_name, "
        "placed_at, reasons, web_customer_id, customer_id, customer_evidence, attempt, imported_at, "
        "changed_at",
        [_order_row(raw, one, found, now) for one in page],
    )
    raw.insert(
        "order_versions",
        "order_id, number, content_hash, document, payload_id, seen_at",
        [(one.number, 1, one.digest, one.document, one.number, now) for one in page],
    )
    raw.insert(
        "order_lines",
        "order_id, position, line_id, title, sku, gtin, quantity, total_minor, listing_id, product_id, "
        "product, evidence",
        [row for one in page for row in _line_rows(one, found)],
    )
    raw.insert(
        "listings",
        "connection_id, item_id, title, identifiers",
        [
            (1, item.product_id, item.product_title, json.dumps([["gtin", item.upc]]))
            for one in page
            for item in one.order.cart.items
        ],
        then="ON CONFLICT (connection_id, item_id) DO NOTHING",
    )
    raw.insert(
        "attempts",
        "order_id, number, version, content_hash, draft, state, created_at",
        [(one.number, 1, 1, one.digest, _draft(one, found), "unanswered", now) for one in page],
    )
    raw.many("UPDATE payloads SET handled = ? WHERE id = ?", [(True, one.number) for one in page])


def _order_row(raw: Raw, one: _Read, found: Found, now: object) -> tuple[Any, ...]:
    cart = one.order.cart
    customer = f"C{found[1][cart.email]}"
    placed = raw.moment(cart.ordered_at)
    return (
        one.number,
        1,
        cart.hash,
        f"locally:4711:{cart.hash}",
        one.number,
        1,
        one.digest,
        now,
        now,
        placed,
        cart.hash,
        "ropis",
        "open",
        goods.STORE,
        cart.currency,
        int(cart.grand_total),
        f"{cart.first_name} {cart.last_name}",
        placed,
        "[]",
        str(cart.user_id),
        customer,
        json.dumps({"rule": "email", "keys": [cart.email], "candidates": [{"id": customer}]}),
        1,
        now,
        now,
    )


def _line_rows(one: _Read, found: Found) -> Iterator[tuple[Any, ...]]:
    for position, item in enumerate(one.order.cart.items, start=1):
        product = f"P{found[0][_gtin(item)]}"
        yield (
            one.number,
            position,
            str(item.id),
            item.product_title,
            item.part_number,
            item.upc,
            str(item.qty),
            int(item.price_per_unit * item.qty),
            item.product_id,
            product,
            item.product_title,
            json.dumps({"rule": "gtin", "keys": [item.upc], "candidates": [{"id": product}]}),
        )


def _draft(one: _Read, found: Found) -> str:
    cart = one.order.cart
    items = [
        {
            "product": found[0][_gtin(item)],
            "title": item.product_title,
            "quantity": str(item.qty),
            "net": int((item.price_per_unit - item.tax_per_unit) * item.qty),
            "tax": int(item.tax_per_unit * item.qty),
            "line": item.id,
        }
        for item in cart.items
    ]
    head = {"order": cart.hash, "store": goods.STORE, "customer": found[1][cart.email], "items": items}
    return json.dumps(head)


def _sell(raw: Raw, page: list[_Read], found: Found, now: object) -> None:
    raw.insert("pos_orders", "order_key, customer_updated", [(_key(one), True) for one in page])
    raw.insert(
        "pos_sales",
        "id, barcode, order_key, number, state, store, customer_id, kind, currency, total_minor, placed_at, "
        "opened_at, changed_at",
        [_sale_row(raw, one, found, now) for one in page],
    )
    items = [row for one in page for row in _item_rows(one, found)]
    raw.insert(
        "pos_sale_items",
        "sale_id, position, kind, product_id, description, quantity_e4, net_minor, tax_minor, web_line_id",
        items,
    )
    raw.insert(
        "pos_sale_comments",
        "sale_id, text, at",
        [(one.number, f"bench {one.order.cart.hash}", now) for one in page],
    )
    raw.insert(
        "pos_stock",
        "store, product_id, on_hand_e4",
        sorted((goods.STORE, product, -quantity) for _, _, _, product, _, quantity, *_ in items),
        then=_ADD_STOCK,
    )
    raw.insert(
        "pos_stock_movements",
        "store, product_id, quantity_e4, reason, sale_id, at",
        [
            (goods.STORE, product, -quantity, "sale", sale, now)
            for sale, _, _, product, _, quantity, *_ in items
        ],
    )
    raw.insert(
        "pos_attempts",
        "order_key, number, answer, sale_id, answered_at",
        [(_key(one), 1, "opened", one.number, now) for one in page],
    )


def _key(one: _Read) -> str:
    return f"locally:4711:{one.order.cart.hash}"


def _barcode(number: int) -> str:
    return f"29{number:010d}0"


def _sale_row(raw: Raw, one: _Read, found: Found, now: object) -> tuple[Any, ...]:
    cart = one.order.cart
    return (
        one.number,
        _barcode(one.number),
        _key(one),
        1,
        "open",
        goods.STORE,
        found[1][cart.email],
        "ropis",
        cart.currency,
        int(cart.grand_total),
        raw.moment(cart.ordered_at),
        now,
        now,
    )


def _item_rows(one: _Read, found: Found) -> Iterator[tuple[Any, ...]]:
    for position, item in enumerate(one.order.cart.items, start=1):
        net, tax = item.price_per_unit - item.tax_per_unit, item.tax_per_unit
        yield (
            one.number,
            position,
            "product",
            found[0][_gtin(item)],
            item.product_title,
            int(item.qty * 10_000),
            int(net * item.qty),
            int(tax * item.qty),
            str(item.id),
        )


def _answer(raw: Raw, page: list[_Read], customers: dict[str, int], now: object) -> None:
    raw.many(
        "UPDATE attempts SET state = 'opened', answered_at = ? WHERE order_id = ? AND number = 1",
        [(now, one.number) for one in page],
    )
    raw.many(
        "UPDATE orders SET status = 'New', sold_attempt = 1, sold_hash = ?, sale_id = ?, barcode = ?, "
        "sale_state = 'open', changed_at = ?, revision = 2 WHERE id = ?",
        [(one.digest, f"S{one.number}", _barcode(one.number), now, one.number) for one in page],
    )
    raw.insert(
        "customer_links",
        "connection_id, web_customer_id, customer_id, linked_by, linked_at",
        [
            (1, str(one.order.cart.user_id), f"C{customers[one.order.cart.email]}", "floor", now)
            for one in page
        ],
        then="ON CONFLICT (connection_id, web_customer_id) DO NOTHING",
    )
    raw.insert(
        "timeline",
        "order_id, at, who, what, en, ko",
        [(one.number, now, "tillbridge", "sale opened", *_said(one.number)) for one in page],
    )


def _said(number: int) -> tuple[str, str]:
    barcode = _barcode(number)
    return (
        f"The sale was opened; its barcode is {barcode}.",
        f"거래가 생성되었습니다. 판매 바코드는 {barcode}입니다.",
    )
