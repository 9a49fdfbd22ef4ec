"""The embedded POS's numbers: readable IDs, barcodes of sales, quantities in ten-thousandths."""

import re
from decimal import Context, Decimal
from enum import StrEnum
from typing import Final

from tillbridge.model.identifiers import check_digit

# GS1 leaves 20 to 29 to the shop itself, so no product's maker can have given the same number.
_SALE_PREFIX: Final = "29"
_SALE_DIGITS: Final = 10
_PLACES: Final = 4
_QUANTUM: Final = Decimal("0.0001")
# Before the point; so nine thousand of the largest movements still fit into 64 bits.
_MOST_DIGITS: Final = 11
# Own precision: a host's decimal context must not be able to round stock.
_EXACT: Final = Context(prec=60)
_ID: Final = re.compile("([A-Z])([1-9][0-9]{0,17})")


class Letter(StrEnum):
    """What an ID is of; its first letter."""

    PRODUCT = "P"
    CUSTOMER = "C"
    SALE = "S"


def readable(letter: Letter, number: int) -> str:
    """Return an ID as everyone outside sees it, as in "P123"."""
    return f"{letter}{number}"


def number_of(letter: Letter, text: str) -> int | None:
    """Return the number of an ID, or None if `text` is no such ID."""
    found = _ID.fullmatch(text)
    return int(found[2]) if found and found[1] == letter else None


def sale_barcode(number: int) -> str:
    """Return the EAN-13 of a sale: prefix 29, ten digits, check digit."""
    digits = f"{_SALE_PREFIX}{number:0{_SALE_DIGITS}d}"
    return digits + check_digit(digits)


def to_e4(quantity: Decimal) -> int | None:
    """Return a quantity in ten-thousandths, or None if it has more decimals or is beyond a shop's reach."""
    if not quantity.is_finite() or (quantity and quantity.adjusted() >= _MOST_DIGITS):
        return None
    kept = quantity.quantize(_QUANTUM, context=_EXACT)
    return int(kept.scaleb(_PLACES, _EXACT)) if kept == quantity else None


def from_e4(units: int) -> Decimal:
    """Return ten-thousandths as a quantity, without zeros at its end."""
    whole, rest = divmod(units, 10**_PLACES)
    return Decimal(units).scaleb(-_PLACES, _EXACT).normalize(_EXACT) if rest else Decimal(whole)
