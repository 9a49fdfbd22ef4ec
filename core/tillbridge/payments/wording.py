"""What is said of a customer's money: of a hold or a charge only where somebody says that there is one."""

from collections.abc import Iterator
from typing import Final

from tillbridge.db.types import AnyRow
from tillbridge.model.money import Money
from tillbridge.model.orders import WebMoney
from tillbridge.model.payments import STRIPE
from tillbridge.model.status import PAYMENT_STATE_WORDS, PaymentFacts, PaymentState
from tillbridge.model.words import Words
from tillbridge.payments.owed import Amounts
from tillbridge.provider import Provider

_OWED: Final = (PaymentState.REFUND_DUE, PaymentState.PART_REFUND_DUE)


def card_type_of(row: AnyRow, provider: Provider | None) -> str:
    """Return the card type of what is noted as paid online: who took it.

    Stripe where a payment service serves the order's webstore, or where that charges the card by itself on
    acceptance (MISSION S20); else the name of its connection.
    """
    if row.paid_by is not None or (provider is not None and provider.charges_on_acceptance):
        return STRIPE
    return str(row.connection)


def payment_words(
    facts: PaymentFacts, state: PaymentState, webstore: str, amounts: Amounts | None = None
) -> Words:
    """Return where the money for an order is, in words.

    Args:
        facts: what says so.
        state: what follows from them.
        webstore: the name of the order's connection.
        amounts: what is to be given back, and was, where that is known.
    """
    if facts.recorded is not None or not facts.paid_online:
        return PAYMENT_STATE_WORDS[state]
    if state in _OWED or state is PaymentState.REFUNDED:
        return _of_refund(facts, state, webstore, amounts)
    return _said(facts, webstore).get(state, PAYMENT_STATE_WORDS[state])


def _of_refund(facts: PaymentFacts, state: PaymentState, webstore: str, amounts: Amounts | None) -> Words:
    """Say what is to be given back, or was: how much of how much."""
    done = state is PaymentState.REFUNDED
    what = Words("", "")
    if amounts is not None and not (done and not amounts.done):
        what = _how_much(amounts.done if done else amounts.due, amounts.paid)
    elif state is PaymentState.PART_REFUND_DUE:
        what = Words("part of it ", "일부 ")
    if done:
        return Words(f"{what.en}refunded by {webstore}", f"{webstore}에서 {what.ko}환불됨")
    still = facts.money is WebMoney.HELD
    held = Words(", which only holds it as yet", "(아직 청구 전)") if still else Words("", "")
    return Words(
        f"{what.en}to be refunded by {webstore}{held.en}", f"{webstore}에서 {what.ko}환불 예정{held.ko}"
    )


def _how_much(amount: Money, paid: Money) -> Words:
    if amount == paid:
        return Words(f"{amount:en} ", f"{amount:ko} ")
    return Words(f"{amount:en} of {paid:en} ", f"{paid:ko} 중 {amount:ko} ")


def _said(facts: PaymentFacts, webstore: str) -> dict[PaymentState, Words]:
    """Return what is said of a webstore by its name, where nothing is to be given back."""
    unsaid = Words(
        f"paid at {webstore}, which has not said whether it has charged the customer or only holds the money",
        f"{webstore}에서 결제됨(청구했는지 보류 중인지 {webstore}에서 알리지 않음)",
    )
    said = {
        PaymentState.UNSAID: unsaid,
        PaymentState.PERHAPS_DUE: Words(
            f"{unsaid.en}; see there that it is given back, or that none is taken",
            f"{unsaid.ko} - 환불되거나 청구되지 않는지 확인해 주세요",
        ),
        PaymentState.CHARGED: Words(f"charged by {webstore}", f"{webstore}에서 청구됨"),
    }
    if facts.money is WebMoney.HELD:
        said |= _held(webstore)
    elif facts.money is WebMoney.ON_ACCEPTANCE:
        said[PaymentState.HELD] = Words(
            f"held by {webstore}, which charges it once the order is accepted",
            f"{webstore}에서 승인 보류 중(수락하면 청구됨)",
        )
    elif facts.money is WebMoney.RELEASED:
        said[PaymentState.RELEASED] = Words(
            f"released by {webstore}; nothing is charged", f"{webstore}에서 승인 보류 해제, 청구 없음"
        )
    return said


