"""Finds which product each row of a chunk is about.

A barcode that the chunk takes from a product no longer leads to it, so within a chunk the order of the
lines does not matter. Where the line that gives a barcode up comes in a later chunk or is refused, the
line that wants it is refused and says what it waits for: which of the two is right cannot be told yet.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select

from tillbridge.db.pieces import pieces
from tillbridge.db.types import AnyRow
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.words import Words
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.imports.product_rows import ProductFile, ProductRow
from tillbridge.pos.embedded.imports.report import LineRefusal
from tillbridge.pos.embedded.imports.running import Before
from tillbridge.pos.embedded.numbers import Letter, readable
from tillbridge.pos.embedded.reading import identifier_rows

_KIND = IdentifierKind
_BARCODES: Final = frozenset({_KIND.GTIN.value, _KIND.GTIN_REPAIRED.value})

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

    def replaced_by(self, row: ProductRow, vendor: int, vendor_key: str) -> list[Given]:
        """Return the barcodes that a row of the owner's takes away: they were its file's, and it has others.

        Only a row with the product's part number can: one without says no other barcode, but another product.
        """
        said = {(one.kind.value, one.value) for one in row.identifiers if one.kind in _BARCODES}
        parts = self.part_numbers(vendor_key)
        known = any(one.value in parts for one in row.of(_KIND.VPN))
        if not said or not known or self.row.vendor_id != vendor:
            return []
        return [
            (self.row.id, kind, value)
            for kind, value, _ in sorted(self.identifiers)
            if kind in _BARCODES and (kind, value) not in said
        ]


@dataclass(slots=True)
class _Leads:
    """To which products the numbers of a row lead."""

    vpn: set[int] = field(default_factory=set)
    barcode: set[int] = field(default_factory=set)
    sku: set[int] = field(default_factory=set)
    by_sku: bool = True


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


def read_chunk(
    database: Connection, rows: Sequence[ProductRow], before: Before, *, vendor: int, file: ProductFile
) -> Chunk:
    """Read what the catalogue has for these rows, with a fixed number of queries."""
    pairs = {(one.kind.value, one.value) for row in rows for one in row.identifiers if one.kind != _KIND.MPN}
    hits: defaultdict[tuple[str, str], list[AnyRow]] = defaultdict(list)
    for hit in identifier_rows(database, pairs):
        if hit.scope in ("", file.vendor_key):
            hits[hit.kind, hit.value].append(hit)
    known = _known(database, {hit.id for found in hits.values() for hit in found}, vendor, file)
    given = [
        (number, kind, value)
        for number, one in known.items()
        for kind, value, _ in one.identifiers
        if kind in _BARCODES
    ]
    # A dry run still has in the catalogue what an earlier chunk took away.
    gone = before.seen([gone_key(one) for one in given])
    parts = [f"{_KIND.VPN}:{value}" for one in known.values() for value in one.part_numbers(file.vendor_key)]
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
    )


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


def find_targets(chunk: Chunk) -> dict[int, int | LineRefusal | None]:
    """Return by line the product that a row is about, None for a new one, or why it cannot be taken."""
    giving = {row.line: _given_up(row, chunk) for row in chunk.rows}
    while True:
        gone = chunk.gone.union(*giving.values())
        targets = _targets(chunk, gone)
        # A refused line gives nothing up, so those that counted on it have to be looked at again.
        kept = [line for line, given in giving.items() if given and isinstance(targets[line], LineRefusal)]
        if not kept:
            return targets
        for line in kept:
            giving[line] = []


def _given_up(row: ProductRow, chunk: Chunk) -> list[Given]:
    found = _leads(row, chunk, set()).vpn
    if len(found) != 1:
        return []
    number = next(iter(found))
    return chunk.known[number].replaced_by(row, chunk.vendor, chunk.file.vendor_key)


def _targets(chunk: Chunk, gone: set[Given]) -> dict[int, int | LineRefusal | None]:
    lines = dict(chunk.lines)
    targets: dict[int, int | LineRefusal | None] = {}
    for row in chunk.rows:
        try:
            number = _target(row, chunk, gone, lines)
        except LineRefusal as refusal:
            targets[row.line] = refusal
            continue
        targets[row.line] = number
        if number is not None:
            lines[number] = row.line
    return targets


def _leads(row: ProductRow, chunk: Chunk, gone: set[Given]) -> _Leads:
    leads = _Leads()
    for one in row.identifiers:
        hits = chunk.hits.get((one.kind.value, one.value), ())
        hits = [hit for hit in hits if (hit.id, hit.kind, hit.value) not in gone]
        if one.kind is _KIND.SKU:
            leads.sku.update(hit.id for hit in hits if hit.scope == one.scope)
        elif one.kind is _KIND.VPN:
            leads.by_sku = False
            leads.vpn.update(hit.id for hit in hits if hit.scope == one.scope)
        elif one.kind is _KIND.GTIN:
            leads.by_sku = False
            leads.barcode.update(hit.id for hit in hits)
        elif one.kind is _KIND.GTIN_REPAIRED and row.own_keys[0].key.startswith(_KIND.GTIN_REPAIRED):
            leads.by_sku = False
            # What else may have been meant by it is a guess; the same damage of the same vendor is not.
            leads.barcode.update(
                hit.id for hit in hits if hit.vendor_id == chunk.vendor and hit.raw == one.raw
            )
    return leads


def _target(row: ProductRow, chunk: Chunk, gone: set[Given], lines: Mapping[int, int]) -> int | None:
    leads = _leads(row, chunk, gone)
    number = _one(row, leads, chunk.known)
    if number is None:
        if not row.description:
            raise LineRefusal(
                Words(
                    "The product is new, and the line has no description.",
                    "새 제품인데 제품명이 비어 있습니다.",
                ),
                field="description",
            )
        return None
    _, name, value = row.own_keys[0]
    if number in lines:
        raise LineRefusal(chunk.before.repeats(row.line, lines[number]), field=name, value=value)
    if number not in leads.vpn:
        _check_place(row, chunk.known[number], chunk)
    _check_barcodes(row, chunk.known[number], chunk)
    return number


def _one(row: ProductRow, leads: _Leads, known: Mapping[int, Known]) -> int | None:
    # The part number decides among products that share a barcode, but never against it.
    found = (leads.vpn & leads.barcode or leads.vpn | leads.barcode) if leads.vpn else leads.barcode
    if leads.by_sku:
        found = leads.sku
    if len(found) <= 1:
        return next(iter(found), None)
    named = ", ".join(str(known[number]) for number in sorted(found))
    numbers = ", ".join(dict.fromkeys(one.raw for one in row.identifiers if one.kind is not _KIND.MPN))
    raise LineRefusal(
        Words(
            f"The numbers of this line lead to different products: {named}.",
            f"이 줄의 번호들이 서로 다른 제품을 가리킵니다: {named}",
        ),
        field=row.own_keys[0].field,
        value=numbers,
    )


def _check_place(row: ProductRow, known: Known, chunk: Chunk) -> None:
    """Refuse a row that only a barcode leads to a product whose part number has a line of its own."""
    for value, raw in sorted(known.part_numbers(chunk.file.vendor_key).items()):
        line = chunk.part_lines.get(f"{_KIND.VPN}:{value}", row.line)
        if line == row.line:
            continue
        barcode = next((one.raw for one in row.identifiers if one.kind in _BARCODES), "")
        raise LineRefusal(
            Words(
                f"This is still a number of {raw}, which has a line of its own ({line}). Once that line was "
                "taken with another number, import the file again.",
                f"아직 {raw}의 번호이며, {raw}은(는) {line}번째 줄에 따로 있습니다. 그 줄이 다른 번호로 "
                "반영된 뒤 파일을 다시 가져와 주세요.",
            ),
            field="gtin" if barcode else row.own_keys[0].field,
            value=barcode or row.own_keys[0].value,
        )


def _check_barcodes(row: ProductRow, known: Known, chunk: Chunk) -> None:
    """Refuse to take from a product the barcode by which another vendor's item may have come to it."""
    replaced = known.replaced_by(row, chunk.vendor, chunk.file.vendor_key)
    exact = [value for _, kind, value in replaced if kind == _KIND.GTIN]
    if not exact or not known.others:
        return
    old, others, owner = ", ".join(exact), ", ".join(known.others), known.row.owner
    raise LineRefusal(
        Words(
            f"{owner} would replace {old}, but {others} has {known} too, perhaps by that barcode. "
            "Whose it is cannot be told, so nothing was changed.",
            f"{owner} 파일이 바코드 {old}을(를) 바꾸려 하지만, {others}도 {known}을(를) 취급하며 "
            "이 바코드로 연결되었을 수 있습니다. 어느 쪽이 맞는지 알 수 없어 변경하지 않았습니다.",
        ),
        field="gtin",
        value=next((one.raw for one in row.identifiers if one.kind in _BARCODES), ""),
    )
