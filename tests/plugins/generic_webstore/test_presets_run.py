"""Each further preset at work, over real HTTP: an order is fetched and read, and the webstore is told.

The webstores are small, and answer as the systems' documentation has it; orders and numbers are made up: two
pieces at 33.00, of which 3.00 is tax, and shipping for 11.00, of which 1.00 is tax.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus, urlsplit

import pytest

from plugins.generic_webstore.at_work import AtWork, at_work
from plugins.generic_webstore.counters import Asked, Desk, desk, offer
from tillbridge.model.errors import Rejected
from tillbridge.model.exchange import Outcome, Said
from tillbridge.model.money import Money
from tillbridge.model.orders import OrderKind, Standing
from tillbridge.model.resolutions import Resolution
from tillbridge.plugin import WebOrder
from tillbridge.testing.clock import FrozenClock

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
Route = Mapping[str, Any]
PEOPLE = {"first_name": "Ann", "last_name": "Lee"}


def routed(routes: Route) -> Callable[[Asked], tuple[int, Any]]:
    """Answer by "METHOD path": the first route that fits; a function gets the request."""

    def answer(asked: Asked) -> tuple[int, Any]:
        path = unquote_plus(urlsplit(asked.path).path)
        for pattern, said in routes.items():
            if re.fullmatch(pattern, f"{asked.method} {path}"):
                found = said(asked) if callable(said) else said
                return found if isinstance(found, tuple) else (200, found)
        return 404, {"message": "not found"}

    return answer


@contextmanager
def running(
    name: str, routes: Route, settings: Mapping[str, str], host: str = ""
) -> Iterator[tuple[AtWork, Desk]]:
    with desk() as server:
        server.answer = routed(routes)
        given = {**settings, **({} if host else {"url": server.url.rstrip("/")})}
        hosts = {host: server.url.rstrip("/")} if host else None
        clock = FrozenClock(NOW)
        with at_work(name, given, clock, orders_from=NOW - timedelta(days=1), hosts=hosts) as shop:
            yield shop, server


def check(found: Any, *, lines: int = 1, currency: str = "USD") -> WebOrder:
    """Hold an order against what all webstores of this file sell."""
    assert isinstance(found, WebOrder)
    assert found.total == Money(7700, currency)
    line, *_ = found.lines
    assert (len(found.lines), int(line.quantity)) == (lines, 2)
    assert (line.amount.gross, line.amount.tax) == (Money(6600, currency), Money(600, currency))
    (shipping,) = found.charges
    assert (shipping.amount.gross, shipping.amount.tax) == (Money(1100, currency), Money(100, currency))
    assert found.customer.email == "ann@example.com"
    return found


def outcomes(receipts: Mapping[str, Any]) -> list[Outcome]:
    return [one.outcome for one in receipts.values()]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


BIG = {
    "id": 118,
    "status_id": 11,
    "date_created": "Sun, 01 Mar 2026 08:05:00 +0000",
    "date_modified": "Sun, 01 Mar 2026 08:06:00 +0000",
    "currency_code": "USD",
    "total_inc_tax": "77.0000",
    "total_tax": "7.0000",
    "shipping_cost_ex_tax": "10.0000",
    "shipping_cost_inc_tax": "11.0000",
    "payment_method": "Credit Card",
    "customer_id": 7,
    "is_tax_inclusive_pricing": False,
    "billing_address": {**PEOPLE, "email": "ann@example.com", "country_iso2": "US", "city": "Austin"},
}
BIG_LINE = {
    "id": 1,
    "product_id": 10,
    "variant_id": 20,
    "name": "Shirt",
    "quantity": 2,
    "price_inc_tax": "33.0000",
    "total_ex_tax": "60.0000",
    "total_inc_tax": "66.0000",
    "sku": "TS-M",
    "upc": "036000291452",
    "product_options": [],
}


def test_bigcommerce() -> None:
    def variants(asked: Asked) -> Any:
        if any(one["id"] == 99 for one in asked.body):
            return 422, {"status": 422, "title": "variant 99 does not exist"}
        return {"data": [{"id": one["id"], "price": float(one["price"])} for one in asked.body][::-1]}

    def adjusted(asked: Asked) -> Any:
        stock.update({one["variant_id"]: one["quantity"] for one in asked.body["items"]})
        bad = 99 in {one["variant_id"] for one in asked.body["items"]}
        return (
            (422, {"status": 422, "title": "variant 99 does not exist"}) if bad else {"transaction_id": "x"}
        )

    stock: dict[int, int] = {}
    routes = {
        "GET /stores/s/v2/orders": [BIG],
        "GET /stores/s/v2/orders/118": BIG,
        "GET /stores/s/v2/orders/118/products": [BIG_LINE],
        "GET /stores/s/v2/orders/118/shipping_addresses": [],
        "PUT /stores/s/v2/orders/118": lambda asked: {**BIG, **asked.body},
        "PUT /stores/s/v3/inventory/adjustments/absolute": adjusted,
        "PUT /stores/s/v3/catalog/variants": variants,
    }
    settings = {"store": "s", "token": "t", "client_secret": "k"}
    with running("bigcommerce", routes, settings, "https://api.bigcommerce.com") as (shop, server):
        order = check(shop.orders()["118"])
        assert order.standing is Standing.OPEN
        assert shop.tell("118", Said.READY).outcome is Outcome.ACCEPTED
        assert server.asked[-1].body == {"status_id": 8}
        offers = [offer(number, pieces, usd(3300), parent="10") for number, pieces in (("20", 4), ("99", 1))]
        wanted = [Outcome.ACCEPTED, Outcome.REFUSED]
        assert outcomes(shop.push_stock(*offers, offer("21", 0, parent="10"))) == [*wanted, Outcome.ACCEPTED]
        assert (stock[20], stock[21]) == (4, 0)
        assert outcomes(shop.push_prices(*offers)) == wanted


def test_a_webhook_of_bigcommerces_is_signed_with_the_secret_of_its_account() -> None:
    """As Standard Webhooks has it: over the message's ID, its time, and the body."""
    body = b'{"scope": "store/order/updated", "data": {"type": "order", "id": 118}, "hash": "h"}'
    time = f"{int(NOW.timestamp())}"
    made = hmac.new(b"k", b"msg_1." + time.encode() + b"." + body, hashlib.sha256).digest()
    signed = {
        "webhook_id": "msg_1",
        "webhook_timestamp": time,
        "webhook_signature": f"v1,AAAA v1,{base64.b64encode(made).decode()}",
    }
    settings = {"store": "s", "token": "t", "client_secret": "k"}
    with running("bigcommerce", {}, settings, "https://api.bigcommerce.com") as (shop, _):
        assert shop.hear(body, **signed) == ["118"]
        for changed in (
            {"webhook_id": "msg_2"},
            {"webhook_signature": "v1,AAAA"},
            {"webhook_timestamp": "1"},
        ):
            with pytest.raises(Rejected):
                shop.hear(body, **{**signed, **changed})


