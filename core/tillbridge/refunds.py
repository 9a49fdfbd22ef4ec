"""What a webstore has to give back of a sale that it paid: of goods that came back, or were not taken.

What an act of staff makes of it is noted with the act (`tillbridge.fulfilment.refunding`). A sale that is
finished, or of which goods came back, is looked at afterwards. Where the money is says `tillbridge.payments`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, update

from tillbridge import line_states
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState, RefundState
from tillbridge.db.types import AnyRow
from tillbridge.deliveries import Destination
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Said
from tillbridge.model.money import sum_money
from tillbridge.model.orders import OrderKind, WebOrder
from tillbridge.model.status import ACT_WORDS, Act, PaymentState, payment_after, payment_state
from tillbridge.model.words import Words
from tillbridge.order_state import Signature, locked, touch, with_reason
from tillbridge.payments import payment_facts
from tillbridge.pos.contract import NotOffered, SaleState, SaleView
from tillbridge.pos.details import PaymentKind, SaleAction
from tillbridge.timeline import Entry, sign

_BATCH = 100
_NOTHING_DUE = Words(
    "The webstore has nothing to give back for this order.", "웹스토어에서 환불할 금액이 없는 주문입니다."
)


def after_answer(order: AnyRow, action: SaleAction) -> Mapping[str, Any]:
    """Return what is noted of an order whose sale is finished now, or of which goods came back."""
    finished = action is SaleAction.FINISH and not order.refund
    if order.kind != OrderKind.ROPIS and (finished or action is SaleAction.RETURN):
        return {"refund": RefundState.LOOK.value}
    return {}


def after_version(before: AnyRow, order: WebOrder) -> Mapping[str, Any]:
    """Return what is noted of an open sale's order whose webstore has no more what staff took off it."""
    open_part = before.refund == RefundState.PART and before.sale_state == SaleState.OPEN
    gone = line_states.rejected(before.line_states)
    if open_part and gone and gone.isdisjoint(line.id for line in order.lines):
        return {"refund": ""}
    return {}


def look(context: Context) -> None:
    """Look at the sales that are to be looked at, and note what their webstores have to give back.

    Raises:
        PosAway: the point of sale could not answer; they are looked at again.
    """
    orders, connections = tables.orders, tables.connections
    query = (
        select(orders, connections.c.provider)
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(waiting.REFUND, orders.c.refund == RefundState.LOOK)
        .order_by(orders.c.id)
        .limit(_BATCH)
    )
    with context.database.read() as database:
        found = database.execute(query).all()
        charging = _charging(context, database, found)
    if not found:
        return
    seen = [(row, _became(_sale(context, row), row, charged=row.id in charging)) for row in found]
    context.database.unit("refunds", lambda database: _note(database, seen))


def _charging(context: Context, database: Connection, found: Sequence[AnyRow]) -> Collection[int]:
    """Return the orders that their webstores charge, or have charged: for their acceptance."""
    providers, table = context.plugins.providers, tables.deliveries
    ids = [
        row.id for row in found if row.provider in providers and providers[row.provider].charges_on_acceptance
    ]
    query = select(table.c.order_id).where(
        among(database, table.c.order_id, ids),
        table.c.destination == Destination.WEBSTORE,
        table.c.action == Said.ACCEPTED,
        table.c.state.not_in((DeliveryState.SET_ASIDE, DeliveryState.WITHDRAWN)),
    )
    return set(database.execute(query).scalars()) if ids else ()


def _sale(context: Context, row: AnyRow) -> SaleView | None:
    try:
        return context.pos.sale(row.sale_id) if row.sale_id else None
    except NotOffered:
        return None


def _became(sale: SaleView | None, row: AnyRow, *, charged: bool) -> str:
    """Return what is owed of a sale, as the order's column says it; of one that is not shown, nothing."""
    if sale is None or sale.facts.state not in (SaleState.FINISHED, SaleState.CLOSED_EMPTY):
        return ""
    if sale.facts.state is SaleState.CLOSED_EMPTY:
        return RefundState.DUE.value if charged else ""
    back = sum_money(
        (one.amount for taken in sale.returns for one in taken.refunds if one.kind is PaymentKind.ECOMMERCE),
        sale.currency,
    )
    gone = line_states.rejected(row.line_states)
    rejected = sum_money((item.gross for item in sale.items if item.web_line in gone), sale.currency)
    noted = sale.balance.web_paid
    untaken = (sale.web_total - rejected - noted).minor if charged else 0
    if back.minor <= 0 and untaken <= 0:
        return ""
    return (RefundState.RETURNED if back >= noted else RefundState.PART).value


def _note(database: Connection, seen: Sequence[tuple[AnyRow, str]]) -> None:
    """Write what was found; an order that changed meanwhile is looked at again."""
    orders = tables.orders
    still = and_(orders.c.id == bindparam("the_id"), orders.c.revision == bindparam("seen"))
    database.execute(
        update(orders).where(still).values(refund=bindparam("became"), revision=orders.c.revision + 1),
        [{"the_id": row.id, "seen": row.revision, "became": became} for row, became in seen],
    )


def mark_refunded(context: Context, order_id: int, signature: Signature) -> PaymentState:
    """Say that a webstore gave back what it had to, where it does not say so itself.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it has nothing to give back.
    """

    def work(database: Connection) -> PaymentState:
        row = locked(database, order_id)
        facts = payment_facts(database, row, context.plugins.provider(row.provider))
        now, after = payment_state(facts), payment_after(Act.REFUNDED, facts)
        if after is now:
            raise NotAllowed(_NOTHING_DUE)
        touch(context, database, row, {"refund": RefundState.DONE.value, "undo": None})
        words = with_reason(ACT_WORDS[Act.REFUNDED], signature)
        sign(database, context.clock.now(), [Entry(order_id, signature.who, Act.REFUNDED.value, words)])
        return after

    return context.database.unit("refunded", work)
