"""Reads single values of a file: amounts, quantities, yes and no. What cannot be read is refused in words."""

import re
from decimal import Decimal
from typing import Final

from tillbridge.model.currencies import exponent
from tillbridge.model.errors import PayloadError
from tillbridge.model.money import Money, MoneyError, parse_decimal
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.report import LineRefusal
from tillbridge.pos.embedded.numbers import to_e4

# "12,000": as a decimal comma it would have three decimals, which few currencies have.
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_GROUP_DIGITS: Final = 3
# A sign is read only where the store's currency is one that it stands for.
_SIGNS: Final[dict[str, tuple[str, ...]]] = {
    "KRW": ("₩", "\uffe6", "원"),
    "JPY": ("¥", "\uffe5", "円"),
    "CNY": ("¥", "\uffe5", "元"),
    "EUR": ("€",),
    "GBP": ("£",),
    **dict.fromkeys(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"), ("$",)),
}
_LONGEST_KEY: Final = 200
_SHOWN: Final = 40
_YES: Final = frozenset({"1", "y", "yes", "true", "t", "o", "예", "네", "동의", "포함"})
_NO: Final = frozenset({"0", "n", "no", "false", "f", "x", "아니오", "아니요", "미동의", "거부", "제외"})


def read_amount(text: str, *, field: str, currency: str) -> int | None:
    """Return an amount in minor units, exactly; None for an empty cell.

    The currency's own sign or code may stand before or behind it; one of another currency is refused.

    Raises:
        LineRefusal: it is no number, below zero, or has more decimals than the currency.
    """
    if not text:
        return None
    plain = _without_sign(text, currency)
    if exponent(currency) < _GROUP_DIGITS and _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        amount = Money.exact(_number(plain, text, field), currency).minor
    except MoneyError as error:
        raise LineRefusal(error.words, field=field, value=text) from None
    if amount < 0:
        raise LineRefusal(
            Words(f"{text} is below zero.", f"{text}: 0보다 작은 금액은 쓸 수 없습니다."),
            field=field,
            value=text,
        )
    return amount


def read_quantity(text: str, *, field: str) -> int | None:
    """Return a quantity in ten-thousandths; None for an empty cell.

    Raises:
        LineRefusal: it is no number, below zero, or has more than four decimals.
    """
    if not text:
        return None
    plain = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    units = to_e4(_number(plain, text, field))
    if units is None:
        raise LineRefusal(
            Words(
                f"{text} is no quantity; it may have four decimals.",
                f"{text}: 수량으로 쓸 수 없습니다. 소수점 아래 네 자리까지 쓸 수 있습니다.",
            ),
            field=field,
            value=text,
        )
    if units < 0:
        raise LineRefusal(
            Words(f"{text} is below zero.", f"{text}: 0보다 작은 수량은 쓸 수 없습니다."),
            field=field,
            value=text,
        )
    return units


def _number(plain: str, text: str, field: str) -> Decimal:
    try:
        return parse_decimal(plain, path=field)
    except PayloadError:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise LineRefusal(
            Words(
                f"{shown} cannot be read as a number; digits with a point are expected, as in 1234.50.",
                f"{shown}: 숫자로 읽을 수 없습니다. 1234.50처럼 숫자와 소수점으로 적어 주세요.",
            ),
            field=field,
            value=text,
        ) from None


def _without_sign(text: str, currency: str) -> str:
    for sign in (*_SIGNS.get(currency, ()), currency):
        for bare in (text.removeprefix(sign), text.removesuffix(sign)):
            if bare != text:
                return bare.strip()
    return text


def read_yes_no(text: str, *, field: str) -> bool | None:
    """Return yes as True and no as False; None for an empty cell.

    Raises:
        LineRefusal: it is neither.
    """
    folded = text.casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    if not text:
        return None
    raise LineRefusal(
        Words(f"{text!r} is neither yes nor no.", f"{text!r}: 예 또는 아니오로 적어 주세요."),
        field=field,
        value=text,
    )


def checked_key(text: str, *, field: str) -> str:
    """Return a number or code by which something is known.

    Raises:
        LineRefusal: it is longer than any such number.
    """
    if len(text) > _LONGEST_KEY:
        raise LineRefusal(
            Words(
                f"The value is longer than {_LONGEST_KEY} characters.",
                f"값이 {_LONGEST_KEY}자를 넘습니다.",
            ),
            field=field,
            value=f"{text[:_SHOWN]}…",
        )
    return text
