"""What an adversarial review of the engine found, each as a test that failed before it was mended."""

from contextlib import ExitStack
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from orders import PLACED, line, order
from shop import STAFF, WITH_REASON
from tillbridge import fulfilment, intake
from tillbridge.connections import NewConnection
from tillbridge.db import tables
from tillbridge.http import HttpClient
from tillbridge.model.errors import Misconfigured, NotAllowed, NotFound, Rejected, Retryable
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import Standing, WebCustomer
from tillbridge.model.status import Status
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.testing.webstore import NAME

STRANGER = WebCustomer(id="w9", full_name="이영희", email="nobody@example.com")


def health(shop):
    (one,) = shop.engine.connections()
    return one


def mark_unclear(shop) -> None:
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.orders).values(fetch_again=1))


def unclear(shop) -> int:
    with shop.engine.context.database.read() as database:
        marks = database.execute(select(tables.orders.c.fetch_again)).scalars().all()
    return sum(mark > 0 for mark in marks)


def observed(shop) -> list[object]:
    """Collect what observers are told from now on."""
    events: list[object] = []
    plugins = shop.engine.context.plugins
    notify = plugins.notify

    def listen(found):
        events.extend(found)
        notify(found)

    plugins.notify = listen
    return events


def fails(*_args, **_more):
    raise RuntimeError("a host's own")


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


def test_an_unexpected_fault_of_a_poll_is_shown_and_not_repeated_at_every_beat(shop, monkeypatch):
    monkeypatch.setattr(intake, "poll", fails)

    shop.engine.poll_due()

    assert health(shop).trouble.en == "Unexpected fault: RuntimeError"
    assert health(shop).due_at > shop.clock.now()
    assert shop.engine.poll_due() == []


def test_a_connection_that_cannot_be_opened_rests_until_it_can_be_mended(shop):
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.connections).values(default_store="gone"))

    shop.engine.poll_due()

    assert "gone" in health(shop).trouble.en
    assert health(shop).due_at == shop.clock.now() + intake.MENDING


def test_many_held_locks_leave_work_its_connections(shop):
    locks = shop.engine.context.locks
    with ExitStack() as held:
        got = [held.enter_context(locks.attempt(f"lock {number}")) for number in range(20)]

        assert all(got)
        assert shop.engine.orders() == []


@pytest.mark.parametrize("act", ["tick", "settle"])
def test_a_host_pos_that_fails_unexpectedly_stops_no_tick(shop, monkeypatch, act):
    shop.webstore.offer(order("A1"))
    monkeypatch.setattr(type(shop.pos), "open_sales", fails)
    shop.engine.tick()
    for call in ("stores", "sales_changed"):
        monkeypatch.setattr(type(shop.pos), call, fails)

    getattr(shop.engine, act)()

    assert health(shop).trouble is not None


def test_a_committed_decision_is_not_reported_as_failed(shop, monkeypatch):
    shop.webstore.offer(order("A1"))
    monkeypatch.setattr(type(shop.pos), "open_sales", fails)
    monkeypatch.setattr(type(shop.pos), "sales_changed", fails)
    shop.engine.tick()

    assert Status.REJECTED is not shop.set("A1", Status.REJECTED, "품절")

    monkeypatch.undo()
    shop.engine.tick()
    assert Status.REJECTED is shop.status("A1")


