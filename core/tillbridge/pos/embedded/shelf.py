"""What webstores are told from: which products changed, in the order of commits, and how they are now."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from tillbridge.db.many import InsertMany
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import Money
from tillbridge.model.words import Words
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.numbers import Letter, from_e4, readable
from tillbridge.pos.embedded.positions import next_position, position_of
from tillbridge.pos.offers import ShelfChanges, ShelfItem

# "shelf" in ASCII; no other lock of a database has this number.
_MARKER: Final = int.from_bytes(b"shelf")
_FEED: Final = Words("the shelf's feed", "재고 변경 목록")
_KINDS: Final = {kind.value: kind for kind in IdentifierKind}
_Number = tuple[IdentifierKind, str]
_MARKS: Final = InsertMany(
    tables.shelf_marks,
    ("product_id", "position"),
    keys=("product_id",),
    then="position = excluded.position",
)


# Statements that are asked at every beat are made once: making one costs more than a small answer.
_marks: Final = tables.shelf_marks
_LAST: Final = select(func.max(_marks.c.position))
_END_OF_PAGE: Final = (
    select(_marks.c.position)
    .where(_marks.c.position > bindparam("after"))
    .order_by(_marks.c.position)
    .offset(bindparam("before_last"))
    .limit(1)
)


def _changed() -> Select[Any]:
    """Return the query of what changed between two positions, as it is now."""
    products, stock = tables.products, tables.stock
    return (
        select(
            products.c.id,
            products.c.description,
            products.c.category,
            products.c.price_minor,
            products.c.currency,
            products.c.merged_into,
            (products.c.ecommerce & products.c.active & products.c.merged_into.is_(None)).label("published"),
            stock.c.store,
            stock.c.on_hand_e4,
        )
        .join(products, products.c.id == _marks.c.product_id)
        # A merged product stands wherever the one stands that it was merged into, as an alias of it.
        .join(stock, stock.c.product_id.in_((products.c.id, products.c.merged_into)))
        .where(_marks.c.position > bindparam("after"), _marks.c.position <= bindparam("end"))
        .order_by(_marks.c.position, products.c.id, stock.c.store)
    )


_CHANGED: Final = _changed()


def mark_shelf(database: Connection, products: Collection[int]) -> None:
    """Note that stock, price or numbers of these products change with this transaction.

    It is called before the rows of stock are locked: writers wait for each other here, and not in a ring.
    """
    if not products:
        return
    position = next_position(database, tables.shelf_marks.c.position, _MARKER)
    _MARKS.run(database, [(product, position) for product in sorted(products)])


def read_shelf(database: Connection, cursor: str | None, limit: int) -> ShelfChanges:
    """Return what changed after `cursor`; see `EmbeddedPos.shelf_changed`."""
    after = position_of(cursor, _FEED)
    end = database.execute(_END_OF_PAGE, {"after": after, "before_last": limit - 1}).scalar()
    more = end is not None
    if end is None:
        end = database.execute(_LAST).scalar() or 0
    if end <= after:
        return ShelfChanges([], str(after))
    found = database.execute(_CHANGED, {"after": after, "end": end}).all()
    rows = list({(row.store, row.id): row for row in found}.values())
    numbers = _numbers(database, {row.id for row in rows})
    return ShelfChanges([_item(row, numbers[row.id]) for row in rows], str(end), more)


def _numbers(database: Connection, products: Collection[int]) -> dict[int, list[_Number]]:
    table = tables.identifiers
    found: defaultdict[int, list[_Number]] = defaultdict(list)
    query = (
        select(table.c.product_id, table.c.kind, table.c.value)
        .where(among(database, table.c.product_id, products))
        .group_by(table.c.product_id, table.c.kind, table.c.value)  # two vendors may have one part number
        .order_by(table.c.product_id, table.c.kind, table.c.value)
    )
    for product, kind, value in database.execute(query).all():
        found[product].append((_KINDS[kind], value))
    return found


def _item(row: AnyRow, numbers: Sequence[_Number]) -> ShelfItem:
    known = row.price_minor is not None and row.currency is not None
    return ShelfItem(
        row.store,
        readable(Letter.PRODUCT, row.id),
        from_e4(row.on_hand_e4),
        Money(row.price_minor, row.currency) if known else None,
        row.description,
        row.category,
        bool(row.published),
        numbers,
        readable(Letter.PRODUCT, row.merged_into) if row.merged_into else "",
    )
