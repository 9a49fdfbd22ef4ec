"""Webstores of quite other shapes, invented after real kinds, each read by a page of profile alone."""

from typing import Any

import pytest

from plugins.generic_webstore.shop import encoded, raw
from plugins.generic_webstore.whole import told
from tillbridge.model.totals import balanced
from tillbridge.plugin import WebOrder
from tillbridge_generic_webstore.language.loading import load_profile

HEAD = """
title = "Shape"
[connect]
base = "https://shop.example/"
[orders]
get = "orders"
query = { since = "{since}" }
since = { from = "placed" }
rows = "[]"
"""

# Amounts in cents with their own number of decimals, names in several languages, addresses by ID.
CENTS = """
[defaults]
money = { unit = "minor", amount = "cents", currency = "code", decimals = "digits" }
[order]
id = "key"
placed = "created.at"
currency = "sum.code"
total = "sum"
total_tax = "taxed.tax"
standing = [{ of = "paid", map = { Paid = "open", Pending = "unpaid", "(none)" = "unpaid" } }]
charges = [{ kind = "shipping", title = "ship.name", net = "ship.taxed.net", gross = "ship.taxed.gross" }]
[order.shipping_address]
name = "find(addresses, 'id', ship_to).words(first, last)"
city = "find(addresses, 'id', ship_to).city"
[lines]
from = "lines"
id = "id"
name = "first(name.ko, name.en, values(name)[0])"
quantity = "quantity"
net = "taxed.net"
gross = "taxed.gross"
includes_tax = "rate.included"
sku = "variant.sku"
gtin = "variant.attributes[?name == 'ean'].value"
"""
EUR = {"code": "EUR", "digits": 2}
CENTS_ORDER = {
    "key": "7f-3",
    "created": {"at": "2026-11-02T09:30:00.000Z"},
    "sum": {"cents": 6545, **EUR},
    "taxed": {"tax": {"cents": 1045, **EUR}},
    "paid": "Paid",
    "ship": {"name": "DHL", "taxed": {"net": {"cents": 500, **EUR}, "gross": {"cents": 595, **EUR}}},
    "ship_to": 2,
    "addresses": [{"id": "1", "city": "Ulm"}, {"id": "2", "first": "Ann", "last": "Lee", "city": "Bonn"}],
    "lines": [
        {
            "id": "a",
            "name": {"de": "Glocke"},
            "quantity": 5,
            "rate": {"included": True},
            "taxed": {"net": {"cents": 50000, "code": "EUR", "digits": 3}, "gross": {"cents": 5950, **EUR}},
            "variant": {"sku": "B", "attributes": [{"name": "ean", "value": "4006381333931"}]},
        }
    ],
}

# Prices in won with the tax in them, no tax anywhere, one name, flags of one letter, times without a zone.
KOREAN = """
[defaults]
zone = "Asia/Seoul"
country = "KR"
[order]
id = "order_id"
placed = "order_date"
currency = "'KRW'"
total = "replace(payment_amount, ',', '')"
paid = "paid=='T'"
shipping_address = { name = "receiver.name", line1 = "receiver.address", postcode = "receiver.zip" }
standing = [
  { of = "canceled", map = { F = "-", T = "cancelled" } },
  { of = "items[].status", map = { N10 = "open", N20 = "open", N40 = "fulfilled", C40 = "-" } },
]
charges = [
  { kind = "shipping", gross = "num(shipping_fee)", tax_rate = "'0.1'" },
  { kind = "discount", sign = -1, spread = true, gross = "coupon" },
]
[order.customer]
name = "buyer.name"
email = "buyer.email"
phone = "buyer.cellphone"
virtual_phones = ["050"]
[lines]
from = "items"
skip = ["status=='C40'"]
id = "item_no"
name = "product_name"
options = "option_value"
quantity = "quantity"
amount = "mul(add(product_price, option_price), quantity)"
includes_tax = "`true`"
tax_rate = "'0.1'"
product_id = "product_no"
variant_id = "variant_code"
"""
KOREAN_ORDER = {
    "order_id": "20261102-0000011",
    "order_date": "2026-11-02 18:30:00",
    "payment_amount": "31,500",
    "paid": "T",
    "canceled": "F",
    "shipping_fee": "2500",
    "coupon": "1000.00",
    "buyer": {"name": "김민수", "email": "k@shop.example", "cellphone": "0504-1234-5678"},
    "receiver": {"name": "김민수", "address": "서울 마포구", "zip": "03980"},
    "items": [
        {
            "item_no": 1,
            "product_name": "헬멧",
            "option_value": "M",
            "quantity": 2,
            "product_price": "14000.00",
            "option_price": "1000.00",
            "status": "N10",
            "product_no": 9,
            "variant_code": "P9A",
        },
        {"item_no": 2, "product_name": "벨", "quantity": 1, "product_price": "5000.00", "status": "C40"},
    ],
}

# One row a ticket, goods in another list, seconds since 1970, prices by a divisor, tax remitted by others.
TICKETS = """
[defaults]
money = { amount = "amount", divisor = "divisor", currency = "currency_code" }
time = "epoch"
[order]
id = "receipt_id"
placed = "created"
updated = "updated"
currency = "grand.currency_code"
total = "grand"
kind = "'bopis'"
standing = [
  { of = "status", map = { completed = "fulfilled", paid = "open" } },
  { of = "refunds[].status", map = { success = "refunded" } },
]
charges = [{ kind = "fee", title = "'Booking fee'", gross = "fee" }, { kind = "tip", gross = "tip" }]
[[order.tenders]]
each = "payments"
when = "state=='confirmed'"
kind_from = "provider"
kinds = { giftcard = "gift_card", card = "card" }
amount = "amount"
[lines]
from = "positions"
join.goods = { from = "_order.goods", key = "id", on = "item" }
skip = ["canceled"]
group_by = ["item", "price.amount"]
id = "id"
name = "_goods.name"
quantity = "`1`"
gross = "price"
tax = "tax"
marketplace_tax = "tax"
sku = "_goods.code"
"""


