"""Rows beside a list in the same answer, as JSON:API has them in `included`: each order gets its own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from plugins.generic_webstore.connecting import NOW, Connected, connected, profile
from tillbridge.plugin import RawOrder
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.trying import read_payload, try_order

URL = "https://shop.example/api"
ITEMS = {
    "for": "relationships.line_items.data[].join('/', [type, id])",
    "beside": "included[]",
    "key": "join('/', [type, id])",
}
VARIANTS = {
    "for": "_parts.items[].relationships.variant.data.join('/', [type, id])",
    "beside": "included[]",
    "key": "join('/', [type, id])",
}
Connect = Callable[..., Connected]


def link(kind: str, number: str) -> dict[str, Any]:
    return {"data": {"type": kind, "id": number}}


def order(number: str, *items: str) -> dict[str, Any]:
    data = [{"type": "line_item", "id": one} for one in items]
    moment = NOW.isoformat()
    return {
        "id": number,
        "updated": moment,
        "placed": moment,
        "relationships": {"line_items": {"data": data}},
    }


def item(number: str, variant: str) -> dict[str, Any]:
    return {"type": "line_item", "id": number, "relationships": {"variant": link("variant", variant)}}


def variant(number: str) -> dict[str, Any]:
    return {"type": "variant", "id": number}


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
def connect() -> Iterator[Connect]:
    opened = []

    def made(**orders: Any) -> Connected:
        table = {"get": "orders", "rows": "data[]", "query": {"since": "{since}"}, **orders}
        one = connected(profile(orders=table), {"url": URL}, FrozenClock(NOW))
        opened.append(one)
        return one.__enter__()

    yield made
    for one in opened:
        one.__exit__(None, None, None)


def ids(raw: RawOrder, part: str) -> list[str]:
    return [one["id"] for one in json.loads(raw.parts[part])]


# The same number is a line's and a variant's: only type and number together name a row.
PAGE = {
    "data": [order("A", "1"), order("B", "2", "3"), order("C")],
    "included": [item("1", "2"), item("2", "1"), item("3", "1"), variant("1"), variant("2")],
}


def test_each_order_of_a_page_gets_the_rows_that_it_names(web: respx.MockRouter, connect: Connect) -> None:
    web.get(url__startswith=f"{URL}/orders").respond(json=PAGE)

    (page,) = connect(parts={"items": ITEMS, "variants": VARIANTS}).pages()

    assert [(ids(one, "items"), ids(one, "variants")) for one in page.orders] == [
        (["1"], ["2"]),
        (["2", "3"], ["1"]),
        ([], []),
    ]


@pytest.mark.parametrize(
    "paging",
    [
        {"paging": {"by": "page", "size": 1}, "since": {"sorted": False}},
        {"paging": {"by": "since", "size": 3}},
    ],
    ids=["pages", "since"],
)
def test_rows_come_out_of_the_page_that_the_order_is_on(
    web: respx.MockRouter, connect: Connect, paging: dict[str, Any]
) -> None:
    pages = [
        {"data": [order("A", "1")], "included": [item("1", "8")]},
        {"data": [order("B", "1")], "included": [item("1", "9")]},
        {"data": []},
    ]
    web.get(url__startswith=f"{URL}/orders").mock(
        side_effect=lambda asked: httpx.Response(200, json=pages[int(asked.url.params["page"]) - 1])
    )

    found = connect(parts={"items": ITEMS}, query={"since": "{since}", "page": "{page}"}, **paging).pages()

    lines = [json.loads(one.parts["items"]) for page in found for one in page.orders]
    assert [one["relationships"]["variant"]["data"]["id"] for (one,) in lines] == (
        ["8", "9"] if paging["paging"]["by"] == "page" else ["8"]
    )


def test_one_order_alone_gets_its_rows_too(web: respx.MockRouter, connect: Connect) -> None:
    web.get(f"{URL}/orders/B").respond(json={**PAGE, "data": PAGE["data"][1]})
    one = {"get": "orders/{id}", "rows": "data"}

    found = connect(parts={"items": ITEMS}, one=one)

    assert ids(found.lister.fetch_one(found.connection, "B"), "items") == ["2", "3"]


def test_orders_that_a_list_only_names_get_their_rows_too(web: respx.MockRouter, connect: Connect) -> None:
    web.get(url__startswith=f"{URL}/orders?").respond(
        json={"data": [{"id": "A", "updated": NOW.isoformat()}]}
    )
    web.get(f"{URL}/orders/A").respond(json={**PAGE, "data": PAGE["data"][0]})

    (page,) = connect(parts={"items": ITEMS}, names="id", one={"get": "orders/{id}", "rows": "data"}).pages()

    assert [ids(one, "items") for one in page.orders] == [["1"]]


PROFILE = """
title = "Shop"
[connect]
base = "https://shop.example/"
[orders]
get = "orders"
query = { since = "{since}" }
rows = "data[]"
[orders.parts.items]
for = "relationships.line_items.data[].join('/', [type, id])"
beside = "included[]"
key = "join('/', [type, id])"
[order]
id = "id"
placed = "placed"
updated = "updated"
currency = "'EUR'"
total = "'10'"
standing = [{ of = "'open'", map = { open = "open" } }]
[lines]
from = "_parts.items"
id = "id"
name = "id"
quantity = "`1`"
gross = "'10'"
"""


def test_profile_try_finds_them_in_the_payload_itself(tmp_path: Path) -> None:
    compiled, file = load_profile(PROFILE, "shop.toml"), tmp_path / "answer.json"
    file.write_text(json.dumps(PAGE))

    found = read_payload(file, compiled, {})
    tried = [try_order(compiled, one, {}) for one in found.orders[:1]]

    assert (found.absent, [[line.id for line in one.order.lines] for one in tried if one.order]) == (
        [],
        [["1"]],
    )
