"""A payment service is a connection that brings no orders, and is asked again when a hold has ended."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from orders import won
from payments.counters import Counter
from tillbridge.model.errors import InputError
from tillbridge.model.messages import Cause
from tillbridge.model.payments import WebPaymentState


@pytest.fixture
def shop(sqlite_url: str, clock) -> Iterator[Counter]:
    made = Counter(sqlite_url, clock)
    yield made
    made.close()


def test_it_is_not_polled_and_is_in_no_trouble_for_it(shop):
    polled = {one.connection for one in shop.engine.tick()} | {one.connection for one in shop.engine.poll()}

    assert {"web"} == polled
    assert [None, None] == [one.trouble for one in shop.engine.connections()]
    assert Cause.CONNECTION_DOWN not in shop.causes()


def test_a_runner_never_finds_it_due(shop):
    assert {"web": True, "pay": False} == {
        one.name: one.is_due(shop.clock.now()) for one in shop.engine.connections()
    }


def test_whoever_polls_it_by_name_is_told_that_it_brings_no_orders(shop):
    with pytest.raises(InputError, match="pay brings no orders"):
        shop.engine.poll("pay")


def test_what_a_poll_would_do_leaves_it_out(shop):
    assert {"web"} == set(shop.engine.preview())


def test_a_hold_that_has_ended_is_read_by_itself(shop):
    shop.place()
    number = shop.service.hold("A1", won(70_000), capture_before=shop.clock.now() + timedelta(hours=1))
    shop.engine.poll()
    shop.beat()
    shop.service.expire(number.id)

    shop.beat(59 * 60)
    before = [one.state for one in shop.engine.web_payments(1)]
    shop.beat(2 * 60)

    assert ([WebPaymentState.HELD], [WebPaymentState.EXPIRED]) == (
        before,
        [one.state for one in shop.engine.web_payments(1)],
    )
