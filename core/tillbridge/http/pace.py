"""When to ask: the service's wish (Retry-After) and the agreed rate."""

import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from tillbridge.clock import Clock

DAY: Final = 86_400.0
_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)


class Pace:
    """Spreads requests evenly: one at most every 1 / `per_second` seconds, over all threads of a client."""

    def __init__(self, per_second: float | None, clock: Clock) -> None:
        self._interval = 0.0 if per_second is None else 1.0 / per_second
        self._clock = clock
        self._next = clock.monotonic()
        self._lock = threading.Lock()

    def reserve(self, patience: float) -> tuple[bool, float]:
        """Take the next free moment, if it comes within `patience` seconds.

        Returns:
            Whether it was taken, and the seconds until that moment; the caller does the waiting.
        """
        with self._lock:
            now = self._clock.monotonic()
            moment = max(self._next, now)
            wait = moment - now
            if wait > 0 and wait >= patience:
                return False, wait
            self._next = moment + self._interval
            return True, wait


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read how long the service wants to be left alone.

    A date is read against the service's own `Date` header where it sends one, so that a wrong clock in the
    shop does no harm. What is negative, past or no time at all is no wish; more than a day counts as a day.

    Returns:
        Seconds, greater than 0 and at most a day, or None.
    """
    wish = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(wish):
        seconds = float(wish)
    elif (date := _date(wish)) is not None:
        seconds = (date - (_date(headers.get("Date", "")) or now)).total_seconds()
    else:
        return None
    return min(seconds, DAY) if seconds > 0 else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)
