"""What staff decide about an order: accept, reject, process the sale, archive, and undo.

Every act asks the status table, queues what it leads to in its own transaction, and is signed.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, exists, select, update

from tillbridge import deliveries
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import AttemptState
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import Standing
from tillbridge.model.status import (
    STATUS_WORDS,
    UNTRIED,
    Act,
    Actor,
    Effect,
    OrderFacts,
    Status,
    Transition,
    rows,
    staff_transition,
)
from tillbridge.model.words import Words, printable
from tillbridge.pos.contract import SaleState
from tillbridge.provider import Capability
from tillbridge.timeline import Entry, sign

FINISHED = (SaleState.FINISHED, SaleState.CLOSED_EMPTY)
_WHO_LENGTH = 200  # the columns' width
_REASON_LENGTH = 2000  # a screen's worth; the webstore is told it too


@dataclass(frozen=True, slots=True)
class Signature:
    """Who acts, and why; both stand in the order's timeline, so what cannot be stored is replaced."""

    who: str
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "who", printable(self.who)[:_WHO_LENGTH])
        object.__setattr__(self, "reason", printable(self.reason)[:_REASON_LENGTH])


def set_status(context: Context, order_id: int, asked: Status, signature: Signature) -> Status | None:
    """Do what staff mean by setting a status; return the status that the order has then.

    Raises:
        NotFound: there is no such order.
        NotAllowed: the table says why not, and what is possible.
    """

    def work(database: Connection) -> tuple[Status | None, StatusChanged | None]:
        row = locked(database, order_id)
        transition = staff_transition(asked, facts_of(row))
        after = _apply(context, database, row, transition, signature)
        return after, _event(row, after, signature)

    after, event = context.database.unit("staff", work)
    context.plugins.notify([event] if event else [])
    return after


def undo(context: Context, order_id: int, signature: Signature) -> Status | None:
    """Undo the last act of staff, while none of its deliveries was claimed or sent (rule 8).

    Raises:
        NotAllowed: there is nothing to undo, or it is on its way already.
    """

    def work(database: Connection) -> tuple[Status | None, StatusChanged | None]:
        row = locked(database, order_id)
        after = _undo(context, database, row, signature)
        return after, _event(row, after, signature)

    after, event = context.database.unit("staff", work)
    context.plugins.notify([event] if event else [])
    return after


def locked(database: Connection, order_id: int) -> AnyRow:
    """Return an order's row, locked, with what the guards ask.

    Raises:
        NotFound: there is no such order.
    """
    orders, attempts, connections = tables.orders, tables.attempts, tables.connections
    lock = select(orders.c.id).where(orders.c.id == order_id).with_for_update()
    if database.execute(lock).first() is None:
        raise NotFound(Words(f"There is no order {order_id}.", f"주문 {order_id}이(가) 없습니다."))
    unanswered = exists().where(
        and_(attempts.c.order_id == orders.c.id, attempts.c.state == AttemptState.UNANSWERED)
    )
    query = (
        select(
            orders,
            unanswered.label("unanswered"),
            connections.c.name.label("connection"),
            connections.c.provider,
        )
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(orders.c.id == order_id)
    )
    return database.execute(query).one()


def facts_of(row: AnyRow) -> OrderFacts:
    """Return what the status table's guards look at, of an order's row that says if it is `unanswered`."""
    return OrderFacts(
        status=Status(row.status) if row.status else None,
        decision=Decision(row.decision) if row.decision else None,
        has_sale=row.sale_id is not None,
        sale_finished=row.sale_state in FINISHED,
        changed_after_sale=row.sale_id is not None and row.content_hash not in (row.sold_hash, row.kept_hash),
        sellable=row.standing == Standing.OPEN,
        unanswered=bool(row.unanswered),
        can_undo=row.undo is not None,
        put_aside=bool(row.put_aside),
    )


