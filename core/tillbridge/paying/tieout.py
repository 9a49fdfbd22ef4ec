"""Holds an order's money together: web order, sale, payment service. A difference is told, never mended.

What is on its way (a capture, a refund that the outbox still does) is no difference.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import Connection, delete, select

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.payment_tables import differences
from tillbridge.db.sets import among
from tillbridge.db.states import NOTHING_BACK
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.model.exchange import Decision
from tillbridge.model.money import Money, zero
from tillbridge.model.orders import WebOrder
from tillbridge.model.payments import WebPayment, WebPaymentState
from tillbridge.model.words import Words
from tillbridge.orders import line_states, wishes
from tillbridge.orders.order_state import order_rows
from tillbridge.orders.owing import back_of
from tillbridge.orders.refunds import shown_sales
from tillbridge.payments.amounts import card_part
from tillbridge.payments.asking import favours
from tillbridge.payments.known import Sums, payments_of, sums_of
from tillbridge.pos.contract import SaleState, SaleView
from tillbridge.sending.deliveries import Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The three sides of an order's money.

    Attributes:
        order: as the shop sells it: without what staff rejected.
        sale: as the POS shows it, or None.
        over: the order came to nothing.
        itself: the webstore charges by itself; what it has to give back is a message of its own.
        favour: what staff had refunded beside what came back, and was done.
    """

    order: WebOrder
    sums: Sums
    payments: Sequence[WebPayment]
    sale: SaleView | None
    over: bool
    favour: Money
    itself: bool = False


def note_difference(context: Context, order_id: int) -> Words | None:
    """Hold an order's money together, and keep what does not add up until it does; return it.

    Raises:
        PosAway: the point of sale could not show the sale.
    """
    return note_differences(context, [order_id]).get(order_id)


def note_differences(context: Context, order_ids: Collection[int]) -> dict[int, Words]:
    """Hold orders' money together, and keep what does not add up until it does; return it by their IDs.

    What is on its way is looked at again with the next reading.

    Raises:
        PosAway: the point of sale could not show the sales.
    """
    now = context.clock.now()
    with context.database.read() as database:
        read = _Read.of(database, order_ids, now)
    judged = [row for row in read.rows if read.is_at_rest(row)]
    sales = shown_sales(context, judged)
    told: dict[int, Words] = {}
    for row in judged:
        books = read.books(row, sales.get(row.id))
        if said := list(found(books)):
            told[row.id] = _joined(books, said)
    over = [row.id for row in judged if row.id in read.stood and row.id not in told]
    if told or over:
        context.database.unit("payment difference", lambda database: _write(database, told, over, now))
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the database has of orders' money.

    Attributes:
        moving: the orders whose money something is still to be done with.
        stood: those of which something did not add up.
    """

    rows: Sequence[AnyRow]
    orders: Mapping[int, WebOrder]
    payments: Mapping[int, Sequence[WebPayment]]
    sums: Mapping[int, Sums | None]
    favours: Mapping[int, int]
    moving: Collection[int]
    stood: Collection[int]

    @classmethod
    def of(cls, database: Connection, order_ids: Collection[int], now: datetime) -> Self:
        """Read it, with as many queries whatever the number of orders."""
        payments = payments_of(database, order_ids)
        return cls(
            rows=order_rows(database, order_ids),
            orders=wishes.newest_of(database, order_ids),
            payments=payments,
            sums={number: sums_of(every, now) for number, every in payments.items()},
            favours=favours(database, order_ids),
            moving=_moving(database, order_ids),
            stood=_stood(database, order_ids),
        )

    def is_at_rest(self, row: AnyRow) -> bool:
        """Say whether an order's money can be held together now."""
        order, payments = self.orders.get(row.id), self.payments[row.id]
        if order is None or not payments or any(one.currency != order.currency for one in payments):
            return False
        if row.paid_by is None and (row.refund not in NOTHING_BACK or row.decision is None):
            return False  # what it charges or gives back by itself comes with a later reading
        return row.id not in self.moving

    def books(self, row: AnyRow, sale: SaleView | None) -> Books:
        """Return the three sides of an order's money that is at rest."""
        order, sums = self.orders[row.id], self.sums[row.id]
        assert sums is not None  # it has payments
        return Books(
            order=line_states.as_sold(order, row),
            sums=sums,
            payments=self.payments[row.id],
            sale=sale,
            over=row.decision == Decision.REJECTED or row.sale_state == SaleState.CLOSED_EMPTY,
            favour=Money(self.favours[row.id], order.currency),
            itself=row.paid_by is None,
        )


def standing_difference(context: Context, order_id: int) -> Words | None:
    """Return what was found not to add up of an order's money, and does not yet."""
    query = select(differences.c.en, differences.c.ko).where(differences.c.order_id == order_id)
    with context.database.read() as database:
        row = database.execute(query).first()
    return Words(row.en, row.ko) if row else None


