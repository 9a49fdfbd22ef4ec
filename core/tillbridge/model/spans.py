"""How long something lasted, in words."""

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
    size, unit = next((one for one in _UNITS if seconds >= one[0]), _UNITS[-1])
    count = seconds // size
    return Words(f"{count} {unit.en}{'' if count == 1 else 's'}", f"{count}{unit.ko}")
