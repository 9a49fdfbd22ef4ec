"""The numbers by which a line is known again where the webstore gives no item: all of them together.

A person's word on such a line is remembered by them. Only what names one product in every shop carries it: a
barcode number that reads as it should, or a part number with its vendor or brand. A number that a spreadsheet
has spoilt, or a part number of nobody, may be another product's next time.
"""

from typing import Final

from tillbridge.model.identifiers import IdentifierKind, normalise_name, normalise_part_number, read_gtin
from tillbridge.model.orders import LineIdentifier, WebLine
from tillbridge.model.words import printable

_LONGEST: Final = 300  # the column's width
_PARTS: Final = (IdentifierKind.VPN, IdentifierKind.MPN)


def own_numbers(line: WebLine) -> str | None:
    """Return a line's numbers as one text, the same for equal lines; None where they name no one product.

    Vendor, brand and the chosen options are part of it: a model's part number is the same for every size.
    """
    if line.listing is not None:
        return None
    named = {name: None for said in (line.vendor, line.brand) if said and (name := normalise_name(said))}
    if not any(_names_one(one, scoped=bool(named)) for one in line.identifiers):
        return None
    numbers = sorted({f"{one.kind.value} {number}" for one in line.identifiers if (number := _read(one))})
    more = [*named, *filter(None, [normalise_name(line.options or "")])]
    text = ", ".join(numbers) + (f" ({', '.join(more)})" if more else "")
    return text if len(text) <= _LONGEST and printable(text) == text else None


def _names_one(one: LineIdentifier, *, scoped: bool) -> bool:
    if one.kind is IdentifierKind.GTIN:
        reading = read_gtin(one.value, upc_e=one.upc_e)
        return reading.gtin is not None and not reading.restricted
    return scoped and one.kind in _PARTS and bool(normalise_part_number(one.value))


def _read(one: LineIdentifier) -> str:
    if one.kind is IdentifierKind.GTIN:
        return read_gtin(one.value, upc_e=one.upc_e).gtin or one.value.strip()
    return normalise_part_number(one.value)
