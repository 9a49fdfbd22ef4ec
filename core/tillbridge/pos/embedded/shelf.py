"""What webstores are told from: which products changed, in the order of commits, and how they are now."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Connection, func, select

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
    marks = tables.shelf_marks
    after = position_of(cursor, _FEED)
    later = marks.c.position > after
    full = select(marks.c.position).where(later).order_by(marks.c.position).offset(limit - 1).limit(1)
    end = database.execute(full).scalar()
    more = end is not None
    if end is None:
        end = database.execute(select(func.max(marks.c.position))).scalar() or 0
    if end <= after:
        return ShelfChanges([], str(after))
    rows = _rows(database, after, end)
    numbers = _numbers(database, {row.id for row in rows})
    return ShelfChanges([_item(row, numbers[row.id]) for row in rows], str(end), more)


def _rows(database: Connection, after: int, end: int) -> list[AnyRow]:
    marks, products, stock = tables.shelf_marks, tables.products, tables.stock
    query = (
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
        .join(products, products.c.id == marks.c.product_id)
        # A merged product stands wherever the one stands that it was merged into, as an alias of it.
        .join(stock, stock.c.product_id.in_((products.c.id, products.c.merged_into)))
        .where(marks.c.position > after, marks.c.position <= end)
        .order_by(marks.c.position, products.c.id, stock.c.store)
    )
    return list({(row.store, row.id): row for row in database.execute(query).all()}.values())


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
        store=row.store,
        product_id=readable(Letter.PRODUCT, row.id),
        on_hand=from_e4(row.on_hand_e4),
        price=Money(row.price_minor, row.currency) if known else None,
        description=row.description,
        category=row.category,
        published=bool(row.published),
        numbers=numbers,
        merged_into=readable(Letter.PRODUCT, row.merged_into) if row.merged_into else "",
    )
