"""What the POS shows of one sale."""

from sqlalchemy import Connection, select

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
from tillbridge.pos.sales import PaymentTaken, SaleItem, SaleView


def sale(database: Connection, code: str) -> SaleView | None:
    """Return a sale by ID or barcode."""
    sales = tables.sales
    number = number_of(Letter.SALE, code)
    wanted = sales.c.id == number if number else sales.c.barcode == clean_text(code)
    row = database.execute(select(sales).where(wanted)).first()
    return _view(database, row) if row else None


def _view(database: Connection, row: AnyRow) -> SaleView:
    items, payments, comments = tables.sale_items, tables.sale_payments, tables.sale_comments
    lines = database.execute(select(items).where(items.c.sale_id == row.id).order_by(items.c.position))
    taken = select(payments).where(payments.c.sale_id == row.id).order_by(payments.c.id)
    said = select(comments.c.text).where(comments.c.sale_id == row.id).order_by(comments.c.id)
    return SaleView(
        facts=facts_of(row),
        revision=row.revision,
        kind=OrderKind(row.kind),
        store=row.store,
        customer_id=readable(Letter.CUSTOMER, row.customer_id),
        currency=row.currency,
        web_total=Money(row.total_minor, row.currency),
        items=[_item(line, row.currency) for line in lines],
        payments=[
            PaymentTaken(payment_of(one, row.currency), one.at, one.who) for one in database.execute(taken)
        ],
        comments=database.execute(said).scalars().all(),
        kept_open=row.kept_open,
        returns=returns_of(database, row.id, row.currency),
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
