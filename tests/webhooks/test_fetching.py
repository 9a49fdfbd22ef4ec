"""What webhooks name is fetched from the webstore itself: once, soon, and harmlessly."""

import pytest
from sqlalchemy import func, select

from orders import line, order
from tillbridge.db import tables, webhook_tables
from tillbridge.model.errors import Misconfigured, Retryable
from tillbridge.model.status import Status

pytestmark = pytest.mark.row("S1")


def payloads(door, *where):
    query = select(func.count()).select_from(tables.payloads).where(*where)
    with door.shop.engine.context.database.read() as database:
        return database.execute(query).scalar_one()


def waiting(door):
    wanted = webhook_tables.wanted
    with door.shop.engine.context.database.read() as database:
        return {row.webstore_id: row.tries for row in database.execute(select(wanted))}


def calls(door):
    """Count what the webstore is asked for from now on."""
    heard: list[str] = []
    door.shop.webstore.before = heard.append
    return heard


def test_an_order_that_a_webhook_names_is_sold_without_a_poll(door):
    door.shop.webstore.offer(order("A1"))
    door.knock("A1")

    assert 1 == door.fetch()

    assert (Status.NEW, 9) == (door.shop.status("A1"), door.shop.on_hand("P1"))
    assert {} == waiting(door)


def test_many_events_of_one_order_are_one_fetch(door):
    """A webhook for each of its ten items."""
    door.shop.webstore.offer(order("A1"))
    for _ in range(10):
        door.knock("A1")
    asked = calls(door)

    door.fetch()

    assert ["fetch_order"] == asked


def test_orders_of_one_event_are_each_fetched(door):
    for name in ("A1", "A2"):
        door.shop.webstore.offer(order(name))
    door.knock("A1", "A2", "A1")

    assert 2 == door.fetch()


def test_what_a_webhook_names_is_sold_once_with_the_poll_beside_it(door):
    door.shop.webstore.offer(order("A1"))
    door.knock("A1")
    door.shop.poll()
    door.shop.clock.advance(1)
    door.knock("A1")
    door.fetch()
    door.shop.clock.advance(1)
    door.shop.poll()

    assert (Status.NEW, 9) == (door.shop.status("A1"), door.shop.on_hand("P1"))


def test_a_lost_webhook_is_found_by_the_poll(door):
    door.shop.webstore.offer(order("A1"))

    door.shop.poll()

    assert Status.NEW is door.shop.status("A1")


def test_events_in_disorder_end_with_what_the_webstore_has(door):
    """The webhook of an older change comes late: what counts is what the webstore answers now."""
    shop = door.shop
    shop.webstore.offer(order("A1", line("1", quantity=1), revision=1))
    newest = order("A1", line("1", quantity=3), revision=2)
    shop.webstore.offer(newest)
    door.knock("A1", event="second")
    door.fetch()
    shop.clock.advance(5)

    door.knock("A1", event="first")
    door.fetch()

    assert 7 == shop.on_hand("P1")


def test_an_order_that_is_not_there_yet_is_parked_and_tried_again(door):
    """The event came before the order can be asked for."""
    door.knock("A1")
    assert 0 == door.fetch()
    assert {"A1": 1} == waiting(door)
    door.shop.webstore.offer(order("A1"))
    assert 0 == door.fetch()

    door.shop.clock.advance(15)

    assert 1 == door.fetch()
    assert Status.NEW is door.shop.status("A1")


def test_an_order_that_is_never_there_is_left_to_the_poll_in_the_end(door):
    door.knock("A1")
    asked = calls(door)
    for _ in range(20):
        door.fetch()
        door.shop.clock.advance(3600)

    assert (6, {}) == (asked.count("fetch_order"), waiting(door))


def test_another_event_of_a_parked_order_has_it_tried_at_once(door):
    door.knock("A1")
    door.fetch()
    door.shop.webstore.offer(order("A1"))
    door.knock("A1")

    assert 1 == door.fetch()


