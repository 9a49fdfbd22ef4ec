"""Staff are told when webhooks are refused or seem not to arrive, for as long as it is so."""

import pytest

from orders import order
from tillbridge.model.errors import Rejected
from tillbridge.model.messages import Cause

pytestmark = pytest.mark.row("S1")


def said(door):
    return [
        (one.words.en, one.action.command)
        for one in door.shop.engine.messages()
        if one.cause is Cause.WEBHOOK
    ]


def test_webhooks_that_arrive_are_no_message(door):
    door.knock("A1")

    assert [] == said(door)


def test_three_new_orders_without_a_webhook_are_a_message_until_one_comes(door):
    door.shop.poll()
    for name in ("A1", "A2", "A3"):
        assert [] == said(door)
        door.shop.webstore.offer(order(name))
        door.shop.clock.advance(60)
        door.shop.poll()
        door.shop.poll()
    assert [] == said(door)
    door.shop.webstore.offer(order("A4"))
    door.shop.poll()

    assert [
        (
            "web: no webhook told of the last 3 new orders; they seem not to arrive.",
            "tillbridge connection webhook web",
        )
    ] == said(door)
    door.knock("A5")
    assert [] == said(door)


def test_three_refused_requests_are_a_message_that_says_why(door):
    for _ in range(3):
        with pytest.raises(Rejected):
            door.knock("A1", token="wrong")

    ((words, _),) = said(door)
    assert "web: 3 webhooks were refused since the last good one. The webhook's token is wrong." == words


def test_a_connection_without_an_address_is_never_told_of(shop):
    for name in ("A1", "A2", "A3", "A4"):
        shop.webstore.offer(order(name))
        shop.poll()

    assert [] == [one for one in shop.engine.messages() if one.cause is Cause.WEBHOOK]
