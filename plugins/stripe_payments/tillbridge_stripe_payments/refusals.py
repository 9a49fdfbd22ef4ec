"""Why Stripe did not do something, in words for staff: what happened, and what to do.

Stripe's own message is not shown: it is English only, and may name what is none of the screen's business.
"""

from collections.abc import Mapping
from typing import Final

from tillbridge.plugin import Words
from tillbridge_stripe_payments.objects import Error
from tillbridge_stripe_payments.permissions import lacking, shown

_BY_CODE: Final[Mapping[str, Words]] = {
    "amount_too_large": Words(
        "Stripe says that the amount is too large: more than is held, or more than Stripe takes at once.",
        "Stripe: 금액이 너무 큽니다. 승인된 금액이나 1회 한도를 넘습니다.",
    ),
    "amount_too_small": Words(
        "Stripe says that the amount is below the least that it moves in this currency.",
        "Stripe: 이 통화로 처리할 수 있는 최소 금액보다 적습니다.",
    ),
    "authentication_required": Words(
        "The customer's bank wants the customer to confirm the payment (3-D Secure). Ask the customer to "
        "pay again at the webstore, or take the payment in the shop.",
        "고객의 은행에서 본인 인증(3-D Secure)을 요구합니다. 웹스토어에서 다시 결제하도록 안내하거나 "
        "매장에서 결제를 받아 주세요.",
    ),
    "balance_insufficient": Words(
        "The Stripe account has too little money for this refund. It works once more has come in, or after "
        "money was added to the account's balance at Stripe.",
        "Stripe 계정 잔액이 부족하여 환불할 수 없습니다. 잔액이 늘어난 뒤, 또는 Stripe에서 잔액을 추가한 뒤 "
        "가능합니다.",
    ),
    "capture_charge_authorization_expired": Words(
        "The hold on the card has ended: nothing can be taken any more. Take the payment in the shop, or "
        "ask the customer to order again.",
        "카드 승인 보류가 만료되어 결제할 수 없습니다. 매장에서 결제를 받거나 고객에게 다시 주문하도록 "
        "안내해 주세요.",
    ),
    "charge_already_captured": Words("This payment was taken already.", "이미 결제가 완료된 건입니다."),
    "charge_already_refunded": Words(
        "All of this payment was given back already.", "이미 전액 환불된 결제입니다."
    ),
    "charge_disputed": Words(
        "The customer's bank disputes this payment, so it cannot be refunded. Answer the dispute at Stripe.",
        "고객의 은행에서 이의를 제기한 결제라 환불할 수 없습니다. Stripe에서 이의 제기에 답변해 주세요.",
    ),
    "lock_timeout": Words(
        "Stripe is working on this payment at the moment. It is asked again.",
        "Stripe에서 이 결제를 처리하는 중입니다. 잠시 후 다시 요청합니다.",
    ),
    "payment_intent_unexpected_state": Words(
        "Stripe says that the payment's state does not allow this any more. Look at the payment, and choose "
        "again.",
        "결제 상태가 바뀌어 처리할 수 없습니다. 결제 내용을 확인한 뒤 다시 선택해 주세요.",
    ),
    "resource_missing": Words(
        "Stripe does not have this payment in this account. See whether the connection is for the right "
        "account, and for test or live payments as the webstore is.",
        "이 Stripe 계정에 해당 결제가 없습니다. 연결된 계정이 맞는지, 웹스토어와 같은 "
        "모드(테스트/실결제)인지 확인해 주세요.",
    ),
}
_BY_CODE_TOO: Final[Mapping[str, str]] = {
    "charge_expired_for_capture": "capture_charge_authorization_expired",
    "payment_intent_authentication_failure": "authentication_required",
}
_DECLINES: Final[Mapping[str, Words]] = {
    "expired_card": Words("the card has expired", "카드 유효기간 만료"),
    "insufficient_funds": Words("there is not enough money on the account", "잔액 부족"),
    "card_velocity_exceeded": Words("the card's limit is reached", "카드 한도 초과"),
    "withdrawal_count_limit_exceeded": Words("the card's limit is reached", "카드 한도 초과"),
    "currency_not_supported": Words("the card does not take this currency", "카드에서 지원하지 않는 통화"),
    "card_not_supported": Words(
        "the card does not allow this kind of payment", "카드에서 지원하지 않는 결제 유형"
    ),
    "incorrect_cvc": Words("the card's security code is wrong", "보안 코드 불일치"),
    "processing_error": Words("the bank had a fault of its own", "은행 시스템 오류"),
    "issuer_not_available": Words("the customer's bank could not be reached", "카드사 연결 실패"),
}
# Stripe asks that these are shown as any decline: the person at the counter may be a thief.
_UNNAMED: Final = Words("the bank gives no reason", "은행에서 사유를 알려 주지 않음")
_KEYS_DIFFER: Final = Words(
    "Stripe was asked for this once before, with other numbers. Nothing was done now. Look at the payment, "
    "and choose again.",
    "이전에 다른 내용으로 요청된 건이라 Stripe에서 처리하지 않았습니다. 결제 내용을 확인한 뒤 다시 선택해 "
    "주세요.",
)
_WRONG_KEY: Final = Words(
    "Stripe does not know this key: it was mistyped, has expired, or was taken back. Make a new one at "
    "Stripe and enter it in the connection's settings.",
    "Stripe에서 인식하지 못하는 키입니다. 잘못 입력되었거나 만료·폐기된 키입니다. Stripe에서 새 키를 만들어 "
    "연결 설정에 입력해 주세요.",
)
FAILED_REFUND: Final[Mapping[str, Words]] = {
    "lost_or_stolen_card": Words("the card was reported lost or stolen", "분실·도난 신고된 카드"),
    "expired_or_canceled_card": Words("the card has expired or was cancelled", "만료되었거나 해지된 카드"),
    "charge_for_pending_refund_disputed": Words("the payment is disputed", "이의가 제기된 결제"),
    "insufficient_funds": Words("the Stripe account has too little money", "Stripe 계정 잔액 부족"),
    "declined": Words("the customer's bank declined it", "은행 거절"),
    "merchant_request": Words("it was called off at Stripe", "Stripe에서 취소됨"),
}
"""Why money that was on its way back did not arrive, by Stripe's `failure_reason`."""


