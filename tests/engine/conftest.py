"""Fixtures of the engine's tests."""

from collections.abc import Iterator

import pytest

from engine.tills import Till


@pytest.fixture
def till(database_url: str, clock) -> Iterator[Till]:
    """An engine over the embedded POS, with a helmet, a pump and Kim Minsu."""
    till = Till(database_url, clock)
    yield till
    till.engine.close()
