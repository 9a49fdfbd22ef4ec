"""Reads a list by when orders were placed: it shows new ones, and no change of one that it has shown.

So every so often it is read again from the beginning of a window, and what is other than it was is handed on
(`known.py`). The cursor is the newest time seen, with the orders of the window; it moves with the last page.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tillbridge.plugin import Connection
from tillbridge_generic_webstore.calling.ending import NoCursorError
from tillbridge_generic_webstore.calling.heads import Head
from tillbridge_generic_webstore.calling.known import Again, Fetch, KnownOrders, Seen, read, written
from tillbridge_generic_webstore.calling.since import (
    LATE,
    Chunk,
    Listed,
    clock_of,
    in_order,
    kept,
    newest_of,
    no_times,
    out_of_order,
)

_MOST: Final = 2_000


@dataclass(slots=True)
class _Cursor:
    """What earlier polls have read.

    Attributes:
        at: up to when they have.
        looked_at: when the window was looked through.
        rows: its orders.
        edge: where they begin, in seconds since 1970, where the window has more than it holds; else 0.
    """

    at: datetime
    looked_at: datetime
    rows: dict[str, Seen] = field(default_factory=dict)
    edge: int = 0

    @classmethod
    def of(cls, cursor: str | None, connection: Connection) -> "_Cursor":
        """Read a cursor; one that cannot be read is no reason to miss an order."""
        now = connection.now()
        if cursor is None:
            return cls(connection.orders_from, now)
        try:
            said: Any = json.loads(cursor)
            at, looked_at = (
                datetime.fromisoformat(said[name]).astimezone(UTC) for name in ("at", "looked_at")
            )
            # One that lies ahead of the clock was made when a clock was wrong, and would hide orders.
            return cls(min(at, now - LATE), looked_at, read(said["rows"]), int(said["edge"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            connection.log.warning("The cursor cannot be read; the list is read from the beginning.")
            return cls(connection.orders_from, now)

    def text(self) -> str:
        """Return the cursor."""
        newest = sorted(self.rows.items(), key=lambda one: one[1].at)[-_MOST:]
        edge = newest[0][1].at if len(self.rows) > _MOST else self.edge
        said = {
            "at": self.at.isoformat(),
            "looked_at": self.looked_at.isoformat(),
            "edge": edge,
            "rows": written(dict(newest)),
        }
        return json.dumps(said, separators=(",", ":"))


def by_placed(
    listed: Listed, connection: Connection, cursor: str | None, again: Again, fetch: Fetch | None
) -> Iterator[Chunk]:
    """Yield what is new, and what of the window has changed.

    Args:
        listed: the list.
        connection: whose webstore.
        cursor: what the poll before gave.
        again: how changes are looked for.
        fetch: where rows only name orders: what asks for them.

    Raises:
        Retryable: the list does not come in the order that is claimed, or no row says when its order was
            placed.
    """
    known, now = _Cursor.of(cursor, connection), connection.now()
    looks = not timedelta() <= now - known.looked_at < again.every
    edge = datetime.fromtimestamp(known.edge, UTC)
    window = max(now - again.back, connection.orders_from, edge)
    begun = min(known.at, window) if looks else known.at
    orders = KnownOrders(connection, again, looks, fetch, rows=known.rows)
    newest, clock, has_rows, service = None, None, False, ""
    held: Chunk | None = None
    try:
        for page in listed.pages(connection, listed.since.values(connection, begun)):
            if held is not None:
                yield held
            clock = clock or clock_of(page.answer, connection)
            heads = listed.page(connection, page)
            if listed.since.sorted and not in_order(heads):
                yield Chunk(_changed(orders, heads), None)
                raise out_of_order(page.answer.response.service)
            newest = max(filter(None, (newest, newest_of(heads))), default=None)
            has_rows = has_rows or bool(heads)
            held = Chunk(_changed(orders, heads), None)
            service = page.answer.response.service
    except NoCursorError:
        if held is not None:
            yield held
        raise
    if held is None:
        return
    if has_rows and newest is None:
        yield held
        raise no_times(service)
    if newest is not None and clock is not None:
        known.at = datetime.fromisoformat(kept(newest, clock, known.at))
    known.looked_at = now if looks else known.looked_at
    known.rows = {key: one for key, one in orders.rows.items() if one.at >= window.timestamp()}
    yield Chunk(held.heads, known.text())


def _changed(orders: KnownOrders, heads: Sequence[Head]) -> list[Head]:
    """Return the orders of rows that are new or other than they were, and note what is seen."""
    found = []
    for head, seen, now in orders.changed(heads):
        if seen is not None and head.order_id is not None:
            orders.rows[head.order_id] = seen
        if now is not None:
            found.append(now)
    return found
