"""By when an order must be answered, as staff ask for it: counted anew, as it would be, and why not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from babel.dates import format_datetime
from sqlalchemy import ColumnElement, Connection, select, update

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.many import UpdateMany
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.hours_words import hours_words
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.orders import accept_by
from tillbridge.orders.accept_by import AcceptBy
from tillbridge.orders.order_state import Signature, locked, no_order, with_reason
from tillbridge.orders.timeline import Entry, sign

_COLUMNS: Final = tuple(accept_by.NOTHING_KEPT)
_RECOUNTED: Final = UpdateMany(tables.orders, _COLUMNS, ("id",), beside="revision = orders.revision + 1")


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
        row = database.execute(select_due(tables.orders.c.id == order_id)).one()
        if not accept_by.to_be_answered(row):
            raise NotAllowed(Words("It does not wait for an answer.", "응답을 기다리는 주문이 아닙니다."))
        before = AcceptBy.read(row.accept_clock)
        store = stores.get(row.store or "")
        after = accept_by.count(store, _since(row, before), row.accept_minutes, now)
        write(database, row, after)
        if _at(before) != _at(after):
            sign(database, now, [_entry(order_id, (before, after, store), signature)])
        return after

    return context.database.unit("deadline", work)


@dataclass(frozen=True, slots=True)
class Recounted:
    """An order whose due time was counted anew, UTC; None: there was none, or is none any more."""

    order_id: int
    number: str
    before: datetime | None
    after: datetime | None


def recount_store(context: Context, code: str, signature: Signature) -> list[Recounted]:
    """Count the due times of a store's waiting orders anew that were counted by other hours than now's.

    Args:
        context: the engine's parts.
        code: the store's.
        signature: who, and why; it stands in the timeline of each order whose due time became another.

    Raises:
        NotFound: there is no such store.
        PosAway: the point of sale could not say which hours its stores have.
    """
    store = next((one for one in context.pos.stores() if one.code == code), None)
    if store is None:
        raise NotFound(Words(f"There is no store {code}.", f"{code} 매장이 없습니다."))
    orders, now = tables.orders, context.clock.now()
    wanted = (*waiting.TO_ANSWER, orders.c.store == code)

    def work(database: Connection) -> list[Recounted]:
        locking = select(orders.c.id).where(*wanted).order_by(orders.c.id).with_for_update()
        database.execute(locking).all()  # so that nobody decides meanwhile
        found = []
        for row in database.execute(select_due(*wanted).order_by(orders.c.id)):
            before = AcceptBy.read(row.accept_clock)
            if before is not None and before.of != accept_by.sum_of(store):
                after = accept_by.count(store, before.since, row.accept_minutes, now)
                found.append((row, before, after))
        _RECOUNTED.run(database, [(*_columns(after), row.id) for row, _, after in found])
        changed = [(row, old, new) for row, old, new in found if old.due_at != _at(new)]
        sign(database, now, [_entry(row.id, (old, new, store), signature) for row, old, new in changed])
        return [Recounted(row.id, row.number, old.due_at, _at(new)) for row, old, new in changed]

    return context.database.unit("deadline", work)


def _at(due: AcceptBy | None) -> datetime | None:
    return due.due_at if due else None


def _columns(due: AcceptBy | None) -> tuple[Any, ...]:
    values = due.columns() if due else accept_by.NOTHING_KEPT
    return tuple(values[name] for name in _COLUMNS)


def _entry(
    order_id: int, counted: tuple[AcceptBy | None, AcceptBy | None, Store | None], signature: Signature
) -> Entry:
    return Entry(
        order_id, signature.who, "due time counted anew", with_reason(_recounted(*counted), signature)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDue:
    """An order whose due time would be another by its store's hours as they are now; it stays.

    Attributes:
        due: as it is kept.
        other: as it would be; None: there would be none.
    """

    order_id: int
    number: str
    store: Store
    due: AcceptBy
    other: AcceptBy | None

    @property
    def words(self) -> Words:
        """What it would be, and how to go by that."""
        new, way = shown(self.other, self.store), f"tillbridge order deadline id:{self.order_id} --recount"
        return Words(
            f"By the store's hours as they are now it would be: {new.en}. To go by them: {way}",
            f"지금 영업시간으로는 {new.ko}입니다. 새로 계산하려면: {way}",
        )


def kept_dues(context: Context, *, store: str | None = None, order_id: int | None = None) -> list[KeptDue]:
    """Return the orders whose due times were counted by hours that are others now, and would be others.

    Args:
        context: the engine's parts.
        store: only of this store.
        order_id: only this order.

    Raises:
        PosAway: the point of sale could not say which hours its stores have.
    """
    orders = tables.orders
    wanted = [*waiting.TO_ANSWER, orders.c.accept_clock.is_not(None)]
    wanted += [orders.c.store == store] if store is not None else []
    wanted += [orders.c.id == order_id] if order_id is not None else []
    with context.database.read() as database:
        rows = database.execute(select_due(*wanted).order_by(orders.c.id)).all()
    stores = {one.code: one for one in context.pos.stores()} if rows else {}
    found = (_kept(row, stores.get(row.store or ""), context.clock.now()) for row in rows)
    return [one for one in found if one is not None]


def _kept(row: AnyRow, store: Store | None, now: datetime) -> KeptDue | None:
    due = AcceptBy.read(row.accept_clock)
    if due is None or store is None or store.hours is None or accept_by.sum_of(store) == due.of:
        return None
    other = accept_by.count(store, due.since, row.accept_minutes, now)
    if other is not None and other.due_at == due.due_at:
        return None
    return KeptDue(order_id=row.id, number=row.number, store=store, due=due, other=other)


def why_none(context: Context, order_id: int) -> Words | None:
    """Return why an order that is to be answered has no due time, or None where it has one or needs none.

    Raises:
        NotFound: there is no such order.
        PosAway: the point of sale could not say which hours its stores have.
    """
    with context.database.read() as database:
        row = database.execute(select_due(tables.orders.c.id == order_id)).first()
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


def select_due(*conditions: ColumnElement[bool]) -> Any:
    """Select what is asked of orders that are to be answered."""
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


def write(database: Connection, row: AnyRow, due: AcceptBy | None) -> bool:
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


def shown(due: AcceptBy | None, store: Store | None) -> Words:
    """Return a due time as the store's clock shows it."""
    if due is None:
        return Words("none", "없음")
    zone = store.zone if store else None
    return Words(
        format_datetime(due.due_at, "d MMM HH:mm", tzinfo=zone, locale="en"),
        format_datetime(due.due_at, "M월 d일 HH:mm", tzinfo=zone, locale="ko"),
    )


def _recounted(before: AcceptBy | None, after: AcceptBy | None, store: Store | None) -> Words:
    old, new = shown(before, store), shown(after, store)
    hours = hours_words(after.hours) if after else None
    by = Words(f" ({hours.en})", f"({hours.ko})") if hours else Words("", "")
    return Words(
        f"The due time was {old.en} and is {new.en} now{by.en}.",
        f"수락 기한을 {old.ko}에서 {new.ko}(으)로 다시 계산했습니다{by.ko}.",
    )
