"""Returns of finished sales: goods that come back, and money that goes back the way it came.

The sale itself is not altered: a return is a record of its own beside it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tillbridge.db.allot import allot
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.money import Money, zero
from tillbridge.model.words import Words
from tillbridge.pos.details import Payment, PaymentKind, Return, ReturnedItem
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.numbers import from_e4, to_e4
from tillbridge.pos.embedded.sheets import Line, Sheet, payment_of
from tillbridge.pos.embedded.stock import Move, MoveReason, move_stock
from tillbridge.pos.sales import ReturnedLine, ReturnTaken

_TWICE = Words("An item is named twice.", "같은 항목을 두 번 지정했습니다.")
_NOTHING = Words("Say what comes back.", "반품할 항목을 지정해 주세요.")


@dataclass(frozen=True, slots=True)
class Back:
    """Pieces of a line that come back, with what they cost."""

    line: Line
    quantity_e4: int
    net: Money
    tax: Money
    to_stock: bool


@dataclass(slots=True)
class Ledger:
    """What came back of a sale before, and what does now.

    Attributes:
        pieces: by the line's position, in ten-thousandths.
        refunds: what went back, all of it.
    """

    pieces: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    refunds: list[Payment] = field(default_factory=list)
    new: list[tuple[list[Back], list[Payment], str, str]] = field(default_factory=list)


def take_back(sheet: Sheet, ledger: Ledger, wanted: Return, reason: str, who: str) -> Words | None:
    """Take items back and give their money back; return why not, if that cannot be done."""
    found = [_back(sheet, ledger, one) for one in wanted.items]
    if refused := next((one for one in found if isinstance(one, Words)), None):
        return refused
    backs = [one for one in found if isinstance(one, Back)]
    if not backs:
        return _NOTHING
    if len({one.line.position for one in backs}) < len(backs):
        return _TWICE
    refunds = _refunds(sheet, ledger, backs)
    if isinstance(refunds, Words):
        return refunds
    for one in backs:
        ledger.pieces[one.line.position] += one.quantity_e4
    ledger.refunds += refunds
    ledger.new.append((backs, refunds, reason, who))
    return None


def _back(sheet: Sheet, ledger: Ledger, wanted: ReturnedItem) -> Back | Words:
    line = next((one for one in sheet.live if str(one.position) == wanted.item), None)
    if line is None:
        return Words(f"The sale has no item {wanted.item!r}.", f"거래에 {wanted.item!r} 항목이 없습니다.")
    before = ledger.pieces[line.position]
    left = line.quantity_e4 - before
    asked = left if wanted.quantity is None else to_e4(wanted.quantity) or 0
    if not 0 < asked <= left:
        return Words(
            f"“{line.description}”: {wanted.quantity or 0} cannot come back, {from_e4(left)} are left.",
            f"‘{line.description}’: 반품할 수 있는 수량은 {from_e4(left)}개입니다.",
        )
    (net, tax), (old_net, old_tax) = line.upto(before + asked), line.upto(before)
    return Back(line, asked, net - old_net, tax - old_tax, wanted.to_stock)


def _refunds(sheet: Sheet, ledger: Ledger, backs: Sequence[Back]) -> list[Payment] | Words:
    """Divide the money among the ways it came: the web order's by the webstore, the rest newest first."""
    left = _left(sheet, ledger)
    web = _sum((one for one in backs if one.line.added is None), sheet)
    total = _sum(backs, sheet)
    refunds: list[Payment] = []
    for payment, most in left:
        wanted = web if payment.kind is PaymentKind.ECOMMERCE else total
        amount = min(wanted, most, total)
        if amount.minor <= 0:
            continue
        total -= amount
        if payment.kind is PaymentKind.ECOMMERCE:
            web -= amount
        refunds.append(
            Payment(
                kind=payment.kind, amount=amount, card_type=payment.card_type, reference=payment.reference
            )
        )
    if total:
        return Words(
            f"{total} of it was never paid, and cannot be given back.",
            f"결제되지 않은 금액 {total}은(는) 돌려줄 수 없습니다.",
        )
    return refunds


def _left(sheet: Sheet, ledger: Ledger) -> list[tuple[Payment, Money]]:
    """Return each way money came, with what has not gone back by it: the webstore's, then the newest."""
    sums: dict[tuple[PaymentKind, str, str], Money] = {}
    nothing = zero(sheet.currency)
    for one in sheet.payments:
        way = (one.kind, one.card_type, one.reference)
        sums[way] = sums.pop(way, nothing) + one.amount
    for one in ledger.refunds:
        way = (one.kind, one.card_type, one.reference)
        sums[way] = sums.get(way, nothing) - one.amount
    newest = list(reversed(sums.items()))
    ways = sorted(newest, key=lambda item: item[0][0] is not PaymentKind.ECOMMERCE)
    return [
        (Payment(kind=kind, amount=amount, card_type=card, reference=reference), amount)
        for (kind, card, reference), amount in ways
    ]


