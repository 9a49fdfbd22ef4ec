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
    REMAKE_SALE = "make the sale anew"
    WITHDRAW = "cancelled before it was accepted"
    ACCEPT = "accept"
    REJECT = "reject"
    READY = "ready for pickup"
    ARCHIVE = "archive"
    UNARCHIVE = "un-archive"
    COMPLETE = "complete"
    UNDO = "undo"


class Effect(StrEnum):
    """What a transition queues in its own transaction."""

    TELL_ACCEPTED = "tell the webstore: accepted"
    TELL_REJECTED = "tell the webstore: rejected"
    REMOVE_ITEMS = "remove the sale's items"
    FINISH_SALE = "finish the sale"
    VOID_SALE = "void the sale"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What guards look at.

    Attributes:
        hears: whether the webstore can be told of decisions at all.
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
