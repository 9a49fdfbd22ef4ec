"""Captures, releases and refunds; each asks Stripe first what the payment is like, and again afterwards.

So nothing is done twice, whatever was lost on the way: a hold can be taken or released only once, and a
refund carries the key of the delivery that asked for it, by which it is known again after any time.
"""

from collections.abc import Callable
from typing import Final

from tillbridge.plugin import (
    Connection,
    Money,
    Outcome,
    PaymentDelivery,
    PaymentReceipt,
    RefundState,
    Retryable,
    WebPayment,
    WebPaymentState,
    Words,
)
from tillbridge_stripe_payments import no, requests
from tillbridge_stripe_payments.amounts import to_stripe
from tillbridge_stripe_payments.objects import Intent, Refund
from tillbridge_stripe_payments.reading import fetch
from tillbridge_stripe_payments.refusals import FAILED_REFUND
from tillbridge_stripe_payments.requests import Request, idempotency_key
from tillbridge_stripe_payments.transport import FailedForGood, Refused, ask

_KEYS: Final = 3
"""How many keys one try at an act uses at most, where Stripe keeps a fault of its own under one."""
_HELD: Final = WebPaymentState.HELD
_CAPTURED: Final = WebPaymentState.CAPTURED
_ENDED: Final = (WebPaymentState.RELEASED, WebPaymentState.EXPIRED)


def capture(
    connection: Connection, known: WebPayment, amount: Money, delivery: PaymentDelivery
) -> PaymentReceipt:
    """Take `amount` of what is held; the rest of the hold is released by it.

    The webstore may have taken a part of the hold before, where Stripe lets it: that is no part of `amount`.

    Args:
        connection: to Stripe.
        known: the payment as it was read last.
        amount: what is to be taken.
        delivery: that asks for it.

    Raises:
        Retryable: Stripe is away, or the customer has not finished paying.
        Rejected: Stripe has no such payment, or does not take such an amount.
    """
    number, taken = known.id, to_stripe(amount)
    payment = fetch(connection, number)
    if payment.state is _CAPTURED:
        before = known.captured if known.state is _HELD else Money.zero(amount.currency)
        return _captured(payment, before + amount)
    if payment.state is not _HELD:
        return _not_held(payment)
    if amount.minor <= 0 or amount > payment.authorised:
        return _refuse(payment, no.beyond_hold(payment, amount))

    def request(attempt: int) -> Request:
        return requests.capture(number, taken, key=idempotency_key(delivery.key, "capture", attempt))

    refused = _once(connection, payment, request)
    return _seen(connection, number, lambda after: _captured(after, payment.captured + amount), refused)


def release(
    connection: Connection, known: WebPayment, amount: Money, delivery: PaymentDelivery
) -> PaymentReceipt:
    """Give up a hold; or end a payment that the customer has not finished, so that it never can be.

    What the webstore took of the hold before stays taken: it is refunded, if it is to go back.

    Args:
        connection: to Stripe.
        known: the payment as it was read last.
        amount: what is held.
        delivery: that asks for it.

    Raises:
        Retryable: Stripe is away.
        Rejected: Stripe has no such payment.
    """
    number, part = known.id, known.captured if known.state is _HELD else None
    payment = fetch(connection, number)
    if payment.state in (*_ENDED, _CAPTURED):
        return _released(payment, part)
    if payment.state is _HELD and amount < payment.authorised:
        return _refuse(payment, no.part_of_hold(payment, amount))

    def request(attempt: int) -> Request:
        return requests.cancel(number, key=idempotency_key(delivery.key, "cancel", attempt))

    refused = _once(connection, payment, request)
    return _seen(connection, number, lambda after: _released(after, payment.captured), refused)


