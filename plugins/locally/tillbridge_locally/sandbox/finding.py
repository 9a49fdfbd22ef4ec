"""The rest of the headless API: what can be bought where (`/conversion`), and places (`/location`)."""

from collections.abc import Mapping
from typing import Any

from starlette.routing import Route

from tillbridge_locally.sandbox import refusals
from tillbridge_locally.sandbox.headless import Asked, Guard
from tillbridge_locally.sandbox.locating import Markers, coordinates, moved, towns
from tillbridge_locally.sandbox.refusals import Refusal
from tillbridge_locally.sandbox.shop import Product
from tillbridge_locally.sandbox.shopping import Shopping
from tillbridge_locally.sandbox.world import World


class Finding:
    """What a shopper asks before anything is in the cart.

    Args:
        world: what it serves.
        shopping: for the stores.
        company: the company's ID.
    """

    def __init__(self, world: World, shopping: Shopping, company: str) -> None:
        self._world = world
        self._shopping = shopping
        self._company = company
        self._markers = Markers(world, company)

    def routes(self, guard: Guard) -> list[Route]:
        """Return the routes."""
        return [
            guard.route("/conversion/start", self._start),
            guard.route("/conversion/product_data", self._product_data),
            guard.route("/conversion/store_data", self._store_data),
            guard.route("/conversion/buy_online_ecommerce_data", lambda _: {"links": []}),
            guard.route("/conversion/common", self._common),
            guard.route("/conversion/location_data/{type}/{store}", self._location_data),
            guard.route("/location/suggest", self._suggest),
            guard.route("/location/switch/{lat}/{lng}", self._switch),
            guard.route("/location/address/suggest", self._suggest),
            guard.route("/location/address/validate", self._validate_address),
            guard.route("/analytics", lambda _: {"noted": 1}, "POST"),
            guard.route("/email/template/send", lambda _: {"sent": 0}),
        ]

    def _start(self, asked: Asked) -> Mapping[str, Any]:
        product = self._product(asked)
        return {
            "style": product.vpn,
            "company_id": self._company,
            "upc": product.upc,
            "company_name": "Locally sandbox",
            "initial_store_id": self._world.shop.store_id,
            "company_logo": "",
            "user_geo": asked.visitor.geo,
        }

    def _product_data(self, asked: Asked) -> Mapping[str, Any]:
        product = self._product(asked)
        return {
            "upc": product.upc,
            "style": product.vpn,
            "name": product.description,
            "brand": product.brand,
            "price": product.price,
            "currency": self._world.shop.currency,
        }

    def _store_data(self, asked: Asked) -> Mapping[str, Any]:
        """Return the stores with what they have, or the one that is asked for."""
        only = asked.text("only_store_id")
        if only:
            self._shopping.place(only)
        markers = self._markers.all(self._product(asked), self._near(asked), only)
        upcs = [product.upc for product in self._world.shop.products if product.upc]
        return {"all_upcs_carried": upcs, "markers": markers, "total_marker_count": len(markers)}

    def _location_data(self, asked: Asked) -> Mapping[str, Any]:
        place = self._shopping.place(asked.path["store"])
        marker = self._markers.one(place, self._product(asked), asked.visitor.geo)
        return {"type": asked.path["type"], "store": marker}

    def _common(self, asked: Asked) -> Mapping[str, Any]:
        return {
            "currency": self._world.shop.currency,
            "locale": "ko-kr" if self._world.shop.country == "KR" else "en-us",
            "user_geo": asked.visitor.geo,
        }

    def _suggest(self, asked: Asked) -> Mapping[str, Any]:
        geo = asked.visitor.geo
        found = towns(asked.text("query"))
        return {"query": asked.text("query"), "suggestions": found, "from": [geo["lat"], geo["lng"]]}

    def _switch(self, asked: Asked) -> Mapping[str, Any]:
        """Move the shopper, for the rest of the session."""
        name = asked.text("location_change_to_string")
        asked.visitor.geo = moved(coordinates(asked.path["lat"], asked.path["lng"]), name)
        return {**asked.visitor.geo, "zip_label": "", "postal_code": "", "source": "region"}

    def _validate_address(self, asked: Asked) -> Mapping[str, Any]:
        """Say that nothing is delivered: this Locally hands over in the store only."""
        self._shopping.place(asked.text("store_id"))
        return {"address": asked.text("dropoff_address"), "is_deliverable": 0}

    def _near(self, asked: Asked) -> dict[str, str]:
        """Return where to look from: where the request says, or where the shopper is."""
        lat, lng = asked.text("map_center_lat"), asked.text("map_center_lng")
        geo = dict(asked.visitor.geo)
        unit = asked.text("map_distance_unit")
        if unit in {"mi", "km"}:
            geo["distance_unit"] = unit
        return geo | coordinates(lat, lng) if lat and lng else geo

    def _product(self, asked: Asked) -> Product:
        """Return the product of a UPC, or of a style, which is its part number.

        Raises:
            Refusal: there is none.
        """
        product = self._world.shop.product(asked.text("upc") or asked.text("style"))
        if product is None or not product.upc:
            raise Refusal(refusals.ITEM_GONE, "This item is no longer available.")
        return product
