"""Holds back what would empty much of a webstore within a day: most likely the shop's stock is wrong."""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.exports.wanting import GONE, What
from tillbridge.model.offers import Limits
from tillbridge.model.words import Words

_FEW: Final = 20
_HUNDRED: Final = 100
_WINDOW: Final = timedelta(hours=24)


def emptied(context: Context, connection: OpenConnection, limits: Limits) -> Words | None:
    """Return why what is due is not believed, or None: too much of what is shown would be sold out.

    What was sold out or gone within a day counts too, since staff last said that it is right: many small
    steps empty a shop as well as one.
    """
    if not limits.emptied_percent:
        return None
    items, exports = export_tables.export_items, export_tables.exports
    # A price alone is no product that could be sold out.
    mine = and_(items.c.connection_id == connection.id, items.c.what != What.PRICE.value)
    had = has_pieces(items.c.shown)
    count = select(func.count()).select_from(items)
    now = context.clock.now()
    with context.database.read() as database:
        believed = select(exports.c.believed_at).where(exports.c.connection_id == connection.id)
        since = max(now - _WINDOW, database.execute(believed).scalar() or now - _WINDOW)
        lately = and_(items.c.emptied_at > since, items.c.emptied_at <= now)
        before = int(database.execute(count.where(mine, lately)).scalar_one())
        lost = count.where(
            mine, waiting.OFFER_DUE, had, ~has_pieces(func.coalesce(items.c.part, items.c.wanted))
        )
        gone = int(database.execute(lost).scalar_one())
        if not gone or gone + before < _FEW:
            return None
        there = int(database.execute(count.where(mine, had)).scalar_one())
    if (gone + before) * _HUNDRED <= (there + before) * limits.emptied_percent:
        return None
    return Words(
        f"{gone + before} of the {there + before} products that the webstore showed would be sold out or "
        "gone within a day, so it was told nothing more. If that is right: "
        "`tillbridge export run --believe`.",
        f"웹스토어에 표시되던 제품 {there + before}개 중 {gone + before}개가 하루 사이에 품절되거나 "
        "사라지게 되어 더 전달하지 않았습니다. 맞다면 `tillbridge export run --believe`를 실행해 주세요.",
    )


def has_pieces(text: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a text of what is shown says that there are pieces to be had."""
    known = func.coalesce(text, GONE)
    return ~or_(known == GONE, known.startswith("0|"), known.startswith("|"))
