"""When an export is due again, and what is noted of how it went."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, case, func, literal, select, update

from tillbridge import connections, intake
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, tables, waiting
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import NotAllowed, TillbridgeError
from tillbridge.model.words import Words
from tillbridge.troubles import Activity, begin

AGAIN: Final = timedelta(minutes=1)
"""How soon what failed, or is pending, is looked at again."""
LONGEST_WAIT: Final = timedelta(hours=1)
"""How long what is not answered rests at most."""
PENDING_FOR: Final = timedelta(hours=6)
"""How long an answer is waited for that was promised; then it counts as none."""
NOT_SET: Final = Words(
    "This connection is not exported; say how often with `tillbridge export set`.",
    "재고·가격 전달이 설정되지 않은 연결입니다. `tillbridge export set`으로 설정해 주세요.",
)
_MOST_DOUBLINGS: Final = 10


def state_of(context: Context, connection_id: int) -> AnyRow:
    """Return the row of `export_tables.exports`.

    Raises:
        NotAllowed: the connection is not exported.
    """
    table = export_tables.exports
    with context.database.read() as database:
        row = database.execute(select(table).where(table.c.connection_id == connection_id)).first()
    if row is None:
        raise NotAllowed(NOT_SET)
    return row


def backoff(tries: int) -> timedelta:
    """Return how long to wait after so many tries without an answer: a minute, twice that, and so on."""
    doublings = min(max(tries, 1) - 1, _MOST_DOUBLINGS)
    return min(LONGEST_WAIT, AGAIN * (1 << doublings))


def next_at(connection: OpenConnection, state: AnyRow, now: datetime) -> datetime:
    """Return when a webstore is looked at again that is up to date."""
    at = now + timedelta(seconds=state.every_seconds or 86_400)
    refresh, whole_at = connection.provider.exporting.refresh, state.whole_at
    if refresh is None or whole_at is None:
        return at
    renewed: datetime = min(whole_at, now) + refresh / 2
    return max(now + AGAIN, min(at, renewed))


def is_old(connection: OpenConnection, state: AnyRow, now: datetime) -> bool:
    """Whether the webstore must be told everything anew although nothing changed."""
    refresh = connection.provider.exporting.refresh
    if refresh is None:
        return False
    # A time to come is from before the clock was set back.
    return state.whole_at is None or state.whole_at > now or now - state.whole_at >= refresh / 2


def finish(context: Context, connection_id: int, **values: Any) -> None:
    """Note of an export what is new: columns of `export_tables.exports`."""
    table, now = export_tables.exports, context.clock.now()
    for name in ("told_at", "whole_at"):
        # After the clock was set back, nothing was told in a time to come.
        column = table.c[name]
        values.setdefault(name, case((column > now, literal(now, column.type)), else_=column))
    change = update(table).where(table.c.connection_id == connection_id).values(values)
    context.database.unit("export state", lambda database: database.execute(change))


def rest(context: Context, row: AnyRow, error: Exception) -> None:
    """Note that an export of this connection failed, and when it is tried again."""
    begin(context, connections.subject(row, Activity.EXPORT), error)
    now = context.clock.now()
    soon = now + AGAIN
    due_at = intake.due_after(error, soon, now) if isinstance(error, TillbridgeError) else soon
    finish(context, row.id, due_at=due_at)


def poll_due(context: Context, connection_id: int) -> datetime:
    """Return when the orders are asked for again."""
    table, soon = tables.connections, context.clock.now() + AGAIN
    with context.database.read() as database:
        found = database.execute(select(table.c.due_at).where(table.c.id == connection_id)).scalar()
    return max(found or soon, soon)


def left(database: Connection, connection_id: int) -> tuple[int, datetime | None]:
    """Return how many offers are due still, and when the first of them may be told; None: now."""
    items = export_tables.export_items
    query = select(
        func.count(), func.count(items.c.retry_at), func.min(items.c.retry_at, type_=items.c.retry_at.type)
    ).where(items.c.connection_id == connection_id, waiting.OFFER_DUE)
    count, resting, first = database.execute(query).one()
    return int(count), first if count == resting else None
