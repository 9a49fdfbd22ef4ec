"""Square is told by its preset: the newest version only, keys that are known, quantities in text."""

import base64
import hashlib
import hmac
import json

import pytest

from plugins.generic_webstore.connecting import connected, preset
from plugins.generic_webstore.counters import NOW, compiled_of, desk, offer
from tillbridge.model.errors import Rejected
from tillbridge.model.exchange import Outcome, Said, StatusDelivery
from tillbridge.model.resolutions import Resolution
from tillbridge.plugin import Headers, WebhookRequest
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling.listings import compile_listings
from tillbridge_generic_webstore.hearing import compile_hearer
from tillbridge_generic_webstore.telling import compile_teller

pytestmark = pytest.mark.row("S15")
PRESET = preset("square")
SQUARE = PRESET.model_copy(
    update={
        "connect": PRESET.connect.model_copy(update={"base": "{address}"}),
        "settings": {**PRESET.settings, "address": PRESET.settings["locations"]},
    }
)
"""The preset, with an address that is a test's own."""
TELLER = compiled_of(compile_teller, SQUARE)
READER = compiled_of(compile_listings, SQUARE)
HEARER = compiled_of(compile_hearer, SQUARE)
HOOK = "https://till.example/webhooks/abc"


class Shop:
    """A Square with two variations, and an order to be picked up."""

    def __init__(self):
        self.counts, self.keys = {("V1", "L1"): "1", ("V2", "L1"): "1"}, {}
        self.version, self.state, self.parcel = 3, "OPEN", "PROPOSED"
        self.conflicts = 0

    def __call__(self, asked):
        path = asked.path.partition("?")[0]
        if path == "/catalog/list":
            data = {
                "item_id": "I1",
                "name": "Large",
                "sku": "A-1",
                "price_money": {"amount": 990, "currency": "AUD"},
            }
            gone = {"id": "V9", "is_deleted": True, "item_variation_data": {}}
            return 200, {"objects": [{"id": "V1", "item_variation_data": data}, gone]}
        if path == "/inventory/changes/batch-create":
            return self._count(asked.body)
        if asked.method == "GET":
            return 200, {"order": self._order()}
        return self._change(asked.body["order"])

    def _count(self, body):
        known = self.keys.setdefault(body["idempotency_key"], body)
        assert known == body
        if any(self._place(one) not in self.counts for one in body["changes"]):
            return 400, {"errors": [{"code": "NOT_FOUND", "detail": "catalog object is unknown"}]}
        for one in body["changes"]:
            assert isinstance(one["physical_count"]["quantity"], str)
            self.counts[self._place(one)] = one["physical_count"]["quantity"]
        places = [self._place(one) for one in body["changes"]]
        rows = [
            {"catalog_object_id": item, "state": "IN_STOCK", "quantity": self.counts[item, place]}
            for item, place in places
        ]
        return 200, {
            "counts": [{"catalog_object_id": "V1", "state": "WASTE", "quantity": "9"}, *reversed(rows)]
        }

    def _place(self, one):
        return one["physical_count"]["catalog_object_id"], one["physical_count"]["location_id"]

    def _order(self):
        parcels = [{"uid": "f1", "type": "PICKUP", "state": self.parcel}]
        return {
            "id": "O1",
            "version": self.version,
            "location_id": "L1",
            "state": self.state,
            "fulfillments": parcels,
        }

    def _change(self, order):
        if self.conflicts:
            self.conflicts -= 1
            self.version += 1
        if order["version"] != self.version:
            return 409, {"errors": [{"code": "VERSION_MISMATCH"}]}
        assert order["location_id"] == "L1"
        ((parcel),) = order["fulfillments"]
        assert parcel["uid"] == "f1"
        self.parcel, self.state = parcel["state"], order.get("state", self.state)
        self.version += 1
        return 200, {"order": self._order()}


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def there(shop):
    with desk() as server:
        server.answer = shop
        settings = {
            "token": "t",
            "locations": "L1",
            "address": server.url,
            "webhook_secret": "s3cret",
            "webhook_url": HOOK,
        }
        with connected(SQUARE, settings, FrozenClock(NOW)) as made:
            yield made.connection


