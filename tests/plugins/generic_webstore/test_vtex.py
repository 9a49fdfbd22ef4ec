"""VTEX by a page of profile, as an integrator would write it; the store and its orders are made up.

What is known of it: its list filters by creation and shows summaries, which name orders; amounts are cents;
countries have three letters; e-mail addresses are aliases; an invoice is what completes an order.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.generic_webstore.at_work import AtWork, profile_at_work
from plugins.generic_webstore.connecting import NOW
from plugins.generic_webstore.counters import Asked, Desk, desk, offer
from tillbridge.model.exchange import Outcome, Said
from tillbridge.model.money import Money
from tillbridge.model.orders import ListingRef, OrderKind, Standing, TenderKind
from tillbridge.plugin import IdentifierKind, WebOrder
from tillbridge.testing.clock import FrozenClock

PROFILE = (Path(__file__).parent / "mapped" / "vtex.toml").read_text("utf-8")
DAY = timedelta(days=1)
ORDER = "1268540501456-01"


def order(order_id: str = ORDER, at: datetime = NOW - DAY, **more: Any) -> dict[str, Any]:
    """Two shirts of 49.90 with 5.00 off each and a cap of 19.90, 12.34 for shipping: 122.04 reais."""
    return {
        "orderId": order_id,
        "status": "ready-for-handling",
        "creationDate": at.strftime("%Y-%m-%dT%H:%M:%S.1234567+00:00"),
        "lastChange": at.strftime("%Y-%m-%dT%H:%M:%S.7654321+00:00"),
        "value": 12204,
        "totals": [
            {"id": "Items", "value": 11970},
            {"id": "Discounts", "value": -1000},
            {"id": "Tax", "value": 0},
        ],
        "storePreferencesData": {"currencyCode": "BRL"},
        "openTextField": None,
        "clientProfileData": {
            "userProfileId": "8f1c",
            "email": "6f21@ct.vtex.com.br",
            "firstName": "Ana",
            "lastName": "Souza",
            "phone": "+5511987654321",
            "corporateName": None,
        },
        "shippingData": {
            "address": {
                "receiverName": "Ana Souza",
                "street": "Rua das Flores",
                "number": "12",
                "complement": None,
                "neighborhood": "Centro",
                "city": "Curitiba",
                "state": "PR",
                "postalCode": "80020-000",
                "country": "BRA",
            },
            "logisticsInfo": [
                {"itemIndex": 0, "sellingPrice": 1000, "deliveryChannel": "delivery"},
                {"itemIndex": 1, "sellingPrice": 234, "deliveryChannel": "delivery"},
            ],
        },
        "paymentData": {
            "transactions": [
                {
                    "payments": [
                        {"group": "giftCard", "value": 2204, "paymentSystemName": "Vale", "tid": None},
                        {"group": "creditCard", "value": 10000, "paymentSystemName": "Visa", "tid": "t-1"},
                    ]
                }
            ]
        },
        "items": [
            {
                "uniqueId": "A1",
                "id": "31",
                "productId": "7",
                "refId": "TS-M",
                "ean": "7891000315507",
                "name": "Camiseta M",
                "quantity": 2,
                "price": 4990,
                "sellingPrice": 4490,
                "priceDefinition": {"total": 8980},
            },
            {
                "uniqueId": "B2",
                "id": "40",
                "productId": "9",
                "refId": "CAP",
                "ean": None,
                "name": "Boné",
                "quantity": 1,
                "price": 1990,
                "sellingPrice": 1990,
            },
        ],
        **more,
    }


class Vtex:
    """The account: lists summaries by creation, and shows orders whole."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.told: list[tuple[str, Any]] = []

    def add(self, *orders: dict[str, Any]) -> None:
        self.orders |= {one["orderId"]: one for one in orders}

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.headers.get("x-vtex-api-apptoken") != "token":
            return 401, {}
        split = urlsplit(asked.path)
        path = split.path.removeprefix("/api/oms/pvt/orders")
        if asked.method != "GET":
            self.told.append((split.path.removeprefix("/api/"), asked.body))
            return 200, {}
        if path:
            found = self.orders.get(path.strip("/"))
            return (404, {"error": {"message": "Order Not Found"}}) if found is None else (200, found)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        since, until = query["f_creationDate"].removeprefix("creationDate:[").removesuffix("]").split(" TO ")
        rows = [
            {name: one[name] for name in ("orderId", "creationDate", "status")}
            for one in sorted(self.orders.values(), key=lambda one: str(one["creationDate"]))
            if since <= one["creationDate"] <= until
        ]
        size, page = int(query["per_page"]), int(query["page"])
        return 200, {"list": rows[(page - 1) * size : page * size], "paging": {"total": len(rows)}}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def server() -> Iterator[Desk]:
    with desk() as made:
        yield made


