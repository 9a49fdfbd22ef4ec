"""What front doors show: orders with their status and why, in as few queries as there are tables."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.pieces import pieces
from tillbridge.db.types import AnyRow
from tillbridge.matching.evidence import Evidence
from tillbridge.model.contacts import Contact
from tillbridge.model.errors import NotFound
from tillbridge.model.exchange import Decision
from tillbridge.model.handover import Handover
from tillbridge.model.money import Money
from tillbridge.model.orders import WebOrder
from tillbridge.model.reasons import Reason
from tillbridge.model.status import CLOSED, LineState, OrderFacts, Status, choices, state_of_line
from tillbridge.model.words import Words
from tillbridge.orders.accept_by import Due, of_row
from tillbridge.orders.contacts import by_order, latest_contacts
from tillbridge.orders.line_states import read
from tillbridge.orders.order_state import facts_of, handover_of, no_order
from tillbridge.orders.timeline import TimelineView
from tillbridge.pos.contract import SaleState
from tillbridge.provider import Capability

_OWN_ID = "id:"
_ID_LENGTH = 19  # a BIGINT holds every shorter number
_NAMES = 5_000  # each is asked for in four columns


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line of an order, where it stands, and the product that it was found to be."""

    line_id: str
    title: str
    sku: str | None
    gtin: str | None
    quantity: Decimal
    total_minor: int
    product_id: str | None
    product: str | None
    evidence: Evidence
    state: LineState = LineState.UNDECIDED


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that took its product's stock below zero, and how many pieces are missing for it."""

    line_id: str
    title: str
    missing: Decimal
    product_id: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """One order as staff see it.

    Attributes:
        status: None while the POS has not answered for the first time.
        reasons: why it is not sold, the one first that names the status.
        conflict: it was rejected, but its sale was finished at the till (derived, never stored).
        changed_after_sale: the webstore changed it since its sale was made.
        choices: the statuses that staff can choose now; in lists by what the order itself says, of a single
            order of `Engine` by what its sale says too.
        not_now: the statuses that its sale keeps them from, and why.
        last_contact: the last one with its customer.
        revision: grows with every change; an act on an older one can be refused (`Doing.seen`).
        short: the lines whose goods may not be there; only the engine's own lists say so.
        due: by when it must be answered, as long as it must be and that is known.
        outdated: what is shown of it was read before; what its webstore sent last could not be.
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
    last_contact: Contact | None = None
    revision: int = 0
    handover: Handover = field(default_factory=Handover)
    short: tuple[ShortLine, ...] = field(default=())
    not_now: Mapping[Status, Words] = field(default_factory=dict)
    due: Due | None = None
    outdated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """Which orders are wanted; what is None or empty does not narrow.

    Attributes:
        statuses: any of these.
        connection: of this connection.
        open_only: leave out what is Completed or Archived (MISSION S18).
        limit: at most so many, the newest first dropped last: oldest first, as they came.
    """

    statuses: Sequence[Status] = ()
    connection: str | None = None
    open_only: bool = False
    limit: int | None = None


def find_orders(context: Context, wanted: OrderQuery) -> list[OrderView]:
    """Return orders in the sequence in which they came."""
    orders, connections = tables.orders, tables.connections
    query = _order_select().order_by(orders.c.id).limit(wanted.limit)
    if wanted.statuses:
        query = query.where(orders.c.status.in_(wanted.statuses))
    if wanted.open_only:
        query = query.where(func.coalesce(orders.c.status, "").not_in(CLOSED))
    if wanted.connection:
        query = query.where(connections.c.name == wanted.connection)
    return _read_views(context, _asked(query), {})


def find_order(context: Context, wanted: str) -> OrderView:
    """Return one order as people call it: by its webstore ID, its number, its sale's barcode or its own ID.

    Its own ID alone is meant by "id:12": another order's number may be the same.

    Raises:
        NotFound: there is none, or several orders answer to it.
    """
    found = order_ids(context, [wanted])
    if not found:
        raise no_such_order(wanted)
    return order_by_id(context, found[wanted])


def order_ids(context: Context, names: Sequence[str]) -> dict[str, int]:
    """Return the orders' own IDs by what people call them; a name that no order answers to is left out.

    Raises:
        NotFound: several orders answer to a name.
    """
    found: dict[str, list[int]] = {}
    with context.database.read() as database:
        for piece in pieces(names, _NAMES):
            for name, number in _called(database, piece):
                found.setdefault(name, []).append(number)
    for name, numbers in found.items():
        if len(numbers) > 1:
            raise _several_orders(name, numbers)
    return {name: numbers[0] for name, numbers in found.items()}


def _called(database: Connection, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    orders = tables.orders
    own: dict[int, set[str]] = {}
    for name in names:
        if (number := _own_id(name)) is not None:
            own.setdefault(number, set()).add(name)
    texts = [name for name in names if not name.startswith(_OWN_ID)]
    query = select(orders.c.id, orders.c.webstore_id, orders.c.number, orders.c.barcode).where(
        orders.c.id.in_(list(own))
        | orders.c.webstore_id.in_(texts)
        | orders.c.number.in_(texts)
        | orders.c.barcode.in_(texts)
    )
    known = set(texts)
    for row in database.execute(query.order_by(orders.c.id)):
        for name in known & {row.webstore_id, row.number, row.barcode} | own.get(row.id, set()):
            yield name, row.id


def _own_id(name: str) -> int | None:
    text = name.removeprefix(_OWN_ID)
    return int(text) if text.isascii() and text.isdigit() and len(text) < _ID_LENGTH else None


def no_such_order(name: str) -> NotFound:
    """Return the error for a name that no order answers to."""
    return NotFound(Words(f"There is no order {name!r}.", f"{name!r} 주문이 없습니다."))


def _several_orders(name: str, numbers: Sequence[int]) -> NotFound:
    ids = ", ".join(f"{_OWN_ID}{number}" for number in numbers)
    return NotFound(
        Words(
            f"Several orders are called {name!r}; say which by its ID: {ids}.",
            f"{name!r} 주문이 여러 건입니다. ID로 지정해 주세요: {ids}",
        )
    )


def order_by_id(context: Context, order_id: int) -> OrderView:
    """Return the order of this ID.

    Raises:
        NotFound: there is none.
    """
    found = _read_views(context, _BY_ID, {"the_order": order_id})
    if not found:
        raise no_order(order_id)
    return found[0]


def _read_views(context: Context, asked: "_Asked", given: Mapping[str, Any]) -> list[OrderView]:
    with context.database.read() as database:
        rows = database.execute(asked.orders, given).all()
        if not rows:
            return []
        lines = _lines(database.execute(asked.lines, given))
        contacts = by_order(database.execute(asked.contacts, given))
    now = context.clock.now()
    return [_view(row, lines.get(row.id, ()), contacts.get(row.id), now) for row in rows]


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
    orders, connections = tables.orders, tables.connections
    return select(
        orders, connections.c.name.label("connection"), waiting.HAS_UNANSWERED.label("unanswered")
    ).join(connections, connections.c.id == orders.c.connection_id)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of orders: themselves, their lines and their last contacts."""

    orders: Select[Any]
    lines: Select[Any]
    contacts: Select[Any]