def cents(amount: int) -> dict[str, Any]:
    return {"amount": amount, "divisor": 100, "currency_code": "USD"}


TICKETS_ORDER = {
    "receipt_id": 88,
    "created": 1793579400,
    "updated": "1793579460",
    "grand": cents(3450),
    "fee": cents(100),
    "tip": cents(50),
    "status": "paid",
    "refunds": [],
    "payments": [
        {"state": "confirmed", "provider": "giftcard", "amount": cents(1000)},
        {"state": "failed", "provider": "card", "amount": cents(2450)},
        {"state": "confirmed", "provider": "card", "amount": cents(2450)},
    ],
    "goods": [{"id": 5, "name": "Seat", "code": "SEAT"}, {"id": 6, "name": "Box", "code": "BOX"}],
    "positions": [
        {"id": 1, "item": 5, "price": cents(1100), "tax": cents(100)},
        {"id": 2, "item": 5, "price": cents(1100), "tax": cents(100)},
        {"id": 3, "item": 6, "price": cents(1100), "tax": cents(100)},
        {"id": 4, "item": 6, "price": cents(1100), "tax": cents(100), "canceled": True},
    ],
}

# Numbers with float noise, net prices, tax as a rate in percent, lines as an object by ID, everything nested.
NESTED = """
[order]
id = "order.entity.id"
number = "order.entity.shown"
placed = "words(order.date, order.time)"
currency = "upper(order.currency)"
total = "order.totals[?code == 'total'].value | [0]"
total_tax = "total(order.totals[?code == 'tax'].value)"
standing = [{ of = "order.entity.state.name", map = { Open = "open" } }]
[[order.charges]]
kind = "shipping"
each = "order.totals[?code == 'shipping']"
title = "title"
amount = "value"
includes_tax = "`false`"
[[order.charges]]
kind = "rounding"
gross = "order.totals[?code == 'rounding'].value | [0]"
[defaults]
zone = "UTC"
[lines]
from = "values(order.products)"
id = "row"
name = "name"
quantity = "qty"
net = "mul(price, qty)"
tax_rate = "div(num(tax_percent), `100`)"
sku = "model"
"""
NESTED_ORDER = {
    "order": {
        "entity": {"id": 31, "shown": "W-31", "state": {"name": "Open"}},
        "date": "2026-11-02",
        "time": "09:30",
        "currency": "chf",
        "products": {
            "p1": {
                "row": 1,
                "name": "Bell",
                "qty": "1.5",
                "price": 10.799999999999999,
                "tax_percent": "8.1",
                "model": "B",
            },
            "p2": {"row": 2, "name": "Lock", "qty": 1, "price": 20, "tax_percent": 0, "model": ""},
        },
        "totals": [
            {"code": "shipping", "title": "Post", "value": 7},
            {"code": "tax", "value": 1.31},
            {"code": "rounding", "value": -0.01},
            {"code": "total", "value": 44.50},
        ],
    }
}


@pytest.mark.parametrize(
    ("profile", "order", "expected"),
    [
        pytest.param(
            CENTS,
            CENTS_ORDER,
            {
                "number": "7f-3",
                "lines": [["a", "5", "59.5", "9.5", "0", "gtin 4006381333931, sku B"]],
                "shipping": "5.95",
                "tax": "10.45",
                "total": "65.45",
                "tenders": [["other", "65.45"]],
            },
            id="cents",
        ),
        pytest.param(
            KOREAN,
            KOREAN_ORDER,
            {
                "placed": "2026-11-02T09:30:00Z",
                "customer": ["", "김민수", "k@shop.example", "0504-1234-5678"],
                "lines": [["1", "2", "29000", "2636", "1000", "product 9/P9A"]],
                "shipping": "2500",
                "tax": "2863",
                "total": "31500",
                "paid": True,
            },
            id="korean",
        ),
        pytest.param(
            TICKETS,
            TICKETS_ORDER,
            {
                "placed": "2026-11-02T00:30:00Z",
                "updated": "2026-11-02T00:31:00Z",
                "kind": "bopis",
                "lines": [["1,2", "2", "22", "2", "0", "sku SEAT"], ["3", "1", "11", "1", "0", "sku BOX"]],
                "fees": "1",
                "tip": "0.5",
                "total": "34.5",
                "tenders": [["gift_card", "10"], ["card", "24.5"]],
            },
            id="tickets",
        ),
        pytest.param(
            NESTED,
            NESTED_ORDER,
            {
                "number": "W-31",
                "placed": "2026-11-02T09:30:00Z",
                "currency": "CHF",
                "lines": [["1", "1.5", "17.51", "1.31", "0", "sku B"], ["2", "1", "20", "0", "0", ""]],
                "shipping": "7",
                "rounding": "-0.01",
                "tax": "1.31",
                "total": "44.5",
            },
            id="nested",
        ),
    ],
)
def test_an_order_of_another_shape(profile, order, expected):
    read = load_profile(HEAD + profile, "shape.toml").mapper.parse(raw(encoded(order)), {})

    assert isinstance(read, WebOrder)
    assert expected == {name: value for name, value in told(read).items() if name in expected}
    assert read == balanced(read)
