"""Products and customers as staff find, see and add them: what the POS's searches take and give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import Money
from tillbridge.model.orders import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """A product as staff type it in.

    Attributes:
        description: what staff and receipts call it.
        gtin: UPC, EAN or JAN in any form; "" if it has none.
        vpns: the part number at each vendor, by the vendor's name.
        mpn: the maker's part number, known within `brand`.
        sku: the shop's own number.
        brand: the maker's name.
        price: what it sells for.
        on_hand: pieces at the beginning, by store code.
        category: the shop's own.
        ecommerce: whether webstores may show it.
    """

    description: str
    gtin: str = ""
    vpns: Mapping[str, str] = field(default_factory=dict)
    mpn: str = ""
    sku: str = ""
    brand: str = ""
    price: Money | None = None
    on_hand: Mapping[str, Decimal] = field(default_factory=dict)
    category: str = ""
    ecommerce: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """A customer as staff type one in; phones without a country code are read by the address's country."""

    name: str
    number: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    address: Address = field(default_factory=Address)
    include_in_mailings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductQuery:
    """What a product is looked for by: numbers first, in this sequence, then words of its description.

    Attributes:
        numbers: each may be a GTIN or UPC in any form, a VPN, an MPN or an SKU.
        words: all of them, or as many as possible, stand in the description.
    """

    numbers: tuple[str, ...] = ()
    words: str = ""

    @classmethod
    def of(cls, text: str) -> "ProductQuery":
        """Read what staff type into one field: the whole and each word of it with a digit may be a number."""
        parts = [part for part in text.split() if any(sign.isdigit() for sign in part)]
        return cls(numbers=tuple(dict.fromkeys((text.strip(), *parts))) if text.strip() else (), words=text)


class FoundBy(StrEnum):
    """By what a product was found, the surest first."""

    GTIN = "gtin"
    VPN = "vpn"
    MPN = "mpn"
    SKU = "sku"
    DESCRIPTION = "description"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    """A product of the catalogue, as a list shows it.

    Attributes:
        vendor: whose file it belongs to; None if staff typed it in.
        numbers: kind and number as it was written.
        on_hand: pieces by store code; a store that it never was in is left out.
    """

    id: str
    description: str
    brand: str = ""
    price: Money | None = None
    vendor: str | None = None
    numbers: tuple[tuple[IdentifierKind, str], ...] = ()
    on_hand: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product that a search found, and by what."""

    card: ProductCard
    by: FoundBy


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerQuery:
    """What a customer is looked for by; whoever fits any of it is found, who fits most of it first.

    Attributes:
        number: the shop's own customer number, or the POS's ID.
        phone: whole, or its last digits.
        country: ISO 3166 code by which a phone number without a country code is read.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    postcode: str = ""
    number: str = ""
    country: str = ""

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""
        return not (self.name or self.email or self.phone or self.postcode or self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    """A customer, as a list shows them."""

    id: str
    name: str
    number: str | None = None
    company: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    address: Address = field(default_factory=Address)


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A customer whom a search found.

    Attributes:
        by: the fields of the query that fit.
        close: only nearly: a suggestion by spelling, for a person to decide.
    """

    card: CustomerCard
    by: tuple[str, ...]
    close: bool = False
