"""What the presets ask of webstores that speak GraphQL is in those webstores' schemas: texts and values."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from plugins.generic_webstore.at_work import AtWork
from plugins.generic_webstore.connecting import preset
from plugins.generic_webstore.counters import offer
from plugins.generic_webstore.graphql_shops import SALEOR, SHOPIFY, faults, speaking
from plugins.generic_webstore.test_presets_run import running
from tillbridge.model.exchange import Outcome, Said, StatusDelivery
from tillbridge.model.money import Money
from tillbridge.model.resolutions import Resolution

pytestmark = pytest.mark.row("S15")
SCHEMAS = {"saleor": SALEOR, "shopify": SHOPIFY}
SETTINGS = {
    "saleor": {"token": "t", "warehouse": "W1", "channel": "C1"},
    "shopify": {"client_id": "c", "client_secret": "s", "stock_location": "77"},
}
ROUTE = {"saleor": "POST /", "shopify": "POST /admin/api/2026-07/graphql.json"}
PRICE = Money(9_000, "KRW")
TOLD: tuple[tuple[Said, dict[str, Any]], ...] = (
    (Said.ACCEPTED, {}),
    (Said.READY, {}),
    (Said.PICKED_UP, {}),
    (Said.REJECTED, {"reason": "품절"}),
    (Said.RESOLVED, {"resolution": Resolution.NOT_PICKED_UP}),
)


def texts(table: Any) -> Iterator[str]:
    """Yield every GraphQL text of a profile's table, and of those within."""
    if isinstance(table, Mapping):
        for key, value in table.items():
            if key == "graphql" and isinstance(value, str) and "{" in value:
                yield value
            else:
                yield from texts(value)
    elif isinstance(table, list | tuple):
        for one in table:
            yield from texts(one)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_request_is_in_the_schema(name: str) -> None:
    asked = list(texts(preset(name).model_dump(by_alias=True)))

    assert len(asked) > 5
    assert {} == {one: found for one in asked if (found := faults(SCHEMAS[name], one))}


class Shop:
    """What both webstores keep of an order: its notes, and what was done."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.done: list[str] = []
        self.variables: list[Mapping[str, Any]] = []

    def __call__(self, query: str, variables: Mapping[str, Any]) -> Any:
        self.variables.append(variables)
        if query.startswith("query"):
            return {"order": self.order()}
        (name,) = re.findall(r"\{\s*(\w+)\(", query)[:1]
        self.done.append(name)
        if name == "orderNoteAdd":
            self.notes.append(variables["note"])
        if name == "orderUpdate":
            self.notes.append(variables["order"]["note"])
        return {name: self.answered(name, variables)}

    def order(self) -> dict[str, Any]:
        parcel = {"id": "gid://shopify/FulfillmentOrder/1", "status": "OPEN"}
        line = {"id": "L1", "allocations": [{"quantity": 2, "warehouse": {"id": "W1"}}]}
        return {
            "status": "UNCONFIRMED",
            "lines": [line],
            "events": [{"message": None}, *({"message": one} for one in self.notes)],
            "note": self.notes[-1] if self.notes else "Ring twice.",
            "cancelledAt": None,
            "displayFulfillmentStatus": "UNFULFILLED",
            "fulfillmentOrders": {"nodes": [{**parcel, "deliveryMethod": {"methodType": "PICK_UP"}}]},
        }

    def answered(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        stocks = [{"stock": {"quantity": one["quantity"]}} for one in variables.get("stocks", ())]
        return {
            "errors": [],
            "userErrors": [],
            "orderCancelUserErrors": [],
            "order": {"status": "CANCELED" if name == "orderCancel" else "UNFULFILLED"},
            "results": stocks,
            "productVariants": variables.get("variants"),
        }


@pytest.fixture(params=list(SCHEMAS))
def there(request: pytest.FixtureRequest) -> Iterator[tuple[str, AtWork, Shop]]:
    name, shop = request.param, Shop()
    routes = {
        ROUTE[name]: speaking(SCHEMAS[name], shop),
        "POST /admin/oauth/access_token": {"access_token": "t", "expires_in": 86399},
    }
    with running(name, routes, SETTINGS[name]) as (work, _):
        yield name, work, shop


def refund(work: AtWork, key: str, minor: int, reason: str = "") -> Outcome:
    assert work.teller is not None
    given = Money(minor, "KRW")
    told = StatusDelivery(key=key, order_id="450", said=Said.REFUNDED, refund=given, reason=reason)
    return work.teller.push_status(work.connection, told).outcome


def test_what_is_told_is_what_the_schema_takes(there: tuple[str, AtWork, Shop]) -> None:
    _, work, _ = there
    assert work.teller is not None
    told = [work.tell("450", said, **more) for said, more in TOLD if said in work.teller.outline.hears]
    items = [
        offer(number, 3, PRICE, parent="1", extra={"inventory_item": f"80{number}"})
        for number in ("11", "12")
    ]
    receipts = [*work.push_stock(*items).values(), *work.push_prices(*items).values()]

    assert len(receipts) == 4
    assert [] == [one.words for one in (*told, *receipts) if one.outcome is not Outcome.ACCEPTED]


def test_a_refund_is_noted_once_with_its_amount_and_reason(there: tuple[str, AtWork, Shop]) -> None:
    name, work, shop = there
    for _ in range(2):
        assert Outcome.ACCEPTED is refund(work, "k-1", 9_000, "맞지 않음")
    refund(work, "k-2", 500)

    assert 2 == len(shop.notes)
    assert "Refunded 9000 KRW 맞지 않음 (k-1)" in shop.notes[0]
    assert "Refunded 500 KRW (k-2)" in shop.notes[1]
    assert name == "saleor" or shop.notes[1].startswith("Ring twice. [tillbridge] Refunded 9000")


@pytest.mark.parametrize("there", ["saleor"], indirect=True)
def test_a_picked_up_order_is_fulfilled_from_where_it_was_set_aside(there: tuple[str, AtWork, Shop]) -> None:
    _, work, shop = there
    work.tell("450", Said.PICKED_UP)

    stocks = [{"quantity": 2, "warehouse": "W1"}]
    assert [{"orderLineId": "L1", "stocks": stocks}] == shop.variables[-1]["lines"]