def test_an_order_of_bigcommerces_that_is_collected_is_known_by_its_consignment() -> None:
    pickup = {"pickups": [{"id": 1, "location": {"id": 3}}], "shipping": []}
    routes = {
        "GET /stores/s/v2/orders/118": {**BIG, "consignments": pickup},
        "GET /stores/s/v2/orders/118/products": [BIG_LINE],
        "GET /stores/s/v2/orders/118/shipping_addresses": [],
    }
    with running("bigcommerce", routes, {"store": "s", "token": "t"}, "https://api.bigcommerce.com") as (
        shop,
        web,
    ):
        order = check(shop.one("118"))

    assert (order.kind, order.location) == (OrderKind.BOPIS, "3")
    assert "include=consignments&consignment_structure=object" in web.asked[0].path


def test_a_webhook_of_ecwids_is_signed_with_when_and_which_it_was() -> None:
    event = b'{"eventId": "e-1", "eventCreated": 1772355960, "eventType": "order.updated"'
    body = event + b', "data": {"orderId": "X1"}}'
    made = base64.b64encode(hmac.new(b"k", b"1772355960.e-1", hashlib.sha256).digest()).decode()
    settings = {"store": "7", "token": "t", "currency": "USD", "client_secret": "k"}
    with running("ecwid", {}, settings, "https://app.ecwid.com") as (shop, _):
        assert shop.hear(body, x_ecwid_webhook_signature=made) == ["X1"]
        for wrong in (body.replace(b"e-1", b"e-2"), b"[]", b'{"eventId": {}}'):
            with pytest.raises(Rejected):
                shop.hear(wrong, x_ecwid_webhook_signature=made)


