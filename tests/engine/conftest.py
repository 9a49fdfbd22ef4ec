"""A shop with an engine, a webstore in memory, and the point of sale that the test asks for."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet

from orders import HELMET, PUMP
from shop import Shop
from tillbridge.testing.clock import FrozenClock


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))


@pytest.fixture
def shop(database_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(database_url, clock, key=Fernet.generate_key().decode())
    shop.stock("P1", HELMET, 10)
    shop.stock("P2", PUMP, 10)
    shop.customer("C1", "minsu@example.com")
    shop.connect()
    yield shop
    shop.close()
