"""A shop's files, a valid order of Locally's to be bent, and the connections that tests of its plugin use."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import msgspec

from tillbridge.clock import SystemClock
from tillbridge.http import HttpClient
from tillbridge.model.stores import Store
from tillbridge.plugin import Connection
from tillbridge_locally.settings import Settings, http_settings

Document = dict[str, Any]
# Answers a web order, or why it is none; tests look at either.
Parse = Callable[..., Any]
Bend = Callable[[Document], Document]

# The shop's own files, that the sandbox makes its orders from.
CATALOGUE = """\
vpn,upc,description,price,brand,vendor
BR-M8100,036000291452,디스크 브레이크 세트,89000,시마루,한울자전거
BR-7000,012345678905,림 브레이크,45000,시마루,한울자전거
HL-200,601842495575,헬멧 M,120000,루디아,온바이크
HL-200,686487455948,헬멧 L,120000,루디아,온바이크
TB-001,727602259178,튜브 700C,9000,슈발로,온바이크
PD-520,736745040314,페달,38500,시마루,한울자전거
"""
CUSTOMERS = """\
number,name,email,phone,street,city,postcode,country
C0001,김하늘,haneul.kim@example.com,010-0000-1001,해오름로 1,서울특별시,04100,KR
C0002,이바다,family@example.com,010-0000-1002,달빛길 2,서울특별시,04101,KR
C0003,이강,family@example.com,010-0000-1003,달빛길 2,서울특별시,04101,KR
C0004,Anna Smith,anna.smith@example.com,010-0000-1004,별빛로 4,부산광역시,48000,KR
"""

# 32,000 and twice 9,000 won; 1/11 of a Korean price is its tax: 2,909 and twice 818.
VALID: Document = {
    "cart": {
        "id": 31,
        "user_id": 70_001,
        "hash": "QE3QL6",
        "store_id": 20_301,
        "status": "ordered",
        "ordered_at": "2026-03-02T10:15:00+09:00",
        "updated_at": "2026-03-02T10:16:30.250000+09:00",
        "for_hold": 0,
        "for_delivery": 0,
        "subtotal": 50_000,
        "tax_total": 4_545,
        "shipping_cost_total": 0,
        "grand_total": 50_000,
        "first_name": "하늘",
        "last_name": "김",
        "email": "haneul.kim@example.com",
        "phone": "010-0000-1001",
        "address": "해오름로 1",
        "address_2": "101호",
        "city": "서울특별시",
        "state": "",
        "zip": "04100",
        "country": "kr",
        "items": [
            {
                "id": 1,
                "upc": "601842495575",
                "qty": 1,
                "price_per_unit": 32_000,
                "tax_per_unit": 2_909,
                "product_title": "헬멧 M",
                "part_number": "HL-200",
                "vendor": "온바이크",
                "brand": "루디아",
                "status": "ordered",
            },
            {
                "id": 2,
                "upc": "727602259178",
                "qty": 2,
                "price_per_unit": 9_000,
                "tax_per_unit": 818,
                "product_title": "튜브 700C",
                "status": "ordered",
            },
        ],
    },
    "user": {"id": 70_001, "email": "haneul.kim@example.com"},
}
KOREAN = {"company_id": "4711", "api_token": "hidden-token", "currency": "KRW", "country": "KR"}


def encoded(document: object) -> bytes:
    """Write a document as JSON; an amount keeps its digits, and half an emoji its escape."""
    try:
        return msgspec.json.Encoder(decimal_format="number").encode(document)
    except UnicodeEncodeError:
        return json.dumps(document, default=str).encode()


def offline(settings: Settings) -> Connection:
    """A connection for hooks that ask no service; one that does finds nothing at this address."""
    return connect(settings.model_copy(update={"base_url": "http://127.0.0.1:9"}))


def connect(
    settings: Settings,
    *,
    orders_from: datetime | None = None,
    transport: httpx.BaseTransport | None = None,
) -> Connection:
    """A connection with the real client and the real clock; `transport` stands in for the network."""
    clock = SystemClock()
    return Connection(
        name="Locally",
        settings=settings,
        http=HttpClient(http_settings(settings), clock=clock, transport=transport),
        orders_from=orders_from or datetime(2020, 1, 1, tzinfo=UTC),
        now=clock.now,
        store=lambda _location: Store(
            code="1", name="Sandbox", timezone="Asia/Seoul", currency="KRW", country="KR"
        ),
        log=logging.getLogger("test"),
    )


def american(order: Document) -> Document:
    """Make the valid order an American one: tax beside prices that have cents."""
    cart = order["cart"]
    price = {"price_per_unit": Decimal("225.00"), "tax_per_unit": Decimal("18.56")}
    totals = {
        "subtotal": "225.00",
        "tax_total": "18.56",
        "shipping_cost_total": "5.50",
        "grand_total": "249.06",
    }
    cart["items"] = [cart["items"][0] | price]
    cart |= {name: Decimal(amount) for name, amount in totals.items()}
    return order