def _sum(backs: Any, sheet: Sheet) -> Money:
    return Money(sum((one.net + one.tax).minor for one in backs), sheet.currency)


def read_ledgers(database: Connection, sheets: Collection[Sheet]) -> Mapping[int, Ledger]:
    """Read what came back of these sales before."""
    ledgers = {sheet.number: Ledger() for sheet in sheets}
    currencies = {sheet.number: sheet.currency for sheet in sheets}
    returns, items, refunds = tables.returns, tables.return_items, tables.return_refunds
    mine = among(database, returns.c.sale_id, sorted(ledgers))
    query = select(items, returns.c.sale_id).join(returns, returns.c.id == items.c.return_id).where(mine)
    for row in database.execute(query):
        ledgers[row.sale_id].pieces[row.position] += row.quantity_e4
    paid = select(refunds, returns.c.sale_id).join(returns, returns.c.id == refunds.c.return_id).where(mine)
    for row in database.execute(paid):
        ledgers[row.sale_id].refunds.append(payment_of(row, currencies[row.sale_id]))
    return ledgers


def write_returns(database: Connection, sheets: Collection[Sheet], ledgers: Mapping[int, Ledger]) -> None:
    """Write what came back, its stock and its money."""
    fresh = [(sheet, new) for sheet in sheets if sheet.number in ledgers for new in ledgers[sheet.number].new]
    if not fresh:
        return
    at = fresh[0][0].at
    numbers = allot(database, tables.returns, len(fresh))
    heads, items, refunds, moves = [], [], [], []
    for number, (sheet, (backs, money, reason, who)) in zip(numbers, fresh, strict=True):
        heads.append({"id": number, "sale_id": sheet.number, "reason": reason, "at": at, "who": who})
        items += [_item_row(number, one) for one in backs]
        refunds += [_refund_row(number, one) for one in money]
        moves += [
            Move(sheet.store, one.line.product, one.quantity_e4, MoveReason.RETURNED, sheet.number)
            for one in backs
            if one.to_stock and one.line.product
        ]
    move_stock(database, moves, at)
    for table, rows in (
        (tables.returns, heads),
        (tables.return_items, items),
        (tables.return_refunds, refunds),
    ):
        if rows:
            database.execute(insert(table), rows)
    sales = tables.sales
    changed = among(database, sales.c.id, sorted({sheet.number for sheet, _ in fresh}))
    database.execute(update(sales).where(changed).values(revision=sales.c.revision + 1))


def _item_row(number: int, one: Back) -> dict[str, Any]:
    return {
        "return_id": number,
        "position": one.line.position,
        "quantity_e4": one.quantity_e4,
        "net_minor": one.net.minor,
        "tax_minor": one.tax.minor,
        "to_stock": one.to_stock,
    }


def _refund_row(number: int, one: Payment) -> dict[str, Any]:
    return {
        "return_id": number,
        "kind": one.kind.value,
        "card_type": one.card_type,
        "reference": one.reference,
        "amount_minor": one.amount.minor,
    }


def returns_of(database: Connection, currencies: Mapping[int, str]) -> dict[int, list[ReturnTaken]]:
    """Return every return of sales, oldest first, by the sales' numbers.

    Args:
        database: the caller's transaction.
        currencies: of each sale, by its number.
    """
    returns, items, refunds = tables.returns, tables.return_items, tables.return_refunds
    mine = among(database, returns.c.sale_id, list(currencies))
    heads = database.execute(select(returns).where(mine).order_by(returns.c.id)).all()
    found: dict[int, list[ReturnTaken]] = {number: [] for number in currencies}
    if not heads:
        return found
    of = {row.id: currencies[row.sale_id] for row in heads}
    numbers = list(of)
    lines: dict[int, list[ReturnedLine]] = defaultdict(list)
    query = select(items).where(among(database, items.c.return_id, numbers)).order_by(items.c.position)
    for row in database.execute(query):
        lines[row.return_id].append(_line(row, of[row.return_id]))
    money: dict[int, list[Payment]] = defaultdict(list)
    paid = select(refunds).where(among(database, refunds.c.return_id, numbers)).order_by(*refunds.primary_key)
    for row in database.execute(paid):
        money[row.return_id].append(payment_of(row, of[row.return_id]))
    for row in heads:
        found[row.sale_id].append(_taken(row, lines[row.id], money[row.id]))
    return found


def _line(row: AnyRow, currency: str) -> ReturnedLine:
    return ReturnedLine(
        item=str(row.position),
        quantity=from_e4(row.quantity_e4),
        net=Money(row.net_minor, currency),
        tax=Money(row.tax_minor, currency),
        to_stock=row.to_stock,
    )


def _taken(row: AnyRow, lines: Sequence[ReturnedLine], refunds: Sequence[Payment]) -> ReturnTaken:
    at: datetime = row.at
    return ReturnTaken(items=lines, refunds=refunds, reason=row.reason, at=at, who=row.who)
