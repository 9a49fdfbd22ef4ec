"""Asks the POS to open the sales of committed attempts, and commits its answers.

An answer belongs to its attempt: whoever brings it first sets it, a second finds it set and does
nothing (rule 3). An unanswered attempt is sent again as it was stored (rule 2). Drafts that the POS cannot
take together are asked for one by one, so that only the guilty one is marked (`tillbridge.settle.stuck`).
"""

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from sqlalchemy import Connection, select

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.many import InsertMany, UpdateMany
from tillbridge.db.sets import among
from tillbridge.db.states import AttemptState
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.model.drafts import AttemptKey, SaleDraft
from tillbridge.model.exchange import Decision
from tillbridge.model.reasons import Reason, ReasonCode
from tillbridge.model.status import Act, OrderFacts, Status, Transition, system_transition
from tillbridge.model.words import Words
from tillbridge.orders.timeline import SYSTEM, Entry, sign
from tillbridge.payments.wording import card_type_of
from tillbridge.pos.contract import Opened, Refused, SaleState
from tillbridge.pos.guarded import PosAway
from tillbridge.sending import deliveries
from tillbridge.settle import stuck

_BATCH = 100
_log = logging.getLogger("tillbridge.settle")


class Answered(NamedTuple):
    """How many sales the POS opened, and how many it refused."""

    opened: int = 0
    refused: int = 0


Answers = Mapping[AttemptKey, Opened | Refused]


def resend(context: Context, connection_id: int) -> Answered:
    """Send every unanswered attempt of a connection again; return what was answered."""
    opened = refused = 0
    after = 0
    while rows := _unanswered(context, connection_id, after):
        after = rows[-1].order_id
        answered = ask(context, [draft for row in rows if (draft := _stored(row))])
        opened, refused = opened + answered.opened, refused + answered.refused
    return Answered(opened, refused)


def ask(context: Context, drafts: Sequence[SaleDraft]) -> Answered:
    """Ask the POS to open these sales and commit its answers; return what was new of them."""
    if not drafts:
        return Answered()
    context.probe("before pos open_sales")
    try:
        answers = context.pos.open_sales(drafts)
    except PosAway as error:
        context.pos.stores()  # raises if the POS answers nobody; else it is a draft that it cannot take
        return _without_the_guilty(context, drafts, error)
    context.probe("after pos open_sales")
    customers = {draft.attempt: draft.customer_id for draft in drafts}
    events, answered = context.database.unit(
        "answers", lambda database: _commit(context, database, answers, customers)
    )
    context.plugins.notify(events)
    return answered


def _without_the_guilty(context: Context, drafts: Sequence[SaleDraft], error: PosAway) -> Answered:
    """Ask for each draft alone; mark the order of one that the POS cannot take even so.

    Its attempt stays unanswered: nobody knows what the POS did, so it is asked again with every settling.
    """
    if len(drafts) == 1:
        stuck.mark(context, drafts[0].attempt, error)
        return Answered()
    answers = [ask(context, [draft]) for draft in drafts]
    return Answered(sum(one.opened for one in answers), sum(one.refused for one in answers))


def _unanswered(context: Context, connection_id: int, after: int) -> Sequence[AnyRow]:
    attempts = tables.attempts
    query = (
        select(attempts.c.order_id, attempts.c.draft)
        .where(
            waiting.UNANSWERED,
            waiting.of_connection(attempts.c.order_id, connection_id),
            attempts.c.order_id > after,
        )
        .order_by(attempts.c.order_id)
        .limit(_BATCH)
    )
    with context.database.read() as database:
        return database.execute(query).all()


def _stored(row: AnyRow) -> SaleDraft | None:
    """Return the draft as it was stored, or None if this program cannot read it.

    Its order counts as possibly sold until a program that can asks again; `doctor` tells of it.
    """
    try:
        return SaleDraft.model_validate_json(row.draft)
    except ValidationError:
        # At every beat, so no warning. The fault's own text holds what it could not read.
        _log.debug("the stored draft of order %s cannot be read", row.order_id)
        return None


def _commit(
    context: Context, database: Connection, answers: Answers, customers: Mapping[AttemptKey, str]
) -> tuple[list[StatusChanged], Answered]:
    rows = _open_rows(database, answers.keys())
    now = context.clock.now()
    moves = [_Move(row, answers[key], _answer(row, answers[key])) for key, row in rows.items()]
    if not moves:
        return [], Answered()
    _write_attempts(database, moves, now)
    _write_orders(database, moves, now)
    deliveries.queue_all(
        database,
        [
            (
                one.row.order_id,
                one.transition.effects,
                deliveries.Act(
                    id=deliveries.new_act(),
                    at=now,
                    attempt=one.row.number,
                    currency=one.row.currency,
                    card_type=card_type_of(one.row, context.plugins.providers.get(one.row.provider)),
                ),
            )
            for one in moves
            if one.transition.effects
        ],
    )
    for one in moves:
        _queue_plugins(context, database, one, now)
    sold = {key: row for key, row in rows.items() if isinstance(answers[key], Opened)}
    _link_customers(database, sold, customers, now)
    sign(database, now, (_entry(one.row, one.answer) for one in moves))
    changed = [_event(one) for one in moves if one.target != one.row.status]
    return changed, Answered(len(sold), len(moves) - len(sold))


