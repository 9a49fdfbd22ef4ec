"""What a webstore is told: queued line by line, in the place of what it makes needless (invariant 6).

A delivery that was not sent yet, or was set aside, is left out where a later one overtakes it and the
provider's states are absolute; where that concerns some of its lines only, it is queued again for the rest.
What is set aside holds back what follows for the same lines, and nothing else.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection, insert, or_, select, update

from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.deliveries import Act, Destination, new_delivery
from tillbridge.model.exchange import OVERTAKES, Said
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Effect
from tillbridge.model.words import Words
from tillbridge.provider import Provider

TOLD: Final[Mapping[Effect, Said]] = {
    Effect.TELL_ACCEPTED: Said.ACCEPTED,
    Effect.TELL_REJECTED: Said.REJECTED,
    Effect.TELL_READY: Said.READY,
    Effect.TELL_RESOLVED: Said.RESOLVED,
}
"""The effects that tell the webstore something."""

HELD_BACK: Final = Words(
    "The webstore did not take what it was told of these items before.",
    "이 항목에 대해 먼저 알린 내용을 웹스토어에서 받아들이지 않았습니다.",
)


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
    """What is queued for one order already, and is to be."""

    unsent: list[AnyRow]
    rows: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)


def tell(database: Connection, wanted: Sequence[Telling]) -> dict[int, list[int]]:
    """Queue what webstores are to hear; return the deliveries that this left out, by the order's ID."""
    known = {one.order_id for one in wanted if one.act.provider is not None and one.news}
    if not known:
        return {}
    pending = {number: _Pending(rows) for number, rows in _unsent(database, known).items()}
    for one in wanted:
        if one.order_id in pending and one.act.provider is not None:
            _add(pending[one.order_id], one, one.act.provider)
    gone = [number for one in pending.values() for number in one.left_out]
    if gone:
        table = tables.deliveries
        superseded = update(table).where(among(database, table.c.id, gone))
        database.execute(superseded.values(state=DeliveryState.SUPERSEDED))
    rows = [row for one in pending.values() for row in one.rows]
    if rows:
        database.execute(insert(tables.deliveries), rows)
    return {number: one.left_out for number, one in pending.items() if one.left_out}


def _unsent(database: Connection, order_ids: Collection[int]) -> dict[int, list[AnyRow]]:
    table = tables.deliveries
    query = (
        select(table.c.id, table.c.order_id, table.c.action, table.c.state, table.c.body)
        .where(
            among(database, table.c.order_id, sorted(order_ids)),
            table.c.destination == Destination.WEBSTORE,
            or_(waiting.OPEN, waiting.SET_ASIDE),
            table.c.state != DeliveryState.CLAIMED,
        )
        .order_by(table.c.id)
    )
    found: dict[int, list[AnyRow]] = {number: [] for number in sorted(order_ids)}
    for row in database.execute(query.with_for_update()):
        found[row.order_id].append(row)
    return found


def _add(pending: _Pending, telling: Telling, provider: Provider) -> None:
    every = frozenset(telling.every)
    for one in telling.news:
        news = heard(provider, one)
        if news is None:
            continue
        if provider.status_is_absolute:
            pending.rows += _left_for_others(pending, news, telling, every)
        aside = any(row.state == DeliveryState.SET_ASIDE and _holds(row, news) for row in pending.unsent)
        pending.rows.append(_row(telling, news, aside=aside))


def _left_for_others(
    pending: _Pending, news: News, telling: Telling, every: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """Leave out what is overtaken; yield it anew for those of its lines that are not concerned."""
    kept: list[AnyRow] = []
    for row in pending.unsent:
        lines = _lines(row.body)
        if not _overtakes(news.said, row.action) or not _meet(lines, news.lines):
            kept.append(row)
            continue
        pending.left_out.append(row.id)
        rest = (frozenset(lines) or every) - frozenset(news.lines) if news.lines else frozenset()
        if rest:
            body = json.loads(row.body) | {"lines": [one for one in lines or telling.every if one in rest]}
            again = new_delivery(telling.order_id, Destination.WEBSTORE, row.action, body, telling.act)
            yield again | _answer(aside=False)
    pending.unsent[:] = kept


def _row(telling: Telling, news: News, *, aside: bool) -> dict[str, Any]:
    body = {
        "reason": news.reason,
        "lines": list(news.lines),
        "resolution": news.resolution.value if news.resolution else None,
    }
    made = new_delivery(telling.order_id, Destination.WEBSTORE, news.said.value, body, telling.act)
    return made | _answer(aside=aside)


def _answer(*, aside: bool) -> dict[str, Any]:
    """Return what stands with a delivery that waits, or that is held back."""
    if not aside:
        return {"answer_en": None, "answer_ko": None}
    return {"state": DeliveryState.SET_ASIDE, "answer_en": HELD_BACK.en, "answer_ko": HELD_BACK.ko}


def _lines(body: str) -> tuple[str, ...]:
    return tuple(json.loads(body).get("lines") or ())


def _meet(some: Collection[str], others: Collection[str]) -> bool:
    """Say whether two deliveries concern a line in common; none named means all."""
    return not some or not others or not frozenset(some).isdisjoint(others)


def _overtakes(later: str, earlier: str) -> bool:
    return Said(earlier) in OVERTAKES[Said(later)]


def _holds(earlier: AnyRow, news: News) -> bool:
    """Say whether what was set aside keeps this from being sent."""
    return not _overtakes(news.said, earlier.action) and _meet(_lines(earlier.body), news.lines)


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


def after_answer(database: Connection, row: AnyRow, state: DeliveryState) -> None:
    """Do what an answer of the webstore means for the order's other deliveries to it.

    What was set aside before is settled by a later one that was sent for its lines; what follows one that
    is set aside now is held back with it, as far as it concerns the same lines.
    """
    if state not in (DeliveryState.SENT, DeliveryState.SET_ASIDE):
        return
    table = tables.deliveries
    sent = state is DeliveryState.SENT
    query = select(table.c.id, table.c.action, table.c.body).where(
        table.c.order_id == row.order_id,
        table.c.destination == Destination.WEBSTORE,
        table.c.id < row.id if sent else table.c.id > row.id,
        waiting.SET_ASIDE if sent else waiting.OPEN,
    )
    mine = _lines(row.body)
    found = [
        other.id
        for other in database.execute(query)
        if (_covers(row.action, mine, other) if sent else _blocks(row.action, mine, other))
    ]
    if not found:
        return
    values = {"state": DeliveryState.SUPERSEDED} if sent else _answer(aside=True)
    database.execute(update(table).where(among(database, table.c.id, found)).values(**values))


def _covers(said: str, lines: Collection[str], earlier: AnyRow) -> bool:
    theirs = _lines(earlier.body)
    return _overtakes(said, earlier.action) and (not lines or (bool(theirs) and set(theirs) <= set(lines)))


def _blocks(said: str, lines: Collection[str], later: AnyRow) -> bool:
    return not _overtakes(later.action, said) and _meet(lines, _lines(later.body))
