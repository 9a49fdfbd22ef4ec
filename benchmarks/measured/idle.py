"""A poll that finds nothing new, against a webstore that takes 5 ms to say so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from benchmarks.scene import Place, engine
from tillbridge.clock import SystemClock


class HurriedClock(SystemClock):
    """A clock by which every look finds each connection due."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the time, ahead by what `hurry` has added."""
        return super().now() + self._ahead

    def hurry(self) -> None:
        """Let the longest time between two polls pass."""
        self._ahead += timedelta(minutes=10)


@contextmanager
def ready(place: Place) -> Iterator[Callable[[], int]]:
    """Bring every order in first; the work is `limit` polls of the empty rest, as a runner does them."""
    clock = HurriedClock()
    with engine(place.database_url, place.key, clock=clock) as shop:
        (first,) = shop.poll()
        assert first.trouble is None, first.trouble

        def poll() -> int:
            clock.hurry()
            (result,) = shop.poll_due()
            assert result.trouble is None, result.trouble
            return result.fetched

        yield lambda: sum(poll() for _ in range(place.limit))
