"""A shop and its WooCommerce: stock, prices and decisions go out, webhooks come in."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from decimal import Decimal

import pytest

import tillbridge_generic_webstore
from plugins.generic_webstore.connecting import NOW, STORE
from plugins.generic_webstore.woo.products import add_product
from plugins.generic_webstore.woo.server import serving
from plugins.generic_webstore.woo.shop import WooShop
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.exports import ExportRules, ExportSettings, ExportWay
from tillbridge.model.errors import Rejected
from tillbridge.model.identifiers import check_digit
from tillbridge.model.listings import ListingFault
from tillbridge.model.money import Money
from tillbridge.model.offers import Limits
from tillbridge.model.status import Status
from tillbridge.orders.order_state import Signature
from tillbridge.plugin import Headers, WebhookRequest
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.pos.embedded.counting import StockCount
from tillbridge.secrets import new_key
from tillbridge.testing.clock import FrozenClock

pytestmark = pytest.mark.row("S15")
HELMET, PUMP, TUBE = "04006381333931", "08801234567893", "00012345678905"
STAFF = Signature("지은", "품절")
ALL = Limits(price_percent=0, pieces=0, emptied_percent=0)


class Store:
    """The shop and its webstore."""

    def __init__(self, url, woo, clock):
        loaded = plugins.load([], extra={"generic_webstore": tillbridge_generic_webstore})
        self.engine = Engine(url, Options(clock=clock, key=new_key(), plugins=loaded))
        assert isinstance(self.engine.pos, EmbeddedPos)
        self.pos, self.woo, self.clock = self.engine.pos, woo, clock
        self.pos.add_store(STORE)
        self.helmet = self.add("Helmet", HELMET, 10, 4_990)
        self.pump = self.add("Pump", PUMP, 5, 2_995)
        self.pos.add_customer(NewCustomer(name="Ada Byron", emails=("ada.5001@example.com",)))
        secrets = {name: woo.settings[name] for name in ("key", "secret")}
        self.engine.connect(
            NewConnection(
                provider="woocommerce",
                name="web",
                settings={"url": woo.url},
                secrets={**secrets, "webhook_secret": "s3cret"},
                orders_from=NOW,
            )
        )
        rules = ExportRules(limits=ALL)
        self.engine.set_export("web", ExportSettings(every=timedelta(hours=1), rules=rules))

    def add(self, name, gtin, pieces, minor):
        made = NewProduct(
            description=name, gtin=gtin, on_hand={"sydney": Decimal(pieces)}, price=Money(minor, "AUD")
        )
        return self.pos.add_product(made)

    def export(self, **way):
        (result,) = self.engine.export("web", ExportWay(**way))
        assert result.trouble is None, result.trouble
        return result

    def shown(self, number):
        product = self.woo.shop.products[number]
        return product["stock_quantity"], product["regular_price"]

    def order(self, **more):
        self.clock.advance(60)
        made = self.woo.shop.order(**more)
        self.clock.advance(60)
        self.engine.poll()
        return made

    def count(self, product, pieces):
        self.pos.count_stock(
            StockCount(product_id=product, store="sydney", pieces=Decimal(pieces), who="지은")
        )


@pytest.fixture
def store(database_url):
    clock = FrozenClock(NOW)
    shop = WooShop(clock.now)
    add_product(shop, 21, name="Helmet", global_unique_id="4006381333931")
    add_product(shop, 22, name="Pump")
    add_product(shop, 221, parent=22, name="blue", global_unique_id="8801234567893")
    with serving(shop) as woo:
        made = Store(database_url, woo, clock)
        yield made
        made.engine.close()


def test_stock_and_price_of_every_item_are_in_the_webstore_after_an_export(store):
    result = store.export()

    assert (2, 0) == (result.told.accepted, result.told.refused)
    assert ((10, "49.90"), (5, "29.95")) == (store.shown(21), store.shown(221))


def test_only_what_changed_is_told_again(store):
    store.export()
    store.woo.asked.clear()
    store.count(store.pump, 2)
    store.export()

    assert (2, "29.95") == store.shown(221)
    assert ["POST /wp-json/wc/v3/products/22/variations/batch"] == [
        one for one in store.woo.asked if one.startswith("POST")
    ]


def test_what_was_sold_in_the_webstore_is_not_given_back_to_it(store):
    """The order takes a helmet and two pumps; WooCommerce has taken them off itself."""
    store.export()
    store.order()
    store.export()

    assert ((9, "49.90"), (3, "29.95")) == (store.shown(21), store.shown(221))


def test_a_product_that_is_not_in_the_webstore_is_named_and_stops_nothing(store):
    tube = store.add("Tube", TUBE, 3, 500)
    result = store.export()
    (problem,) = store.engine.check_listings("web").problems

    assert (2, ListingFault.NOT_LISTED, (tube,)) == (result.told.accepted, problem.fault, problem.product_ids)


def test_an_item_that_was_deleted_there_is_refused_alone_and_told_again_when_it_is_back(store):
    store.export()
    gone = store.woo.shop.products.pop(21)
    store.count(store.helmet, 8)
    store.count(store.pump, 4)
    result = store.export()
    (refused,) = store.engine.export_items("web", "refused")

    assert (1, 1, 4) == (result.told.accepted, result.told.refused, store.shown(221)[0])
    assert (store.helmet, True) == (refused.product_id, "Invalid ID." in refused.why.en)

    store.woo.shop.products[21] = gone
    store.count(store.helmet, 7)
    store.export()
    assert (7, "49.90") == store.shown(21)


def test_101_products_arrive(store):
    for number in range(101):
        digits = f"0400638{number:06d}"
        gtin = digits + check_digit(digits)
        add_product(store.woo.shop, 1000 + number, global_unique_id=gtin)
        store.add(f"Part {number}", gtin, number, 1_000 + number)
    result = store.export()

    assert (103, 0) == (result.told.accepted, result.told.refused)
    assert [(number, f"{10 + Decimal(number) / 100:.2f}") for number in (0, 50, 100)] == [
        store.shown(1000 + number) for number in (0, 50, 100)
    ]


@pytest.mark.row("S27")
def test_an_order_that_staff_reject_is_cancelled_there_with_the_reason_for_the_customer(store):
    order = store.order()
    store.engine.set_status(store.engine.order("5001").id, Status.REJECTED, STAFF)
    store.engine.deliver()

    assert ("cancelled", ["품절"]) == (order["status"], [one["note"] for one in store.woo.shop.notes[5001]])


def test_a_rejection_whose_answer_was_lost_is_told_again_and_mails_the_customer_once(store):
    order = store.order()
    store.engine.set_status(store.engine.order("5001").id, Status.REJECTED, STAFF)
    send = store.woo.shop.note_order
    store.woo.shop.note_order = lambda *given: (send(*given), store.woo.faults.extend([(503, b"")] * 4))[0]
    store.woo.shop.between = lambda: None
    store.engine.deliver()
    store.woo.faults.clear()
    store.clock.advance(3600)
    store.engine.deliver()

    assert ("cancelled", 1) == (order["status"], len(store.woo.shop.notes[5001]))


@pytest.mark.row("S1")
def test_a_signed_webhook_has_its_order_fetched_at_once_and_an_unsigned_one_nothing(store):
    token = store.engine.open_webhook("web").path.rpartition("/")[2]
    store.clock.advance(60)
    order = store.woo.shop.order()
    body = json.dumps(order).encode()
    signature = base64.b64encode(hmac.new(b"s3cret", body, hashlib.sha256).digest()).decode()

    def send(signature):
        headers = Headers(
            {"X-WC-Webhook-Signature": signature, "X-WC-Webhook-Topic": "order.created"}.items()
        )
        request = WebhookRequest(method="POST", headers=headers, body=body, received_at=store.clock.now())
        return store.engine.receive_webhook(token, request)

    with pytest.raises(Rejected):
        send("")
    assert send(signature).wanted
    store.engine.fetch_heard()
    assert Status.NEW is store.engine.order("5001").status
