"""tillbridge itself: one poll that brings every order in, with the built-in point of sale."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

from benchmarks import provider
from benchmarks.scene import Place, engine
from tillbridge.cli import collect_rarely


@contextmanager
def ready(place: Place) -> Iterator[Callable[[], int]]:
    """Open the engine; the work is one poll, and its answer how many sales it opened."""
    with importing(place, provider) as work:
        yield work


@contextmanager
def importing(place: Place, plugin: ModuleType) -> Iterator[Callable[[], int]]:
    """Open the engine with a plugin that reads the webstore's orders."""
    collect_rarely()  # as the program `tillbridge` does
    with engine(place.database_url, place.key, plugin=plugin) as shop:

        def work() -> int:
            (result,) = shop.poll()
            assert result.trouble is None, result.trouble
            return result.counts.sold

        yield work
