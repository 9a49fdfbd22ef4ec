"""tillbridge itself, as in `product`, but for the parser: a profile reads the orders."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks import by_profile
from benchmarks.measured.product import importing
from benchmarks.scene import Place


@contextmanager
def ready(place: Place) -> Iterator[Callable[[], int]]:
    """Open the engine; the work is one poll, and its answer how many sales it opened."""
    with importing(place, by_profile) as work:
        yield work
