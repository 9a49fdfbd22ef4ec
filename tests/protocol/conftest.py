"""A scene for each test of the order protocol, on each kind of database."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet

from scene import Scene
from tillbridge.testing.clock import FrozenClock


@pytest.fixture
def make_scene(database_url: str) -> Iterator[Callable[..., Scene]]:
    """Make the test's scene; a rule is taken out before, so that its engines run without it."""
    made: list[Scene] = []

    def make(**wanted: Any) -> Scene:
        assert not made, "a scene has its database to itself"
        clock = FrozenClock(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))
        made.append(Scene(database_url, clock, key=Fernet.generate_key().decode(), **wanted))
        return made[0]

    yield make
    for scene in made:
        scene.close()
