"""Whether the webstore knows what became of an order, for front doors."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.money import Money
from tillbridge.model.resolutions import Resolution
from tillbridge.model.words import Words
from tillbridge.sending.deliveries import Destination
from tillbridge.sending.given_back import refund_of

_GONE = (DeliveryState.SUPERSEDED, DeliveryState.WITHDRAWN)
_SAID = {
    DeliveryState.WAITING: Words(
        "the webstore is told with the next poll or run", "다음 확인 또는 실행 때 웹스토어에 알립니다"
    ),
    DeliveryState.CLAIMED: Words("the webstore is being told", "웹스토어에 알리는 중입니다"),
    DeliveryState.RETRY: Words(
        "the webstore could not be told yet; it is tried again",
        "웹스토어에 아직 알리지 못했습니다. 다시 시도합니다",
    ),
    DeliveryState.SENT: Words("the webstore was told", "웹스토어에 알렸습니다"),
    DeliveryState.SET_ASIDE: Words("the webstore did not take it", "웹스토어에서 받아들이지 않았습니다"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """How far the newest decision has come on its way to the webstore."""

    state: DeliveryState
    words: Words


def told(context: Context, order_id: int) -> Told | None:
    """Return how the webstore is told of an order's decision; None where nothing is to be told."""
    table = tables.deliveries
    query = (
        select(table.c.state, table.c.answer_en, table.c.answer_ko)
        .where(
            table.c.order_id == order_id,
            table.c.destination == Destination.WEBSTORE,
            table.c.action.in_(list(Decision)),
            table.c.state.not_in(_GONE),
        )
        .order_by(table.c.id.desc())
        .limit(1)
    )
    with context.database.read() as database:
        row = database.execute(query).first()
    return _told(row) if row else None


def _told(row: AnyRow) -> Told:
    state = DeliveryState(row.state)
    said = _SAID[state]
    if row.answer_en and state in (DeliveryState.RETRY, DeliveryState.SET_ASIDE):
        said = Words(f"{said.en}: {row.answer_en}", f"{said.ko}: {row.answer_ko}")
    return Told(state, said)


@dataclass(frozen=True, slots=True)
class ToldNews:
    """One thing that the webstore is told of an order.

    Attributes:
        said: what it is told, as `tillbridge.model.exchange.Said` has it.
        lines: the webstore's IDs of the lines that it concerns; none: all lines of the order.
        resolution: how a reservation ended, or None.
        refund: how much went back to the customer, or None.
        told: how far it has come.
    """

    said: Said
    lines: tuple[str, ...]
    resolution: Resolution | None
    refund: Money | None
    told: Told


def all_told(context: Context, order_id: int) -> list[ToldNews]:
    """Return everything that the webstore was told of an order or still is to be, in its sequence."""
    table = tables.deliveries
    query = (
        select(table.c.action, table.c.body, table.c.state, table.c.answer_en, table.c.answer_ko)
        .where(
            table.c.order_id == order_id,
            table.c.destination == Destination.WEBSTORE,
            table.c.state.not_in(_GONE),
        )
        .order_by(table.c.id)
    )
    with context.database.read() as database:
        found = database.execute(query).all()
    return [_news(row) for row in found]


def _news(row: AnyRow) -> ToldNews:
    body = json.loads(row.body)
    resolution = body.get("resolution")
    return ToldNews(
        said=Said(row.action),
        lines=tuple(body.get("lines") or ()),
        resolution=Resolution(resolution) if resolution else None,
        refund=refund_of(body),
        told=_told(row),
    )
