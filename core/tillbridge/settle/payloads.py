"""The queue: what webstores sent, kept byte for byte until it is handled, and after."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Select, and_, exists, select, update

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db import waiting as conditions
from tillbridge.db.many import InsertMany
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import RawOrder

_UNREADABLE = "unreadable-"
_COLUMNS: Final = ("connection_id", "webstore_id", "parts", "digest", "source", "started_at", "ended_at")
_PARTS, _DIGEST = _COLUMNS.index("parts"), _COLUMNS.index("digest")
_PAYLOADS: Final = InsertMany(tables.payloads, _COLUMNS)


@dataclass(frozen=True, slots=True)
class Span:
    """From our request's start to its answer's end, UTC."""

    started: datetime
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One page as it was fetched.

    Attributes:
        orders: the raw orders.
        span: when they were read.
        source: "poll", "webhook" or "check".
        cursor: the connection's new cursor, or None to keep the old one.
    """

    orders: Sequence[RawOrder]
    span: Span
    source: str
    cursor: str | None = None


Fresh = Mapping[str, bytes]
"""Packed parts that were kept a moment ago, by their digest: they need not be read back."""


def keep(context: Context, connection_id: int, page: Fetched) -> Fresh:
    """Commit a page's payloads, and the cursor after it, in one transaction; return what was kept."""
    rows = [_row(connection_id, raw, page) for raw in page.orders]
    connections = tables.connections
    with context.database.write("payloads") as database:
        _PAYLOADS.run(database, rows)
        if page.cursor is not None:
            database.execute(
                update(connections).where(connections.c.id == connection_id).values(cursor=page.cursor)
            )
    return {row[_DIGEST]: row[_PARTS] for row in rows}


def _row(connection_id: int, raw: RawOrder, page: Fetched) -> tuple[Any, ...]:
    parts = pack(raw.parts)
    digest = hashlib.sha256(parts).hexdigest()
    # An order whose very ID is unreadable is kept and shown all the same.
    called = storable_id(raw.order_id) or _stand_in(raw.order_id, digest)
    return connection_id, called, parts, digest, page.source, page.span.started, page.span.ended


def _stand_in(order_id: str | None, digest: str) -> str:
    """Return what an order is called whose ID cannot be kept: the same at every poll."""
    said = hashlib.sha256(order_id.encode("utf-8", "replace")).hexdigest() if order_id else digest
    return f"{_UNREADABLE}{said[:16]}"


def storable_id(order_id: str | None) -> str | None:
    """Return a webstore's order ID if a database can hold it, else None."""
    if not order_id or len(order_id) > 300 or not order_id.isprintable():  # noqa: PLR2004  # the column's width
        return None
    return order_id


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as one string of bytes; equal parts give equal bytes."""
    return msgspec.msgpack.encode(dict(sorted(parts.items())))


def unpack(webstore_id: str, packed: bytes) -> RawOrder:
    """Return the raw order of a kept payload."""
    parts = msgspec.msgpack.decode(packed, type=dict[str, bytes])
    return RawOrder(order_id=None if webstore_id.startswith(_UNREADABLE) else webstore_id, parts=parts)


def heads() -> Select[*tuple[Any, ...]]:
    """Return the query for payloads without their parts, which are most of what there is to read."""
    return select(*(column for column in tables.payloads.c if column.name != "parts"))


def parts_of(database: Connection, rows: Sequence[AnyRow], fresh: Fresh) -> dict[int, bytes]:
    """Return the packed parts of payloads by their ID; what is fresh is not read from the database."""
    known = {row.id: fresh[row.digest] for row in rows if row.digest in fresh}
    missing = [row.id for row in rows if row.id not in known]
    if missing:
        payloads = tables.payloads
        query = select(payloads.c.id, payloads.c.parts).where(among(database, payloads.c.id, missing))
        known |= {row.id: row.parts for row in database.execute(query)}
    return known


def waiting(database: Connection, connection_id: int, limit: int) -> Sequence[AnyRow]:
    """Return the heads of unhandled payloads, oldest first, of orders that wait for no answer of the POS.

    Rule 2: while an attempt is unanswered no version replaces the order, so its payloads stay.
    """
    payloads, orders, attempts = tables.payloads, tables.orders, tables.attempts
    unanswered = exists().where(
        and_(
            orders.c.connection_id == payloads.c.connection_id,
            orders.c.webstore_id == payloads.c.webstore_id,
            attempts.c.order_id == orders.c.id,
            conditions.UNANSWERED,
        )
    )
    query = (
        heads()
        .where(payloads.c.connection_id == connection_id, conditions.UNHANDLED, ~unanswered)
        .order_by(payloads.c.id)
        .limit(limit)
    )
    return database.execute(query).all()