def outcomes(receipts):
    return {key.rpartition("/")[2]: receipt.outcome for key, receipt in receipts.items()}


def test_variations_are_listed_and_those_that_were_deleted_are_not(there):
    (one,) = [one for page in READER.pages(there, None) for one in page.listings]

    assert ("V1", "I1", "Large", "9.90 AUD") == (one.id, one.parent_id, one.title, str(one.price))


def test_hook_push_inventory_counts_each_variation_at_its_location(shop, there):
    receipts = TELLER.push_inventory(there, [offer("V1", 7), offer("V2", 0, location="L1")])

    assert ({("V1", "L1"): "7", ("V2", "L1"): "0"}, {"V1": Outcome.ACCEPTED, "V2": Outcome.ACCEPTED}) == (
        shop.counts,
        outcomes(receipts),
    )


def test_a_variation_that_square_does_not_know_is_refused_alone(shop, there):
    receipts = TELLER.push_inventory(there, [offer("V1", 7), offer("V8", 1), offer("V2", 4)])

    assert {"V1": Outcome.ACCEPTED, "V8": Outcome.REFUSED, "V2": Outcome.ACCEPTED} == outcomes(receipts)
    assert {("V1", "L1"): "7", ("V2", "L1"): "4"} == shop.counts


def test_every_call_has_a_key_of_its_own(shop, there):
    TELLER.push_inventory(there, [offer("V1", 7)])
    TELLER.push_inventory(there, [offer("V1", 6)])

    assert 2 == len(shop.keys)


def tell(there, said, **more):
    return TELLER.push_status(there, StatusDelivery(key="k", order_id="O1", said=said, **more)).outcome


@pytest.mark.parametrize(
    ("said", "more", "states"),
    [
        (Said.ACCEPTED, {}, ("OPEN", "RESERVED")),
        (Said.READY, {}, ("OPEN", "PREPARED")),
        (Said.REJECTED, {"reason": "품절"}, ("CANCELED", "CANCELED")),
        (Said.RESOLVED, {"resolution": Resolution.PICKED_UP}, ("OPEN", "COMPLETED")),
        (Said.RESOLVED, {"resolution": Resolution.OUT_OF_STOCK}, ("CANCELED", "CANCELED")),
    ],
)
def test_hook_push_status_moves_the_orders_parcel_once(shop, there, said, more, states):
    assert [Outcome.ACCEPTED] * 2 == [tell(there, said, **more) for _ in range(2)]
    assert states == (shop.state, shop.parcel)


def test_an_order_that_changed_meanwhile_is_read_again(shop, there):
    shop.conflicts = 1

    assert (Outcome.ACCEPTED, "CANCELED", 5) == (tell(there, Said.REJECTED), shop.state, shop.version)


def test_hook_receive_webhook_takes_what_square_has_signed_with_its_address(there):
    event = {"object": {"order_updated": {"order_id": "O1"}}}
    body = json.dumps({"type": "order.updated", "event_id": "e1", "data": event}).encode()
    signature = base64.b64encode(hmac.new(b"s3cret", HOOK.encode() + body, hashlib.sha256).digest()).decode()

    def hear(signed):
        headers = Headers([("X-Square-HmacSha256-Signature", signed)])
        return HEARER.receive(
            there, WebhookRequest(method="POST", headers=headers, body=body, received_at=NOW)
        )

    assert (["O1"], "e1") == ([one.order_id for one in hear(signature).hints], hear(signature).event_id)
    with pytest.raises(Rejected):
        hear(base64.b64encode(hmac.new(b"s3cret", body, hashlib.sha256).digest()).decode())
