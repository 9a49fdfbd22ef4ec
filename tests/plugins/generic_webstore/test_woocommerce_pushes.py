"""WooCommerce is told of orders, stock and prices by its preset, and heard, as the real one behaves."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from plugins.generic_webstore.connecting import connected, preset
from plugins.generic_webstore.counters import compiled_of, offer
from plugins.generic_webstore.woo.products import add_product
from plugins.generic_webstore.woo.server import serving
from plugins.generic_webstore.woo.shop import WooShop
from tillbridge.model.errors import Misconfigured, Rejected
from tillbridge.model.exchange import Outcome, Said, StatusDelivery
from tillbridge.model.money import Money
from tillbridge.model.resolutions import Resolution
from tillbridge.plugin import Headers, WebhookRequest
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling.listings import compile_listings
from tillbridge_generic_webstore.hearing import compile_hearer
from tillbridge_generic_webstore.telling import compile_teller

pytestmark = pytest.mark.row("S15")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WOO = preset("woocommerce")
TELLER = compiled_of(compile_teller, WOO)
READER = compiled_of(compile_listings, WOO)
HEARER = compiled_of(compile_hearer, WOO)


@pytest.fixture
def clock():
    return FrozenClock(NOW)


@pytest.fixture
def woo(clock):
    """A shop with a helmet and a pump in two colours."""
    shop = WooShop(clock.now)
    add_product(shop, 21, name="Helmet", sku="HEL-1", global_unique_id="4006381333931")
    add_product(shop, 22, name="Pump")
    add_product(shop, 221, parent=22, name="blue", sku="PUM-1-B")
    add_product(shop, 222, parent=22, name="red", sku="PUM-1-R")
    with serving(shop) as server:
        yield server


@pytest.fixture
def there(woo, clock):
    settings = {**woo.settings, "webhook_secret": "s3cret"}
    with connected(WOO, settings, clock) as made:
        yield made.connection


def aud(minor):
    return Money(minor, "AUD")


def outcomes(receipts):
    return {key.rpartition("/")[2]: receipt.outcome for key, receipt in receipts.items()}


def test_items_are_products_and_the_variations_of_those_that_have_some(there):
    listings = [one for page in READER.pages(there, None) for one in page.listings]

    assert [("21", None, "Helmet"), ("221", "22", "Pump"), ("222", "22", "Pump")] == [
        (one.id, one.parent_id, one.title) for one in listings
    ]
    assert ["4006381333931", "HEL-1"] == [one.value for one in listings[0].identifiers]
    assert (aud(1_000), 5, True) == (listings[0].price, listings[0].quantity, listings[0].active)


def test_a_product_with_more_variations_than_fit_a_page_is_listed_with_all_of_them(woo, there):
    for number in range(3000, 3148):
        add_product(woo.shop, number, parent=22)
    listings = [one for page in READER.pages(there, None) for one in page.listings]

    assert 150 == len({one.id for one in listings if one.parent_id == "22"})


def test_a_list_is_read_on_from_the_page_at_which_it_was_cut_off(woo, there):
    for number in range(1000, 1150):
        add_product(woo.shop, number)
    pages = list(READER.pages(there, None))
    rest = list(READER.pages(there, pages[0].cursor))

    assert (2, 1) == (len(pages), len(rest))
    assert pages[1].listings == rest[0].listings


def test_hook_push_inventory_sets_stock_and_price_of_products_and_variations(woo, there):
    """Variations go to their product's own address: the real one refuses them elsewhere."""
    receipts = TELLER.push_inventory(
        there,
        [offer("21", 7, aud(4_990)), offer("221", 3, aud(2_000), parent="22"), offer("222", 0, parent="22")],
    )
    products = woo.shop.products

    assert dict.fromkeys(("21", "221", "222"), Outcome.ACCEPTED) == outcomes(receipts)
    assert [(7, "49.90"), (3, "20.00"), (0, "10.00")] == [
        (products[number]["stock_quantity"], products[number]["regular_price"]) for number in (21, 221, 222)
    ]
    assert [
        "GET /wp-json/wc/v3/settings/tax/woocommerce_prices_include_tax",
        "POST /wp-json/wc/v3/products/batch",
        "POST /wp-json/wc/v3/products/22/variations/batch",
    ] == woo.asked


