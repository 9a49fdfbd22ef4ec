"""Fetching: brings payloads into the queue, page by page, the cursor in the same commit."""

import logging
import random
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from tillbridge import connections
from tillbridge.ahead import ahead
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import (
    Misconfigured,
    PayloadError,
    PluginError,
    Rejected,
    Retryable,
    TillbridgeError,
)
from tillbridge.model.exchange import NotAnOrder, OrderPage, RawOrder
from tillbridge.model.orders import WebOrder
from tillbridge.model.status import UNSOLD, Status
from tillbridge.model.words import Words
from tillbridge.orders.releasing import as_judged
from tillbridge.orders.timeline import SYSTEM, Entry, sign
from tillbridge.settle import Counts, bench, parse_payload, payloads, read_links, settle
from tillbridge.settle.due import look
from tillbridge.settle.judge import judge
from tillbridge.settle.payloads import Fetched, Span

_log = logging.getLogger("tillbridge.intake")
_JITTER = 0.1
MENDING = timedelta(hours=1)
"""How long a connection rests whose settings or credentials a person has to mend; "check now" is sooner."""
LONGEST_REST = timedelta(days=1)
"""How long a connection rests at most, whatever its webstore or plugin wishes."""
_FETCH_AGAIN = 20


@dataclass(slots=True)
class PollResult:
    """What one poll of one connection did.

    Attributes:
        fetched: orders that came, known ones among them.
        counts: what settling made of them.
        trouble: why it stopped, or None.
        busy: another worker was polling this connection already.
    """

    connection: str
    fetched: int = 0
    counts: Counts = field(default_factory=Counts)
    trouble: Words | None = None
    busy: bool = False


def connection_lock(connection_id: int) -> str:
    """Return the name of the lock that saves two workers from polling one connection at once."""
    return f"connection:{connection_id}"


def poll(context: Context, connection: OpenConnection, *, poll_seconds: int) -> PollResult:
    """Settle what waits, fetch what is new, and settle it page by page.

    What goes wrong outside is no exception here: it stands in the result and in the connection's
    health, with when the next poll is due. Pages that were kept before stay kept.
    """
    with holding(context, connection) as got:
        if got:
            return poll_held(context, connection, poll_seconds=poll_seconds)
    return PollResult(connection.name, busy=True)


@contextmanager
def holding(context: Context, connection: OpenConnection) -> Iterator[bool]:
    """Try to hold a connection's lock; yield whether it was got."""
    with holding_lock(context, connection_lock(connection.id)) as got:
        yield got


@contextmanager
def holding_lock(context: Context, name: str) -> Iterator[bool]:
    """Try to hold a lock that saves work; yield whether it was got."""
    if not context.lock_connections:
        yield True
        return
    with context.locks.attempt(name) as got:
        yield got


def poll_held(context: Context, connection: OpenConnection, *, poll_seconds: int) -> PollResult:
    """Poll as `poll` does, for one who holds the connection's lock already."""
    result = PollResult(connection.name)
    _poll(context, connection, result, poll_seconds)
    return result


def _poll(context: Context, connection: OpenConnection, result: PollResult, poll_seconds: int) -> None:
    now = context.clock.now()
    due = now + timedelta(seconds=poll_seconds * (1 + random.uniform(-_JITTER, _JITTER)))  # noqa: S311  # spreads load, guards nothing
    try:
        due_now = look(context, connection.id)
        if due_now.settle:
            result.counts.join(settle(context, connection))
        if due_now.settle or due_now.fetch_again:
            fetch_again(context, connection)
        with closing(_ahead(context, _pages(context, connection, due_now.cursor))) as coming:
            for page, span in coming:
                result.fetched += len(page.orders)
                if not page.orders and page.cursor is None:
                    continue  # nothing came, and what waited was settled
                fetched = Fetched(orders=page.orders, span=span, source="poll", cursor=page.cursor)
                fresh = payloads.keep(context, connection.id, fetched)
                result.counts.join(settle(context, connection, fresh))
                if context.stopping.is_set():
                    break  # what was fetched is kept; the next poll goes on from its cursor
    except TillbridgeError as error:
        result.trouble = error.words
        connections.mark_trouble(context, connection, error, due_after(error, due, now))
    else:
        connections.mark_well(context, connection, due)


