"""The rows of the payment's own axis: what an act makes of the customer's money.

It is kept nowhere: where the money is follows from how the order was paid and what became of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tillbridge.model.exchange import Decision
from tillbridge.model.orders import WebMoney
from tillbridge.model.status.rows import Guard, Row
from tillbridge.model.status.vocabulary import Act, Actor, Axis
from tillbridge.model.words import Words


class PaymentState(StrEnum):
    """Where the money for an order is."""

    AT_PICK_UP = "to be paid at pick-up"
    PAID = "paid in the shop"
    NOT_DUE = "nothing to be paid"
    HELD = "held"
    UNSAID = "not said"
    CHARGED = "charged"
    RECORDED = "recorded"
    RELEASED = "released"
    PERHAPS_DUE = "perhaps to be refunded"
    REFUND_DUE = "refund due"
    PART_REFUND_DUE = "part of it is to be refunded"
    REFUNDED = "refunded"
    REFUND_PENDING = "refund under way"
    HOLD_ENDED = "the hold has ended"
    NOT_FOUND = "no payment found"


PAYMENT_STATE_WORDS: Final[Mapping[PaymentState, Words]] = {
    PaymentState.AT_PICK_UP: Words("to be paid at pick-up", "수령 시 결제"),
    PaymentState.PAID: Words("paid in the shop", "매장에서 결제 완료"),
    PaymentState.NOT_DUE: Words("nothing to be paid", "결제할 금액 없음"),
    PaymentState.HELD: Words("held on the customer's card", "카드 승인 보류"),
    PaymentState.UNSAID: Words(
        "paid at the webstore, which has not said whether it is charged or only held",
        "웹스토어에서 결제됨(청구 여부를 알리지 않음)",
    ),
    PaymentState.CHARGED: Words("charged by the webstore", "웹스토어에서 청구됨"),
    PaymentState.RECORDED: Words("recorded as an eCommerce payment", "이커머스 결제로 등록됨"),
    PaymentState.RELEASED: Words("the hold is released; nothing is charged", "승인 보류 해제, 청구 없음"),
    PaymentState.PERHAPS_DUE: Words(
        "paid at the webstore, which has not said whether it is charged: see there that the customer gets it "
        "back, or that nothing is taken",
        "웹스토어에서 결제됨(청구 여부를 알리지 않음) - 환불되거나 청구되지 않는지 확인 필요",
    ),
    PaymentState.REFUND_DUE: Words("to be refunded by the webstore", "웹스토어에서 환불 예정"),
    PaymentState.PART_REFUND_DUE: Words(
        "part of it is to be refunded by the webstore", "웹스토어에서 일부 환불 예정"
    ),
    PaymentState.REFUNDED: Words("refunded by the webstore", "웹스토어에서 환불됨"),
    PaymentState.REFUND_PENDING: Words(
        "a refund is under way; the bank may take up to two weeks", "환불 진행 중(은행 처리에 최대 2주 소요)"
    ),
    PaymentState.HOLD_ENDED: Words(
        "the hold on the card has ended; nobody has the money", "카드 승인 보류 만료(결제되지 않음)"
    ),
    PaymentState.NOT_FOUND: Words(
        "the payment service has no payment for it", "결제 서비스에 결제 내역이 없음"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a payment service has of an order, as it was read last.

    Attributes:
        kept: it took something, and has it still.
        pending: something is given back, and not confirmed yet.
        given_back: something was given back.
        held: something is held, and can be taken.
        ended: a hold has ended by itself.
        released: a hold was given up.
    """

    kept: bool = False
    pending: bool = False
    given_back: bool = False
    held: bool = False
    ended: bool = False
    released: bool = False

    @property
    def there(self) -> bool:
        """Whether it has, or had, any money of the order."""
        return self.kept or self.held or self.pending or self.given_back


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """What says where the money for an order is.

    Attributes:
        paid_online: the webstore holds or took it; if not, it is paid in the shop.
        money: what the webstore says it has done about it; None: nothing.
        charges: the webstore charges the customer once the order is accepted.
        accepted: the webstore was told at some time that it is, or may have heard it.
        not_taken: the webstore did not take that it is accepted, so that it charged nothing.
        decision: what staff decided last.
        finished: the sale is finished.
        closed_empty: it was finished without items.
        uncharged: the goods were handed over for money that the webstore never took.
        part_due: some of it is to be given back: items were taken off, or came back.
        returned: the goods were sold, and all of their money is to be given back.
        refunded: the webstore says that it gave the money back, or staff do.
        recorded: what its payment service has; None where none serves it. It is believed before all else.
    """

    paid_online: bool
    money: WebMoney | None = None
    charges: bool = False
    accepted: bool = False
    not_taken: bool = False
    decision: Decision | None = None
    finished: bool = False
    closed_empty: bool = False
    uncharged: bool = False
    part_due: bool = False
    returned: bool = False
    refunded: bool = False
    recorded: Recorded | None = None

    @property
    def charged(self) -> bool:
        """Whether the webstore has charged the customer, whatever it gave back since."""
        return self.money in (WebMoney.CHARGED, WebMoney.REFUNDED) or (self.charges and self.accepted)

    @property
    def said(self) -> bool:
        """Whether anybody says what is done about the money: the webstore, or its payment service."""
        return self.money is not None or self.charges or self.recorded is not None


