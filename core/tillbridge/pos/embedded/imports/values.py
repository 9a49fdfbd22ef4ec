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
_LONGEST_KEY: Final = 200
_SHOWN: Final = 40
_YES: Final = frozenset({"1", "y", "yes", "true", "t", "o", "예", "네", "동의", "포함"})
_NO: Final = frozenset({"0", "n", "no", "false", "f", "x", "아니오", "아니요", "미동의", "거부", "제외"})


def read_amount(text: str, *, field: str, currency: str) -> int | None:
    """Return an amount in minor units, exactly; None for an empty cell.

    Raises:
        LineRefusal: it is no number, below zero, or has more decimals than the currency.
    """
    if not text:
        return None
    plain = text
    if exponent(currency) < _GROUP_DIGITS and _GROUPED.fullmatch(text):
        plain = text.replace(",", "")
    try:
        amount = Money.exact(_number(plain, field), currency).minor
    except MoneyError as error:
        raise LineRefusal(error.words, field=field, value=text) from None
    if amount < 0:
        raise LineRefusal(
            Words(f"{field}: {text} is below zero.", f"{field}: {text}은(는) 0보다 작습니다."),
            field=field,
            value=text,
        )
    return amount


def read_quantity(text: str, *, field: str) -> int | None:
    """Return a quantity in ten-thousandths; None for an empty cell.

    Raises:
        LineRefusal: it is no number, or has more than four decimals.
    """
    if not text:
        return None
    units = to_e4(_number(text.replace(",", "") if _GROUPED.fullmatch(text) else text, field))
    if units is None:
        raise LineRefusal(
            Words(
                f"{field}: {text} is no quantity; it may have four decimals.",
                f"{field}: {text}은(는) 수량으로 쓸 수 없습니다. 소수점 아래 네 자리까지 쓸 수 있습니다.",
            ),
            field=field,
            value=text,
        )
    return units


def _number(text: str, field: str) -> Decimal:
    try:
        return parse_decimal(text, path=field)
    except PayloadError as error:
        raise LineRefusal(error.words, field=field, value=text) from None


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
