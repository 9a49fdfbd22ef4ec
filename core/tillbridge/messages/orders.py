"""The causes that are orders: one SELECT each, put together into one statement.

Each looks up what waits in an index of what waits (`tillbridge.db.waiting`), so that it costs the same after
years of orders.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    distinct,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from tillbridge.db import tables, waiting
from tillbridge.db.states import DeliveryState, RefundState
from tillbridge.messages import paid
from tillbridge.messages.refund_sayings import amounts_of
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.messages import Cause, OrderRef
from tillbridge.model.money import Money
from tillbridge.model.orders import Standing, WebMoney
from tillbridge.model.reasons import ReasonCode
from tillbridge.model.resolutions import NOT_HANDED_OVER
from tillbridge.model.status import Status
from tillbridge.orders.line_states import JOINED, rejected
from tillbridge.orders.order_state import NOT_OWED
from tillbridge.payments.facts import accepted_heard
from tillbridge.pos.contract import SaleState
from tillbridge.sending.deliveries import Destination

SHOWN = 20
_OVER = (Status.COMPLETED, Status.ARCHIVED)
_BY_STATUS: Mapping[Status, Cause] = {
    Status.NEW: Cause.NEW,
    Status.CUSTOMER_ID_REQUIRED: Cause.CUSTOMER,
    Status.PRODUCT_MATCH_FAILED: Cause.PRODUCT,
    Status.SALE_PROCESSING_FAILED: Cause.SALE_FAILED,
    Status.IN_PROCESS: Cause.TO_GET_READY,
}


@dataclass(frozen=True, slots=True)
class Group:
    """The orders of one cause: how many, the first of them, and since when."""

    count: int
    orders: tuple[OrderRef, ...]
    since: datetime


def groups(database: Connection, now: datetime) -> Mapping[Cause, Group]:
    """Return the orders of each cause that has any."""
    causes = _causes(now).subquery()
    within = {"partition_by": causes.c.cause}
    ranked = select(
        causes,
        func.count().over(**within).label("many"),
        func.min(causes.c.since).over(**within).label("oldest"),
        func.row_number().over(**within, order_by=causes.c.id).label("place"),
    ).subquery()
    connections = tables.connections
    query = (
        select(ranked, connections.c.name)
        .join(connections, connections.c.id == ranked.c.connection_id)
        .where(ranked.c.place <= SHOWN)
        .order_by(ranked.c.cause, ranked.c.place)
    )
    found: dict[Cause, list[Any]] = {}
    for row in database.execute(query):
        found.setdefault(Cause(row.cause), []).append(row)
    owing = [row.id for row in found.get(Cause.REFUND, ())]
    owed = amounts_of(database, owing) if owing else {}
    none: Mapping[int, Money] = {}
    return {cause: _group(rows, owed if cause is Cause.REFUND else none) for cause, rows in found.items()}


def _group(rows: Sequence[Any], owed: Mapping[int, Money]) -> Group:
    refs = tuple(OrderRef(row.id, row.number, row.name, owed.get(row.id)) for row in rows)
    return Group(rows[0].many, refs, rows[0].oldest)


def count_to_act(database: Connection, now: datetime) -> int:
    """Return how many orders have any cause, each counted once."""
    causes = _causes(now).subquery()
    return int(database.execute(select(func.count(distinct(causes.c.id)))).scalar_one())


def unmatched_line(database: Connection, order_id: int) -> int:
    """Return the place of an order's first line that lacks its product, as staff count them: from 1."""
    lines, orders = tables.order_lines, tables.orders
    query = (
        select(lines.c.line_id, lines.c.product_id, orders.c.line_states)
        .join(orders, orders.c.id == lines.c.order_id)
        .where(lines.c.order_id == order_id)
        .order_by(lines.c.position)
    )
    found = enumerate(database.execute(query), start=1)
    lacks = (
        place
        for place, row in found
        if row.product_id is None and row.line_id not in rejected(row.line_states)
    )
    return next(lacks, 1)


def _causes(now: datetime) -> Any:
    return union_all(*_selects(now))


