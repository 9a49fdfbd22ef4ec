"""Watches by when orders must be answered: counts what lacks it, tells of changed hours, acts by policy.

Safe beside other workers and staff: what is written is compared with what was read, and a policy decides only
what nobody has decided.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from babel.dates import format_datetime
from sqlalchemy import ColumnElement, Connection, select, update

from tillbridge import accept_by, fulfilment
from tillbridge.accept_by import AcceptBy, Due
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.many import UpdateMany
from tillbridge.db.types import AnyRow
from tillbridge.model.deadlines import Policy, Stage
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import Status
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.order_state import Signature, locked, no_order, with_reason
from tillbridge.timeline import POLICY, SYSTEM, Entry, sign

_COUNTED: Final = UpdateMany(
    tables.orders, ("accept_by", "accept_clock"), ("id",), beside="revision = orders.revision + 1"
)
_ASKED: Final = {
    Policy.ACCEPT: (Status.IN_PROCESS, Decision.ACCEPTED),
    Policy.REJECT: (Status.REJECTED, Decision.REJECTED),
}
# The webstore is told it as it stands, whatever its language.
_LATE: Final = "not answered in time / 기한 내 미응답"
_log = logging.getLogger("tillbridge.deadlines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An order that is to be answered in time.

    Attributes:
        due: its due time, with what is left of it.
        decided: what a policy decided of it just now.
    """

    order_id: int
    connection: str
    number: str
    due: Due
    decided: Decision | None = None


def watch(context: Context) -> list[Watched]:
    """Do what is due, and return every order that has a due time, the earliest first.

    Raises:
        PosAway: the point of sale could not say which hours its stores have.
    """
    found = _to_answer(context)
    if not found:
        return []
    stores = {store.code: store for store in context.pos.stores()}
    if _count_missing(context, found, stores):
        found = _to_answer(context)
    watched = []
    for row in found:
        due = AcceptBy.read(row.accept_clock)
        if due is None:
            continue
        _tell_of_other_hours(context, row, due, stores.get(row.store or ""))
        watched.append(_watched(context, row, due))
    return watched


def recount(context: Context, order_id: int, signature: Signature) -> AcceptBy | None:
    """Count an order's due time anew by its store's hours as they are now; None where there is none any more.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it does not wait for an answer.
        PosAway: the point of sale could not say which hours its stores have.
    """
    stores = {store.code: store for store in context.pos.stores()}
    now = context.clock.now()

    def work(database: Connection) -> AcceptBy | None:
        locked(database, order_id)  # so that nobody decides meanwhile
        row = database.execute(_select(tables.orders.c.id == order_id)).one()
        if not accept_by.to_be_answered(row):
            raise NotAllowed(Words("It does not wait for an answer.", "응답을 기다리는 주문이 아닙니다."))
        before = AcceptBy.read(row.accept_clock)
        store = stores.get(row.store or "")
        after = accept_by.count(store, _since(row, before), row.accept_minutes, now)
        _write(database, row, after)
        words = with_reason(_recounted(before, after, store), signature)
        sign(database, now, [Entry(order_id, signature.who, "due time counted anew", words)])
        return after

    return context.database.unit("deadline", work)


def why_none(context: Context, order_id: int) -> Words | None:
    """Return why an order that is to be answered has no due time, or None where it has one or needs none.

    Raises:
        NotFound: there is no such order.
        PosAway: the point of sale could not say which hours its stores have.
    """
    with context.database.read() as database:
        row = database.execute(_select(tables.orders.c.id == order_id)).first()
    if row is None:
        raise no_order(order_id)
    if row.accept_by or not accept_by.to_be_answered(row) or row.accept_minutes == 0:
        return None
    store = next((one for one in context.pos.stores() if one.code == row.store), None)
    if store is None:
        return Words(
            "No due time: the order's store is not known.", "수락 기한 없음: 주문의 매장을 알 수 없습니다."
        )
    if store.hours is None:
        return Words(
            f"No due time: the business hours of {store.code} are not known. Say them with: "
            f"tillbridge store hours {store.code} HOURS",
            f"수락 기한 없음: {store.code} 매장의 영업시간을 알 수 없습니다. 입력: "
            f"tillbridge store hours {store.code} 영업시간",
        )
    return Words(
        f"No due time: {store.code} is not open as long within a year.",
        f"수락 기한 없음: {store.code} 매장이 1년 안에 그만큼 열지 않습니다.",
    )


def _to_answer(context: Context) -> Sequence[AnyRow]:
    orders = tables.orders
    query = _select(*waiting.TO_ANSWER).order_by(orders.c.accept_by, orders.c.id)
    with context.database.read() as database:
        return database.execute(query).all()