def _held(webstore: str) -> dict[PaymentState, Words]:
    """Return what is said where the webstore holds the money, and somebody there has to see to it."""
    return {
        PaymentState.HELD: Words(
            f"held by {webstore}, and not charged yet", f"{webstore}에서 승인 보류 중(청구 전)"
        ),
        PaymentState.RELEASED: Words(
            f"held by {webstore}, and not charged; see there that it is released",
            f"{webstore}에서 승인 보류 중(청구 없음) - 보류가 해제되는지 확인해 주세요",
        ),
        PaymentState.RECORDED: Words(
            f"recorded as an eCommerce payment; {webstore} only holds it as yet: see there that it is "
            "charged",
            f"이커머스 결제로 등록됨 - {webstore}에서 아직 청구하지 않았으니 청구되는지 확인해 주세요",
        ),
    }


def released_words(facts: PaymentFacts, webstore: str) -> Words:
    """Return what becomes of the money for an order that comes to nothing before it is charged."""
    if facts.money is WebMoney.RELEASED:
        return Words(
            f"{webstore} has let the money go: nothing is charged.",
            f"{webstore}에서 승인 보류를 해제했으며 청구되지 않습니다.",
        )
    if facts.money is WebMoney.HELD:
        return Words(
            f"{webstore} holds the money, and has not charged it: see there that it is released.",
            f"{webstore}에서 승인 보류 중이며 청구하지 않았습니다. 보류가 해제되는지 확인해 주세요.",
        )
    if facts.said:
        return Words(
            "The hold on the customer's card is released by itself; nothing is charged.",
            "고객 카드의 승인 보류는 자동으로 해제되며 청구되지 않습니다.",
        )
    return Words(
        f"The customer paid at {webstore}, which has not said whether it has charged them: see there that "
        "the money is given back, or that none is taken.",
        f"고객이 {webstore}에서 결제했지만 청구 여부를 알리지 않았습니다. 환불되거나 청구되지 않는지 확인해 "
        "주세요.",
    )


def less_words(facts: PaymentFacts, webstore: str, amount: Money, names: Words) -> Iterator[Words]:
    """Say what becomes of the money for items that are taken off an order before it is charged."""
    if facts.money is WebMoney.HELD:
        yield Words(
            f"{webstore} holds the money: see there that {amount:en} less is charged, for {names.en}.",
            f"{webstore}에서 승인 보류 중입니다. {names.ko} 금액 {amount:ko}이(가) 청구되지 않는지 확인해 "
            "주세요.",
        )
    elif not facts.said:
        yield Words(
            f"The customer paid at {webstore}, which has not said whether it has charged them: see there "
            f"that {amount:en} for {names.en} is given back, or not taken.",
            f"고객이 {webstore}에서 결제했지만 청구 여부를 알리지 않았습니다. {names.ko} 금액 "
            f"{amount:ko}이(가) 환불되거나 청구되지 않는지 확인해 주세요.",
        )


def still_held(facts: PaymentFacts, webstore: str, amount: Money) -> Iterator[Words]:
    """Say of goods that are handed over that their webstore has not charged them yet."""
    if facts.money is WebMoney.HELD and amount:
        yield Words(
            f"{webstore} holds the money, and has not charged it: see there that {amount:en} is charged.",
            f"{webstore}에서 승인 보류 중이며 아직 청구하지 않았습니다. {amount:ko}이(가) 청구되는지 확인해 "
            "주세요.",
        )
