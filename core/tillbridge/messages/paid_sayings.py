"""What messages about web payments say, and what mends each cause."""

from collections.abc import Mapping
from typing import Final

from tillbridge.model.messages import Action, Cause
from tillbridge.model.words import Words

SENTENCES: Final[Mapping[Cause, tuple[Words, Words]]] = {
    Cause.PAYMENT_NOT_DONE: (
        Words(
            "For 1 order the payment service did not do what was decided.",
            "결제 서비스에서 처리하지 못한 주문이 1건 있습니다.",
        ),
        Words(
            "For {0} orders the payment service did not do what was decided.",
            "결제 서비스에서 처리하지 못한 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.HOLD_ENDED: (
        Words(
            "Of 1 order the hold on the card has ended: nobody has the money.",
            "카드 승인 보류가 만료되어 결제되지 않은 주문이 1건 있습니다.",
        ),
        Words(
            "Of {0} orders the hold on the card has ended: nobody has the money.",
            "카드 승인 보류가 만료되어 결제되지 않은 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.HOLD_ENDING: (
        Words(
            "Of 1 order the hold on the card ends soon, or before it is to be picked up.",
            "카드 승인 보류가 곧 또는 수령 예정일 전에 만료되는 주문이 1건 있습니다.",
        ),
        Words(
            "Of {0} orders the hold on the card ends soon, or before they are to be picked up.",
            "카드 승인 보류가 곧 또는 수령 예정일 전에 만료되는 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.MONEY_DIFFERS: (
        Words("Of 1 order the sums differ.", "금액이 맞지 않는 주문이 1건 있습니다."),
        Words("Of {0} orders the sums differ.", "금액이 맞지 않는 주문이 {0}건 있습니다."),
    ),
}
ACTIONS: Final[Mapping[Cause, Action]] = {
    Cause.PAYMENT_NOT_DONE: Action(
        Words(
            "Read why in the order; then try it again, or do it at the payment service.",
            "주문에서 이유를 확인한 뒤 다시 시도하거나 결제 서비스에서 직접 처리해 주세요.",
        ),
        "tillbridge order send-again {0}",
    ),
    Cause.HOLD_ENDED: Action(
        Words(
            "Call the customer: it is paid at pick-up, or ordered again. Do not hand it over unpaid.",
            "고객에게 연락해 수령 시 결제하거나 다시 주문하도록 안내해 주세요. 결제 없이 전달하지 마세요.",
        ),
        "tillbridge payments show {0}",
    ),
    Cause.HOLD_ENDING: Action(
        Words(
            "Take the payment now, or hand the goods over before then; a hold cannot be made longer.",
            "지금 결제하거나 만료 전에 상품을 전달해 주세요. 승인 보류 기간은 연장할 수 없습니다.",
        ),
        "tillbridge payments take {0}",
    ),
    Cause.MONEY_DIFFERS: Action(
        Words(
            "See every number; nothing is corrected by itself.",
            "모든 금액을 확인해 주세요. 자동으로 수정되지 않습니다.",
        ),
        "tillbridge payments show {0}",
    ),
}
