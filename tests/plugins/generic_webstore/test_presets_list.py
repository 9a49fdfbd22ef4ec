"""What webstores list by their presets: each variant by the IDs that its lines and its pushes go by."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.generic_webstore.connecting import preset
from plugins.generic_webstore.counters import Asked, desk
from plugins.generic_webstore.naver import SECRET
from plugins.generic_webstore.test_presets_run import routed
from shop import SEOUL
from tillbridge.http import HttpClient, HttpSettings
from tillbridge.plugin import Connection, Listing
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling.listings import compile_listings
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.settings import settings_model

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def cafe24_products(asked: Asked) -> Any:
    if parse_qs(urlsplit(asked.path).query)["since_product_no"] != ["0"]:
        return {"products": []}
    variant = {
        "variant_code": "P0000BXA000A",
        "custom_variant_code": "TS-RED",
        "options": [{"name": "색상", "value": "빨강"}],
        "additional_amount": "2000.00",
        "quantity": 5,
        "selling": "T",
    }
    return {
        "products": [
            {
                "product_no": 128,
                "product_name": "티셔츠",
                "price": "30000.00",
                "selling": "T",
                "variants": [variant],
            }
        ]
    }


ROUTES: dict[str, Mapping[str, Any]] = {
    "cafe24": {"GET /products": cafe24_products},
    "naver": {
        "POST /v1/products/search": {
            "contents": [
                {
                    "originProductNo": 4001,
                    "channelProducts": [{"name": "티셔츠", "salePrice": 30000, "statusType": "SALE"}],
                }
            ]
        },
        "GET /v2/products/origin-products/4001": {
            "originProduct": {
                "detailAttribute": {
                    "optionInfo": {
                        "optionCombinations": [
                            {"id": 31, "stockQuantity": 5, "price": 2000, "sellerManagerCode": "TS-RED"}
                        ]
                    }
                }
            }
        },
    },
    "bigcommerce": {
        "GET /v3/catalog/products": {
            "data": [
                {
                    "id": 10,
                    "name": "Shirt",
                    "price": 32000,
                    "is_visible": True,
                    "variants": [{"id": 20, "sku": "TS-RED", "price": None, "inventory_level": 5}],
                }
            ]
        }
    },
    "medusa": {
        "GET /products": {
            "products": [
                {
                    "id": "prod_1",
                    "title": "Shirt",
                    "status": "published",
                    "variants": [
                        {
                            "id": "variant_1",
                            "sku": "TS-RED",
                            "prices": [{"amount": 32000}],
                            "inventory_items": [{"inventory_item_id": "iitem_1"}],
                        }
                    ],
                }
            ]
        }
    },
    "prestashop": {
        "GET /products": {
            "products": [
                {
                    "id": 10,
                    "name": "Shirt",
                    "reference": "TS",
                    "active": "1",
                    "associations": {"combinations": [{"id": "7"}]},
                }
            ]
        },
        "GET /combinations": {"combinations": [{"id": 7, "reference": "TS-RED", "ean13": ""}]},
    },
    "squarespace": {
        "GET /products": {
            "products": [
                {
                    "id": "p1",
                    "name": "Shirt",
                    "isVisible": True,
                    "variants": [
                        {
                            "id": "v1",
                            "sku": "TS-RED",
                            "pricing": {"basePrice": {"value": "32000", "currency": "KRW"}},
                            "stock": {"quantity": 5},
                        }
                    ],
                }
            ],
            "pagination": {"hasNextPage": False},
        }
    },
    "magento": {
        "GET /products": {
            "items": [
                {"id": 9, "sku": "TS", "name": "Shirt", "price": 1, "status": 1, "type_id": "configurable"},
                {
                    "id": 10,
                    "sku": "TS-RED",
                    "name": "Shirt",
                    "price": 32000,
                    "status": 1,
                    "type_id": "simple",
                },
            ],
            "total_count": 2,
        }
    },
    "saleor": {
        "POST /": {
            "data": {
                "productVariants": {
                    "pageInfo": {"hasNextPage": False, "endCursor": "x"},
                    "edges": [
                        {
                            "node": {
                                "id": "UHJv",
                                "sku": "TS-RED",
                                "name": "red",
                                "product": {"id": "UA==", "name": "Shirt"},
                                "stocks": [
                                    {"quantity": 9, "warehouse": {"id": "2"}},
                                    {"quantity": 5, "warehouse": {"id": "1"}},
                                ],
                                "channelListings": [
                                    {"channel": {"id": "2"}, "price": {"amount": 1.0}},
                                    {"channel": {"id": "1"}, "price": {"amount": 32000.0}},
                                ],
                            }
                        }
                    ],
                }
            }
        }
    },
    "ecwid": {
        "GET /products": {
            "items": [
                {
                    "id": 10,
                    "name": "Shirt",
                    "sku": "TS",
                    "price": 30000,
                    "enabled": True,
                    "combinations": [{"id": 7, "sku": "TS-RED", "price": 32000, "quantity": 5}],
                }
            ]
        }
    },
}
IDS = {
    "cafe24": ("P0000BXA000A", "128"),
    "naver": ("31", "4001"),
    "bigcommerce": ("20", "10"),
    "medusa": ("variant_1", "prod_1"),
    "prestashop": ("7", "10"),
    "squarespace": ("v1", "p1"),
    "magento": ("10", None),
    "saleor": ("UHJv", "UA=="),
    "ecwid": ("7", "10"),
}


def listed(name: str, routes: Mapping[str, Any] | None = None) -> list[Listing]:
    """Read everything that a webstore lists."""
    profile, mistakes = preset(name), Mistakes()
    reader = compile_listings(profile, mistakes)
    assert reader is not None
    assert list(mistakes) == []
    # Whatever a preset asks for: these webstores look at none of it.
    given = {
        key: "Asia/Seoul" if one.kind == "zone" else "KRW" if one.kind == "currency" else "1"
        for key, one in profile.settings.items()
        if one.default is None and not one.choices and one.kind != "url"
    }
    given |= {key: SECRET for key, one in profile.settings.items() if one.secret and one.pattern}
    given |= {key: one.choices[0] for key, one in profile.settings.items() if one.choices}
    with desk() as server:
        server.answer = routed(routes or ROUTES[name])
        urls = {key: server.url for key, one in profile.settings.items() if one.kind == "url"}
        clock = FrozenClock(NOW)
        with HttpClient(HttpSettings(base_url=server.url, service=profile.title), clock=clock) as http:
            connection = Connection(
                name="web",
                settings=settings_model(name, profile).model_validate({**given, **urls}),
                http=http,
                orders_from=NOW,
                now=clock.now,
                store=lambda _: SEOUL,
                log=logging.getLogger("tests.listed"),
            )
            return [one for page in reader.pages(connection, None) for one in page.listings]


@pytest.mark.parametrize("name", ROUTES)
def test_a_variant_is_listed_with_its_ids_and_number(name: str) -> None:
    (one,) = listed(name)

    assert (one.id, one.parent_id) == IDS[name]
    assert "TS-RED" in [number.value for number in one.identifiers]
    assert one.active
    assert one.price is None or one.price.minor == 32_000
    assert one.quantity in (None, 5)


LISTS: dict[str, list[dict[str, Any]]] = {
    # Full pages of 100, and what is left.
    "magento": [
        {
            "items": [
                {"id": number, "sku": f"S{number}", "type_id": "simple", "status": 1} for number in numbers
            ]
        }
        for numbers in (range(100), range(100, 103))
    ],
    "ecwid": [
        {"items": [{"id": number, "sku": f"S{number}", "enabled": True} for number in numbers]}
        for numbers in (range(100), range(100, 103))
    ],
    "saleor": [
        {
            "data": {
                "productVariants": {
                    "pageInfo": {"hasNextPage": more, "endCursor": "after-99"},
                    "edges": [{"node": {"id": f"{number}", "product": {"id": "P"}}} for number in numbers],
                }
            }
        }
        for numbers, more in ((range(100), True), (range(100, 103), False))
    ],
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_to_its_end(name: str) -> None:
    pages, asked = list(LISTS[name]), []

    def page(given: Asked) -> Any:
        asked.append(given)
        return pages.pop(0) if pages else pytest.fail(f"asked once more: {given}")

    method = "POST /" if name == "saleor" else "GET /products"
    found = listed(name, {method: page})

    assert [f"{number}" for number in range(103)] == [one.id for one in found]
    assert name != "saleor" or [None, "after-99"] == [one.body["variables"].get("cursor") for one in asked]
