"""Shopify is told by its preset: GraphQL refuses as a whole, and asks for patience, within a 200."""

import base64
import hashlib
import hmac
import re
from urllib.parse import parse_qsl

import pytest

from plugins.generic_webstore.connecting import connected, preset
from plugins.generic_webstore.counters import NOW, compiled_of, desk, offer
from tillbridge.model.errors import Rejected, Retryable
from tillbridge.model.exchange import Outcome, Said, StatusDelivery
from tillbridge.model.money import Money
from tillbridge.model.resolutions import Resolution
from tillbridge.plugin import Headers, WebhookRequest
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling.listings import compile_listings
from tillbridge_generic_webstore.hearing import compile_hearer
from tillbridge_generic_webstore.telling import compile_teller

pytestmark = pytest.mark.row("S15")
SHOPIFY = preset("shopify")
TELLER = compiled_of(compile_teller, SHOPIFY)
READER = compiled_of(compile_listings, SHOPIFY)
HEARER = compiled_of(compile_hearer, SHOPIFY)
_MUTATION = re.compile(r"\{\s*(\w+)")


class Shop:
    """A Shopify with two variants of one product, and an order to be picked up."""

    def __init__(self):
        self.stock, self.prices = {"801": 1, "802": 1}, {"11": "5.00", "12": "5.00"}
        self.cancelled = self.status = None
        self.fulfilments = [{"id": "gid://shopify/FulfillmentOrder/1", "status": "OPEN"}]
        self.busy = False
        self.called = []

    def __call__(self, asked):
        if asked.path == "/admin/oauth/access_token":
            wanted = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s3cret"}
            assert dict(parse_qsl(asked.body)) == wanted
            return 200, {"access_token": "shpat_1", "scope": "write_orders", "expires_in": 86399}
        assert asked.headers["x-shopify-access-token"] == "shpat_1"
        if asked.path.startswith("/admin/api/2026-07/products.json"):
            variants = [
                {"id": 11, "sku": "A", "barcode": "4006381333931", "inventory_item_id": 801, "title": "S"},
                {"id": 12, "sku": "B", "barcode": None, "inventory_item_id": 802, "title": "M"},
            ]
            return 200, {"products": [{"id": 1, "title": "Shirt", "status": "active", "variants": variants}]}
        if self.busy:
            return 200, {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}
        assert asked.path == "/admin/api/2026-07/graphql.json"
        name = _MUTATION.findall(asked.body["query"])[0]
        self.called.append(name)
        return 200, {"data": {name: getattr(self, name)(**asked.body["variables"])}}

    def inventorySetQuantities(self, quantities, key):  # noqa: N802  # Shopify's own name
        assert key
        assert all(one["changeFromQuantity"] is None for one in quantities)
        items = {one["inventoryItemId"].rpartition("/")[2]: one["quantity"] for one in quantities}
        if set(items) - set(self.stock) or any(one.get("locationId") != LOCATION for one in quantities):
            return {"userErrors": [{"message": "The specified inventory item could not be found."}]}
        self.stock |= items
        return {"userErrors": []}

    def productVariantsBulkUpdate(self, product, variants):  # noqa: N802  # Shopify's own name
        assert product == "gid://shopify/Product/1"
        for one in variants:
            self.prices[one["id"].rpartition("/")[2]] = one["price"]
        changed = [{"id": one["id"], "price": one["price"]} for one in reversed(variants)]
        return {"productVariants": changed, "userErrors": []}

    def order(self, id):  # noqa: A002  # Shopify's own name
        assert id == "gid://shopify/Order/450"
        nodes = [{**one, "deliveryMethod": {"methodType": "PICK_UP"}} for one in self.fulfilments]
        return {
            "cancelledAt": self.cancelled,
            "displayFulfillmentStatus": self.status or "UNFULFILLED",
            "fulfillmentOrders": {"nodes": nodes},
        }

    def orderCancel(self, id, note=None):  # noqa: A002, N802  # Shopify's own names
        if self.cancelled:
            return {"orderCancelUserErrors": [{"message": "Order has already been cancelled"}]}
        self.cancelled = note or "-"
        return {"job": {"id": "1"}, "orderCancelUserErrors": []}

    def fulfillmentOrderLineItemsPreparedForPickup(self, lines):  # noqa: N802  # Shopify's own name
        assert lines == [{"fulfillmentOrderId": "gid://shopify/FulfillmentOrder/1"}]
        if self.fulfilments[0]["status"] != "OPEN":
            return {"userErrors": [{"message": "Fulfillment order is not open."}]}
        self.fulfilments[0]["status"] = "IN_PROGRESS"
        return {"userErrors": []}

    def fulfillmentCreate(self, lines):  # noqa: N802  # Shopify's own name
        if self.fulfilments[0]["status"] == "CLOSED":
            return {"userErrors": [{"message": "Fulfillment order is closed."}]}
        self.fulfilments[0]["status"], self.status = "CLOSED", "FULFILLED"
        return {"fulfillment": {"status": "SUCCESS"}, "userErrors": []}


