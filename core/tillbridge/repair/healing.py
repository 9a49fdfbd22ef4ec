"""Heals waiting orders: every order that a repair concerns is set to be processed again, in one go.

A link concerns the orders of its listing or of its webstore's customer. A new number, customer or merge
in the point of sale concerns whatever would be matched otherwise now: that is found out by matching the
waiting orders again, without writing anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.many import UpdateMany
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.matching.evidence import Evidence
from tillbridge.model.orders import WebOrder
from tillbridge.model.status import FAILED, Act, Actor, Status, rows
from tillbridge.model.words import Words
from tillbridge.orders.line_states import rejected
from tillbridge.orders.order_state import Signature, facts_of, moved
from tillbridge.orders.releasing import as_judged
from tillbridge.orders.timeline import Entry, sign
from tillbridge.settle import bench, read_links
from tillbridge.settle.judge import Verdict, judge

_PAGE: Final = 200
WAITS: Final = tables.orders.c.status.in_(FAILED)
_ORDERS: Final = UpdateMany(
    tables.orders, ("status", "undo", "changed_at"), ("id",), beside="revision = orders.revision + 1"
)


def heal(context: Context, connection: OpenConnection, signature: Signature) -> int:
    """Let every waiting order of a connection that would be matched otherwise now be processed again.

    Returns:
        how many orders there were; settling the connection comes next.

    Raises:
        PosAway: the point of sale could not be asked.
    """
    healed = 0
    for page in _waiting_pages(context, connection.id):
        found = _matched_otherwise(context, connection, page)
        if not found:
            continue
        events = context.database.unit("heal", partial(_process, context, numbers=found, signature=signature))
        context.plugins.notify(events)
        healed += len(events)
    return healed


def lock_concerned(database: Connection, order_id: int, condition: ColumnElement[bool]) -> list[AnyRow]:
    """Return this order and the waiting orders of its connection for which `condition` holds, locked."""
    orders = tables.orders
    own = select(orders.c.connection_id).where(orders.c.id == order_id).scalar_subquery()
    concerned = and_(orders.c.connection_id == own, WAITS, condition)
    return lock_where(database, (orders.c.id == order_id) | concerned)


def lock_waiting(database: Connection, connection_id: int, condition: ColumnElement[bool]) -> list[AnyRow]:
    """Return the waiting orders of a connection for which `condition` holds, locked."""
    return lock_where(database, and_(tables.orders.c.connection_id == connection_id, WAITS, condition))


def lock_where(database: Connection, condition: ColumnElement[bool]) -> list[AnyRow]:
    """Return orders, locked in the sequence of their IDs and before their connection, as settling does it."""
    orders = tables.orders
    query = select(orders.c.id).where(condition).order_by(orders.c.id).with_for_update()
    return locked_rows(database, list(database.execute(query).scalars()))


def locked_rows(database: Connection, numbers: Iterable[int]) -> list[AnyRow]:
    """Return orders by their IDs, locked, with what the status table's guards ask."""
    orders, connections = tables.orders, tables.connections
    wanted = among(database, orders.c.id, list(numbers))
    database.execute(select(orders.c.id).where(wanted).order_by(orders.c.id).with_for_update()).all()
    query = (
        select(orders, waiting.HAS_UNANSWERED.label("unanswered"), connections.c.name.label("connection"))
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(wanted)
        .order_by(orders.c.id)
    )
    return list(database.execute(query))


def process_again(
    context: Context, database: Connection, found: Sequence[AnyRow], entry: tuple[str, str, Words]
) -> list[StatusChanged]:
    """Set locked orders to Process Sale, those of them that wait; return what changed.

    Args:
        context: the engine's parts.
        database: with the orders locked.
        found: the orders, with what the guards ask.
        entry: who, what and the words that the timeline of each healed order is told.
    """
    who, what, words = entry
    now = context.clock.now()
    moves = [(row, target) for row in found if (target := _processed(row))]
    _ORDERS.run(database, [(target.value, None, now, row.id) for row, target in moves])
    sign(database, now, (Entry(row.id, who, what, words) for row, _ in moves))
    return [event for row, target in moves if (event := moved(row, target, who))]


def _processed(row: AnyRow) -> Status | None:
    """Return the status by which a waiting order is processed again, by the table; None for any other."""
    facts = facts_of(row)
    if facts.status not in FAILED:
        return None
    possible = rows(source=facts.status, who=Actor.STAFF, act=Act.PROCESS_SALE)
    return next((one.target for one in possible if one.refusal(facts) is None), None)


def _process(
    context: Context, database: Connection, numbers: Sequence[int], signature: Signature
) -> list[StatusChanged]:
    words = Words(
        "What it lacked can be found otherwise now; it is processed again.",
        "이제 다르게 확인되므로 다시 처리합니다.",
    )
    entry = (signature.who, "healed", words)
    return process_again(context, database, locked_rows(database, numbers), entry)


def _waiting_pages(context: Context, connection_id: int) -> Iterator[Sequence[AnyRow]]:
    """Yield the waiting orders with their newest readable version, a page at a time."""
    orders, versions = tables.orders, tables.versions
    after = 0
    while True:
        query = (
            select(
                orders.c.id,
                orders.c.customer_evidence,
                orders.c.line_states,
                orders.c.released,
                versions.c.document,
            )
            .join(versions, and_(versions.c.order_id == orders.c.id, versions.c.number == orders.c.version))
            .where(orders.c.connection_id == connection_id, WAITS, orders.c.id > after)
            .order_by(orders.c.id)
            .limit(_PAGE)
        )
        with context.database.read() as database:
            page = database.execute(query).all()
        if not page:
            return
        yield page
        after = page[-1].id


def _matched_otherwise(context: Context, connection: OpenConnection, page: Sequence[AnyRow]) -> list[int]:
    """Return the orders of a page for which matching comes to something else than when they were judged."""
    found = [as_judged(WebOrder.model_validate_json(row.document), row) for row in page]
    with context.database.read() as database:
        links = read_links(database, connection.id, found)
        lines = _line_evidence(database, page)
    verdicts = judge(found, bench(context, connection, links))
    return [
        row.id
        for row, verdict in zip(page, verdicts, strict=True)
        if _differs(verdict, row.customer_evidence, lines.get(row.id, []))
    ]


def _differs(verdict: Verdict, customer: str | None, lines: Sequence[str]) -> bool:
    """Whether matching leads elsewhere; by which rule it gets there does not matter."""
    before = [Evidence.of_json(one) for one in (customer, *lines) if one]
    return [_led_to(one) for one in (verdict.match.customer, *verdict.match.lines)] != [
        _led_to(one) for one in before
    ]


def _led_to(evidence: Evidence) -> set[str]:
    return {one.id for one in evidence.candidates}


def _line_evidence(database: Connection, page: Sequence[AnyRow]) -> dict[int, list[str]]:
    """Return what was found for the lines that stand."""
    gone = {row.id: rejected(row.line_states) for row in page}
    lines = tables.order_lines
    query = (
        select(lines.c.order_id, lines.c.line_id, lines.c.evidence)
        .where(among(database, lines.c.order_id, list(gone)))
        .order_by(lines.c.order_id, lines.c.position)
    )
    found: dict[int, list[str]] = {}
    for number, of_order in groupby(database.execute(query), key=lambda row: row.order_id):
        found[number] = [row.evidence for row in of_order if row.line_id not in gone[number]]
    return found
