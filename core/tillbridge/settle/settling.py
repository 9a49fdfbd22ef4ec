"""Settling: drains what is unhandled, so that a kill anywhere strands nothing.

Unanswered attempts are sent again as they were; waiting payloads are parsed, matched and committed
a page at a time, with the attempts that they lead to; orders in Process Sale likewise. Only then is
the POS asked, and its answer committed (`tillbridge.settle.attempts`).
"""

import logging
import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, exists, select
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.matching.matcher import Links
from tillbridge.model.errors import PayloadError, TillbridgeError
from tillbridge.model.exchange import NotAnOrder, RawOrder
from tillbridge.model.orders import WebOrder
from tillbridge.model.reasons import Reason, ReasonCode
from tillbridge.model.status import UNSOLD, Status
from tillbridge.model.words import Words
from tillbridge.orders.releasing import as_judged
from tillbridge.pos.guarded import PosAway
from tillbridge.settle import attempts, payloads
from tillbridge.settle.committing import Commit, Settled, commit_page
from tillbridge.settle.due import look
from tillbridge.settle.folding import Folded, fold, read_again
from tillbridge.settle.judge import Bench, Verdict, judge
from tillbridge.settle.links import numbered
from tillbridge.settle.payloads import Fresh

PAGE = 100
_DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)
_log = logging.getLogger("tillbridge.settle")


@dataclass(slots=True)
class Counts:
    """What settling did, in orders."""

    new: int = 0
    changed: int = 0
    sold: int = 0
    waiting: int = 0
    failed: int = 0

    def add(self, settled: Settled) -> None:
        """Count one committed page."""
        self.new += settled.new
        self.changed += settled.changed
        self.waiting += settled.waiting
        self.failed += settled.failed

    def join(self, other: "Counts") -> None:
        """Add what another settling did."""
        for name, count in asdict(other).items():
            setattr(self, name, getattr(self, name) + count)

    def answer(self, answered: attempts.Answered) -> None:
        """Count what the POS answered."""
        self.sold += answered.opened
        self.failed += answered.refused


@dataclass(frozen=True, slots=True)
class _Page:
    """What was read for one page, before matching; the commit holds it against what is then.

    Attributes:
        groups: heads of the payloads of each order, oldest first.
        parts: the payloads' packed parts by their ID.
        known: order rows by webstore ID.
        again: rows of orders in Process Sale, whose kept payload is read again.
    """

    groups: dict[str, list[AnyRow]]
    parts: dict[int, bytes]
    known: dict[str, AnyRow]
    links_revision: int
    again: bool = False


def settle(context: Context, connection: OpenConnection, fresh: Fresh | None = None) -> Counts:
    """Settle everything that waits on one connection; safe beside other workers.

    Args:
        context: the engine's parts.
        connection: whose payloads, attempts and orders in Process Sale are settled.
        fresh: what was kept a moment ago, if anything was.
    """
    counts = Counts()
    if not fresh and not look(context, connection.id).settle:
        return counts
    counts.answer(attempts.resend(context, connection.id))
    _drain(context, connection, counts, partial(_read_queue, fresh=fresh or {}))
    _drain(context, connection, counts, _read_process_sale)
    return counts


Reader = Callable[[Connection, int], _Page]


def _drain(context: Context, connection: OpenConnection, counts: Counts, read: Reader) -> None:
    """Settle page after page until a page brings nothing forward."""
    while True:
        with context.database.read() as database:
            page = read(database, connection.id)
        if not page.groups:
            return
        settled = _settle_page(context, connection, page)
        counts.add(settled)
        counts.answer(attempts.ask(context, settled.drafts))
        if not settled.progress:
            return


def _settle_page(context: Context, connection: OpenConnection, page: _Page) -> Settled:
    """Settle a page; if it fails, order by order, so that only the guilty one is marked."""
    try:
        return _try_page(context, connection, page)
    except IntegrityError:
        _log.info(
            "another worker settles the same orders of %s; they are looked at one by one", connection.name
        )
    except Exception:  # noqa: BLE001  # whatever it is, one order must not stop its page
        _log.warning("a page of %s is settled order by order", connection.name, exc_info=True)
    settled = Settled()
    for webstore_id, rows in page.groups.items():
        alone = replace(page, groups={webstore_id: rows})
        settled.join(_settle_alone(context, connection, alone))
    return settled


