"""Looks at what waits longer than it should: what was fetched, asked, or is on its way."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, exists, func, select

from tillbridge.db import tables
from tillbridge.db.states import AttemptState, DeliveryState
from tillbridge.doctor.findings import Finding, Kind, Said, Standing
from tillbridge.doctor.measures import lasting, some
from tillbridge.doctor.site import Site
from tillbridge.model.status import Status
from tillbridge.model.words import Words

_RUN: Final = Words(
    "See whether it runs (tillbridge run) or do it now, and read what it says: tillbridge poll",
    "실행 중인지 확인하거나(tillbridge run) 지금 처리하고 결과를 확인해 주세요: tillbridge poll",
)
PAYLOADS = Kind(
    code="waiting.payloads",
    standing=Standing.BROKEN,
    wrong=Words(
        "Of {names}, {count:fetched order waits|fetched orders wait} to be read, the oldest for {age}.",
        "연결 {names}에서 가져온 주문 {count}건이 처리를 기다립니다(가장 오래된 것 {age}).",
    ),
    means=Words(
        "They are safe, but not in the list, and not sold yet.",
        "안전하게 보관되어 있지만 아직 목록에 없고 판매 처리되지 않았습니다.",
    ),
    remedy=_RUN,
)
UNANSWERED = Kind(
    code="waiting.unanswered",
    standing=Standing.BROKEN,
    wrong=Words(
        "For {count:order|orders} the point of sale has not answered whether the sale was opened, the oldest "
        "for {age}: {orders}.",
        "주문 {count}건에 대해 POS가 거래 생성 여부를 답하지 않았습니다(가장 오래된 것 {age}): {orders}.",
    ),
    means=Words(
        "Whether these orders are sold is not known; they are asked for again, never sold twice.",
        "판매되었는지 알 수 없습니다. 다시 확인하며, 두 번 판매되지는 않습니다.",
    ),
    remedy=_RUN,
)
CLAIMED = Kind(
    code="waiting.claimed",
    standing=Standing.LOOK,
    wrong=Words(
        "{count:decision is|decisions are} marked as on their way for {age}: {orders}. Whoever sent them is "
        "likely dead.",
        "결정 {count}건이 {age} 동안 전송 중으로 표시되어 있습니다: {orders}. 전송하던 프로그램이 종료된 것 "
        "같습니다.",
    ),
    means=Words(
        "The webstore or the point of sale may not know of them; the next run takes them over.",
        "웹스토어나 POS에 전달되지 않았을 수 있습니다. 다음 실행 때 이어서 전송합니다.",
    ),
    remedy=_RUN,
)
SET_ASIDE = Kind(
    code="waiting.set_aside",
    standing=Standing.LOOK,
    wrong=Words(
        "{count:decision was|decisions were} set aside undelivered, the oldest {age} ago: {orders}.",
        "결정 {count}건을 전달하지 못해 보류했습니다(가장 오래된 것 {age} 전): {orders}.",
    ),
    means=Words(
        "The webstore or the point of sale has not heard them: customers may be told something else.",
        "웹스토어나 POS가 결정을 받지 못했습니다. 고객에게 다른 내용이 안내될 수 있습니다.",
    ),
    remedy=Words(
        "Read why, and decide again: tillbridge order show {first}",
        "이유를 확인하고 다시 결정해 주세요: tillbridge order show {first}",
    ),
)
_OVER: Final = (Status.COMPLETED, Status.ARCHIVED)
_ASKED: Final = 6


def check(site: Site) -> Said:
    """Count what waits, and say how old the oldest is."""
    now = site.clock.now()
    before = now - site.limits.patience
    with site.ready().read() as reading:
        yield from _payloads(reading, before, now)
        yield from _said(reading, UNANSWERED, _unanswered(before), now)
        yield from _said(reading, CLAIMED, _claimed(before), now)
        yield from _said(reading, SET_ASIDE, _set_aside(), now)


def _payloads(reading: Connection, before: datetime, now: datetime) -> Iterator[Finding]:
    payloads, connections = tables.payloads, tables.connections
    found = reading.execute(
        select(connections.c.name, func.count().label("many"), func.min(payloads.c.ended_at).label("oldest"))
        .join(connections, connections.c.id == payloads.c.connection_id)
        .where(payloads.c.handled.is_(False), payloads.c.ended_at < before)
        .group_by(connections.c.name)
        .order_by(connections.c.name)
    ).all()
    if found:
        yield PAYLOADS.found(
            count=sum(row.many for row in found),
            names=some(row.name for row in found),
            age=lasting(now - min(row.oldest for row in found)),
        )


def _unanswered(before: datetime) -> Select[Any]:
    orders, attempts = tables.orders, tables.attempts
    return (
        select(orders.c.id, orders.c.number, attempts.c.created_at.label("since"))
        .join(orders, orders.c.id == attempts.c.order_id)
        .where(attempts.c.state == AttemptState.UNANSWERED, attempts.c.created_at < before)
    )


def _claimed(before: datetime) -> Select[Any]:
    orders, deliveries = tables.orders, tables.deliveries
    return (
        select(orders.c.id, orders.c.number, deliveries.c.claimed_at.label("since"))
        .join(orders, orders.c.id == deliveries.c.order_id)
        .where(deliveries.c.state == DeliveryState.CLAIMED, deliveries.c.claimed_at < before)
    )


def _set_aside() -> Select[Any]:
    """Select what was set aside and still matters: nothing was told since, and the order is not over."""
    orders, deliveries = tables.orders, tables.deliveries
    later = deliveries.alias()
    told = exists().where(
        later.c.order_id == deliveries.c.order_id,
        later.c.destination == deliveries.c.destination,
        later.c.id > deliveries.c.id,
        later.c.state == DeliveryState.SENT,
    )
    return (
        select(orders.c.id, orders.c.number, deliveries.c.created_at.label("since"))
        .join(orders, orders.c.id == deliveries.c.order_id)
        .where(
            deliveries.c.state == DeliveryState.SET_ASIDE,
            orders.c.status.is_(None) | orders.c.status.not_in(_OVER),
            ~told,
        )
    )


def _said(reading: Connection, kind: Kind, late: Select[Any], now: datetime) -> Iterator[Finding]:
    within = late.subquery()
    count, oldest = reading.execute(select(func.count(), func.min(within.c.since))).one()
    if not count:
        return
    shown = reading.execute(
        select(within.c.id, within.c.number).order_by(within.c.since, within.c.id).limit(_ASKED)
    )
    rows = shown.all()
    yield kind.found(
        count=count,
        age=lasting(now - oldest),
        orders=some(row.number for row in rows),
        first=f"id:{rows[0].id}",
    )
