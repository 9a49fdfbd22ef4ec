"""What front doors show: orders with their status and why, in as few queries as there are tables."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import AttemptState
from tillbridge.db.types import AnyRow
from tillbridge.matching.evidence import Evidence
from tillbridge.model.errors import NotFound
from tillbridge.model.exchange import Decision
from tillbridge.model.money import Money
from tillbridge.model.orders import WebOrder
from tillbridge.model.reasons import Reason
from tillbridge.model.status import OrderFacts, Status, choices
from tillbridge.model.words import Words
from tillbridge.pos.contract import SaleState
from tillbridge.provider import Capability


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line of an order, and the product that it was found to be."""

    line_id: str
    title: str
    sku: str | None
    gtin: str | None
    quantity: Decimal
    total_minor: int
    product_id: str | None
    product: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """One order as staff see it.

    Attributes:
        status: None while the POS has not answered for the first time.
        reasons: why it is not sold, the one first that names the status.
        conflict: it was rejected, but its sale was finished at the till (derived, never stored).
        changed_after_sale: the webstore changed it since its sale was made.
        choices: the statuses that staff can choose now.
    """

    id: int
    connection: str
    webstore_id: str
    number: str
    kind: str | None
    standing: str | None
    status: Status | None
    reasons: tuple[Reason, ...]
    decision: Decision | None
    customer: str
    customer_id: str | None
    customer_evidence: Evidence | None
    barcode: str | None
    sale_state: SaleState | None
    store: str | None
    total: Money | None
    placed_at: datetime | None
    conflict: bool
    changed_after_sale: bool
    choices: tuple[Status, ...]
    lines: tuple[LineView, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class TimelineView:
    """One entry of an order's timeline."""

    at: datetime
    who: str
    what: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """Which orders are wanted; what is None or empty does not narrow.

    Attributes:
        statuses: any of these.
        connection: of this connection.
        limit: at most so many, the newest first dropped last: oldest first, as they came.
    """

    statuses: Sequence[Status] = ()
    connection: str | None = None
    limit: int | None = None


def find_orders(context: Context, wanted: OrderQuery) -> list[OrderView]:
    """Return orders in the sequence in which they came."""
    orders, connections = tables.orders, tables.connections
    query = _order_select().order_by(orders.c.id).limit(wanted.limit)
    if wanted.statuses:
        query = query.where(orders.c.status.in_(wanted.statuses))
    if wanted.connection:
        query = query.where(connections.c.name == wanted.connection)
    with context.database.read() as database:
        rows = database.execute(query).all()
        lines = _lines(database, query, rows)
    return [_view(row, lines.get(row.id, ())) for row in rows]


def find_order(context: Context, wanted: str) -> OrderView:
    """Return one order by tillbridge's own number, its webstore ID, its number or its sale's barcode.

    Raises:
        NotFound: there is none, or several orders answer to it.
    """
    orders = tables.orders
    by_text = (orders.c.webstore_id == wanted) | (orders.c.number == wanted) | (orders.c.barcode == wanted)
    own = (orders.c.id == int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None  # noqa: PLR2004  # BIGINT
    with context.database.read() as database:
        for condition in (own, by_text):
            if condition is None:
                continue
            query = _order_select().where(condition)
            rows = database.execute(query).all()
            if len(rows) == 1:
                return _view(rows[0], _lines(database, query, rows).get(rows[0].id, ()))
            if rows:
                ids = ", ".join(str(row.id) for row in rows)
                raise NotFound(
                    Words(
                        f"Several orders are called {wanted!r}; say which by its ID: {ids}.",
                        f"{wanted!r} 주문이 여러 건입니다. ID로 지정해 주세요: {ids}",
                    )
                )
    raise NotFound(Words(f"There is no order {wanted!r}.", f"{wanted!r} 주문이 없습니다."))


def timeline(context: Context, order_id: int) -> list[TimelineView]:
    """Return what happened to an order, oldest first."""
    table = tables.timeline
    query = select(table).where(table.c.order_id == order_id).order_by(table.c.id)
    with context.database.read() as database:
        rows = database.execute(query).all()
    return [TimelineView(row.at, row.who, row.what, Words(row.en, row.ko)) for row in rows]


def document(context: Context, order_id: int) -> dict[str, Any] | None:
    """Return the newest readable version of an order as JSON data, or None."""
    table = tables.versions
    query = (
        select(table.c.document).where(table.c.order_id == order_id).order_by(table.c.number.desc()).limit(1)
    )
    with context.database.read() as database:
        found = database.execute(query).scalar()
    return dict(json.loads(found)) if found else None


def admin_url(
    context: Context, open_connection: Callable[[AnyRow], OpenConnection], order_id: int
) -> str | None:
    """Return where staff see an order in the webstore's own admin, or None."""
    orders, connections = tables.orders, tables.connections
    query = (
        select(connections)
        .join(orders, orders.c.connection_id == connections.c.id)
        .where(orders.c.id == order_id)
    )
    with context.database.read() as database:
        row = database.execute(query).first()
    known = document(context, order_id)
    if row is None or known is None:
        return None
    opened = open_connection(row)
    if Capability.ADMIN_URL not in opened.provider.capabilities:
        return None
    order = WebOrder.model_validate(known)
    return context.plugins.order_admin_url(opened.provider.name, opened.guest, order)


def _order_select() -> Select[Any]:
    orders, connections, attempts = tables.orders, tables.connections, tables.attempts
    unanswered = exists().where(
        and_(attempts.c.order_id == orders.c.id, attempts.c.state == AttemptState.UNANSWERED)
    )
    return select(orders, connections.c.name.label("connection"), unanswered.label("unanswered")).join(
        connections, connections.c.id == orders.c.connection_id
    )


def _lines(
    database: Connection, query: Select[Any], rows: Sequence[AnyRow]
) -> Mapping[int, Sequence[LineView]]:
    if not rows:
        return {}
    table = tables.order_lines
    wanted = query.with_only_columns(tables.orders.c.id).subquery()
    found = database.execute(
        select(table)
        .join(wanted, wanted.c.id == table.c.order_id)
        .order_by(table.c.order_id, table.c.position)
    )
    lines: dict[int, list[LineView]] = {}
    for row in found:
        lines.setdefault(row.order_id, []).append(
            LineView(
                line_id=row.line_id,
                title=row.title,
                sku=row.sku,
                gtin=row.gtin,
                quantity=row.quantity,
                total_minor=row.total_minor,
                product_id=row.product_id,
                product=row.product,
                evidence=Evidence.model_validate_json(row.evidence),
            )
        )
    return lines


def _view(row: AnyRow, lines: Sequence[LineView]) -> OrderView:
    decision = Decision(row.decision) if row.decision else None
    status = Status(row.status) if row.status else None
    state = SaleState(row.sale_state) if row.sale_state else None
    changed = row.sale_id is not None and row.sold_hash != row.content_hash
    facts = OrderFacts(
        status=status,
        decision=decision,
        has_sale=row.sale_id is not None,
        sale_finished=state in (SaleState.FINISHED, SaleState.CLOSED_EMPTY),
        changed_after_sale=changed,
        unanswered=bool(row.unanswered),
    )
    return OrderView(
        id=row.id,
        connection=row.connection,
        webstore_id=row.webstore_id,
        number=row.number,
        kind=row.kind,
        standing=row.standing,
        status=status,
        reasons=tuple(Reason.model_validate(one) for one in json.loads(row.reasons)),
        decision=decision,
        customer=row.customer_name,
        customer_id=row.customer_id,
        customer_evidence=Evidence.model_validate_json(row.customer_evidence)
        if row.customer_evidence
        else None,
        barcode=row.barcode,
        sale_state=state,
        store=row.store,
        total=Money(row.total_minor, row.currency) if row.currency is not None else None,
        placed_at=row.placed_at,
        conflict=decision is Decision.REJECTED and state is SaleState.FINISHED,
        changed_after_sale=changed,
        choices=tuple(choices(facts)),
        lines=tuple(lines),
    )
