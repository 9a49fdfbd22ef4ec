"""What messages say of what is agreed with a webstore and what it is told, and what mends it."""

from collections.abc import Mapping
from typing import Final

from tillbridge.model.messages import Action, Cause
from tillbridge.model.words import Words

SENTENCES: Final[Mapping[Cause, tuple[Words, Words]]] = {
    Cause.NOT_AGREED: (
        Words(
            "1 order is no reservation, and came before its connection was for reservations only.",
            "예약만 받도록 바꾸기 전에 들어온, 예약이 아닌 주문이 1건 있습니다.",
        ),
        Words(
            "{0} orders are no reservations, and came before their connection was for reservations only.",
            "예약만 받도록 바꾸기 전에 들어온, 예약이 아닌 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.OFFERS_HELD: (
        Words(
            "1 product's stock or price changes so much that it is not passed on.",
            "재고나 가격이 너무 크게 바뀌어 전달을 보류한 제품이 1개 있습니다.",
        ),
        Words(
            "{0} products' stock or price changes so much that it is not passed on.",
            "재고나 가격이 너무 크게 바뀌어 전달을 보류한 제품이 {0}개 있습니다.",
        ),
    ),
    Cause.LISTINGS: (
        Words(
            "1 thing is wrong with what the webstore lists.",
            "웹스토어의 등록 항목에 문제가 1건 있습니다.",
        ),
        Words(
            "{0} things are wrong with what the webstore lists.",
            "웹스토어의 등록 항목에 문제가 {0}건 있습니다.",
        ),
    ),
    Cause.OFFERS_REFUSED: (
        Words("1 product was refused by the webstore.", "웹스토어에서 거부한 제품이 1개 있습니다."),
        Words("{0} products were refused by the webstore.", "웹스토어에서 거부한 제품이 {0}개 있습니다."),
    ),
}
ACTIONS: Final[Mapping[Cause, Action]] = {
    Cause.NOT_AGREED: Action(
        Words(
            "Reject it with a reason, so that the webstore charges nobody; or accept it all the same.",
            "웹스토어에서 결제되지 않도록 사유와 함께 거부하거나, 그대로 진행하려면 수락해 주세요.",
        ),
        'tillbridge order reject {0} --reason "…"',
    ),
    Cause.EXPORT_OLD: Action(
        Words("Pass stock and prices on now.", "지금 재고와 가격을 전달해 주세요."),
        "tillbridge export run {0}",
    ),
    Cause.OFFERS_HELD: Action(
        Words(
            "See what is held; correct it, or release it.",
            "보류된 제품을 확인하고, 고치거나 보류를 해제해 주세요.",
        ),
        "tillbridge export items {0} --which held",
    ),
    Cause.LISTINGS: Action(
        Words(
            "See what would not match, or twice, before it is ordered.",
            "주문이 오기 전에 제품이 확인되지 않거나 겹치는 항목을 확인해 주세요.",
        ),
        "tillbridge export check {0}",
    ),
    Cause.OFFERS_REFUSED: Action(
        Words("Read why; correct the product.", "사유를 확인하고 제품 정보를 고쳐 주세요."),
        "tillbridge export items {0} --which refused",
    ),
}
