"""A shop on SQLite with a webstore and a point of sale in memory, and a runner that waits for nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet

from orders import HELMET
from shop import Shop
from tillbridge.testing.clock import FrozenClock


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))


@pytest.fixture
def shop(sqlite_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(sqlite_url, clock, key=Fernet.generate_key().decode())
    shop.stock("P1", HELMET, 10)
    shop.customer("C1", "minsu@example.com")
    shop.connect()
    yield shop
    shop.close()
