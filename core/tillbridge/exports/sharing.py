"""Keeps which products of the shelf carry which number, and marks those that share a barcode in one store.

Two published products of one barcode would both be told to a webstore as the same item.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, func, select

from tillbridge.db import export_tables
from tillbridge.db.many import InsertMany, UpdateMany
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.exports.wanting import numbers_of
from tillbridge.model.identifiers import IdentifierKind

_TABLE: Final = export_tables.shelf_numbers
_ADD: Final = InsertMany(
    _TABLE, ("number", "store", "product_id"), keys=("number", "store", "product_id"), then=""
)
_SHARED: Final = UpdateMany(export_tables.shelf, ("shared", "position"), ("store", "product_id"))
_BARCODE: Final = f"{IdentifierKind.GTIN.value} "
Place = tuple[str, str]
"""A store and a product."""


class Carried(NamedTuple):
    """The numbers by which a product of one store may be told to webstores, as text; "[]" for none."""

    place: Place
    numbers: str


def carried_of(row: AnyRow) -> Carried:
    """Return what a row of the shelf carries: what nobody is told of has no numbers."""
    told = row.published and row.on_hand is not None
    return Carried((row.store, row.product_id), row.identifiers if told else "[]")


def keys_of(numbers: str) -> list[str]:
    """Return the keys of numbers (as text) in the table."""
    return [f"{kind.value} {value}" for kind, value in numbers_of(numbers)]


def there(database: Connection, table: Table, places: Collection[Place]) -> ColumnElement[bool]:
    """Return the condition that a row is of one of these places, or of another store of theirs."""
    stores, products = {store for store, _ in places}, {product for _, product in places}
    return and_(among(database, table.c.store, stores), among(database, table.c.product_id, products))


def renumber(database: Connection, before: Mapping[Place, AnyRow], after: Sequence[Carried]) -> None:
    """Bring the numbers of products that were written to the shelf up to date, and who shares which.

    Args:
        database: for writing; the shelf's mark is held.
        before: the products' rows as they were; none for a new one.
        after: what they carry now.
    """
    gone, new = _differences(before, after)
    if not gone and not new:
        return
    if gone:
        mine = and_(
            *(_TABLE.c[name] == bindparam(f"the_{name}") for name in ("number", "store", "product_id"))
        )
        names = ("the_number", "the_store", "the_product_id")
        rows = [dict(zip(names, row, strict=True)) for row in sorted(gone)]
        database.execute(delete(_TABLE).where(mine), rows)
    _ADD.run(database, sorted(new))
    moved = {(number, store) for number, store, _ in gone}
    touched = {
        (store, product)
        for (number, store), products in _carriers(database, {row[0] for row in (*gone, *new)}).items()
        if len(products) > 1 or (number, store) in moved
        for product in products
    }
    changed = {one.place for one in after}
    touched |= {place for place, row in before.items() if row.shared and place in changed}
    _mark(database, touched)


_Row = tuple[str, str, str]


def _differences(before: Mapping[Place, AnyRow], after: Sequence[Carried]) -> tuple[set[_Row], set[_Row]]:
    gone: set[_Row] = set()
    new: set[_Row] = set()
    for one in after:
        row = before.get(one.place)
        if row is not None and row.identifiers == one.numbers and row.published and row.on_hand is not None:
            continue
        had = carried_of(row).numbers if row is not None else "[]"
        if had != one.numbers:
            old, now = set(keys_of(had)), set(keys_of(one.numbers))
            gone |= {(key, *one.place) for key in old - now}
            new |= {(key, *one.place) for key in now - old}
    return gone, new


def _carriers(database: Connection, keys: Iterable[str]) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return by barcode and store the products that carry it."""
    barcodes = sorted(key for key in keys if key.startswith(_BARCODE))
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    if barcodes:
        query = select(_TABLE).where(among(database, _TABLE.c.number, barcodes))
        for row in database.execute(query):
            found[row.number, row.store].append(row.product_id)
    return found


def _mark(database: Connection, places: Collection[Place]) -> None:
    """Say of these products whether they share a barcode; what is new is looked at by every export."""
    if not places:
        return
    shelf = export_tables.shelf
    columns = (shelf.c.store, shelf.c.product_id, shelf.c.identifiers, shelf.c.published, shelf.c.on_hand)
    query = select(*columns, shelf.c.shared).where(there(database, shelf, places))
    rows = [row for row in database.execute(query) if (row.store, row.product_id) in places]
    numbers = {carried_of(row).place: keys_of(carried_of(row).numbers) for row in rows}
    carriers = _carriers(database, {key for keys in numbers.values() for key in keys})
    said = {place: _shared(place, keys, carriers) for place, keys in numbers.items()}
    changed = sorted(place for row in rows if said[place := (row.store, row.product_id)] != row.shared)
    start = int(database.execute(select(func.max(shelf.c.position))).scalar() or 0) + 1
    _SHARED.run(database, [(said[place], at, *place) for at, place in enumerate(changed, start=start)])


def _shared(
    place: Place, keys: Sequence[str], carriers: Mapping[tuple[str, str], Sequence[str]]
) -> str | None:
    store, product = place
    for key in keys:
        others = sorted(one for one in carriers.get((key, store), ()) if one != product)
        if others:
            return json.dumps([key.removeprefix(_BARCODE), others], ensure_ascii=False)
    return None


def taken(database: Connection, numbers: Mapping[Place, Collection[str]]) -> set[tuple[str, str]]:
    """Return by store the keys of those numbers that another product carries now.

    Args:
        database: for reading.
        numbers: the keys in question, by the store and product that had them.
    """
    wanted = {key for keys in numbers.values() for key in keys}
    if not wanted:
        return set()
    mine = {(key, *place) for place, keys in numbers.items() for key in keys}
    asked = {(store, key) for (store, _), keys in numbers.items() for key in keys}
    query = select(_TABLE).where(among(database, _TABLE.c.number, sorted(wanted)))
    others = (row for row in database.execute(query) if (row.number, row.store, row.product_id) not in mine)
    return {(row.store, row.number) for row in others} & asked