def _settle_alone(context: Context, connection: OpenConnection, page: _Page) -> Settled:
    """Settle a page of one order; mark the order if the fault is its own.

    Raises:
        PosAway, OperationalError and the like: the POS or the database is away, for any order.
    """
    try:
        return _try_page(context, connection, page)
    except _DATABASE_AWAY:
        raise
    except PosAway as error:
        context.pos.stores()  # raises if the POS answers nobody; else it is this order that it cannot answer
        fault = fault_reason(error)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is this order's
        fault = fault_reason(error)
    _log.warning("an order of %s could not be settled: %s", connection.name, list(page.groups), exc_info=True)
    try:
        return _try_page(context, connection, page, fault=fault)
    except _DATABASE_AWAY:
        raise
    except Exception:  # noqa: BLE001  # not even its fault can be kept: its payload stays in the queue
        _log.exception("an order of %s could not be marked: %s", connection.name, list(page.groups))
        return Settled()


def fault_reason(error: Exception) -> Reason:
    """Return why an order is not sold that could not even be worked on."""
    if isinstance(error, TillbridgeError):
        return Reason.of(ReasonCode.UNEXPECTED, error.words)
    kind = type(error.orig if isinstance(error, DBAPIError) and error.orig else error).__name__
    words = Words(
        f"tillbridge could not work on this order ({kind}). "
        "Its data is kept; please tell support its order ID.",
        f"이 주문을 처리하지 못했습니다({kind}). 데이터는 보관되어 있으니 주문 ID를 지원 팀에 알려 주세요.",
    )
    return Reason.of(ReasonCode.UNEXPECTED, words)


def _try_page(
    context: Context, connection: OpenConnection, page: _Page, *, fault: Reason | None = None
) -> Settled:
    def parse(row: AnyRow) -> WebOrder | NotAnOrder:
        if fault is not None:
            raise TillbridgeError(fault.words)
        return parse_payload(context, connection, payloads.unpack(row.webstore_id, page.parts[row.id]))

    folded = list(_fold_page(page, parse))
    wanted = [one for one in folded if one.order is not None and _to_be_judged(one, again=page.again)]
    verdicts = _judge(context, connection, [as_judged(one.order, one.before) for one in wanted if one.order])
    judged = {one.webstore_id: verdict for one, verdict in zip(wanted, verdicts, strict=True)}
    return commit_page(
        context, connection, Commit(folded=folded, verdicts=judged, links_revision=page.links_revision)
    )


def parse_payload(context: Context, connection: OpenConnection, raw: RawOrder) -> WebOrder | NotAnOrder:
    """Parse one raw order with its provider's plugin.

    Raises:
        PayloadError: it is damaged.
        PluginError: the plugin failed on it.
    """
    parsed = context.plugins.parse_order(connection.provider.name, connection.guest, raw)
    if isinstance(parsed, WebOrder) and parsed.id != raw.order_id:
        came = raw.order_id or "?"
        words = Words(
            f"The order calls itself {parsed.id!r}, but came under the ID {came!r}.",
            f"주문의 ID는 {parsed.id!r}인데 {came!r} ID로 수신되었습니다.",
        )
        raise PayloadError(words, path="id")
    return parsed


def _fold_page(page: _Page, parse: Callable[[AnyRow], WebOrder | NotAnOrder]) -> Iterable[Folded]:
    for webstore_id, rows in page.groups.items():
        before = page.known.get(webstore_id)
        if page.again and before is not None:
            yield read_again(before, rows[0], parse)
        else:
            yield fold(webstore_id, before, rows, parse)


def _to_be_judged(folded: Folded, *, again: bool) -> bool:
    """Whether a sale could come of it: it is new, or unsold and changed, or staff asked."""
    before = folded.before
    if before is None or again:
        return True
    if before.sale_id is not None:
        return False
    return before.status is None or before.status in UNSOLD or before.put_aside


def _judge(context: Context, connection: OpenConnection, orders: Sequence[WebOrder]) -> list[Verdict]:
    if not orders:
        return []
    with context.database.read() as database:
        links = read_links(database, connection.id, orders)
    return judge(orders, bench(context, connection, links))


