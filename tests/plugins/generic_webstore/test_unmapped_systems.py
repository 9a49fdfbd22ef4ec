"""Shopware 6 and Salla, which have no preset: an integrator's profile alone makes their orders come.

The payloads are written as the two document them, with amounts made up; so are the little servers.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.generic_webstore.at_work import AtWork, at_work
from plugins.generic_webstore.counters import Asked, Desk, desk, offer
from tillbridge.http import KeptInMemory
from tillbridge.model.exchange import Outcome, Said
from tillbridge.model.money import Money
from tillbridge.model.orders import Standing, TenderKind
from tillbridge.plugin import IdentifierKind, WebOrder
from tillbridge.testing.clock import FrozenClock

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
FOLDER = Path(__file__).parent / "profiles"


@contextmanager
def working(
    name: str, answer: Callable[[Asked], tuple[int, Any]], settings: dict[str, str], *hosts: str
) -> Iterator[tuple[AtWork, Desk]]:
    with desk() as server:
        server.answer = answer
        url = server.url.rstrip("/")
        given = settings if hosts else {**settings, "url": url}
        with at_work(
            name,
            given,
            FrozenClock(NOW),
            orders_from=NOW - timedelta(days=1),
            hosts=dict.fromkeys(hosts, url),
            kept=KeptInMemory(),
            folder=FOLDER,
        ) as shop:
            yield shop, server


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def taxed(total: str, tax: str) -> dict[str, Any]:
    return {"totalPrice": float(total), "calculatedTaxes": [{"tax": float(tax), "taxRate": 7}]}


def goods(number: str, total: str, tax: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "product",
        "productId": f"p-{number}",
        "parentId": None,
        "label": f"Item {number}",
        "quantity": 1,
        "unitPrice": float(total),
        "totalPrice": float(total),
        "price": taxed(total, tax),
        "payload": {"productNumber": f"SW-{number}", "options": [{"group": "Size", "option": "M"}]},
        "product": {"ean": "4006381333931"},
        **more,
    }


def state(name: str) -> dict[str, str]:
    return {"technicalName": name, "name": name.title()}


def shopware_order(**more: Any) -> dict[str, Any]:
    """Goods for 647.00 with 50.00 off and shipping for 4.90, all of it with 7 % tax; paid, not sent."""
    address = {
        "firstName": "Ann",
        "lastName": "Lee",
        "street": "Ebbinghoff 10",
        "zipcode": "48624",
        "city": "Schöppingen",
        "country": {"iso": "DE"},
    }
    promotion = {"type": "promotion", "product": None, "productId": None, "payload": {"code": "SPRING"}}
    return {
        "id": "0a1b",
        "orderNumber": "10060",
        "orderDateTime": "2026-03-01T08:05:00.000+00:00",
        "createdAt": "2026-03-01T08:05:01.123+00:00",
        "updatedAt": None,
        "taxStatus": "gross",
        "amountTotal": 601.9,
        "amountNet": 562.53,
        "currency": {"isoCode": "EUR"},
        "shippingCosts": taxed("4.9", "0.32"),
        "customerComment": None,
        "stateMachineState": state("open"),
        "orderCustomer": {
            "customerId": "ff00",
            "email": "ann@example.com",
            "firstName": "Ann",
            "lastName": "Lee",
        },
        "billingAddress": address,
        "deliveries": [
            {
                "id": "d1",
                "stateMachineState": state("open"),
                "shippingMethod": {"name": "Standard"},
                "shippingOrderAddress": address,
            }
        ],
        "transactions": [
            {"stateMachineState": state("cancelled"), "paymentMethod": {"name": "PayPal"}},
            {"stateMachineState": state("paid"), "paymentMethod": {"name": "Invoice"}},
        ],
        "lineItems": [goods("1", "647", "42.33"), goods("2", "-50", "-3.28", **promotion)],
        **more,
    }


class Shopware:
    """A shop that answers searches by their filters, and moves states as its actions say."""

    def __init__(self, *orders: dict[str, Any]) -> None:
        self.orders = list(orders)
        self.stock: dict[str, Any] = {}

    def answer(self, asked: Asked) -> tuple[int, Any]:
        where = urlsplit(asked.path).path.removeprefix("/api/")
        if where == "oauth/token":
            return 200, {"token_type": "Bearer", "expires_in": 600, "access_token": "t"}
        if asked.headers.get("authorization") != "Bearer t" or asked.headers["accept"] != "application/json":
            return 401, {"errors": [{"status": "401", "title": "Unauthorized"}]}
        if where == "search/order":
            found = [one for one in self.orders if one["id"] in asked.body.get("ids", [one["id"]])]
            return 200, {"total": len(found), "data": found if asked.body.get("page", 1) == 1 else []}
        if where.startswith("product/"):
            self.stock[where.split("/")[1]] = asked.body["stock"]
            return 204, b""
        _, kind, number, _, action = where.split("/")
        rows = self.orders if kind == "order" else [d for one in self.orders for d in one["deliveries"]]
        (row,) = [row for row in rows if row["id"] == number]
        row["stateMachineState"] = state({"cancel": "cancelled", "ship": "shipped"}[action])
        return 200, {"data": None}


KEYS = {"access_key": "SWIA", "secret_key": "secret"}


def read_shopware(**more: Any) -> WebOrder:
    with working("shopware", Shopware(shopware_order(**more)).answer, KEYS) as (shop, _):
        found = shop.orders()["0a1b"]
    assert isinstance(found, WebOrder)
    return found


def test_an_order_of_shopware_s_comes_whole() -> None:
    found = read_shopware()

    assert (found.number, found.total, found.standing, found.paid) == (
        "10060",
        eur(60190),
        Standing.OPEN,
        True,
    )
    (line,) = found.lines
    assert (line.amount.gross, line.amount.tax) == (eur(59700), eur(3905))  # 647 - 50, 42.33 - 3.28
    assert line.values(IdentifierKind.SKU) == ("SW-1",)
    assert [(one.title, one.amount) for one in found.discounts] == [("Item 2", eur(5000))]
    assert [(one.title, one.amount) for one in found.tenders] == [("Invoice", eur(60190))]
    assert found.shipping_address is not None
    assert found.shipping_address.country == "DE"


def test_prices_of_shopware_s_without_tax_get_it_on_top() -> None:
    found = read_shopware(
        taxStatus="net",
        amountTotal=644.14,
        amountNet=602.0,
        shippingCosts=taxed("5", "0.35"),
        lineItems=[goods("1", "597", "41.79")],
    )

    assert (found.lines[0].amount.net, found.lines[0].amount.gross) == (eur(59700), eur(63879))


def test_what_holds_other_goods_at_shopware_is_not_sold_beside_them() -> None:
    found = read_shopware(
        amountTotal=104.9,
        amountNet=98.04,
        lineItems=[
            goods("9", "100", "6.54", type="container"),
            goods("1", "60", "3.93", parentId="9"),
            goods("2", "40", "2.61", parentId="9"),
        ],
    )

    assert [(line.id, line.amount.gross) for line in found.lines] == [("1", eur(6000)), ("2", eur(4000))]


@pytest.mark.parametrize(
    ("paid", "sent", "standing"),
    [
        ("open", "open", Standing.UNPAID),
        ("authorized", "open", Standing.OPEN),
        ("paid", "shipped", Standing.FULFILLED),
        ("refunded", "returned", Standing.REFUNDED),
    ],
)
def test_where_an_order_of_shopware_s_stands_is_told_in_three_places(
    paid: str, sent: str, standing: Standing
) -> None:
    made = shopware_order()
    made["transactions"][-1]["stateMachineState"] = state(paid)
    made["deliveries"][0]["stateMachineState"] = state(sent)

    assert read_shopware(**made).standing is standing


def test_shopware_is_told_and_what_is_so_already_is_not_told_again() -> None:
    store = Shopware(shopware_order())
    with working("shopware", store.answer, KEYS) as (shop, server):
        assert shop.tell("0a1b", Said.PICKED_UP).outcome is Outcome.ACCEPTED
        assert store.orders[0]["deliveries"][0]["stateMachineState"]["technicalName"] == "shipped"
        assert shop.tell("0a1b", Said.REJECTED).outcome is Outcome.ACCEPTED
        before = len(server.asked)
        assert shop.tell("0a1b", Said.REJECTED).outcome is Outcome.ACCEPTED
        assert len(server.asked) == before + 1
        shop.push_stock(offer("p-1", 4))

    assert store.stock == {"p-1": 4}


def sar(amount: float) -> dict[str, Any]:
    return {"amount": amount, "currency": "SAR"}


def salla_time(text: str) -> dict[str, Any]:
    return {"date": f"2026-03-01 {text}:00.000000", "timezone_type": 3, "timezone": "Asia/Riyadh"}


SALLA: dict[str, Any] = {
    "id": 2116149737,
    "reference_id": 41027662,
    "date": salla_time("11:05"),
    "updated_at": salla_time("11:06"),
    "draft": False,
    "status": {"id": 566146469, "name": "x", "slug": "under_review"},
    "payment_method": "credit_card",
    "currency": "SAR",
    "amounts": {
        "sub_total": sar(186),
        "shipping_cost": sar(15),
        "cash_on_delivery": sar(0),
        "tax": {"percent": "15.00", "amount": sar(30.15)},
        "discounts": [{"title": "Ramadan", "code": "R", "discount": "5.00"}],
        "total": sar(226.15),
    },
    "customer": {
        "id": 225167971,
        "first_name": "Sara",
        "last_name": "Ali",
        "mobile": 555555555,
        "mobile_code": "+966",
        "email": "sara@example.com",
    },
}
SALLA_ITEM: dict[str, Any] = {
    "id": 1,
    "name": "Bag",
    "sku": "B-1",
    "quantity": 2,
    "amounts": {"tax": {"percent": "15.00", "amount": sar(27.9)}, "total": sar(213.9)},
    "product": {"id": 9},
    "options": [{"name": "Color", "value": {"name": "Red"}}],
}


def salla(asked: Asked) -> tuple[int, Any]:
    split = urlsplit(asked.path)
    path = split.path.removeprefix("/admin/v2/")
    if path == "/oauth2/token":
        return 200, {
            "access_token": "t",
            "refresh_token": "r2",
            "expires_in": 1209600,
            "token_type": "bearer",
        }
    if path == "orders":
        first = parse_qs(split.query)["page"] == ["1"]
        return 200, {"status": 200, "success": True, "data": [SALLA] if first else []}
    if path == "orders/items":
        return 200, {"status": 200, "success": True, "data": [SALLA_ITEM]}
    return 201, {"status": 201, "success": True, "data": {}}


APP = {"client_id": "c", "client_secret": "s", "refresh_token": "r"}
HOSTS = ("https://api.salla.dev", "https://accounts.salla.sa")


def test_an_order_of_salla_s_comes_whole() -> None:
    """Its times have their zone beside them, as PHP writes them; its lines come by a call of their own."""
    with working("salla", salla, APP, *HOSTS) as (shop, _):
        found = shop.orders()["2116149737"]

    assert isinstance(found, WebOrder)
    assert (found.number, found.standing) == ("41027662", Standing.OPEN)
    assert found.placed_at == datetime(2026, 3, 1, 8, 5, tzinfo=UTC)
    assert found.total == Money(22615, "SAR")
    (line,) = found.lines
    assert (line.quantity, line.options) == (Decimal(2), "Color: Red")
    assert (line.amount.gross, line.amount.tax) == (Money(20890, "SAR"), Money(2790, "SAR"))
    assert [one.amount.gross for one in found.charges] == [Money(1725, "SAR")]  # 15.00 and 2.25 tax
    assert found.customer.phone == "+966555555555"
    assert [(one.kind, one.amount) for one in found.tenders] == [(TenderKind.CARD, Money(22615, "SAR"))]


def test_salla_is_told() -> None:
    with working("salla", salla, APP, *HOSTS) as (shop, server):
        assert shop.tell("2116149737", Said.REJECTED, reason="Sold out.").outcome is Outcome.ACCEPTED
        assert server.asked[-1].body == {"slug": "canceled", "note": "Sold out."}
        receipts = shop.push_stock(offer("1", 4))
        assert [one.outcome for one in receipts.values()] == [Outcome.ACCEPTED]
        assert server.asked[-1].path == "/admin/v2/products/quantities/bySku/S-1"
