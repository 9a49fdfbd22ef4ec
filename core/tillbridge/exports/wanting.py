"""What a webstore should show of a product: pieces, price and numbers, or nothing. Pure.

It is one text, "pieces|price|numbers", so that what is wanted can be compared with what is shown. Where the
webstore is told by its own items, these stand behind the numbers, on a line of their own.
"""

from collections.abc import Collection
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import Money
from tillbridge.model.offers import Buffers
from tillbridge.provider import Capability, Provider

GONE: Final = ""
"""What is wanted of a product that is to be shown no more."""
NO_NUMBERS: Final = "[]"
NO_ITEMS: Final = ""
Number = tuple[IdentifierKind, str]
_WRITE: Final = msgspec.json.Encoder().encode
_READ: Final = msgspec.json.Decoder(list[Number]).decode
_READ_ITEMS: Final = msgspec.json.Decoder(list[str]).decode


class What(StrEnum):
    """What of a product is told in one call."""

    STOCK = "stock"
    PRICE = "price"
    BOTH = "both"


class OnShelf(NamedTuple):
    """A row of the shelf.

    Attributes:
        on_hand: None: nobody said.
        reserved: pieces of matched orders that have no sale yet; open sales are off the stock already.
        price: as a text shows it; "": unknown.
        numbers: those by which a webstore can know it, as `written` says them.
        shared: JSON of a barcode that other products of the store carry too, and of these; None: none is.
        items: the webstore's IDs of its items, as `written_items` says them; None where numbers name it.
    """

    product_id: str
    on_hand: Decimal | None
    reserved: Decimal
    price: str
    category: str
    published: bool
    numbers: str
    shared: str | None = None
    items: str | None = None


class Shown(NamedTuple):
    """The parts of a text; "" for what is not part of it."""

    pieces: str
    price: str
    numbers: str
    items: str = NO_ITEMS

    @property
    def text(self) -> str:
        """The text of these parts."""
        return _text(*self)


def _text(pieces: str, price: str, numbers: str, items: str | None) -> str:
    # JSON has no line break in its texts: numbers and items cannot run into each other.
    return f"{pieces}|{price}|{numbers}\n{items}" if items else f"{pieces}|{price}|{numbers}"


def written(numbers: Collection[Number]) -> str:
    """Return numbers as one text that can be compared; those that were guessed prove nothing."""
    found = {one for one in numbers if one[0] is not IdentifierKind.GTIN_REPAIRED}
    return _WRITE(sorted(found)).decode() if found else NO_NUMBERS


def numbers_of(text: str | None) -> list[Number]:
    """Return the numbers that a text of `written` says."""
    return _READ(text) if text and text != NO_NUMBERS else []


def written_items(items: Collection[str]) -> str:
    """Return the webstore's items as one text that can be compared; `NO_ITEMS` for none."""
    return _WRITE(sorted(items)).decode() if items else NO_ITEMS


def items_of(text: str) -> list[str]:
    """Return the items that a text of `written_items` says."""
    return _READ_ITEMS(text) if text else []


def parts_of(text: str) -> Shown:
    """Return the parts of what `wanted` returned, other than `GONE`."""
    pieces, price, rest = text.split("|", 2)
    numbers, _, items = rest.partition("\n")
    return Shown(pieces, price, numbers, items)


def told_of(provider: Provider) -> tuple[What, ...]:
    """Return what a provider is told of a product, each in a call of its own."""
    can = provider.capabilities
    if Capability.SNAPSHOT in can or (Capability.INVENTORY in can and provider.exporting.together):
        return (What.BOTH,)
    found = ((Capability.INVENTORY, What.STOCK), (Capability.PRICES, What.PRICE))
    return tuple(what for capability, what in found if capability in can)


def wanted(what: What, row: OnShelf, buffers: Buffers) -> str:
    """Return what a webstore should show, as one text that can be compared; `GONE` for nothing."""
    if not row.published or row.on_hand is None or row.numbers == NO_NUMBERS or row.items == NO_ITEMS:
        return GONE
    if what is What.PRICE:
        return _text("", row.price, row.numbers, row.items) if row.price else GONE
    pieces = sellable(row.on_hand, row.reserved, buffers.of(row.product_id, row.category))
    return _text(f"{pieces}", "" if what is What.STOCK else row.price, row.numbers, row.items)


def sellable(on_hand: Decimal, reserved: Decimal, buffer: int) -> int:
    """Return the whole pieces that a webstore may sell: never below 0."""
    left = (on_hand - reserved).to_integral_value(ROUND_FLOOR)
    return max(0, int(left) - buffer)


def read(what: What, text: str) -> tuple[int | None, Money | None]:
    """Return quantity and price of what `wanted` returned; of `GONE` no pieces and no price."""
    if text == GONE:
        return (None if what is What.PRICE else 0), None
    pieces, price = parts_of(text)[:2]
    return (int(pieces) if pieces and what is not What.PRICE else None), price_of(price)


def price_text(minor: int | None, currency: str | None) -> str:
    """Return a price as a part of a text; "" where it is not known."""
    return "" if minor is None or currency is None else f"{minor} {currency}"


def price_of(text: str) -> Money | None:
    """Return the price that a part of a text says."""
    minor, _, currency = text.partition(" ")
    return Money(int(minor), currency) if currency else None


def has_pieces(text: str | None) -> bool:
    """Whether a text that is shown says that there are pieces to be had."""
    return bool(text) and not (text or "").startswith(("0|", "|"))
