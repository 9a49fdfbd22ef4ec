"""Puts a chunk of product rows into the catalogue: finds what each leads to, and writes what is new."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, update

from tillbridge.db.allot import allot
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.model.identifiers import IdentifierKind, normalise_name
from tillbridge.model.words import Words
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.adding import vendor_numbers
from tillbridge.pos.embedded.imports.damage import date_words, may_be_date
from tillbridge.pos.embedded.imports.notes import LineNote
from tillbridge.pos.embedded.imports.product_chunk import Given, Known, gone_key, read_chunk
from tillbridge.pos.embedded.imports.product_rows import ProductFile, ProductRow
from tillbridge.pos.embedded.imports.product_targets import find_targets
from tillbridge.pos.embedded.imports.report import LineRefusal, Outcome
from tillbridge.pos.embedded.imports.running import Before
from tillbridge.pos.embedded.shelf import mark_shelf
from tillbridge.pos.embedded.stock import Move, MoveReason, move_stock

_KIND = IdentifierKind
_NUMBERS: Final = {_KIND.GTIN: "gtin", _KIND.GTIN_REPAIRED: "gtin", _KIND.MPN: "mpn", _KIND.SKU: "sku"}
_STAFFS: Final = Words("a product that staff typed in", "직원이 직접 등록한 제품")
_COLUMNS: Final = (
    "description",
    "brand",
    "brand_key",
    "price_minor",
    "currency",
    "category",
    "ecommerce",
    "active",
)
_NOTHING_SAID: Final[dict[str, Any]] = {
    "brand": "",
    "brand_key": "",
    "price_minor": None,
    "currency": None,
    "category": "",
    "ecommerce": True,
    "active": True,
}


@dataclass(slots=True)
class _Writes:
    """The rows of the tables that a chunk comes to."""

    new: list[ProductRow] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    gone: list[Given] = field(default_factory=list)
    identifiers: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def write_products(
    database: Connection, rows: Sequence[ProductRow], before: Before, *, file: ProductFile
) -> Outcome:
    """Write a chunk with a fixed number of queries; see `import_products` for the rules."""
    vendor = vendor_numbers(database, [file.vendor])[file.vendor]
    chunk = read_chunk(database, rows, before, vendor=vendor, file=file)
    targets = find_targets(chunk)
    outcome, writes = Outcome(), _Writes()
    for row in rows:
        target = targets[row.line]
        if isinstance(target, LineRefusal):
            outcome.refused.append(target.at(row.line))
            continue
        outcome.notes += row.notes
        if target is not None:
            outcome.notes += _mended(row, chunk.known[target])
        if target is not None and chunk.known[target].row.vendor_id != vendor:
            outcome.notes += _not_taken(row, chunk.known[target], file)
        if target is None:
            outcome.notes += _perhaps_dates(row)
            writes.new.append(row)
            outcome.added += 1
            continue
        outcome.touched[f"={target}"] = row.line
        if _change(writes, chunk.known[target], row, vendor, file):
            outcome.updated += 1
        else:
            outcome.unchanged += 1
    outcome.touched |= {gone_key(one): 0 for one in writes.gone}
    _add_new(database, writes, vendor, file)
    _write(database, writes, file)
    return outcome


# Changing


def _change(writes: _Writes, known: Known, row: ProductRow, vendor: int, file: ProductFile) -> bool:
    """Note what a row changes of a product that is there; return whether it is anything."""
    number = known.row.id
    owned = known.row.vendor_id == vendor
    # What stands for a whole barcode that the product has needs no damaged one beside it.
    needless = {one.raw for one in known.confirmed_by(row)}
    wanted = [
        one
        for one in row.identifiers
        if (owned or one.kind is _KIND.VPN) and not (one.kind is _KIND.GTIN_REPAIRED and one.raw in needless)
    ]
    new = [one for one in wanted if (one.kind.value, one.value, one.scope) not in known.identifiers]
    writes.identifiers += [one.row(number) for one in new]
    gone = known.replaced_by(row, vendor, file.vendor_key)
    writes.gone += gone
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
    return bool(new or gone or changed or item or moves)


def _mended(row: ProductRow, known: Known) -> list[LineNote]:
    """Note which damaged barcode was taken for the product's own, and which numbers were left out."""
    notes = []
    for one in known.confirmed_by(row):
        words = Words(
            f"{one.raw!r} is damaged; {one.value} is meant, as it leads to {known} alone.",
            f"{one.raw!r}: 손상된 바코드입니다. {known} 제품만 가리키므로 {one.value}(으)로 읽었습니다.",
        )
        notes.append(LineNote(row.line, "gtin", one.raw, words))
    for lost in row.damaged:
        words = Words(
            f"{lost.words.en} The rest of the line was taken for {known}.",
            f"{lost.words.ko} 나머지 내용은 {known}에 반영했습니다.",
        )
        notes.append(LineNote(row.line, lost.field, lost.raw, words))
    return notes


