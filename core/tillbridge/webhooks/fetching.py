"""Fetching what webhooks named: each order once, from the connection's own webstore, the way of every poll.

An order that cannot be had yet is parked, tried again ever more rarely, and in the end left to the poll,
which finds it anyway. Whatever point this dies at, what was not fetched still waits.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection as Database
from sqlalchemy import bindparam, delete, exists, select, update

from tillbridge import intake
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables, webhook_tables
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import Misconfigured, PluginError, Rejected, Retryable, TillbridgeError
from tillbridge.paying import hearing
from tillbridge.settle import Counts, settle

WAITS: Final = tuple(timedelta(seconds=one) for one in (15, 60, 240, 900, 3600))
"""How long an order that could not be had waits, try by try; after the last one it is left to the poll."""
KEPT: Final = timedelta(days=14)
"""How long events are kept."""
_MOST: Final = 50
_log = logging.getLogger("tillbridge.webhooks")


@dataclass(slots=True)
class Heard:
    """What was fetched for a connection because of webhooks.

    Attributes:
        fetched: orders that were fetched.
        parked: orders that could not be had yet, and are tried again.
        counts: what settling made of those that were fetched.
    """

    connection: str
    fetched: int = 0
    parked: int = 0
    counts: Counts = field(default_factory=Counts)


@dataclass(slots=True)
class _Round:
    """What became of the orders at hand."""

    done: list[AnyRow] = field(default_factory=list)
    parked: list[tuple[AnyRow, datetime]] = field(default_factory=list)


def connections_wanted(context: Context) -> list[int]:
    """Return the connections, by their ID, of which an order is to be fetched now."""
    wanted = webhook_tables.wanted
    query = select(wanted.c.connection_id).where(wanted.c.due_at <= context.clock.now()).distinct()
    with context.database.read() as database:
        return list(database.execute(query).scalars())


def fetch_wanted(context: Context, connection: OpenConnection) -> Heard:
    """Fetch what webhooks named and is due, each order once, and settle it.

    A webstore that is away is no exception here: what it was to be asked for waits.
    """
    heard, found = Heard(connection.name), _due(context, connection.id)
    if not found:
        return heard
    seen = _seen_since(context, connection.id, found)
    rest = [row for row in found if row.webstore_id not in seen]
    round_ = _Round(done=[row for row in found if row.webstore_id in seen])
    for place, row in enumerate(rest):
        try:
            if hearing.names_payments(connection):
                hearing.hear(context, connection, row.webstore_id)
            else:
                intake.check_again(context, connection, row.webstore_id, source="webhook")
        except (Rejected, PluginError) as error:
            _park(context, round_, [row], error)
        except (Retryable, Misconfigured) as error:
            # It is most likely the whole service: the others need not be asked for now.
            _park(context, round_, rest[place:], error)
            break
        else:
            heard.fetched += 1
            round_.done.append(row)
    _write(context, round_)
    heard.parked = len(round_.parked)
    if heard.fetched:
        heard.counts = settle(context, connection)
    return heard


def prune(context: Context) -> int:
    """Forget events that are older than `KEPT`; return how many."""
    events = webhook_tables.events
    old = events.c.received_at < context.clock.now() - KEPT
    with context.database.read() as database:
        if not database.execute(select(exists().where(old))).scalar():
            return 0
    with context.database.write("webhooks pruned") as database:
        return database.execute(delete(events).where(old)).rowcount


def _due(context: Context, connection_id: int) -> Sequence[AnyRow]:
    wanted = webhook_tables.wanted
    query = (
        select(wanted)
        .where(wanted.c.connection_id == connection_id, wanted.c.due_at <= context.clock.now())
        .order_by(wanted.c.due_at, wanted.c.webstore_id)
        .limit(_MOST)
    )
    with context.database.read() as database:
        return database.execute(query).all()


def _seen_since(context: Context, connection_id: int, found: Sequence[AnyRow]) -> set[str]:
    """Return those of the parked orders that a poll has read since their newest event."""
    if not any(row.tries for row in found):
        return set()
    wanted, payloads = webhook_tables.wanted, tables.payloads
    query = (
        select(wanted.c.webstore_id)
        .join(
            payloads,
            (payloads.c.connection_id == wanted.c.connection_id)
            & (payloads.c.webstore_id == wanted.c.webstore_id),
        )
        .where(
            wanted.c.connection_id == connection_id,
            wanted.c.tries > 0,
            payloads.c.started_at > wanted.c.asked_at,
        )
    )
    with context.database.read() as database:
        return set(database.execute(query).scalars())


def _park(context: Context, round_: _Round, rows: Sequence[AnyRow], error: TillbridgeError) -> None:
    now = context.clock.now()
    until = error.until if isinstance(error, Retryable) else None
    for row in rows:
        if row.tries >= len(WAITS):
            _log.info("order %s is left to the poll: %s", row.webstore_id, error)
            round_.done.append(row)
            continue
        wait = now + WAITS[row.tries]
        round_.parked.append((row, min(max(wait, until or wait), now + intake.LONGEST_REST)))
        _log.debug("order %s, that a webhook named, is tried again: %s", row.webstore_id, error)


def _write(context: Context, round_: _Round) -> None:
    """Take away what is done and put off what is parked; of what was asked for again meanwhile nothing."""
    wanted = webhook_tables.wanted
    as_read = (
        wanted.c.connection_id == bindparam("of"),
        wanted.c.webstore_id == bindparam("order"),
        wanted.c.asked == bindparam("seen"),
    )
    later = update(wanted).where(*as_read).values(tries=wanted.c.tries + 1, due_at=bindparam("until"))

    def work(database: Database) -> None:
        if round_.done:
            database.execute(delete(wanted).where(*as_read), [_named(row) for row in round_.done])
        if round_.parked:
            database.execute(later, [_named(row) | {"until": until} for row, until in round_.parked])

    context.database.unit("webhooks fetched", work)


def _named(row: AnyRow) -> dict[str, object]:
    return {"of": row.connection_id, "order": row.webstore_id, "seen": row.asked}
