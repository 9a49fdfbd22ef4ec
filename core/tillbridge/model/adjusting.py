"""An order whose sums do not agree, released by hand: an adjustment makes up the difference. Pure."""

from typing import Final

from tillbridge.model.base import Frozen
from tillbridge.model.money import Money, MoneyError
from tillbridge.model.orders import Amount, Charge, ChargeKind, WebOrder
from tillbridge.model.totals import TotalsMismatch, balanced, missing
from tillbridge.model.words import Words

TITLE: Final = Words("adjustment", "차액 조정")
"""What the item of the sale is called, as its store writes it."""
_BEFORE: Final = "차액 조정 (adjustment)"  # as an older program wrote it, wherever the store was
_LONGEST: Final = 200


class Adjustment(Frozen):
    """What staff released an order with.

    Attributes:
        amount: what its parts lack of its total; below zero where they are more.
        reason: as staff said it; it stands in the sale's item.
        title: what the item is called.
    """

    amount: Money
    reason: str
    title: str = _BEFORE


def to_adjust(order: WebOrder) -> Money | None:
    """Return what an order's parts lack of its total, where an adjustment would make its numbers agree.

    None: they agree, or something else is wrong with them: currencies are mixed, the total is below zero, or
    what was paid is not the total, of which no item of a sale can be made.
    """
    try:
        lacks = missing(order)
        if not lacks or order.total.minor < 0:
            return None
        balanced(order)
    except MoneyError:
        return None
    except TotalsMismatch:
        return lacks if _agrees(_with(order, Adjustment(amount=lacks, reason=""))) else None
    return None  # it is rounding


def adjusted(order: WebOrder, adjustment: Adjustment | None) -> WebOrder:
    """Return an order with the adjustment that it was released with, if it still lacks just that."""
    if adjustment is None or to_adjust(order) != adjustment.amount:
        return order
    return _with(order, adjustment)


def _with(order: WebOrder, adjustment: Adjustment) -> WebOrder:
    title = f"{adjustment.title}: {adjustment.reason}" if adjustment.reason else adjustment.title
    charge = Charge(kind=ChargeKind.FEE, title=title[:_LONGEST], amount=Amount(net=adjustment.amount))
    return order.model_copy(update={"charges": (*order.charges, charge)})


def _agrees(order: WebOrder) -> bool:
    try:
        balanced(order)
    except TotalsMismatch:
        return False
    return True
