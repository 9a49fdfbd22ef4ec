"""Writes a settled page: a fixed number of statements, whatever the page holds."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, update

from tillbridge.connections import OpenConnection
from tillbridge.db import tables
from tillbridge.db.allot import allot
from tillbridge.db.many import InsertMany, UpdateMany
from tillbridge.db.sets import among
from tillbridge.db.states import AttemptState
from tillbridge.orders.timeline import SYSTEM, Entry, sign
from tillbridge.settle.change import UNSAID, Change
from tillbridge.settle.folding import Folded
from tillbridge.settle.judge import Verdict
from tillbridge.settle.lines import LINE_COLUMNS, LISTING_COLUMNS, line_rows, listing_rows
from tillbridge.settle.taken_out import clear_lines

CHANGED: Final = "changed at the webstore"
"""What the timeline calls a new version of an order that is known."""
# What a new order has besides what is known of it.
_UNKNOWN: Final[dict[str, Any]] = {
    "kind": None,
    "standing": None,
    "store": None,
    "currency": None,
    "total_minor": None,
    "money": None,
    "customer_name": "",
    "placed_at": None,
    "status": None,
    "put_aside": False,
    "reasons": "[]",
    "accept_by": None,
    "accept_clock": None,
    "undo": None,
    "web_customer_id": None,
    "customer_id": None,
    "customer_evidence": None,
    "attempt": 0,
}
_ORDER_COLUMNS: Final = (
    "id",
    "connection_id",
    "webstore_id",
    "order_key",
    "imported_at",
    "payload_id",
    "version",
    "content_hash",
    "seen_started",
    "seen_ended",
    "seen_revision",
    "seen_updated",
    "fetch_again",
    "changed_at",
    "number",
    *_UNKNOWN,
)
_ORDERS: Final = InsertMany(tables.orders, _ORDER_COLUMNS)
_VERSIONS: Final = InsertMany(
    tables.versions, ("order_id", "number", "content_hash", "document", "payload_id", "seen_at")
)
_LINES: Final = InsertMany(tables.order_lines, LINE_COLUMNS)
# A listing that shows what it showed before is not written again.
_LISTINGS: Final = InsertMany(
    tables.listings,
    LISTING_COLUMNS,
    keys=("connection_id", "item_id"),
    then=(
        "parent_id = excluded.parent_id, title = excluded.title, identifiers = excluded.identifiers "
        "WHERE NOT (listings.title = excluded.title AND listings.identifiers = excluded.identifiers "
        "AND coalesce(listings.parent_id, '') = coalesce(excluded.parent_id, ''))"
    ),
)
_ATTEMPTS: Final = InsertMany(
    tables.attempts, ("order_id", "number", "version", "content_hash", "draft", "state", "created_at")
)


def write_orders(
    database: Connection, connection: OpenConnection, changes: Sequence[Change], now: datetime
) -> None:
    """Write the orders' own rows; each change of a new order gets its `order_id`."""
    new = [change for change in changes if change.folded.before is None]
    for change, number in zip(new, allot(database, tables.orders, len(new)), strict=True):
        change.order_id = number
    _ORDERS.run(database, [_new_row(connection, change, now) for change in new])
    known = [change for change in changes if change.folded.before is not None]
    for names in {tuple(sorted(change.values)) for change in known}:
        rows = [
            (*(change.values[name] for name in names), change.order_id)
            for change in known
            if tuple(sorted(change.values)) == names
        ]
        _order_update(names).run(database, rows)


@cache  # a handful of combinations occurs
def _order_update(names: tuple[str, ...]) -> UpdateMany:
    return UpdateMany(tables.orders, names, ("id",), beside="revision = orders.revision + 1")


def _new_row(connection: OpenConnection, change: Change, now: datetime) -> tuple[Any, ...]:
    webstore_id = change.folded.webstore_id
    values = {
        **_UNKNOWN,
        "number": webstore_id,
        **change.values,
        "id": change.order_id,
        "connection_id": connection.id,
        "webstore_id": webstore_id,
        "order_key": connection.order_key(webstore_id),
        "imported_at": now,
    }
    return tuple([values[name] for name in _ORDER_COLUMNS])


def write_contents(
    database: Connection, connection: OpenConnection, changes: Sequence[Change], now: datetime
) -> None:
    """Write versions, lines, listings, attempts and what the timeline is told."""
    _VERSIONS.run(database, [row for change in changes for row in _version_rows(change, now)])
    judged = [(change, change.verdict) for change in changes if change.verdict]
    clear_lines(database, [change for change, _ in judged if change.folded.before is not None])
    _LINES.run(database, [row for change, verdict in judged for row in _line_rows(change, verdict)])
    _LISTINGS.run(database, listing_rows(connection.id, (verdict.order for _, verdict in judged)))
    _ATTEMPTS.run(database, [_attempt_row(change, now) for change, _ in judged if change.draft])
    sign(database, now, (entry for one in changes for entry in _entries(one)))


def _line_rows(change: Change, verdict: Verdict) -> Iterator[tuple[Any, ...]]:
    return line_rows(change.order_id, change.folded.order or verdict.order, verdict)


def _entries(change: Change) -> Iterator[Entry]:
    """Yield what the timeline is told: what the webstore changed, and what came of it."""
    if note := change.folded.note:
        yield replace(note, order_id=change.order_id)
        return
    if change.changed:
        yield Entry(change.order_id, SYSTEM, CHANGED, change.changed)
    if change.entry and not (change.changed and change.entry == UNSAID):
        yield Entry(change.order_id, SYSTEM, "settled", change.entry)


def _version_rows(change: Change, now: datetime) -> Iterator[tuple[Any, ...]]:
    for version in change.folded.versions:
        yield (
            change.order_id,
            version.number,
            version.content_hash,
            version.document,
            version.payload_id,
            now,
        )


def _attempt_row(change: Change, now: datetime) -> tuple[Any, ...]:
    draft, folded = change.draft, change.folded
    assert draft is not None  # only changes with one come here
    return (
        change.order_id,
        draft.attempt.number,
        folded.number,
        folded.content_hash,
        draft.model_dump_json(),
        AttemptState.UNANSWERED.value,
        now,
    )


def finish_payloads(database: Connection, connection_id: int, folded: Sequence[Folded]) -> None:
    """Note which payloads are done with, and let those go that said nothing new."""
    payloads = tables.payloads
    handled = [number for one in folded for number in one.handled]
    if handled:
        database.execute(update(payloads).where(among(database, payloads.c.id, handled)).values(handled=True))
    dropped = [number for one in folded for number in one.dropped]
    if dropped:
        database.execute(delete(payloads).where(among(database, payloads.c.id, dropped)))
    reasons = {number: why for one in folded for number, why in one.not_orders.items()}
    if not reasons:
        return
    # Only the newest copy of what is no order is kept: every poll brings it again.
    database.execute(
        delete(payloads).where(
            payloads.c.connection_id == connection_id,
            payloads.c.not_an_order.is_not(None),
            payloads.c.id.not_in(reasons),
            payloads.c.webstore_id.in_([one.webstore_id for one in folded if one.not_orders]),
        )
    )
    database.execute(
        update(payloads).where(payloads.c.id == bindparam("the_id")).values(not_an_order=bindparam("why")),
        [{"the_id": number, "why": why.en} for number, why in reasons.items()],
    )
