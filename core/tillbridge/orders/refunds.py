"""What a webstore has to give back of a sale that it paid: of goods that came back, or were not taken.

What an act of staff makes of it is noted with the act (`tillbridge.fulfilment.refunding`). A sale that is
finished, or of which goods came back, is looked at afterwards (`tillbridge.orders.owing`). Where the money is
says `tillbridge.payments`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.states import NOTHING_BACK, DeliveryState, RefundState
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Said
from tillbridge.model.orders import OrderKind, WebOrder
from tillbridge.model.status import ACT_WORDS, Act, payment_after, payment_state
from tillbridge.model.words import Words
from tillbridge.orders import line_states
from tillbridge.orders.order_state import Signature, locked, order_row, touch, with_reason
from tillbridge.orders.owing import Charge, back_of, charges_of, how_much
from tillbridge.orders.timeline import Entry, sign
from tillbridge.payments.asking import Demand, demand
from tillbridge.payments.facts import PaymentView, payment_facts, view_of
from tillbridge.payments.owed import Owed
from tillbridge.payments.planning import Wish
from tillbridge.pos.contract import NotOffered, SaleState, SaleView
from tillbridge.pos.details import SaleAction
from tillbridge.sending import deliveries, given_back
from tillbridge.sending.given_back import GivenBack

_BATCH = 100
# Asked at every beat, so it is made once: making it costs more than a small answer.
_TO_LOOK_AT: Final = (
    select(tables.orders, tables.connections.c.provider, tables.connections.c.paid_by)
    .join(tables.connections, tables.connections.c.id == tables.orders.c.connection_id)
    .where(waiting.REFUND, tables.orders.c.refund == RefundState.LOOK)
    .order_by(tables.orders.c.id)
    .limit(_BATCH)
)
_NOTHING_DUE = Words(
    "The webstore has nothing to give back for this order.", "웹스토어에서 환불할 금액이 없는 주문입니다."
)

_BY_SERVICE = Words(
    "What this order's payment service gave back is read there; refund an amount with: tillbridge payments "
    "refund",
    "환불 여부는 결제 서비스에서 확인합니다. 금액을 환불하려면 다음 명령을 사용해 주세요: tillbridge "
    "payments refund",
)


def after_answer(order: AnyRow, action: SaleAction) -> Mapping[str, Any]:
    """Return what is noted of an order whose sale is finished now, or of which goods came back."""
    finished = action is SaleAction.FINISH and order.refund in NOTHING_BACK
    if action is SaleAction.RETURN or (order.kind != OrderKind.ROPIS and finished):
        return {"refund": RefundState.LOOK.value}
    return {}


def after_told(order: AnyRow, said: str, state: DeliveryState) -> Mapping[str, Any]:
    """Return what is noted of an order whose webstore answered: whether it charged what is handed over."""
    answered = said == Said.ACCEPTED and state in (DeliveryState.SENT, DeliveryState.SET_ASIDE)
    handed_over = order.sale_state == SaleState.FINISHED and order.kind != OrderKind.ROPIS
    if answered and handed_over and order.refund in (*NOTHING_BACK, RefundState.UNCHARGED):
        return {"refund": RefundState.LOOK.value}
    return {}


def after_version(before: AnyRow, order: WebOrder) -> Mapping[str, Any]:
    """Return what is noted of an open sale's order whose webstore has no more what staff took off it."""
    open_part = before.refund == RefundState.PART and before.sale_state == SaleState.OPEN
    gone = line_states.rejected(before.line_states)
    if open_part and gone and gone.isdisjoint(line.id for line in order.lines):
        return {"refund": "", "owed": replace(Owed.read(before.owed), lines=0).write()}
    return {}


