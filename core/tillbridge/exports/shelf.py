"""Keeps what the POS has beside what the webstores show: only what changed is read and written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, and_, func, select, update

from tillbridge.context import Context
from tillbridge.db import export_tables, tables, waiting
from tillbridge.db.many import InsertMany, UpdateMany
from tillbridge.db.upsert import insert_new
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
)
_WRITE: Final = InsertMany(
    export_tables.shelf,
    _COLUMNS,
    keys=("store", "product_id"),
    then=", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:-1])
    # What lost its numbers is gone, and that is told by the numbers that it had.
    + ", identifiers = CASE WHEN excluded.identifiers = '[]' THEN shelf.identifiers"
    " ELSE excluded.identifiers END",
)
_RESERVE: Final = UpdateMany(export_tables.shelf, ("reserved", "position"), ("store", "product_id"))


def refresh(context: Context) -> bool:
    """Bring the shelf up to date; return whether anything changed.

    Two workers may do it at once: who comes late with a page finds it written, and reads on from there.
    """
    changed = False
    while True:
        cursor = _cursor(context)
        try:
            page = context.pos.shelf_changed(cursor, _PAGE)
        except NotOffered:
            break  # this POS feeds its webstores itself
        if not page.items and page.cursor == (cursor or page.cursor):
            break
        changed |= context.database.unit("shelf", lambda database: _keep(database, cursor, page))  # noqa: B023  # it runs at once
        if not page.more:
            break
    return _reserve(context) or changed


def _cursor(context: Context) -> str | None:
    marks = tables.marks
    with context.database.read() as database:
        return database.execute(select(marks.c.value).where(marks.c.name == _MARK)).scalar()


def _keep(database: Connection, cursor: str | None, page: ShelfChanges) -> bool:
    """Write a page, if nobody else has read on from the same cursor meanwhile."""
    if not _move(database, cursor, page.cursor):
        return False
    start = _last(database) + 1
    _WRITE.run(database, [_row(item, at) for at, item in enumerate(_sorted(page.items), start=start)])
    return bool(page.items)


def _move(database: Connection, cursor: str | None, after: str) -> bool:
    marks = tables.marks
    if cursor is None:
        return insert_new(database, marks, {"name": _MARK, "value": after})
    mine = (marks.c.name == _MARK, marks.c.value == cursor)
    return database.execute(update(marks).where(*mine).values(value=after)).rowcount == 1


def _last(database: Connection) -> int:
    return int(database.execute(select(func.max(export_tables.shelf.c.position))).scalar() or 0)


def _sorted(items: Sequence[ShelfItem]) -> list[ShelfItem]:
    return sorted(items, key=lambda item: (item.store, item.product_id))


def _row(item: ShelfItem, position: int) -> tuple[Any, ...]:
    return (
        item.store,
        item.product_id,
        position,
        item.on_hand,
        item.price.minor if item.price else None,
        item.price.currency if item.price else None,
        item.description,
        item.category,
        item.published and bool(item.numbers),
        msgspec.json.encode(item.numbers).decode(),
    )


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


_Key = tuple[str, str]


def _changes(database: Connection) -> Mapping[_Key, Decimal]:
    """Return by store and product what is reserved now, where the shelf says otherwise."""
    now, said = _waiting(database), _said(database)
    return {
        key: now.get(key, Decimal(0)) for key in now | said if now.get(key, Decimal(0)) != said.get(key, 0)
    }


def _said(database: Connection) -> dict[_Key, Decimal]:
    table = export_tables.shelf
    query = select(table.c.store, table.c.product_id, table.c.reserved).where(waiting.RESERVED)
    return {(row.store, row.product_id): row.reserved for row in database.execute(query)}


def _waiting(database: Connection) -> dict[_Key, Decimal]:
    """Return the pieces of matched lines whose orders wait without a sale, of what is on the shelf."""
    orders, lines, shelf = tables.orders, tables.order_lines, export_tables.shelf
    same = and_(shelf.c.store == orders.c.store, shelf.c.product_id == lines.c.product_id)
    query = (
        select(orders.c.store, lines.c.product_id, lines.c.quantity)
        .join(lines, lines.c.order_id == orders.c.id)
        .join(shelf, same)
        .where(
            waiting.TO_DEAL_WITH,
            orders.c.status.in_(UNSOLD),
            orders.c.sale_id.is_(None),
            orders.c.standing == Standing.OPEN,
        )
    )
    found: defaultdict[_Key, Decimal] = defaultdict(Decimal)
    for row in database.execute(query):
        found[row.store, row.product_id] += row.quantity
    return found