_Pages = Generator[tuple[OrderPage, Span], None, None]


def _ahead(context: Context, pages: _Pages) -> _Pages:
    return ahead(pages, is_work=_has_orders) if context.fetch_ahead else pages


def _has_orders(page: tuple[OrderPage, Span]) -> bool:
    return bool(page[0].orders)


def due_after(error: TillbridgeError, due: datetime, now: datetime) -> datetime:
    """Return when to try again after a failure: at `due`, or as much later as the webstore wishes."""
    if isinstance(error, Misconfigured):
        return now + MENDING
    until = error.until if isinstance(error, Retryable) else None
    return max(due, min(until or due, now + LONGEST_REST))


def _pages(context: Context, connection: OpenConnection, cursor: str | None) -> _Pages:
    """Yield pages with the time that each was read in."""
    name = connection.provider.name
    with closing(context.plugins.fetch_orders(name, connection.guest, cursor)) as pages:
        while True:
            started = context.clock.now()
            page = next(pages, None)
            if page is None:
                return
            yield page, Span(started, context.clock.now())


def check_again(
    context: Context, connection: OpenConnection, webstore_id: str, *, source: str = "check"
) -> None:
    """Fetch one order anew and put it into the queue ("check again"; a webhook, where `source` says so).

    Raises:
        ProviderError: the webstore is away, or has no such order.
    """
    started = context.clock.now()
    raw = context.plugins.fetch_order(connection.provider.name, connection.guest, webstore_id)
    span = Span(started, context.clock.now())
    # What the webstore calls it is what we asked for, whatever the answer says of itself.
    known = RawOrder(order_id=webstore_id, parts=raw.parts)
    payloads.keep(context, connection.id, Fetched(orders=[known], span=span, source=source))


def fetch_again(context: Context, connection: OpenConnection) -> int:
    """Fetch orders of which two readings overlapped and differed; return how many were."""
    orders = tables.orders
    query = (
        select(orders.c.id, orders.c.webstore_id, orders.c.revision, orders.c.fetch_again)
        .where(orders.c.connection_id == connection.id, waiting.FETCH_AGAIN)
        # One that cannot be had now goes behind those that were tried less often.
        .order_by(orders.c.fetch_again, orders.c.id)
        .limit(_FETCH_AGAIN)
    )
    with context.database.read() as database:
        wanted = database.execute(query).all()
    fetched = 0
    for row in wanted:
        try:
            check_again(context, connection, row.webstore_id)
        except Rejected as error:
            # Of this order nothing more can be learnt; the connection's others must not wait for it.
            _marked(context, row, 0, error.words)
        except (Retryable, PluginError) as error:
            # A service that is away the pages tell of; what ails one order is told once.
            told = isinstance(error, Retryable) or row.fetch_again > 1
            level = logging.DEBUG if told else logging.WARNING
            _log.log(level, "order %s of %s: %s", row.webstore_id, connection.name, error)
            _marked(context, row, orders.c.fetch_again + 1)
            if isinstance(error, Retryable):
                break  # it is most likely the whole service; the pages tell
        else:
            _marked(context, row, 0)
            fetched += 1
    if fetched:
        settle(context, connection)
    return fetched


def _marked(context: Context, row: AnyRow, mark: Any, why: Words | None = None) -> None:
    """Set how urgently an order is to be fetched again (0: not), if it is as it was read.

    A reading that proved unclear since then asks for one more.
    """
    orders = tables.orders
    as_read = update(orders).where(orders.c.id == row.id, orders.c.revision == row.revision)
    with context.database.write("fetched again") as database:
        done = database.execute(as_read.values(fetch_again=mark))
        if why and done.rowcount:
            words = Words(f"It was not fetched again: {why.en}", f"다시 가져오지 못했습니다: {why.ko}")
            sign(database, context.clock.now(), [Entry(row.id, SYSTEM, "not fetched again", words)])