def bench(context: Context, connection: OpenConnection, links: Links) -> Bench:
    """Return what orders of a connection are judged by."""
    limited = connection.provider.reservations_only
    return Bench(
        pos=context.pos,
        rules=connection.rules,
        links=links,
        stores=connection.stores,
        orders_from=connection.guest.orders_from,
        reservations_only=limited is not None and limited(connection.guest.settings),
        connect=f"tillbridge connect {connection.provider.name} --name {shlex.quote(connection.name)}",
    )


def read_links(database: Connection, connection_id: int, orders: Sequence[WebOrder]) -> Links:
    """Return what was linked before for these orders' customers and listings."""
    customers, listings, own, known_orders = (
        tables.customer_links,
        tables.listings,
        tables.order_links,
        tables.orders,
    )
    people = {order.customer.id for order in orders if order.customer.id}
    items = {line.listing.item_id for order in orders for line in order.lines if line.listing}
    known = select(customers.c.web_customer_id, customers.c.customer_id).where(
        customers.c.connection_id == connection_id,
        among(database, customers.c.web_customer_id, people),
    )
    linked = select(listings.c.item_id, listings.c.product_id).where(
        listings.c.connection_id == connection_id,
        among(database, listings.c.item_id, items),
        listings.c.product_id.is_not(None),
    )
    said = (
        select(known_orders.c.webstore_id, own.c.line_id, own.c.target)
        .join(known_orders, known_orders.c.id == own.c.order_id)
        .where(
            known_orders.c.connection_id == connection_id,
            among(database, known_orders.c.webstore_id, [order.id for order in orders]),
        )
    )
    return Links(
        numbers=numbered(database, connection_id, orders),
        customers={row.web_customer_id: row.customer_id for row in database.execute(known)},
        products={row.item_id: row.product_id for row in database.execute(linked)},
        of_orders={(row.webstore_id, row.line_id): row.target for row in database.execute(said)},
    )


def _read_queue(database: Connection, connection_id: int, *, fresh: Fresh) -> _Page:
    rows = payloads.waiting(database, connection_id, PAGE)
    groups: dict[str, list[AnyRow]] = {}
    for row in rows:
        groups.setdefault(row.webstore_id, []).append(row)
    orders = tables.orders
    wanted = and_(
        orders.c.connection_id == connection_id, among(database, orders.c.webstore_id, groups.keys())
    )
    known = _order_rows(database, wanted) if groups else []
    return _Page(
        groups=groups,
        parts=payloads.parts_of(database, rows, fresh),
        known={row.webstore_id: row for row in known},
        links_revision=_links_revision(database, connection_id) if groups else 0,
    )


def _read_process_sale(database: Connection, connection_id: int) -> _Page:
    """Read orders in Process Sale; one whose old sale is still to be voided waits for that (rule 5)."""
    orders, stored, attempted = tables.orders, tables.payloads, tables.attempts
    unanswered = exists().where(and_(attempted.c.order_id == orders.c.id, waiting.UNANSWERED))
    known = _order_rows(
        database,
        and_(
            orders.c.connection_id == connection_id,
            orders.c.status == Status.PROCESS_SALE,
            orders.c.sale_id.is_(None),
            ~unanswered,
        ),
        PAGE,
    )
    kept = payloads.heads().where(among(database, stored.c.id, [row.payload_id for row in known]))
    rows = database.execute(kept).all() if known else []
    return _Page(
        groups={row.webstore_id: [row] for row in rows},
        parts=payloads.parts_of(database, rows, {}),
        known={row.webstore_id: row for row in known},
        links_revision=_links_revision(database, connection_id) if known else 0,
        again=True,
    )


def _order_rows(database: Connection, wanted: Any, limit: int | None = None) -> Sequence[AnyRow]:
    orders, stored = tables.orders, tables.payloads
    query = (
        select(orders, stored.c.digest)
        .join(stored, stored.c.id == orders.c.payload_id)
        .where(wanted)
        .order_by(orders.c.id)
        .limit(limit)
    )
    return database.execute(query).all()


def _links_revision(database: Connection, connection_id: int) -> int:
    connections = tables.connections
    query = select(connections.c.links_revision).where(connections.c.id == connection_id)
    return int(database.execute(query).scalar_one())
