"""Completes the orders whose sale was finished by an act that asked for it (cancel, pick-up, no-show).

Like the till's completions it is derived from facts, so that a kill anywhere strands nothing: the wish
stands with the order until the sale is finished, or until a step of it is set aside.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, or_, select

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.model.exchange import Decision
from tillbridge.model.resolutions import RESOLUTION_WORDS, Resolution
from tillbridge.model.status import Act, Status, Transition, system_transition
from tillbridge.model.words import Words
from tillbridge.orders.ending import Ended, tell_ended
from tillbridge.orders.order_state import FINISHED, facts_when_finished, moved, touch
from tillbridge.orders.timeline import Entry, sign
from tillbridge.pos.contract import SaleState

_BATCH = 500


def close_orders(context: Context) -> int:
    """Complete what was asked to be, where the sale is finished; return how many were."""
    with context.database.read() as database:
        if database.execute(_ANY_ENDED).first() is None:
            return 0
    events = context.database.unit("closing", lambda database: _close(context, database))
    context.plugins.notify(events)
    return len(events)


def _ended() -> Select[Any]:
    orders, connections = tables.orders, tables.connections
    return (
        select(orders, connections.c.name.label("connection"), connections.c.provider)
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(
            waiting.CLOSING,
            orders.c.sale_state.in_(FINISHED),
            # One that was finished with its items although it was rejected is a conflict (rule 9).
            or_(
                orders.c.decision.is_(None),
                orders.c.decision != Decision.REJECTED,
                orders.c.sale_state == SaleState.CLOSED_EMPTY,
            ),
            ~waiting.HAS_UNANSWERED,
        )
        .order_by(orders.c.id)
    )


# Asked at every beat, so they are made once: making one costs more than a small answer.
_ANY_ENDED: Final = _ended().limit(1)
_SOME_ENDED: Final = _ended().limit(_BATCH).with_for_update(of=tables.orders)


def _close(context: Context, database: Connection) -> list[StatusChanged]:
    found: Sequence[AnyRow] = database.execute(_SOME_ENDED).all()
    if not found:
        return []
    events, ended = [], []
    for row in found:
        transition = _completed_by(row)
        events.append(_close_one(context, database, row, transition))
        said = _resolution(row)
        news = Resolution(said) if said and said != row.resolution else None
        ended.append(Ended(row=row, effects=transition.effects, resolution=news))
    tell_ended(context, database, ended)
    return [event for event in events if event]


def _resolution(row: AnyRow) -> str | None:
    """Return how an order ended: as the act says that asked for its completion, or as it was said before."""
    said = json.loads(row.closing)["resolution"] or row.resolution
    return str(said) if said else None


def _completed_by(row: AnyRow) -> Transition:
    """Return the row of the table by which an order is completed."""
    facts = facts_when_finished(row, closing=True)
    return system_transition(Act.COMPLETE, facts, [Status.COMPLETED])


def _close_one(
    context: Context, database: Connection, row: AnyRow, transition: Transition
) -> StatusChanged | None:
    asked, target = json.loads(row.closing), transition.target or Status.COMPLETED
    resolution = _resolution(row)
    touch(
        context,
        database,
        row,
        {"status": target, "resolution": resolution, "closing": None, "undo": None},
    )
    entry = Entry(row.id, asked["who"], Act.COMPLETE.value, _words(resolution))
    sign(database, context.clock.now(), [entry])
    return moved(row, target, asked["who"])


def _words(resolution: str | None) -> Words:
    if not resolution:
        return Words("The sale is finished.", "거래가 종료되었습니다.")
    said = RESOLUTION_WORDS[Resolution(resolution)]
    return Words(f"The sale is finished: {said.en}.", f"거래가 종료되었습니다: {said.ko}.")
