"""What a webstore is told: queued line by line, in the place of what it makes needless (invariant 6).

A delivery that was not sent yet, or was set aside, is left out where a later one overtakes it and the
provider's states are absolute; where that concerns some of its lines only, it is queued again for the rest,
and behind it what was to follow for those lines. What is set aside holds back what follows for the same
lines, and nothing else; a decision is held back by nothing.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection, insert, or_, select, update

from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState
from tillbridge.model.exchange import Said
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Effect
from tillbridge.provider import Provider
from tillbridge.sending.deliveries import Act, Destination, new_delivery
from tillbridge.sending.overtaking import HELD, WAITS, is_held, meet, overtakes

TOLD: Final[Mapping[Effect, Said]] = {
    Effect.TELL_ACCEPTED: Said.ACCEPTED,
    Effect.TELL_REJECTED: Said.REJECTED,
    Effect.TELL_READY: Said.READY,
    Effect.TELL_RESOLVED: Said.RESOLVED,
}
"""The effects that tell the webstore something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that a webstore is to hear of an order.

    Attributes:
        lines: the webstore's IDs of the lines that it concerns; none: all lines of the order.
        part: other lines of the order stand beside these.
        reason: for the customer.
        resolution: how a reservation ended.
    """

    said: Said
    lines: tuple[str, ...] = ()
    part: bool = False
    reason: str = ""
    resolution: Resolution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the webstore of one order is to hear by one act.

    Attributes:
        every: all line IDs of the order; needed only where some news names lines.
    """

    order_id: int
    news: Sequence[News]
    act: Act
    every: Sequence[str] = ()


def heard(provider: Provider, one: News) -> News | None:
    """Return what a provider is told of a piece of news, or None where it cannot be told."""
    if not provider.is_told(one.said):
        return None
    if provider.hears_lines or not one.lines:
        return one
    # Of single lines it cannot be told; that all that stand are accepted or ready, it can.
    whole = one.said in (Said.ACCEPTED, Said.RESOLVED) or not one.part
    return replace(one, lines=()) if whole else None


@dataclass(slots=True)
class _Pending:
    """What is queued for one order already, and is to be.

    Attributes:
        unsent: in its sequence, what is queued anew with it.
        left_out: the deliveries whose place others have taken.
    """

    unsent: list["_Queued"]
    left_out: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Queued:
    """One delivery that was not sent yet, or was set aside.

    Attributes:
        id: None where it is queued by this act.
        body: as its table holds it, read.
        answer: its state and what stands with it, as it is queued anew.
    """

    id: int | None
    action: str
    body: Mapping[str, Any]
    answer: Mapping[str, Any]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.body.get("lines") or ())

    @property
    def aside(self) -> bool:
        return bool(self.answer["state"] == DeliveryState.SET_ASIDE)


def tell(database: Connection, wanted: Sequence[Telling]) -> dict[int, list[int]]:
    """Queue what webstores are to hear; return the deliveries that this left out, by the order's ID."""
    known = {one.order_id for one in wanted if one.act.provider is not None and one.news}
    if not known:
        return {}
    pending = {number: _Pending(rows) for number, rows in _unsent(database, known).items()}
    acts = {one.order_id: one.act for one in wanted}
    for one in wanted:
        if one.order_id in pending and one.act.provider is not None:
            _add(pending[one.order_id], one, one.act.provider)
    gone = [number for one in pending.values() for number in one.left_out]
    if gone:
        table = tables.deliveries
        superseded = update(table).where(among(database, table.c.id, gone))
        database.execute(superseded.values(state=DeliveryState.SUPERSEDED))
    rows = [
        new_delivery(number, Destination.WEBSTORE, row.action, row.body, acts[number]) | dict(row.answer)
        for number, one in pending.items()
        for row in one.unsent
        if row.id is None
    ]
    if rows:
        database.execute(insert(tables.deliveries), rows)
    return {number: one.left_out for number, one in pending.items() if one.left_out}


def _unsent(database: Connection, order_ids: Collection[int]) -> dict[int, list[_Queued]]:
    table = tables.deliveries
    query = (
        select(table)
        .where(
            among(database, table.c.order_id, sorted(order_ids)),
            table.c.destination == Destination.WEBSTORE,
            or_(waiting.OPEN, waiting.SET_ASIDE),
            table.c.state != DeliveryState.CLAIMED,
        )
        .order_by(table.c.id)
    )
    found: dict[int, list[_Queued]] = {number: [] for number in sorted(order_ids)}
    for row in database.execute(query.with_for_update()):
        aside = row.state == DeliveryState.SET_ASIDE
        answer = {"answer_en": row.answer_en, "answer_ko": row.answer_ko, "state": row.state}
        one = _Queued(
            id=row.id,
            action=row.action,
            body=json.loads(row.body),
            answer=answer if aside else WAITS,
        )
        found[row.order_id].append(one)
    return found


def _add(pending: _Pending, telling: Telling, provider: Provider) -> None:
    for one in telling.news:
        news = heard(provider, one)
        if news is None:
            continue
        if provider.status_is_absolute:
            _leave_out(pending, news, telling.every)
        aside = any(
            row.aside and is_held(news.said, row.action) and meet(row.lines, news.lines)
            for row in pending.unsent
        )
        body = {
            "reason": news.reason,
            "lines": list(news.lines),
            "resolution": news.resolution.value if news.resolution else None,
        }
        answer = HELD if aside else WAITS
        pending.unsent.append(_Queued(id=None, action=news.said.value, body=body, answer=answer))


def _leave_out(pending: _Pending, news: News, every: Sequence[str]) -> None:
    """Leave out what is overtaken; queue it anew for those of its lines that are not concerned.

    What was to follow for these lines is queued anew behind it: the webstore hears of a line in the sequence
    in which it was said.
    """
    kept: list[_Queued] = []
    anew: list[_Queued] = []
    moved: frozenset[str] = frozenset()
    for row in pending.unsent:
        if row.action == Said.REFUNDED:
            kept.append(row)  # under another key it would be told, and counted, twice
            continue
        lines = frozenset(row.lines or every)
        if overtakes(news.said, row.action) and meet(row.lines, news.lines):
            lines = lines - frozenset(news.lines) if news.lines else frozenset()
            if lines:
                names = [one for one in row.lines or every if one in lines]
                anew.append(replace(row, id=None, body={**row.body, "lines": names}, answer=WAITS))
        elif moved & lines:
            anew.append(replace(row, id=None, answer=row.answer))
        else:
            kept.append(row)
            continue
        moved |= lines
        if row.id is not None:
            pending.left_out.append(row.id)
    pending.unsent[:] = kept + anew


def restore(database: Connection, order_id: int, left_out: Iterable[int], act: Act) -> None:
    """Queue again what an act had left out that is undone."""
    table = tables.deliveries
    query = (
        select(table.c.action, table.c.body)
        .where(
            table.c.order_id == order_id,
            among(database, table.c.id, list(left_out)),
            table.c.state == DeliveryState.SUPERSEDED,
        )
        .order_by(table.c.id)
    )
    rows = [
        new_delivery(order_id, Destination.WEBSTORE, row.action, json.loads(row.body), act)
        for row in database.execute(query)
    ]
    if rows:
        database.execute(insert(table), rows)
