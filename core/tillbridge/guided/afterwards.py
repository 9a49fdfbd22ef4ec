"""Says what an act did once it is done: what a preview says of the future misleads whoever reads it then."""

from collections.abc import Sequence
from typing import Final

from tillbridge.model.money import Money
from tillbridge.model.words import Words
from tillbridge.pos.details import PAYMENT_WORDS, Payment

# How sentences about the sale end in Korean before and after it; English says both in the same words.
_ENDINGS: Final = (
    ("재고를 되돌립니다.", "재고를 되돌렸습니다."),
    ("결제를 등록합니다.", "결제를 등록했습니다."),
    ("결제로 등록합니다.", "결제로 등록했습니다."),
    ("판매를 종료합니다.", "판매를 종료했습니다."),
    ("상태가 됩니다.", "상태가 되었습니다."),
)


def to_pay_here(amount: Money) -> Words:
    """Say what the customer pays at the counter."""
    return Words(f"{amount} is to be paid here.", f"매장에서 {amount}을(를) 받습니다.")


def happened(consequences: Sequence[Words], payments: Sequence[Payment]) -> list[Words]:
    """Return what an act led to, once its sale is over, in the sequence of its `consequences`.

    Args:
        consequences: what was said of it before.
        payments: what was noted as paid here with it, and is not to be taken again.
    """
    noted = {to_pay_here(one.amount): _noted(one) for one in payments}
    return [noted.get(one) or _past(one) for one in consequences]


def _noted(payment: Payment) -> Words:
    kind = PAYMENT_WORDS[payment.kind]
    card = f"({payment.card_type})" if payment.card_type else ""
    return Words(
        f"{payment.amount} was noted as paid here: {kind.en} {card}".rstrip() + ".",
        f"매장에서 받은 {payment.amount}을(를) 등록했습니다: {kind.ko}{card}.",
    )


def _past(words: Words) -> Words:
    for before, after in _ENDINGS:
        if words.ko.endswith(before):
            return Words(words.en, words.ko.removesuffix(before) + after)
    return words