def _selects(now: datetime) -> Iterator[Select[Any]]:
    yield _to_deal_with()
    yield _ready_and_closed()
    yield _changed()
    yield _sold_though_rejected()
    yield _not_delivered()
    yield from paid.selects(now)
    yield _to_refund()
    yield _perhaps_to_refund()
    yield _uncharged()
    yield _call_again(now)
    yield _late(now)
    yield _not_picked_up(now)
    yield _select(_literal(Cause.OUTCOME), tables.orders.c.changed_at).where(*waiting.NO_OUTCOME)


def _select(cause: ColumnElement[Any], since: ColumnElement[Any]) -> Select[Any]:
    orders = tables.orders
    return select(
        cause.label("cause"), orders.c.id, orders.c.number, orders.c.connection_id, since.label("since")
    )


def _to_deal_with() -> Select[Any]:
    orders = tables.orders
    sums = and_(
        orders.c.status == Status.SALE_PROCESSING_FAILED,
        orders.c.reasons.contains(f'"{ReasonCode.TOTALS_MISMATCH}"'),
    )
    by_status = [(orders.c.status == status, cause.value) for status, cause in _BY_STATUS.items()]
    empty = and_(orders.c.sale_state == SaleState.CLOSED_EMPTY, orders.c.closing.is_(None))
    closed = (empty, Cause.CLOSED_EMPTY.value)
    # As `tillbridge.orders.line_states.write` has it; a quote in an item's ID is written otherwise.
    waits = or_(*(orders.c.line_states.contains(f': "{one}"') for one in JOINED))
    added = (and_(orders.c.status == Status.IN_PROCESS, waits), Cause.ADDED.value)
    cause = case((sums, Cause.SUMS_DIFFER.value), closed, added, *by_status)
    return _select(cause, orders.c.imported_at).where(
        waiting.TO_DEAL_WITH, orders.c.status != Status.PROCESS_SALE
    )


def _ready_and_closed() -> Select[Any]:
    """Select orders that are ready, and of whose sales nothing is left; others are dealt with above."""
    orders = tables.orders
    return _select(_literal(Cause.CLOSED_EMPTY), orders.c.changed_at).where(
        *waiting.CLOSED_EMPTY, orders.c.status == Status.READY_FOR_PICKUP, orders.c.closing.is_(None)
    )


def _changed() -> Select[Any]:
    orders = tables.orders
    gone = orders.c.standing.in_((Standing.CANCELLED, Standing.REFUNDED))
    cause = case((gone, Cause.CANCELLED.value), else_=Cause.CHANGED.value)
    told = and_(orders.c.decision == Decision.REJECTED, orders.c.standing != Standing.OPEN)
    over = or_(orders.c.sale_state == SaleState.CLOSED_EMPTY, orders.c.resolution.in_(NOT_HANDED_OVER))
    refunded = and_(orders.c.refund.not_in(NOT_OWED), orders.c.standing == Standing.REFUNDED)
    # As `tillbridge.orders.order_state.as_told`; a resolution that is not known says nothing.
    as_told = or_(and_(func.coalesce(over, false()), gone), refunded)
    return _select(cause, orders.c.changed_at).where(
        *waiting.DIFFERS,
        or_(orders.c.decision.is_(None), ~told),
        ~as_told,
        or_(orders.c.status != Status.ARCHIVED, orders.c.put_aside),
    )


def _sold_though_rejected() -> Select[Any]:
    return _select(_literal(Cause.SOLD_THOUGH_REJECTED), tables.orders.c.changed_at).where(*waiting.CONFLICT)


def _not_delivered() -> Select[Any]:
    """Select orders with a delivery that was set aside and still matters: nothing was told since.

    What staff archived is over; what tillbridge closed by itself is not, while its sale could not be closed.
    """
    orders, deliveries = tables.orders, tables.deliveries
    later = deliveries.alias()
    # What a webstore was told since of the same lines has settled the other (`tillbridge.sending.news`).
    told = exists().where(
        deliveries.c.destination != Destination.WEBSTORE,
        later.c.order_id == deliveries.c.order_id,
        later.c.destination == deliveries.c.destination,
        later.c.id > deliveries.c.id,
        later.c.state == DeliveryState.SENT,
    )
    elsewhere = deliveries.c.destination != Destination.PAYMENT  # that is a cause of its own
    aside = select(deliveries.c.order_id).where(waiting.SET_ASIDE, elsewhere, ~told)
    return _select(_literal(Cause.NOT_DELIVERED), orders.c.changed_at).where(
        orders.c.id.in_(aside), or_(_not_over(), orders.c.put_aside)
    )


