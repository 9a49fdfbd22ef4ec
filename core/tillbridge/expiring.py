"""Closes as no-shows what nobody picked up in time, by each connection's policy.

Only orders that are ready and due are looked at. Where money was taken, here or online, or where the webstore
changed or closed the order, it stays with staff, and a message says so. Safe beside other workers and staff:
an order that was changed since it was looked at is left as it is, and a sale that was is not emptied.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, exists, or_, select

from tillbridge import guided
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.types import AnyRow
from tillbridge.guided import Doing
from tillbridge.guided.scenes import Scene, scene_of
from tillbridge.model.errors import NotAllowed
from tillbridge.model.orders import Standing
from tillbridge.model.status import Act
from tillbridge.model.stores import written_at
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature, facts_of, locked, touch
from tillbridge.orders.timeline import POLICY, Entry, sign
from tillbridge.pos.guarded import PosAway

LEFT: Final = "no-show left to staff"
"""What the timeline calls it."""
_REASON: Final = Words("not picked up in time", "기한 내 미수령")
# A beat's worth; the next one takes the next.
_BATCH: Final = 100
_ONLINE: Final = Words("it was paid online", "온라인으로 결제된 주문입니다")
_HERE: Final = Words("money was taken for it here", "매장에서 받은 금액이 있습니다")
_HIDDEN: Final = Words(
    "the point of sale does not show whether money was taken", "POS에서 받은 금액을 확인할 수 없습니다"
)
_CLOSED: Final = Words("the webstore does not wait for it any more", "웹스토어에서 이미 종료된 주문입니다")
_CHANGED: Final = Words(
    "the webstore changed it after its sale", "거래가 만들어진 뒤 웹스토어에서 변경된 주문입니다"
)
_UNREAD: Final = Words("what the webstore sent cannot be read", "웹스토어에서 보낸 내용을 읽을 수 없습니다")
_log = logging.getLogger("tillbridge.deadlines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """An order that nobody picked up in time.

    Attributes:
        left: why it is left to staff, or None where it is closed as a no-show.
    """

    order_id: int
    connection: str
    number: str
    left: Words | None = None


def expire(context: Context, faulty: set[int]) -> list[Expired]:
    """Close what is due, and return it with what is left to staff; each order once.

    Args:
        context: the engine's parts.
        faulty: the orders that failed before, kept between two calls: they come last, and are told once.

    Raises:
        PosAway: the point of sale could not say what was paid.
    """
    found: list[Expired] = []
    for row in _due(context, faulty):
        try:
            one = _expire(context, row)
        except PosAway:
            if not found:
                raise
            break  # what is done is told; the next beat goes on
        except Exception as error:  # noqa: BLE001  # one order's fault never stops the others
            level = logging.DEBUG if row.id in faulty else logging.WARNING
            _log.log(level, "order %s is a no-show, and cannot be closed", row.id, exc_info=error)
            faulty.add(row.id)
            continue
        faulty.discard(row.id)
        if one is not None:
            found.append(one)
    return found


def _due(context: Context, faulty: Collection[int]) -> list[AnyRow]:
    """Return the orders that are due, a statement a connection with a policy and its plugin."""
    connections = tables.connections
    policies = select(connections.c.id, connections.c.no_show_days, connections.c.provider).where(
        connections.c.no_show_days.is_not(None)
    )
    now = context.clock.now()
    found: list[AnyRow] = []
    with context.database.read() as database:
        for policy in database.execute(policies).all():
            if policy.provider in context.plugins.providers:
                found += _due_of(database, policy.id, now - timedelta(days=policy.no_show_days))
    return sorted(found, key=lambda row: row.id in faulty)[:_BATCH]


def _due_of(database: Connection, connection_id: int, late: datetime) -> Sequence[AnyRow]:
    """Return a connection's orders whose time was over by then, and whose customer nobody spoke to since."""
    orders, contacts, connections = tables.orders, tables.contacts, tables.connections
    spoken = exists().where(
        contacts.c.order_id == orders.c.id, or_(contacts.c.at > late, contacts.c.again_at > late)
    )
    query = (
        select(orders.c.id, orders.c.number, orders.c.revision, connections.c.name.label("connection"))
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(
            *waiting.TO_PICK_UP,
            waiting.READY,
            orders.c.connection_id == connection_id,
            orders.c.pick_up_until <= late,
            ~spoken,
        )
        .order_by(orders.c.pick_up_until, orders.c.id)
        .limit(_BATCH)
    )
    return database.execute(query).all()


def _expire(context: Context, row: AnyRow) -> Expired | None:
    """Close one order, or leave it to staff; None where somebody acted on it meanwhile."""
    try:
        scene = scene_of(context, row.id)
    except PosAway:
        context.pos.stores()  # raises if the POS answers nobody; else it is a sale that it cannot show
        return _left(context, row, row.revision, _HIDDEN)
    if scene.pos_waits:
        return None  # looked at again once its sale is as it will be
    why = next(_objections(scene), None)
    if why is None:
        try:
            doing = Doing(act=Act.NO_SHOW, seen=scene.row.revision)
            signature = Signature(POLICY, written_at(scene.store, _REASON))
            guided.act_on(context, scene, doing, signature, by_policy=True)
        except NotAllowed as error:
            why = error.words
    if why is not None:
        return _left(context, row, scene.row.revision, why)
    return Expired(order_id=row.id, connection=row.connection, number=row.number)


def _objections(scene: Scene) -> Iterator[Words]:
    if scene.sale is None:
        yield _HIDDEN
    elif any(one.payment.amount for one in scene.sale.payments):
        yield _HERE
    if scene.row.standing != Standing.OPEN:
        yield _CLOSED
    elif facts_of(scene.row).changed_after_sale:
        yield _CHANGED
    if scene.order is None or scene.unread:
        yield _UNREAD
    if scene.paid_online:
        yield _ONLINE


def _left(context: Context, row: AnyRow, seen: int, why: Words) -> Expired | None:
    """Leave an order to staff; None where it is not as it was seen."""
    if not _leave(context, row.id, seen, why):
        _log.info("order %s is a no-show, and somebody acts on it just now: %s", row.id, why.en)
        return None
    return Expired(order_id=row.id, connection=row.connection, number=row.number, left=why)


def _leave(context: Context, order_id: int, seen: int, why: Words) -> bool:
    """Leave an order to staff until its pick-up date is another one; return whether it was as it was seen."""

    def work(database: Connection) -> bool:
        row = locked(database, order_id)
        if row.revision != seen:
            return False
        touch(context, database, row, {"no_show_left": row.pick_up_until})
        words = Words(
            f"Not picked up in time, and not closed by itself: {why.en}",
            f"수령 기한이 지났지만 자동으로 처리하지 않았습니다: {why.ko}",
        )
        sign(database, context.clock.now(), [Entry(row.id, POLICY, LEFT, words)])
        return True

    return context.database.unit("no-show", work)
