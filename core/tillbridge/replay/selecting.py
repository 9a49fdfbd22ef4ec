"""Which kept payloads are meant: some orders by name, all that wait for a reason, or all that failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from tillbridge import views
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.pieces import pieces
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import InputError
from tillbridge.model.reasons import ReasonCode
from tillbridge.model.status import FAILED
from tillbridge.model.words import Words

PAGE = 100
_NAMES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayQuery:
    """Which kept payloads are to be replayed: exactly one of the first three is given.

    Attributes:
        orders: as people call them; what is known as no order goes by its webstore ID.
        reason: all that wait for this reason; NOT_AN_ORDER also means what is kept as no order.
        failed: all orders that wait for a customer, a product or a repair.
        connection: of this connection only.
    """

    orders: Sequence[str] = ()
    reason: ReasonCode | None = None
    failed: bool = False
    connection: str | None = None

    def __post_init__(self) -> None:
        if (bool(self.orders), self.reason is not None, self.failed).count(True) != 1:
            raise InputError(
                Words(
                    "Say what to replay: orders by name, or --reason CODE, or --all-failed; one of them.",
                    "다시 처리할 대상을 하나만 지정해 주세요: 주문 이름, --reason 코드, --all-failed.",
                )
            )


@dataclass(frozen=True, slots=True)
class Chosen:
    """The same, once the names are looked up."""

    reason: ReasonCode | None = None
    failed: bool = False
    order_ids: Sequence[int] = ()
    payload_ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some kept payloads of one connection, read at one moment.

    Attributes:
        rows: of `tables.payloads`, by ID.
        orders: their orders' rows with `digest` and `unanswered`, by webstore ID.
        documents: the newest readable version of each order, as JSON, by order ID.
        no_orders: whether these payloads are kept as no orders.
    """

    rows: Sequence[AnyRow]
    orders: Mapping[str, AnyRow]
    documents: Mapping[int, str]
    no_orders: bool = False
    links_revision: int = field(default=0)


def choose(context: Context, wanted: ReplayQuery) -> Chosen:
    """Look the names up.

    Raises:
        NotFound: nothing answers to a name, or several orders do.
    """
    if not wanted.orders:
        return Chosen(wanted.reason, wanted.failed)
    names = list(dict.fromkeys(wanted.orders))
    found = views.order_ids(context, names)
    aside = _kept_as_no_order(context, [name for name in names if name not in found])
    for name in names:
        if name not in found and name not in aside:
            raise views.no_such_order(name)
    return Chosen(
        order_ids=sorted(set(found.values())),
        payload_ids=sorted(number for numbers in aside.values() for number in numbers),
    )


def _kept_as_no_order(context: Context, names: Sequence[str]) -> dict[str, list[int]]:
    payloads = tables.payloads
    found: dict[str, list[int]] = {}
    with context.database.read() as database:
        for piece in pieces(names, _NAMES):
            query = select(payloads.c.id, payloads.c.webstore_id).where(
                payloads.c.webstore_id.in_(piece), payloads.c.not_an_order.is_not(None)
            )
            for row in database.execute(query):
                found.setdefault(row.webstore_id, []).append(row.id)
    return found


def order_pages(context: Context, connection_id: int, chosen: Chosen) -> Iterator[Page]:
    """Yield the chosen orders of a connection with their kept payloads, by order ID."""
    orders = tables.orders
    if chosen.order_ids:
        for piece in pieces(chosen.order_ids, PAGE):
            yield _order_page(context, connection_id, orders.c.id.in_(piece))
        return
    conditions = _conditions(chosen)
    after = 0
    while conditions is not None:
        page = _order_page(context, connection_id, and_(orders.c.id > after, conditions))
        if not page.orders:
            return
        yield page
        after = max(row.id for row in page.orders.values())


def _conditions(chosen: Chosen) -> ColumnElement[bool] | None:
    orders = tables.orders
    if chosen.failed:
        return orders.c.status.in_(FAILED)
    if chosen.reason is not None:
        # A reason's words cannot hold this: a quotation mark in them has its backslash before it.
        return orders.c.reasons.contains(f'"{chosen.reason}"', autoescape=True)
    return None


def _order_page(context: Context, connection_id: int, wanted: ColumnElement[bool]) -> Page:
    orders, payloads = tables.orders, tables.payloads
    query = _orders().where(orders.c.connection_id == connection_id, wanted).order_by(orders.c.id).limit(PAGE)
    with context.database.read() as database:
        known = database.execute(query).all()
        kept = select(payloads).where(payloads.c.id.in_([row.payload_id for row in known]))
        rows = database.execute(kept.order_by(payloads.c.id)).all()
        return Page(
            rows,
            {row.webstore_id: row for row in known},
            _documents(database, [row.id for row in known]),
            links_revision=_links_revision(database, connection_id),
        )


def no_order_pages(context: Context, connection_id: int, chosen: Chosen) -> Iterator[Page]:
    """Yield what is kept as no order, by payload ID."""
    payloads = tables.payloads
    if chosen.payload_ids:
        for piece in pieces(chosen.payload_ids, PAGE):
            yield _no_order_page(context, connection_id, payloads.c.id.in_(piece))
        return
    after = 0
    while chosen.reason is ReasonCode.NOT_AN_ORDER:
        page = _no_order_page(context, connection_id, payloads.c.id > after)
        if not page.rows:
            return
        yield page
        after = page.rows[-1].id


def _no_order_page(context: Context, connection_id: int, wanted: ColumnElement[bool]) -> Page:
    payloads, orders = tables.payloads, tables.orders
    query = (
        select(payloads)
        .where(
            payloads.c.connection_id == connection_id,
            payloads.c.not_an_order.is_not(None),
            payloads.c.handled,
            wanted,
        )
        .order_by(payloads.c.id)
        .limit(PAGE)
    )
    with context.database.read() as database:
        rows = database.execute(query).all()
        names = [row.webstore_id for row in rows]
        beside = and_(orders.c.connection_id == connection_id, orders.c.webstore_id.in_(names))
        known = database.execute(_orders().where(beside)).all()
        documents = _documents(database, [row.id for row in known])
        return Page(rows, {row.webstore_id: row for row in known}, documents, no_orders=True)


def rows_of(database: Connection, wanted: ColumnElement[bool]) -> Sequence[AnyRow]:
    """Return orders' rows as pages have them."""
    return database.execute(_orders().where(wanted).order_by(tables.orders.c.id)).all()


def _orders() -> Any:
    orders, payloads = tables.orders, tables.payloads
    return select(orders, payloads.c.digest, waiting.HAS_UNANSWERED.label("unanswered")).join(
        payloads, payloads.c.id == orders.c.payload_id
    )


def _documents(database: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    versions, orders = tables.versions, tables.orders
    newest = and_(orders.c.id == versions.c.order_id, orders.c.version == versions.c.number)
    query = (
        select(versions.c.order_id, versions.c.document)
        .join(orders, newest)
        .where(versions.c.order_id.in_(order_ids))
    )
    return {row.order_id: row.document for row in database.execute(query)}


def _links_revision(database: Connection, connection_id: int) -> int:
    connections = tables.connections
    query = select(connections.c.links_revision).where(connections.c.id == connection_id)
    return int(database.execute(query).scalar_one())
