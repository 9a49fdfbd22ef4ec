"""How a reservation ended: the answer to the ROPIS Order Resolution prompt."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from tillbridge.model.words import Words


class Resolution(StrEnum):
    """How a reservation ended."""

    PICKED_UP = "picked_up"
    BOUGHT_OTHER = "bought_other"
    NOT_PICKED_UP = "not_picked_up"
    OUT_OF_STOCK = "out_of_stock"
    CUSTOMER_CANCELLED = "customer_cancelled"
    NO_ORDER = "no_order"


NOT_HANDED_OVER: Final = frozenset(Resolution) - {Resolution.PICKED_UP}
"""What a webstore that is told of it calls cancelled."""

RESOLUTION_WORDS: Final[Mapping[Resolution, Words]] = {
    Resolution.PICKED_UP: Words("picked up and paid", "수령 및 결제 완료"),
    Resolution.BOUGHT_OTHER: Words("bought something else", "다른 제품 구매"),
    Resolution.NOT_PICKED_UP: Words("not picked up", "미수령"),
    Resolution.OUT_OF_STOCK: Words("cancelled by the shop: out of stock", "매장 취소: 재고 없음"),
    Resolution.CUSTOMER_CANCELLED: Words("cancelled by the customer", "고객 취소"),
    Resolution.NO_ORDER: Words("a test, or ordered twice", "테스트 또는 중복 주문"),
}
