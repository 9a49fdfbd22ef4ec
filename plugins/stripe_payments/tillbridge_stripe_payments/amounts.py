"""Amounts as Stripe writes them: whole numbers, with currencies that are not what ISO 4217 makes of them."""

from decimal import Decimal
from enum import Enum
from typing import Final

from tillbridge.plugin import Money, PayloadError, Rejected, Words


class Kind(Enum):
    """How Stripe writes the amounts of a currency."""

    PLAIN = "minor units, two decimals"
    WHOLE = "whole units, no decimals"
    HUNDREDFOLD = "whole units, written with two decimals that are always 00"
    TENS = "minor units, three decimals, the last of them always 0"


_WHOLE_CODES: Final = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_WHOLE: Final = frozenset(_WHOLE_CODES.split(" "))
# They lost their decimals; Stripe still writes them with two.
_HUNDREDFOLD: Final = frozenset({"ISK", "UGX"})
_TENS: Final = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
_HUNDRED: Final = 100
_TEN: Final = 10


def kind_of(currency: str) -> Kind | None:
    """Return how Stripe writes a currency (three capital letters), or None where it does not take it.

    Raises:
        ValueError: no currency in force has this code.
    """
    if currency in _WHOLE:
        return Kind.WHOLE
    if currency in _HUNDREDFOLD:
        return Kind.HUNDREDFOLD
    if currency in _TENS:
        return Kind.TENS
    return Kind.PLAIN if _unit(currency) == _HUNDRED else None


def to_stripe(money: Money) -> int:
    """Return an amount as Stripe takes it.

    Raises:
        Rejected: Stripe does not take the currency, or the amount has more decimals than Stripe takes.
    """
    kind = kind_of(money.currency)
    if kind is None:
        raise Rejected(
            Words(
                f"Stripe does not take {money.currency}.",
                f"Stripe에서는 {money.currency} 통화를 사용할 수 없습니다.",
            )
        )
    if kind is Kind.PLAIN:
        return money.minor
    if kind is Kind.TENS:
        if money.minor % _TEN:
            raise _too_fine(money)
        return money.minor
    whole, rest = divmod(money.minor, _unit(money.currency))
    if rest:
        raise _too_fine(money)
    return whole * _HUNDRED if kind is Kind.HUNDREDFOLD else whole


def from_stripe(amount: int, currency: str, *, path: str) -> Money:
    """Return an amount of Stripe's as money.

    Args:
        amount: as Stripe wrote it.
        currency: Stripe's code: three small letters.
        path: where it stood, in Stripe's own names.

    Raises:
        PayloadError: the currency is unknown, or the amount cannot be one of it.
    """
    code = currency.upper()
    try:
        kind = kind_of(code)
        if kind is None:
            raise _unreadable(amount, code, path)
        if kind in (Kind.PLAIN, Kind.TENS):
            return Money(amount, code)
        whole = amount
        if kind is Kind.HUNDREDFOLD:
            whole, rest = divmod(amount, _HUNDRED)
            if rest:
                raise _unreadable(amount, code, path)
        return Money(whole * _unit(code), code)
    except ValueError as error:  # MoneyError and an unknown currency are ones
        raise _unreadable(amount, code, path) from error


def fee_from_stripe(amount: int, currency: str, *, path: str) -> Money:
    """Return a fee of Stripe's as money.

    Of a currency that Stripe writes with two decimals that it has no more, a fee may have such decimals: it
    is rounded to the nearest unit. No customer's money is in it, and a day is not to stay uncompared for it.

    Raises:
        PayloadError: as `from_stripe`.
    """
    if kind_of(currency.upper()) is Kind.HUNDREDFOLD:
        amount = (amount + _HUNDRED // 2) // _HUNDRED * _HUNDRED
    return from_stripe(amount, currency, path=path)


def _unit(currency: str) -> int:
    """Return how many minor units of tillbridge's make one unit of a currency: 100 of USD, 1 of KRW."""
    return Money.exact(Decimal(1), currency).minor


def _too_fine(money: Money) -> Rejected:
    return Rejected(
        Words(
            f"{money} cannot be moved at Stripe: it takes amounts in {money.currency} with fewer decimals "
            "only. Choose a rounder amount.",
            f"{money:ko}: Stripe에서는 {money.currency} 금액을 이 소수 자릿수까지 처리할 수 없습니다. "
            "자릿수가 더 적은 금액을 입력해 주세요.",
        )
    )


def _unreadable(amount: int, currency: str, path: str) -> PayloadError:
    return PayloadError(
        Words(
            f"Stripe's amount {amount} at {path} is none that {currency} can have.",
            f"{path}: Stripe의 금액 {amount}은(는) {currency} 통화에서 쓸 수 없는 값입니다.",
        ),
        path=path,
    )
