"""How long something lasted, or has to wait, in words."""

import math
from datetime import timedelta
from typing import Final

from tillbridge.model.words import Words

# The largest unit of which there is at least one, and how many seconds it has.
_UNITS: Final = (
    (86_400, Words("day", "일")),
    (3_600, Words("hour", "시간")),
    (60, Words("minute", "분")),
    (1, Words("second", "초")),
)


def lasting(span: timedelta) -> Words:
    """Say a span in its largest unit, rounded down: "2 hours"; what is less than nothing is no seconds."""
    seconds = max(0, int(span.total_seconds()))
    size, unit = _largest(seconds)
    count = seconds // size
    return Words(f"{count} {unit.en}{'' if count == 1 else 's'}", f"{count}{unit.ko}")


def waiting(span: timedelta) -> Words:
    """Say a span in its largest unit, rounded up: 100 seconds are "2 minutes"; nothing is no seconds."""
    seconds = max(0, math.ceil(span.total_seconds()))
    size, _ = _largest(seconds)
    # Rounded up, it may have one of the next unit: 59 minutes and a half are an hour.
    return lasting(timedelta(seconds=math.ceil(seconds / size) * size))


def _largest(seconds: int) -> tuple[int, Words]:
    return next((one for one in _UNITS if seconds >= one[0]), _UNITS[-1])
