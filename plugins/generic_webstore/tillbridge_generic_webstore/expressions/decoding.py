"""Reads JSON exactly: whole numbers as `int`, all others as Decimal; no binary fraction is ever made.

Numbers longer than anything that a shop counts are read as "no number": passed over in a field that nobody
uses, and refused in others.
"""

from decimal import Decimal, DecimalException
from typing import Any, Final

import msgspec

_LONGEST: Final = 40
_NO_NUMBER: Final = Decimal("NaN")


def decimal(text: str) -> Decimal:
    """Return a fraction; NaN for one that is beyond all counting."""
    if len(text) > _LONGEST:
        return _NO_NUMBER
    try:
        number = Decimal(text)
    except DecimalException:  # an exponent beyond what Decimal knows
        return _NO_NUMBER
    # Written out, 1E+999999 would be a million digits.
    return number if abs(number.adjusted()) <= _LONGEST else _NO_NUMBER


def integer(text: str) -> int | Decimal:
    """Return a whole number; NaN for one that is beyond all counting."""
    return int(text) if len(text) <= _LONGEST else _NO_NUMBER


def no_number(_text: str) -> Decimal:
    """Return what Infinity and NaN are read as."""
    return _NO_NUMBER


_DECODER: Final = msgspec.json.Decoder(float_hook=decimal)


def decode_exactly(content: bytes | str) -> Any:
    """Return the value of JSON.

    Raises:
        ValueError: it is no JSON; the message says where.
        RecursionError: it is nested too deep.
    """
    try:
        return _DECODER.decode(content)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
