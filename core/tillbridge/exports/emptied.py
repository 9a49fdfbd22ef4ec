"""Holds back an export that would empty much of a webstore at once: most likely the shop's stock is wrong."""

from typing import Final

from sqlalchemy import and_, func, or_, select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.exports.wanting import GONE, What
from tillbridge.model.offers import Limits
from tillbridge.model.words import Words

_FEW: Final = 20
_HUNDRED: Final = 100


def emptied(context: Context, connection: OpenConnection, limits: Limits) -> Words | None:
    """Return why what is due is not believed, or None: too much of what is shown would be sold out."""
    if not limits.emptied_percent:
        return None
    items = export_tables.export_items
    # A price alone is no product that could be sold out.
    mine = and_(items.c.connection_id == connection.id, items.c.what != What.PRICE.value)
    none = or_(items.c.wanted == GONE, items.c.wanted == "0", items.c.wanted.startswith("0|"))
    had = items.c.shown.is_not(None) & (items.c.shown != GONE) & (items.c.shown != "0")
    had &= ~items.c.shown.startswith("0|")
    lost = select(func.count()).select_from(items).where(mine, waiting.OFFER_DUE, none, had)
    with context.database.read() as database:
        gone = int(database.execute(lost).scalar_one())
        if gone < _FEW:
            return None
        there = int(database.execute(select(func.count()).select_from(items).where(mine, had)).scalar_one())
    if gone * _HUNDRED <= there * limits.emptied_percent:
        return None
    return Words(
        f"{gone} of the {there} products that the webstore shows would be sold out or gone at once, "
        "so it was told nothing. If that is right: `tillbridge export run --believe`.",
        f"웹스토어에 표시 중인 제품 {there}개 중 {gone}개가 한 번에 품절되거나 사라지게 되어 "
        "전달하지 않았습니다. "
        "맞다면 `tillbridge export run --believe`를 실행해 주세요.",
    )
