"""Builds carts as Locally would: lines, tax and totals that add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tillbridge.plugin import Money
from tillbridge_locally.sandbox.shop import Customer, Product, Shop

Cart = dict[str, Any]
ADDRESS_FIELDS = ("address", "city", "zip")


@dataclass(frozen=True, slots=True)
class Line:
    """What is ordered of one product, and by which numbers Locally names it."""

    product: Product
    qty: int = 1
    upc: str | None = None
    part_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An order to be made.

    Attributes:
        kind: "bopis", "ropis" or "shipping".
        fields: cart fields that are set last, whatever they would have been.
        ids: the items' IDs, one for each line; where there are none, they are made of the cart's.
    """

    lines: Sequence[Line]
    customer: Customer
    kind: str = "ropis"
    fields: Mapping[str, Any] = field(default_factory=dict)
    ids: Sequence[int] = ()


def build(wish: Wish, *, shop: Shop, number: int) -> dict[str, Any]:
    """Return the order's document: a cart without hash and times, and its user."""
    ids = wish.ids or [number * 100 + index for index, _ in enumerate(wish.lines, start=1)]
    items = [_item(line, shop=shop, number=one) for line, one in zip(wish.lines, ids, strict=True)]
    first, last = names(wish.customer.name)
    kind = "ropis" if shop.reservations_only else wish.kind
    cart: Cart = {
        "id": number,
        "user_id": _user_id(wish.customer),
        "store_id": shop.store_id,
        "status": "ordered",
        "payment_status": "" if kind == "ropis" else "authorized",
        "currency": shop.currency,
        "first_name": first,
        "last_name": last,
        "address": wish.customer.street,
        "address_2": "",
        "city": wish.customer.city,
        "state": "",
        "zip": wish.customer.postcode,
        "country": wish.customer.country or shop.country,
        "email": wish.customer.email,
        "phone": wish.customer.phone,
        "locale": "ko-kr" if shop.country == "KR" else "en-us",
        "origin": "www.example.com",
        "for_hold": int(kind == "ropis"),
        "for_delivery": int(kind == "shipping"),
        "mailing_consent": False,
        "items": items,
    }
    if kind == "shipping":
        cart |= delivery(
            wish.customer, street=wish.customer.street, city=wish.customer.city, zip_=wish.customer.postcode
        )
    add_up(cart, shop)
    cart |= wish.fields
    return {"cart": cart, "user": {"id": cart["user_id"], "email": cart["email"]}}


def delivery(customer: Customer, *, street: str, city: str, zip_: str) -> Cart:
    """Return the fields of a delivery address."""
    first, last = names(customer.name)
    return {
        "delivery_first_name": first,
        "delivery_last_name": last,
        "delivery_address": street,
        "delivery_city": city,
        "delivery_zip": zip_,
        "delivery_country": customer.country,
        "delivery_phone": customer.phone,
    }


def add_up(cart: Cart, shop: Shop) -> None:
    """Set a cart's totals from those of its items that still stand; when none does, from all."""
    gone = {"denied", "cancelled", "refunded"}
    standing = [item for item in cart["items"] if item["status"] not in gone] or cart["items"]
    cart["subtotal"] = sum(item["price_per_unit"] * item["qty"] for item in standing)
    cart["tax_total"] = sum(item["tax_per_unit"] * item["qty"] for item in standing)
    cart["shipping_cost_total"] = cart.get("shipping_cost_total", _plain(Decimal(0), shop))
    beside = 0 if shop.tax_inside else cart["tax_total"]
    cart["grand_total"] = cart["subtotal"] + cart["shipping_cost_total"] + beside


def _item(line: Line, *, shop: Shop, number: int) -> Cart:
    price = line.product.price
    share = shop.tax_percent / (100 + shop.tax_percent) if shop.tax_inside else shop.tax_percent / 100
    return {
        "id": number,
        "upc": line.product.upc if line.upc is None else line.upc,
        "qty": line.qty,
        "price_per_unit": _plain(price, shop),
        "tax_per_unit": _plain(price * share, shop),
        "message": "",
        "product_title": line.product.description,
        "part_number": line.product.vpn if line.part_number is None else line.part_number,
        "brand": line.product.brand,
        "vendor": line.product.vendor,
        "status": "ordered",
    }


def _plain(amount: Decimal, shop: Shop) -> int | Decimal:
    """Write an amount as Locally does: a JSON number in major units, whole where the currency is."""
    rounded = Money.rounded(amount, shop.currency).decimal
    return rounded if rounded.as_tuple().exponent else int(rounded)


def names(name: str) -> tuple[str, str]:
    """Split a name into first and last; a Korean one has its family name first, and no space."""
    first, space, last = name.rpartition(" ")
    if space:
        return first, last
    return (
        (name[1:], name[:1])
        if len(name) in {2, 3, 4} and name.isalpha() and not name.isascii()
        else (name, "")
    )


def _user_id(customer: Customer) -> int:
    digits = "".join(sign for sign in customer.number if sign.isdigit())
    return int(digits) + 70_000 if digits else 0