def _queue_plugins(context: Context, database: Connection, one: "_Move", now: datetime) -> None:
    """Queue what plugins added to what the answer leads to."""
    name = one.transition.act
    effects = [(added.plugin, added.effect) for added in context.plugins.transitions.effects(name)]
    act = deliveries.Act(id=deliveries.new_act(), at=now, name=name.value)
    deliveries.queue_plugins(database, one.row.order_id, effects, act)


class _Move(NamedTuple):
    """What an answer makes of an attempt and its order."""

    row: AnyRow
    answer: Opened | Refused
    transition: Transition

    @property
    def target(self) -> Status:
        """The order's status with this answer."""
        if self.transition.target is None:
            raise ValueError("an answer leads to a status")
        return self.transition.target


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


def _open_rows(database: Connection, keys: Collection[AttemptKey]) -> dict[AttemptKey, AnyRow]:
    """Return the attempts that are still unanswered, with their orders, locked."""
    attempts, orders, connections = tables.attempts, tables.orders, tables.connections
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
            orders.c.currency,
            orders.c.status,
            orders.c.decision,
            connections.c.name.label("connection"),
            connections.c.provider,
            connections.c.paid_by,
        )
        .join(orders, orders.c.id == attempts.c.order_id)
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(
            among(database, orders.c.order_key, [key.order_key for key in keys]),
            waiting.UNANSWERED,
        )
        .order_by(orders.c.id)
        .with_for_update(of=orders)
    )
    locked = database.execute(query).all()
    if database.dialect.name != "sqlite" and locked:
        # Another worker's answer may have been committed while this one waited for the lock.
        locked = database.execute(query).all()
    found = {AttemptKey(order_key=row.order_key, number=row.number): row for row in locked}
    return {key: row for key, row in found.items() if key in keys}


_ANSWERS: Final = UpdateMany(
    tables.attempts, ("state", "answer_en", "answer_ko", "answered_at"), ("order_id", "number")
)


def _write_attempts(database: Connection, moves: Sequence[_Move], now: datetime) -> None:
    rows = []
    for one in moves:
        words = one.answer.words if isinstance(one.answer, Refused) else None
        state = AttemptState.REFUSED if words else AttemptState.OPENED
        said = (words.en, words.ko) if words else (None, None)
        rows.append((state.value, *said, now, one.row.order_id, one.row.number))
    _ANSWERS.run(database, rows)


_ORDER_COLUMNS: Final = (
    "status",
    "reasons",
    "sold_attempt",
    "sold_hash",
    "sale_id",
    "barcode",
    "sale_state",
    "changed_at",
    "undo",
    "put_aside",
)
_ORDERS: Final = UpdateMany(tables.orders, _ORDER_COLUMNS, ("id",), beside="revision = orders.revision + 1")


def _write_orders(database: Connection, moves: Sequence[_Move], now: datetime) -> None:
    rows = [
        (one.target.value, *_sale_values(one.row, one.answer), now, None, False, one.row.order_id)
        for one in moves
    ]
    _ORDERS.run(database, rows)


def _sale_values(row: AnyRow, answer: Opened | Refused) -> tuple[Any, ...]:
    """Return reasons, attempt, hash, sale, barcode and the sale's state, as they stand with the order."""
    if isinstance(answer, Opened):
        # The till may have finished the sale before its answer was committed.
        state = row.sale_state or SaleState.OPEN.value
        return "[]", row.number, row.content_hash, answer.sale_id, answer.barcode, state
    reason = Reason.of(ReasonCode.POS_REFUSED, answer.words)
    return json.dumps([reason.model_dump(mode="json")]), None, None, None, None, None


_LINKS: Final = InsertMany(
    tables.customer_links,
    ("connection_id", "web_customer_id", "customer_id", "linked_by", "linked_at"),
    keys=("connection_id", "web_customer_id"),
)


def _link_customers(
    database: Connection,
    sold: Mapping[AttemptKey, AnyRow],
    customers: Mapping[AttemptKey, str],
    now: datetime,
) -> None:
    """Remember whom a webstore's customer turned out to be; a link that is there already stands."""
    links = {
        (row.connection_id, row.web_customer_id): customers[key]
        for key, row in sold.items()
        if row.web_customer_id
    }
    _LINKS.run(database, [(*key, links[key], SYSTEM, now) for key in sorted(links)])


def _entry(row: AnyRow, answer: Opened | Refused) -> Entry:
    if isinstance(answer, Opened):
        words = Words(
            f"The sale was opened; its barcode is {answer.barcode}.",
            f"거래가 생성되었습니다. 판매 바코드는 {answer.barcode}입니다.",
        )
        return Entry(row.order_id, SYSTEM, "sale opened", words)
    words = Words(f"The point of sale refused: {answer.words.en}", f"POS에서 거부했습니다: {answer.words.ko}")
    return Entry(row.order_id, SYSTEM, "sale refused", words)


def _event(one: _Move) -> StatusChanged:
    return StatusChanged(
        order_id=one.row.order_id,
        connection=one.row.connection,
        webstore_id=one.row.webstore_id,
        before=Status(one.row.status) if one.row.status else None,
        after=one.target,
        who=SYSTEM,
    )