def test_an_item_that_the_webstore_does_not_know_is_refused_alone(there):
    receipts = TELLER.push_inventory(there, [offer("21", 7, aud(4_990)), offer("99", 1, aud(100))])

    assert {"21": Outcome.ACCEPTED, "99": Outcome.REFUSED} == outcomes(receipts)
    assert 'WooCommerce did not take it. It said: "Invalid ID."' == receipts["/P99/99"].words.en


def test_a_variation_that_is_told_as_a_product_is_refused_in_the_webstores_words(there):
    receipts = TELLER.push_inventory(there, [offer("221", 1)])

    assert "To manipulate product variations" in receipts["/P221/221"].words.en


def test_101_items_go_in_two_calls(woo, there):
    for number in range(1000, 1101):
        add_product(woo.shop, number)
    receipts = TELLER.push_inventory(there, [offer(f"{number}", 9) for number in range(1000, 1101)])

    assert (101, {Outcome.ACCEPTED}) == (len(receipts), set(outcomes(receipts).values()))
    assert 2 == len(woo.asked)
    assert {9} == {woo.shop.products[number]["stock_quantity"] for number in range(1000, 1101)}


def test_the_price_of_a_product_with_variations_that_is_ignored_is_found_out(there):
    """The real one answers 200, and the price is the old one."""
    receipts = TELLER.push_inventory(there, [offer("22", 1, aud(3_000))])

    assert "WooCommerce was sent 30.00, and has 10.00." == receipts["/P22/22"].words.en


def test_a_price_that_was_cleared_without_a_word_is_found_out(woo, there, monkeypatch):
    """As the real one clears a price that it cannot read ("abc"), and answers 200."""
    echoed = {"update": [{"id": 21, "stock_quantity": 7, "regular_price": ""}]}
    woo.faults.append((200, json.dumps(echoed).encode()))
    receipts = TELLER.push_inventory(there, [offer("21", 7, aud(4_990))])

    assert (Outcome.REFUSED, "WooCommerce was sent 49.90, and has .") == (
        receipts["/P21/21"].outcome,
        receipts["/P21/21"].words.en,
    )


def test_a_stock_that_is_kept_otherwise_is_found_out(woo, there):
    echoed = {"update": [{"id": 21, "stock_quantity": 6, "regular_price": "49.90"}]}
    woo.faults.append((200, json.dumps(echoed).encode()))
    receipts = TELLER.push_inventory(there, [offer("21", 7, aud(4_990))])

    assert "WooCommerce was sent 7, and has 6." == receipts["/P21/21"].words.en


def test_a_key_that_may_only_read_is_to_be_mended(woo, there):
    woo.read_only = True

    with pytest.raises(Misconfigured):
        TELLER.push_inventory(there, [offer("21", 7)])


def tell(there, order, said, **more):
    return TELLER.push_status(there, StatusDelivery(key="k1", order_id=f"{order['id']}", said=said, **more))


def test_hook_push_status_cancels_a_rejected_order_and_tells_the_customer_why_once(woo, there):
    order = woo.shop.order()
    receipts = [tell(there, order, Said.REJECTED, reason="품절입니다").outcome for _ in range(2)]

    assert [Outcome.ACCEPTED] * 2 == receipts
    assert ("cancelled", [("품절입니다", True)]) == (
        order["status"],
        [(one["note"], one["customer_note"]) for one in woo.shop.notes[order["id"]]],
    )


def test_without_a_reason_the_customer_is_written_no_note(woo, there):
    order = woo.shop.order()
    tell(there, order, Said.REJECTED)

    assert ("cancelled", []) == (order["status"], woo.shop.notes.get(order["id"], []))


@pytest.mark.parametrize(
    ("resolution", "status"),
    [(Resolution.PICKED_UP, "completed"), (Resolution.NOT_PICKED_UP, "cancelled")],
)
def test_how_a_reservation_ended_is_the_orders_status(woo, there, resolution, status):
    order = woo.shop.order()
    tell(there, order, Said.RESOLVED, resolution=resolution)

    assert status == order["status"]


