"""The functions of amounts and numbers. Amounts are read as an order writes them, and told in major units.

So `mul(price, quantity)` is right for "19.90", for 1990 cents and for an object of amount and divisor alike.
What is not there (null, "") counts as nothing in a sum, and makes a product nothing.
"""

from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import Any, Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.expressions.faults import ValueFault, shown
from tillbridge_generic_webstore.expressions.numbers import EXACT, MONEY, Number, ReadMoney, read_number

_ZERO: Final = Decimal(0)


def reader(names: Mapping[str, Any]) -> ReadMoney:
    """Return how the order writes amounts; in plain numbers of major units, where nothing is said."""
    found: ReadMoney = names.get(MONEY, read_number)
    return found


def _read(read: ReadMoney, value: Any) -> Decimal | None:
    return value if type(value) is Number else read(value)


def add(read: ReadMoney, *values: Any) -> Number | None:
    """Add up amounts; null where none of them is there."""
    found = [one for value in values if (one := _read(read, value)) is not None]
    return Number(_sum(found)) if found else None


def sub(read: ReadMoney, *values: Any) -> Number | None:
    """Take amounts off the first; null where that is not there."""
    first = _read(read, values[0])
    if first is None:
        return None
    rest = [one for value in values[1:] if (one := _read(read, value)) is not None]
    return Number(EXACT.subtract(first, _sum(rest)))


def mul(read: ReadMoney, value: Any, times: Any) -> Number | None:
    """Multiply an amount by a number."""
    amount, factor = _read(read, value), read_number(times)
    if amount is None or factor is None:
        return None
    return Number(EXACT.multiply(amount, factor))


def div(read: ReadMoney, value: Any, by: Any) -> Number | None:
    """Divide an amount by a number; null where that is 0."""
    amount, divisor = _read(read, value), read_number(by)
    if amount is None or not divisor:
        return None
    return Number(EXACT.divide(amount, divisor))


def neg(read: ReadMoney, value: Any) -> Number | None:
    """Turn an amount's sign."""
    amount = _read(read, value)
    return None if amount is None else Number(EXACT.subtract(_ZERO, amount))


def absolute(read: ReadMoney, value: Any) -> Number | None:
    """Leave an amount's sign out."""
    amount = _read(read, value)
    return None if amount is None else Number(EXACT.abs(amount))


def total(read: ReadMoney, *lists: Any) -> Number:
    """Add up lists of amounts; 0 where there are none."""
    found: list[Decimal] = []
    for value in lists:
        for one in value if isinstance(value, list) else [value]:
            amount = _read(read, one)
            if amount is not None:
                found.append(amount)
    return Number(_sum(found))


def largest(read: ReadMoney, *values: Any) -> Number | None:
    """Return the largest of the amounts that are there."""
    found = [one for value in values if (one := _read(read, value)) is not None]
    return Number(max(found)) if found else None


def smallest(read: ReadMoney, *values: Any) -> Number | None:
    """Return the smallest of the amounts that are there."""
    found = [one for value in values if (one := _read(read, value)) is not None]
    return Number(min(found)) if found else None


def minor(read: ReadMoney, value: Any) -> Number | None:
    """Read an amount in minor units, whatever the order's other amounts are in."""
    exponent = getattr(read, "exponent", 2)
    number = read_number(value)
    return None if number is None else Number(number.scaleb(-exponent, EXACT))


def num(value: Any) -> Number | None:
    """Read a number as it is, whatever amounts are in; true and false are no numbers."""
    number = read_number(value)
    return None if number is None else Number(number)


def _sum(values: list[Decimal]) -> Decimal:
    found = _ZERO
    try:
        for value in values:
            found = EXACT.add(found, value)
    except DecimalException as error:  # beyond what 60 digits hold
        raise ValueFault(
            Words(
                f"{shown(values[-1])} cannot be added: the numbers are too large.",
                f"{shown(values[-1])}: 숫자가 너무 커서 더할 수 없습니다.",
            )
        ) from error
    return found
