"""Sales in memory while they are changed: read as they stand, changed by rules, written back at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.drafts import AttemptKey
from tillbridge.model.money import Money, spread
from tillbridge.pos.contract import SaleState
from tillbridge.pos.details import Payment, PaymentKind
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.feed import publish
from tillbridge.pos.embedded.stock import Move, MoveReason, move_stock
from tillbridge.pos.sales import Balance, balance

_LINE: Final = ("position", "kind", "product_id", "description", "quantity_e4", "net_minor", "tax_minor")


@dataclass(slots=True)
class Line:
    """An item of a sale.

    Attributes:
        product: the product's number, if it is one.
        added, removed: when it was added at the counter, and removed.
        fresh: it is written for the first time.
        touched: it differs from what is written.
    """

    position: int
    kind: str
    product: int | None
    description: str
    quantity_e4: int
    net: Money
    tax: Money
    web_line: str | None = None
    added: datetime | None = None
    removed: datetime | None = None
    fresh: bool = False
    touched: bool = False

    @property
    def gross(self) -> Money:
        """What all its pieces cost, tax included."""
        return self.net + self.tax

    def upto(self, quantity_e4: int) -> tuple[Money, Money]:
        """Return net and tax of its first pieces, so that all parts together come to exactly the whole.

        What the pieces cost is divided first, tax included, and the tax with it: divided apart, the two
        could round the same way, and equal pieces would differ.
        """
        gross = spread(self.gross, [quantity_e4, self.quantity_e4 - quantity_e4])
        tax = spread(self.tax, [abs(one.minor) for one in gross])[0]
        return gross[0] - tax, tax


@dataclass(slots=True)
class Sheet:
    """A sale, and what a batch does to it."""

    number: int
    attempt: AttemptKey
    store: str
    customer: int
    currency: str
    web_total: Money
    revision: int
    was: SaleState
    state: SaleState
    kept_open: str | None
    at: datetime
    lines: list[Line] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    new_payments: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    changed: bool = False
    said_last: str = ""

    @property
    def live(self) -> list[Line]:
        """The items that are not removed."""
        return [line for line in self.lines if line.removed is None]

    @property
    def balance(self) -> Balance:
        """What it costs and what was paid."""
        return balance(self.lines, self.payments, self.currency)

    def paid_by(self, kind: PaymentKind) -> Money:
        """Return what was paid in one way, less what was handed back."""
        return Money(sum(one.amount.minor for one in self.payments if one.kind is kind), self.currency)

    def add(self, line: Line) -> None:
        """Put an item on the sale; if it is a product, it leaves the stock."""
        line.position = max((one.position for one in self.lines), default=0) + 1
        line.fresh = True
        self.lines.append(line)
        if line.removed is None:
            self._move(line, -line.quantity_e4, MoveReason.SALE)
            self.state = SaleState.OPEN

    def take_off(self, line: Line, quantity_e4: int) -> None:
        """Remove pieces of an item; they return to the stock, and stay to be seen."""
        kept = line.quantity_e4 - quantity_e4
        if kept:
            net, tax = line.upto(kept)
            gone = replace(
                line, quantity_e4=quantity_e4, net=line.net - net, tax=line.tax - tax, removed=self.at
            )
            self.add(gone)
            line.quantity_e4, line.net, line.tax = kept, net, tax
        else:
            line.removed = self.at
        line.touched = True
        self._move(line, quantity_e4, MoveReason.REMOVED)
        if not self.live:
            self.state = SaleState.EMPTIED

    def bring_back(self) -> None:
        """Return all goods to the stock, of a sale made void."""
        for line in self.live:
            self._move(line, line.quantity_e4, MoveReason.VOIDED)

    def say(self, text: str, who: str, *, again: bool) -> None:
        """Add a comment, unless it is empty; the reason of an act of several steps does not stand `again`."""
        if text and (again or text != self.said_last):
            self.comments.append({"sale_id": self.number, "text": text, "at": self.at, "who": who})
            self.said_last = text

    def pay(self, payment: Payment, who: str) -> None:
        """Note money that came or went."""
        self.payments.append(payment)
        self.new_payments.append(
            {
                "sale_id": self.number,
                "kind": payment.kind.value,
                "amount_minor": payment.amount.minor,
                "card_type": payment.card_type,
                "reference": payment.reference,
                "at": self.at,
                "who": who,
            }
        )

    def _move(self, line: Line, quantity_e4: int, reason: MoveReason) -> None:
        if line.product:
            self.moves.append(Move(self.store, line.product, quantity_e4, reason, self.number))


def read_sheets(
    database: Connection, order_keys: Collection[str], at: datetime
) -> Mapping[AttemptKey, Sheet]:
    """Read every sale of these orders, which the caller has locked."""
    sales = tables.sales
    query = select(sales).where(among(database, sales.c.order_key, list(order_keys)))
    sheets = {row.id: _sheet(row, at) for row in database.execute(query)}
    for row in _of(database, tables.sale_items, sheets):
        sheets[row.sale_id].lines.append(_line(row, sheets[row.sale_id].currency))
    for row in _of(database, tables.sale_payments, sheets):
        sheets[row.sale_id].payments.append(payment_of(row, sheets[row.sale_id].currency))
    for row in _last_comments(database, sheets):
        sheets[row.sale_id].said_last = row.text
    return {sheet.attempt: sheet for sheet in sheets.values()}


def _of(database: Connection, table: Any, sheets: Collection[int]) -> Iterable[AnyRow]:  # a table
    return database.execute(select(table).where(among(database, table.c.sale_id, sorted(sheets))))


def _last_comments(database: Connection, sheets: Collection[int]) -> Iterable[AnyRow]:
    comments = tables.sale_comments
    mine = among(database, comments.c.sale_id, sorted(sheets))
    last = select(func.max(comments.c.id)).where(mine).group_by(comments.c.sale_id)
    return database.execute(select(comments.c.sale_id, comments.c.text).where(comments.c.id.in_(last)))


def _sheet(row: AnyRow, at: datetime) -> Sheet:
    return Sheet(
        number=row.id,
        attempt=AttemptKey(order_key=row.order_key, number=row.number),
        store=row.store,
        customer=row.customer_id,
        currency=row.currency,
        web_total=Money(row.total_minor, row.currency),
        revision=row.revision,
        was=SaleState(row.state),
        state=SaleState(row.state),
        kept_open=row.kept_open,
        at=at,
    )


def _line(row: AnyRow, currency: str) -> Line:
    return Line(
        position=row.position,
        kind=row.kind,
        product=row.product_id,
        description=row.description,
        quantity_e4=row.quantity_e4,
        net=Money(row.net_minor, currency),
        tax=Money(row.tax_minor, currency),
        web_line=row.web_line_id,
        added=row.added_at,
        removed=row.removed_at,
    )


def payment_of(row: AnyRow, currency: str) -> Payment:
    """Return a row of payments as the contract has it."""
    return Payment(
        kind=PaymentKind(row.kind),
        amount=Money(row.amount_minor, currency),
        card_type=row.card_type,
        reference=row.reference,
    )


def write_sheets(database: Connection, sheets: Iterable[Sheet], at: datetime) -> None:
    """Write what was changed: stock, items, payments, comments, states; and tell the feed of new states."""
    changed = sorted((sheet for sheet in sheets if sheet.changed), key=lambda sheet: sheet.number)
    move_stock(database, [move for sheet in changed for move in sheet.moves], at)
    _write_lines(database, changed)
    for table, rows in (
        (tables.sale_payments, [row for sheet in changed for row in sheet.new_payments]),
        (tables.sale_comments, [row for sheet in changed for row in sheet.comments]),
    ):
        if rows:
            database.execute(insert(table), rows)
    if changed:
        _write_sales(database, changed, at)
    publish(database, [sheet.number for sheet in changed if sheet.state is not sheet.was], at)


def _write_lines(database: Connection, sheets: Sequence[Sheet]) -> None:
    items = tables.sale_items
    fresh = [_row(sheet, line) for sheet in sheets for line in sheet.lines if line.fresh]
    if fresh:
        database.execute(insert(items), fresh)
    touched = [
        {
            "the_sale": sheet.number,
            "the_position": line.position,
            "quantity": line.quantity_e4,
            "net": line.net.minor,
            "tax": line.tax.minor,
            "removed": line.removed,
        }
        for sheet in sheets
        for line in sheet.lines
        if line.touched and not line.fresh
    ]
    if touched:
        statement = (
            update(items)
            .where(items.c.sale_id == bindparam("the_sale"), items.c.position == bindparam("the_position"))
            .values(
                quantity_e4=bindparam("quantity"),
                net_minor=bindparam("net"),
                tax_minor=bindparam("tax"),
                removed_at=bindparam("removed"),
            )
        )
        database.execute(statement, touched)


def _row(sheet: Sheet, line: Line) -> dict[str, Any]:
    values = (
        line.position,
        line.kind,
        line.product,
        line.description,
        line.quantity_e4,
        line.net.minor,
        line.tax.minor,
    )
    more = {"web_line_id": line.web_line, "added_at": line.added, "removed_at": line.removed}
    return {"sale_id": sheet.number, **dict(zip(_LINE, values, strict=True)), **more}


def _write_sales(database: Connection, sheets: Sequence[Sheet], at: datetime) -> None:
    sales = tables.sales
    statement = (
        update(sales)
        .where(sales.c.id == bindparam("the_id"))
        .values(
            state=bindparam("new_state"),
            customer_id=bindparam("the_customer"),
            kept_open=bindparam("why_open"),
            revision=sales.c.revision + 1,
            changed_at=at,
        )
    )
    rows = [
        {
            "the_id": sheet.number,
            "new_state": sheet.state,
            "the_customer": sheet.customer,
            "why_open": sheet.kept_open,
        }
        for sheet in sheets
    ]
    database.execute(statement, rows)