def test_an_order_that_is_not_there_any_more_is_refused_for_good(there):
    receipt = tell(there, {"id": 999}, Said.REJECTED)

    assert (Outcome.REFUSED, True) == (receipt.outcome, "Invalid ID." in receipt.words.en)


# Refunds


def refund(there, order, key, minor, reason=""):
    given = StatusDelivery(
        key=key, order_id=str(order["id"]), said=Said.REFUNDED, refund=aud(minor), reason=reason
    )
    return TELLER.push_status(there, given)


def test_hook_push_status_notes_a_refund_once_and_moves_no_money(woo, there):
    order = woo.shop.order()
    for _ in range(2):
        assert Outcome.ACCEPTED is refund(there, order, "k-1", 1_250, "맞지 않음").outcome
    refund(there, order, "k-2", 500)

    assert [("12.50", "맞지 않음", False), ("5.00", "", False)] == [
        (one["amount"], one["reason"], one["refunded_payment"]) for one in woo.shop.refunds[order["id"]]
    ]


def test_a_refund_among_more_than_a_page_of_them_is_found(woo, there):
    order = woo.shop.order(total="999.00")
    for place in range(30):
        refund(there, order, f"k-{place}", 100)
    refund(there, order, "k-0", 100)

    assert 30 == len(woo.shop.refunds[order["id"]])


def test_an_order_of_which_all_was_refunded_is_refunded_there(woo, there):
    order = woo.shop.order()
    refund(there, order, "k-1", 13_189)

    assert "refunded" == woo.shop.orders[order["id"]]["status"]


# Webhooks


def request(body, **headers):
    return WebhookRequest(method="POST", headers=Headers(headers.items()), body=body, received_at=NOW)


def signature(body, secret="s3cret"):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def test_hook_receive_webhook_takes_what_woocommerce_has_signed(woo, there):
    body = json.dumps(woo.shop.order()).encode()
    headers = {
        "X-WC-Webhook-Signature": signature(body),
        "X-WC-Webhook-Topic": "order.updated",
        "X-WC-Webhook-Delivery-ID": "d7",
    }
    result = HEARER.receive(there, request(body, **headers))

    assert (["5001"], "d7") == ([hint.order_id for hint in result.hints], result.event_id)
    with pytest.raises(Rejected):
        HEARER.receive(
            there, request(body, **{**headers, "X-WC-Webhook-Signature": signature(body, "other")})
        )


def test_the_unsigned_ping_of_a_new_webhook_is_answered_well(there):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    result = HEARER.receive(there, request(b"webhook_id=1", **form))

    assert ((), 200) == (result.hints, result.response.status)


def test_without_a_webhook_secret_a_webhook_cannot_be_known(woo, clock):
    body = b"{}"
    with connected(WOO, woo.settings, clock) as made, pytest.raises(Misconfigured, match="webhook_secret"):
        HEARER.receive(made.connection, request(body, **{"X-WC-Webhook-Signature": signature(body)}))


# Prices with tax and without


@pytest.mark.parametrize(("kept", "price"), [("yes", "49.90"), ("no", "10.00")])
def test_a_price_with_tax_is_told_only_where_the_shop_keeps_them_so(woo, there, kept, price):
    """Stock is told either way; the store of the test has its prices with tax."""
    woo.shop.settings["tax/woocommerce_prices_include_tax"] = kept
    receipt = TELLER.push_inventory(there, [offer("21", 7, aud(4_990))])["/P21/21"]

    assert (7, price) == (woo.shop.products[21]["stock_quantity"], woo.shop.products[21]["regular_price"])
    assert (kept == "yes") is (receipt.outcome is Outcome.ACCEPTED)
    assert kept == "yes" or "keeps its prices without tax" in receipt.words.en


def test_a_key_that_may_not_see_the_shops_settings_tells_prices_as_before(woo, there):
    woo.shop.settings.clear()
    TELLER.push_inventory(there, [offer("21", 7, aud(4_990))])

    assert "49.90" == woo.shop.products[21]["regular_price"]
