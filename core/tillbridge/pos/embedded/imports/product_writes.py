"""Puts a chunk of product rows into the catalogue: finds what each leads to, and writes what is new."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from tillbridge.db.pieces import pieces
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.model.identifiers import IdentifierKind, normalise_name
from tillbridge.model.words import Words
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.adding import vendor_numbers
from tillbridge.pos.embedded.imports.product_rows import ProductRow
from tillbridge.pos.embedded.imports.report import LineRefusal, Outcome
from tillbridge.pos.embedded.imports.running import Before, repeats
from tillbridge.pos.embedded.numbers import Letter, readable
from tillbridge.pos.embedded.reading import identifier_rows
from tillbridge.pos.embedded.stock import Move, MoveReason, move_stock
from tillbridge.pos.embedded.units import allot

_KIND = IdentifierKind
_COLUMNS: Final = ("description", "brand", "brand_key", "price_minor", "currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFile:
    """What holds for every row of a file."""

    vendor: str
    store: str
    currency: str
    at: datetime

    @property
    def vendor_key(self) -> str:
        """The vendor's name in the form that is compared."""
        return normalise_name(self.vendor)


@dataclass(slots=True)
class _Known:
    """A product that was there before."""

    row: AnyRow
    identifiers: set[tuple[str, str, str]] = field(default_factory=set)
    item: AnyRow | None = None
    has_moved: bool = False


@dataclass(slots=True)
class _Writes:
    """The rows of the tables that a chunk comes to."""

    new: list[ProductRow] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    identifiers: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def write_products(
    database: Connection, rows: Sequence[ProductRow], before: Before, *, file: ProductFile
) -> Outcome:
    """Write a chunk with a fixed number of queries; see `import_products` for the rules."""
    vendor = vendor_numbers(database, [file.vendor])[file.vendor]
    led = _led(database, rows, vendor)
    known = _known(database, {number for leads in led.values() for number in leads.numbers}, vendor, file)
    lines = before.lines_of(sorted(known))
    outcome, writes = Outcome(), _Writes()
    for row in rows:
        try:
            number = _target(row, led[row.line], known, {**lines, **outcome.touched})
        except LineRefusal as refusal:
            outcome.refused.append(refusal.at(row.line))
            continue
        outcome.notes += row.notes
        if number is None:
            writes.new.append(row)
            outcome.added += 1
            continue
        outcome.touched[number] = row.line
        if _change(writes, known[number], row, vendor, file):
            outcome.updated += 1
        else:
            outcome.unchanged += 1
    _add_new(database, writes, vendor, file)
    _write(database, writes, file)
    return outcome


# Finding


@dataclass(slots=True)
class _Leads:
    """To which products the numbers of a row lead."""

    sure: dict[str, set[int]] = field(default_factory=dict)
    sku: set[int] = field(default_factory=set)

    @property
    def numbers(self) -> set[int]:
        return set().union(*self.sure.values(), self.sku)


def _led(database: Connection, rows: Sequence[ProductRow], vendor: int) -> dict[int, _Leads]:
    pairs = {(one.kind.value, one.value) for row in rows for one in row.identifiers}
    found: defaultdict[tuple[str, str], list[AnyRow]] = defaultdict(list)
    for hit in identifier_rows(database, pairs):
        found[hit.kind, hit.value].append(hit)
    return {row.line: _leads(row, found, vendor) for row in rows}


def _leads(row: ProductRow, found: Mapping[tuple[str, str], Sequence[AnyRow]], vendor: int) -> _Leads:
    leads = _Leads()
    for one in row.identifiers:
        hits = found.get((one.kind.value, one.value), ())
        if one.kind is _KIND.GTIN:
            leads.sure.setdefault("gtin", set()).update(hit.id for hit in hits)
        elif one.kind is _KIND.VPN:
            leads.sure.setdefault("vpn", set()).update(hit.id for hit in hits if hit.scope == one.scope)
        elif one.kind is _KIND.SKU:
            leads.sku.update(hit.id for hit in hits if hit.scope == one.scope)
        elif one.kind is _KIND.GTIN_REPAIRED and row.own_keys[0][0].startswith(_KIND.GTIN_REPAIRED):
            # What else may have been meant by it is a guess; the same damage of the same vendor is not.
            leads.sure.setdefault("damaged", set()).update(
                hit.id for hit in hits if hit.vendor_id == vendor and hit.raw == one.raw
            )
    return leads


def _known(database: Connection, numbers: set[int], vendor: int, file: ProductFile) -> dict[int, _Known]:
    products, items = tables.products, tables.vendor_items
    identifiers, moves = tables.identifiers, tables.stock_movements
    known: dict[int, _Known] = {}
    for piece in pieces(sorted(numbers)):
        for row in database.execute(select(products).where(products.c.id.in_(piece))):
            known[row.id] = _Known(row)
        for row in database.execute(select(identifiers).where(identifiers.c.product_id.in_(piece))):
            known[row.product_id].identifiers.add((row.kind, row.value, row.scope))
        own = select(items).where(items.c.product_id.in_(piece), items.c.vendor_id == vendor)
        for row in database.execute(own):
            known[row.product_id].item = row
        moved = (
            select(moves.c.product_id)
            .distinct()
            .where(moves.c.product_id.in_(piece), moves.c.store == file.store)
        )
        for number in database.execute(moved).scalars():
            known[number].has_moved = True
    return known


