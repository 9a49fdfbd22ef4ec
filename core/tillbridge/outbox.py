"""The outbox: does what was decided, once and surely, in order per order and destination.

A delivery is claimed before it is sent (rule 6); the claim is its worker's, and a dead worker's is
taken over once its call can no longer arrive (rule 7).
"""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from tillbridge import connections, paying, troubles
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.locks import EPHEMERAL
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow, UtcDateTime
from tillbridge.events import StatusChanged
from tillbridge.model.drafts import AttemptKey
from tillbridge.model.errors import Misconfigured, Rejected
from tillbridge.model.exchange import Outcome, Receipt, Said, StatusDelivery
from tillbridge.model.resolutions import Resolution
from tillbridge.model.words import Words
from tillbridge.orders import refunds
from tillbridge.orders.order_state import touch
from tillbridge.orders.timeline import sign
from tillbridge.payments.known import ask_to_look
from tillbridge.pos.contract import Refused, SaleAction, SaleChange
from tillbridge.pos.details import read_detail
from tillbridge.sending import answered
from tillbridge.sending.deliveries import Destination, any_failed, plugin_effect
from tillbridge.sending.given_back import refund_of
from tillbridge.sending.giving_way import give_way
from tillbridge.sending.overtaking import after_answer
from tillbridge.sending.sale_answers import after_pos
from tillbridge.troubles import Activity

MAX_TRIES = 10
TRIED_FOR = timedelta(days=1)
"""How long a delivery is tried at least: a webstore's bad night uses up the tries long before its end."""
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_LINE_LIMIT = 500


# Statements that are asked at every beat are made once: making one costs more than a small answer.
def _claims() -> Select[Any]:
    """Return the query of what runs are at."""
    # Not sorted: asked for in a sequence, SQLite would walk through every delivery there ever was.
    table = tables.deliveries
    columns = (table.c.id, table.c.order_id, table.c.worker, table.c.not_before, table.c.destination)
    return select(*columns).where(waiting.CLAIMED, waiting.of_connection(table.c.order_id, bindparam("of")))


def _firsts() -> Select[Any]:
    """Return the query of the first open delivery of each order and destination, where it may be sent now."""
    table, orders, now = tables.deliveries, tables.orders, bindparam("now", type_=UtcDateTime())
    first = (
        select(func.min(table.c.id).label("id"))
        .where(waiting.OPEN, waiting.of_connection(table.c.order_id, bindparam("of")))
        .group_by(table.c.order_id, table.c.destination)
        .subquery()
    )
    return (
        select(table, orders.c.webstore_id, orders.c.order_key, orders.c.number)
        .join(first, first.c.id == table.c.id)
        .join(orders, orders.c.id == table.c.order_id)
        .where(
            table.c.state.in_((DeliveryState.WAITING, DeliveryState.RETRY)),
            or_(
                table.c.not_before.is_(None),
                table.c.not_before <= now,
                table.c.claimed_at > now,  # the clock was set back since: what it said is worth nothing
            ),
        )
        .order_by(table.c.id)
        .limit(_LINE_LIMIT)
    )


_CLAIMS: Final = _claims()
_DUE: Final = _firsts()
_DUE_OF_ORDER: Final = _DUE.where(
    tables.deliveries.c.order_id == bindparam("the_order"),
    tables.deliveries.c.destination == bindparam("the_destination"),
)


def deliver(
    context: Context,
    connection: OpenConnection,
    order_id: int | None = None,
    *,
    asked: str = "",
    to: Destination = Destination.POS,
) -> int:
    """Send what is due for a connection's orders; return how many deliveries were answered, and are over.

    With `order_id` only what is to be done `to` this destination for that order: somebody waits for it.
    `asked` is the key of a delivery whose refusal they are told, so that the timeline need not say it.

    Each run has a name and holds the lock of that name: a claim whose run holds its lock no longer
    (it died, or ended badly) is taken over.
    """
    run = _Run(context, connection, uuid.uuid4().hex, asked)
    with context.locks.attempt(_run_lock(run.name)):
        release_dead_claims(context, connection)
        tried: set[int] = set()
        over = 0
        while True:
            before = len(tried)
            for row in _due(context, connection.id, order_id, to):
                # Claimed one by one: a claim that waits behind others' calls only keeps staff from undoing.
                if row.id not in tried and _claim(run, row):
                    tried.add(row.id)
                    answer = _send(run, row)
                    over += answer.state is not DeliveryState.RETRY
                    _commit(run, row, answer)
            if len(tried) == before:
                break
    _note_trouble(run)
    return over


