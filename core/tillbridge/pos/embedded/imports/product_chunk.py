"""What the catalogue has for the rows of a chunk: the products that they may be about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select

from tillbridge.db.pieces import pieces
from tillbridge.db.types import AnyRow
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.identifying import Identifier
from tillbridge.pos.embedded.imports.product_rows import ProductFile, ProductRow, part_key
from tillbridge.pos.embedded.imports.running import Before
from tillbridge.pos.embedded.numbers import Letter, readable
from tillbridge.pos.embedded.reading import identifier_rows

_KIND = IdentifierKind
_MOST_ZEROS: Final = 4
BARCODES: Final = frozenset({_KIND.GTIN.value, _KIND.GTIN_REPAIRED.value})

Given = tuple[int, str, str]
"""A product with the kind and value of a number of it."""


@dataclass(slots=True)
class Known:
    """A product that was there before.

    Attributes:
        row: of the table, with the owner's name as `owner`.
        item: this vendor's.
        others: the other vendors who have it.
    """

    row: AnyRow
    identifiers: dict[tuple[str, str, str], str] = field(default_factory=dict)
    item: AnyRow | None = None
    others: list[str] = field(default_factory=list)
    has_moved: bool = False

    def __str__(self) -> str:
        return f"{self.row.description} ({readable(Letter.PRODUCT, self.row.id)})"

    def part_numbers(self, vendor_key: str) -> dict[str, str]:
        """Return a vendor's part numbers of it: as they are compared, and as they were written."""
        return {
            value: raw
            for (kind, value, scope), raw in self.identifiers.items()
            if kind == _KIND.VPN and scope == vendor_key
        }

    def confirmed_by(self, row: ProductRow) -> list[Identifier]:
        """Return the damaged barcodes of a row that may be a whole one of the product."""
        return [
            one
            for one in row.of(_KIND.GTIN_REPAIRED)
            if (_KIND.GTIN.value, one.value, "") in self.identifiers
        ]

    def is_named_by(self, row: ProductRow, vendor_key: str) -> bool:
        """Tell whether a row has the number by which the vendor knows it: part number, or else SKU."""
        kind = row.part_kind
        return any((kind.value, one.value, vendor_key) in self.identifiers for one in row.of(kind))

    def replaced_by(self, row: ProductRow, vendor: int, vendor_key: str) -> list[Given]:
        """Return the barcodes that a row of the owner's takes away: they were its file's, and it has others.

        Only a row with the product's part number can: one without says no other barcode, but another
        product. So cannot one whose own barcode is lost.
        """
        said = {(one.kind.value, one.value) for one in row.identifiers if one.kind in BARCODES}
        # A damaged barcode that may be the whole one speaks for it.
        said |= {(_KIND.GTIN.value, one.value) for one in self.confirmed_by(row)}
        if not said or self.row.vendor_id != vendor or row.lost("gtin"):
            return []
        if not self.is_named_by(row, vendor_key):
            return []
        return [
            (self.row.id, kind, value)
            for kind, value, _ in sorted(self.identifiers)
            if kind in BARCODES and (kind, value) not in said
        ]


@dataclass(slots=True, kw_only=True)
class Chunk:
    """The rows of a chunk, and what the catalogue has for them."""

    rows: Sequence[ProductRow]
    vendor: int
    file: ProductFile
    hits: Mapping[tuple[str, str], Sequence[AnyRow]]
    known: Mapping[int, Known]
    before: Before
    lines: Mapping[int, int]
    gone: set[Given]
    part_lines: Mapping[str, int]
    shared_skus: set[str]
    unzeroed: Mapping[str, AnyRow]