LOCATION = "gid://shopify/Location/77"


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def there(shop):
    with desk() as server:
        server.answer = shop
        settings = {
            "url": server.url.rstrip("/"),
            "client_id": "c",
            "client_secret": "s3cret",
            "stock_location": "77",
        }
        with connected(SHOPIFY, settings, FrozenClock(NOW)) as made:
            yield made.connection


def variant(number, stock=None, price=None, **more):
    extra = {"inventory_item": f"{int(number) + 790}"}
    return offer(number, stock, price, parent="1", extra=extra, **more)


def outcomes(receipts):
    return {key.rpartition("/")[2]: receipt.outcome for key, receipt in receipts.items()}


def test_variants_are_listed_with_what_their_stock_is_told_by(there):
    listings = [one for page in READER.pages(there, None) for one in page.listings]

    assert [
        ("11", "1", "Shirt S", {"inventory_item": "801"}),
        ("12", "1", "Shirt M", {"inventory_item": "802"}),
    ] == [(one.id, one.parent_id, one.title, one.extra) for one in listings]


def test_hook_push_inventory_sets_what_is_available_at_the_location(shop, there):
    receipts = TELLER.push_inventory(there, [variant("11", 7), variant("12", 0)])

    assert ({"801": 7, "802": 0}, {"11": Outcome.ACCEPTED, "12": Outcome.ACCEPTED}) == (
        shop.stock,
        outcomes(receipts),
    )


def test_an_item_that_shopify_does_not_know_is_refused_alone(shop, there):
    receipts = TELLER.push_inventory(there, [variant("11", 7), variant("99", 1), variant("12", 3)])

    assert {"11": Outcome.ACCEPTED, "99": Outcome.REFUSED, "12": Outcome.ACCEPTED} == outcomes(receipts)
    assert {"801": 7, "802": 3} == shop.stock
    assert "The specified inventory item could not be found." in receipts["/P99/99"].words.en


def test_a_mapped_location_is_told_its_own_stock(shop, there):
    receipts = TELLER.push_inventory(there, [variant("11", 7, location="78")])

    assert {"11": Outcome.REFUSED} == outcomes(receipts)  # this shop has no location 78


def test_hook_push_prices_sets_the_prices_of_a_products_variants_in_one_call(shop, there):
    offers = [variant("11", price=Money(990, "USD")), variant("12", price=Money(1_000, "USD"))]
    receipts = TELLER.push_prices(there, offers)

    assert ({"11": "9.90", "12": "10.00"}, ["productVariantsBulkUpdate"]) == (shop.prices, shop.called)
    assert {"11": Outcome.ACCEPTED, "12": Outcome.ACCEPTED} == outcomes(receipts)


def test_what_is_asked_too_much_at_once_is_told_later_and_not_refused(shop, there):
    shop.busy = True

    with pytest.raises(Retryable, match="asked too much"):
        TELLER.push_inventory(there, [variant("11", 7)])
    with pytest.raises(Retryable):
        tell(there, Said.REJECTED)


def tell(there, said, **more):
    return TELLER.push_status(there, StatusDelivery(key="k", order_id="450", said=said, **more)).outcome


def test_hook_push_status_cancels_a_rejected_order_once(shop, there):
    assert [Outcome.ACCEPTED] * 2 == [tell(there, Said.REJECTED, reason="품절") for _ in range(2)]
    assert ("품절", ["order", "orderCancel", "order"]) == (shop.cancelled, shop.called)


def test_an_order_is_ready_and_picked_up_each_once(shop, there):
    told = [tell(there, Said.READY) for _ in range(2)]
    ready = shop.fulfilments[0]["status"]
    told += [tell(there, Said.RESOLVED, resolution=Resolution.PICKED_UP) for _ in range(2)]

    assert ([Outcome.ACCEPTED] * 4, "IN_PROGRESS", "FULFILLED") == (told, ready, shop.status)


def test_what_nobody_picked_up_is_cancelled(shop, there):
    tell(there, Said.RESOLVED, resolution=Resolution.NOT_PICKED_UP)

    assert "-" == shop.cancelled


def test_hook_receive_webhook_takes_what_shopify_has_signed(there):
    body = b'{"id": 450789469}'
    signature = base64.b64encode(hmac.new(b"s3cret", body, hashlib.sha256).digest()).decode()
    headers = {
        "X-Shopify-Hmac-SHA256": signature,
        "X-Shopify-Topic": "orders/updated",
        "X-Shopify-Webhook-Id": "w1",
    }

    def hear(**changed):
        given = Headers({**headers, **changed}.items())
        return HEARER.receive(there, WebhookRequest(method="POST", headers=given, body=body, received_at=NOW))

    assert (["450789469"], "w1") == ([one.order_id for one in hear().hints], hear().event_id)
    assert () == hear(**{"X-Shopify-Topic": "products/update"}).hints
    with pytest.raises(Rejected):
        hear(**{"X-Shopify-Hmac-SHA256": signature[:-4] + "AAA="})
