"""The products of the fake WooCommerce: stock and prices, singly and in batches, as the real one has it."""

import re
from typing import Any

from plugins.generic_webstore.woo.shop import Params, Problem, WooShop, stamp

_LARGEST_BATCH = 100
_NOT_FOUND = "woocommerce_rest_product_invalid_id"


def add_product(shop: WooShop, number: int, *, parent: int = 0, **fields: Any) -> dict[str, Any]:
    """Put a product on sale; with `parent` it is a variation of that."""
    made = {
        "id": number,
        "name": f"Product {number}",
        "type": "variation" if parent else "simple",
        "status": "publish",
        "parent_id": parent,
        "sku": f"SKU-{number}",
        "global_unique_id": "",
        "regular_price": "10.00",
        "price": "10.00",
        "manage_stock": True,
        "stock_quantity": 5,
        "stock_status": "instock",
        "variations": [],
        "date_modified": None,
        **fields,
    }
    stamp(made, "date_modified", shop.now())
    shop.products[number] = made
    if parent:
        shop.products[parent]["type"] = "variable"
        shop.products[parent]["variations"].append(number)
    return made


def list_products(shop: WooShop, params: Params) -> tuple[list[dict[str, Any]], int]:
    """Return a page of products; variations only where a SKU or GTIN asks for them."""
    found = list(shop.products.values())
    for name in ("sku", "global_unique_id"):
        if name in params:
            wanted = params[name].split(",")
            found = [one for one in found if one[name] in wanted]
    if not params.keys() & {"sku", "global_unique_id"}:
        found = [one for one in found if not one["parent_id"]]
    return _page(found, params)


def list_variations(shop: WooShop, parent: int, params: Params) -> tuple[list[dict[str, Any]], int]:
    """Return a page of a product's variations."""
    _product(shop, parent)
    return _page([one for one in shop.products.values() if one["parent_id"] == parent], params)


def one_product(shop: WooShop, number: int) -> dict[str, Any]:
    return _product(shop, number)


def put_product(
    shop: WooShop, number: int, body: dict[str, Any], *, parent: int | None = None
) -> dict[str, Any]:
    """Change one product; a variation only at its parent's address."""
    found = shop.products.get(number)
    if found is None or (parent or 0) != found["parent_id"]:
        if found is not None:
            raise Problem(
                404,
                "woocommerce_rest_invalid_product_id",
                "To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/"
                "&lt;id&gt; endpoint.",
            )
        raise Problem(404, _NOT_FOUND, "Invalid ID.")
    stock = body.get("stock_quantity")
    if stock is not None and not re.fullmatch(r"-?\d+", str(stock)):
        raise Problem(400, "rest_invalid_param", "Invalid parameter(s): stock_quantity")
    if not isinstance(body.get("regular_price", ""), str):
        raise Problem(400, "rest_invalid_param", "Invalid parameter(s): regular_price")
    _refuse_twice(shop, found, body)
    return _changed(shop, found, body)


def batch(shop: WooShop, body: dict[str, Any], *, parent: int | None = None) -> dict[str, Any]:
    """Change many at once: 200 whatever becomes of each; looser with values than a single call."""
    updates = body.get("update", [])
    if len(updates) > _LARGEST_BATCH:
        raise Problem(
            413,
            "woocommerce_rest_request_entity_too_large",
            "Unable to accept more than 100 items for this request.",
        )
    return {"update": [_batched(shop, one, parent) for one in updates]}


def _batched(shop: WooShop, given: dict[str, Any], parent: int | None) -> dict[str, Any]:
    number = int(given.get("id", 0))
    loose = dict(given)
    stock = re.match(r"-?\d+", str(given.get("stock_quantity", "")))
    if "stock_quantity" in given:
        loose["stock_quantity"] = int(stock[0]) if stock else 0  # "7.5" becomes 7, without a word
    try:
        return put_product(shop, number, loose, parent=parent)
    except Problem as problem:
        said = {"code": problem.code, "message": problem.message, "data": {"status": problem.status}}
        return {"id": number, "error": said}


def _changed(shop: WooShop, product: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    for name, value in body.items():
        if name == "regular_price":
            if product["type"] == "variable":
                continue  # a parent's price is ignored, without a word
            cleared = value if re.fullmatch(r"\d+(\.\d+)?", value) else ""
            product["regular_price"] = product["price"] = cleared
        elif name == "stock_quantity":
            product["stock_quantity"] = int(value)
            product["stock_status"] = "instock" if int(value) > 0 else "outofstock"
        elif name != "id":
            product[name] = value
    stamp(product, "date_modified", shop.now())
    return product


def _refuse_twice(shop: WooShop, product: dict[str, Any], body: dict[str, Any]) -> None:
    for name, code in (
        ("sku", "product_invalid_sku"),
        ("global_unique_id", "product_invalid_global_unique_id"),
    ):
        others = (one for one in shop.products.values() if one is not product)
        if body.get(name) and any(one[name] == body[name] for one in others):
            raise Problem(400, code, "Invalid or duplicated.")


def _product(shop: WooShop, number: int) -> dict[str, Any]:
    if number not in shop.products:
        raise Problem(404, _NOT_FOUND, "Invalid ID.")
    return shop.products[number]


def _page(found: list[dict[str, Any]], params: Params) -> tuple[list[dict[str, Any]], int]:
    size, page = int(params.get("per_page", "10")), int(params.get("page", "1"))
    if size > _LARGEST_BATCH:
        raise Problem(400, "rest_invalid_param", "Invalid parameter(s): per_page")
    return found[(page - 1) * size : page * size], len(found)