def read_chunk(
    database: Connection, rows: Sequence[ProductRow], before: Before, *, vendor: int, file: ProductFile
) -> Chunk:
    """Read what the catalogue has for these rows, with a fixed number of queries."""
    pairs = {(one.kind.value, one.value) for row in rows for one in row.identifiers if one.kind != _KIND.MPN}
    # What a damaged barcode may have been is looked for among the whole ones too.
    pairs |= {(_KIND.GTIN.value, one.value) for row in rows for one in row.of(_KIND.GTIN_REPAIRED)}
    hits: defaultdict[tuple[str, str], list[AnyRow]] = defaultdict(list)
    for hit in identifier_rows(database, pairs):
        if hit.scope in ("", file.vendor_key):
            hits[hit.kind, hit.value].append(hit)
    known = _known(database, {hit.id for found in hits.values() for hit in found}, vendor, file)
    given = [
        (number, kind, value)
        for number, one in known.items()
        for kind, value, _ in one.identifiers
        if kind in BARCODES
    ]
    # A dry run still has in the catalogue what an earlier chunk took away.
    gone = before.seen([gone_key(one) for one in given])
    parts = [f"{_KIND.VPN}:{value}" for one in known.values() for value in one.part_numbers(file.vendor_key)]
    skus = [part_key(one) for row in rows if row.part_kind is _KIND.SKU for one in row.of(_KIND.SKU)]
    return Chunk(
        rows=rows,
        vendor=vendor,
        file=file,
        hits=hits,
        known=known,
        before=before,
        lines=before.lines_of(sorted(known)),
        gone={one for one in given if gone_key(one) in gone},
        part_lines=file.ahead(parts),
        shared_skus=file.repeated(skus),
        unzeroed=_unzeroed(database, rows, hits, file),
    )


def _unzeroed(
    database: Connection,
    rows: Sequence[ProductRow],
    hits: Mapping[tuple[str, str], Sequence[AnyRow]],
    file: ProductFile,
) -> dict[str, AnyRow]:
    """Return by part number the vendor's product of the same one with zeros before it.

    Only part numbers of digits that lead nowhere are looked for: a spreadsheet may have eaten the zeros.
    A product whose own part number stands in the file is another one.
    """
    asked: dict[str, str] = {}
    for row in rows:
        for one in row.of(_KIND.VPN):
            if (
                one.value.isdigit()
                and not one.value.startswith("0")
                and (one.kind.value, one.value) not in hits
            ):
                asked |= {f"{'0' * zeros}{one.value}": one.value for zeros in range(1, _MOST_ZEROS + 1)}
    if not asked:
        return {}
    found = [
        hit
        for hit in identifier_rows(database, {(_KIND.VPN.value, value) for value in asked})
        if hit.scope == file.vendor_key
    ]
    ahead = file.ahead([f"{_KIND.VPN}:{hit.value}" for hit in found])
    return {asked[hit.value]: hit for hit in found if f"{_KIND.VPN}:{hit.value}" not in ahead}


def gone_key(given: Given) -> str:
    """Return the key by which a file remembers that it took a barcode from a product."""
    number, kind, value = given
    return f"-{number}:{kind}:{value}"


def _known(database: Connection, numbers: set[int], vendor: int, file: ProductFile) -> dict[int, Known]:
    products, items, vendors = tables.products, tables.vendor_items, tables.vendors
    identifiers, moves = tables.identifiers, tables.stock_movements
    owned = select(products, vendors.c.name.label("owner")).outerjoin(vendors)
    offered = select(items, vendors.c.name).join(vendors)
    known: dict[int, Known] = {}
    for piece in pieces(sorted(numbers)):
        for row in database.execute(owned.where(products.c.id.in_(piece))):
            known[row.id] = Known(row)
        for row in database.execute(select(identifiers).where(identifiers.c.product_id.in_(piece))):
            known[row.product_id].identifiers[row.kind, row.value, row.scope] = row.raw
        for row in database.execute(offered.where(items.c.product_id.in_(piece)).order_by(vendors.c.id)):
            if row.vendor_id == vendor:
                known[row.product_id].item = row
            else:
                known[row.product_id].others.append(row.name)
        moved = (
            select(moves.c.product_id)
            .distinct()
            .where(moves.c.product_id.in_(piece), moves.c.store == file.store)
        )
        for number in database.execute(moved).scalars():
            known[number].has_moved = True
    return known
