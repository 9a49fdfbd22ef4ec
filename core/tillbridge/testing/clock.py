"""A clock for tests: it stands still until it is told to move."""

import threading
from datetime import UTC, datetime, timedelta


class FrozenClock:
    """A clock that only `advance` and `sleep` move, and that never makes a test wait.

    Args:
        start: the time it shows first, with its zone; shown in UTC.

    `slept` lists the waits that were asked for, in seconds, in their order.

    Raises:
        ValueError: `start` has no zone.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError(
                "FrozenClock needs a start with a zone, for example datetime(2026, 1, 2, tzinfo=UTC)"
            )
        self.slept: list[float] = []
        self._start = start.astimezone(UTC)
        self._passed = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the start and what has passed since, UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return the seconds that have passed since the start."""
        with self._lock:
            return self._passed

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once.

        Raises:
            ValueError: `seconds` is negative; time only goes forward.
        """
        if seconds < 0:
            raise ValueError(f"a clock cannot go back ({seconds} seconds)")
        with self._lock:
            self._passed += seconds

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once, and remember that they were waited for."""
        if seconds > 0:
            self.slept.append(seconds)
            self.advance(seconds)