def look(context: Context) -> None:
    """Look at the sales that are to be looked at, and note what their webstores have to give back.

    Raises:
        PosAway: the point of sale could not answer; they are looked at again.
    """
    with context.database.read() as database:
        found = database.execute(_TO_LOOK_AT).all()
        if not found:
            return
        charges = charges_of(context, database, found)
        told = given_back.told_of(database, [row.id for row in found])
    sales = shown_sales(context, found)
    seen = [_looked(row, sales.get(row.id), charges[row.id], told.get(row.id, set())) for row in found]
    now = context.clock.now()
    context.database.unit("refunds", lambda database: _note(context, database, seen, now))


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a sale that was looked at leads to.

    Attributes:
        became: as the order's column says it.
        owed: how much that is.
        settle: what the payment service is to have in the end, in minor units; None: it is asked nothing.
        given: what was given back at the till since the webstore was told last.
    """

    row: AnyRow
    became: str
    owed: Owed
    settle: int | None = None
    given: Sequence[GivenBack] = ()


def _looked(row: AnyRow, sale: SaleView | None, charge: Charge, told: Collection[int | None]) -> _Looked:
    given = tuple(given_back.at_till(row.id, sale, told)) if sale else ()
    nothing, before = RefundState.TOLD.value if told else "", Owed.read(row.owed)
    if row.kind == OrderKind.ROPIS:
        return _Looked(row, nothing, before, given=given)  # it was paid here: its webstore took nothing
    if row.paid_by is None:
        became, owed = how_much(sale, row, charge)
        return _Looked(row, became or nothing, owed, given=given)
    if sale is None or sale.facts.state is not SaleState.FINISHED:
        return _Looked(row, nothing, before)
    # What is lacking is taken and what is too much given back by the service itself.
    return _Looked(row, nothing, before, (sale.balance.web_paid - back_of(sale)).minor, given)


def shown_sale(context: Context, row: AnyRow) -> SaleView | None:
    """Return an order's sale; None where there is none, or where the POS does not show it.

    Raises:
        PosAway: the point of sale could not answer.
    """
    try:
        return context.pos.sale(row.sale_id) if row.sale_id else None
    except NotOffered:
        return None


def shown_sales(context: Context, rows: Sequence[AnyRow]) -> Mapping[int, SaleView]:
    """Return orders' sales by the orders' IDs; left out where there is none, or the POS does not show it.

    Raises:
        PosAway: the point of sale could not answer.
    """
    numbers = {row.id: row.sale_id for row in rows if row.sale_id}
    if not numbers:
        return {}
    try:
        found = context.pos.show_sales(list(numbers.values()))
    except NotOffered:
        return {}
    return {order_id: found[number] for order_id, number in numbers.items() if number in found}


def _note(context: Context, database: Connection, seen: Sequence[_Looked], now: datetime) -> None:
    """Write what was found; an order that changed meanwhile is looked at again."""
    orders = tables.orders
    ids = among(database, orders.c.id, [one.row.id for one in seen])
    query = select(orders.c.id, orders.c.revision).where(ids).order_by(orders.c.id).with_for_update()
    revisions = {row.id: row.revision for row in database.execute(query)}
    same = [one for one in seen if revisions.get(one.row.id) == one.row.revision]
    if not same:
        return
    database.execute(
        update(orders)
        .where(orders.c.id == bindparam("the_id"))
        .values(refund=bindparam("became"), owed=bindparam("how_much"), revision=orders.c.revision + 1),
        [{"the_id": one.row.id, "became": one.became, "how_much": one.owed.write()} for one in same],
    )
    act = deliveries.Act(id=deliveries.new_act(), at=now)
    wanted = [
        Demand(row=one.row, wish=Wish.SETTLE, minor=one.settle) for one in same if one.settle is not None
    ]
    demand(database, wanted, act)
    given_back.tell(
        database, [(one, _act_of(context, looked.row, now)) for looked in same for one in looked.given]
    )


def _act_of(context: Context, row: AnyRow, now: datetime) -> deliveries.Act:
    """Return an act of its own, so that nobody undoes with another what the webstore is told of a refund."""
    provider = context.plugins.providers.get(row.provider)
    return deliveries.Act(id=deliveries.new_act(), at=now, provider=provider)


def mark_refunded(context: Context, order_id: int, signature: Signature) -> PaymentView:
    """Say that a webstore gave back what it had to, where it does not say so itself.

    Returns where the money is then, and how much of it was given back.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it has nothing to give back.
    """

    def work(database: Connection) -> PaymentView:
        row, now = locked(database, order_id), context.clock.now()
        if row.paid_by is not None:
            raise NotAllowed(_BY_SERVICE)
        provider = context.plugins.provider(row.provider)
        facts = payment_facts(database, row, provider)
        if payment_after(Act.REFUNDED, facts) is payment_state(facts):
            raise NotAllowed(_NOTHING_DUE)
        owed = Owed.read(row.owed).settled().write()
        touch(context, database, row, {"refund": RefundState.DONE.value, "owed": owed, "undo": None})
        view = view_of(database, order_row(database, order_id), provider, now)
        words = with_reason(_with_amount(ACT_WORDS[Act.REFUNDED], view), signature)
        sign(database, now, [Entry(order_id, signature.who, Act.REFUNDED.value, words)])
        return view

    return context.database.unit("refunded", work)


def _with_amount(words: Words, view: PaymentView) -> Words:
    """Return an act's name with how much was given back, where that is known."""
    if view.amounts is None:
        return words
    done = view.amounts.done
    return Words(f"{words.en.removesuffix('.')} ({done:en}).", f"{words.ko.removesuffix('.')}({done:ko}).")
