"""Sizes and times, as people say them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from tillbridge.model.words import Words

_UNITS: Final = ("bytes", "KB", "MB", "GB", "TB")
_STEP: Final = 1024
_TEN: Final = 10
_TIMES: Final = ((86_400, "day", "일"), (3_600, "hour", "시간"), (60, "minute", "분"), (1, "second", "초"))
_SHOWN: Final = 5


def size(count: int) -> str:
    """Return a number of bytes, as in "12 MB"."""
    amount, unit = float(count), 0
    while amount >= _STEP and unit < len(_UNITS) - 1:
        amount, unit = amount / _STEP, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit and amount < _TEN else f"{amount:.0f} {_UNITS[unit]}"


def lasting(span: timedelta) -> Words:
    """Return how long something is, whichever way it runs, in the largest unit that it has two of."""
    seconds = round(abs(span.total_seconds()))
    length, name, name_ko = next((one for one in _TIMES if seconds >= one[0] * 2), _TIMES[-1])
    count = round(seconds / length)
    return Words(f"{count} {name}{'' if count == 1 else 's'}", f"{count}{name_ko}")


def some(names: Iterable[str]) -> str:
    """Return the first few names, and a sign that there are more."""
    known = list(names)
    return ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