@dataclass(slots=True)
class Preview:
    """What a poll would do, without doing it.

    Attributes:
        statuses: how many orders would get which status (New: would be sold).
        earlier: orders that are open, but placed before `orders_from`.
        oldest: when the oldest order that would come was placed, UTC.
        stopped: why not everything was looked at although nothing failed, or None.
        trouble: what broke the look off, or None; what was seen before it counts.
    """

    fetched: int = 0
    statuses: dict[Status, int] = field(default_factory=dict)
    damaged: int = 0
    earlier: int = 0
    oldest: datetime | None = None
    stopped: Words | None = None
    trouble: Words | None = None


def preview(context: Context, connection: OpenConnection, *, limit: int = 1000) -> Preview:
    """Fetch and judge without keeping anything; looks at `limit` orders at most.

    Raises:
        TillbridgeError: the very first page could not be fetched.
    """
    seen = Preview()
    cursor = None
    if connection.id:
        with context.database.read() as database:
            table = tables.connections
            cursor = database.execute(select(table.c.cursor).where(table.c.id == connection.id)).scalar()
    try:
        for page in context.plugins.fetch_orders(connection.provider.name, connection.guest, cursor):
            _judge_page(context, connection, page, seen)
            if seen.fetched >= limit:
                seen.stopped = Words(
                    f"Only {limit} orders were looked at.", f"주문 {limit}건까지만 확인했습니다."
                )
                break
    except TillbridgeError as error:
        if not seen.fetched:
            raise
        seen.trouble = error.words
    return seen


def _judge_page(context: Context, connection: OpenConnection, page: OrderPage, seen: Preview) -> None:
    settled = _settled(context, connection, page)
    orders: list[WebOrder] = []
    for raw in page.orders:
        seen.fetched += 1
        try:
            order = parse_payload(context, connection, raw)
        except (PayloadError, PluginError):
            seen.damaged += 1
        else:
            known = settled.get(raw.order_id or "")
            if not isinstance(order, NotAnOrder) and not _stays(order, known):
                orders.append(as_judged(order, known))
    with context.database.read() as database:
        links = read_links(database, connection.id, orders)
    for verdict in judge(orders, bench(context, connection, links)):
        status = Status.NEW if verdict.sellable else verdict.reasons[0].status
        seen.statuses[status] = seen.statuses.get(status, 0) + 1
        if status is not Status.ARCHIVED:
            placed = verdict.order.placed_at
            seen.oldest = min(placed, seen.oldest or placed)
        elif any(reason.code == "before_start" for reason in verdict.reasons):
            seen.earlier += 1


def _settled(context: Context, connection: OpenConnection, page: OrderPage) -> dict[str, AnyRow]:
    """Return what is known of a page's orders already."""
    if not connection.id:
        return {}
    orders = tables.orders
    wanted = [raw.order_id for raw in page.orders if payloads.storable_id(raw.order_id)]
    query = select(
        orders.c.webstore_id,
        orders.c.content_hash,
        orders.c.sale_id,
        orders.c.status,
        orders.c.put_aside,
        orders.c.line_states,
        orders.c.released,
    ).where(orders.c.connection_id == connection.id, orders.c.webstore_id.in_(wanted))
    with context.database.read() as database:
        return {row.webstore_id: row for row in database.execute(query)}


def _stays(order: WebOrder, known: AnyRow | None) -> bool:
    """Say whether a poll would sell nothing of this order anew: it is as it was, sold, or decided."""
    if known is None:
        return False
    if known.sale_id is not None or order.content_hash() == known.content_hash:
        return True
    return known.status is not None and known.status not in UNSOLD and not known.put_aside
