"""The clock that everything asks: the time, a stopwatch, and waiting."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time. It is passed in, so that a test can hold it still."""

    def now(self) -> datetime:
        """Return the time of day, UTC, with its zone."""

    def monotonic(self) -> float:
        """Return the seconds of a stopwatch that never runs backwards; only differences mean something."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass; nothing, if it is zero or less."""


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Return the computer's time, UTC, with its zone."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the computer's stopwatch, in seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Hold the calling thread for `seconds`."""
        if seconds > 0:
            time.sleep(seconds)
