"""Keeps what the POS has beside what the webstores show: only what changed is read and written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, select, update

from tillbridge.context import Context
from tillbridge.db import export_tables, tables, waiting
from tillbridge.db.many import InsertMany, UpdateMany
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import insert_new
from tillbridge.exports.sharing import Carried, Place, renumber, there
from tillbridge.exports.stopping import go_on
from tillbridge.exports.wanting import NO_NUMBERS, written
from tillbridge.model.orders import Standing
from tillbridge.model.status import UNSOLD
from tillbridge.pos.contract import NotOffered
from tillbridge.pos.offers import ShelfChanges, ShelfItem

_MARK: Final = "shelf"
_PAGE: Final = 1000
_COLUMNS: Final = (
    "store",
    "product_id",
    "position",
    "on_hand",
    "price_minor",
    "currency",
    "title",
    "category",
    "published",
    "identifiers",
    "merged_into",
)
_WRITE: Final = InsertMany(
    export_tables.shelf,
    _COLUMNS,
    keys=("store", "product_id"),
    then=", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:]),
)
_RESERVE: Final = UpdateMany(export_tables.shelf, ("reserved", "position"), ("store", "product_id"))
# Statements that are asked at every beat are made once: making one costs more than a small answer.
_CURSOR: Final = select(tables.marks.c.value).where(tables.marks.c.name == _MARK)
_LAST: Final = select(func.max(export_tables.shelf.c.position))
_SAID: Final = select(
    export_tables.shelf.c.store, export_tables.shelf.c.product_id, export_tables.shelf.c.reserved
).where(waiting.RESERVED)


def _waiting_lines() -> Select[Any]:
    """Return the query of matched lines whose orders wait without a sale, of what is on the shelf.

    What was merged into another product since it was matched is spoken for there.
    """
    orders, lines, shelf = tables.orders, tables.order_lines, export_tables.shelf
    own = shelf.alias("own")
    product = func.coalesce(own.c.merged_into, lines.c.product_id)
    return (
        select(orders.c.store, shelf.c.product_id, lines.c.quantity)
        .join(lines, lines.c.order_id == orders.c.id)
        .outerjoin(own, and_(own.c.store == orders.c.store, own.c.product_id == lines.c.product_id))
        .join(shelf, and_(shelf.c.store == orders.c.store, shelf.c.product_id == product))
        .where(
            waiting.TO_DEAL_WITH,
            orders.c.status.in_(UNSOLD),
            orders.c.sale_id.is_(None),
            orders.c.standing == Standing.OPEN,
        )
    )


_WAITING: Final = _waiting_lines()


def refresh(context: Context) -> bool:
    """Bring the shelf up to date; return whether anything changed.

    Two workers may do it at once: who comes late with a page finds it written, and reads on from there.

    Raises:
        PosAway: the point of sale could not answer.
        Stopped: the program ends; what was read is kept.
    """
    changed = False
    while True:
        go_on(context)
        cursor = _cursor(context)
        try:
            page = context.pos.shelf_changed(cursor, _PAGE)
        except NotOffered:
            break  # this POS feeds its webstores itself
        if not page.items and page.cursor == (cursor or page.cursor):
            break
        written_now = context.database.unit("shelf", lambda database: _keep(database, cursor, page))  # noqa: B023  # it runs at once
        changed |= written_now is not None
        if written_now is not None and not page.more:
            break
    return _reserve(context) or changed


def _cursor(context: Context) -> str | None:
    with context.database.read() as database:
        return database.execute(_CURSOR).scalar()


def _keep(database: Connection, cursor: str | None, page: ShelfChanges) -> int | None:
    """Write a page; return how many items it had, or None if another has read on from its cursor."""
    if not _move(database, cursor, page.cursor):
        return None
    rows = _rows(page.items, _last(database) + 1)
    if rows:
        before = _before(database, {(row[0], row[1]) for row in rows})
        _WRITE.run(database, rows)
        renumber(database, before, [_carried(row) for row in rows])
    return len(rows)


def _move(database: Connection, cursor: str | None, after: str) -> bool:
    marks = tables.marks
    if cursor is None:
        return insert_new(database, marks, {"name": _MARK, "value": after})
    mine = (marks.c.name == _MARK, marks.c.value == cursor)
    return database.execute(update(marks).where(*mine).values(value=after)).rowcount == 1


def _last(database: Connection) -> int:
    return int(database.execute(_LAST).scalar() or 0)


def _rows(items: Sequence[ShelfItem], start: int) -> list[tuple[Any, ...]]:
    """Return the rows of the shelf, each place once (the last word counts), in the sequence of their keys."""
    newest = {(item.store, item.product_id): item for item in items}
    return [_row(newest[place], at) for at, place in enumerate(sorted(newest), start=start)]


def _row(item: ShelfItem, position: int) -> tuple[Any, ...]:
    numbers = written(item.numbers)
    return (
        item.store,
        item.product_id,
        position,
        item.on_hand,
        item.price.minor if item.price else None,
        item.price.currency if item.price else None,
        item.description,
        item.category,
        item.published and numbers != NO_NUMBERS,
        numbers,
        item.merged_into or None,
    )


_ON_HAND, _PUBLISHED, _NUMBERS = (_COLUMNS.index(name) for name in ("on_hand", "published", "identifiers"))


def _carried(row: Sequence[Any]) -> Carried:
    told = row[_PUBLISHED] and row[_ON_HAND] is not None
    return Carried((row[0], row[1]), row[_NUMBERS] if told else NO_NUMBERS)


def _before(database: Connection, places: set[Place]) -> Mapping[Place, AnyRow]:
    """Return these products' rows as they are, as far as their numbers go."""
    shelf = export_tables.shelf
    columns = (shelf.c.store, shelf.c.product_id, shelf.c.identifiers, shelf.c.published, shelf.c.on_hand)
    query = select(*columns, shelf.c.shared).where(there(database, shelf, places))
    return {(row.store, row.product_id): row for row in database.execute(query).all()}


def _reserve(context: Context) -> bool:
    """Note how many pieces wait in orders that have no sale yet; return whether that changed."""
    with context.database.read() as database:
        if not _changes(database):
            return False
    return context.database.unit("shelf reserved", _write_reserved)


def _write_reserved(database: Connection) -> bool:
    # Positions are given by one writer at a time: who holds the mark.
    database.execute(select(tables.marks.c.value).where(tables.marks.c.name == _MARK).with_for_update()).all()
    changes = _changes(database)
    start = _last(database) + 1
    rows = [(pieces, at, *key) for at, (key, pieces) in enumerate(sorted(changes.items()), start=start)]
    _RESERVE.run(database, rows)
    return bool(rows)


def _changes(database: Connection) -> Mapping[Place, Decimal]:
    """Return by store and product what is reserved now, where the shelf says otherwise."""
    now, said = _waiting(database), _said(database)
    return {
        key: now.get(key, Decimal(0)) for key in now | said if now.get(key, Decimal(0)) != said.get(key, 0)
    }


def _said(database: Connection) -> dict[Place, Decimal]:
    return {(row.store, row.product_id): row.reserved for row in database.execute(_SAID)}


def _waiting(database: Connection) -> dict[Place, Decimal]:
    """Return the pieces of matched lines whose orders wait without a sale, of what is on the shelf."""
    found: defaultdict[Place, Decimal] = defaultdict(Decimal)
    for row in database.execute(_WAITING):
        found[row.store, row.product_id] += row.quantity
    return found
