"""The Singer tap: the webstore's orders as records, with their schema."""

from typing import Any, ClassVar

from singer_sdk import Tap
from singer_sdk import typing as th
from singer_sdk.streams import RESTStream

from benchmarks.peers.place import ORDERS_PATH

_TEXT = [
    "hash",
    "status",
    "payment_status",
    "ordered_at",
    "updated_at",
    "currency",
    "store_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "address",
    "address_2",
    "city",
    "state",
    "zip",
    "country",
    "locale",
    "origin",
]
_WHOLE = [
    "id",
    "user_id",
    "subtotal",
    "tax_total",
    "shipping_cost_total",
    "grand_total",
    "for_hold",
    "for_delivery",
]
_ITEM_TEXT = [
    "upc",
    "message",
    "product_id",
    "product_title",
    "part_number",
    "vendor",
    "brand",
    "status",
    "image_url",
    "description",
]
_ITEM_WHOLE = ["id", "qty", "price_per_unit", "tax_per_unit"]
_ATTRIBUTES = {
    "colour": th.StringType,
    "size": th.StringType,
    "weight_g": th.IntegerType,
    "warranty_months": th.IntegerType,
}


def _each(names: list[str], kind: Any) -> list[th.Property[Any]]:
    return [th.Property(name, kind) for name in names]


_ITEM = th.ObjectType(
    *_each(_ITEM_TEXT, th.StringType),
    *_each(_ITEM_WHOLE, th.IntegerType),
    th.Property("attributes", th.ObjectType(*(th.Property(*one) for one in _ATTRIBUTES.items()))),
)
_CART = th.ObjectType(
    *_each(_TEXT, th.StringType),
    *_each(_WHOLE, th.IntegerType),
    th.Property("mailing_consent", th.BooleanType),
    th.Property("items", th.ArrayType(_ITEM)),
)
_USER = th.ObjectType(th.Property("id", th.IntegerType), th.Property("email", th.StringType))


class Orders(RESTStream[str]):
    """The list of orders."""

    name = "orders"
    path = ORDERS_PATH
    primary_keys: ClassVar[tuple[str, ...]] = ("hash",)
    replication_key = "updated_at"
    is_sorted = True
    records_jsonpath = "$.data.orders[*]"
    next_page_token_jsonpath = "$.data.orders[-1:].hash"  # noqa: S105  # where a page's place is, no secret
    schema = th.PropertiesList(
        th.Property("hash", th.StringType, required=True),
        th.Property("updated_at", th.DateTimeType, required=True),
        th.Property("order", th.ObjectType(th.Property("cart", _CART), th.Property("user", _USER))),
    ).to_dict()

    @property
    def url_base(self) -> str:
        """Where the webstore is."""
        return str(self.config["url"])

    def get_url_params(self, context: object, next_page_token: str | None) -> dict[str, Any]:  # noqa: ARG002  # the SDK's
        """Ask for the page after an order."""
        return {"limit": self.config["page"], "after_hash": next_page_token or ""}


class BenchTap(Tap):
    """The tap."""

    name = "tap-bench"
    config_jsonschema = th.PropertiesList(
        th.Property("url", th.StringType, required=True), th.Property("page", th.IntegerType, required=True)
    ).to_dict()

    def discover_streams(self) -> list[Orders]:
        """Return the one stream."""
        return [Orders(tap=self)]


if __name__ == "__main__":
    BenchTap.cli()