def test_an_order_that_saleor_has_no_more_is_gone() -> None:
    with (
        running(
            "saleor", {"POST /": {"data": {"order": None}}}, {"token": "t", "warehouse": "w", "channel": "c"}
        ) as (shop, _),
        pytest.raises(Rejected, match="Saleor has no order"),
    ):
        shop.one("T3JkZXI6OQ==")


MAGENTO: dict[str, Any] = {
    "entity_id": 9,
    "increment_id": "000000009",
    "state": "processing",
    "status": "processing",
    "created_at": "2026-03-01 08:05:00",
    "updated_at": "2026-03-01 08:06:00",
    "order_currency_code": "USD",
    "grand_total": 77,
    "tax_amount": 7,
    "subtotal": 60,
    "shipping_amount": 10,
    "shipping_tax_amount": 1,
    "total_due": 0,
    "total_paid": 77,
    "payment": {"method": "braintree", "additional_information": ["Card"]},
    "customer_email": "ann@example.com",
    "customer_firstname": "Ann",
    "items": [
        {
            "item_id": 1,
            "product_id": 10,
            "product_type": "simple",
            "sku": "TS-M",
            "name": "Shirt",
            "qty_ordered": 2,
            "qty_shipped": 0,
            "price": 30,
            "row_total": 60,
            "tax_amount": 6,
            "discount_amount": 0,
        }
    ],
}


def test_magento() -> None:
    def prices(asked: Asked) -> Any:
        bad = [one["sku"] for one in asked.body["prices"] if one["sku"] == "S-99"]
        return [{"message": "Requested product does not exist", "parameters": bad}] if bad else []

    routes = {
        "GET /rest/V1/orders": {"items": [MAGENTO], "total_count": 1},
        "GET /rest/V1/orders/9": MAGENTO,
        "GET /rest/V1/shipments": {"items": [], "total_count": 0},
        "POST /rest/V1/orders/9/cancel": False,
        "POST /rest/V1/order/9/ship": 55,
        "POST /rest/V1/inventory/source-items": [],
        "POST /rest/V1/products/base-prices": prices,
    }
    with running("magento", routes, {"token": "t"}) as (shop, server):
        assert check(shop.orders()["9"]).number == "000000009"
        refused = shop.tell("9", Said.REJECTED)
        assert (refused.outcome, refused.words and refused.words.en) == (
            Outcome.REFUSED,
            'Magento did not take it. It said: "The order cannot be cancelled any more."',
        )
        done = shop.tell("9", Said.RESOLVED, resolution=Resolution.PICKED_UP)
        assert done.outcome is Outcome.ACCEPTED
        assert outcomes(shop.push_stock(offer("10", 4))) == [Outcome.ACCEPTED]
        assert server.asked[-1].body["sourceItems"] == [
            {"sku": "S-10", "source_code": "default", "quantity": 4, "status": 1}
        ]
        prices_told = shop.push_prices(offer("10", price=usd(3000)), offer("99", price=usd(100)))
        assert outcomes(prices_told) == [Outcome.ACCEPTED, Outcome.REFUSED]


MEDUSA: dict[str, Any] = {
    "id": "order_1",
    "display_id": 12,
    "status": "pending",
    "payment_status": "captured",
    "fulfillment_status": "not_fulfilled",
    "created_at": "2026-03-01T08:05:00.000Z",
    "updated_at": "2026-03-01T08:06:00.000Z",
    "currency_code": "usd",
    "email": "ann@example.com",
    "total": 77,
    "tax_total": 7,
    "customer_id": "cus_1",
    "items": [
        {
            "id": "ordli_1",
            "product_title": "Shirt",
            "variant_title": "M",
            "variant_sku": "TS-M",
            "variant_barcode": "036000291452",
            "product_id": "prod_1",
            "variant_id": "variant_1",
            "quantity": 2,
            "unit_price": 33,
            "is_tax_inclusive": True,
            "total": 65.99999999999999,
            "raw_total": {"value": "66", "precision": 20},
            "tax_total": 6,
        }
    ],
    "shipping_methods": [
        {
            "name": "Standard",
            "shipping_option_id": "so_1",
            "total": 11,
            "tax_total": 1,
            "is_tax_inclusive": True,
        }
    ],
    "fulfillments": [],
}


