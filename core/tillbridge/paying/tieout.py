"""Holds an order's money together: web order, sale, payment service. A difference is told, never mended.

What is on its way (a capture, a refund that the outbox still does) is no difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from tillbridge import line_states, wishes
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.payment_tables import differences
from tillbridge.db.states import NOTHING_BACK
from tillbridge.db.upsert import upsert
from tillbridge.deliveries import Destination
from tillbridge.model.exchange import Decision
from tillbridge.model.money import Money, zero
from tillbridge.model.orders import WebOrder
from tillbridge.model.payments import WebPayment
from tillbridge.model.words import Words
from tillbridge.order_state import order_row
from tillbridge.payments.amounts import card_part
from tillbridge.payments.asking import refunded_in_favour
from tillbridge.payments.known import Sums, payments_of, sums_of
from tillbridge.pos.contract import SaleState, SaleView
from tillbridge.refunds import back_of, shown_sale


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
        NotFound: there is no such order.
        PosAway: the point of sale could not show the sale.
    """
    with context.database.read() as database:
        row = order_row(database, order_id)
        order = wishes.newest(database, order_id)
        payments = payments_of(database, [order_id])[order_id]
        moving = _moving(database, order_id)
        favour = refunded_in_favour(database, order_id)
        known = select(differences.c.order_id).where(differences.c.order_id == order_id)
        stood = database.execute(known).first() is not None
    sums = sums_of(payments, context.clock.now())
    if row.paid_by is None and (row.refund not in NOTHING_BACK or row.decision is None):
        moving = True  # what it charges or gives back by itself comes with a later reading
    if order is None or sums is None or moving or any(p.currency != order.currency for p in payments):
        return None  # it is looked at again with the next reading
    books = Books(
        order=line_states.as_sold(order, row),
        sums=sums,
        payments=payments,
        sale=shown_sale(context, row),
        over=row.decision == Decision.REJECTED or row.sale_state == SaleState.CLOSED_EMPTY,
        favour=Money(favour, order.currency),
        itself=row.paid_by is None,
    )
    told = list(found(books))
    words = _joined(books, told) if told else None
    if words is not None or stood:
        context.database.unit(
            "payment difference", lambda database: _write(context, database, order_id, words)
        )
    return words


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
    taken = sums.kept + books.favour
    if (sums.kept or sums.given_back or sums.pending) and taken not in fitting:
        yield Words("what was taken is not what the order comes to", "결제 금액이 주문 금액과 다릅니다")
    elif not sums.kept and sums.held and sums.held not in fitting:
        yield Words("what is held is not what the order comes to", "승인 보류 금액이 주문 금액과 다릅니다")


def _of_service(books: Books) -> Iterator[Words]:
    if any(one.captured > one.authorised for one in books.payments):
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


def _moving(database: Connection, order_id: int) -> bool:
    """Say whether something is still to be done that may move an order's money, wherever it is."""
    table = tables.deliveries
    mine = (
        table.c.order_id == order_id,
        table.c.destination != Destination.PLUGIN,
        waiting.OPEN,
    )
    return database.execute(select(table.c.id).where(*mine).limit(1)).first() is not None


def _write(context: Context, database: Connection, order_id: int, words: Words | None) -> None:
    if words is None:
        database.execute(delete(differences).where(differences.c.order_id == order_id))
        return
    row = {"order_id": order_id, "since": context.clock.now(), "en": words.en, "ko": words.ko}
    since = select(differences.c.since).where(differences.c.order_id == order_id)
    row["since"] = database.execute(since).scalar() or row["since"]
    upsert(database, differences, [row], keys=("order_id",))