def _apply(
    context: Context, database: Connection, row: AnyRow, transition: Transition, signature: Signature
) -> Status | None:
    """Write the transition's status, decision and deliveries."""
    facts = facts_of(row)
    # While an attempt is unanswered only the decision is kept; the status comes with the answer.
    after = facts.status if facts.unanswered else transition.target
    act = deliveries.Act(
        id=deliveries.new_act(),
        at=context.clock.now(),
        attempt=row.sold_attempt,
        reason=signature.reason,
        tell=Capability.STATUS in context.plugins.provider(row.provider).capabilities,
    )
    values: dict[str, Any] = {"status": after, "undo": None}
    if transition.undoable:
        remembered = {"act": act.id, "status": facts.status, "decision": facts.decision}
        values["undo"] = json.dumps({**remembered, "payload": row.payload_id})
    if transition.decision:
        values |= {"decision": transition.decision, "decision_reason": signature.reason}
        if context.plugins.provider(row.provider).status_is_absolute:
            deliveries.supersede(database, row.id)
    if transition.act is Act.ARCHIVE:
        values["put_aside"] = False
    deliveries.queue(database, row.id, transition.effects, act)
    _update(context, database, row, values)
    words = STATUS_WORDS[transition.asked] if transition.asked else Words("", "")
    said = _with_reason(Words(transition.act.value, words.ko), signature)
    sign(database, act.at, [Entry(row.id, signature.who, transition.act.value, said)])
    return after


def _undo(context: Context, database: Connection, row: AnyRow, signature: Signature) -> Status | None:
    remembered = json.loads(row.undo) if row.undo else None
    facts = facts_of(row)
    row_of_table = next(rows(source=facts.status, who=Actor.STAFF, act=Act.UNDO), None)
    refusal = row_of_table.refusal(facts) if row_of_table else UNTRIED.otherwise
    if refusal or remembered is None:
        raise NotAllowed(refusal or UNTRIED.otherwise)
    if not deliveries.withdraw(database, row.id, remembered["act"]):
        raise NotAllowed(UNTRIED.otherwise)
    status = _status_to_restore(row, remembered)
    decision = Decision(remembered["decision"]) if remembered["decision"] else None
    # A reject had superseded the accept that stood before it: the webstore still has to hear that.
    restored = decision is Decision.ACCEPTED and decision is not facts.decision
    if restored and not deliveries.stands(database, row.id, Effect.TELL_ACCEPTED):
        again = deliveries.Act(
            id=deliveries.new_act(),
            at=context.clock.now(),
            tell=Capability.STATUS in context.plugins.provider(row.provider).capabilities,
        )
        deliveries.queue(database, row.id, (Effect.TELL_ACCEPTED,), again)
    _update(context, database, row, {"status": status, "decision": decision, "undo": None})
    words = _with_reason(Words("The last step was undone", "마지막 작업을 되돌렸습니다"), signature, end=".")
    sign(database, context.clock.now(), [Entry(row.id, signature.who, Act.UNDO.value, words)])
    return status


def _status_to_restore(row: AnyRow, remembered: dict[str, Any]) -> Status | None:
    """Return the status before the act; an unsold order that the webstore sent anew since is judged again."""
    status = Status(remembered["status"]) if remembered["status"] else None
    if remembered.get("payload", row.payload_id) == row.payload_id:
        return status
    again = next(rows(source=status, who=Actor.STAFF, act=Act.PROCESS_SALE), None)
    return again.target if again else status


def _with_reason(words: Words, signature: Signature, *, end: str = "") -> Words:
    reason = f": {signature.reason}" if signature.reason else end
    return Words(f"{words.en}{reason}", f"{words.ko}{reason}")


def _update(context: Context, database: Connection, row: AnyRow, values: dict[str, Any]) -> None:
    orders = tables.orders
    database.execute(
        update(orders)
        .where(orders.c.id == row.id)
        .values({**values, "revision": orders.c.revision + 1, "changed_at": context.clock.now()})
    )


def _event(row: AnyRow, after: Status | None, signature: Signature) -> StatusChanged | None:
    before = Status(row.status) if row.status else None
    if after is None or after is before:
        return None
    return StatusChanged(
        order_id=row.id,
        connection=row.connection,
        webstore_id=row.webstore_id,
        before=before,
        after=after,
        who=signature.who,
    )
