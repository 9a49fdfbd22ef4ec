"""What messages say, in English and Korean, and the action that mends each cause."""

from collections.abc import Mapping
from typing import Final

from tillbridge.messages import connection_sayings, paid_sayings, refund_sayings
from tillbridge.model.messages import Action, Cause
from tillbridge.model.words import Words

SENTENCES: Final[Mapping[Cause, tuple[Words, Words]]] = {
    **paid_sayings.SENTENCES,
    **refund_sayings.SENTENCES,
    **connection_sayings.SENTENCES,
    Cause.OVERDUE: (
        Words("1 order was not answered in time.", "기한 안에 수락하거나 거부하지 못한 주문이 1건 있습니다."),
        Words(
            "{0} orders were not answered in time.",
            "기한 안에 수락하거나 거부하지 못한 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.DUE_SOON: (
        Words("1 order must be answered soon.", "곧 수락하거나 거부해야 하는 주문이 1건 있습니다."),
        Words("{0} orders must be answered soon.", "곧 수락하거나 거부해야 하는 주문이 {0}건 있습니다."),
    ),
    Cause.SOLD_THOUGH_REJECTED: (
        Words(
            "1 order was rejected, but sold at the till.",
            "거부되었지만 매장에서 판매된 주문이 1건 있습니다.",
        ),
        Words(
            "{0} orders were rejected, but sold at the till.",
            "거부되었지만 매장에서 판매된 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.UNCHARGED: (
        Words(
            "1 order was handed over, and its webstore took no money for it: it refused that it is accepted.",
            "상품을 전달했지만 웹스토어에서 주문 수락을 받아들이지 않아 결제되지 않은 주문이 1건 있습니다.",
        ),
        Words(
            "{0} orders were handed over, and their webstores took no money for them: they refused that they "
            "are accepted.",
            "상품을 전달했지만 웹스토어에서 주문 수락을 받아들이지 않아 결제되지 않은 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.CANCELLED: (
        Words(
            "1 order was cancelled or refunded at the webstore after its sale was made.",
            "거래가 만들어진 뒤 웹스토어에서 취소 또는 환불된 주문이 1건 있습니다.",
        ),
        Words(
            "{0} orders were cancelled or refunded at the webstore after their sales were made.",
            "거래가 만들어진 뒤 웹스토어에서 취소 또는 환불된 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.CHANGED: (
        Words(
            "1 order was changed at the webstore after its sale was made.",
            "거래가 만들어진 뒤 웹스토어에서 변경된 주문이 1건 있습니다.",
        ),
        Words(
            "{0} orders were changed at the webstore after their sales were made.",
            "거래가 만들어진 뒤 웹스토어에서 변경된 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.CLOSED_EMPTY: (
        Words(
            "The sale of 1 order was closed without items at the till, and the webstore does not know.",
            "매장에서 항목 없이 거래를 종료했지만 웹스토어에 알리지 않은 주문이 1건 있습니다.",
        ),
        Words(
            "The sales of {0} orders were closed without items at the till, and the webstore does not know.",
            "매장에서 항목 없이 거래를 종료했지만 웹스토어에 알리지 않은 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.ADDED: (
        Words(
            "To 1 accepted order its customer added an item, which is neither accepted nor rejected.",
            "수락한 주문에 고객이 추가한 항목을 결정해야 하는 주문이 1건 있습니다.",
        ),
        Words(
            "To {0} accepted orders their customers added items, which are neither accepted nor rejected.",
            "수락한 주문에 고객이 추가한 항목을 결정해야 하는 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.NOT_DELIVERED: (
        Words("For 1 order a decision could not be passed on.", "결정을 전달하지 못한 주문이 1건 있습니다."),
        Words(
            "For {0} orders a decision could not be passed on.",
            "결정을 전달하지 못한 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.CALL_AGAIN: (
        Words("1 customer is to be called again.", "다시 연락할 고객이 1명 있습니다."),
        Words("{0} customers are to be called again.", "다시 연락할 고객이 {0}명 있습니다."),
    ),
    Cause.LATE: (
        Words(
            "1 order was to be ready by now, and is not.",
            "준비 예정일이 지났지만 준비되지 않은 주문이 1건 있습니다.",
        ),
        Words(
            "{0} orders were to be ready by now, and are not.",
            "준비 예정일이 지났지만 준비되지 않은 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.NOT_PICKED_UP: (
        Words("1 order was not picked up in time.", "수령 기한이 지난 미수령 주문이 1건 있습니다."),
        Words("{0} orders were not picked up in time.", "수령 기한이 지난 미수령 주문이 {0}건 있습니다."),
    ),
    Cause.NO_SHOW_LEFT: (
        Words(
            "1 order was not picked up in time, and is not closed by itself: money was taken for it, "
            "or a rule forbids it.",
            "수령 기한이 지났지만 결제 금액이나 규칙 때문에 자동으로 처리하지 않은 주문이 1건 있습니다.",
        ),
        Words(
            "{0} orders were not picked up in time, and are not closed by themselves: money was taken for "
            "them, or a rule forbids it.",
            "수령 기한이 지났지만 결제 금액이나 규칙 때문에 자동으로 처리하지 않은 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.NEW: (
        Words("1 new order waits to be accepted or rejected.", "수락 또는 거부할 신규 주문이 1건 있습니다."),
        Words(
            "{0} new orders wait to be accepted or rejected.",
            "수락 또는 거부할 신규 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.CUSTOMER: (
        Words("1 order waits for its customer to be verified.", "고객을 확인해야 하는 주문이 1건 있습니다."),
        Words(
            "{0} orders wait for their customers to be verified.",
            "고객을 확인해야 하는 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.PRODUCT: (
        Words("1 order waits for a product to be found.", "제품을 찾아야 하는 주문이 1건 있습니다."),
        Words("{0} orders wait for a product to be found.", "제품을 찾아야 하는 주문이 {0}건 있습니다."),
    ),
    Cause.SUMS_DIFFER: (
        Words("1 order does not add up.", "합계가 맞지 않는 주문이 1건 있습니다."),
        Words("{0} orders do not add up.", "합계가 맞지 않는 주문이 {0}건 있습니다."),
    ),
    Cause.SALE_FAILED: (
        Words("1 order could not be sold.", "판매 처리에 실패한 주문이 1건 있습니다."),
        Words("{0} orders could not be sold.", "판매 처리에 실패한 주문이 {0}건 있습니다."),
    ),
    Cause.SHORT: (
        Words("1 order is short of stock.", "재고가 부족한 주문이 1건 있습니다."),
        Words("{0} orders are short of stock.", "재고가 부족한 주문이 {0}건 있습니다."),
    ),
    Cause.TO_GET_READY: (
        Words("1 accepted order is to be got ready.", "수령 준비를 해야 하는 주문이 1건 있습니다."),
        Words("{0} accepted orders are to be got ready.", "수령 준비를 해야 하는 주문이 {0}건 있습니다."),
    ),
    Cause.OUTCOME: (
        Words(
            "Of 1 reservation it is not said how it ended.",
            "결과를 입력하지 않은 예약 주문이 1건 있습니다.",
        ),
        Words(
            "Of {0} reservations it is not said how they ended.",
            "결과를 입력하지 않은 예약 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.TO_IMPORT: (
        Words("There is 1 eCommerce sale to import.", "불러올 이커머스 판매가 있습니다(1건)."),
        Words("There are {0} eCommerce sales to import.", "불러올 이커머스 판매가 있습니다({0}건)."),
    ),
}

_LOOK = "tillbridge order show {0}"
ACTIONS: Final[Mapping[Cause, Action]] = {
    **paid_sayings.ACTIONS,
    **refund_sayings.ACTIONS,
    **connection_sayings.ACTIONS,
    Cause.TILL_AWAY: Action(
        Words("See what is wrong with the point of sale.", "POS에 어떤 문제가 있는지 확인해 주세요."),
        "tillbridge doctor",
    ),
    Cause.CONNECTION_DOWN: Action(
        Words(
            "It is tried again by itself; see what is wrong.",
            "자동으로 다시 시도합니다. 문제를 확인해 주세요.",
        ),
        "tillbridge doctor",
    ),
    Cause.OVERDUE: Action(
        Words("Accept it now, or reject it with a reason.", "지금 수락하거나, 사유와 함께 거부해 주세요."),
        "tillbridge order accept {0}",
    ),
    Cause.DUE_SOON: Action(
        Words("Accept it, or reject it with a reason.", "수락하거나, 사유와 함께 거부해 주세요."),
        "tillbridge order accept {0}",
    ),
    Cause.SOLD_THOUGH_REJECTED: Action(
        Words(
            "Undo the rejection, or take the goods back and archive the order.",
            "거부를 되돌리거나, 상품을 돌려받은 뒤 주문을 보관해 주세요.",
        ),
        "tillbridge order undo {0}",
    ),
    Cause.UNCHARGED: Action(
        Words(
            "Read why in the order, and send it again; where that does not help, ask the customer or the "
            "webstore for the money, then archive the order.",
            "주문에서 이유를 확인하고 다시 보내 주세요. 그래도 안 되면 고객이나 웹스토어에 결제를 요청한 뒤 "
            "주문을 보관해 주세요.",
        ),
        "tillbridge order send-again {0}",
    ),
    Cause.CANCELLED: Action(
        Words(
            "See what changed; then take the order back, or say that the sale stays as it is.",
            "변경 내용을 확인한 뒤 주문을 취소하거나, 거래를 그대로 두기로 정해 주세요.",
        ),
        "tillbridge order difference {0}",
    ),
    Cause.CHANGED: Action(
        Words(
            "See what changed; then make the sale anew, or say that it stays as it is.",
            "변경 내용을 확인한 뒤 거래를 다시 만들거나, 거래를 그대로 두기로 정해 주세요.",
        ),
        "tillbridge order difference {0}",
    ),
    Cause.CLOSED_EMPTY: Action(
        Words(
            "Cancel the order: the webstore is told; or complete it with its outcome.",
            "주문을 취소하여 웹스토어에 알리거나, 결과를 지정해 완료해 주세요.",
        ),
        'tillbridge order cancel {0} --reason "…"',
    ),
    Cause.ADDED: Action(
        Words(
            "Accept the item, or reject it; where it is not on the sale yet, make the sale anew first.",
            "추가된 항목을 수락하거나 거부해 주세요. 거래에 아직 없으면 먼저 거래를 다시 만들어 주세요.",
        ),
        "tillbridge order actions {0}",
    ),
    Cause.NOT_DELIVERED: Action(
        Words(
            "Read why in the order; then send it again, or decide anew.",
            "주문에서 이유를 확인한 뒤 다시 보내거나 다시 결정해 주세요.",
        ),
        "tillbridge order send-again {0}",
    ),
    Cause.CALL_AGAIN: Action(
        Words("Call, and write down what came of it.", "연락하고 결과를 기록해 주세요."),
        "tillbridge order contact {0} call reached",
    ),
    Cause.LATE: Action(
        Words(
            "Get it ready; or call the customer, and note the new date.",
            "상품을 준비하거나, 고객에게 연락하고 새 예정일을 입력해 주세요.",
        ),
        "tillbridge order reserve {0} --expected 3d --channel call",
    ),
    Cause.NOT_PICKED_UP: Action(
        Words(
            "Call the customer; if nobody comes, close it as a no-show.",
            "고객에게 연락하고, 오지 않으면 미수령으로 처리해 주세요.",
        ),
        'tillbridge order no-show {0} --channel call --reason "…"',
    ),
    Cause.NO_SHOW_LEFT: Action(
        Words(
            "Read why in the order, and call the customer; giving the money back is part of the no-show.",
            "주문에서 이유를 확인하고 고객에게 연락해 주세요. 미수령으로 처리하면 받은 금액도 돌려줍니다.",
        ),
        _LOOK,
    ),
    Cause.NEW: Action(
        Words("Accept it, or reject it with a reason.", "수락하거나, 사유와 함께 거부해 주세요."),
        "tillbridge order accept {0}",
    ),
    Cause.CUSTOMER: Action(
        Words(
            "Look for the customer; then select one, or create a new one.",
            "고객을 검색한 뒤 선택하거나 새로 만들어 주세요.",
        ),
        "tillbridge order customers {0}",
    ),
    Cause.PRODUCT: Action(
        Words(
            "See which line it is and look for its product; then link it, or add it.",
            "어느 항목인지 보고 제품을 검색한 뒤 연결하거나 추가해 주세요.",
        ),
        'tillbridge order products {0} "#{1}"',
    ),
    Cause.SUMS_DIFFER: Action(
        Words(
            "See the sums in the order; then sell it with an adjustment, ask the webstore, or sell it by "
            "hand and archive it.",
            "주문에서 합계를 확인한 뒤 차액을 조정해 판매하거나 웹스토어에 문의해 주세요. "
            "직접 판매하고 주문을 보관해도 됩니다.",
        ),
        'tillbridge order release {0} --reason "…" --preview',
    ),
    Cause.SALE_FAILED: Action(
        Words("Read why; after a fix, process it again.", "이유를 확인하고, 수정한 뒤 다시 처리해 주세요."),
        _LOOK,
    ),
    Cause.SHORT: Action(
        Words(
            "Reject what is missing, wait for goods and tell the customer, or correct the stock if it was "
            "found after all (tillbridge catalogue count).",
            "없는 제품을 거부하거나, 입고를 기다리며 고객에게 알리거나, 찾았다면 재고를 고쳐 주세요"
            "(tillbridge catalogue count).",
        ),
        _LOOK,
    ),
    Cause.TO_GET_READY: Action(
        Words("Put the goods aside, and say where.", "상품을 따로 두고 보관 장소를 입력해 주세요."),
        'tillbridge order ready {0} --place "…"',
    ),
    Cause.OUTCOME: Action(
        Words("Say how it ended; the webstore is told.", "결과를 선택해 주세요. 웹스토어에도 알립니다."),
        "tillbridge order resolve {0} picked-up",
    ),
    Cause.TO_IMPORT: Action(Words("Import them now.", "지금 불러와 주세요."), "tillbridge poll"),
    Cause.HOURS_UNKNOWN: Action(
        Words(
            "Say when it is open; or that nothing has to be answered in time (connect --accept-hours 0).",
            "영업시간을 입력해 주세요. 수락 기한이 없다면 connect --accept-hours 0으로 지정해 주세요.",
        ),
        'tillbridge store hours {0} "Mo-Sa 10:00-20:00; PH off"',
    ),
    Cause.WEBHOOK: Action(
        Words(
            "Orders still come by polling; see the address, and enter it at the webstore again.",
            "주문은 주기적 확인으로 계속 들어옵니다. 주소를 확인하고 웹스토어에 다시 입력해 주세요.",
        ),
        "tillbridge connection webhook {0}",
    ),
    Cause.FILE_DUE: Action(
        Words("Import the vendor's newest product file.", "공급업체의 최신 제품 파일을 가져와 주세요."),
        "tillbridge catalogue vendors",
    ),
}


def sentence(cause: Cause, count: int) -> Words:
    """Return what a message of so many says."""
    one, many = SENTENCES[cause]
    return one if count == 1 else Words(many.en.format(count), many.ko.format(count))


def action(cause: Cause, order_id: int, line: int = 1) -> Action:
    """Return the action for an order; `line` is the place of the line that it is about, if it is."""
    known = ACTIONS[cause]
    return Action(known.words, known.command.format(f"id:{order_id}", line))
