"""Where things are: the stores that have a product, as the headless API lists them, and places on a map."""

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

from tillbridge_locally.sandbox.places import Place
from tillbridge_locally.sandbox.refusals import FATAL, Refusal
from tillbridge_locally.sandbox.shop import Product
from tillbridge_locally.sandbox.world import World

_EARTH_KM: Final = 6371
_KM_PER_MILE: Final = 1.609
_POLE, _DATE_LINE = 90, 180
# The towns that this Locally knows: name, country, latitude, longitude.
_TOWNS: Final = (
    ("서울특별시 Seoul", "KR", "37.56650000", "126.97800000"),
    ("수원시 Suwon", "KR", "37.26360000", "127.02860000"),
    ("부산광역시 Busan", "KR", "35.17960000", "129.07560000"),
    ("Chicago, IL", "US", "41.87756190", "-87.62442100"),
    ("Boulder, CO", "US", "40.01500000", "-105.27050000"),
)
IN_STOCK, NOT_IN_STOCK = 3, 0


def geo_of(place: Place) -> dict[str, str]:
    """Return where a store is, as a shopper's own whereabouts are written."""
    unit = "mi" if place.country == "US" else "km"
    return {
        "lat": place.lat,
        "lng": place.lng,
        "city_label": place.city,
        "country": place.country,
        "distance_unit": unit,
    }


def towns(query: str) -> list[dict[str, Any]]:
    """Return the towns whose name holds a text, as suggestions."""
    wanted = query.casefold().strip()
    return [
        {"value": name, "postcode": "", "data": {"lat": Decimal(lat), "lng": Decimal(lng), "relevance": 1}}
        for name, _, lat, lng in _TOWNS
        if wanted in name.casefold()
    ]


def coordinates(lat: str, lng: str) -> dict[str, str]:
    """Read a place on the map.

    Raises:
        Refusal: there is no such place.
    """
    try:
        there = abs(float(lat)) <= _POLE and abs(float(lng)) <= _DATE_LINE
    except ValueError:
        there = False
    if not there:
        raise Refusal(FATAL, "These are no coordinates.")
    return {"lat": lat, "lng": lng}


def moved(to: dict[str, str], name: str) -> dict[str, str]:
    """Return the whereabouts of a shopper who moved."""
    town, _, _ = name.partition(",")
    country = next((one[1] for one in _TOWNS if town and town in one[0]), "KR")
    unit = "mi" if country == "US" else "km"
    return {**to, "city_label": name, "country": country, "distance_unit": unit}


class Markers:
    """The stores on the map, each with what it has of a product.

    Args:
        world: whose stores they are.
        company: the company's ID.
    """

    def __init__(self, world: World, company: str) -> None:
        self._world = world
        self._company = company

    def all(self, product: Product, geo: dict[str, str], only: str = "") -> list[dict[str, Any]]:
        """Return the stores, or only one of them, the nearest first."""
        places = [one for one in self._world.places.values() if not only or one.id == only]
        return sorted(
            (self.one(place, product, geo) for place in places), key=lambda one: float(one["user_distance"])
        )

    def one(self, place: Place, product: Product, geo: dict[str, str]) -> dict[str, Any]:
        """Return a store, with what it has of the product and how that can be had there."""
        pieces = self._world.shelf.pieces(place.id, product.upc)
        stand = self._world.shelf.find(place.id, product.upc)
        hours = place.hours(self._world.store.now().astimezone(self._world.shop.zone))
        has, is_open = int(pieces > 0), bool(hours["is_open"])
        return {
            "id": int(place.id) if place.id.isdigit() else place.id,
            "name": place.name,
            "lat": place.lat,
            "lng": place.lng,
            "address": place.street,
            "city": place.city,
            "state": "",
            "zip": place.postcode,
            "phone": place.phone,
            "phone_link": f"tel:{place.phone}",
            "country": place.country,
            "company_id": self._company,
            "image": "",
            "vendor_id": place.id,
            "web_address": "",
            "user_distance": _distance(place, geo),
            "stock_status": IN_STOCK if has else NOT_IN_STOCK,
            "stocking_product": has,
            "stocking_variant": has,
            "acquisition_options": {
                "bopis": int(has and not self._world.shop.reservations_only),
                "ropis": has,
            },
            "disclaimer": "Item is in stock." if has else "Item is not in stock.",
            "next_open": "",
            "is_closing_soon": 0,
            "status_class": "success" if is_open else "closed",
            "status_label": "Open" if is_open else "Closed",
            "qoh": pieces,
            "price": stand.price if stand else None,
            **hours,
        }


def _distance(place: Place, geo: dict[str, str]) -> Decimal:
    """Return how far a store is, as the crow flies, in the shopper's unit."""
    lat, lng, to_lat, to_lng = (radians(float(one)) for one in (geo["lat"], geo["lng"], place.lat, place.lng))
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lng - lng) / 2) ** 2
    far = 2 * _EARTH_KM * asin(sqrt(half)) / (_KM_PER_MILE if geo["distance_unit"] == "mi" else 1)
    return Decimal(f"{far:.1f}")
