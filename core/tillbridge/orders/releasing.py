"""The order as it is judged: as the shop sells it, with the adjustment that staff released it with."""

from typing import Final

from pydantic import ValidationError

from tillbridge.db.types import AnyRow
from tillbridge.model.adjusting import Adjustment, adjusted, to_adjust
from tillbridge.model.errors import NotAllowed
from tillbridge.model.money import Money
from tillbridge.model.orders import WebOrder
from tillbridge.model.words import Words
from tillbridge.orders.line_states import as_sold

_NOT_SO: Final = Words(
    "No adjustment would make its numbers agree. Ask the webstore's support, or sell it by hand and "
    "archive it.",
    "차액 조정으로 해결할 수 없는 금액 문제입니다. 웹스토어에 문의하거나, 직접 판매한 뒤 주문을 보관해 "
    "주세요.",
)


def as_judged(order: WebOrder, before: AnyRow | None) -> WebOrder:
    """Return an order as it is judged: without what staff rejected, and adjusted where they said so.

    Args:
        order: as the webstore sent it.
        before: the order's row, or None where it is new.
    """
    sold = as_sold(order, before)
    if before is None or before.released is None:
        return sold
    try:
        return adjusted(sold, Adjustment.model_validate_json(before.released))
    except ValidationError:  # written by another program
        return sold


def adjustment_of(order: WebOrder | None) -> Money:
    """Return what an order is to be adjusted by.

    Args:
        order: as the shop sells it; None where it cannot be read.

    Raises:
        NotAllowed: its numbers agree, or what is wrong with them is nothing that an adjustment mends.
    """
    amount = to_adjust(order) if order else None
    if amount is None:
        raise NotAllowed(_NOT_SO)
    return amount