def _not_taken(row: ProductRow, known: Known, file: ProductFile) -> list[LineNote]:
    """Note what a row says otherwise of a product that its vendor does not own."""
    differ = [name for name, value in _columns(row, file).items() if getattr(known.row, name) != value]
    fields = {name: name for name in ("description", "brand", "category", "ecommerce", "active")}
    fields |= {"price_minor": "price", "currency": "price"}
    names = [fields[name] for name in differ if name in fields]
    same = {one.raw for one in known.confirmed_by(row)}
    new = {
        one.kind
        for one in row.identifiers
        if (one.kind.value, one.value, one.scope) not in known.identifiers and one.raw not in same
    }
    names += [field for kind, field in _NUMBERS.items() if kind in new]
    names += ["on_hand"] if row.on_hand_e4 else []
    if not names:
        return []
    said = ", ".join(dict.fromkeys(file.title(name) or name for name in names))
    owner = known.row.owner
    whose = Words(f"a product of {owner}'s", f"{owner}의 제품") if owner else _STAFFS
    words = Words(
        f"{known} is {whose.en}, so only part number and cost are taken from this file, not: {said}.",
        f"{known}: {whose.ko}이므로 이 파일에서는 부품 번호와 원가만 반영하고 다음 항목은 반영하지 "
        f"않습니다: {said}",
    )
    return [LineNote(row.line, "", "", words)]


def _perhaps_dates(row: ProductRow) -> list[LineNote]:
    """Note part numbers of a new product that may be dates."""
    return [
        LineNote(row.line, "vpn", one.raw, date_words(one.raw))
        for one in row.of(_KIND.VPN)
        if may_be_date(one.raw)
    ]


def _columns(row: ProductRow, file: ProductFile) -> dict[str, Any]:
    """Return the columns of a product of which the row says something."""
    said: dict[str, Any] = {}
    if row.description:
        said["description"] = row.description
    if row.brand:
        said |= {"brand": row.brand, "brand_key": normalise_name(row.brand)}
    if row.price_minor is not None:
        said |= {"price_minor": row.price_minor, "currency": file.currency}
    if row.category:
        said["category"] = row.category
    flags = {"ecommerce": row.ecommerce, "active": row.active}
    return said | {name: value for name, value in flags.items() if value is not None}


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
        said = {**_NOTHING_SAID, **_columns(row, file)}
        rows.append({"id": number, "vendor_id": vendor, "changed_at": file.at, **said})
        writes.identifiers += [one.row(number) for one in row.identifiers]
        item = _item(None, row, number, vendor, file)
        writes.items += [item] if item else []
        writes.moves += _opening(row, number, file)
    if rows:
        database.execute(insert(tables.products), rows)


def _write(database: Connection, writes: _Writes, file: ProductFile) -> None:
    products = tables.products
    named = {number for number, *_ in writes.gone} | {row["product_id"] for row in writes.identifiers}
    mark_shelf(database, named | writes.changed.keys())
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
    if writes.gone:
        had = tables.identifiers.c
        database.execute(
            delete(tables.identifiers).where(
                had.product_id == bindparam("the_id"),
                had.kind == bindparam("the_kind"),
                had.value == bindparam("the_value"),
            ),
            [dict(zip(("the_id", "the_kind", "the_value"), one, strict=True)) for one in writes.gone],
        )
    if writes.identifiers:
        database.execute(insert(tables.identifiers), writes.identifiers)
    upsert(database, tables.vendor_items, writes.items, keys=("vendor_id", "product_id"))
    move_stock(database, writes.moves, file.at)
