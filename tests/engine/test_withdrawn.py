"""An order that is cancelled at the webstore before anybody accepted it: its sale is taken back by itself."""

from dataclasses import replace

import pytest

from orders import order
from shop import Shop
from tillbridge.connections import NewConnection
from tillbridge.connections.changing import save, stored
from tillbridge.model.differences import OnCancellation
from tillbridge.model.messages import Cause
from tillbridge.model.orders import Standing
from tillbridge.model.status import Status
from tillbridge.pos.contract import SaleState


@pytest.fixture
def sold(shop):
    """A shop with one sold order, A1, that nobody accepted yet."""
    shop.webstore.offer(order("A1"))
    shop.poll()
    return shop


def change(shop: Shop, **more):
    shop.clock.advance(60)
    shop.webstore.offer(order("A1", **more))
    shop.poll()
    shop.engine.settle()


def sale_states(shop):
    return [sale.state for sale in shop.pos.sales.values()]


def causes(shop):
    return {one.cause for one in shop.engine.messages()} - {Cause.HOURS_UNKNOWN}  # it has tests of its own


def ask_staff(shop):
    """The connection's policy leaves cancelled orders to people."""
    new = replace(stored(shop.engine.context, "memory", "web"), cancelled=OnCancellation.ASK)
    save(shop.engine.context, new, shop.engine.check(new)[0])


@pytest.mark.parametrize("standing", [Standing.CANCELLED, Standing.REFUNDED])
def test_a_cancellation_before_acceptance_voids_the_sale_and_puts_the_order_aside(sold, standing):
    change(sold, standing=standing)

    assert Status.ARCHIVED is sold.status("A1")
    assert [SaleState.VOID] == sale_states(sold)
    assert 10 == sold.on_hand("P1")
    assert set() == causes(sold)


def test_the_webstore_is_not_told_of_its_own_cancellation(sold):
    change(sold, standing=Standing.CANCELLED)

    assert [] == sold.webstore.told


def test_the_timeline_says_what_the_webstore_did_and_what_followed(sold):
    change(sold, standing=Standing.CANCELLED)

    said = [entry.words.en for entry in sold.engine.timeline(sold.engine.order("A1").id)]
    assert "The order was cancelled at the webstore before it was accepted; its sale is taken back." in said
    assert "The order is cancelled at the webstore." == said[-1]


def test_an_order_that_is_opened_again_is_sold_again(sold):
    change(sold, standing=Standing.CANCELLED)
    change(sold)

    assert Status.NEW is sold.status("A1")
    assert [SaleState.VOID, SaleState.OPEN] == sale_states(sold)
    assert 9 == sold.on_hand("P1")


def test_an_order_that_is_opened_again_before_its_sale_was_void_is_sold_once(sold):
    sold.clock.advance(60)
    sold.webstore.offer(order("A1", standing=Standing.CANCELLED))
    sold.engine.deliver = lambda _=None: 0
    sold.poll()
    assert Status.PROCESS_SALE is sold.status("A1")
    del sold.engine.deliver

    change(sold)

    assert Status.NEW is sold.status("A1")
    assert [SaleState.VOID, SaleState.OPEN] == sale_states(sold)


def test_a_cancellation_after_acceptance_is_left_to_staff(sold):
    sold.set("A1", Status.IN_PROCESS)
    change(sold, standing=Standing.CANCELLED)

    assert Status.IN_PROCESS is sold.status("A1")
    assert [SaleState.OPEN] == sale_states(sold)
    assert Cause.CANCELLED in causes(sold)


def test_a_cancellation_after_the_sale_was_finished_never_touches_it(sold):
    sold.pos.finish_at_till("memory:s1:A1")
    change(sold, standing=Standing.CANCELLED)

    assert Status.COMPLETED is sold.status("A1")
    assert [SaleState.FINISHED] == sale_states(sold)
    assert {Cause.CANCELLED, Cause.OUTCOME} == causes(sold)


def test_by_the_stores_policy_every_cancellation_is_left_to_staff(sold):
    ask_staff(sold)
    change(sold, standing=Standing.CANCELLED)

    assert Status.NEW is sold.status("A1")
    assert Cause.CANCELLED in causes(sold)


def test_a_new_connection_takes_cancelled_orders_back():
    new = NewConnection(provider="memory", name="web", settings={}, orders_from=None)  # type: ignore[arg-type]  # not looked at

    assert OnCancellation.CLOSE is new.cancelled
