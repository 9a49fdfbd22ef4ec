"""What an adversarial review of the engine found, each as a test that failed before it was mended."""

from contextlib import ExitStack
from decimal import Decimal

from sqlalchemy import select, update

from orders import line, order
from tillbridge.db import tables
from tillbridge.model.errors import Retryable
from tillbridge.model.orders import WebCustomer
from tillbridge.model.status import Status
from tillbridge.model.words import Words

STRANGER = WebCustomer(id="w9", full_name="이영희", email="nobody@example.com")


def mark_unclear(shop) -> None:
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.orders).values(fetch_again=1))


def unclear(shop) -> int:
    with shop.engine.context.database.read() as database:
        marks = database.execute(select(tables.orders.c.fetch_again)).scalars().all()
    return sum(mark > 0 for mark in marks)


def observed(shop) -> list:
    """Collect what observers are told from now on."""
    events: list = []
    plugins = shop.engine.context.plugins
    notify = plugins.notify
    plugins.notify = lambda found: (events.extend(found), notify(found))
    return events


def test_an_unclear_order_that_is_gone_says_so_in_its_timeline(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()
    mark_unclear(shop)
    shop.webstore._orders.clear()

    shop.poll()

    last = shop.engine.timeline(shop.engine.order("A1").id)[-1]
    assert ("tillbridge", "not fetched again") == (last.who, last.what)
    assert "There is no order A1." in last.words.en
    assert 0 == unclear(shop)


def test_unclear_orders_that_cannot_be_had_now_hold_up_no_page(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()
    mark_unclear(shop)

    def away(call: str) -> None:
        if call == "fetch_order":
            raise Retryable("Later.")

    shop.webstore.before = away
    shop.webstore.offer(order("A2"))
    result = shop.poll()

    assert result.trouble is None
    assert Status.NEW is shop.status("A2")
    assert 1 == unclear(shop)


def test_unclear_orders_that_cannot_be_had_starve_no_other(shop, monkeypatch):
    for number in range(25):
        shop.webstore.offer(order(f"A{number}"))
    shop.poll()
    mark_unclear(shop)
    plugins = shop.engine.context.plugins
    fetch = type(plugins).fetch_order

    def fetch_some(provider, connection, order_id):
        if int(order_id[1:]) < 20:
            raise Retryable("This one later.")
        return fetch(plugins, provider, connection, order_id)

    monkeypatch.setattr(plugins, "fetch_order", fetch_some)
    for _ in range(21):
        shop.poll()

    assert 20 == unclear(shop)


def test_many_held_locks_leave_work_its_connections(shop):
    locks = shop.engine.context.locks
    with ExitStack() as held:
        got = [held.enter_context(locks.attempt(f"lock {number}")) for number in range(20)]

        assert all(got)
        assert shop.engine.orders() == []


def test_a_preview_leaves_out_what_a_poll_would_not_sell_again(shop):
    shop.webstore.overlap = 10
    shop.webstore.offer(order("A1"))
    shop.webstore.offer(order("A2", customer=STRANGER))
    shop.poll()
    shop.webstore.offer(order("A3"))
    shop.webstore.offer(order("A1", line(quantity=Decimal(2))))

    seen = shop.engine.preview()["web"]

    assert {Status.NEW: 1} == seen.statuses


def test_a_status_that_stays_is_no_event(shop):
    closed = Words("Closed.", "마감되었습니다.")
    shop.webstore.offer(order("A1"))
    shop.pos.refuse_next = closed
    shop.poll()
    events = observed(shop)
    shop.clock.advance(60)
    shop.pos.refuse_next = closed
    shop.webstore.offer(order("A1", line(quantity=Decimal(2))))
    shop.poll()

    assert Status.SALE_PROCESSING_FAILED is shop.status("A1")
    assert events == []