def _note_trouble(run: "_Run") -> None:
    """Note that deliveries fail for now, or that none waits any more because of a failure."""
    subject = connections.subject(run.connection, Activity.DELIVERY)
    if run.failures:
        troubles.begin(run.context, subject, run.failures[-1])
    else:
        still = partial(any_failed, connection_id=run.connection.id)
        troubles.end(run.context, subject, unless=still)


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of the outbox over one connection.

    Attributes:
        asked: the key of the delivery that somebody waits for, or "".
        failures: what kept deliveries from being answered for now.
    """

    context: Context
    connection: OpenConnection
    name: str
    asked: str = ""
    failures: list[Exception] = field(default_factory=list)


def _run_lock(run: str) -> str:
    return f"{EPHEMERAL}outbox:{run}"


def release_dead_claims(context: Context, connection: OpenConnection) -> int:
    """Give back claims of runs that died, once their calls can no longer arrive (rule 7).

    A call's longest life counts from when its run was first found dead: when the call began nobody
    knows (its run may have been held up between claim and call), but the dead begin none.
    """
    table = tables.deliveries
    with context.database.read() as database:
        claims = sorted(database.execute(_CLAIMS, {"of": connection.id}), key=lambda row: row.id)
    names = {row.worker for row in claims}
    dead = {name for name in names if context.locks.is_free(_run_lock(name))}
    now = context.clock.now()
    gone, found, numbers = [], [], set()
    for row in claims:
        if row.worker not in dead:
            continue
        claim = {"the_id": row.id, "the_worker": row.worker}
        over = row.not_before or now + _longest_life(context, connection, Destination(row.destination))
        if over <= now:
            gone.append(claim)
            numbers.add(row.order_id)
        elif row.not_before is None:
            found.append(claim | {"over": over})
    theirs = update(table).where(
        table.c.id == bindparam("the_id"),
        table.c.state == DeliveryState.CLAIMED,
        table.c.worker == bindparam("the_worker"),
    )

    def work(database: Connection) -> None:
        if gone:
            orders = tables.orders
            ids = select(orders.c.id).where(among(database, orders.c.id, sorted(numbers)))
            database.execute(ids.order_by(orders.c.id).with_for_update()).all()
            database.execute(theirs.values(state=DeliveryState.RETRY, worker=None), gone)
            if connection.provider.status_is_absolute:
                give_way(database, [one["the_id"] for one in gone])
        if found:
            still = theirs.where(table.c.not_before.is_(None))
            database.execute(still.values(not_before=bindparam("over")), found)

    if gone or found:
        context.database.unit("take over", work)
    return len(gone)


def _longest_life(context: Context, connection: OpenConnection, destination: Destination) -> timedelta:
    """Return for how long a call can arrive after its worker's death."""
    if destination is Destination.POS:
        return timedelta(seconds=context.pos.call_deadline)
    if destination is Destination.PAYMENT and (service := connection.open_service()):
        return timedelta(seconds=service.call_deadline)
    return timedelta(seconds=connection.call_deadline)


def _due(context: Context, connection_id: int, order_id: int | None, to: Destination) -> list[AnyRow]:
    """Return the first open delivery of each order and destination, where it may be sent now."""
    given: dict[str, Any] = {"of": connection_id, "now": context.clock.now()}
    with context.database.read() as database:
        if order_id is None:
            return list(database.execute(_DUE, given))
        return list(database.execute(_DUE_OF_ORDER, given | {"the_order": order_id, "the_destination": to}))


