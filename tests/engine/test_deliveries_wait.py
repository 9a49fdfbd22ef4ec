"""How patient deliveries are: with a webstore's bad night, with its wishes, and with a wrong clock."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from orders import order
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.model.errors import Retryable
from tillbridge.model.status import Status
from tillbridge.testing.clock import FrozenClock


@pytest.fixture
def accepted(shop):
    """A shop that has accepted an order, of which its webstore was not told yet."""
    shop.webstore.offer(order("A1"))
    shop.poll()
    shop.set("A1", Status.IN_PROCESS)
    return shop


def refuse(shop, wish: timedelta | None = None) -> None:
    def fail(call: str) -> None:
        if call == "push_status":
            until = None if wish is None else shop.clock.now() + wish
            raise Retryable("The webstore is away.", until=until)

    shop.webstore.before = fail


def state(shop) -> str:
    with shop.engine.context.database.read() as database:
        return str(database.execute(select(tables.deliveries.c.state)).scalar_one())


def pass_time(shop, hours: int) -> None:
    """Let the outbox look every half hour."""
    for _ in range(hours * 2):
        shop.engine.deliver()
        shop.clock.advance(1800)


def test_a_decision_outlasts_a_webstores_bad_night(accepted):
    """Ten tries with growing waits are used up after three hours; nobody is at the shop to try again."""
    refuse(accepted)
    pass_time(accepted, 12)
    accepted.webstore.before = lambda _: None
    pass_time(accepted, 1)

    assert ["A1"] == [one.order_id for one in accepted.webstore.told]
    assert DeliveryState.SENT == state(accepted)


def test_a_decision_that_nobody_takes_for_a_day_is_set_aside(accepted):
    refuse(accepted)
    pass_time(accepted, 26)

    assert DeliveryState.SET_ASIDE == state(accepted)


def test_a_wish_for_a_moments_patience_does_not_use_up_the_tries(accepted):
    """Ten times a second would be over before anybody has noticed."""
    refuse(accepted, timedelta(seconds=1))
    calls: list[str] = []
    fail = accepted.webstore.before

    def count(call: str) -> None:
        calls.append(call)
        fail(call)

    accepted.webstore.before = count
    for _ in range(60):
        accepted.engine.deliver()
        accepted.clock.advance(2)

    # At once, after 30 seconds and after 60 more.
    assert 3 == calls.count("push_status")


def test_an_endless_wish_for_patience_is_heeded_for_a_day_at_most(accepted):
    refuse(accepted, timedelta(days=365))
    accepted.engine.deliver()
    accepted.webstore.before = lambda _: None
    accepted.clock.advance(86_400)

    accepted.engine.deliver()

    assert DeliveryState.SENT == state(accepted)


def test_a_clock_that_is_set_back_lets_no_delivery_wait_until_then(accepted, monkeypatch):
    """The computer was a day ahead when the webstore could not be told."""
    refuse(accepted)
    now = FrozenClock.now
    with monkeypatch.context() as ahead:
        ahead.setattr(FrozenClock, "now", lambda clock: now(clock) + timedelta(days=1))
        accepted.engine.deliver()
    accepted.webstore.before = lambda _: None

    accepted.engine.deliver()

    assert DeliveryState.SENT == state(accepted)