def test_medusa() -> None:
    made: list[dict[str, Any]] = []

    def fulfil(asked: Asked) -> Any:
        (number,) = {
            each["id"] == "ordli_2" for each in asked.body["items"]
        }  # not goods to be shipped and others
        made.append({"id": f"ful_{int(number)}", "canceled_at": None, "delivered_at": None, **asked.body})
        return one(asked)

    def deliver(asked: Asked) -> Any:
        (wanted,) = (each for each in made if each["id"] in asked.path)
        wanted["delivered_at"] = "2026-03-01T09:00:00.000Z"
        return one(asked)

    def one(_: Asked) -> Any:
        voucher = {**MEDUSA["items"][0], "id": "ordli_2", "requires_shipping": False, "quantity": 1}
        shirt = {**MEDUSA["items"][0], "requires_shipping": True, "detail": {"fulfilled_quantity": 0}}
        return {"order": {**MEDUSA, "items": [shirt, voucher], "fulfillments": made}}

    def levels(asked: Asked) -> Any:
        return {"created": [], "updated": list(reversed(asked.body["update"])), "deleted": []}

    variant = {
        "id": "variant_1",
        "prices": [
            {"id": "p1", "amount": 30, "currency_code": "usd"},
            {"id": "p2", "amount": 28, "currency_code": "eur"},
        ],
    }
    routes = {
        "GET /admin/orders": {"orders": [MEDUSA], "count": 1},
        "GET /admin/orders/order_1": one,
        "POST /admin/orders/order_1/fulfillments": fulfil,
        r"POST /admin/orders/order_1/fulfillments/ful_\d/mark-as-delivered": deliver,
        "GET /admin/shipping-options/so_1": {
            "shipping_option": {"id": "so_1", "service_zone": {"fulfillment_set": {"type": "pickup"}}}
        },
        "POST /admin/orders/order_1/cancel": {"order": {**MEDUSA, "status": "canceled"}},
        "POST /admin/inventory-items/location-levels/batch": levels,
        "GET /admin/products/prod_1/variants/variant_1": {"variant": variant},
        "POST /admin/products/prod_1/variants/variant_1": {"product": {}},
    }
    settings = {"key": "sk_1", "stock_location": "sloc_1"}
    with running("medusa", routes, settings) as (shop, server):
        order = check(shop.orders()["order_1"])
        assert (order.number, order.standing, order.kind) == ("12", Standing.OPEN, OrderKind.BOPIS)
        shop.tell("order_1", Said.RESOLVED, resolution=Resolution.PICKED_UP)
        assert [([item["id"] for item in each["items"]], bool(each["delivered_at"])) for each in made] == [
            (["ordli_1"], True),
            (["ordli_2"], True),
        ]
        assert shop.tell("order_1", Said.REJECTED).outcome is Outcome.ACCEPTED
        receipts = shop.push_stock(
            offer("variant_1", 4, parent="prod_1", extra={"stock_item": "iitem_1"}),
            offer("variant_2", 0, parent="prod_1", extra={"stock_item": "iitem_2"}),
        )
        assert outcomes(receipts) == [Outcome.ACCEPTED, Outcome.ACCEPTED]
        shop.push_prices(offer("variant_1", price=usd(2950), parent="prod_1"))
        assert server.asked[-1].body == {
            "prices": [
                {"id": "p2", "amount": 28, "currency_code": "eur"},
                {"amount": pytest.approx(29.5), "currency_code": "usd"},
            ]
        }