def refund(connection: Connection, number: str, amount: Money, delivery: PaymentDelivery) -> PaymentReceipt:
    """Give back `amount` of what was taken; accepted is what Stripe has taken up, if not sent yet.

    Raises:
        Retryable: Stripe is away, or has kept a fault of its own: a refund is never tried under another key.
        Rejected: Stripe has no such payment, or does not take such an amount.
    """
    given, payment = to_stripe(amount), fetch(connection, number)
    if payment.refund_of(delivery.key) is not None:
        return _refunded(payment, amount, delivery)
    if payment.state is not _CAPTURED:
        return _refuse(payment, no.nothing_taken(payment))
    if amount.minor <= 0 or amount > payment.kept:
        return _refuse(payment, no.beyond_taken(payment, amount))
    key = idempotency_key(delivery.key, "refund")
    refused: Refused | None = None
    try:
        ask(connection, requests.refund(number, given, delivery=delivery.key, key=key), Refund)
    except Refused as error:
        refused = error
    return _seen(connection, number, lambda after: _refunded(after, amount, delivery), refused)


def _once(connection: Connection, payment: WebPayment, request: Callable[[int], Request]) -> Refused | None:
    """Send what can be done only once to a payment; return why Stripe refuses it, if it does.

    Where Stripe keeps a fault of its own under a key, the next key is tried, if the payment is as it was.
    """
    for attempt in range(1, _KEYS + 1):
        try:
            ask(connection, request(attempt), Intent)
        except Refused as error:
            return error
        except FailedForGood:
            if fetch(connection, payment.id).state is not payment.state:
                return None
            if attempt == _KEYS:
                raise
        else:
            return None
    raise AssertionError("the last key ends it")


def _seen(
    connection: Connection,
    number: str,
    judge: Callable[[WebPayment], PaymentReceipt],
    refused: Refused | None,
) -> PaymentReceipt:
    """Judge an act by what the payment is like since: what Stripe answered may be an old answer again."""
    try:
        after = fetch(connection, number)
    except Retryable as error:
        if refused is not None:
            return PaymentReceipt(Outcome.REFUSED, refused.words)
        return PaymentReceipt(Outcome.UNKNOWN, error.words)
    receipt = judge(after)
    if refused is not None and receipt.outcome is not Outcome.ACCEPTED:
        return _refuse(after, refused.words)
    return receipt


def _captured(after: WebPayment, amount: Money) -> PaymentReceipt:
    if after.state is not _CAPTURED:
        return PaymentReceipt(Outcome.UNKNOWN, no.NOT_YET, payment=after)
    return _receipt(after) if after.captured == amount else _refuse(after, no.other_taken(after, amount))


def _released(after: WebPayment, part: Money | None) -> PaymentReceipt:
    """Judge a release; `part` of the hold was taken before, by the webstore."""
    if after.state in _ENDED:
        return _receipt(after)
    if after.state is _CAPTURED and part and after.captured == part:
        return _receipt(after)
    if after.state is _CAPTURED:
        return _refuse(after, no.taken_already(after))
    return PaymentReceipt(Outcome.UNKNOWN, no.NOT_YET, payment=after)


def _refunded(after: WebPayment, amount: Money, delivery: PaymentDelivery) -> PaymentReceipt:
    made = after.refund_of(delivery.key)
    if made is None:
        return PaymentReceipt(Outcome.UNKNOWN, no.NOT_YET, payment=after)
    if made.amount != amount:
        return _refuse(after, no.other_refunded(made, amount))
    if made.state is RefundState.FAILED:
        return _refuse(after, no.refund_failed(made, FAILED_REFUND.get(after.why)))
    return _receipt(after)


def _not_held(payment: WebPayment) -> PaymentReceipt:
    if payment.state in (WebPaymentState.PENDING, WebPaymentState.REQUIRES_ACTION):
        raise Retryable(no.not_finished(payment))
    return _refuse(payment, no.hold_ended(payment))


def _receipt(payment: WebPayment) -> PaymentReceipt:
    return PaymentReceipt(Outcome.ACCEPTED, payment=payment)


def _refuse(payment: WebPayment, words: Words) -> PaymentReceipt:
    return PaymentReceipt(Outcome.REFUSED, words, payment=payment)
