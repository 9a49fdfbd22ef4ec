"""What the POS shows of one sale."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.base import clean_text
from tillbridge.model.drafts import ItemKind
from tillbridge.model.money import Money
from tillbridge.model.orders import OrderKind
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.feed import facts_of
from tillbridge.pos.embedded.numbers import Letter, from_e4, number_of, readable
from tillbridge.pos.embedded.returns import returns_of
from tillbridge.pos.embedded.sheets import payment_of
from tillbridge.pos.sales import PaymentTaken, ReturnTaken, SaleItem, SaleView


def sale(database: Connection, code: str) -> SaleView | None:
    """Return a sale by ID or barcode."""
    sales = tables.sales
    number = number_of(Letter.SALE, code)
    wanted = sales.c.id == number if number else sales.c.barcode == clean_text(code)
    rows = database.execute(select(sales).where(wanted).limit(1)).all()
    return next(iter(_views(database, rows)), None)


def sales(database: Connection, sale_ids: Collection[str]) -> dict[str, SaleView]:
    """Return sales by their IDs, with as many queries whatever their number."""
    numbers = [number for one in sale_ids if (number := number_of(Letter.SALE, one))]
    rows = database.execute(select(tables.sales).where(among(database, tables.sales.c.id, numbers))).all()
    return {one.facts.sale_id: one for one in _views(database, rows)}


def _views(database: Connection, rows: Sequence[AnyRow]) -> list[SaleView]:
    if not rows:
        return []
    items, payments, comments = tables.sale_items, tables.sale_payments, tables.sale_comments
    numbers = [row.id for row in rows]
    lines = _by_sale(database, select(items).order_by(items.c.position), items.c.sale_id, numbers)
    taken = _by_sale(database, select(payments).order_by(payments.c.id), payments.c.sale_id, numbers)
    said = _by_sale(database, select(comments).order_by(comments.c.id), comments.c.sale_id, numbers)
    returns = returns_of(database, {row.id: row.currency for row in rows})
    parts = ((lines[one.id], taken[one.id], said[one.id], returns[one.id]) for one in rows)
    return [_view(row, *part) for row, part in zip(rows, parts, strict=True)]


def _by_sale(
    database: Connection, query: Select[Any], column: ColumnElement[Any], numbers: Sequence[int]
) -> Mapping[int, Sequence[AnyRow]]:
    """Return rows that belong to sales, by the sales' numbers."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in database.execute(query.where(among(database, column, numbers))):
        found[row.sale_id].append(row)
    return found


def _view(
    row: AnyRow,
    lines: Sequence[AnyRow],
    taken: Sequence[AnyRow],
    said: Sequence[AnyRow],
    returns: Sequence[ReturnTaken],
) -> SaleView:
    return SaleView(
        facts=facts_of(row),
        revision=row.revision,
        kind=OrderKind(row.kind),
        store=row.store,
        customer_id=readable(Letter.CUSTOMER, row.customer_id),
        currency=row.currency,
        web_total=Money(row.total_minor, row.currency),
        items=[_item(line, row.currency) for line in lines],
        payments=[PaymentTaken(payment_of(one, row.currency), one.at, one.who) for one in taken],
        comments=[one.text for one in said],
        kept_open=row.kept_open,
        returns=returns,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
    )


def _item(line: AnyRow, currency: str) -> SaleItem:
    return SaleItem(
        id=str(line.position),
        kind=ItemKind(line.kind),
        product_id=readable(Letter.PRODUCT, line.product_id) if line.product_id else None,
        description=line.description,
        quantity=from_e4(line.quantity_e4),
        net=Money(line.net_minor, currency),
        tax=Money(line.tax_minor, currency),
        web_line=line.web_line_id,
        added=line.added_at is not None,
        removed=line.removed_at is not None,
    )
