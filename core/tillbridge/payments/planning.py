"""Which payments are captured, released or refunded, and by how much, for what was decided. Pure.

The payments are as their service has them at that moment; the steps that come of it are kept before the
first of them is done, so that whoever goes on after a crash does the same ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from tillbridge.model.money import Money, sum_money, zero
from tillbridge.model.payments import PaymentAct, WebPayment, WebPaymentState
from tillbridge.model.words import Words


class Wish(StrEnum):
    """What was decided about an order's money."""

    CHARGE = "charge"  # take what the order comes to
    GIVE_BACK = "give back"  # all of it: release what is held, refund what was taken
    LET_GO = "let go"  # release what is held; what was taken stays
    REFUND = "refund"  # some of what was taken
    SETTLE = "settle"  # as the finished sale has it: take what is lacking, refund what is too much


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act on one payment.

    Attributes:
        key: what its idempotency key is made of.
        minor: the amount, in minor units of the payment's currency.
        before: when the step was planned: of a refund what was given back of the payment, or is about to be;
            else what was taken of it.
        epoch: how often the key was renewed.
        done: whether the service has done it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    payment: str
    act: PaymentAct
    minor: int
    before: int = 0
    epoch: int = 0
    done: bool = False


_OPEN = (WebPaymentState.HELD, WebPaymentState.PENDING, WebPaymentState.REQUIRES_ACTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is planned for.

    Attributes:
        stands: what the payment service is to have in the end: of the order without what staff rejected, or
            of the finished sale.
        amount: of a refund.
        only_surplus: refund no more than what the service has beyond `stands`.
    """

    wish: Wish
    stands: Money
    amount: Money | None = None
    only_surplus: bool = False


class NothingLeft(Exception):  # a name for people
    """It cannot be done; `words` say why."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(words.en)


def plan(asked: Asked, payments: Sequence[WebPayment]) -> list[Step]:
    """Return the steps; none where it is so already.

    Raises:
        NothingLeft: the service has not enough: the hold has ended, or more is to be given back than was
            taken.
    """
    if asked.wish is Wish.CHARGE:
        return list(_charge(asked.stands, payments))
    if asked.wish in (Wish.GIVE_BACK, Wish.LET_GO):
        return list(_give_back(payments, refunds=asked.wish is Wish.GIVE_BACK))
    if asked.wish is Wish.SETTLE:
        return list(_settle(asked.stands, payments))
    return list(_refund(asked, payments))


def _charge(stands: Money, payments: Sequence[WebPayment]) -> Iterator[Step]:
    missing = stands - sum_money((one.captured for one in payments), stands.currency)
    nothing = zero(stands.currency)
    for one in payments:
        if one.state is not WebPaymentState.HELD:
            continue
        taken = min(one.held, max(missing, nothing))
        if taken:
            missing -= taken
            yield _hold_step(PaymentAct.CAPTURE, one, taken)
        else:
            yield _hold_step(PaymentAct.RELEASE, one, one.held)
    if missing > nothing:
        raise NothingLeft(_not_enough(missing, payments))


def _give_back(payments: Sequence[WebPayment], *, refunds: bool) -> Iterator[Step]:
    for one in payments:
        if one.state in _OPEN:
            yield _hold_step(PaymentAct.RELEASE, one, one.authorised)
        if one.kept and refunds:  # also what the webstore took of a hold that stands
            yield _refund_step(one, one.kept)


def _settle(stands: Money, payments: Sequence[WebPayment]) -> Iterator[Step]:
    kept = sum_money((one.kept for one in payments), stands.currency)
    if kept <= stands and any(one.held for one in payments):
        # What was given back of other payments is no reason to take it anew.
        back = sum_money((one.captured - one.kept for one in payments), stands.currency)
        yield from _charge(stands + back, payments)
        return
    yield from _give_back(payments, refunds=False)
    surplus = Asked(wish=Wish.REFUND, stands=stands, amount=kept, only_surplus=True)
    yield from _refund(surplus, payments)


def _refund(asked: Asked, payments: Sequence[WebPayment]) -> Iterator[Step]:
    nothing = zero(asked.stands.currency)
    kept = sum_money((one.kept for one in payments), asked.stands.currency)
    left = asked.amount or nothing
    if asked.only_surplus:
        left = min(left, max(kept - asked.stands, nothing))
    elif left > kept:
        raise NothingLeft(
            Words(
                f"{left:en} is to be refunded, but only {kept:en} of what was taken is left.",
                f"{left:ko}을(를) 환불해야 하지만 남은 결제 금액은 {kept:ko}입니다.",
            )
        )
    for one in payments:
        part = min(one.kept, left)
        if part:
            left -= part
            yield _refund_step(one, part)


def _hold_step(act: PaymentAct, payment: WebPayment, amount: Money) -> Step:
    return Step(payment=payment.id, act=act, minor=amount.minor, before=payment.captured.minor)


def _refund_step(payment: WebPayment, amount: Money) -> Step:
    gone = payment.refunded + payment.refund_pending
    return Step(payment=payment.id, act=PaymentAct.REFUND, minor=amount.minor, before=gone.minor)


def _not_enough(missing: Money, payments: Sequence[WebPayment]) -> Words:
    if not payments:
        return Words(
            f"The payment service has no payment for this order; {missing:en} is not taken.",
            f"결제 서비스에 이 주문의 결제가 없습니다. {missing:ko}을(를) 받지 못했습니다.",
        )
    if any(one.state is WebPaymentState.EXPIRED for one in payments):
        return Words(
            f"The hold on the card has ended; {missing:en} cannot be taken any more. Ask the customer to "
            f"pay here.",
            f"카드 승인 보류가 만료되어 {missing:ko}을(를) 받을 수 없습니다. 매장에서 결제를 받아 주세요.",
        )
    return Words(
        f"{missing:en} is not held on the card, and so cannot be taken.",
        f"{missing:ko}은(는) 카드에 승인된 금액이 아니어서 받을 수 없습니다.",
    )


def is_done(step: Step, payment: WebPayment, key: str) -> bool:
    """Say whether a payment shows that a step was done, of which nobody heard the answer.

    Args:
        step: as it was planned.
        payment: as its service has it now.
        key: the step's idempotency key, by which services that keep it know a refund again.
    """
    if step.act is PaymentAct.CAPTURE:
        taken = payment.captured.minor >= step.before + step.minor
        return payment.state is WebPaymentState.CAPTURED and taken
    if step.act is PaymentAct.RELEASE:
        return payment.state not in _OPEN and payment.captured.minor == step.before
    made = payment.refund_of(key)
    if made is not None:
        return made.amount.minor == step.minor
    # Where the refunds are told one by one with their keys, it is not among them.
    if any(one.key for one in payment.refunds):
        return False
    gone = payment.refunded + payment.refund_pending
    return gone.minor >= step.before + step.minor
