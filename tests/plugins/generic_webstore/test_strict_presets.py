"""Each preset tells only what its webstore's published description takes: fields, types, words of its own.

The doubles know the write calls as they are published (each page of `docs/webstores` says where and when),
and refuse whatever else comes; numbers and orders are made up.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from plugins.generic_webstore.counters import Asked, offer
from plugins.generic_webstore.strict import NUMBER, takes
from plugins.generic_webstore.test_presets_run import running
from tillbridge.model.exchange import Outcome, Said
from tillbridge.model.money import Money
from tillbridge.model.resolutions import Resolution
from tillbridge.plugin import Capability, Offer

pytestmark = pytest.mark.row("S15")
PRICE = Money(9_000, "KRW")
TOLD: tuple[tuple[Said, dict[str, Any]], ...] = (
    (Said.ACCEPTED, {}),
    (Said.READY, {}),
    (Said.PICKED_UP, {}),
    (Said.REJECTED, {"reason": "품절"}),
    (Said.RESOLVED, {"resolution": Resolution.NOT_PICKED_UP}),
    (Said.REFUNDED, {"refund": PRICE, "reason": "반품"}),
    (Said.REFUNDED, {"refund": PRICE}),
)


@dataclass(frozen=True)
class Case:
    """A webstore's write calls, and what it is told of.

    Attributes:
        name: the preset's.
        host: the address in the preset that the double stands for; "": the address is a setting.
        routes: what it answers: see `routed`.
        order: the order that is told of.
        offers: the items that are told.
        priced: those whose prices are; none: all of them.
    """

    name: str
    settings: Mapping[str, str]
    routes: Mapping[str, Any]
    order: str
    offers: tuple[Offer, ...] = ()
    host: str = ""
    priced: tuple[Offer, ...] = ()


def item(number: str, parent: str | None = None, **extra: str) -> Offer:
    return offer(number, 3, PRICE, parent=parent, extra=extra)


BIGCOMMERCE = Case(
    name="bigcommerce",
    settings={"store": "s", "token": "t"},
    host="https://api.bigcommerce.com",
    order="118",
    offers=(item("20", "10"), item("21", "10")),
    routes={
        "GET /stores/s/v2/orders/118": {"id": 118, "status_id": 11, "staff_notes": "Call first."},
        "PUT /stores/s/v2/orders/118": takes({"status_id": {5, 8, 10, 11}, "staff_notes": str}),
        "PUT /stores/s/v3/inventory/adjustments/absolute": takes(
            {
                "reason": str,
                "items!": [{"location_id!": int, "variant_id!": int, "quantity!": int}],
            },
            {"transaction_id": "x", "data": {}, "meta": {}},
        ),
        "PUT /stores/s/v3/catalog/variants": takes(
            [{"id!": int, "price": NUMBER}],
            lambda body: {"data": [{"id": one["id"], "price": float(one["price"])} for one in body]},
        ),
    },
)
ECWID = Case(
    name="ecwid",
    settings={"store": "7", "token": "secret_t", "currency": "KRW"},
    host="https://app.ecwid.com",
    order="XJ12H",
    offers=(item("501"), item("9", "501")),
    routes={
        "GET /api/v3/7/orders/XJ12H": {"id": "XJ12H", "privateAdminNotes": None},
        "PUT /api/v3/7/orders/XJ12H": takes(
            {
                "fulfillmentStatus": {
                    "AWAITING_PROCESSING",
                    "PROCESSING",
                    "SHIPPED",
                    "DELIVERED",
                    "WILL_NOT_DELIVER",
                    "RETURNED",
                    "READY_FOR_PICKUP",
                },
                "privateAdminNotes": str,
            },
            {"updateCount": 1},
        ),
        "PUT /api/v3/7/products/501": takes({"quantity": int, "price": NUMBER}, {"updateCount": 1}),
        "PUT /api/v3/7/products/501/combinations/9": takes(
            {"quantity": int, "price": NUMBER}, {"updateCount": 1}
        ),
    },
)
MAGENTO = Case(
    name="magento",
    settings={"token": "t"},
    order="9",
    offers=(item("1"), item("2")),
    routes={
        "GET /rest/V1/orders/9": {
            "entity_id": 9,
            "state": "processing",
            "status": "processing",
            "items": [{"item_id": 1, "product_type": "simple", "qty_ordered": 1, "qty_shipped": 0}],
        },
        "GET /rest/V1/shipments": {"items": [], "total_count": 0},
        "GET /rest/V1/orders/9/comments": {"items": [{"comment": None}]},
        "POST /rest/V1/orders/9/cancel": takes({}, lambda _: True),
        "POST /rest/V1/orders/9/comments": takes(
            {
                "statusHistory!": {
                    "comment!": str,
                    "status": {"processing"},
                    "parent_id!": int,
                    "entity_name": {"order"},
                    "is_customer_notified!": {0, 1},
                    "is_visible_on_front!": {0, 1},
                }
            },
            lambda _: True,
        ),
        "POST /rest/V1/order/notify-orders-are-ready-for-pickup": takes(
            {"orderIds!": [int]}, {"successful": True, "errors": []}
        ),
        "POST /rest/V1/order/9/ship": takes({}, lambda _: 31),
        "POST /rest/V1/inventory/source-items": takes(
            {"sourceItems!": [{"sku!": str, "source_code!": str, "quantity!": NUMBER, "status!": {0, 1}}]}, []
        ),
        "POST /rest/V1/products/base-prices": takes(
            {"prices!": [{"sku!": str, "price!": NUMBER, "store_id!": int}]}, []
        ),
    },
)
MEDUSA = Case(
    name="medusa",
    settings={"key": "sk_1", "stock_location": "sloc_1"},
    order="order_1",
    offers=(item("variant_1", "prod_1", stock_item="iitem_1"),),
    routes={
        "GET /admin/orders/order_1": {
            "order": {"id": "order_1", "status": "pending", "items": [{"id": "ordli_1", "quantity": 2}]}
        },
        "POST /admin/orders/order_1/cancel": takes({}, {"order": {"status": "canceled"}}),
        "POST /admin/orders/order_1/fulfillments": takes(
            {
                "items!": [{"id!": str, "quantity!": NUMBER}],
                "location_id": str,
                "no_notification": bool,
                "metadata": dict,
            },
            {"order": {"fulfillments": [{"id": "ful_1"}]}},
        ),
        "POST /admin/orders/order_1/fulfillments/ful_1/mark-as-delivered": takes({}, {"order": {}}),
        "POST /admin/inventory-items/location-levels/batch": takes(
            {
                "update": [
                    {
                        "inventory_item_id!": str,
                        "location_id!": str,
                        "stocked_quantity": NUMBER,
                        "incoming_quantity": NUMBER,
                    }
                ]
            },
            lambda body: {"created": [], "updated": body["update"], "deleted": []},
        ),
        "GET /admin/products/prod_1/variants/variant_1": {
            "variant": {"prices": [{"id": "price_1", "amount": 9, "currency_code": "eur"}]}
        },
        "POST /admin/products/prod_1/variants/variant_1": takes(
            {"prices": [{"id": str, "currency_code": str, "amount": NUMBER}]}, {"product": {}}
        ),
    },
)
SQUARESPACE = Case(
    name="squarespace",
    settings={"key": "k"},
    host="https://api.squarespace.com",
    order="585d",
    offers=(item("v1", "p1"),),
    routes={
        "GET /1.0/commerce/orders/585d": {"id": "585d", "fulfillmentStatus": "PENDING"},
        "POST /1.0/commerce/orders/585d/fulfillments": takes(
            {"shouldSendNotification!": bool, "shipments!": list}, lambda _: (204, b"")
        ),
        "POST /1.0/commerce/inventory/adjustments": takes(
            {"setFiniteOperations": [{"variantId!": str, "quantity!": int}]}, lambda _: (204, b"")
        ),
        "POST /1.0/commerce/products/p1/variants/v1": takes(
            {"pricing": {"basePrice!": {"currency!": str, "value!": str}}}
        ),
    },
)
CAFE24 = Case(
    name="cafe24",
    settings={"mall": "m", "client_id": "c", "client_secret": "s", "refresh_token": "r", "markets": "no"},
    host="https://{mall}.cafe24api.com",
    order="20260301-0000011",
    offers=(item("P0000BXA000A", "128", single="yes"),),
    routes={
        "POST /api/v2/oauth/token": {
            "access_token": "a",
            "refresh_token": "r2",
            "expires_at": "2026-03-01T20:00:00.000",
            "issued_at": "2026-03-01T18:00:00.000",
        },
        "GET /api/v2/admin/orders/20260301-0000011": {
            "order": {
                "payment_method": ["card"],
                "items": [
                    {"order_status": "N10", "order_item_code": "20260301-0000011-01", "quantity": 1},
                ],
            }
        },
        "PUT /api/v2/admin/orders/20260301-0000011": takes(
            {
                "shop_no!": int,
                "request!": {
                    "process_status": {"prepare", "prepareproduct", "hold", "unhold"},
                    "order_item_code": [str],
                },
            },
            {"order": {"process_status": "prepare"}},
        ),
        "POST /api/v2/admin/orders/20260301-0000011/cancellation": takes(
            {
                "shop_no!": int,
                "request!": {
                    "status!": {"accepted", "canceled", "canceling"},
                    "recover_inventory": {"T", "F"},
                    "payment_gateway_cancel": {"T", "F"},
                    "claim_reason_type": set("ABCDEFGHIJL"),
                    "naverpay_cancel_reason_type": {"51", "52", "53", "54", "55", "56", "60"},
                    "reason": re.compile(".{,2000}"),
                    "add_memo_too": {"T", "F"},
                    "items!": [{"order_item_code!": str, "quantity!": int}],
                },
            },
            {"cancellation": {"status": "canceled"}},
        ),
        "GET /api/v2/admin/orders/20260301-0000011/memos": {"memos": []},
        "POST /api/v2/admin/orders/20260301-0000011/memos": takes(
            {"shop_no!": int, "request!": {"content!": re.compile(".{1,1000}"), "attach_type": {"O", "P"}}},
            {"memo": {}},
        ),
        "PUT /api/v2/admin/products/128/variants/P0000BXA000A/inventories": takes(
            {"shop_no!": int, "request!": {"quantity": int}}, {"inventory": {"quantity": 3}}
        ),
        "PUT /api/v2/admin/products/128": takes(
            {"shop_no!": int, "request!": {"price": str}}, {"product": {"price": "9000"}}
        ),
    },
)
SQUARE = Case(
    name="square",
    settings={"token": "t", "locations": "L1"},
    host="https://connect.squareup.com",
    order="o1",
    offers=(item("v1", "i1"),),
    routes={
        "GET /v2/orders/o1": {
            "order": {
                "version": 4,
                "location_id": "L1",
                "state": "OPEN",
                "fulfillments": [{"uid": "f1", "state": "PROPOSED", "type": "PICKUP"}],
            }
        },
        "PUT /v2/orders/o1": takes(
            {
                "order!": {
                    "version!": int,
                    "location_id!": str,
                    "state": {"OPEN", "COMPLETED", "CANCELED", "DRAFT"},
                    "fulfillments": [
                        {
                            "uid!": str,
                            "state": {"PROPOSED", "RESERVED", "PREPARED", "COMPLETED", "CANCELED", "FAILED"},
                        }
                    ],
                },
                "fields_to_clear": [str],
                "idempotency_key": str,
            }
        ),
        "GET /v2/catalog/object/v1": {
            "object": {
                "type": "ITEM_VARIATION",
                "id": "v1",
                "version": 2,
                "item_variation_data": {"sku": "A"},
            }
        },
        "POST /v2/catalog/object": takes(
            {
                "idempotency_key!": str,
                "object!": {
                    "type!": {"ITEM", "ITEM_VARIATION"},
                    "id!": str,
                    "version": int,
                    "item_variation_data": {
                        "sku": str,
                        "pricing_type": {"FIXED_PRICING", "VARIABLE_PRICING"},
                        "price_money": {"amount!": int, "currency!": str},
                    },
                },
            },
            lambda body: {"catalog_object": body["object"]},
        ),
        "POST /v2/inventory/changes/batch-create": takes(
            {
                "idempotency_key!": str,
                "ignore_unchanged_counts": bool,
                "changes!": [
                    {
                        "type!": {"PHYSICAL_COUNT", "ADJUSTMENT"},
                        "physical_count": {
                            "catalog_object_id!": str,
                            "location_id!": str,
                            "state!": {"IN_STOCK", "WASTE", "SOLD"},
                            "quantity!": str,
                            "occurred_at!": str,
                        },
                    }
                ],
            },
            lambda body: {
                "counts": [
                    {name: one["physical_count"][name] for name in ("catalog_object_id", "state", "quantity")}
                    for one in body["changes"]
                ]
            },
        ),
    },
)
_NUMBER = re.compile(r"\d+")
PRESTASHOP = Case(
    name="prestashop",
    settings={"key": "k", "currency": "EUR", "timezone": "Europe/Paris"},
    order="5",
    offers=(item("7", "10"), item("0", "11")),
    routes={
        "GET /api/orders/5": {"order": {"id": 5, "current_state": "2"}},
        "POST /api/order_histories": takes(
            {"order_history!": {"id_order!": _NUMBER, "id_order_state!": _NUMBER, "id_employee": _NUMBER}}
        ),
        "GET /api/stock_availables": {
            "stock_availables": [{"id": 77, "id_shop": "1", "depends_on_stock": "0", "out_of_stock": "2"}]
        },
        "PUT /api/stock_availables/77": takes(
            {
                "stock_available!": {
                    "id!": _NUMBER,
                    "id_product!": _NUMBER,
                    "id_product_attribute!": _NUMBER,
                    "id_shop": _NUMBER,
                    "id_shop_group": _NUMBER,
                    "quantity!": re.compile(r"-?\d+"),
                    "depends_on_stock!": {"0", "1"},
                    "out_of_stock!": {"0", "1", "2"},
                    "location": str,
                }
            }
        ),
    },
)
NAVER_ORDER = {
    "productOrder": {
        "productOrderId": "2026030112345611",
        "productOrderStatus": "PAYED",
        "placeOrderStatus": "NOT_YET",
    }
}
_SAID = {
    "data": {
        "successProductOrderIds": ["2026030112345611"],
        "successProductOrderInfos": [
            {"productOrderId": "2026030112345611", "isReceiverAddressChanged": False}
        ],
        "failProductOrderInfos": [],
    }
}
_ORDERS = "/external/v1/pay-order/seller"
NAVER = Case(
    name="naver",
    settings={"client_id": "aaaabbbb", "client_secret": "$2a$04$abcdefghijklmnopqrstuu"},
    order="2026030112345601",
    offers=(item("31", "4001"), item("4002")),
    priced=(item("4002"),),  # an option's price is a surcharge
    host="https://api.commerce.naver.com",
    routes={
        "POST /external/v1/oauth2/token": {"access_token": "a", "expires_in": 10800, "token_type": "Bearer"},
        f"GET {_ORDERS}/orders/2026030112345601/product-order-ids": {"data": ["2026030112345611"]},
        f"POST {_ORDERS}/product-orders/query": takes(
            {"productOrderIds!": [str], "quantityClaimCompatibility": bool},
            {"timestamp": "2026-03-01T18:00:00.000+09:00", "data": [NAVER_ORDER]},
        ),
        f"POST {_ORDERS}/product-orders/confirm": takes({"productOrderIds!": [str]}, _SAID),
        f"POST {_ORDERS}/product-orders/dispatch": takes(
            {
                "dispatchProductOrders!": [
                    {
                        "productOrderId!": str,
                        "deliveryMethod!": {"DELIVERY", "VISIT_RECEIPT", "DIRECT_DELIVERY", "NOTHING"},
                        "deliveryCompanyCode": str,
                        "trackingNumber": str,
                        "dispatchDate!": re.compile(r"[-\d]{10}T[:\d]{8}\.\d{3}\+09:00"),
                    }
                ]
            },
            _SAID,
        ),
        f"POST {_ORDERS}/product-orders/2026030112345611/claim/cancel/request": takes(
            {
                "cancelReason!": {
                    "INTENT_CHANGED",
                    "COLOR_AND_SIZE",
                    "WRONG_ORDER",
                    "PRODUCT_UNSATISFIED",
                    "DELAYED_DELIVERY",
                    "SOLD_OUT",
                    "INCORRECT_INFO",
                },
                "cancelDetailedReason": re.compile(".{,500}"),
                "cancelQuantity": int,
            },
            _SAID,
        ),
        "GET /external/v2/products/origin-products/4001": {
            "originProduct": {
                "detailAttribute": {
                    "optionInfo": {
                        "optionCombinations": [{"id": 31, "stockQuantity": 5, "price": 0, "usable": True}]
                    }
                }
            }
        },
        "PUT /external/v1/products/origin-products/4001/option-stock": takes(
            {
                "optionInfo!": {
                    "optionCombinations": [
                        {"id!": int, "stockQuantity!": int, "price!": int, "usable!": bool}
                    ],
                    "optionStandards": [{"id!": int, "stockQuantity!": int, "usable!": bool}],
                    "useStockManagement": bool,
                }
            }
        ),
        "PATCH /external/v1/products/origin-products/multi-update": takes(
            {
                "multiProductUpdateRequestVos!": [
                    {
                        "originProductNo!": int,
                        "multiUpdateTypes!": [{"STOCK", "SALE_PRICE"}],
                        "stockQuantity": int,
                        "productSalePrice": {"salePrice!": NUMBER},
                    }
                ]
            }
        ),
    },
)
CASES = (PRESTASHOP, NAVER, BIGCOMMERCE, ECWID, MAGENTO, MEDUSA, SQUARESPACE, CAFE24, SQUARE)


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_what_a_preset_tells_is_what_its_webstore_takes(case: Case) -> None:
    with running(case.name, case.routes, case.settings, case.host) as (shop, _):
        assert shop.teller is not None
        heard = shop.teller.outline.hears - (
            frozenset() if "not_picked_up" in shop.teller.statuses else {Said.RESOLVED}
        )
        told = [shop.tell(case.order, said, **more) for said, more in TOLD if said in heard]
        receipts = [*shop.push_stock(*case.offers).values()]
        if Capability.PRICES in shop.teller.outline.capabilities:
            receipts += shop.push_prices(*(case.priced or case.offers)).values()

    assert [] == [one.words for one in (*told, *receipts) if one.outcome is not Outcome.ACCEPTED]


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_a_double_refuses_what_is_none_of_its_fields(case: Case) -> None:
    """Else the test above would hold nothing."""
    routes = [one for one in case.routes.values() if callable(one)]
    nonsense = Asked("POST", "/", {"tillbridge": 1}, {})

    assert {422} == {route(nonsense)[0] for route in routes}
