"""The shop that the sandbox makes orders for, read from its own catalogue and customer files."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from tillbridge_locally.sandbox.places import Place

_STOCK: Final = 10


class ShopFileError(Exception):
    """A file of the shop cannot be used; the message says which, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Product:
    """A line of the catalogue file; where that tells no stock there are ten pieces."""

    vpn: str
    upc: str
    description: str
    price: Decimal
    brand: str
    vendor: str
    stock: int = _STOCK


@dataclass(frozen=True, slots=True)
class Customer:
    """A line of the customer file."""

    number: str
    name: str
    email: str
    phone: str
    street: str
    city: str
    postcode: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What the sandbox knows of the shop.

    Attributes:
        tax_inside: whether prices include tax.
        tax_percent: the tax on every product.
        places: its stores, as they are at first; orders that name none are for the first.
        zone: the stores' time zone.
    """

    products: Sequence[Product]
    customers: Sequence[Customer]
    currency: str
    country: str
    tax_inside: bool
    tax_percent: Decimal
    places: Sequence[Place]
    zone: ZoneInfo
    reservations_only: bool

    @property
    def store_id(self) -> str:
        """The first store's ID."""
        return self.places[0].id

    @property
    def address(self) -> tuple[str, str, str]:
        """The first store's own street, city and postcode."""
        first = self.places[0]
        return first.street, first.city, first.postcode

    def product(self, number: str) -> Product | None:
        """Return the product with this UPC or part number, if there is one."""
        return next((one for one in self.products if number in {one.upc, one.vpn}), None)

    def customer(self, number: str) -> Customer | None:
        """Return the customer with this number or e-mail, if there is one."""
        return next((one for one in self.customers if number in {one.number, one.email}), None)


def read_products(file: Path) -> tuple[Product, ...]:
    """Read a catalogue file; a product without a price cannot be sold and is left out.

    Raises:
        ShopFileError: a column is missing, or a price or a stock is no number.
    """
    return tuple(
        Product(
            vpn=row["vpn"],
            upc=row["upc"],
            description=row["description"],
            price=_price(row["price"], file),
            brand=row.get("brand", ""),
            vendor=row.get("vendor", ""),
            stock=_pieces(row.get("stock") or str(_STOCK), file),
        )
        for row in _rows(file, {"vpn", "upc", "description", "price"})
        if row["price"]
    )


def read_customers(file: Path) -> tuple[Customer, ...]:
    """Read a customer file.

    Raises:
        ShopFileError: a column is missing.
    """
    names = ("number", "name", "email", "phone", "street", "city", "postcode", "country")
    rows = _rows(file, {"number", "name", "email"})
    return tuple(Customer(**{name: row.get(name, "") for name in names}) for row in rows)


def _rows(file: Path, needed: set[str]) -> Iterator[Mapping[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        columns = {name.strip().lower() for name in reader.fieldnames or ()}
        if missing := sorted(needed - columns):
            raise ShopFileError(
                f"{file}: the columns {', '.join(missing)} are missing; it has: {', '.join(sorted(columns))}"
            )
        for row in reader:
            yield {
                name.strip().lower(): value.strip()
                for name, value in row.items()
                if name and isinstance(value, str)
            }


def _price(text: str, file: Path) -> Decimal:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise ShopFileError(f"{file}: {text!r} is no price") from error


def _pieces(text: str, file: Path) -> int:
    try:
        return int(Decimal(text.replace(",", "")))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ShopFileError(f"{file}: {text!r} is no number of pieces") from error
