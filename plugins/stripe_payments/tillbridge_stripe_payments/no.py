"""Why an act on a payment is not done, in words with every amount and what to do instead."""

from typing import Final

from tillbridge.plugin import Money, WebPayment, WebPaymentState, WebRefund, Words

NOT_YET: Final = Words(
    "Stripe has not said yet what became of it; it is asked again.",
    "Stripe에서 아직 결과를 알려 주지 않아 다시 확인합니다.",
)
_DECLINED: Final = Words(
    "The payment was declined: nothing is held on the card. Take the payment in the shop, or ask the "
    "customer to pay again at the webstore.",
    "결제가 거절되어 카드에 승인된 금액이 없습니다. 매장에서 결제를 받거나 웹스토어에서 다시 결제하도록 "
    "안내해 주세요.",
)
_EXPIRED: Final = Words(
    "The hold on the card has ended by itself: nothing can be taken any more. Take the payment in the shop, "
    "or ask the customer to order again.",
    "카드 승인 보류가 만료되어 결제할 수 없습니다. 매장에서 결제를 받거나 고객에게 다시 주문하도록 안내해 "
    "주세요.",
)
_RELEASED: Final = Words(
    "The hold on the card was released: nothing can be taken any more. Take the payment in the shop, or ask "
    "the customer to order again.",
    "카드 승인 보류가 이미 해제되어 결제할 수 없습니다. 매장에서 결제를 받거나 고객에게 다시 주문하도록 "
    "안내해 주세요.",
)
_HOLDS: Final = Words(
    "Nothing was taken of this payment, so there is nothing to give back; release the hold instead.",
    "아직 결제되지 않아 환불할 금액이 없습니다. 대신 카드 승인 보류를 해제해 주세요.",
)
_NOTHING: Final = Words(
    "Nothing was taken of this payment, so there is nothing to give back.",
    "결제된 금액이 없어 환불할 금액이 없습니다.",
)


def hold_ended(payment: WebPayment) -> Words:
    """Return that nothing is held any more."""
    if payment.state is WebPaymentState.FAILED:
        return _DECLINED
    return _EXPIRED if payment.state is WebPaymentState.EXPIRED else _RELEASED


def not_finished(payment: WebPayment) -> Words:
    """Return that the customer has not finished paying."""
    if payment.state is WebPaymentState.REQUIRES_ACTION:
        return Words(
            "The customer has not confirmed the payment with the bank yet (3-D Secure). It is tried again.",
            "고객이 아직 본인 인증(3-D Secure)을 마치지 않았습니다. 나중에 다시 시도합니다.",
        )
    return Words(
        "The customer has not finished paying. It is tried again.",
        "고객이 아직 결제를 마치지 않았습니다. 나중에 다시 시도합니다.",
    )


def beyond_hold(payment: WebPayment, amount: Money) -> Words:
    """Return that more was to be taken than is held."""
    return Words(
        f"{amount} were to be taken, but {payment.authorised} are held. Nothing was taken.",
        f"결제하려는 금액은 {amount:ko}인데 카드에 승인된 금액은 {payment.authorised:ko}입니다. 결제하지 "
        "않았습니다.",
    )


def other_taken(payment: WebPayment, amount: Money) -> Words:
    """Return that another amount was taken before."""
    return Words(
        f"{payment.captured} were taken of this payment already, not {amount}. A payment can be taken only "
        "once: give the difference back, or take it in the shop.",
        f"이 결제에서는 {amount:ko}이(가) 아니라 {payment.captured:ko}이(가) 이미 결제되었습니다. 한 번만 "
        "결제할 수 있으니 차액은 환불하거나 매장에서 받아 주세요.",
    )


def taken_already(payment: WebPayment) -> Words:
    """Return that the hold was taken, so that it cannot be released."""
    return Words(
        f"{payment.captured} were taken of this payment already; it cannot be released. Refund it instead.",
        f"이미 {payment.captured:ko}이(가) 결제되어 승인 보류를 해제할 수 없습니다. 대신 환불해 주세요.",
    )


def part_of_hold(payment: WebPayment, amount: Money) -> Words:
    """Return that a hold cannot be released in part."""
    return Words(
        f"{amount} of a hold of {payment.authorised} were to be released. Stripe releases the whole; what "
        "is kept is taken instead, and the rest is released with that.",
        f"승인 보류 {payment.authorised:ko} 중 {amount:ko}만 해제할 수는 없습니다. 받을 금액을 결제하면 "
        "나머지는 자동으로 해제됩니다.",
    )


def nothing_taken(payment: WebPayment) -> Words:
    """Return that there is nothing to give back, or not yet."""
    if payment.state is WebPaymentState.HELD and payment.captured:
        return Words(
            f"{payment.captured} of this payment were taken, and {payment.authorised} are still held. Take "
            "or release the rest first; then what was taken can be given back.",
            f"이 결제에서 {payment.captured:ko}은(는) 이미 결제되었고 {payment.authorised:ko}은(는) 승인 "
            "보류 중입니다. 나머지를 먼저 결제하거나 해제한 뒤 환불해 주세요.",
        )
    return _HOLDS if payment.state is WebPaymentState.HELD else _NOTHING


def beyond_taken(payment: WebPayment, amount: Money) -> Words:
    """Return that more was to be given back than was taken."""
    back = payment.refunded + payment.refund_pending
    return Words(
        f"{amount} were to be given back, but {payment.kept} are left: {payment.captured} were taken, and "
        f"{back} given back before. Nothing was given back now.",
        f"환불하려는 금액은 {amount:ko}인데 남은 금액은 {payment.kept:ko}입니다(결제 {payment.captured:ko}, "
        f"기존 환불 {back:ko}). 환불하지 않았습니다.",
    )


def other_refunded(refund: WebRefund, amount: Money) -> Words:
    """Return that the same delivery had another amount given back before."""
    return Words(
        f"{refund.amount} were given back for this before, not {amount}. Nothing was given back now: look at "
        "the payment, and refund what is still due.",
        f"이 요청으로 {amount:ko}이(가) 아니라 {refund.amount:ko}이(가) 이미 환불되었습니다. 이번에는 "
        "환불하지 않았으니 결제를 확인한 뒤 남은 금액을 환불해 주세요.",
    )


def refund_failed(refund: WebRefund, why: Words | None) -> Words:
    """Return that money that was on its way back did not arrive."""
    reason_en, reason_ko = (f": {why.en}", f": {why.ko}") if why else ("", "")
    return Words(
        f"The refund of {refund.amount} failed{reason_en}. The shop has the money again, the customer does "
        "not: pay it back in another way.",
        f"{refund.amount:ko} 환불이 실패했습니다{reason_ko}. 금액은 매장 계정으로 돌아왔으니 다른 방법으로 "
        "고객에게 환불해 주세요.",
    )