def test_whatever_a_signature_holds_can_be_stored(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()

    signature = Signature("x" * 10_000, "nul \x00" + "y" * 10_000)
    shop.engine.set_status(shop.engine.order("A1").id, Status.IN_PROCESS, signature)

    last = shop.engine.timeline(shop.engine.order("A1").id)[-1]
    assert "x" * 200 == last.who
    assert "nul \N{REPLACEMENT CHARACTER}yyy" in last.words.en
    assert len(last.words.en) < 3000


def test_a_number_that_is_another_orders_id_is_ambiguous(shop):
    for name in ("X1", "X2", "1"):
        shop.webstore.offer(order(name))
    shop.poll()

    with pytest.raises(NotFound, match=r"say which by its ID: id:1, id:3\."):
        shop.engine.order("1")
    assert "X1" == shop.engine.order("id:1").webstore_id
    assert "1" == shop.engine.order("id:3").webstore_id
    assert "X2" == shop.engine.order("2").webstore_id
    assert "X1" == shop.engine.order_by_id(1).webstore_id


def test_a_decision_reaches_the_order_of_the_id_whatever_others_are_called(shop):
    for name in ("X1", "X2", "1"):
        shop.webstore.offer(order(name))
    shop.poll()

    assert Status.IN_PROCESS is shop.engine.set_status(1, Status.IN_PROCESS, STAFF)
    assert Status.NEW is shop.status("id:3")


def test_undo_does_not_bring_back_what_the_webstore_changed_since(shop):
    shop.webstore.offer(order("A1", customer=STRANGER))
    shop.poll()
    number = shop.engine.order("A1").id
    fulfilment.set_status(shop.engine.context, number, Status.REJECTED, WITH_REASON)
    shop.clock.advance(60)
    shop.webstore.offer(order("A1", line(quantity=Decimal(3))))
    (row,) = [shop.engine.open(one) for one in rows_of(shop)]
    intake.poll(shop.engine.context, row, poll_seconds=300)

    assert Status.NEW is shop.engine.undo(number, STAFF)

    (draft,) = shop.pos.drafts.values()
    assert Decimal(3) == draft.items[0].quantity


def rows_of(shop):
    with shop.engine.context.database.read() as database:
        return database.execute(select(tables.connections)).all()


def test_undo_restores_the_status_where_nothing_came_since(shop):
    shop.webstore.offer(order("A1", customer=STRANGER))
    shop.poll()
    number = shop.engine.order("A1").id
    fulfilment.set_status(shop.engine.context, number, Status.REJECTED, WITH_REASON)

    assert Status.CUSTOMER_ID_REQUIRED is fulfilment.undo(shop.engine.context, number, STAFF)


def test_archiving_an_unsold_order_can_be_undone(shop):
    shop.webstore.offer(order("A1", customer=STRANGER))
    shop.poll()
    shop.set("A1", Status.ARCHIVED, answer=Decision.ACCEPTED)

    assert Status.CUSTOMER_ID_REQUIRED is shop.engine.undo(shop.engine.order("A1").id, STAFF)
    with pytest.raises(NotAllowed):
        shop.engine.undo(shop.engine.order("A1").id, STAFF)


def test_undoing_an_archive_says_nothing_to_the_webstore_again(shop):
    shop.webstore.offer(order("A1", customer=STRANGER))
    shop.poll()
    shop.set("A1", Status.IN_PROCESS)
    shop.engine.deliver()
    shop.set("A1", Status.ARCHIVED, answer=Decision.ACCEPTED)

    shop.engine.undo(shop.engine.order("A1").id, STAFF)
    shop.engine.deliver()

    assert 1 == len(shop.webstore.told)


def test_what_is_archived_after_a_sale_or_by_tillbridge_stays_archived(shop):
    shop.webstore.offer(order("A1"))
    shop.webstore.offer(order("A2", standing=Standing.CANCELLED))
    shop.poll()
    shop.set("A1", Status.REJECTED, "품절")
    shop.engine.deliver()
    shop.set("A1", Status.ARCHIVED)

    for name in ("A1", "A2"):
        with pytest.raises(NotAllowed):
            shop.engine.undo(shop.engine.order(name).id, STAFF)


def test_why_staff_undid_something_stands_in_the_timeline(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()
    number = shop.engine.order("A1").id
    fulfilment.set_status(shop.engine.context, number, Status.REJECTED, WITH_REASON)
    fulfilment.undo(shop.engine.context, number, Signature("지은", "found one in the back"))

    said = shop.engine.timeline(number)[-1].words
    assert "The last step was undone: found one in the back" == said.en
    assert said.ko.endswith(": found one in the back")


def test_only_what_is_possible_is_offered(shop):
    """A changed order that is not open any more is not sold anew."""
    shop.webstore.offer(order("A1"))
    shop.poll()
    shop.set("A1", Status.IN_PROCESS)
    shop.clock.advance(60)
    shop.webstore.offer(order("A1", standing=Standing.CANCELLED))
    shop.poll()

    found = shop.engine.order("A1")
    assert found.changed_after_sale
    assert Status.PROCESS_SALE not in found.choices


def test_what_waits_for_a_person_uses_up_no_try_and_shows_on_the_connection(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()
    shop.set("A1", Status.IN_PROCESS)

    def refuses(call: str) -> None:
        if call == "push_status":
            raise Misconfigured("The key may not write.")

    shop.webstore.before = refuses
    for _ in range(12):
        shop.engine.deliver()
        shop.clock.advance(3601)
        shop.poll()

        assert health(shop).trouble.en == "The key may not write."

    shop.webstore.before = lambda _: None
    shop.clock.advance(3601)
    shop.engine.deliver()
    shop.poll()
    assert 1 == len(shop.webstore.told)
    assert health(shop).trouble is None


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


@pytest.mark.parametrize("more", [{}, {"match_by": ["no such rule"]}])
def test_a_connection_that_is_not_kept_leaves_no_client_open(shop, monkeypatch, more):
    opened = set()
    start, end = HttpClient.__init__, HttpClient.close

    def begin(one, *given, **more):
        opened.add(one)
        start(one, *given, **more)

    def close(one):
        opened.discard(one)
        end(one)

    monkeypatch.setattr(HttpClient, "__init__", begin)
    monkeypatch.setattr(HttpClient, "close", close)

    def away(_: str) -> None:
        raise Rejected("No.")

    shop.webstore.before = away
    new = NewConnection(provider=NAME, name="z", settings={"shop": "z"}, orders_from=PLACED, **more)
    with pytest.raises(Exception, match=r"No\.|no such rule"):
        shop.engine.connect(new)

    assert opened == set()


def test_what_the_point_of_sale_refused_is_counted(shop):
    shop.webstore.offer(order("A1"))
    shop.pos.refuse_next = Words("Closed.", "마감되었습니다.")

    assert 1 == shop.poll().counts.failed