def _over() -> ColumnElement[bool]:
    """Return the condition that an order came to nothing."""
    orders = tables.orders
    return or_(orders.c.decision == Decision.REJECTED, orders.c.sale_state == SaleState.CLOSED_EMPTY)


def _to_refund() -> Select[Any]:
    """Select orders whose webstore has money to give back, and did not say that it has.

    As `tillbridge.model.status.PaymentFacts.charged` has it: it says so, or charges for what it heard.
    """
    orders = tables.orders
    for_acceptance = and_(
        orders.c.refund == RefundState.DUE,
        or_(orders.c.money.is_(None), orders.c.money == WebMoney.ON_ACCEPTANCE),
        accepted_heard(orders.c.id),
    )
    whole = orders.c.refund.in_((RefundState.DUE, RefundState.UNSAID))
    refunded = and_(orders.c.money.is_not(None), orders.c.money == WebMoney.REFUNDED)
    charged = and_(_over(), or_(and_(whole, orders.c.money == WebMoney.CHARGED), for_acceptance))
    return _select(_literal(Cause.REFUND), orders.c.changed_at).where(
        waiting.REFUND,
        orders.c.standing != Standing.REFUNDED,
        ~refunded,
        or_(orders.c.refund.in_((RefundState.PART, RefundState.RETURNED)), charged),
    )


def _perhaps_to_refund() -> Select[Any]:
    """Select orders that came to nothing, and of which nobody says whether their webstore charged them."""
    orders = tables.orders
    return _select(_literal(Cause.REFUND_UNSAID), orders.c.changed_at).where(
        waiting.REFUND,
        orders.c.refund == RefundState.UNSAID,
        orders.c.money.is_(None),
        orders.c.standing != Standing.REFUNDED,
        _over(),
    )


def _uncharged() -> Select[Any]:
    """Select orders that were handed over, and whose webstore took no money: it refused their acceptance."""
    orders, deliveries = tables.orders, tables.deliveries
    refused = select(deliveries.c.order_id).where(
        waiting.SET_ASIDE,
        deliveries.c.destination == Destination.WEBSTORE,
        deliveries.c.action == Said.ACCEPTED,
    )
    return _select(_literal(Cause.UNCHARGED), orders.c.changed_at).where(
        orders.c.id.in_(refused),
        orders.c.refund == RefundState.UNCHARGED,
        orders.c.status == Status.COMPLETED,
    )


def _call_again(now: datetime) -> Select[Any]:
    orders, contacts = tables.orders, tables.contacts
    later = contacts.alias()
    newer = exists().where(later.c.order_id == contacts.c.order_id, later.c.id > contacts.c.id)
    return (
        _select(_literal(Cause.CALL_AGAIN), contacts.c.again_at)
        .join(contacts, contacts.c.order_id == orders.c.id)
        .where(contacts.c.again_at <= now, ~newer, _not_over())
    )


def _late(now: datetime) -> Select[Any]:
    """Select accepted orders whose goods were to be ready by now."""
    orders = tables.orders
    return _select(_literal(Cause.LATE), orders.c.expected_at).where(
        waiting.TO_DEAL_WITH, orders.c.status == Status.IN_PROCESS, orders.c.expected_at <= now
    )


def _not_picked_up(now: datetime) -> Select[Any]:
    """Select orders that wait for somebody who was to come by now."""
    orders = tables.orders
    left = (orders.c.no_show_left == orders.c.pick_up_until, Cause.NO_SHOW_LEFT.value)
    cause = case(left, else_=Cause.NOT_PICKED_UP.value)
    return _select(cause, orders.c.pick_up_until).where(
        waiting.ON_SALE, orders.c.status == Status.READY_FOR_PICKUP, orders.c.pick_up_until <= now
    )


def _not_over() -> ColumnElement[bool]:
    orders = tables.orders
    return orders.c.status.is_(None) | orders.c.status.not_in(_OVER)


def _literal(cause: Cause) -> ColumnElement[Any]:
    return literal(cause.value, String)
