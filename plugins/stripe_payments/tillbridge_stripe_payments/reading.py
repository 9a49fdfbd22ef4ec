"""What Stripe has, as tillbridge's web payments: always from a fresh read, and never worked out."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from tillbridge.plugin import (
    Connection,
    Money,
    PayloadError,
    RefundState,
    WebPayment,
    WebPaymentState,
    WebRefund,
    Words,
)
from tillbridge_stripe_payments import requests
from tillbridge_stripe_payments.amounts import from_stripe
from tillbridge_stripe_payments.objects import Charge, Intent, Refund
from tillbridge_stripe_payments.settings import Settings, settings_of
from tillbridge_stripe_payments.transport import ask, pages

_CAPTURED: Final = WebPaymentState.CAPTURED
_ENDED_BY_ITSELF: Final = frozenset({"expired", "automatic"})  # the second until version 2025-03-31
_STATES: Final[Mapping[str, WebPaymentState]] = {
    "requires_payment_method": WebPaymentState.PENDING,
    "requires_confirmation": WebPaymentState.PENDING,
    "requires_action": WebPaymentState.REQUIRES_ACTION,
    "processing": WebPaymentState.PENDING,
    "requires_capture": WebPaymentState.HELD,
    "succeeded": WebPaymentState.CAPTURED,
    "canceled": WebPaymentState.RELEASED,
}
_REFUNDS: Final[Mapping[str, RefundState]] = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.DONE,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
# A refund that Stripe itself notes for a hold that ended; in newer versions there is none.
_NO_REFUND: Final = "expired_uncaptured_charge"


def fetch(connection: Connection, number: str) -> WebPayment:
    """Return one payment as Stripe has it now.

    Raises:
        Rejected: Stripe has no such payment, or says of it what cannot be read.
        Retryable: Stripe is away.
    """
    intent = ask(connection, requests.fetch_intent(number), Intent)
    refunds: Sequence[Refund] = ()
    if intent.amount_received:
        first = requests.refunds_of(intent.id)
        refunds = list(
            pages(connection, first, lambda last: requests.refunds_of(intent.id, after=last), Refund)
        )
    return payment_of(intent, refunds, settings_of(connection))


def payment_of(intent: Intent, refunds: Sequence[Refund], settings: Settings) -> WebPayment:
    """Return a payment and its refunds in tillbridge's words; another webstore's order is none of ours.

    Raises:
        PayloadError: Stripe says what this plugin does not know; it must not count as held or taken.
    """
    state = _state(intent)
    given_back = [_refund(one) for one in refunds if one.reason != _NO_REFUND]
    charge = intent.latest_charge if isinstance(intent.latest_charge, Charge) else None
    amounts = {
        "authorised": from_stripe(_authorised(intent, state, charge), intent.currency, path="amount"),
        "captured": from_stripe(intent.amount_received, intent.currency, path="amount_received"),
        "refunded": _sum(given_back, RefundState.DONE, intent.currency),
        "refund_pending": _sum(given_back, RefundState.PENDING, intent.currency),
    }
    _adds_up(intent, amounts)
    card = _card(charge)
    ours = all(intent.metadata.get(name, value) == value for name, value in settings.shop_mark.items())
    return WebPayment.of(
        intent.id,
        state,
        amounts,
        intent.currency.upper(),
        created_at=datetime.fromtimestamp(intent.created, UTC),
        live=intent.livemode,
        capture_before=_until(charge) if state is WebPaymentState.HELD else None,
        card_brand=card,
        order_id=(intent.metadata.get(settings.order_metadata) or None) if ours else None,
        refunds=tuple(given_back),
        why=_why(intent, refunds),
    )


def _state(intent: Intent) -> WebPaymentState:
    state = _STATES.get(intent.status)
    if state is WebPaymentState.RELEASED and intent.amount_received:
        return _CAPTURED  # a part was taken, and the rest of the hold has ended
    if state is None:
        raise PayloadError(
            Words(
                f"Stripe's payment {intent.id} has the state {intent.status!r}, which this plugin does not "
                "know. Update the plugin.",
                f"Stripe 결제 {intent.id}의 상태 {intent.status!r}은(는) 이 플러그인이 알지 못하는 "
                "상태입니다. 플러그인을 업데이트해 주세요.",
            ),
            path="status",
        )
    if state is WebPaymentState.RELEASED and intent.cancellation_reason in _ENDED_BY_ITSELF:
        return WebPaymentState.EXPIRED
    if intent.status == "requires_payment_method" and intent.last_payment_error is not None:
        return WebPaymentState.FAILED
    return state


def _authorised(intent: Intent, state: WebPaymentState, charge: Charge | None) -> int:
    """Return what may be captured of a hold, or what was held; what nobody has held is nothing."""
    if state is WebPaymentState.HELD:
        return intent.amount_capturable
    return charge.amount if charge and state is not WebPaymentState.FAILED else intent.amount_received


def _refund(one: Refund) -> WebRefund:
    state = _REFUNDS.get(one.status or "")
    if state is None:
        raise PayloadError(
            Words(
                f"Stripe's refund {one.id} has the state {one.status!r}, which this plugin does not know. "
                "Update the plugin.",
                f"Stripe 환불 {one.id}의 상태 {one.status!r}은(는) 이 플러그인이 알지 못하는 상태입니다. "
                "플러그인을 업데이트해 주세요.",
            ),
            path="status",
        )
    return WebRefund(
        id=one.id,
        amount=from_stripe(one.amount, one.currency, path="amount"),
        state=state,
        key=(one.metadata or {}).get(requests.DELIVERY, ""),
    )


def _sum(refunds: Sequence[WebRefund], state: RefundState, currency: str) -> Money:
    return sum((one.amount for one in refunds if one.state is state), Money.zero(currency.upper()))


def _adds_up(intent: Intent, amounts: Mapping[str, Money]) -> None:
    taken, given = amounts["captured"], amounts["refunded"] + amounts["refund_pending"]
    if given > taken or min(one.minor for one in amounts.values()) < 0:
        raise PayloadError(
            Words(
                f"Stripe's amounts of the payment {intent.id} contradict each other: {taken} taken, {given} "
                "given back. Look at it at Stripe.",
                f"Stripe 결제 {intent.id}의 금액이 서로 맞지 않습니다. 결제 {taken:ko}, 환불 {given:ko}. "
                "Stripe에서 확인해 주세요.",
            ),
            path="amount_received",
        )


def _card(charge: Charge | None) -> str:
    """Return a card's brand, or how else it was paid; nothing more of it is read."""
    method = charge.payment_method_details if charge else None
    if method is None:
        return ""
    card = method.card or method.card_present
    return (card.brand if card else None) or method.type


def _until(charge: Charge | None) -> datetime | None:
    method = charge.payment_method_details if charge else None
    card = (method.card or method.card_present) if method else None
    seconds = card.capture_before if card else None
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _why(intent: Intent, refunds: Sequence[Refund]) -> str:
    """Return Stripe's own words for what went wrong: codes, as its messages may name a card."""
    error = intent.last_payment_error
    said = (error.decline_code or error.code or error.type) if error else None
    failed = next((one.failure_reason for one in refunds if one.failure_reason), None)
    return said or failed or ""
