"""The words of status: where an order stands, who moves it by which act, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tillbridge.model.exchange import Decision
from tillbridge.model.words import Words


class Status(StrEnum):
    """Where a web order stands with staff."""

    NEW = "New"
    CUSTOMER_ID_REQUIRED = "Customer ID Required"
    PRODUCT_MATCH_FAILED = "Product Match Failed"
    SALE_PROCESSING_FAILED = "Sale Processing Failed"
    PROCESS_SALE = "Process Sale"
    IN_PROCESS = "In Process"
    READY_FOR_PICKUP = "Ready for Pickup"
    REJECTED = "Rejected"
    COMPLETED = "Completed"
    ARCHIVED = "Archived"


STATUS_WORDS: Mapping[Status, Words] = {
    Status.NEW: Words("New", "신규"),
    Status.CUSTOMER_ID_REQUIRED: Words("Customer ID Required", "고객 ID 필요"),
    Status.PRODUCT_MATCH_FAILED: Words("Product Match Failed", "제품 확인 실패"),
    Status.SALE_PROCESSING_FAILED: Words("Sale Processing Failed", "판매 처리 실패"),
    Status.PROCESS_SALE: Words("Process Sale", "판매 처리"),
    Status.IN_PROCESS: Words("In Process", "처리 중"),
    Status.READY_FOR_PICKUP: Words("Ready for Pickup", "수령 준비 완료"),
    Status.REJECTED: Words("Rejected", "거부"),
    Status.COMPLETED: Words("Completed", "완료"),
    Status.ARCHIVED: Words("Archived", "보관"),
}


class Axis(StrEnum):
    """What a transition moves: the order's status, one line's fulfilment, or the payment."""

    ORDER = "order"
    FULFILMENT = "fulfilment"
    PAYMENT = "payment"


class Actor(StrEnum):
    """Who causes a transition."""

    STAFF = "staff"
    SYSTEM = "tillbridge"
    TILL = "till"
    WEBSTORE = "webstore"


class Act(StrEnum):
    """What a transition is called."""

    OPEN_SALE = "sale opened"
    FAIL = "could not be sold"
    PUT_ASIDE = "put aside"
    KEEP_SALE = "sale kept"
    PROCESS_SALE = "process sale"
    REPLAY = "replay"
    RELEASE = "sell with an adjustment"
    REMAKE_SALE = "make the sale anew"
    WITHDRAW = "cancelled before it was accepted"
    ACCEPT = "accept"
    REJECT = "reject"
    READY = "ready for pickup"
    ARCHIVE = "archive"
    UNARCHIVE = "un-archive"
    CANCEL = "cancel"
    REJECT_ONLY = "reject, the sale by hand"
    RESERVE = "reserve"
    PICK_UP = "pick up"
    NO_SHOW = "no-show"
    RESOLVE = "resolve"
    COMPLETE = "complete"
    ADD = "item added by the customer"
    REFUNDED = "refunded"
    UNDO = "undo"


ACT_WORDS: Mapping[Act, Words] = {
    Act.ACCEPT: Words("Accept", "수락"),
    Act.REJECT: Words("Reject", "거부"),
    Act.CANCEL: Words("Cancel the order", "주문 취소"),
    Act.REJECT_ONLY: Words("Reject, and clear the sale by hand", "거부(거래는 직접 정리)"),
    Act.RESERVE: Words("Reserve", "예약 접수"),
    Act.READY: Words("Ready for pickup", "수령 준비 완료"),
    Act.PICK_UP: Words("Pick up", "수령"),
    Act.NO_SHOW: Words("No-show", "미수령"),
    Act.RESOLVE: Words("Outcome of the reservation", "예약 주문 결과"),
    Act.COMPLETE: Words("Complete", "완료"),
    Act.REFUNDED: Words("Refunded by the webstore", "웹스토어 환불 완료"),
    Act.ARCHIVE: Words("Archive", "보관"),
    Act.UNARCHIVE: Words("Un-archive", "보관 해제"),
    Act.PROCESS_SALE: Words("Process the sale", "판매 처리"),
    Act.RELEASE: Words("Sell with an adjustment", "차액 조정 후 판매 처리"),
    Act.REMAKE_SALE: Words("Make the sale anew", "거래 다시 만들기"),
    Act.UNDO: Words("Undo", "되돌리기"),
}
"""What staff call the acts that they choose."""


class Effect(StrEnum):
    """What a transition queues in its own transaction."""

    TELL_ACCEPTED = "tell the webstore: accepted"
    TELL_REJECTED = "tell the webstore: rejected"
    TELL_READY = "tell the webstore: ready"
    TELL_RESOLVED = "tell the webstore: how the reservation ended"
    REMOVE_ITEMS = "remove the sale's items"
    FINISH_SALE = "finish the sale"
    VOID_SALE = "void the sale"
    KEEP_OPEN = "keep the sale open"
    TAKE_PAYMENTS = "take the payments"
    BALANCE = "give back what was paid, or note a payment of 0.00"
    COMPLETE = "complete the order once the sale is finished"
    REMOVE_LINES = "remove these items from the sale"
    TAKE_OFF = "take the web payment for them off the sale"
    JUDGE_AGAIN = "judge an unsold order again without them"


EFFECT_WORDS: Mapping[Effect, Words] = {
    Effect.TELL_ACCEPTED: Words(
        "The webstore is told that the order is accepted.", "웹스토어에 주문 수락을 알립니다."
    ),
    Effect.TELL_REJECTED: Words(
        "The webstore is told that the order is rejected.", "웹스토어에 주문 거부를 알립니다."
    ),
    Effect.TELL_READY: Words(
        "The webstore is told that the order is ready for pickup.", "웹스토어에 수령 준비 완료를 알립니다."
    ),
    Effect.TELL_RESOLVED: Words(
        "The webstore is told how the reservation ended.", "웹스토어에 예약 주문 결과를 알립니다."
    ),
    Effect.REMOVE_ITEMS: Words(
        "All items are removed from the sale; their stock returns.",
        "거래의 모든 항목을 삭제하고 재고를 되돌립니다.",
    ),
    Effect.FINISH_SALE: Words("The sale is finished.", "판매를 종료합니다."),
    Effect.VOID_SALE: Words("The sale is voided; its stock returns.", "거래를 취소하고 재고를 되돌립니다."),
    Effect.KEEP_OPEN: Words("The sale is kept open.", "거래를 열어 둡니다."),
    Effect.TAKE_PAYMENTS: Words("The payments are noted.", "결제를 등록합니다."),
    Effect.BALANCE: Words(
        "An eCommerce payment of 0.00 is noted for the reports.",
        "보고용 0.00 이커머스 결제를 등록합니다.",
    ),
    Effect.COMPLETE: Words("The order becomes Completed.", "주문이 ‘완료’ 상태가 됩니다."),
    Effect.REMOVE_LINES: Words(
        "These items are removed from the sale; their stock returns.",
        "이 항목을 거래에서 삭제하고 재고를 되돌립니다.",
    ),
    Effect.TAKE_OFF: Words(
        "What the webstore paid for them is taken off the sale.",
        "해당 항목의 이커머스 결제를 거래에서 취소합니다.",
    ),
    Effect.JUDGE_AGAIN: Words(
        "The order is processed again without them.", "해당 항목을 제외하고 주문을 다시 처리합니다."
    ),
}
"""What an effect does, before it is done."""
EFFECT_DONE: Mapping[Effect, Words] = {
    Effect.REMOVE_ITEMS: Words(
        "All items were removed from the sale; their stock is back.",
        "거래의 모든 항목을 삭제하고 재고를 되돌렸습니다.",
    ),
    Effect.FINISH_SALE: Words("The sale is finished.", "판매를 종료했습니다."),
    Effect.VOID_SALE: Words(
        "The sale was voided; its stock is back.", "거래를 취소하고 재고를 되돌렸습니다."
    ),
    Effect.KEEP_OPEN: Words("The sale is kept open.", "거래를 열어 두었습니다."),
    Effect.BALANCE: Words(
        "An eCommerce payment of 0.00 was noted for the reports.",
        "보고용 0.00 이커머스 결제를 등록했습니다.",
    ),
    Effect.COMPLETE: Words("The order is Completed.", "주문이 ‘완료’ 상태가 되었습니다."),
}
"""The same once the sale is over; what is not here is said as before: what others are told comes later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What guards look at.

    Attributes:
        hears: whether the webstore can be told of decisions at all.
        closing: an act is under way that ends with the order's completion.
        closed_empty: its sale was finished without items.
        emptied: its sale is open, and nothing is left on it.
        reservation: the customer pays in the shop, so that how it ended is recorded.
        sums_differ: its numbers do not add up.
        unread: what its webstore sent last could not be read.
        outdated: so it is, and what is known of it came before.
        added: the customer added an item after the order was accepted, and nobody has decided that one.
    """

    status: Status | None
    decision: Decision | None = None
    has_sale: bool = False
    sale_finished: bool = False
    changed_after_sale: bool = False
    sellable: bool = True
    unanswered: bool = False
    can_undo: bool = False
    put_aside: bool = False
    hears: bool = True
    closing: bool = False
    closed_empty: bool = False
    emptied: bool = False
    reservation: bool = False
    sums_differ: bool = False
    unread: bool = False
    outdated: bool = False
    added: bool = False
