"""An invented shop and its web orders, the same at every run: catalogue, customers, carts of about 4 KB."""

import csv
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from tillbridge.model.identifiers import check_digit

LINES = 3
VENDOR = "Hanbit"
STORE = "MAPO"
FIRST_ORDER = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
# One product in seven has an American number, which arrives with 12 digits.
_AMERICAN = 7
_TAX = 11  # of 110 won that are paid, 10 are tax
_FILLER = "A sturdy helper for every ride. "


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the shop is."""

    products: int = 50_000
    customers: int = 20_000


FULL = Scale()


def add_options(parser: ArgumentParser) -> None:
    """Let a command's user choose how large the shop is."""
    parser.add_argument("--products", type=int, default=FULL.products)
    parser.add_argument("--customers", type=int, default=FULL.customers)


def given_scale(given: Namespace) -> Scale:
    """Return what was chosen."""
    return Scale(products=given.products, customers=given.customers)


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the catalogue; `gtin` as the webstore writes it, `price` in won."""

    vpn: str
    gtin: str
    description: str
    price: int


@cache
def product(number: int) -> Product:
    """Return the product of a number from 0 on."""
    body = f"8801{number:08d}" if number % _AMERICAN else f"073{number:08d}"
    return Product(
        vpn=f"HB-{number:06d}",
        gtin=body + check_digit(body),
        description=f"Bicycle part {number}",
        price=1_100 * (1 + number % 90),
    )


def email(number: int) -> str:
    """Return the address of a customer from 0 on."""
    return f"rider{number}@example.com"


def write_files(folder: Path, scale: Scale = FULL) -> tuple[Path, Path]:
    """Write the vendor's product file and the customers' file."""
    products, customers = folder / "products.csv", folder / "customers.csv"
    with products.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["vpn", "upc", "description", "price", "stock"])
        for one in map(product, range(scale.products)):
            writer.writerow([one.vpn, one.gtin, one.description, one.price, 100])
    with customers.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["number", "name", "email", "phone", "street", "city", "postcode", "country"])
        for number in range(scale.customers):
            phone, street = f"010-0000-{number % 10_000:04d}", f"Riverside {number}"
            writer.writerow(
                [f"C{number}", f"Rider {number}", email(number), phone, street, "Seoul", "03980", "KR"]
            )
    return products, customers


def order_hash(number: int) -> str:
    """Return the webstore's ID of an order from 0 on; IDs sort as their orders do."""
    return f"H{number:07d}"


def changed_at(number: int) -> datetime:
    """Return when an order was placed and last changed."""
    return FIRST_ORDER + timedelta(seconds=number)


def order(number: int, scale: Scale = FULL) -> bytes:
    """Return an order as Locally's list has it: hash, time of change, cart and user."""
    # The same number gives the same order; no secret hangs on it.
    chance = Random(number)  # noqa: S311  # see above
    customer = chance.randrange(scale.customers)
    items = [_item(number * 10 + place, chance, scale) for place in range(1, LINES + 1)]
    subtotal = sum(int(item["price_per_unit"]) * int(item["qty"]) for item in items)  # type: ignore[call-overload]  # both are whole numbers
    moment = changed_at(number).isoformat()
    cart = {
        "id": number,
        "user_id": 70_000 + customer,
        "hash": order_hash(number),
        "status": "ordered",
        "payment_status": "",
        "ordered_at": moment,
        "updated_at": moment,
        "currency": "KRW",
        "store_id": "1",
        "subtotal": subtotal,
        "tax_total": sum(int(item["tax_per_unit"]) * int(item["qty"]) for item in items),  # type: ignore[call-overload]  # as above
        "shipping_cost_total": 0,
        "grand_total": subtotal,
        "first_name": "Rider",
        "last_name": str(customer),
        "email": email(customer),
        "phone": f"010-0000-{customer % 10_000:04d}",
        "address": f"Riverside {customer}",
        "address_2": "",
        "city": "Seoul",
        "state": "",
        "zip": "03980",
        "country": "KR",
        "locale": "ko-kr",
        "origin": "www.example.com",
        "for_hold": 1,
        "for_delivery": 0,
        "mailing_consent": False,
        "items": items,
    }
    document = {"cart": cart, "user": {"id": 70_000 + customer, "email": email(customer)}}
    return json.dumps({"hash": order_hash(number), "updated_at": moment, "order": document}).encode()


def _item(number: int, chance: Random, scale: Scale) -> dict[str, object]:
    bought = product(chance.randrange(scale.products))
    return {
        "id": number,
        "upc": bought.gtin,
        "qty": 1 + chance.randrange(2),
        "price_per_unit": bought.price,
        "tax_per_unit": bought.price // _TAX,
        "message": "",
        "product_id": f"L{bought.vpn}",
        "product_title": bought.description,
        "part_number": bought.vpn,
        "vendor": VENDOR,
        "brand": VENDOR,
        "status": "ordered",
        # What a webstore sends along and no importer reads.
        "image_url": f"https://images.example.com/products/{bought.vpn}/large.jpg",
        "description": _FILLER * 20,
        "attributes": {"colour": "black", "size": "M", "weight_g": 420, "warranty_months": 24},
    }


def pages(count: int, size: int) -> Iterator[range]:
    """Yield the numbers of each page of `count` orders."""
    for start in range(0, count, size):
        yield range(start, min(start + size, count))
