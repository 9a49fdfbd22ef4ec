"""Reads a product file once before it is imported: where its part numbers stand, how decimals are written."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tillbridge.db.pieces import pieces
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.pos.embedded.identifying import part_identifiers, sku_identifiers
from tillbridge.pos.embedded.imports.damage import damage_of, unwrapped
from tillbridge.pos.embedded.imports.options import FileOptions
from tillbridge.pos.embedded.imports.product_rows import part_key
from tillbridge.pos.embedded.imports.reading.fields import SheetRow
from tillbridge.pos.embedded.imports.reading.sheet import Sheet
from tillbridge.pos.embedded.imports.reading.table import NumberText, Stage
from tillbridge.pos.embedded.imports.seen import Seen
from tillbridge.pos.embedded.imports.values import Points, point_told_by

_NUMBERS: Final = ("price", "cost", "on_hand")
_PIECE: Final = 5_000


@dataclass(slots=True)
class _Signs:
    """By field the signs before decimals that its numbers show beyond doubt."""

    found: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def look_at(self, row: SheetRow, currency: str) -> None:
        """Look at a row's numbers."""
        for name in _NUMBERS:
            text = row.get(name)
            if text and not text.isdigit() and not isinstance(text, NumberText):
                self.found[name].add(point_told_by(text, currency))

    def points(self, wanted: str) -> Points:
        """Return the sign of each field: the wanted one, else the only one that was found."""
        told = {name: self.found[name] - {""} for name in _NUMBERS}
        return {
            name: wanted or (next(iter(signs)) if len(signs) == 1 else "") for name, signs in told.items()
        }


def read_ahead(sheet: Sheet, parts: Seen, *, currency: str, options: FileOptions) -> Points:
    """Remember where each part number stands, and return by field the sign before decimals.

    So no other line gets the product of a part number, and an SKU of several lines is known to be no
    part number.
    """
    signs = _Signs()
    for piece in pieces((row for row in sheet.rows() if isinstance(row, SheetRow)), _PIECE):
        for row in piece:
            signs.look_at(row, currency)
        parts.count((key, row.line) for row in piece for key in _keys(row))
        if options.progress:
            options.progress(Stage.READING, piece[-1].line, sheet.lines)
    return signs.points(options.decimal)


def _keys(row: SheetRow) -> Iterator[str]:
    """Yield the key by which the vendor knows a row's product."""
    vpn = unwrapped(row.get("vpn"))
    found = [] if damage_of("vpn", vpn) else list(part_identifiers(IdentifierKind.VPN, vpn, ""))
    if not found:
        found = list(sku_identifiers(unwrapped(row.get("sku")), ""))
    yield from (part_key(one) for one in found)
