"""Where the money for an order is, worked out from what is known of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState, RefundState
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import Said
from tillbridge.model.money import Money
from tillbridge.model.orders import Standing, WebMoney, WebOrder
from tillbridge.model.payments import Capture
from tillbridge.model.status import PaymentFacts, PaymentState, Recorded, payment_state
from tillbridge.model.words import Words
from tillbridge.orders import line_states
from tillbridge.orders.order_state import facts_of, order_row
from tillbridge.payments.known import payments_of, sums_of
from tillbridge.payments.owed import Amounts, Owed
from tillbridge.payments.wording import payment_words
from tillbridge.provider import Provider
from tillbridge.sending.deliveries import Destination


def payment_facts(
    database: Connection, row: AnyRow, provider: Provider, now: datetime | None = None
) -> PaymentFacts:
    """Return what says where the money for an order is; what cannot be read is paid in the shop.

    `now` (UTC) says which holds have ended; without it, those are taken as they were read last.
    """
    return _facts(database, (row, line_states.base_order(database, row)), provider, now)


def web_money(row: AnyRow) -> WebMoney | None:
    """Return what an order's webstore says it has done about the money; None: nothing."""
    return WebMoney(row.money) if row.money else None


def charges_on_acceptance(row: AnyRow, provider: Provider | None) -> bool:
    """Say whether an order's webstore charges for its acceptance: as it says of it, or of all its orders."""
    money = web_money(row)
    if money is None:
        return provider is not None and provider.charges_on_acceptance
    return money is WebMoney.ON_ACCEPTANCE


def _facts(
    database: Connection, read: tuple[AnyRow, WebOrder | None], provider: Provider, now: datetime | None
) -> PaymentFacts:
    row, order = read
    facts, charges = facts_of(row), charges_on_acceptance(row, provider)
    told = _told(database, row)
    recorded = _recorded(database, row, now)
    return PaymentFacts(
        paid_online=(order is not None and order.paid) or (recorded is not None and recorded.there),
        money=web_money(row),
        charges=charges or _captures_then(row),
        accepted=told.heard,
        not_taken=charges and told.refused,
        decision=facts.decision,
        finished=facts.sale_finished,
        closed_empty=facts.closed_empty,
        uncharged=row.refund == RefundState.UNCHARGED,
        part_due=row.refund == RefundState.PART,
        returned=row.refund == RefundState.RETURNED,
        refunded=_is_refunded(row),
        recorded=recorded,
    )


def _is_refunded(row: AnyRow) -> bool:
    """Say whether the webstore says that it gave the money back, or staff do."""
    told = row.standing == Standing.REFUNDED or row.money == WebMoney.REFUNDED
    return bool(told or row.refund == RefundState.DONE)


_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)


def _captures_then(row: AnyRow) -> bool:
    """Say whether a payment service takes the money once the order is accepted."""
    return row.paid_by is not None and row.capture == Capture.ACCEPTANCE


def _recorded(database: Connection, row: AnyRow, now: datetime | None) -> Recorded | None:
    if row.paid_by is None:
        return None
    payments = payments_of(database, [row.id])[row.id]
    sums = sums_of(payments, now or _NO_TIME)
    if sums is None:
        return Recorded()
    return Recorded(
        kept=bool(sums.kept),
        pending=bool(sums.pending),
        given_back=bool(sums.given_back),
        held=bool(sums.held),
        ended=bool(sums.expired),
        released=sums.released,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """Where the money for an order is, as staff see it.

    Attributes:
        words: how that is said.
        money: what the webstore says it has done about it; None: nothing.
        amounts: what is to be given back, and was; None where nothing is, or where nobody counted it.
    """

    state: PaymentState
    words: Words
    money: WebMoney | None = None
    amounts: Amounts | None = None


def payment_of(context: Context, order_id: int) -> PaymentView:
    """Return where the money for an order is.

    Raises:
        NotFound: there is no such order.
    """
    with context.database.read() as database:
        row = order_row(database, order_id)
        return view_of(database, row, context.plugins.provider(row.provider), context.clock.now())


def view_of(database: Connection, row: AnyRow, provider: Provider, now: datetime) -> PaymentView:
    """Return where the money for an order is, of its row."""
    order = line_states.base_order(database, row)
    facts = _facts(database, (row, order), provider, now)
    state = payment_state(facts)
    amounts = _amounts(row, order) if state in _ABOUT_REFUNDS else None
    words = payment_words(facts, state, row.connection, amounts)
    return PaymentView(state=state, words=words, money=facts.money, amounts=amounts)


_ABOUT_REFUNDS: Final = (PaymentState.REFUND_DUE, PaymentState.PART_REFUND_DUE, PaymentState.REFUNDED)


def _amounts(row: AnyRow, order: WebOrder | None) -> Amounts | None:
    owed = Owed.read(row.owed)
    if order is None or not owed.total:
        return None
    currency = order.currency
    return Amounts(
        due=Money(owed.due, currency), done=Money(min(owed.done, owed.total), currency), paid=order.total
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What became of telling the webstore that an order is accepted.

    Attributes:
        heard: it was told so, or its answer is lost: such a delivery counts as sent (rule 8).
        refused: a person has to look at it first.
    """

    heard: bool = False
    refused: bool = False


def _told(database: Connection, row: AnyRow) -> _Told:
    if row.decision is None:
        return _Told()
    table = tables.deliveries
    query = select(table.c.state, table.c.first_sent_at, table.c.not_before).where(
        table.c.order_id == row.id,
        table.c.destination == Destination.WEBSTORE,
        table.c.action == Said.ACCEPTED,
    )
    found = database.execute(query).all()
    heard = any(_heard(one) for one in found)
    return _Told(heard, not heard and any(one.state == DeliveryState.SET_ASIDE for one in found))


def _heard(one: AnyRow) -> bool:
    """Say whether the webstore heard a delivery, or may have heard it."""
    if one.state in (DeliveryState.SENT, DeliveryState.CLAIMED):
        return True
    # One that was refused is not tried again by itself: no moment is noted for it.
    lost = one.first_sent_at is not None and one.not_before is not None
    return lost and one.state in (DeliveryState.RETRY, DeliveryState.SUPERSEDED)


def accepted_heard(order_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that a webstore (perhaps) heard that its order is accepted (`_heard`)."""
    table = tables.deliveries
    lost = and_(
        table.c.state.in_((DeliveryState.RETRY, DeliveryState.SUPERSEDED)),
        table.c.first_sent_at.is_not(None),
        table.c.not_before.is_not(None),
    )
    return exists().where(
        table.c.order_id == order_id,
        table.c.destination == Destination.WEBSTORE,
        table.c.action == Said.ACCEPTED,
        or_(table.c.state.in_((DeliveryState.SENT, DeliveryState.CLAIMED)), lost),
    )
