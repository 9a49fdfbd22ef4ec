"""The conditions of transitions, each with what staff are told where it does not hold."""

from tillbridge.model.exchange import Decision
from tillbridge.model.status.rows import Guard
from tillbridge.model.status.vocabulary import OrderFacts
from tillbridge.model.words import Words

OrderGuard = Guard[OrderFacts]


NO_SALE: OrderGuard = Guard(
    lambda facts: not facts.has_sale,
    Words("There is a sale for this order already.", "이 주문의 거래가 이미 있습니다."),
)
HAS_SALE: OrderGuard = Guard(
    lambda facts: facts.has_sale,
    Words("There is no sale for this order yet.", "이 주문의 거래가 아직 없습니다."),
)
ANSWERED: OrderGuard = Guard(
    lambda facts: not facts.unanswered,
    Words(
        "The point of sale has not answered yet; this is possible once it has.",
        "POS의 응답을 기다리는 중입니다. 응답이 오면 가능합니다.",
    ),
)
SALE_FINISHED: OrderGuard = Guard(
    lambda facts: facts.sale_finished,
    Words(
        "The sale is still open; finish it at the till first.",
        "거래가 아직 열려 있습니다. 먼저 판매를 종료해 주세요.",
    ),
)
SALE_NOT_FINISHED: OrderGuard = Guard(
    lambda facts: not facts.sale_finished,
    Words("The sale is finished; it is not altered any more.", "이미 종료된 거래는 변경할 수 없습니다."),
)
NOTHING_HANDED_OVER: OrderGuard = Guard(
    lambda facts: not facts.sale_finished or facts.closed_empty, SALE_NOT_FINISHED.otherwise
)
UNDECIDED: OrderGuard = Guard(
    lambda facts: facts.decision is None,
    Words("This order is decided already.", "이미 결정된 주문입니다."),
)
NOT_REJECTED: OrderGuard = Guard(
    lambda facts: facts.decision is not Decision.REJECTED,
    Words("This order is rejected already.", "이미 거부된 주문입니다."),
)
IS_ACCEPTED: OrderGuard = Guard(
    lambda facts: facts.decision is Decision.ACCEPTED,
    Words("This order is not accepted.", "수락된 주문이 아닙니다."),
)
IS_REJECTED: OrderGuard = Guard(
    lambda facts: facts.decision is Decision.REJECTED,
    Words("This order is not rejected.", "거부된 주문이 아닙니다."),
)
CHANGED: OrderGuard = Guard(
    lambda facts: (facts.changed_after_sale or facts.emptied) and facts.sellable,
    Words(
        "The sale is as the order is; there is nothing to make anew.",
        "거래가 주문과 같아 다시 만들 것이 없습니다.",
    ),
)
GONE: OrderGuard = Guard(
    lambda facts: not facts.sellable,
    Words("The order is still open at the webstore.", "웹스토어에서 아직 진행 중인 주문입니다."),
)
SUMS_DIFFER: OrderGuard = Guard(
    lambda facts: facts.sums_differ,
    Words(
        "The order's numbers agree; there is nothing to adjust.",
        "합계가 맞는 주문이라 조정할 차액이 없습니다.",
    ),
)
READ: OrderGuard = Guard(
    lambda facts: not facts.unread,
    Words(
        "What the webstore sent last could not be read or processed, so nobody knows what the order is now. "
        "This is possible once it was.",
        "웹스토어에서 마지막으로 받은 데이터를 읽거나 처리하지 못해 지금 주문 내용을 알 수 없습니다. "
        "해결된 뒤에 가능합니다.",
    ),
)
# One that was never read shows nothing that would mislead: staff may have seen it at the webstore.
NOT_OUTDATED: OrderGuard = Guard(lambda facts: not facts.outdated, READ.otherwise)
PUT_ASIDE: OrderGuard = Guard(
    lambda facts: facts.put_aside,
    Words("Staff archived this order, so it stays archived.", "직원이 보관한 주문이므로 그대로 둡니다."),
)
STAFF_ARCHIVED: OrderGuard = Guard(
    lambda facts: not facts.put_aside,
    Words(
        "tillbridge itself put this order aside; it comes back by itself once the reason is gone.",
        "자동으로 보관된 주문입니다. 보관 사유가 없어지면 자동으로 다시 나타납니다.",
    ),
)
NOTHING_TO_SAY: OrderGuard = Guard(
    lambda facts: facts.decision is not None or not facts.hears,
    Words(
        "The order was neither accepted nor rejected; say which of the two the webstore is to hear.",
        "수락도 거부도 하지 않은 주문입니다. 웹스토어에 수락과 거부 중 무엇을 알릴지 선택해 주세요.",
    ),
)
SOMETHING_TO_SAY: OrderGuard = Guard(
    lambda facts: facts.decision is None and facts.hears,
    Words(
        "The webstore has heard of this order already, or cannot be told.",
        "웹스토어에 이미 알렸거나, 알릴 수 없는 주문입니다.",
    ),
)
NOT_CLOSING: OrderGuard = Guard(
    lambda facts: not facts.closing,
    Words(
        "Its sale is being finished; this is possible once that is done or has failed.",
        "거래를 종료하는 중입니다. 종료되거나 실패하면 가능합니다.",
    ),
)
IS_CLOSING: OrderGuard = Guard(
    lambda facts: facts.closing,
    Words("Nobody asked for its completion.", "완료를 요청한 적이 없는 주문입니다."),
)
WITH_GOODS: OrderGuard = Guard(
    lambda facts: not facts.emptied,
    Words(
        "Nothing is left on the sale to be handed over; cancel the order instead. If it was emptied by "
        "mistake, make the sale anew (Process Sale).",
        "거래에 전달할 항목이 남아 있지 않습니다. 주문을 취소해 주세요. 실수로 삭제했다면 거래를 다시 만들어 "
        "주세요(판매 처리).",
    ),
)
NOT_CLOSED_EMPTY: OrderGuard = Guard(
    lambda facts: not facts.closed_empty,
    Words(
        "The sale was closed without items; cancel the order instead.",
        "항목 없이 종료된 거래입니다. 주문을 취소해 주세요.",
    ),
)
NOTHING_ADDED: OrderGuard = Guard(
    lambda facts: not facts.added,
    Words(
        "The customer added an item that is neither accepted nor rejected yet; decide it first.",
        "고객이 추가한 항목이 아직 수락도 거부도 되지 않았습니다. 먼저 결정해 주세요.",
    ),
)
CLOSED_EMPTY: OrderGuard = Guard(
    lambda facts: facts.closed_empty,
    Words("The sale still has items.", "거래에 항목이 남아 있습니다."),
)
IS_RESERVATION: OrderGuard = Guard(
    lambda facts: facts.reservation,
    Words("Only a reservation has an outcome.", "예약 주문에만 결과를 기록할 수 있습니다."),
)
UNTRIED: OrderGuard = Guard(
    lambda facts: facts.can_undo,
    Words(
        "This cannot be undone any more: it is already on its way.",
        "이미 전송이 시작되어 되돌릴 수 없습니다.",
    ),
)
