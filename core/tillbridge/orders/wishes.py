"""Asks the plugins' rules about what staff are about to do, before the transaction that does it."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection, and_, func, select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import WebOrder
from tillbridge.model.status import Act, Axis, Status, Wish
from tillbridge.model.words import Words
from tillbridge.orders.timeline import SYSTEM, Entry, sign
from tillbridge.plugins.transitions import Opinion
from tillbridge.sending import deliveries

ROUNDS = 5
"""How often the rules are asked anew where an order changes while they are asked."""
OVERTAKEN = Words(
    "The order has been changed meanwhile; look at it again.",
    "그사이 주문이 변경되었습니다. 다시 확인해 주세요.",
)
_NOTHING = Opinion()


@dataclass(frozen=True, slots=True)
class Heard:
    """What the plugins said of an order as it was in one revision; None: nobody had to be asked."""

    revision: int | None = None
    opinion: Opinion = _NOTHING

    def holds(self, row: AnyRow) -> bool:
        """Say whether the order is still the one that they were asked about."""
        return self.revision is None or self.revision == row.revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of an order.

    Attributes:
        act: which transition staff wish.
        axis: what it moves.
        line_ids: which lines; none: the order.
    """

    act: Act
    who: str = ""
    reason: str = ""
    axis: Axis = Axis.ORDER
    line_ids: tuple[str, ...] = ()


def hear_all(
    context: Context, read: Callable[[Connection], AnyRow], ask: Callable[[AnyRow], Sequence[Question]]
) -> Heard:
    """Ask the rules that are about an act; never inside a transaction.

    Args:
        context: the engine's parts.
        read: gives the order's row.
        ask: what is asked of that row: one question for each axis that the act moves.

    Raises:
        NotAllowed: a rule vetoes it, or the table does.
    """
    rules = context.plugins.transitions
    if not rules:
        return Heard()
    with context.database.read() as database:
        row = read(database)
        order = newest(database, row.id)
    opinions = [
        rules.opinion(_wish(row, order, question))
        for question in ask(row)
        if rules.concern(question.act, question.axis)
    ]
    for opinion in opinions:
        if opinion.veto is not None:
            raise NotAllowed(opinion.veto)
    together = Opinion(
        faults=[fault for opinion in opinions for fault in opinion.faults],
        effects=[effect for opinion in opinions for effect in opinion.effects],
    )
    return Heard(row.revision, together)


def _wish(row: AnyRow, order: WebOrder | None, question: Question) -> Wish:
    return Wish(
        act=question.act,
        axis=question.axis,
        connection=row.connection,
        webstore_id=row.webstore_id,
        status=Status(row.status) if row.status else None,
        decision=Decision(row.decision) if row.decision else None,
        order=order,
        line_ids=question.line_ids,
        who=question.who,
        reason=question.reason,
    )


def newest(database: Connection, order_id: int) -> WebOrder | None:
    """Return an order as the webstore sent it last, where that can be read."""
    return newest_of(database, [order_id]).get(order_id)


def newest_of(database: Connection, order_ids: Collection[int]) -> dict[int, WebOrder]:
    """Return orders as their webstores sent them last, by their IDs, where that can be read."""
    table = tables.versions
    mine = among(database, table.c.order_id, list(order_ids))
    last = select(table.c.order_id, func.max(table.c.number).label("number")).where(mine)
    newest = last.group_by(table.c.order_id).subquery()
    query = select(table.c.order_id, table.c.document).join(
        newest, and_(newest.c.order_id == table.c.order_id, newest.c.number == table.c.number)
    )
    found = {}
    for row in database.execute(query):
        with suppress(ValidationError):  # written by an older program
            found[row.order_id] = WebOrder.model_validate_json(row.document)
    return found


def follow(database: Connection, order_id: int, opinion: Opinion, act: deliveries.Act) -> None:
    """Queue what the plugins added, and tell which of them could not be asked."""
    effects = [(one.plugin, one.effect) for one in opinion.effects]
    deliveries.queue_plugins(database, order_id, effects, act)
    sign(database, act.at, (Entry(order_id, SYSTEM, "rule failed", words) for words in opinion.faults))
