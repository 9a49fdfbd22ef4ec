"""A WooCommerce of one's own for each test, by a clock that stands still."""

from collections.abc import Iterator

import pytest

from plugins.generic_webstore.connecting import NOW
from plugins.generic_webstore.woo.server import WooServer, serving
from plugins.generic_webstore.woo.shop import WooShop
from tillbridge.testing.clock import FrozenClock


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def shop(clock: FrozenClock) -> WooShop:
    return WooShop(clock.now)


@pytest.fixture
def woo(shop: WooShop) -> Iterator[WooServer]:
    with serving(shop) as server:
        yield server
