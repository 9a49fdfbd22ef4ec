"""A webstore that is an office program with one address for everything, read and told by a page of profile.

Its calls are remote procedures whose arguments have no names, its IDs are numbers, what belongs to an order
is named by pairs of a number and a title, and what is empty is false. It is invented after a real kind.
"""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx

from plugins.generic_webstore.connecting import NOW, Connected, opened
from plugins.generic_webstore.whole import told
from tillbridge.plugin import Outcome, Said, StatusDelivery, WebOrder
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.settings import settings_model

URL = "https://office.example/rpc"
PROFILE = """
title = "Office"
[settings]
url = { ask = "Address", kind = "url" }
user = { ask = "User's number", kind = "number" }
api_key = { ask = "Key", secret = true }

[defaults]
nothing = [false]
zone = "UTC"

[connect]
base = "{url}/"
error = "error.message"

[orders]
post = "rpc"
rows = "result[]"
paging = { by = "since", size = 2 }
since = { format = "%Y-%m-%d %H:%M:%S" }

[orders.body]
method = "run"
params = [
  "{user}", "{api_key}", "sale", "find",
  [["changed", ">=", "{since}"]], { limit = "{size}", offset = "{offset}" },
]

[orders.one]
post = "rpc"
body = { method = "run", params = ["{user}", "{api_key}", "sale", "read", ["{id_number}"]] }
rows = "result[]"

[orders.parts.lines]
for = "lines"
batch = 100
post = "rpc"
body = { method = "run", params = ["{user}", "{api_key}", "line", "read", "{keys}"] }
rows = "result[]"

[orders.parts.goods]
for = "_parts.lines[].product[0]"
batch = 100
cache = "1h"
post = "rpc"
body = { method = "run", params = ["{user}", "{api_key}", "product", "read", "{keys}"] }
rows = "result[]"

[order]
id = "id"
number = "name"
placed = "date"
updated = "changed"
currency = "currency[1]"
total = "total"
total_tax = "tax"
note = "note"
customer = { id = "partner[0]", name = "partner[1]", phone = "phone" }
standing = [
  { of = "state", map = { sale = "open", cancel = "cancelled" } },
  { of = "sent", map = { "(none)" = "-", full = "fulfilled" } },
]

[lines]
from = "_parts.lines"
join.goods = { from = "_parts.goods", key = "id", on = "product[0]" }
skip = ["is_title"]
as = [{ when = "is_delivery", as = "shipping" }]
id = "id"
name = "name"
quantity = "count"
net = "net"
gross = "gross"
sku = "_goods.code"
gtin = "_goods.barcode"
product_id = "product[0]"

[push.rejected]
post = "rpc"
body = { method = "run", params = ["{user}", "{api_key}", "sale", "cancel", ["{order_id_number}"]] }
confirm = "result"
equals = "true"
repeat = "natural"
"""
ORDER: dict[str, Any] = {
    "id": 42,
    "name": "S42",
    "state": "sale",
    "sent": False,
    "date": "2026-03-01 08:30:00",
    "changed": "2026-03-01 08:31:00",
    "currency": [1, "EUR"],
    "total": 36.3,
    "tax": 6.3,
    "note": False,
    "partner": [7, "Ann Lee"],
    "phone": False,
    "lines": [100, 101, 102],
}
LINES: list[dict[str, Any]] = [
    {"id": 100, "name": "Gifts", "product": False, "count": 0, "net": 0, "gross": 0, "is_title": True},
    {"id": 101, "name": "Bell", "product": [33, "Bell"], "count": 2.0, "net": 20.0, "gross": 24.2},
    {"id": 102, "name": "Post", "product": [40, "Post"], "count": 1.0, "net": 10.0, "gross": 12.1}
    | {"is_delivery": True},
]
GOODS = [{"id": 33, "code": "BELL", "barcode": "4006381333931"}, {"id": 40, "code": False, "barcode": False}]
SETTINGS = {"url": "https://office.example", "user": "2", "api_key": "k-1"}


class Office:
    """Answers procedures, and remembers with what they were called."""

    def __init__(self) -> None:
        self.calls: list[list[Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        user, key, kind, method, *given = json.loads(request.content)["params"]
        assert (user, key) == (2, "k-1")
        self.calls.append([kind, method, *given])
        found: dict[str, Any] = {"sale": [ORDER], "line": LINES, "product": GOODS}
        return httpx.Response(200, json={"result": True if method == "cancel" else found[kind]})


@pytest.fixture(scope="module")
def compiled() -> CompiledProfile:
    return load_profile(PROFILE, "office.toml")


@pytest.fixture
def office() -> Iterator[Office]:
    with respx.mock(assert_all_called=False) as web:
        made = Office()
        web.post(URL).mock(side_effect=made)
        yield made


@pytest.fixture
def shop(office: Office, compiled: CompiledProfile) -> Iterator[Connected]:
    settings = settings_model("office", compiled.profile).model_validate(SETTINGS)
    with opened(compiled.reach.http(settings), settings, FrozenClock(NOW)) as connection:
        yield Connected(compiled.lister, connection)


def test_everything_is_asked_for_by_places_and_numbers(shop: Connected, office: Office) -> None:
    """Also many at once: a list of numbers stands where a list is expected, not a text with commas."""
    shop.poll()

    assert office.calls == [
        ["sale", "find", [["changed", ">=", "2026-03-01 08:59:58"]], {"limit": 2, "offset": 0}],
        ["line", "read", [100, 101, 102]],
        ["product", "read", [33, 40]],
    ]


def test_its_order_is_whole(shop: Connected, compiled: CompiledProfile) -> None:
    ((raw,),) = ([*page.orders] for page in shop.pages())

    order = compiled.mapper.parse(raw, {})

    assert isinstance(order, WebOrder)
    expected = {
        "number": "S42",
        "customer": ["7", "Ann Lee", "", ""],
        "lines": [["101", "2", "24.2", "4.2", "0", "gtin 4006381333931, sku BELL, product 33"]],
        "shipping": "12.1",
        "tax": "6.3",
        "total": "36.3",
    }
    assert expected == {name: value for name, value in told(order).items() if name in expected}


def test_one_order_is_asked_for_by_its_number(shop: Connected, office: Office) -> None:
    shop.lister.fetch_one(shop.connection, "42")

    assert office.calls[0] == ["sale", "read", [42]]


def test_an_outcome_is_told_by_the_order_s_number(
    shop: Connected, office: Office, compiled: CompiledProfile
) -> None:
    assert compiled.teller is not None
    delivery = StatusDelivery(order_id="42", key="k", said=Said.REJECTED)

    receipt = compiled.teller.push_status(shop.connection, delivery)

    assert (receipt.outcome, office.calls) == (Outcome.ACCEPTED, [["sale", "cancel", [42]]])
