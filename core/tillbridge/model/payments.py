"""A web payment as a payment service has it, what is done with it, and what its service lists of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from tillbridge.model.base import Frozen, Name, Text, UtcDatetime
from tillbridge.model.currencies import exponent
from tillbridge.model.exchange import RawOrder, Receipt
from tillbridge.model.money import Money, zero
from tillbridge.model.orders import WebOrder
from tillbridge.model.words import Words

STRIPE: Final = "Stripe"
"""The card type of an eCommerce payment, where nobody says another (MISSION S20)."""


class WebPaymentState(StrEnum):
    """Where a payment stands at its service. What was given back of it is an amount, and no state."""

    PENDING = "pending"  # begun; nothing is held and nothing is taken
    REQUIRES_ACTION = "requires_action"  # the customer has something to do first (3-D Secure)
    HELD = "held"  # held on the card: it can be captured until `capture_before`
    CAPTURED = "captured"  # taken, whole or in part; what was held beyond it is released
    RELEASED = "released"  # the hold was given up; nothing is taken
    EXPIRED = "expired"  # the hold ended by itself; nothing is taken, and nothing can be any more
    FAILED = "failed"  # declined


WEB_PAYMENT_WORDS: Final[Mapping[WebPaymentState, Words]] = {
    WebPaymentState.PENDING: Words("not finished yet", "결제 진행 중"),
    WebPaymentState.REQUIRES_ACTION: Words("waits for the customer's confirmation", "고객 인증 대기"),
    WebPaymentState.HELD: Words("held on the card", "카드 승인 보류"),
    WebPaymentState.CAPTURED: Words("taken", "결제 완료"),
    WebPaymentState.RELEASED: Words("released", "승인 보류 해제"),
    WebPaymentState.EXPIRED: Words("the hold has ended", "승인 보류 만료"),
    WebPaymentState.FAILED: Words("declined", "결제 실패"),
}


class RefundState(StrEnum):
    """Where a refund stands: asked for is not given back yet."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"  # the bank did not take it: the shop has the money again, the customer has not


class WebRefund(Frozen):
    """One refund of a payment."""

    id: Name
    amount: Money
    """Above zero."""
    state: RefundState
    key: Text = ""
    """`PaymentDelivery.key` of the delivery that asked for it, where the service keeps it; else ""."""


def _in_use(code: str) -> str:
    exponent(code)
    return code


class WebPayment(Frozen):
    """One payment as its service has it now.

    All amounts are in its currency and none is below zero. `captured` is what was taken, whatever was given
    back since; `refunded` and `refund_pending` are parts of it, together never more. Of a hold, `authorised`
    is what may be captured. Card numbers have no place here.
    """

    id: Name = Field(min_length=1)
    """The service's own."""
    state: WebPaymentState
    currency: Annotated[Text, AfterValidator(_in_use)]
    authorised: Money
    captured: Money
    refunded: Money
    refund_pending: Money
    created_at: UtcDatetime
    live: bool
    """False: made in the service's test mode, so that no money moves."""
    capture_before: UtcDatetime | None = None
    """Until when a hold can be captured, where the service says so; never worked out."""
    card_brand: Text = ""
    """Such as "visa"."""
    card_type: Text = STRIPE
    """The Card Type of the eCommerce payment in the POS."""
    order_id: Name | None = None
    """The webstore's ID (or number) of its order, where the service knows it."""
    refunds: tuple[WebRefund, ...] = ()
    """One by one, where the service tells them; needed to know a refund again whose answer was lost."""
    why: Text = ""
    """What the service says of a failure, in its own words."""

    @classmethod
    def of(
        cls, number: str, state: WebPaymentState, amounts: Mapping[str, Money], currency: str, **more: object
    ) -> Self:
        """Return a payment whose amounts are those that are given ("captured", …), and else zero."""
        named = ("authorised", "captured", "refunded", "refund_pending")
        every = {name: amounts.get(name, zero(currency)) for name in named}
        return cls.model_validate({"id": number, "state": state, "currency": currency, **every, **more})

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        amounts = (self.authorised, self.captured, self.refunded, self.refund_pending)
        if any(one.currency != self.currency for one in (*amounts, *(one.amount for one in self.refunds))):
            raise ValueError(f"an amount is not in {self.currency}")
        if any(one.minor < 0 for one in amounts) or any(one.amount.minor <= 0 for one in self.refunds):
            raise ValueError("an amount is below zero")
        if self.refunded + self.refund_pending > self.captured:
            raise ValueError("more is given back than was taken")
        return self

    @property
    def held(self) -> Money:
        """What is held and can be captured."""
        return self.authorised if self.state is WebPaymentState.HELD else zero(self.currency)

    @property
    def kept(self) -> Money:
        """What the shop has of it: taken, and neither given back nor about to be."""
        return self.captured - self.refunded - self.refund_pending

    def refund_of(self, key: str) -> WebRefund | None:
        """Return the refund that a delivery asked for, or None; a failed one was asked for as well."""
        return next((one for one in self.refunds if key and one.key == key), None)


class Capture(StrEnum):
    """When a payment service takes what it holds for an order."""

    ACCEPTANCE = "acceptance"
    PICK_UP = "pick-up"


class PaymentAct(StrEnum):
    """What is done with a payment at its service."""

    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOrder:
    """An order whose payments are looked for.

    Attributes:
        order: as the webstore sent it last; a tender's `reference` may name the payment.
        webstore: the name of the connection that it came by.
        known: its payments as they were recorded last; those that still are, are read again by their ID.
        raw: the kept payload, where the connection that is asked is the webstore's own; else None.
    """

    order: WebOrder
    webstore: str
    known: tuple[WebPayment, ...] = ()
    raw: RawOrder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDelivery:
    """An act on a payment, on its way to the service.

    Attributes:
        key: the idempotency key, at most 100 signs: the same for every try within a day. A later try has
            another one, once the payment was read and shows that it was not done.
        order_id: the webstore's order ID.
        number: of the order, as the customer sees it.
        webstore: the name of the connection that the order came by.
        reason: what staff said, or "".
        is_retry: it was tried before, and may have been done.
    """

    key: str
    order_id: str
    number: str
    webstore: str
    reason: str = ""
    is_retry: bool = False


@dataclass(frozen=True, slots=True)
class PaymentReceipt(Receipt):
    """What a payment service answered: its receipt, and the payment as it is since.

    Attributes:
        payment: freshly read; None where that was not possible: it is read again before anything else.
    """

    payment: WebPayment | None = None


class EntryKind(StrEnum):
    """What a line of a payment service's own list is."""

    CHARGE = "charge"  # taken
    REFUND = "refund"  # given back
    REFUND_FAILED = "refund_failed"  # given back, and come back to the shop
    FEE = "fee"  # the service's own, where it stands alone
    PAYOUT = "payout"  # to the shop's bank account
    DISPUTE = "dispute"  # the customer's bank took it back
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentEntry:
    """One line of a payment service's own list of what moved.

    Attributes:
        id: the service's own, unique among all lines.
        amount: above zero, whichever way it moved; the kind says which.
        at: UTC; when it moved.
        payment_id: of which payment, where it is one's.
        order_id: of which order, where the service knows it.
        fee: what the service took for it, or None.
        text: what it is, for kinds that say little.
    """

    id: str
    kind: EntryKind
    amount: Money
    at: datetime
    payment_id: str = ""
    order_id: str = ""
    fee: Money | None = None
    text: str = ""