def _target(
    row: ProductRow, leads: _Leads, known: Mapping[int, _Known], lines: Mapping[int, int]
) -> int | None:
    """Return the product that a row is about, or None for a new one."""
    number = _one(row, leads, known)
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
    if number in lines:
        key, name = row.own_keys[0]
        raise LineRefusal(repeats(lines[number]), field=name, value=key.partition(":")[2])
    return number


def _one(row: ProductRow, leads: _Leads, known: Mapping[int, _Known]) -> int | None:
    vpn = leads.sure.get("vpn") or set()
    rest = set().union(*(found for kind, found in leads.sure.items() if kind != "vpn"))
    # The part number decides among products that share a barcode, but never against it.
    found = (vpn & rest or vpn | rest) if vpn else rest
    if not leads.sure:
        found = leads.sku
    if len(found) <= 1:
        return next(iter(found), None)
    named = ", ".join(
        f"{known[number].row.description} ({readable(Letter.PRODUCT, number)})" for number in sorted(found)
    )
    numbers = ", ".join(dict.fromkeys(one.raw for one in row.identifiers if one.kind is not _KIND.MPN))
    raise LineRefusal(
        Words(
            f"The numbers of this line lead to different products: {named}.",
            f"이 줄의 번호들이 서로 다른 제품을 가리킵니다: {named}",
        ),
        field=row.own_keys[0][1],
        value=numbers,
    )


# Changing


def _change(writes: _Writes, known: _Known, row: ProductRow, vendor: int, file: ProductFile) -> bool:
    """Note what a row changes of a product that is there; return whether it is anything."""
    number = known.row.id
    owned = known.row.vendor_id == vendor
    wanted = [one for one in row.identifiers if owned or one.kind is _KIND.VPN]
    new = [one for one in wanted if (one.kind.value, one.value, one.scope) not in known.identifiers]
    writes.identifiers += [one.row(number) for one in new]
    columns = _columns(row, file) if owned else {}
    before = {name: getattr(known.row, name) for name in _COLUMNS}
    changed = any(before[name] != value for name, value in columns.items())
    if changed:
        writes.changed[number] = {**before, **columns}
    item = _item(known.item, row, number, vendor, file)
    if item:
        writes.items.append(item)
    moves = _opening(row, number, file) if owned and not known.has_moved else []
    writes.moves += moves
    return bool(new or changed or item or moves)


def _columns(row: ProductRow, file: ProductFile) -> dict[str, Any]:
    """Return the columns of a product of which the row says something."""
    said: dict[str, Any] = {}
    if row.description:
        said["description"] = row.description
    if row.brand:
        said |= {"brand": row.brand, "brand_key": normalise_name(row.brand)}
    if row.price_minor is not None:
        said |= {"price_minor": row.price_minor, "currency": file.currency}
    return said


def _item(
    item: AnyRow | None, row: ProductRow, number: int, vendor: int, file: ProductFile
) -> dict[str, Any] | None:
    before = (item.vpn, item.cost_minor, item.currency) if item else ("", None, None)
    cost = (row.cost_minor, file.currency) if row.cost_minor is not None else before[1:]
    after = (row.vpn or before[0], *cost)
    if item and before == after:
        return None
    names = ("vpn", "cost_minor", "currency")
    return {"vendor_id": vendor, "product_id": number, **dict(zip(names, after, strict=True))}


def _opening(row: ProductRow, number: int, file: ProductFile) -> list[Move]:
    if not row.on_hand_e4:
        return []
    return [Move(file.store, number, row.on_hand_e4, MoveReason.OPENING)]


def _add_new(database: Connection, writes: _Writes, vendor: int, file: ProductFile) -> None:
    numbers = allot(database, tables.products, len(writes.new))
    rows = []
    for number, row in zip(numbers, writes.new, strict=True):
        said = {"brand": "", "brand_key": "", "price_minor": None, "currency": None, **_columns(row, file)}
        rows.append({"id": number, "vendor_id": vendor, "changed_at": file.at, **said})
        writes.identifiers += [one.row(number) for one in row.identifiers]
        item = _item(None, row, number, vendor, file)
        writes.items += [item] if item else []
        writes.moves += _opening(row, number, file)
    if rows:
        database.execute(insert(tables.products), rows)


def _write(database: Connection, writes: _Writes, file: ProductFile) -> None:
    products = tables.products
    if writes.changed:
        database.execute(
            update(products)
            .where(products.c.id == bindparam("the_id"))
            .values({**{name: bindparam(f"new_{name}") for name in _COLUMNS}, "changed_at": file.at}),
            [
                {"the_id": number, **{f"new_{name}": values[name] for name in _COLUMNS}}
                for number, values in sorted(writes.changed.items())
            ],
        )
    if writes.identifiers:
        database.execute(insert(tables.identifiers), writes.identifiers)
    upsert(database, tables.vendor_items, writes.items, keys=("vendor_id", "product_id"))
    move_stock(database, writes.moves, file.at)
