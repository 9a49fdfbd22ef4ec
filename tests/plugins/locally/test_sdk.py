"""Locally's own JavaScript SDK shops at the sandbox, unchanged, and tillbridge sells what was ordered."""

import os
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from cryptography.fernet import Fernet

import node_sdk
from plugins.locally.bad_days import OPENING, STAFF, TUBE, BadDay
from plugins.locally.sdk_shopper import Sdk, Shopper, sdk_on
from tillbridge.guided import Doing
from tillbridge.model.status import Act, Status
from tillbridge_locally.sandbox.process import Sandbox

# 38,500 won; the tube costs 9,000.
PEDALS = "736745040314"
BILLING = {
    "firstName": "하늘",
    "lastName": "김",
    "address": "해오름로 1",
    "city": "서울특별시",
    "zip": "04100",
    "country": "KR",
    "email": "haneul.kim@example.com",
}


@pytest.fixture(scope="module")
def sdk(locally_sandbox: Sandbox) -> Iterator[Sdk]:
    """The SDK in Node, for the whole module."""
    try:
        folder = node_sdk.installed()
    except node_sdk.NoNodeError as error:
        if os.environ.get(node_sdk.REQUIRED):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    with sdk_on(locally_sandbox, folder) as made:
        yield made


@pytest.fixture
def shopper(sandbox: Sandbox, sdk: Sdk) -> Shopper:
    """Somebody who has just come in; the sandbox has no orders."""
    return Shopper(sdk)


def test_a_shopper_finds_the_stores_that_have_a_product(shopper: Shopper) -> None:
    started = shopper.get("conversion", "start", {"upc": TUBE, "product_id": 5, "company_id": 4711})
    where = {"map_center_lat": started["user_geo"]["lat"], "map_center_lng": started["user_geo"]["lng"]}
    found = shopper.get(
        "conversion",
        "store_data",
        {"upc": started["upc"], "company_id": 4711, "map_distance_unit": "km"} | where,
    )

    (store,) = found["markers"]
    assert (20301, 10, {"bopis": 1, "ropis": 1}) == (store["id"], store["qoh"], store["acquisition_options"])
    assert ("Monday", 0) == (store["display_dow"][0]["label"], store["display_dow"][0]["day_index"])
    assert 1 == found["total_marker_count"]
    assert TUBE in found["all_upcs_carried"]


def test_one_store_is_tracked(shopper: Shopper) -> None:
    asked = {"upc": TUBE, "company_id": 4711, "only_store_id": 20301, "map_distance_diag": "1"}

    (store,) = shopper.get("conversion", "store_data", asked)["markers"]
    same = shopper.get("conversion", "location_data", {"type": "store", "store_id": 20301, "upc": TUBE})

    assert store == same["store"]


def test_the_other_calls_of_the_sdk_are_answered(shopper: Shopper) -> None:
    """In their own envelope, and within the session."""
    calls: list[tuple[str, str, str, dict[str, Any]]] = [
        ("session", "get", "user", {}),
        ("conversion", "get", "product_data", {"upc": TUBE, "company_id": 4711}),
        ("conversion", "get", "buy_online_ecommerce_data", {"upc": TUBE}),
        ("conversion", "get", "common", {}),
        ("cart", "get", "detail", {}),
        ("cart", "post", "validate_email", {"email": "haneul.kim@example.com"}),
        ("location", "get", "suggest", {"query": "chicago"}),
        ("location", "get", "address_suggest", {"query": "수원"}),
        ("location", "get", "address_validate", {"dropoff_address": "x", "store_id": 20301, "upc": TUBE}),
        ("analytics", "post", "analytics", {"event": "view"}),
        ("email", "get", "send_template", {"template": "shared"}),
    ]
    said = [shopper.sdk.call(*one, session=shopper.session) for one in calls]

    assert [(True, shopper.session)] * len(calls) == [
        (one["success"], one["data"]["session"]["id"]) for one in said
    ]


def test_a_shopper_moves_for_the_rest_of_the_session(shopper: Shopper) -> None:
    found = shopper.get("location", "suggest", {"query": "Chicago"})["suggestions"][0]
    to = {"lat": str(found["data"]["lat"]), "lng": str(found["data"]["lng"])}

    shopper.get("location", "switch", to | {"location_change_to_string": found["value"]})

    geo = shopper.get("conversion", "start", {"upc": TUBE, "product_id": 5})["user_geo"]
    (store,) = shopper.get("conversion", "store_data", {"upc": TUBE})["markers"]
    assert ("Chicago, IL", "mi") == (geo["city_label"], geo["distance_unit"])
    assert store["user_distance"] == pytest.approx(6540, abs=20)


def test_a_cart_is_filled_changed_and_paid_by_card(sandbox: Sandbox, shopper: Shopper) -> None:
    shopper.add(PEDALS)
    twice = shopper.add(TUBE, qty=2)
    assert (3, 56_500) == (twice["n_in_cart"], twice["cart_content"]["cart"]["grand_total"])

    shopper.post("cart", "update", {"items": [{"upc": PEDALS, "qty": 0}, {"upc": TUBE, "qty": 4}]})
    billed = shopper.post("cart", "billing", BILLING)["cart_content"]["cart"]
    checked = shopper.get("cart", "checkout")
    ordered = shopper.order(billed["hash"])

    assert ("해오름로 1", 36_000, ["card"]) == (billed["address"], billed["grand_total"], checked["payments"])
    assert ("ordered", 0) == (ordered["status"], ordered["cart_content"]["cart"]["for_hold"])
    assert {"held": 36_000, "charged": 0, "released": 0, "refunded": 0} == sandbox.order(billed["hash"])[
        "money"
    ]