def _select(*conditions: ColumnElement[bool]) -> Any:
    orders, connections = tables.orders, tables.connections
    return (
        select(
            orders.c.id,
            orders.c.number,
            orders.c.store,
            orders.c.placed_at,
            orders.c.status,
            orders.c.decision,
            orders.c.standing,
            orders.c.accept_by,
            orders.c.accept_clock,
            connections.c.name.label("connection"),
            connections.c.accept_minutes,
            connections.c.overdue,
        )
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(*conditions)
    )


def _since(row: AnyRow, before: AcceptBy | None) -> datetime:
    return before.since if before else row.placed_at


def _count_missing(context: Context, found: Iterable[AnyRow], stores: Mapping[str, Store]) -> bool:
    """Count what had no due time, since its store's hours were not known; return whether there was any."""
    now = context.clock.now()
    missing = [row for row in found if row.accept_by is None and row.placed_at is not None]
    counted = [
        (due.due_at, due.columns()["accept_clock"], row.id)
        for row in missing
        if (due := accept_by.count(stores.get(row.store or ""), row.placed_at, row.accept_minutes, now))
    ]
    if counted:
        counted.sort(key=lambda one: one[-1])
        context.database.unit("deadline", lambda database: _COUNTED.run(database, counted))
    return bool(counted)


def _tell_of_other_hours(context: Context, row: AnyRow, due: AcceptBy, store: Store | None) -> None:
    """Tell once that a store's hours are others now, by which the due time would be another; it stays."""
    if store is None or store.hours is None or accept_by.sum_of(store) == due.of:
        return
    now = context.clock.now()
    other = accept_by.count(store, due.since, row.accept_minutes, now)
    known = replace(due, of=accept_by.sum_of(store))

    def work(database: Connection) -> None:
        if _write(database, row, known) and (other is None or other.due_at != due.due_at):
            words = _would_be(due, other, store, row.id)
            sign(database, now, [Entry(row.id, SYSTEM, "business hours changed", words)])

    context.database.unit("deadline", work)


def _write(database: Connection, row: AnyRow, due: AcceptBy | None) -> bool:
    """Write a due time if it is as it was read; return whether it was."""
    orders = tables.orders
    values = due.columns() if due else accept_by.NOTHING_KEPT
    same = orders.c.accept_clock.is_not_distinct_from(row.accept_clock)
    done = database.execute(
        update(orders)
        .where(orders.c.id == row.id, same)
        .values({**values, "revision": orders.c.revision + 1})
    )
    return bool(done.rowcount)


def _watched(context: Context, row: AnyRow, due: AcceptBy) -> Watched:
    seen = Due(due, context.clock.now())
    decided = None
    # What came in overdue already is left to people: nobody had the time that a policy presumes.
    if seen.stage is Stage.OVERDUE and due.counted_at < due.due_at:
        decided = _decide(context, row, Policy(row.overdue))
    return Watched(
        order_id=row.id,
        connection=row.connection,
        number=row.number,
        due=seen,
        decided=decided,
    )


def _decide(context: Context, row: AnyRow, policy: Policy) -> Decision | None:
    if policy is Policy.NOTHING:
        return None
    asked, decision = _ASKED[policy]
    try:
        fulfilment.decide_undecided(context, row.id, asked, Signature(POLICY, _LATE))
    except NotAllowed as error:  # somebody decided meanwhile, or its sale was finished: that stays
        _log.info("order %s is overdue, and the policy cannot act: %s", row.id, error.words.en)
        return None
    return decision


def _shown(due: AcceptBy | None, store: Store | None) -> Words:
    if due is None:
        return Words("none", "없음")
    zone = store.zone if store else None
    return Words(
        format_datetime(due.due_at, "d MMM HH:mm", tzinfo=zone, locale="en"),
        format_datetime(due.due_at, "M월 d일 HH:mm", tzinfo=zone, locale="ko"),
    )


def _recounted(before: AcceptBy | None, after: AcceptBy | None, store: Store | None) -> Words:
    old, new = _shown(before, store), _shown(after, store)
    by = f" ({after.hours})" if after else ""
    return Words(
        f"The due time was {old.en} and is {new.en} now{by}.",
        f"수락 기한을 {old.ko}에서 {new.ko}(으)로 다시 계산했습니다{by}.",
    )


def _would_be(due: AcceptBy, other: AcceptBy | None, store: Store, order_id: int) -> Words:
    old, new = _shown(due, store), _shown(other, store)
    way = f"tillbridge order deadline {order_id} --recount"
    return Words(
        f"The store's hours have changed. It stays due at {old.en}; by the new hours it would be: {new.en}. "
        f"To go by them: {way}",
        f"매장 영업시간이 변경되었습니다. 수락 기한은 {old.ko} 그대로이며, 새 영업시간으로는 {new.ko}입니다. "
        f"새로 계산하려면: {way}",
    )
