"""Money: whole minor units of one currency, the ways into it from Decimal, and its exact division."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated, ClassVar, Final, Self

from pydantic import ConfigDict, Strict

from tillbridge.model.currencies import EXPONENTS, exponent
from tillbridge.model.errors import InputError, PayloadError
from tillbridge.model.words import Words

# Own precision: a host's decimal context must not be able to round money.
_EXACT: Final = Context(prec=60)
_QUANTA: Final = {decimals: Decimal(1).scaleb(-decimals) for decimals in set(EXPONENTS.values())}
# Databases keep amounts in 64 bits.
_LARGEST: Final = 10**18 - 1
_MOST_DIGITS: Final = 18

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST_TEXT: Final = 64
# Beyond 10^±30 nothing that a shop counts remains, and exact arithmetic would grow without end.
_WIDEST: Final = 30
_WIDEST_INT: Final = 10**_WIDEST
_SHOWN: Final = 40


class MoneyError(InputError, ValueError):
    """An amount cannot be had in this currency; as a `ValueError` it is a field's error in pydantic."""


class InexactMoney(MoneyError):
    """The amount has more decimals than its currency."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency, exact; false when it is zero.

    Amounts of different currencies are never equal, and to add or order them raises `MoneyError`.
    As a pydantic field it takes a Money or `{"minor": 1230, "currency": "USD"}`, with no other
    fields and no number that is not whole.

    Attributes:
        minor: whole minor units: cents of USD, won of KRW, fils of KWD; less than 10^18 of them.
        currency: code of ISO 4217.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    minor: Annotated[int, Strict()]
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:  # a bool is an int as well
            raise TypeError(f"minor units are a whole number, not {type(self.minor).__name__}")
        if self.currency not in EXPONENTS:
            exponent(self.currency)
        if not -_LARGEST <= self.minor <= _LARGEST:
            raise _beyond(f"{self.minor.bit_length()} bits", self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return no money, in a currency."""
        return cls(0, currency)

    @classmethod
    def exact(cls, value: Decimal, currency: str) -> Self:
        """Return `value` (in major units, as in 12.30) as money.

        Raises:
            InexactMoney: it has more decimals than the currency; trailing zeros do not count.
            MoneyError: it is no number, or too large.
            UnknownCurrency: no currency has this code.
        """
        money, rounded = cls.rounding(value, currency)
        if rounded:
            shown, decimals = _shown(value), exponent(currency)
            raise InexactMoney(
                Words(
                    f"{shown} has more decimals than {currency} has ({decimals}).",
                    f"{shown}: {currency} 통화의 소수 자릿수({decimals})를 넘는 금액입니다.",
                )
            )
        return money

    @classmethod
    def rounded(cls, value: Decimal, currency: str) -> Self:
        """Return `value` (in major units) rounded half up, away from zero; raises as `rounding` does."""
        return cls.rounding(value, currency)[0]

    @classmethod
    def rounding(cls, value: Decimal, currency: str) -> tuple[Self, bool]:
        """Return `value` (in major units) rounded half up, and whether that changed it.

        Raises:
            MoneyError: it is no number (NaN, Infinity), or too large.
            UnknownCurrency: no currency has this code.
        """
        decimals = exponent(currency)
        if type(value) is not Decimal:
            raise TypeError(f"money is made of a Decimal, not of {type(value).__name__}")
        if not value.is_finite():
            raise MoneyError(
                Words(f"{value} is no amount of money.", f"{value}: 금액으로 쓸 수 없는 값입니다.")
            )
        if value and value.adjusted() >= _MOST_DIGITS - decimals:
            raise _beyond(_shown(value), currency)
        kept = value.quantize(_QUANTA[decimals], ROUND_HALF_UP, _EXACT)
        return cls(int(kept.scaleb(decimals, _EXACT)), currency), kept != value

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with all of the currency's decimals: 12.30."""
        return Decimal(self.minor).scaleb(-EXPONENTS[self.currency], _EXACT)

    def __str__(self) -> str:
        return f"{self.decimal:f} {self.currency}"

    def __format__(self, language: str) -> str:
        """Return the amount as people read it, in a sentence: ₩1,450,000; `str` stays exact, for machines."""
        # Babel takes a while to load, and most programs that only move money show none.
        from babel.numbers import format_currency  # noqa: PLC0415  # see above

        return format_currency(self.decimal, self.currency, locale=language or "en")

    def __bool__(self) -> bool:
        return self.minor != 0

    def __add__(self, other: Self) -> Self:
        return type(self)(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.minor, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Self) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Self) -> bool:
        return self.minor >= self._same(other)

    def _same(self, other: Self) -> int:
        if type(other) is not type(self):
            raise TypeError(f"money meets only money, not {type(other).__name__}")
        if other.currency != self.currency:
            raise _mixed(self.currency, other.currency)
        return other.minor


