"""How a connection's polls went: noted with when the next is due, and told once down and once up."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection as Database
from sqlalchemy import bindparam, update

from tillbridge import troubles
from tillbridge.connections.stored import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.troubles import Activity, Subject

_MARK: Final = update(tables.connections).where(tables.connections.c.id == bindparam("marked"))


def subject(one: OpenConnection | AnyRow, activity: Activity) -> Subject:
    """Return an activity of a connection, as whose trouble it is."""
    return Subject(activity, one.id, one.name)


def mark_well(context: Context, one: OpenConnection | AnyRow, due_at: datetime) -> None:
    """Note that a poll went well, and when the next is due (UTC)."""
    now, polls = context.clock.now(), subject(one, Activity.POLL)

    def work(database: Database) -> Any:
        _mark(database, one.id, {"polled_at": now, "well_at": now, "due_at": due_at})
        return troubles.forget(database, polls)

    # A power cut that takes this back has the connection polled again sooner.
    row = context.database.unit("connection health", work, lasting=False)
    troubles.tell_up(context, polls, row)


def mark_trouble(
    context: Context, one: OpenConnection | AnyRow, error: BaseException, due_at: datetime
) -> None:
    """Note why a poll failed, and when the next is due (UTC)."""
    now, polls = context.clock.now(), subject(one, Activity.POLL)

    def work(database: Database) -> bool:
        _mark(database, one.id, {"polled_at": now, "due_at": due_at})
        return troubles.note(context, database, polls, error)

    news = context.database.unit("connection health", work)
    troubles.tell_down(context, polls, error, news=news)


def _mark(database: Database, connection_id: int, values: dict[str, Any]) -> None:
    database.execute(_MARK, {"marked": connection_id, **values})
