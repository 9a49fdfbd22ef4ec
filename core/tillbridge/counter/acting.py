"""Does what staff ask of an order's sale: queued first, then done at once, signed with its success, and told.

A change goes the way of every act in the POS (invariant 6): it is a delivery that carries its signature, and
the outbox writes that with the answer. So a kill anywhere leaves nothing half done, nothing unsigned, and
nothing signed that was refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Connection, func, select, update

from tillbridge import outbox
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.counter.plans import Plan
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.model.contacts import TOLD, NewContact
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import ANSWERED, HAS_SALE
from tillbridge.model.words import Words
from tillbridge.orders.contacts import require_contact, write_contact
from tillbridge.orders.order_state import Signature, locked, no_order
from tillbridge.pos.details import SaleAction
from tillbridge.pos.sales import SaleView
from tillbridge.sending import deliveries

_GONE = Words(
    "The sale was made anew meanwhile; look at the order again.",
    "그사이 거래가 새로 만들어졌습니다. 주문을 다시 확인해 주세요.",
)


class Progress(StrEnum):
    """How far a change has come."""

    DONE = "done"
    QUEUED = "queued"  # the POS is away, or others come first: it is done as soon as possible


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of a change, and the sale as it is now."""

    progress: Progress
    sale: SaleView


def sale_of(context: Context, order_id: int) -> SaleView:
    """Return an order's sale.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it has no sale yet.
        NotOffered: the POS shows its sales itself.
    """
    orders = tables.orders
    with context.database.read() as database:
        row = database.execute(select(orders.c.sale_id).where(orders.c.id == order_id)).first()
    if row is None:
        raise no_order(order_id)
    sale = context.pos.sale(row.sale_id) if row.sale_id else None
    if sale is None:
        raise NotAllowed(HAS_SALE.otherwise)
    return sale


def act(
    context: Context,
    opened: OpenConnection,
    order_id: int,
    plan: Callable[[SaleView], Plan],
    signature: Signature,
    contact: NewContact | None = None,
) -> Acted:
    """Do one change of an order's sale, as it is decided on the sale that is there now.

    Args:
        context: the engine's parts.
        opened: the order's connection.
        order_id: tillbridge's own ID of the order.
        plan: makes the change of the sale; may raise NotFound.
        signature: who, and why.
        contact: written down with it; a new price needs one, now or since the last new price.

    Raises:
        NotFound: there is no such order or item.
        NotAllowed: there is no sale; the POS refuses, in its words; the sale was changed meanwhile; or
            the customer has to be contacted first.
    """
    _finish_before(context, opened, order_id)
    sale = sale_of(context, order_id)
    wanted = plan(sale)

    def work(database: Connection) -> str:
        row = locked(database, order_id)
        _require_sale(row, sale)
        _hear_customer(context, database, order_id, wanted, contact, signature)
        return _queue(context, database, row, wanted, sale.revision, signature)

    key = context.database.unit("counter", work)
    outbox.deliver(context, opened, order_id, asked=key)
    state, words = _answer(context, key)
    if state is DeliveryState.SET_ASIDE:
        raise NotAllowed(words)
    progress = Progress.DONE if state is DeliveryState.SENT else Progress.QUEUED
    return Acted(progress, sale_of(context, order_id))


def _finish_before(context: Context, opened: OpenConnection, order_id: int) -> None:
    """Have the POS do what was decided before: the sale is looked at as it is then."""
    with context.database.read() as database:
        waits = deliveries.pos_waits(database, order_id)
    if waits:
        outbox.deliver(context, opened, order_id)


def _require_sale(row: AnyRow, sale: SaleView) -> None:
    if row.unanswered:
        raise NotAllowed(ANSWERED.otherwise)
    if row.sale_id != sale.facts.sale_id:
        raise NotAllowed(_GONE)


def _hear_customer(  # what one transaction knows
    context: Context,
    database: Connection,
    order_id: int,
    wanted: Plan,
    contact: NewContact | None,
    signature: Signature,
) -> None:
    """Write the contact down; a new price needs one that is newer than the last new price (MISSION S19)."""
    if contact is not None:
        write_contact(database, order_id, contact, who=signature.who, now=context.clock.now())
    if wanted.action is SaleAction.SET_PRICE and (contact is None or contact.outcome not in TOLD):
        table = tables.deliveries
        last = select(func.max(table.c.created_at)).where(
            table.c.order_id == order_id,
            table.c.action == SaleAction.SET_PRICE.value,
            table.c.state.not_in((DeliveryState.SET_ASIDE, DeliveryState.WITHDRAWN)),
        )
        moment = database.execute(last).scalar()
        # The last price's own contact bears its very moment.
        require_contact(database, order_id, moment and moment + timedelta(microseconds=1))


def _queue(  # what one transaction knows
    context: Context,
    database: Connection,
    row: AnyRow,
    wanted: Plan,
    revision: int,
    signature: Signature,
) -> str:
    reason = "" if wanted.what == "comment" or not signature.reason else f" ({signature.reason})"
    change = deliveries.SaleOrder(
        action=wanted.action,
        detail=wanted.detail,
        reason=signature.reason,
        who=signature.who,
        expect=revision,
        signs=(wanted.what, Words(f"{wanted.words.en}{reason}", f"{wanted.words.ko}{reason}")),
        outcome=wanted.outcome,
    )
    act_ = deliveries.Act(id=deliveries.new_act(), at=context.clock.now(), attempt=row.sold_attempt)
    (key,) = deliveries.queue_changes(database, row.id, [change], act_)
    return key


def _answer(context: Context, key: str) -> tuple[DeliveryState, Words]:
    """Return what became of a delivery; one that was refused is withdrawn: whoever asked is told now."""
    table = tables.deliveries

    def work(database: Connection) -> tuple[DeliveryState, Words]:
        row = database.execute(select(table).where(table.c.key == key).with_for_update()).one()
        if row.state == DeliveryState.SET_ASIDE:
            withdrawn = update(table).where(table.c.id == row.id).values(state=DeliveryState.WITHDRAWN)
            database.execute(withdrawn)
        return DeliveryState(row.state), Words(row.answer_en or "", row.answer_ko or "")

    return context.database.unit("counter answer", work)