SALEOR = {
    "id": "T3JkZXI6MQ==",
    "number": "15",
    "status": "UNFULFILLED",
    "chargeStatus": "FULL",
    "created": "2026-03-01T08:05:00.000000+00:00",
    "updatedAt": "2026-03-01T08:06:00.000000+00:00",
    "userEmail": "ann@example.com",
    "total": {
        "net": {"amount": 70.0, "currency": "USD"},
        "gross": {"amount": 77.0, "currency": "USD"},
        "tax": {"amount": 7.0},
    },
    "shippingPrice": {"net": {"amount": 10.0}, "gross": {"amount": 11.0}},
    "discounts": [],
    "lines": [
        {
            "id": "l1",
            "productName": "Shirt",
            "variantName": "M",
            "productSku": "TS-M",
            "quantity": 2,
            "unitPrice": {"gross": {"amount": 33.0}},
            "totalPrice": {"net": {"amount": 60.0}, "gross": {"amount": 66.0}},
            "variant": {"id": "v1", "product": {"id": "p1"}},
        }
    ],
}


def test_saleor() -> None:
    status = {"now": "UNFULFILLED"}

    def graphql(asked: Asked) -> Any:
        query, variables = asked.body["query"], asked.body["variables"]
        if "orderCancel" in query:
            status["now"] = "CANCELED"
            return {"data": {"orderCancel": {"errors": [], "order": {"status": "CANCELED"}}}}
        if "stockBulkUpdate" in query:
            rows = [
                {"errors": [{"message": "unknown variant"}], "stock": None}
                if one["variantId"] == "v9"
                else {"errors": [], "stock": {"quantity": one["quantity"]}}
                for one in variables["stocks"]
            ]
            return {"data": {"stockBulkUpdate": {"errors": [], "results": rows}}}
        if "ChannelListingUpdate" in query:
            return {"errors": [{"message": "no such channel"}], "data": None}
        if "orders(" in query:
            page = {"endCursor": "c", "hasNextPage": False}
            return {"data": {"orders": {"pageInfo": page, "edges": [{"node": SALEOR}]}}}
        return {"data": {"order": {**SALEOR, "status": status["now"]}}}

    settings = {"token": "t", "warehouse": "w", "channel": "c", "webhook_secret": "s"}
    with running("saleor", {"POST /": graphql}, settings) as (shop, server):
        assert check(shop.orders()["T3JkZXI6MQ=="]).number == "15"
        assert isinstance(shop.one("T3JkZXI6MQ=="), WebOrder)
        assert shop.tell("T3JkZXI6MQ==", Said.REJECTED).outcome is Outcome.ACCEPTED
        told = len(server.asked)
        assert shop.tell("T3JkZXI6MQ==", Said.REJECTED).outcome is Outcome.ACCEPTED
        assert len(server.asked) == told + 1  # it looks, and it holds already
        receipts = shop.push_stock(offer("v1", 4), offer("v9", 1))
        assert outcomes(receipts) == [Outcome.ACCEPTED, Outcome.REFUSED]
        assert outcomes(shop.push_prices(offer("v1", price=usd(3300)))) == [Outcome.REFUSED]


ECWID: dict[str, Any] = {
    "id": "XJ12H",
    "createDate": "2026-03-01 08:05:00 +0000",
    "updateDate": "2026-03-01 08:06:00 +0000",
    "paymentStatus": "PAID",
    "fulfillmentStatus": "AWAITING_PROCESSING",
    "email": "ann@example.com",
    "total": 77,
    "tax": 7,
    "pricesIncludeTax": True,
    "shippingOption": {"shippingMethodName": "Post", "shippingRate": 11},
    "taxesOnShipping": [{"total": 1}],
    "items": [
        {"id": 1, "productId": 10, "sku": "TS-M", "name": "Shirt", "quantity": 2, "price": 33, "tax": 6}
    ],
}


def test_ecwid() -> None:
    routes = {
        "GET /api/v3/1/orders": {"total": 1, "items": [ECWID]},
        "GET /api/v3/1/orders/XJ12H": ECWID,
        "PUT /api/v3/1/orders/XJ12H": {"updateCount": 1},
        "PUT /api/v3/1/products/10": {"updateCount": 1},
        "PUT /api/v3/1/products/10/combinations/7": {"updateCount": 0},
    }
    settings = {"store": "1", "token": "t", "currency": "USD"}
    with running("ecwid", routes, settings, "https://app.ecwid.com") as (shop, server):
        order = check(shop.orders()["XJ12H"])
        assert order.standing is Standing.OPEN
        assert shop.tell("XJ12H", Said.READY).outcome is Outcome.ACCEPTED
        assert server.asked[-1].body == {"fulfillmentStatus": "READY_FOR_PICKUP"}
        receipts = shop.push_stock(offer("10", 4, usd(3300)), offer("7", 1, parent="10"))
        assert outcomes(receipts) == [Outcome.ACCEPTED, Outcome.REFUSED]


