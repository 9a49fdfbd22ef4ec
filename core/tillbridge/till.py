"""Follows what the till does to sales: a sale finished there completes its order.

The feed only notes facts; completing is derived from them, so an order whose rejection is undone
later is completed all the same (rule 9), and one with an unanswered attempt after its answer.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, or_, select, update

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.events import StatusChanged
from tillbridge.model.exchange import Decision
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, Actor, Transition, rows
from tillbridge.model.words import Words
from tillbridge.orders.ending import Ended, tell_ended
from tillbridge.orders.order_state import facts_when_finished, moved
from tillbridge.orders.refunds import after_answer
from tillbridge.orders.timeline import TILL, Entry, sign
from tillbridge.pos.contract import SaleAction, SaleFacts
from tillbridge.sending import deliveries

_MARK = "sales feed"
_BATCH = 500
_CURSOR: Final = select(tables.marks.c.value).where(tables.marks.c.name == _MARK)


def follow_till(context: Context) -> int:
    """Read what changed at the till and complete what was finished there; return how many were."""
    while _read_feed(context):
        pass
    completed = 0
    while found := _complete(context):
        completed += found
    return completed


def _read_feed(context: Context) -> int:
    with context.database.read() as database:
        cursor = database.execute(_CURSOR).scalar()
    changed = context.pos.sales_changed(cursor)
    if not changed.sales:
        return 0
    context.database.unit("sales feed", lambda database: _note(database, changed.sales, changed.cursor))
    return len(changed.sales)


def _note(database: Connection, sales: Sequence[SaleFacts], cursor: str) -> None:
    orders, attempts = tables.orders, tables.attempts
    keys = {sale.attempt.order_key for sale in sales}
    # Locked, so that no answer is committed between the attempt's note and the order's.
    query = (
        select(orders.c.order_key, orders.c.id)
        .where(orders.c.order_key.in_(keys))
        .order_by(orders.c.id)
        .with_for_update()
    )
    known = {row.order_key: row.id for row in database.execute(query)}
    told = [
        {"the_id": known[sale.attempt.order_key], "the_number": sale.attempt.number, "the_state": sale.state}
        for sale in sales
        if sale.attempt.order_key in known
    ]
    told.sort(key=lambda one: one["the_id"])
    if told:
        database.execute(
            update(attempts)
            .where(attempts.c.order_id == bindparam("the_id"), attempts.c.number == bindparam("the_number"))
            .values(sale_state=bindparam("the_state")),
            told,
        )
        database.execute(
            update(orders)
            .where(orders.c.id == bindparam("the_id"), orders.c.sold_attempt == bindparam("the_number"))
            .values(sale_state=bindparam("the_state"), revision=orders.c.revision + 1),
            told,
        )
    upsert(database, tables.marks, [{"name": _MARK, "value": cursor}], keys=("name",))


def _complete(context: Context) -> int:
    events = context.database.unit("till", lambda database: _write_completed(context, database))
    context.plugins.notify(events)
    return len(events)


def _write_completed(context: Context, database: Connection) -> list[StatusChanged]:
    found = database.execute(_FINISHED).all()
    now = context.clock.now()
    orders = tables.orders
    moves = [(row, _completed_by(row)) for row in found]
    if moves:
        database.execute(
            update(orders)
            .where(orders.c.id == bindparam("the_id"))
            .values(
                status=bindparam("new"),
                decision=func.coalesce(orders.c.decision, bindparam("decided")),
                undo=None,
                refund=bindparam("the_refund"),
                revision=orders.c.revision + 1,
                changed_at=now,
            ),
            [
                {
                    "the_id": row.id,
                    "new": one.target,
                    "decided": one.decision,
                    "the_refund": after_answer(row, SaleAction.FINISH).get("refund", row.refund),
                }
                for row, one in moves
            ],
        )
        tell_ended(context, database, [_ended(row, one) for row, one in moves])
        added = [(one.plugin, one.effect) for one in context.plugins.transitions.effects(Act.COMPLETE)]
        for row, _ in moves if added else ():
            act = deliveries.Act(id=deliveries.new_act(), at=now, name=Act.COMPLETE.value)
            deliveries.queue_plugins(database, row.id, added, act)
        entries = (Entry(row.id, TILL, Act.COMPLETE.value, _words(one)) for row, one in moves)
        sign(database, now, entries)
    return [event for row, one in moves if (event := moved(row, one.target, TILL))]


def _completed_by(row: AnyRow) -> Transition:
    """Return the row of the table by which a finished sale completes its order."""
    facts = facts_when_finished(row)
    found = rows(source=facts.status, who=Actor.TILL, act=Act.COMPLETE)
    return next(one for one in found if not one.refusal(facts))


def _ended(row: AnyRow, transition: Transition) -> Ended:
    known = Resolution(row.resolution) if row.resolution else None
    return Ended(row=row, effects=transition.effects, resolution=known)


def _words(transition: Transition) -> Words:
    if transition.decision is Decision.ACCEPTED:
        return Words(
            "The sale was finished at the till, so the order counts as accepted.",
            "매장에서 판매가 종료되어 수락한 주문으로 처리합니다.",
        )
    return Words("The sale was finished at the till.", "매장에서 판매가 종료되었습니다.")


def _finished() -> Select[Any]:
    orders, connections = tables.orders, tables.connections
    return (
        select(orders, connections.c.name.label("connection"), connections.c.provider)
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(
            *waiting.FINISHED,
            or_(orders.c.decision.is_(None), orders.c.decision != Decision.REJECTED),
            orders.c.closing.is_(None),
            ~waiting.HAS_UNANSWERED,
        )
        .order_by(orders.c.id)
        .limit(_BATCH)
        .with_for_update(of=orders)
    )


# Asked at every beat, so it is made once: making it costs more than a small answer.
_FINISHED: Final = _finished()