def test_a_parked_order_that_a_poll_has_read_since_is_not_asked_for_again(door):
    door.knock("A1")
    door.fetch()
    door.shop.webstore.offer(order("A1"))
    door.shop.clock.advance(60)
    door.shop.poll()
    asked = calls(door)

    door.fetch()

    assert ([], {}) == (asked, waiting(door))


def test_a_webstore_that_is_away_is_asked_for_one_order_and_all_wait(door):
    door.knock("A1", "A2", "A3")
    asked = []

    def away(call):
        asked.append(call)
        raise Retryable("The webstore is away.")

    door.shop.webstore.before = away
    door.fetch()

    assert (["fetch_order"], {"A1": 1, "A2": 1, "A3": 1}) == (asked, waiting(door))


def test_a_webstore_that_says_when_it_is_back_is_left_alone_until_then(door):
    until = door.shop.clock.now()
    door.shop.webstore.offer(order("A1"))
    door.knock("A1")
    door.shop.webstore.before = lambda _: raising(Retryable("busy", until=until.replace(hour=until.hour + 1)))
    door.fetch()
    door.shop.webstore.before = lambda _: None
    door.shop.clock.advance(1800)
    assert 0 == door.fetch()

    door.shop.clock.advance(1800)

    assert 1 == door.fetch()


def raising(error):
    raise error


def test_refused_credentials_put_off_what_waits(door):
    door.knock("A1")
    door.shop.webstore.before = lambda _: raising(Misconfigured("The key is refused."))
    door.fetch()

    assert {"A1": 1} == waiting(door)


def test_a_plugin_that_fails_on_one_order_does_not_stop_the_others(door):
    for name in ("A1", "A2"):
        door.shop.webstore.offer(order(name))
    door.knock("A1", "A2")

    def fail(call):
        if call == "fetch_order":
            door.shop.webstore.before = lambda _: None
            raise ZeroDivisionError

    door.shop.webstore.before = fail
    assert 1 == door.fetch()

    assert ({"A1": 1}, Status.NEW) == (waiting(door), door.shop.status("A2"))


def test_an_event_that_comes_while_its_order_is_fetched_has_it_fetched_once_more(door):
    """What was answered may be older than the event."""
    door.shop.webstore.offer(order("A1"))
    door.knock("A1")

    def knock_once(call):
        door.shop.webstore.before = lambda _: None
        door.shop.clock.advance(1)
        door.knock("A1")
        door.shop.clock.advance(1)

    door.shop.webstore.before = knock_once

    assert 1 == door.fetch()
    assert {"A1": 0} == waiting(door)
    assert 1 == door.fetch()
    assert {} == waiting(door)


def test_what_is_fetched_is_what_was_asked_for_whatever_the_answer_says(door):
    """The order's ID comes from the verified event and nothing else."""
    door.shop.webstore.offer(order("A1"))
    door.shop.webstore.offer_bytes("A2", order("A1").model_dump_json().encode())
    door.knock("A2")
    door.fetch()

    assert [1, 0] == [payloads(door, tables.payloads.c.webstore_id == one) for one in ("A2", "A1")]
    assert Status.SALE_PROCESSING_FAILED is door.shop.status("A2")


def test_a_connection_that_is_switched_off_is_not_asked(door):
    door.knock("A1")
    with door.shop.engine.context.database.write("test") as database:
        database.execute(tables.connections.update().values(enabled=False))
    asked = calls(door)

    door.fetch()

    assert [] == asked


def test_a_tick_fetches_what_webhooks_named(door):
    door.shop.webstore.offer(order("A1"))
    door.shop.poll()
    door.shop.webstore.offer(order("A2"))
    door.shop.clock.advance(1)
    door.knock("A2")

    door.shop.engine.tick()

    assert Status.NEW is door.shop.status("A2")


def test_old_events_are_forgotten_and_what_waits_is_not(door):
    door.knock("A1")
    door.shop.clock.advance(14 * 24 * 3600)
    assert 0 == door.shop.engine.prune_webhooks()
    door.shop.clock.advance(1)

    assert 1 == door.shop.engine.prune_webhooks()
    assert {"A1": 0} == waiting(door)
