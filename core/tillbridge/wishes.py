"""Asks the plugins' rules about what staff are about to do, before the transaction that does it."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection, select

from tillbridge import deliveries
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import WebOrder
from tillbridge.model.status import Act, Axis, Status, Wish
from tillbridge.model.words import Words
from tillbridge.plugins.transitions import Opinion
from tillbridge.timeline import SYSTEM, Entry, sign

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
        act: which transition staff wish, of the order's row as it is.
        axis: what it moves.
        line_ids: which lines; none: the order.
    """

    act: Callable[[AnyRow], Act]
    who: str
    reason: str
    axis: Axis = Axis.ORDER
    line_ids: tuple[str, ...] = ()


def hear(context: Context, read: Callable[[Connection], AnyRow], question: Question) -> Heard:
    """Ask the rules that are about this act; never inside a transaction.

    Raises:
        NotAllowed: a rule vetoes it, or the table does.
    """
    rules = context.plugins.transitions
    if not rules:
        return Heard()
    with context.database.read() as database:
        row = read(database)
        order = newest(database, row.id)
    act = question.act(row)
    if not rules.concern(act, question.axis):
        return Heard(row.revision)
    wish = Wish(
        act=act,
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
    opinion = rules.opinion(wish)
    if opinion.veto is not None:
        raise NotAllowed(opinion.veto)
    return Heard(row.revision, opinion)


def newest(database: Connection, order_id: int) -> WebOrder | None:
    """Return an order as the webstore sent it last, where that can be read."""
    table = tables.versions
    query = select(table.c.document).where(table.c.order_id == order_id)
    found = database.execute(query.order_by(table.c.number.desc()).limit(1)).scalar()
    try:
        return WebOrder.model_validate_json(found) if found else None
    except ValidationError:  # written by an older program
        return None


def follow(database: Connection, order_id: int, opinion: Opinion, act: deliveries.Act) -> None:
    """Queue what the plugins added, and tell which of them could not be asked."""
    effects = [(one.plugin, one.effect) for one in opinion.effects]
    deliveries.queue_plugins(database, order_id, effects, act)
    sign(database, act.at, (Entry(order_id, SYSTEM, "rule failed", words) for words in opinion.faults))