def amount(value: str) -> dict[str, str]:
    return {"value": value, "currency": "USD"}


SQUARE_SPACE = {
    "id": "585d498fdee9f31a60284a37",
    "orderNumber": "3",
    "createdOn": "2026-03-01T08:05:00Z",
    "modifiedOn": "2026-03-01T08:06:00Z",
    "fulfillmentStatus": "PENDING",
    "customerEmail": "ann@example.com",
    "billingAddress": {"firstName": "Ann", "lastName": "Lee", "countryCode": "US"},
    "lineItems": [
        {
            "id": "li1",
            "productId": "p1",
            "variantId": "v1",
            "sku": "TS-M",
            "productName": "Shirt",
            "quantity": 2,
            "unitPricePaid": amount("33.00"),
            "variantOptions": [],
        }
    ],
    "shippingLines": [{"method": "Post", "amount": amount("11.00")}],
    "discountLines": [],
    "subtotal": amount("66.00"),
    "shippingTotal": amount("11.00"),
    "discountTotal": amount("0.00"),
    "taxTotal": amount("7.00"),
    "grandTotal": amount("77.00"),
}


def test_a_status_of_the_shop_s_own_at_ecwid_is_still_open_and_collection_is_known() -> None:
    made = {
        **ECWID,
        "fulfillmentStatus": "CUSTOM_FULFILLMENT_STATUS_2",
        "externalTransactionId": "5246239423",
        "shippingOption": {**ECWID["shippingOption"], "fulfillmentType": "pickup"},
    }
    settings = {"store": "7", "token": "secret_t", "currency": "USD"}
    routes = {"GET /api/v3/7/orders": {"items": [made]}}
    with running("ecwid", routes, settings, "https://app.ecwid.com") as (shop, _):
        found = check(shop.orders()["XJ12H"])

    assert (found.standing, found.kind) == (Standing.OPEN, OrderKind.BOPIS)
    assert [one.reference for one in found.tenders] == ["5246239423"]


def test_squarespace() -> None:
    def orders(asked: Asked) -> Any:
        query = urlsplit(asked.path).query
        if ("cursor" in query) is ("modifiedAfter" in query):
            return 400, {"message": "either dates or a cursor"}
        following = "" if "cursor" in query else asked.path.partition("?")[0] + "?cursor=c2"
        page = {"hasNextPage": bool(following), "nextPageUrl": following or None}
        held = [SQUARE_SPACE] if following else [{**SQUARE_SPACE, "id": "second"}]
        return {"result": held, "pagination": page}

    routes = {
        "GET /1.0/commerce/orders": orders,
        "GET /1.0/commerce/orders/second": {**SQUARE_SPACE, "id": "second"},
        "POST /1.0/commerce/orders/second/fulfillments": (204, b""),
        "POST /1.0/commerce/inventory/adjustments": (204, b""),
        "POST /1.0/commerce/products/p1/variants/v1": lambda asked: asked.body,
    }
    with running("squarespace", routes, {"key": "k"}, "https://api.squarespace.com") as (shop, server):
        found = shop.orders()
        assert list(found) == ["585d498fdee9f31a60284a37", "second"]
        order = found["second"]
        assert isinstance(order, WebOrder)
        assert (order.total, int(order.lines[0].quantity)) == (usd(7700), 2)
        done = shop.tell("second", Said.RESOLVED, resolution=Resolution.PICKED_UP)
        assert done.outcome is Outcome.ACCEPTED
        assert outcomes(shop.push_stock(offer("v1", 4, parent="p1"))) == [Outcome.ACCEPTED]
        assert server.asked[-1].headers["idempotency-key"]
        assert outcomes(shop.push_prices(offer("v1", price=usd(3250), parent="p1"))) == [Outcome.ACCEPTED]
        assert server.asked[-1].body == {"pricing": {"basePrice": amount("32.50")}}
