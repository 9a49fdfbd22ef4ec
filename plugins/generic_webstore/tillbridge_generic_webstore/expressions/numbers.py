"""Numbers of a payload, exact: whole ones as `int`, all others as `Decimal`, texts read strictly."""

import re
from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any, Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.expressions.faults import ValueFault, shown

EXACT: Final = Context(prec=60)
"""A host's own decimal context must not be able to round an amount."""

MONEY: Final = "$money"
"""Under this name a `ReadMoney` is handed to an expression: how the order writes amounts."""

ReadMoney = Callable[[Any], Decimal | None]
"""Reads an amount, as the payload writes it, into major units; None for one that is not there."""

_TEXT: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LONGEST: Final = 64
# Beyond 10^±30 nothing that a shop counts remains, and exact arithmetic would grow without end.
_WIDEST: Final = 30


class Number(Decimal):
    """A number that one of our functions has made: in major units already, where it is an amount."""

    __slots__ = ()


def read_number(value: Any) -> Decimal | None:
    """Return a payload's number; None where there is none (null, "").

    Raises:
        ValueFault: it is no number, or beyond 10^±30; thousands separators, signs of currencies, spaces and
            exponents in a text are refused.
    """
    kind = type(value)
    if kind is Decimal or kind is Number:
        number: Decimal = value
    elif kind is int:
        number = Decimal(value)
    elif value is None or value == "":
        return None
    elif kind is str and len(value) <= _LONGEST and _TEXT.fullmatch(value):
        number = Decimal(value)
    else:
        raise _no_number(value)
    if not number.is_finite() or abs(number.adjusted()) > _WIDEST:
        raise _no_number(value)
    return number


def _no_number(value: object) -> ValueFault:
    return ValueFault(
        Words(
            f"{shown(value)} is no number; digits with a point are expected, as in 1234.50.",
            f"{shown(value)} 값은 숫자로 읽을 수 없습니다. 1234.50처럼 숫자와 소수점만 써야 합니다.",
        )
    )
