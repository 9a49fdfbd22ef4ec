"""Reads single values of a file: amounts, quantities, yes and no. What cannot be read is refused in words."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from tillbridge.model.currencies import exponent
from tillbridge.model.errors import PayloadError
from tillbridge.model.money import Money, MoneyError, parse_decimal
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.reading.table import NumberText
from tillbridge.pos.embedded.imports.report import LineRefusal
from tillbridge.pos.embedded.numbers import to_e4

Points = Mapping[str, str]
"""By field the sign before decimals: "." or ","; "" where the file does not tell it."""

# Digits in groups of three, by one sign throughout; then perhaps the other sign and decimals.
_GROUPED: Final = re.compile(
    r"-?[0-9]{1,3}(?:([.,' \u00a0\u202f’])[0-9]{3})(?:\1[0-9]{3})*(?:([.,])([0-9]*))?"
)
_ONE_SIGN: Final = re.compile(r"-?([0-9]*)([.,])([0-9]+)")
_GROUP_DIGITS: Final = 3
_EITHER: Final = {".": ",", ",": "."}
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


def read_amount(text: str, *, field: str, currency: str, point: str = "") -> int | None:
    """Return an amount in minor units, exactly; None for an empty cell.

    The currency's own sign or code may stand before or behind it; one of another currency is refused.

    Args:
        text: as it stands in the file.
        field: what it is.
        currency: of the amount.
        point: the sign before decimals, "." or ","; "" if only the amount itself can tell.

    Raises:
        LineRefusal: it is no number, below zero, or has more decimals than the currency.
    """
    if not text:
        return None
    plain = text
    if not isinstance(text, NumberText):
        plain = _plain(_without_sign(text, currency), text, field, point, exponent(currency))
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


def read_quantity(text: str, *, field: str, point: str = "") -> int | None:
    """Return a quantity in ten-thousandths; None for an empty cell.

    Raises:
        LineRefusal: it is no number, below zero, or has more than four decimals.
    """
    if not text:
        return None
    plain = text if isinstance(text, NumberText) else _plain(text, text, field, point, _GROUP_DIGITS - 1)
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


def point_told_by(text: str, currency: str) -> str:
    """Return the sign before decimals that a number shows beyond doubt; "" if it shows none."""
    plain = _without_sign(text, currency)
    found = _GROUPED.fullmatch(plain)
    if found and found[2] and found[2] != found[1]:
        return found[2]
    if found and plain.count(found[1]) > 1:
        return _EITHER.get(found[1], "")
    one = _ONE_SIGN.fullmatch(plain)
    return one[2] if one and not _is_group(one[1], one[3]) else ""


def _is_group(whole: str, rest: str) -> bool:
    """Tell whether the digits behind a sign may be thousands' rather than decimals."""
    return len(rest) == _GROUP_DIGITS and 1 <= len(whole) <= _GROUP_DIGITS and not whole.startswith("0")


def _plain(number: str, text: str, field: str, point: str, decimals: int) -> str:
    """Return a number with a point before its decimals and nothing between its thousands.

    Raises:
        LineRefusal: whether a sign in it stands before decimals or thousands cannot be told.
    """
    found = _GROUPED.fullmatch(number)
    one = _ONE_SIGN.fullmatch(number)
    if one and _is_group(one[1], one[3]):
        sign = one[2]
        if not point and (sign == "." or decimals >= _GROUP_DIGITS):
            raise _ambiguous(text, field, f"{one[1]}{one[3]}", f"{one[1]}.{one[3]}")
        if point == sign:
            return number.replace(sign, ".")
        return number.replace(sign, "")
    if found and found[1] != found[2]:
        told = found[2] or _EITHER.get(found[1], point)
        if point in ("", told):
            return number.replace(found[1], "").replace(",", ".")
    if one and point in ("", one[2]):
        return number.replace(one[2], ".")
    if point and (one or found):
        raise _other_sign(text, field, point)
    return number


def _other_sign(text: str, field: str, point: str) -> LineRefusal:
    return LineRefusal(
        Words(
            f"{text} does not fit the others of its column, which have {point} before decimals.",
            f"{text}: 같은 열의 다른 숫자는 소수점으로 {point}을(를) 쓰므로 맞지 않습니다.",
        ),
        field=field,
        value=text,
    )


def _ambiguous(text: str, field: str, whole: str, decimal: str) -> LineRefusal:
    return LineRefusal(
        Words(
            f"{text} may be {whole} or {decimal}, and no other number of the column tells which. Say with "
            "--decimal . or --decimal , which sign stands before decimals.",
            f"{text}: {whole}일 수도 {decimal}일 수도 있는데 같은 열의 다른 숫자로도 알 수 없습니다. "
            "--decimal . 또는 --decimal ,로 소수점 기호를 지정해 주세요.",
        ),
        field=field,
        value=text,
    )


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
