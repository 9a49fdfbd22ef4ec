"""Magento by its preset: what Magento counts twice or elsewhere, and what was done already.

The orders are made up, and written as Magento 2.4 and Adobe Commerce write them.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from plugins.generic_webstore.counters import Asked
from plugins.generic_webstore.test_presets_run import MAGENTO, running, usd
from tillbridge.model.exchange import Outcome, Said
from tillbridge.model.orders import ChargeKind, TenderKind
from tillbridge.plugin import WebOrder

NOTIFY = "POST /rest/V1/order/notify-orders-are-ready-for-pickup"


def read(**more: Any) -> WebOrder:
    with running("magento", {"GET /rest/V1/orders": {"items": [{**MAGENTO, **more}]}}, {"token": "t"}) as (
        shop,
        _,
    ):
        found = shop.orders()["9"]
    assert isinstance(found, WebOrder)
    return found


def item(number: int, price: float, **more: Any) -> dict[str, Any]:
    return {
        "item_id": number,
        "product_id": number,
        "product_type": "simple",
        "sku": f"S-{number}",
        "name": f"Item {number}",
        "qty_ordered": 1,
        "qty_shipped": 0,
        "price": price,
        "row_total": price,
        "tax_amount": 0,
        "discount_amount": 0,
        **more,
    }


def test_the_head_of_a_bundle_is_not_sold_beside_its_children() -> None:
    """With dynamic prices its row_total is the sum of theirs, and each of them has its own."""
    found = read(
        grand_total=60,
        tax_amount=0,
        shipping_amount=0,
        shipping_tax_amount=0,
        total_paid=60,
        items=[
            item(1, 60, product_type="bundle"),
            item(2, 40, parent_item_id=1),
            item(3, 20, parent_item_id=1),
        ],
    )

    assert [(line.id, line.amount.gross) for line in found.lines] == [("2", usd(4000)), ("3", usd(2000))]


def test_a_bundle_with_a_price_of_its_own_is_one_line() -> None:
    found = read(
        grand_total=60,
        tax_amount=0,
        shipping_amount=0,
        shipping_tax_amount=0,
        total_paid=60,
        items=[item(1, 60, product_type="bundle"), item(2, 0, parent_item_id=1)],
    )

    assert [(line.id, line.amount.gross) for line in found.lines] == [("1", usd(6000))]


def test_a_discount_of_a_bundle_is_taken_off_its_children() -> None:
    found = read(
        grand_total=54,
        tax_amount=0,
        discount_amount=-6,
        shipping_amount=0,
        shipping_tax_amount=0,
        total_paid=54,
        items=[
            item(1, 60, product_type="bundle"),
            item(2, 40, parent_item_id=1, discount_amount=4),
            item(3, 20, parent_item_id=1, discount_amount=2),
        ],
    )

    assert [line.amount.gross for line in found.lines] == [usd(3600), usd(1800)]


def test_gift_cards_and_store_credit_have_paid_what_is_off_the_grand_total() -> None:
    paid = {"gift_cards_amount": 20, "customer_balance_amount": 5, "reward_currency_amount": 2}

    found = read(grand_total=50, total_paid=50, extension_attributes=paid)

    assert found.total == usd(7700)
    assert [(one.kind, one.amount) for one in found.tenders] == [
        (TenderKind.GIFT_CARD, usd(2000)),
        (TenderKind.STORE_CREDIT, usd(500)),
        (TenderKind.STORE_CREDIT, usd(200)),
        (TenderKind.CARD, usd(5000)),
    ]


def test_gift_wrapping_is_a_fee_with_its_tax() -> None:
    wrapping = {
        "gw_price": "3.0000",
        "gw_tax_amount": "0.3000",
        "gw_items_price": "2.0000",
        "gw_items_tax_amount": "0.2000",
        "gw_card_price": "0.0000",
        "gw_card_tax_amount": "0.0000",
    }

    found = read(grand_total=82.5, total_paid=82.5, tax_amount=7.5, extension_attributes=wrapping)

    assert [
        (one.kind, one.amount.gross, one.amount.tax) for one in found.charges if one.kind is ChargeKind.FEE
    ] == [(ChargeKind.FEE, usd(550), usd(50))]


def test_a_fixed_product_tax_is_a_fee_beside_the_item() -> None:
    (shirt,) = MAGENTO["items"]

    found = read(grand_total=78.5, total_paid=78.5, items=[{**shirt, "weee_tax_applied_row_amount": 1.5}])

    assert [(one.title, one.amount.gross) for one in found.charges if one.kind is ChargeKind.FEE] == [
        ("Fixed product tax", usd(150))
    ]


def test_a_customer_s_note_comes_along() -> None:
    assert read(customer_note="Please ring twice.").note == "Please ring twice."


@pytest.mark.parametrize("barcode", ["ean", None])
def test_a_barcode_is_listed_where_the_connection_says_which_attribute_holds_it(barcode: str | None) -> None:
    product = {
        "id": 10,
        "sku": "TS-M",
        "name": "Shirt",
        "type_id": "simple",
        "status": 1,
        "price": 30,
        "custom_attributes": [
            {"attribute_code": "category_ids", "value": ["2"]},
            {"attribute_code": "ean", "value": "4006381333931"},
        ],
    }
    settings = {"token": "t", **({"barcode": barcode} if barcode else {})}
    with running("magento", {"GET /rest/V1/products": {"items": [product]}}, settings) as (shop, _):
        (found,) = shop.listed()

    numbers = {number.kind.value: number.value for number in found.identifiers}
    assert numbers == {"sku": "TS-M", **({"gtin": "4006381333931"} if barcode else {})}


def told(said: Said, order: Mapping[str, Any], shipments: int, **more: Any) -> tuple[Outcome, list[str]]:
    """Tell of an order; return what came of it, and the writing calls."""
    shipped = {"items": [], "total_count": shipments}
    routes = {
        "GET /rest/V1/orders/9": order,
        "GET /rest/V1/shipments": shipped,
        NOTIFY: {"successful": True, "errors": []},
        "POST /rest/V1/order/9/ship": 55,
        **more,
    }
    with running("magento", routes, {"token": "t"}) as (shop, server):
        outcome = shop.tell("9", said).outcome
    return outcome, [f"{one.method} {one.path}" for one in server.asked if one.method != "GET"]


def test_readiness_is_told_once_though_no_status_says_so() -> None:
    """To notify makes a shipment: that is what is looked for."""
    assert told(Said.READY, MAGENTO, 0) == (Outcome.ACCEPTED, [NOTIFY])
    assert told(Said.READY, MAGENTO, 1) == (Outcome.ACCEPTED, [])


def test_why_readiness_was_not_taken_is_said() -> None:
    def refuse(_: Asked) -> Any:
        return {"successful": False, "errors": [{"id": 9, "message": "The order is not ready."}]}

    assert told(Said.READY, MAGENTO, 0, **{NOTIFY: refuse})[0] is Outcome.REFUSED


def test_what_was_shipped_when_it_was_ready_is_not_shipped_again() -> None:
    """Of a configurable product the head is shipped, and its child is not."""
    head = item(1, 60, product_type="configurable", qty_shipped=1)
    shipped = {**MAGENTO, "items": [head, item(2, 0, parent_item_id=1)]}

    assert told(Said.PICKED_UP, shipped, 1) == (Outcome.ACCEPTED, [])


def test_a_bundle_counts_as_shipped_by_its_shipment() -> None:
    order = {**MAGENTO, "items": [item(1, 60, product_type="bundle"), item(2, 60, parent_item_id=1)]}

    assert told(Said.PICKED_UP, order, 0) == (Outcome.ACCEPTED, ["POST /rest/V1/order/9/ship"])
    assert told(Said.PICKED_UP, order, 1) == (Outcome.ACCEPTED, [])


def test_what_is_left_of_an_order_is_shipped() -> None:
    order = {**MAGENTO, "items": [item(1, 30, qty_shipped=1), item(2, 30)]}

    assert told(Said.PICKED_UP, order, 1) == (Outcome.ACCEPTED, ["POST /rest/V1/order/9/ship"])
