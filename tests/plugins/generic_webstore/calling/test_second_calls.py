"""Second calls: addresses as a webstore writes them, and parts that come by pages."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx

from plugins.generic_webstore.connecting import NOW, connected, profile
from tillbridge.testing.clock import FrozenClock

BASE = "https://shop.example/api/v2/admin"
ROW = {"id": 1, "updated": NOW.isoformat(), "placed": NOW.isoformat(), "customer": "/api/v2/people/7"}


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        router.get(url__startswith=f"{BASE}/orders?").respond(json=[ROW])
        yield router


def parts_of_one_order(**parts: Any) -> dict[str, Any]:
    table = {"get": "orders", "rows": "[]", "query": {"since": "{since}"}, "parts": parts}
    with connected(profile(orders=table), {"url": BASE}, FrozenClock(NOW)) as shop:
        ((raw,),) = ([*page.orders] for page in shop.pages())
        return {name: json.loads(content) for name, content in raw.parts.items()}


def test_an_address_from_the_host_s_root_is_asked_there(web: respx.MockRouter) -> None:
    """As API Platform names what belongs to an order: not below the base that the profile has."""
    web.get("https://shop.example/api/v2/people/7").respond(json={"name": "Kim"})

    assert parts_of_one_order(person={"for": "customer", "get": "{key}"})["person"] == [{"name": "Kim"}]


def test_a_part_may_go_on_by_a_token(web: respx.MockRouter) -> None:
    items = web.get(url__startswith=f"{BASE}/orders/1/items")
    pages = {"": {"items": [{"n": 1}], "more": "b"}, "b": {"items": [{"n": 2}], "more": None}}
    items.mock(side_effect=lambda asked: httpx.Response(200, json=pages[asked.url.params.get("token", "")]))
    table = {"for": "id", "get": "orders/{key}/items", "query": {"token": "{cursor}"}}

    found = parts_of_one_order(items={**table, "rows": "items", "next": "more"})

    assert (found["items"], items.call_count) == ([{"n": 1}, {"n": 2}], 2)


def test_a_part_may_go_on_at_an_address_from_the_host_s_root(web: respx.MockRouter) -> None:
    web.get(f"{BASE}/orders/1/items").respond(json={"items": [{"n": 1}], "next": "/api/v2/items?page=2"})
    web.get("https://shop.example/api/v2/items?page=2").respond(json={"items": [{"n": 2}]})
    table = {"for": "id", "get": "orders/{key}/items", "rows": "items", "next": "next"}

    assert parts_of_one_order(items=table)["items"] == [{"n": 1}, {"n": 2}]
