"""Which delivery to a webstore takes the place of another or is held back by it, and what answers mean."""

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, select, update

from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import OVERTAKES, Said
from tillbridge.model.words import Words
from tillbridge.sending.deliveries import Destination

HELD_BACK: Final = Words(
    "The webstore did not take what it was told of these items before.",
    "이 항목에 대해 먼저 알린 내용을 웹스토어에서 받아들이지 않았습니다.",
)


WAITS: Final[Mapping[str, Any]] = {
    "answer_en": None,
    "answer_ko": None,
    "state": DeliveryState.WAITING,
}
HELD: Final[Mapping[str, Any]] = {
    "answer_en": HELD_BACK.en,
    "answer_ko": HELD_BACK.ko,
    "state": DeliveryState.SET_ASIDE,
}
_DECISIONS: Final = frozenset({Said.ACCEPTED, Said.REJECTED})
"""What is held back by nothing: staff can always think again."""
_APART: Final = Said.REFUNDED
"""What neither holds anything back nor is held back: an amount is no state that others rest on."""


def lines_of(body: str) -> tuple[str, ...]:
    """Return the lines that a delivery names, of its body as its table holds it."""
    return tuple(json.loads(body).get("lines") or ())


def meet(some: Collection[str], others: Collection[str]) -> bool:
    """Say whether two deliveries concern a line in common; none named means all."""
    return not some or not others or not frozenset(some).isdisjoint(others)


def overtakes(later: str, earlier: str) -> bool:
    """Say whether the later one makes the earlier needless, for the lines that both concern."""
    return Said(earlier) in OVERTAKES[Said(later)]


def is_held(later: str, earlier: str) -> bool:
    """Say whether what was set aside keeps something later, of the same lines, from being sent."""
    free = Said(later) in _DECISIONS or _APART in (later, earlier)
    return not free and not overtakes(later, earlier)


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
    mine = lines_of(row.body)
    found = [
        other.id
        for other in database.execute(query)
        if (_covers(row.action, mine, other) if sent else _blocks(row.action, mine, other))
    ]
    if not found:
        return
    values = {"state": DeliveryState.SUPERSEDED} if sent else HELD
    database.execute(update(table).where(among(database, table.c.id, found)).values(**values))


def _covers(said: str, lines: Collection[str], earlier: AnyRow) -> bool:
    theirs = lines_of(earlier.body)
    return overtakes(said, earlier.action) and (not lines or (bool(theirs) and set(theirs) <= set(lines)))


def _blocks(said: str, lines: Collection[str], later: AnyRow) -> bool:
    return is_held(later.action, said) and meet(lines, lines_of(later.body))