def _claim(run: _Run, row: AnyRow) -> bool:
    """Claim a delivery before it is sent; the database allows one claim an order and destination."""
    table, now = tables.deliveries, run.context.clock.now()
    statement = (
        update(table)
        .where(table.c.id == row.id, table.c.state == row.state)
        .values(
            state=DeliveryState.CLAIMED,
            worker=run.name,
            claimed_at=now,
            not_before=None,  # on a claim it is until when a dead run's call can arrive
            first_sent_at=func.coalesce(table.c.first_sent_at, now),
            tries=table.c.tries + 1,
        )
        .returning(table.c.id)
    )
    try:
        with run.context.database.write("claim") as database:
            return database.execute(statement).first() is not None
    except IntegrityError:
        return False


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of sending: a new state, why, and not before when it is tried again.

    Attributes:
        is_try: whether it counts against the tries that a delivery has.
    """

    state: DeliveryState
    words: Words | None = None
    not_before: datetime | None = None
    is_try: bool = True


def _send(run: _Run, row: AnyRow) -> _Answer:
    context, connection = run.context, run.connection
    try:
        if row.destination == Destination.POS:
            return _send_to_pos(context, row)
        if row.destination == Destination.PLUGIN:
            plugin, effect = plugin_effect(row, connection.name)
            return _read_receipt(context, row, context.plugins.transitions.perform(plugin, effect))
        if row.destination == Destination.PAYMENT:
            return _read_receipt(context, row, paying.send(context, connection, row, run.name))
        return _send_to_webstore(context, connection, row)
    except Rejected as error:
        return _Answer(DeliveryState.SET_ASIDE, error.words)
    except Misconfigured as error:
        # A person has to mend the connection first; that uses up no try.
        run.failures.append(error)
        return _Answer(DeliveryState.RETRY, error.words, context.clock.now() + _LONGEST_WAIT, is_try=False)
    except Exception as error:  # noqa: BLE001  # whatever a host's POS raises, the delivery is tried again
        run.failures.append(error)
        return _again(context, row, troubles.words_of(error), getattr(error, "until", None))


def _again(context: Context, row: AnyRow, words: Words, until: datetime | None) -> _Answer:
    tries, now = row.tries + 1, context.clock.now()
    if tries >= MAX_TRIES and now - (row.first_sent_at or now) >= TRIED_FOR:
        return _Answer(DeliveryState.SET_ASIDE, words)
    # A service's wish for a moment's patience must not use up the tries in a minute.
    backoff = now + min(_FIRST_WAIT * 2 ** min(tries - 1, MAX_TRIES), _LONGEST_WAIT)
    return _Answer(DeliveryState.RETRY, words, max(backoff, min(until or backoff, now + TRIED_FOR)))


def _send_to_pos(context: Context, row: AnyRow) -> _Answer:
    body = json.loads(row.body)
    change = SaleChange(
        key=row.key,
        attempt=AttemptKey(order_key=row.order_key, number=body["attempt"]),
        action=SaleAction(row.action),
        reason=body["reason"],
        detail=read_detail(SaleAction(row.action), body.get("detail")),
        who=body.get("who", ""),
        expect=body.get("expect"),
    )
    context.probe("before pos change_sales")
    answer = context.pos.change_sales([change])[row.key]
    context.probe("after pos change_sales")
    if isinstance(answer, Refused):
        return _Answer(DeliveryState.SET_ASIDE, answer.words)
    return _Answer(DeliveryState.SENT)


def _send_to_webstore(context: Context, connection: OpenConnection, row: AnyRow) -> _Answer:
    body = json.loads(row.body)
    delivery = StatusDelivery(
        key=row.key,
        order_id=row.webstore_id,
        said=Said(row.action),
        reason=body["reason"],
        line_ids=tuple(body.get("lines") or ()),
        resolution=Resolution(body["resolution"]) if body.get("resolution") else None,
        refund=refund_of(body),
    )
    receipt = context.plugins.push_status(connection.provider.name, connection.guest, delivery)
    return _read_receipt(context, row, receipt)


def _read_receipt(context: Context, row: AnyRow, receipt: Receipt) -> _Answer:
    if receipt.outcome is Outcome.ACCEPTED:
        return _Answer(DeliveryState.SENT)
    if receipt.outcome is Outcome.REFUSED:
        return _Answer(DeliveryState.SET_ASIDE, receipt.words)
    words = receipt.words or Words("There is no answer yet.", "응답이 아직 없습니다.")
    return _again(context, row, words, None)


def _commit(run: _Run, row: AnyRow, answer: _Answer) -> None:
    event = run.context.database.unit("receipt", lambda database: _write(run, database, row, answer))
    run.context.plugins.notify([event] if event else [])


def _write(run: _Run, database: Connection, row: AnyRow, answer: _Answer) -> StatusChanged | None:
    context = run.context
    orders, table = tables.orders, tables.deliveries
    order = database.execute(select(orders).where(orders.c.id == row.order_id).with_for_update()).one()
    mine = update(table).where(
        table.c.id == row.id, table.c.state == DeliveryState.CLAIMED, table.c.worker == run.name
    )
    done = database.execute(
        mine.values(
            state=answer.state,
            not_before=answer.not_before,
            tries=table.c.tries if answer.is_try else table.c.tries - 1,
            answer_en=answer.words.en if answer.words else None,
            answer_ko=answer.words.ko if answer.words else None,
        )
    )
    if done.rowcount == 0:
        return None
    told = answered.entries(row, json.loads(row.body), answer.state, answer.words, told=row.key == run.asked)
    sign(database, context.clock.now(), told)
    if row.destination == Destination.WEBSTORE:
        after_answer(database, row, answer.state)
        if answer.state is DeliveryState.RETRY and run.connection.provider.status_is_absolute:
            give_way(database, [row.id])
        if charged := refunds.after_told(order, row.action, answer.state):
            touch(context, database, order, dict(charged))
    if row.destination == Destination.PAYMENT and answer.state is not DeliveryState.RETRY:
        ask_to_look(database, {row.order_id: context.clock.now()})  # and hold the order's money together
    if row.destination != Destination.POS:
        return None
    values, event = after_pos(database, order, row, answer.state)
    if values:
        touch(context, database, order, values)
    return event
