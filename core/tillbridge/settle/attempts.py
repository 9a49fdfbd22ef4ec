"""Asks the POS to open the sales of committed attempts, and commits its answers.

An answer belongs to its attempt: whoever brings it first sets it, a second finds it set and does
nothing (rule 3). An unanswered attempt is sent again as it was stored (rule 2).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from tillbridge import deliveries
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import AttemptState
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.events import StatusChanged
from tillbridge.model.drafts import AttemptKey, SaleDraft
from tillbridge.model.exchange import Decision
from tillbridge.model.reasons import Reason, ReasonCode
from tillbridge.model.status import Act, OrderFacts, Status, Transition, system_transition
from tillbridge.model.words import Words
from tillbridge.pos.contract import Opened, Refused, SaleState
from tillbridge.timeline import SYSTEM, Entry, sign

_BATCH = 100


class Answered(NamedTuple):
    """How many sales the POS opened, and how many it refused."""

    opened: int = 0
    refused: int = 0


Answers = Mapping[AttemptKey, Opened | Refused]


def resend(context: Context, connection_id: int) -> Answered:
    """Send every unanswered attempt of a connection again; return what was answered."""
    opened = refused = 0
    after = 0
    while True:
        drafts, after = _unanswered(context, connection_id, after)
        if not drafts:
            return Answered(opened, refused)
        answered = ask(context, drafts)
        opened, refused = opened + answered.opened, refused + answered.refused


def ask(context: Context, drafts: Sequence[SaleDraft]) -> Answered:
    """Ask the POS to open these sales and commit its answers; return what was new of them."""
    if not drafts:
        return Answered()
    context.probe("before pos open_sales")
    answers = context.pos.open_sales(drafts)
    context.probe("after pos open_sales")
    customers = {draft.attempt: draft.customer_id for draft in drafts}
    events, answered = context.database.unit(
        "answers", lambda database: _commit(context, database, answers, customers)
    )
    context.plugins.notify(events)
    return answered


def _unanswered(context: Context, connection_id: int, after: int) -> tuple[list[SaleDraft], int]:
    attempts, orders = tables.attempts, tables.orders
    query = (
        select(attempts.c.order_id, attempts.c.draft)
        .join(orders, orders.c.id == attempts.c.order_id)
        .where(
            orders.c.connection_id == connection_id,
            attempts.c.state == AttemptState.UNANSWERED,
            attempts.c.order_id > after,
        )
        .order_by(attempts.c.order_id)
        .limit(_BATCH)
    )
    with context.database.read() as database:
        found = database.execute(query).all()
    drafts = [SaleDraft.model_validate_json(row.draft) for row in found]
    return drafts, found[-1].order_id if found else after


def _commit(
    context: Context, database: Connection, answers: Answers, customers: Mapping[AttemptKey, str]
) -> tuple[list[StatusChanged], Answered]:
    rows = _open_rows(database, list(answers))
    now = context.clock.now()
    moves = [(row, _answer(row, answers[_key(row)])) for row in rows]
    if not moves:
        return [], Answered()
    _write_attempts(database, moves, answers, now)
    _write_orders(database, moves, answers, now)
    deliveries.queue_all(
        database,
        [
            (row.order_id, move.effects, deliveries.Act(id=deliveries.new_act(), at=now, attempt=row.number))
            for row, move in moves
        ],
    )
    sold = [row for row, _ in moves if isinstance(answers[_key(row)], Opened)]
    _link_customers(database, [_link(row, customers[_key(row)], now) for row in sold if row.web_customer_id])
    sign(database, now, (_entry(row, answers[_key(row)]) for row, _ in moves))
    return [_event(row, move) for row, move in moves if move.target != row.status], Answered(
        len(sold), len(moves) - len(sold)
    )


def _open_rows(database: Connection, keys: Sequence[AttemptKey]) -> Sequence[AnyRow]:
    """Return the attempts that are still unanswered, with their orders, locked."""
    attempts, orders, connections = tables.attempts, tables.orders, tables.connections
    wanted = or_(
        *(and_(orders.c.order_key == key.order_key, attempts.c.number == key.number) for key in keys)
    )
    query = (
        select(
            attempts.c.order_id,
            attempts.c.number,
            attempts.c.content_hash,
            attempts.c.sale_state,
            orders.c.order_key,
            orders.c.webstore_id,
            orders.c.connection_id,
            orders.c.web_customer_id,
            orders.c.status,
            orders.c.decision,
            connections.c.name.label("connection"),
        )
        .join(orders, orders.c.id == attempts.c.order_id)
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(wanted, attempts.c.state == AttemptState.UNANSWERED)
        .order_by(orders.c.id)
        .with_for_update(of=orders)
    )
    locked = database.execute(query).all()
    if database.dialect.name == "sqlite" or not locked:
        return locked
    # Another worker's answer may have been committed while this one waited for the lock.
    return database.execute(query).all()


def _key(row: AnyRow) -> AttemptKey:
    return AttemptKey(order_key=row.order_key, number=row.number)


def _answer(row: AnyRow, answer: Opened | Refused) -> Transition:
    """Return the status that an answer gives, by the table; a decision made meanwhile takes effect."""
    decision = Decision(row.decision) if row.decision else None
    facts = OrderFacts(status=Status(row.status) if row.status else None, decision=decision)
    if isinstance(answer, Opened):
        return system_transition(Act.OPEN_SALE, facts, (Status.NEW, Status.IN_PROCESS, Status.REJECTED))
    rejected = decision is Decision.REJECTED
    return system_transition(
        Act.FAIL, facts, (Status.REJECTED,) if rejected else (Status.SALE_PROCESSING_FAILED,)
    )


def _write_attempts(
    database: Connection, moves: Sequence[tuple[AnyRow, Transition]], answers: Answers, now: Any
) -> None:
    attempts = tables.attempts
    statement = (
        update(attempts)
        .where(attempts.c.order_id == bindparam("the_order"), attempts.c.number == bindparam("the_number"))
        .values(
            state=bindparam("new_state"),
            answer_en=bindparam("en"),
            answer_ko=bindparam("ko"),
            answered_at=bindparam("now"),
        )
    )
    rows = []
    for row, _ in moves:
        answer = answers[_key(row)]
        words = answer.words if isinstance(answer, Refused) else None
        rows.append(
            {
                "the_order": row.order_id,
                "the_number": row.number,
                "new_state": AttemptState.REFUSED if words else AttemptState.OPENED,
                "en": words.en if words else None,
                "ko": words.ko if words else None,
                "now": now,
            }
        )
    database.execute(statement, rows)


_ORDER_COLUMNS = (
    "status",
    "reasons",
    "sold_attempt",
    "sold_hash",
    "sale_id",
    "barcode",
    "sale_state",
    "changed_at",
)


def _write_orders(
    database: Connection, moves: Sequence[tuple[AnyRow, Transition]], answers: Answers, now: Any
) -> None:
    orders = tables.orders
    statement = (
        update(orders)
        .where(orders.c.id == bindparam("the_id"))
        .values(
            {
                **{name: bindparam(f"new_{name}") for name in _ORDER_COLUMNS},
                "undo": None,
                "put_aside": False,
                "revision": orders.c.revision + 1,
            }
        )
    )
    rows = []
    for row, move in moves:
        values = _order_values(row, answers[_key(row)])
        values |= {"status": move.target, "changed_at": now}
        rows.append({"the_id": row.order_id, **{f"new_{name}": values[name] for name in _ORDER_COLUMNS}})
    database.execute(statement, rows)


def _order_values(row: AnyRow, answer: Opened | Refused) -> dict[str, Any]:
    if isinstance(answer, Opened):
        return {
            "reasons": "[]",
            "sold_attempt": row.number,
            "sold_hash": row.content_hash,
            "sale_id": answer.sale_id,
            "barcode": answer.barcode,
            # The till may have finished the sale before its answer was committed.
            "sale_state": row.sale_state or SaleState.OPEN,
        }
    reason = Reason.of(ReasonCode.POS_REFUSED, answer.words)
    nothing = dict.fromkeys(("sold_attempt", "sold_hash", "sale_id", "barcode", "sale_state"))
    return {**nothing, "reasons": json.dumps([reason.model_dump(mode="json")])}


def _link(row: AnyRow, customer_id: str, now: Any) -> dict[str, Any]:
    return {
        "connection_id": row.connection_id,
        "web_customer_id": row.web_customer_id,
        "customer_id": customer_id,
        "linked_by": SYSTEM,
        "linked_at": now,
    }


def _link_customers(database: Connection, links: Sequence[dict[str, Any]]) -> None:
    """Remember whom a webstore's customer turned out to be; a link that is there already stands."""
    keys = ("connection_id", "web_customer_id")
    unique = {tuple(link[key] for key in keys): link for link in links}
    upsert(database, tables.customer_links, list(unique.values()), keys=keys, keep_old=True)


def _entry(row: AnyRow, answer: Opened | Refused) -> Entry:
    if isinstance(answer, Opened):
        words = Words(
            f"The sale was opened; its barcode is {answer.barcode}.",
            f"거래가 생성되었습니다. 판매 바코드는 {answer.barcode}입니다.",
        )
        return Entry(row.order_id, SYSTEM, "sale opened", words)
    words = Words(f"The point of sale refused: {answer.words.en}", f"POS에서 거부했습니다: {answer.words.ko}")
    return Entry(row.order_id, SYSTEM, "sale refused", words)


def _event(row: AnyRow, move: Transition) -> StatusChanged:
    if move.target is None:
        raise ValueError("an answer leads to a status")
    return StatusChanged(
        order_id=row.order_id,
        connection=row.connection,
        webstore_id=row.webstore_id,
        before=Status(row.status) if row.status else None,
        after=move.target,
        who=SYSTEM,
    )
