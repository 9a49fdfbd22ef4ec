"""The causes that are no known order's: what waits to be imported, what is down, whose file is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, union

from tillbridge import connections, troubles
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.messages.sayings import ACTIONS
from tillbridge.model.messages import Cause, Message
from tillbridge.model.status import Status
from tillbridge.model.words import Words
from tillbridge.pos.guarded import PosAway
from tillbridge.troubles import Trouble


@dataclass(frozen=True, slots=True)
class ToImport:
    """How many orders wait to be imported, and since when; None where only a sale waits to be made."""

    count: int
    since: datetime | None


def to_import(database: Connection) -> ToImport:
    """Count the orders that wait to be read, to be sold, or for the POS's answer."""
    payloads, orders, attempts = tables.payloads, tables.orders, tables.attempts
    names = union(
        select(payloads.c.connection_id, payloads.c.webstore_id).where(waiting.UNHANDLED),
        select(orders.c.connection_id, orders.c.webstore_id).where(
            waiting.TO_DEAL_WITH, orders.c.status == Status.PROCESS_SALE
        ),
        select(orders.c.connection_id, orders.c.webstore_id)
        .join(attempts, attempts.c.order_id == orders.c.id)
        .where(waiting.UNANSWERED),
    ).subquery()
    count = database.execute(select(func.count()).select_from(names)).scalar_one()
    oldest = select(func.min(payloads.c.ended_at)).where(waiting.UNHANDLED)
    return ToImport(int(count), database.execute(oldest).scalar())


def down(context: Context) -> Iterator[Message]:
    """Yield what does not work now: connections and the till, one message each."""
    standing = troubles.standing(context.database)
    if not standing:
        return
    names = {row.id: row.name for row in connections.rows(context)}
    for number, some in standing.items():
        yield _down(names.get(number or 0), some[0])


def _down(name: str | None, trouble: Trouble) -> Message:
    cause = Cause.CONNECTION_DOWN if name else Cause.TILL_AWAY
    said = trouble.words
    words = Words(f"{name}: {said.en}", f"{name}: {said.ko}") if name else said
    return Message(
        cause=cause,
        key=f"{cause}:{name or ''}",
        words=words,
        count=1,
        action=ACTIONS[cause],
        since=trouble.since,
    )


def files_due(context: Context) -> Iterator[Message]:
    """Yield what the vendors whose product file is due ask for; a POS that cannot say is down itself."""
    cause = Cause.FILE_DUE
    try:
        due = context.pos.files_due()
    except PosAway as error:
        away = Cause.TILL_AWAY
        yield Message(cause=away, key=f"{away}:", words=error.words, count=1, action=ACTIONS[away])
        return
    if not due:
        return
    names = ", ".join(one.vendor for one in due)
    yield Message(
        cause=cause,
        key=f"{cause}:",
        words=Words(f"Product files are due: {names}.", f"제품 파일을 다시 가져와야 합니다: {names}."),
        count=len(due),
        action=ACTIONS[cause],
        since=min((one.due_at for one in due if one.due_at), default=None),
    )