def payment_state(facts: PaymentFacts) -> PaymentState:
    """Return where the money for an order is."""
    sold = facts.finished and not facts.closed_empty
    over = facts.closed_empty or facts.decision is Decision.REJECTED
    if not facts.paid_online:
        if sold:
            return PaymentState.PAID
        return PaymentState.NOT_DUE if over else PaymentState.AT_PICK_UP
    if facts.recorded is not None:
        return _of_service(facts.recorded, sold=sold, over=over)
    if facts.refunded and (facts.charged or sold or not facts.said):
        return PaymentState.REFUNDED
    if sold and not facts.not_taken:
        return _of_sold(facts)
    if sold:
        return PaymentState.HELD if facts.uncharged else PaymentState.PAID
    if facts.charged:
        return _of_charged(facts, over=over)
    if not facts.said:
        return PaymentState.PERHAPS_DUE if over else PaymentState.UNSAID
    gone = over or facts.refunded or facts.money is WebMoney.RELEASED
    return PaymentState.RELEASED if gone else PaymentState.HELD


def _of_charged(facts: PaymentFacts, *, over: bool) -> PaymentState:
    """Return where the money is that the webstore has charged, of an order that is not sold."""
    if over:
        return PaymentState.REFUND_DUE
    return PaymentState.PART_REFUND_DUE if facts.part_due else PaymentState.CHARGED


def _of_service(recorded: Recorded, *, sold: bool, over: bool) -> PaymentState:  # a state each
    """Return where the money is by what the payment service has of it."""
    if recorded.kept:
        if over:
            return PaymentState.REFUND_DUE
        return PaymentState.RECORDED if sold else PaymentState.CHARGED
    if recorded.pending:
        return PaymentState.REFUND_PENDING
    if recorded.given_back:
        return PaymentState.REFUNDED
    if recorded.held:
        return PaymentState.HELD
    if recorded.released or (recorded.ended and over):
        return PaymentState.PAID if sold else PaymentState.RELEASED
    if sold:
        return PaymentState.PAID
    return PaymentState.HOLD_ENDED if recorded.ended else PaymentState.NOT_FOUND


def _of_sold(facts: PaymentFacts) -> PaymentState:
    """Return where the money is that the webstore took for goods that were sold."""
    if facts.returned:
        return PaymentState.REFUND_DUE
    return PaymentState.PART_REFUND_DUE if facts.part_due else PaymentState.RECORDED


CHARGES: Guard[PaymentFacts] = Guard(
    lambda facts: facts.charges,
    Words("This webstore does not charge on acceptance.", "수락할 때 결제를 청구하지 않는 웹스토어입니다."),
)
PaymentRow = Row[PaymentState, PaymentFacts]


def _row(
    act: Act, source: PaymentState, target: PaymentState, who: Actor, *guards: Guard[PaymentFacts]
) -> PaymentRow:
    return Row(axis=Axis.PAYMENT, act=act, source=source, target=target, who=who, guards=guards)


def _rows() -> Iterator[PaymentRow]:
    staff = Actor.STAFF
    for act in (Act.ACCEPT, Act.RESERVE):
        yield _row(act, PaymentState.HELD, PaymentState.CHARGED, staff, CHARGES)
    for act, who in ((Act.PICK_UP, staff), (Act.COMPLETE, Actor.TILL)):
        yield _row(act, PaymentState.AT_PICK_UP, PaymentState.PAID, who)
        yield _row(act, PaymentState.HELD, PaymentState.RECORDED, who)
        yield _row(act, PaymentState.UNSAID, PaymentState.RECORDED, who)
        yield _row(act, PaymentState.CHARGED, PaymentState.RECORDED, who)
    for act in (Act.REJECT, Act.REJECT_ONLY, Act.CANCEL, Act.NO_SHOW):
        yield _row(act, PaymentState.AT_PICK_UP, PaymentState.NOT_DUE, staff)
        yield _row(act, PaymentState.HELD, PaymentState.RELEASED, staff)
        yield _row(act, PaymentState.UNSAID, PaymentState.PERHAPS_DUE, staff)
        for source in (PaymentState.CHARGED, PaymentState.PART_REFUND_DUE):
            yield _row(act, source, PaymentState.REFUND_DUE, staff)

    # What is owed is a message until the webstore says that it is given back, or staff do.
    for source in (PaymentState.REFUND_DUE, PaymentState.PART_REFUND_DUE, PaymentState.PERHAPS_DUE):
        for who in (staff, Actor.WEBSTORE):
            yield _row(Act.REFUNDED, source, PaymentState.REFUNDED, who)


PAYMENT_ROWS: tuple[PaymentRow, ...] = tuple(_rows())


def payment_after(act: Act, facts: PaymentFacts) -> PaymentState:
    """Return where the money is once staff have done an act."""
    now = payment_state(facts)
    for row in PAYMENT_ROWS:
        if (row.act, row.source, row.who) == (act, now, Actor.STAFF) and row.refusal(facts) is None:
            return row.target or now
    return now