def zero(currency: str) -> Money:
    """Return no money, in a currency."""
    return Money(0, currency)


def sum_money(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of amounts that are all in `currency`; of none it is zero.

    Raises:
        MoneyError: an amount is in another currency, or the sum is too large.
    """
    total = 0
    for amount in amounts:
        if amount.currency != currency:
            raise _mixed(currency, amount.currency)
        total += amount.minor
    return Money(total, currency)


def spread(total: Money, weights: Sequence[int]) -> list[Money]:
    """Divide an amount in proportion to weights, by largest remainder.

    The parts add up to `total` exactly, each is less than one minor unit from its exact share, and
    has the sign of `total`. What is left over goes to the largest remainders, the first of equal ones
    first. If all weights are zero, they count as equal.

    Args:
        total: of either sign.
        weights: whole numbers, none below zero, such as the lines' minor units.

    Raises:
        MoneyError: a weight is below zero, or there is an amount and nothing to spread it over.
    """
    if any(weight < 0 for weight in weights) or (total and not weights):
        raise MoneyError(
            Words(
                f"{total} cannot be spread: there is no line, or a line of a negative amount.",
                f"{total}: 나눌 항목이 없거나 금액이 음수인 항목이 있어 나눌 수 없습니다.",
            )
        )
    shares = weights if any(weights) else [1] * len(weights)
    whole, amount, sign = sum(shares), abs(total.minor), -1 if total.minor < 0 else 1
    divided = [divmod(amount * share, whole) for share in shares]
    parts = [part for part, _ in divided]
    by_remainder = sorted(range(len(parts)), key=lambda place: -divided[place][1])
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return [Money(sign * part, total.currency) for part in parts]


def parse_decimal(text: object, *, path: str) -> Decimal:
    """Read a number of a payload exactly.

    Takes what a JSON parser that keeps Decimal gives: text of ASCII digits with a point, a sign and an
    exponent ("12.30", "-5", "0E-8" as Java writes it), a whole number, a Decimal. Thousands separators,
    currency signs and spaces are refused, and binary fractions, as they no longer say what was sent.

    Args:
        text: what came.
        path: where it stands in the payload, in the payload's own names ("cart.items[2].price").

    Raises:
        PayloadError: it is no such number, or beyond 10^±30.
    """
    value: Decimal | None = None
    if isinstance(text, str):
        if len(text) <= _LONGEST_TEXT and _NUMBER.fullmatch(text):
            value = Decimal(text)
    elif type(text) is int:  # a bool is an int as well
        if -_WIDEST_INT < text < _WIDEST_INT:
            value = Decimal(text)
    elif isinstance(text, Decimal):
        value = text
    if value is None or not value.is_finite() or abs(value.adjusted()) > _WIDEST:
        raise _no_number(text, path)
    return value


def _no_number(given: object, path: str) -> PayloadError:
    if given is None or given == "":
        return PayloadError(
            Words(f"{path}: a number is missing.", f"{path}: 숫자가 비어 있습니다."), path=path
        )
    shown = _shown(given) if isinstance(given, str | Decimal) else type(given).__name__
    return PayloadError(
        Words(
            f"{path}: {shown} cannot be read as a number; digits with a point are expected, as in 1234.50.",
            f"{path}: {shown} 값은 숫자로 읽을 수 없습니다. 1234.50처럼 숫자와 소수점만 써야 합니다.",
        ),
        path=path,
    )


def _shown(value: str | Decimal) -> str:
    text = str(value)
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return repr(cut) if isinstance(value, str) else cut


def _beyond(shown: str, currency: str) -> MoneyError:
    return MoneyError(
        Words(
            f"{shown} of {currency} is more than an amount of money can be.",
            f"{shown} ({currency}): 금액으로 쓰기에 너무 큰 값입니다.",
        )
    )


def _mixed(one: str, other: str) -> MoneyError:
    return MoneyError(
        Words(
            f"Amounts in {one} and in {other} cannot be added or compared.",
            f"{one} 금액과 {other} 금액은 더하거나 비교할 수 없습니다.",
        )
    )