def _asked(orders: Select[Any]) -> _Asked:
    table, wanted = tables.order_lines, orders.with_only_columns(tables.orders.c.id)
    some = wanted.subquery()
    lines = select(table).join(some, some.c.id == table.c.order_id)
    return _Asked(orders, lines.order_by(table.c.order_id, table.c.position), latest_contacts(wanted))


# What every act asks first is made once: making it costs more than the answer.
_BY_ID: Final = _asked(_order_select().where(tables.orders.c.id == bindparam("the_order")))


def _lines(found: Iterable[AnyRow]) -> Mapping[int, Sequence[AnyRow]]:
    lines: dict[int, list[AnyRow]] = {}
    for row in found:
        lines.setdefault(row.order_id, []).append(row)
    return lines


def _line_views(order: AnyRow, facts: OrderFacts, lines: Sequence[AnyRow]) -> Iterator[LineView]:
    said = read(order.line_states)
    for row in lines:
        yield LineView(
            line_id=row.line_id,
            title=row.title,
            sku=row.sku,
            gtin=row.gtin,
            quantity=row.quantity,
            total_minor=row.total_minor,
            product_id=row.product_id,
            product=row.product,
            evidence=Evidence.of_json(row.evidence),
            state=state_of_line(said.get(row.line_id), facts),
        )


def _view(row: AnyRow, lines: Sequence[AnyRow], last_contact: Contact | None, now: datetime) -> OrderView:
    state = SaleState(row.sale_state) if row.sale_state else None
    facts = facts_of(row)
    return OrderView(
        id=row.id,
        connection=row.connection,
        webstore_id=row.webstore_id,
        number=row.number,
        kind=row.kind,
        standing=row.standing,
        status=facts.status,
        reasons=tuple(Reason.model_validate(one) for one in json.loads(row.reasons)),
        decision=facts.decision,
        customer=row.customer_name,
        customer_id=row.customer_id,
        customer_evidence=Evidence.of_json(row.customer_evidence) if row.customer_evidence else None,
        barcode=row.barcode,
        sale_state=state,
        store=row.store,
        total=Money(row.total_minor, row.currency) if row.currency is not None else None,
        placed_at=row.placed_at,
        conflict=facts.decision is Decision.REJECTED and state is SaleState.FINISHED,
        changed_after_sale=facts.changed_after_sale,
        choices=tuple(choices(facts)),
        revision=row.revision,
        handover=handover_of(row),
        lines=tuple(_line_views(row, facts, lines)),
        last_contact=last_contact,
        due=of_row(row, now),
        outdated=facts.outdated and bool(lines),
    )