def test_a_cart_that_is_not_ordered_is_no_order(sandbox: Sandbox, shopper: Shopper) -> None:
    """It holds no stock, and staff see nothing of it."""
    shopper.add(TUBE)

    assert [] == sandbox.do("GET", "/sandbox/orders")["orders"]
    assert 10 == sandbox.do("GET", "/sandbox/shelf")["stores"]["20301"][TUBE]["qty"]


def test_a_visitor_without_a_name_has_a_made_up_address(shopper: Shopper) -> None:
    cart = shopper.add(TUBE, hold=True)["cart_content"]

    assert cart["user"]["email"].startswith("anon-")
    assert cart["user"]["email"].endswith("@locally.com")
    assert 1 == cart["cart"]["for_hold"]


def test_an_order_sent_twice_is_one_order(sandbox: Sandbox, shopper: Shopper) -> None:
    order_hash = shopper.add(TUBE)["cart_hash"]

    first, second = shopper.order(order_hash), shopper.order(order_hash)

    assert first["cart_hash"] == second["cart_hash"]
    assert 1 == len(sandbox.do("GET", "/sandbox/orders")["orders"])
    assert None is shopper.get("cart", "detail")["cart_content"]


def test_what_is_gone_meanwhile_is_refused(sandbox: Sandbox, shopper: Shopper) -> None:
    order_hash = shopper.add(TUBE)["cart_hash"]
    sandbox.do("PUT", "/sandbox/shelf", {"items": [{"upc": TUBE, "qty": 0}]})

    said = shopper.refused(
        "cart", "post", "order", {"hash": order_hash, "full_name": "김", "email": "a@b.co"}
    )

    assert 1327 == said["error_code"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"store_id": 99, "upc": TUBE}, 1329),
        ({"store_id": 20301, "upc": "605284574539"}, 1327),
        ({"store_id": 20301, "upc": TUBE, "qty": 11}, 1327),
    ],
)
def test_what_cannot_be_had_is_refused_with_the_published_code(
    shopper: Shopper, params: dict[str, object], code: int
) -> None:
    assert code == shopper.refused("cart", "get", "add", params)["error_code"]


@pytest.mark.parametrize(("processor", "code"), [("down", 1323), ("declines", 1328)])
def test_a_payment_that_cannot_be_made_keeps_the_cart(
    sandbox: Sandbox, shopper: Shopper, processor: str, code: int
) -> None:
    order_hash = shopper.add(TUBE)["cart_hash"]
    sandbox.behave(processor=processor)
    who = {"hash": order_hash, "full_name": "김하늘", "email": "haneul.kim@example.com"}

    assert code == shopper.refused("cart", "post", "order", who)["error_code"]
    sandbox.behave()

    assert order_hash == shopper.order(order_hash)["cart_hash"]


def test_a_wrong_key_is_refused(sandbox: Sandbox, shopper: Shopper) -> None:
    sandbox.behave(refuses_key=True)

    assert 1102 == shopper.refused("cart", "get", "detail", {})["error_code"]


@pytest.fixture
def day(database_url: str, sandbox: Sandbox) -> Iterator[BadDay]:
    """A shop that is connected to the sandbox; nothing is bad on this day."""
    day = BadDay(database_url, sandbox, key=Fernet.generate_key().decode())
    yield day
    day.close()


@pytest.mark.row("S23")
def test_what_the_sdk_orders_is_sold_accepted_and_charged(day: BadDay, shopper: Shopper) -> None:
    """The whole road: the shopper pays by card, the shop accepts, and only then is the card charged."""
    order_hash = shopper.order(shopper.add(TUBE, qty=2)["cart_hash"])["cart_hash"]
    day.poll()
    (order,) = day.engine.orders()
    assert (order_hash, Status.NEW, OPENING - 2) == (order.webstore_id, order.status, day.on_hand())

    day.engine.act(order.id, Doing(act=Act.ACCEPT), STAFF)
    day.engine.deliver()

    assert Decimal(18_000) == day.sandbox.order(order_hash)["money"]["charged"]


@pytest.mark.row("S20")
def test_what_the_shop_rejects_is_released(day: BadDay, shopper: Shopper) -> None:
    order_hash = shopper.order(shopper.add(TUBE)["cart_hash"])["cart_hash"]
    day.poll()
    (order,) = day.engine.orders()

    day.engine.act(order.id, Doing(act=Act.REJECT), STAFF)
    day.engine.deliver()

    assert {"held": 0, "charged": 0, "released": 9_000, "refunded": 0} == day.sandbox.order(order_hash)[
        "money"
    ]


@pytest.mark.row("S16")
def test_what_the_sdk_reserves_is_sold_unpaid(day: BadDay, shopper: Shopper) -> None:
    order_hash = shopper.order(shopper.add(TUBE, hold=True)["cart_hash"])["cart_hash"]

    day.poll()

    (order,) = day.engine.orders()
    assert ("ropis", Status.NEW) == (order.kind, order.status)
    assert [] == day.sandbox.order(order_hash)["payments"]
