"""Whatever point a webhook's way dies at, its order is sold once, by the webhook or by the poll."""

import pytest

from orders import order
from tillbridge.model.status import Status

pytestmark = pytest.mark.row("S1")


class KilledError(BaseException):
    """The program ends here."""


def dying_at(shop, point, passed=None):
    """An engine that dies at the point of that number; `passed` gets the points' names."""
    passed = [] if passed is None else passed

    def note(name):
        passed.append(name)
        if len(passed) == point + 1:
            raise KilledError

    return shop.another(probe=note)


def died(call):
    try:
        call()
    except KilledError:
        return True
    return False


def test_an_event_that_was_committed_is_fetched_after_a_restart(door):
    """The program dies before anything was fetched."""
    door.shop.webstore.offer(order("A1"))
    door.knock("A1")

    with door.shop.another() as restarted:
        restarted.fetch_heard()

    assert Status.NEW is door.shop.status("A1")


def test_wherever_receiving_dies_the_webstore_sends_it_again_and_the_order_is_sold(door):
    point = 0
    while True:
        name = f"A{point}"
        door.shop.webstore.offer(order(name))
        with dying_at(door.shop, point) as engine:
            dead = died(
                lambda engine=engine, name=name: engine.receive_webhook(
                    door.token, door.request(name, event=name)
                )
            )
        if dead:
            door.knock(name, event=name)
        door.fetch()
        assert Status.NEW is door.shop.status(name), point
        if not dead:
            break
        point += 1

    assert point >= 5


def test_wherever_fetching_dies_the_next_fetch_sells_the_order_once(door):
    """Up to where its settling begins, which is proven elsewhere."""
    point, sold, passed = 0, 10, [""]
    while True:
        name = f"A{point}"
        door.shop.pos.on_hand["seoul", "P1"] = sold
        door.shop.webstore.offer(order(name))
        door.knock(name)
        passed = []
        with dying_at(door.shop, point, passed) as engine:
            assert died(engine.fetch_heard)
        door.shop.clock.advance(120)
        door.fetch()
        door.shop.engine.settle()
        assert (Status.NEW, sold - 1) == (door.shop.status(name), door.shop.on_hand("P1")), point
        if passed[-1] == "after commit webhooks fetched":
            break
        point += 1

    assert point >= 7
