"""What of an order's money a payment service is to have."""

from typing import Final

from tillbridge.model.money import Money, sum_money
from tillbridge.model.orders import TenderKind, WebOrder

_CARDS: Final = (TenderKind.CARD, TenderKind.OTHER)


def card_part(order: WebOrder) -> Money:
    """Return what a payment service is to have of an order: all of it but gift cards and the like."""
    cards = [one.amount for one in order.tenders if one.kind in _CARDS]
    return sum_money(cards, order.currency) if order.tenders else order.total
