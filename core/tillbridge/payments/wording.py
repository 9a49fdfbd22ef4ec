"""What is said of a customer's money: of a hold or a charge only where somebody says that there is one."""

from typing import Final

from tillbridge.model.status import PAYMENT_STATE_WORDS, PaymentFacts, PaymentState
from tillbridge.model.words import Words

_OF_A_HOLD: Final = (PaymentState.HELD, PaymentState.RELEASED)


def tells_holds(facts: PaymentFacts) -> bool:
    """Say whether a hold is known of: the webstore charges on acceptance, or a payment service is asked."""
    return facts.charges or facts.recorded is not None


def payment_words(facts: PaymentFacts, state: PaymentState, webstore: str) -> Words:
    """Return where the money for an order is, in words.

    Args:
        facts: what says so.
        state: what follows from them.
        webstore: the name of the order's connection.
    """
    if state not in _OF_A_HOLD or tells_holds(facts):
        return PAYMENT_STATE_WORDS[state]
    if facts.refunded:
        return PAYMENT_STATE_WORDS[PaymentState.REFUNDED]
    paid = Words(f"paid at {webstore}", f"{webstore}에서 결제됨")
    if state is PaymentState.HELD:
        return paid
    return Words(
        f"{paid.en}; see there that the customer gets it back",
        f"{paid.ko}(고객에게 환불되는지 확인해 주세요)",
    )


def released_words(facts: PaymentFacts, webstore: str) -> Words:
    """Return what becomes of the money for an order that comes to nothing before it is charged."""
    if tells_holds(facts):
        return Words(
            "The hold on the customer's card is released by itself; nothing is charged.",
            "고객 카드의 승인 보류는 자동으로 해제되며 청구되지 않습니다.",
        )
    return Words(
        f"The customer paid at {webstore}: see there that the money is given back, or that none is taken.",
        f"고객이 {webstore}에서 결제했습니다. 환불되거나 청구되지 않는지 확인해 주세요.",
    )
