"""What staff must see: each message has a cause, and exists exactly as long as it does.

Messages are never stored and never dismissed. `tillbridge.messages` finds them by their causes.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tillbridge.model.money import Money
from tillbridge.model.words import Words


class Cause(StrEnum):
    """Why staff must see something, the most urgent first; scripts may rely on the values."""

    TILL_AWAY = "till away"
    CONNECTION_DOWN = "connection down"
    OVERDUE = "overdue"
    DUE_SOON = "due soon"
    SOLD_THOUGH_REJECTED = "sold though rejected"
    UNCHARGED = "handed over, not charged"
    NOT_AGREED = "not agreed any more"
    CANCELLED = "cancelled at the webstore"
    CHANGED = "changed at the webstore"
    CLOSED_EMPTY = "closed without items"
    ADDED = "item added"
    NOT_DELIVERED = "not delivered"
    PAYMENT_NOT_DONE = "payment not done"
    HOLD_ENDED = "hold ended"
    HOLD_ENDING = "hold ending"
    MONEY_DIFFERS = "money differs"
    REFUND = "refund due"
    REFUND_UNSAID = "refund perhaps due"
    CALL_AGAIN = "call again"
    LATE = "expected date passed"
    NOT_PICKED_UP = "pick-up date passed"
    NO_SHOW_LEFT = "no-show left to staff"
    NEW = "new"
    CUSTOMER = "customer needed"
    PRODUCT = "product needed"
    SUMS_DIFFER = "sums differ"
    SALE_FAILED = "sale failed"
    SHORT = "short"
    TO_GET_READY = "to get ready"
    OUTCOME = "outcome needed"
    TO_IMPORT = "to import"
    FILE_DUE = "file due"
    HOURS_UNKNOWN = "hours unknown"
    WEBHOOK = "webhook"
    EXPORT_OLD = "webstore out of date"
    OFFERS_HELD = "offers held"
    OFFERS_REFUSED = "offers refused"
    LISTINGS = "listings"

    @property
    def urgency(self) -> int:
        """Its place among all causes; 0 is the most urgent."""
        return list(Cause).index(self)


@dataclass(frozen=True, slots=True)
class OrderRef:
    """An order that a message is about.

    Attributes:
        owed: what its webstore has to give back, where the message is about that and somebody counted it.
    """

    id: int
    number: str
    connection: str
    owed: Money | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What mends a message's cause: in words, and as a command; `command` is "" where none does."""

    words: Words
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Everything that has one cause.

    Attributes:
        key: the same as long as the cause is: its name, and whose it is.
        count: how many orders, connections or files it is about.
        orders: the first of them, at most `tillbridge.messages.SHOWN`.
        since: UTC; when the oldest began, where that is known.
    """

    cause: Cause
    key: str
    words: Words
    count: int
    action: Action
    orders: tuple[OrderRef, ...] = field(default=())
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCounts:
    """The numbers of the eCommerce tile.

    Attributes:
        to_act: orders that need someone to act, each counted once.
        to_import: orders that wait to be imported or to be processed.
        overdue: orders that nobody answered in time.
        by_cause: orders, connections or files by cause; one without any is left out.
    """

    to_act: int
    to_import: int
    overdue: int
    by_cause: dict[Cause, int]
