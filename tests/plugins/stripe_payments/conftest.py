"""What the tests of the Stripe plugin share: the double of Stripe, and connections to it."""

import contextlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from plugins.stripe_payments.double import Stripe, serving
from plugins.stripe_payments.samples import SETTINGS, Connect
from tillbridge.http import HttpClient
from tillbridge.model.stores import Store
from tillbridge.plugin import Connection
from tillbridge.testing.clock import FrozenClock
from tillbridge_stripe_payments.settings import Settings, http_settings


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

        def connection(**changed: object) -> Connection:
            settings = Settings.model_validate(SETTINGS | {"base_url": stripe.url} | changed)
            http = opened.enter_context(HttpClient(http_settings(settings), clock=clock))
            return Connection(
                name="stripe",
                settings=settings,
                http=http,
                orders_from=clock.now(),
                now=clock.now,
                store=no_store,
                log=logging.getLogger("tillbridge.plugin.stripe"),
            )

        yield connection


@pytest.fixture
def connection(connect: Connect) -> Connection:
    """A connection to the double."""
    return connect()


def no_store(location: str | None) -> Store:
    raise AssertionError(f"a payment service has no stores, {location} neither")
