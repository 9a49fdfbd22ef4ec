"""Which connections are to be exported now: they have news to tell, or their time has come."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from tillbridge import intake
from tillbridge.context import Context
from tillbridge.db import export_tables, tables, waiting
from tillbridge.db.listing_tables import listing_news
from tillbridge.db.types import AnyRow
from tillbridge.exports import shelf
from tillbridge.exports.timing import AGAIN
from tillbridge.troubles import Activity

_log = logging.getLogger("tillbridge.exports")


def due_exports(context: Context) -> list[int]:
    """Bring the shelf up to date; return the connections that have news to tell, or whose time has come."""
    with context.database.read() as database:
        if database.execute(select(export_tables.exports.c.connection_id).limit(1)).first() is None:
            return []
    try:
        shelf.refresh(context)
    except Exception as error:  # noqa: BLE001  # a host's POS may raise whatever it likes; the export tells of it
        _log.debug("the shelf could not be read", exc_info=error)
    table, items, now = export_tables.exports, export_tables.export_items, context.clock.now()
    newest = select(func.max(export_tables.shelf.c.position)).scalar_subquery()
    # What failed rests until it is due, and is not begun anew each beat; one offer that rests stops no other.
    mine = (items.c.connection_id == table.c.connection_id, waiting.OFFER_DUE, items.c.retry_at.is_(None))
    resting = or_(exists().where(*mine), _failing(Activity.EXPORT))
    # A file that was refused rests until something changes, and for a minute at least.
    may_tell = or_(~resting, table.c.refused_at <= now - AGAIN)
    listed = exists().where(listing_news.c.connection_id == table.c.connection_id)
    news = and_(or_(table.c.seen < newest, listed), may_tell, ~_failing(Activity.POLL))
    query = (
        select(table, news.label("has_news")).where(table.c.every_seconds > 0).order_by(table.c.connection_id)
    )
    with context.database.read() as database:
        rows = database.execute(query).all()
    return [row.connection_id for row in rows if row.has_news or _has_come(row, now)]


def _failing(activity: Activity) -> ColumnElement[bool]:
    troubles = tables.troubles
    return exists().where(
        troubles.c.connection_id == export_tables.exports.c.connection_id,
        troubles.c.activity == activity.value,
    )


def _has_come(row: AnyRow, now: datetime) -> bool:
    """Whether a connection's time has come; too far off is from before the clock was set back."""
    if row.due_at is None or row.due_at <= now or (row.told_at is not None and row.told_at > now):
        return True
    longest = max(timedelta(seconds=row.every_seconds), intake.LONGEST_REST)
    return bool(row.due_at > now + longest)