def words_of(error: Error) -> Words:
    """Return what an error of Stripe's says."""
    if error.type == "card_error" and error.code in (
        None,
        "card_declined",
        "expired_card",
        "processing_error",
    ):
        return declined(error)
    if error.type == "idempotency_error":
        return _KEYS_DIFFER
    code = _BY_CODE_TOO.get(error.code or "", error.code or "")
    if code in _BY_CODE:
        return _BY_CODE[code]
    if error.type == "card_error":
        return declined(error)
    named = "/".join(one for one in (error.type, error.code, error.param) if one) or "?"
    return Words(
        f"Stripe refuses this ({named}). Look at the payment at Stripe; if nothing is amiss there, tell the "
        "maker of this plugin.",
        f"Stripe에서 요청을 거절했습니다({named}). Stripe에서 결제를 확인해 주세요. 이상이 없으면 플러그인 "
        "제작자에게 알려 주세요.",
    )


def not_stripe(address: str) -> Words:
    """Return that something else answers at an address."""
    return Words(
        f"What answers at {address} is not Stripe. Check base_url in the connection's settings; for Stripe "
        "itself leave it out.",
        f"{address}에서 응답한 서버는 Stripe가 아닙니다. 연결 설정의 base_url을 확인해 주세요. 실제 Stripe에 "
        "연결하려면 비워 두세요.",
    )


def declined(error: Error) -> Words:
    """Return what a bank's refusal says, as far as staff should know."""
    reason = _DECLINES.get(error.decline_code or error.code or "", _UNNAMED)
    return Words(
        f"The customer's bank declined it: {reason.en}. Ask for another way to pay.",
        f"고객의 은행에서 결제를 거절했습니다: {reason.ko}. 다른 결제 수단을 요청해 주세요.",
    )


def wrong_key() -> Words:
    """Return that Stripe does not know the key."""
    return _WRONG_KEY


def forbidden(error: Error) -> Words:
    """Return which permission a restricted key lacks."""
    named = lacking(error.message)
    which_en = f" “{shown(named)}”" if named else ""
    which_ko = f" ‘{shown(named)}’" if named else ""
    return Words(
        f"The restricted key lacks the permission{which_en}. At Stripe, open Developers, API keys, edit the "
        "key and give it that; or enter another key in the connection's settings.",
        f"제한된 키에{which_ko} 권한이 없습니다. Stripe의 개발자 > API 키에서 키를 편집하여 권한을 "
        "추가하거나, 연결 설정에 다른 키를 입력해 주세요.",
    )
