"""What the tests of the Stripe plugin share: the double of Stripe, and connections to it."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from plugins.stripe_payments.double import Stripe, serving
from plugins.stripe_payments.samples import Connect, connected
from tillbridge.plugin import Connection
from tillbridge.testing.clock import FrozenClock


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


@pytest.fixture
def stripe(clock: FrozenClock) -> Iterator[Stripe]:
    """The double, empty."""
    with serving(clock.now) as server:
        yield server


@pytest.fixture
def connect(clock: FrozenClock, stripe: Stripe) -> Iterator[Connect]:
    """A function that connects to the double, with changed settings if a test wants them."""
    with contextlib.ExitStack() as opened:
        yield lambda **changed: opened.enter_context(connected(clock, **{"base_url": stripe.url} | changed))


@pytest.fixture
def connection(connect: Connect) -> Connection:
    """A connection to the double."""
    return connect()
