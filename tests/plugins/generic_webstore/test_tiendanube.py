"""Tiendanube (Nuvemshop) by a page of profile, as an integrator would write it; the store is made up.

What is known of it: a list that is empty is a 404 ("Last page is 0"), pages go on by the Link header, times
are written +0000, a discount stands at the order, and webhooks are signed in hex with the app's secret.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.generic_webstore.at_work import AtWork, profile_at_work
from plugins.generic_webstore.connecting import NOW
from plugins.generic_webstore.counters import Asked, Desk, desk, offer
from tillbridge.model.exchange import Outcome, Said
from tillbridge.model.money import Money
from tillbridge.model.orders import ListingRef, OrderKind, Standing
from tillbridge.plugin import IdentifierKind, WebOrder
from tillbridge.testing.clock import FrozenClock

PROFILE = (Path(__file__).parent / "mapped" / "tiendanube.toml").read_text("utf-8")
DAY = timedelta(days=1)


def written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def order(number: int, at: datetime = NOW - DAY, **more: Any) -> dict[str, Any]:
    """Two mugs of 1500.00 and a pot of 3000.00, 600.00 off, 470.00 for shipping: 5870.00 pesos."""
    return {
        "id": 450_000_000 + number,
        "number": number,
        "status": "open",
        "payment_status": "paid",
        "created_at": written(at),
        "updated_at": written(at),
        "currency": "ARS",
        "subtotal": "6000.00",
        "discount": "600.00",
        "coupon": [{"code": "OTONIO"}],
        "shipping_cost_customer": "470.00",
        "shipping_option": "Correo",
        "shipping_pickup_type": "ship",
        "total": "5870.00",
        "gateway_name": "Mercado Pago",
        "gateway_id": "77",
        "payment_details": {"method": "credit_card"},
        "note": None,
        "customer": {"id": 9, "name": "Marta Ruiz", "email": "marta@mail.example", "phone": "+541155556666"},
        "shipping_address": {
            "name": "Marta Ruiz",
            "address": "Av. Rivadavia",
            "number": "742",
            "floor": "3",
            "locality": "",
            "city": "Buenos Aires",
            "province": "Buenos Aires",
            "zipcode": "1002",
            "country": "AR",
            "phone": None,
        },
        "products": [
            {
                "id": 1,
                "product_id": 7,
                "variant_id": "71",
                "name": "Taza (azul)",
                "sku": "TZ-A",
                "barcode": "7790001000019",
                "quantity": 2,
                "price": "1500.00",
            },
            {
                "id": 2,
                "product_id": 8,
                "variant_id": "81",
                "name": "Olla",
                "sku": None,
                "barcode": None,
                "quantity": "1",
                "price": "3000.00",
            },
        ],
        **more,
    }


class Nube:
    """The store; what it lists is newest first."""

    def __init__(self, server: Desk) -> None:
        self.server = server
        self.orders: dict[int, dict[str, Any]] = {}
        self.told: list[tuple[str, str, Any]] = []

    def add(self, *orders: dict[str, Any]) -> None:
        self.orders |= {one["id"]: one for one in orders}

    def answer(self, asked: Asked) -> tuple[int, Any]:
        split = urlsplit(asked.path)
        path = split.path.removeprefix("/2025-03/42/")
        if asked.headers.get("authentication") != "bearer token" or "ada@" not in asked.headers["user-agent"]:
            return 401, {"code": 401}
        if asked.method != "GET":
            self.told.append((asked.method, path, asked.body))
            return 200, asked.body or {}
        if path.startswith("orders/"):
            found = self.orders.get(int(path.removeprefix("orders/")))
            return (404, {"code": 404}) if found is None else (200, found)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        since = datetime.fromisoformat(query["updated_at_min"])
        rows = [one for one in self.orders.values() if datetime.fromisoformat(one["updated_at"]) >= since]
        size, page = int(query["per_page"]), int(query["page"])
        shown = rows[::-1][(page - 1) * size : page * size]
        if not shown:
            return 404, {
                "code": 404,
                "message": "Not Found",
                "description": f"Last page is {-(-len(rows) // size)}",
            }
        if page * size < len(rows):
            more = re.sub(r"&page=\d+", f"&page={page + 1}", asked.path)
            self.server.headers = {"Link": f'<{self.server.url.rstrip("/")}{more}>; rel="next"'}
        return 200, shown


@pytest.fixture
def server() -> Iterator[Desk]:
    with desk() as made:
        yield made


@pytest.fixture
def nube(server: Desk) -> Nube:
    made = Nube(server)
    server.answer = made.answer
    return made


@contextmanager
def opened(server: Desk) -> Iterator[AtWork]:
    settings = {
        "url": server.url,
        "store": "42",
        "token": "token",
        "contact": "ada@shop.example",
        "app_secret": "s3",
    }
    with profile_at_work(PROFILE, settings, FrozenClock(NOW), orders_from=NOW - 3 * DAY) as made:
        yield made


@pytest.fixture
def shop(server: Desk, nube: Nube) -> Iterator[AtWork]:
    with opened(server) as made:
        yield made


def pesos(cents: int) -> Money:
    return Money(cents, "ARS")


def test_an_order_is_whole(shop: AtWork, nube: Nube) -> None:
    nube.add(order(101))

    found = shop.one("450000101")

    assert isinstance(found, WebOrder)
    assert (found.number, found.standing, found.kind) == ("101", Standing.OPEN, OrderKind.SHIPPING)
    assert (found.placed_at, found.total) == (NOW - DAY, pesos(587_000))
    mugs, pot = found.lines
    assert (mugs.amount.gross, pot.amount.gross) == (pesos(270_000), pesos(270_000))  # each 300.00 off
    assert mugs.listing == ListingRef(item_id="71", parent_id="7")
    assert (mugs.values(IdentifierKind.GTIN), mugs.values(IdentifierKind.SKU)) == (
        ("7790001000019",),
        ("TZ-A",),
    )
    assert [(one.code, one.amount) for one in found.discounts] == [("OTONIO", pesos(60_000))]
    assert [one.amount.gross for one in found.charges] == [pesos(47_000)]
    assert found.shipping_address is not None
    assert found.shipping_address.street == ("Av. Rivadavia 742", "3")


def test_orders_come_by_their_links(shop: AtWork, nube: Nube) -> None:
    nube.add(*(order(number, NOW - DAY + number * timedelta(minutes=1)) for number in range(1, 6)))

    found, cursor = shop.poll()

    assert [one.order_id for one in found] == [str(450_000_000 + number) for number in (5, 4, 3, 2, 1)]
    assert cursor is not None


def test_a_list_that_is_empty_is_a_404_and_no_mistake(shop: AtWork) -> None:
    assert shop.poll() == ([], None)


def test_an_order_that_is_collected_or_waits_for_its_payment_says_so(shop: AtWork, nube: Nube) -> None:
    nube.add(
        order(1, payment_status="pending", shipping_pickup_type="pickup", shipping_store_branch_name="Centro")
    )

    found = shop.one("450000001")

    assert isinstance(found, WebOrder)
    assert (found.standing, found.kind, found.location) == (Standing.UNPAID, OrderKind.BOPIS, "Centro")


def test_outcomes_and_stock_are_told(shop: AtWork, nube: Nube) -> None:
    for said in (Said.REJECTED, Said.READY, Said.PICKED_UP):
        assert shop.tell("450000101", said).outcome is Outcome.ACCEPTED
    shop.push_stock(offer("71", 4, parent="7"))

    assert nube.told == [
        ("POST", "orders/450000101/cancel", {"reason": "inventory", "email": True, "restock": True}),
        ("POST", "orders/450000101/pack", None),
        ("POST", "orders/450000101/close", None),
        ("PUT", "products/7/variants/71", {"stock": 4}),
    ]


def test_a_webhook_names_an_order(shop: AtWork) -> None:
    body = json.dumps({"store_id": 42, "event": "order/paid", "id": 450_000_101}).encode()
    signature = hmac.new(b"s3", body, hashlib.sha256).hexdigest()

    assert shop.hear(body, x_linkedstore_hmac_sha256=signature) == ["450000101"]