def found(books: Books) -> Iterator[Words]:
    """Yield what does not add up, each in a sentence."""
    yield from _of_service(books)
    if books.over:
        if not books.itself:
            yield from _of_nothing(books)
        return
    expected = card_part(books.order)
    tax = books.order.marketplace_tax
    fitting = {expected, expected - tax}  # a marketplace may keep the tax that it pays itself
    sums, sale = books.sums, books.sale
    if sale is not None and sale.facts.state is SaleState.FINISHED:
        yield from _of_sale(books, sale)  # what the customer took is what counts
        return
    taken = sums.kept + sums.held + books.favour  # of a hold a part may be taken, and the rest held still
    if (sums.kept or sums.given_back or sums.pending) and taken not in fitting:
        yield Words("what was taken is not what the order comes to", "결제 금액이 주문 금액과 다릅니다")
    elif not sums.kept and sums.held and sums.held not in fitting:
        yield Words("what is held is not what the order comes to", "승인 보류 금액이 주문 금액과 다릅니다")


def _of_service(books: Books) -> Iterator[Words]:
    # Of a hold of which a part was taken, `authorised` is what is left of it.
    over = (one for one in books.payments if one.state is not WebPaymentState.HELD)
    if any(one.captured > one.authorised for one in over):
        yield Words("more was taken than was held", "승인된 금액보다 많이 결제되었습니다")


def _of_nothing(books: Books) -> Iterator[Words]:
    """Yield what is wrong with the money of an order that came to nothing."""
    if books.sums.kept:
        yield Words(
            "the order is over, and its money was not given back", "종료된 주문의 금액이 환불되지 않았습니다"
        )
    if books.sums.held:
        yield Words("the order is over, and the hold still stands", "종료된 주문의 승인 보류가 남아 있습니다")


def _of_sale(books: Books, sale: SaleView) -> Iterator[Words]:
    if noted(sale) - books.favour != books.sums.kept + _beside(books.order):
        yield Words(
            "the sale's eCommerce payments are not what the payment service has",
            "판매의 이커머스 결제와 결제 서비스의 금액이 다릅니다",
        )


def noted(sale: SaleView) -> Money:
    """Return what stands on a finished sale as paid by the webstore, less what came back of it."""
    return sale.balance.web_paid - back_of(sale)


def _beside(order: WebOrder) -> Money:
    """Return what was paid online by gift cards and the like, which no payment service has."""
    return order.total - card_part(order) if order.tenders else zero(order.currency)


def _joined(books: Books, told: Sequence[Words]) -> Words:
    """Return what differs, with every number."""
    sums, order = books.sums, books.order
    sale = books.sale.balance.web_paid if books.sale else zero(order.currency)
    numbers = (
        ("order", "주문", order.total),
        ("tax paid by the marketplace", "마켓플레이스 납부 세금", order.marketplace_tax),
        ("on the sale", "거래의 이커머스 결제", sale),
        ("held", "승인 보류", sums.held),
        ("taken and kept", "결제", sums.kept),
        ("refunded", "환불", sums.given_back),
        ("refund under way", "환불 진행", sums.pending),
    )
    en = ", ".join(f"{name} {amount:en}" for name, _, amount in numbers)
    ko = ", ".join(f"{name} {amount:ko}" for _, name, amount in numbers)
    first = Words("; ".join(one.en for one in told), "; ".join(one.ko for one in told))
    return Words(f"{first.en[0].upper()}{first.en[1:]}: {en}.", f"{first.ko}: {ko}.")


def _moving(database: Connection, order_ids: Collection[int]) -> set[int]:
    """Return those of the orders with which something is still to be done that may move their money."""
    table = tables.deliveries
    query = select(table.c.order_id).where(
        among(database, table.c.order_id, list(order_ids)),
        table.c.destination != Destination.PLUGIN,
        waiting.OPEN,
    )
    return set(database.execute(query).scalars())


def _stood(database: Connection, order_ids: Collection[int]) -> set[int]:
    mine = among(database, differences.c.order_id, list(order_ids))
    return set(database.execute(select(differences.c.order_id).where(mine)).scalars())


def _write(database: Connection, told: Mapping[int, Words], over: Sequence[int], now: datetime) -> None:
    if over:
        database.execute(delete(differences).where(among(database, differences.c.order_id, over)))
    mine = among(database, differences.c.order_id, list(told))
    since = {row.order_id: row.since for row in database.execute(select(differences).where(mine))}
    rows = [
        {"order_id": number, "since": since.get(number, now), "en": words.en, "ko": words.ko}
        for number, words in told.items()
    ]
    upsert(database, differences, rows, keys=("order_id",))