@pytest.fixture
def vtex(server: Desk) -> Vtex:
    made = Vtex()
    server.answer = made.answer
    return made


@pytest.fixture
def shop(server: Desk, vtex: Vtex, clock: FrozenClock) -> Iterator[AtWork]:
    settings = {"url": server.url, "app_key": "key", "app_token": "token", "hook_key": "k-1"}
    with profile_at_work(PROFILE, settings, clock, orders_from=NOW - 3 * DAY) as made:
        yield made


def reais(cents: int) -> Money:
    return Money(cents, "BRL")


def test_an_order_is_whole(shop: AtWork, vtex: Vtex) -> None:
    vtex.add(order())

    found = shop.one(ORDER)

    assert isinstance(found, WebOrder)
    assert (found.standing, found.kind, found.total) == (Standing.OPEN, OrderKind.SHIPPING, reais(12204))
    shirt, cap = found.lines
    assert (shirt.quantity, shirt.amount.gross, cap.amount.gross) == (Decimal(2), reais(8980), reais(1990))
    assert shirt.listing == ListingRef(item_id="31", parent_id="7")
    assert (shirt.values(IdentifierKind.GTIN), cap.values(IdentifierKind.SKU)) == (
        ("7891000315507",),
        ("CAP",),
    )
    assert [one.amount.gross for one in found.charges] == [reais(1234)]
    assert [(one.kind, one.amount) for one in found.tenders] == [
        (TenderKind.GIFT_CARD, reais(2204)),
        (TenderKind.CARD, reais(10000)),
    ]
    assert (found.customer.first_name, found.customer.last_name) == ("Ana", "Souza")
    assert not found.customer.email_usable  # it is an alias
    assert found.shipping_address is not None
    assert (found.shipping_address.street, found.shipping_address.country) == (
        ("Rua das Flores 12", "Centro"),
        "BR",
    )


def test_orders_are_named_by_the_list_and_come_whole(shop: AtWork, vtex: Vtex) -> None:
    vtex.add(*(order(f"{number}-01", NOW - number * timedelta(hours=1)) for number in (3, 2, 1)))

    found, cursor = shop.poll()

    assert [one.order_id for one in found] == ["3-01", "2-01", "1-01"]
    assert all(isinstance(shop.parse(one), WebOrder) for one in found)
    assert shop.poll(cursor)[0] == []


def test_a_cancellation_is_seen_though_the_list_knows_creation_only(
    shop: AtWork, vtex: Vtex, clock: FrozenClock
) -> None:
    vtex.add(order("1-01", NOW - 2 * DAY), order("2-01"))
    _, cursor = shop.poll()
    vtex.orders["1-01"]["status"] = "canceled"

    early, cursor = shop.poll(cursor)
    clock.advance(15 * 60)
    (late,), _ = shop.poll(cursor)

    found = shop.parse(late)
    assert early == []
    assert isinstance(found, WebOrder)
    assert (found.id, found.standing) == ("1-01", Standing.CANCELLED)


def test_outcomes_are_told(shop: AtWork, vtex: Vtex) -> None:
    vtex.add(order())

    for said in (Said.ACCEPTED, Said.REJECTED, Said.PICKED_UP):
        assert shop.tell(ORDER, said, reason="sold out").outcome is Outcome.ACCEPTED

    handling, cancelled, invoiced = vtex.told
    assert handling == (f"oms/pvt/orders/{ORDER}/start-handling", None)
    assert cancelled == (f"oms/pvt/orders/{ORDER}/cancel", {"reason": "sold out"})
    assert (invoiced[0], invoiced[1]["invoiceValue"]) == (f"oms/pvt/orders/{ORDER}/invoice", 12204)
    assert invoiced[1]["items"] == [
        {"id": "31", "price": 4490, "quantity": 2},
        {"id": "40", "price": 1990, "quantity": 1},
    ]


def test_stock_is_told_for_the_warehouse(shop: AtWork, vtex: Vtex) -> None:
    shop.push_stock(offer("31", 7))

    assert vtex.told == [
        ("logistics/pvt/inventory/skus/31/warehouses/1_1", {"quantity": 7, "unlimitedQuantity": False})
    ]


def test_the_hook_names_an_order_and_its_ping_is_answered(shop: AtWork) -> None:
    assert shop.hear(b'{"OrderId": "1-01", "State": "canceled"}', key="k-1") == ["1-01"]
    assert shop.hear(b'{"hookConfig": "ping"}', key="k-1") == []
