"""Races on one order: two workers, or a worker and staff, on both databases.

`ends_well_wherever_it_stops` stops the first at each of its points in turn, lets the second run from its
beginning to its end, and then the first to its own: every way in which one of them overtakes the other.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from orders import order
from scene import (
    OTHER,
    Scene,
    delivers,
    fetches,
    fetches_unclear,
    follows_till,
    polls,
    settles,
)
from tillbridge import outbox
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.model.errors import NotAllowed, Retryable
from tillbridge.model.status import Status
from tillbridge.model.words import Words
from tillbridge.pos.contract import SaleAction, SaleState
from tillbridge.settle import committing, payloads

Call = Callable[[Any], object]
# Nothing of the order is read or written between the point before and these.
SAME_AS_BEFORE = (
    "begin payloads",
    "before hook parse_order",
    "after hook parse_order",
    "begin answers",
    "begin connection health",
    "after commit connection health",
)
# SQLite has one writer at a time: nobody passes one who stands inside a transaction.
inside_a_transaction = pytest.mark.parametrize("database_kind", ["postgresql"])


def ends_well_wherever_it_stops(
    fresh_scene: Any,
    prepare: Callable[[Scene], None],
    first: Call,
    then: Callable[[Scene], object],
    *,
    every: int = 1,
    **wanted: Any,
) -> list[Scene]:
    """Run the race for every so many points of `first`; return the scenes as they ended."""
    ended: list[Scene] = []
    while True:
        with fresh_scene(**wanted) as scene:
            prepare(scene)
            scene.start(scene.one, first)
            to_come = len(ended) * _stride(scene, every)
            while not scene.one.idle and (to_come or scene.one.at in SAME_AS_BEFORE):
                to_come -= scene.one.at not in SAME_AS_BEFORE
                scene.one.step()
            if scene.one.idle:
                return ended
            with suppress(NotAllowed):
                then(scene)
            where = scene.one.at
            scene.one.finish()
            scene.rest()
            assert (where, []) == (where, scene.faults())
            ended.append(scene)


def _stride(scene: Scene, every: int) -> int:
    """The long run takes every point, the usual one some; PostgreSQL's fewer: each costs a database."""
    if os.environ.get("TILLBRIDGE_LONG") == "1":
        return 1
    return (3 if scene.engine.context.database.is_sqlite else 8) * every


def doing(call: Call) -> Callable[[Scene], None]:
    """What another worker does, from its beginning to its end."""
    return lambda scene: scene.do(call)


def only_offered(scene: Scene) -> None:
    scene.offer("A")


def sold(scene: Scene) -> None:
    scene.offer("A")
    scene.do(polls)


def sold_then_changed(scene: Scene) -> None:
    sold(scene)
    scene.offer("B")


def refused(scene: Scene) -> None:
    scene.till.refuse_next()
    sold(scene)


def in_process_sale(scene: Scene) -> None:
    refused(scene)
    scene.staff(Status.PROCESS_SALE)


def accepted(scene: Scene) -> None:
    sold(scene)
    scene.staff(Status.IN_PROCESS)


dated = pytest.mark.parametrize("dated", [True, False], ids=["revisions", "no revisions"])


@dated
def test_a_poll_overtaken_by_a_webhooks_fetch(fresh_scene, dated):
    ends_well_wherever_it_stops(fresh_scene, sold_then_changed, polls, doing(fetches), dated=dated)


@dated
def test_a_webhooks_fetch_overtaken_by_a_poll(fresh_scene, dated):
    ends_well_wherever_it_stops(fresh_scene, sold_then_changed, fetches, doing(polls), dated=dated)


def test_a_first_poll_overtaken_by_another(fresh_scene):
    """Two workers settle the same page: the order is made once, and sold once."""
    ended = ends_well_wherever_it_stops(fresh_scene, only_offered, polls, doing(polls))

    assert [1] * len(ended) == [len(scene.pos.sales) for scene in ended]


def test_settling_overtaken_by_another_worker_that_settles_the_same_page(fresh_scene):
    def queued(scene: Scene) -> None:
        scene.offer("A")
        scene.start(scene.two, polls)
        scene.two.run_to("after commit payloads")
        scene.two.kill()

    ended = ends_well_wherever_it_stops(fresh_scene, queued, settles, doing(settles))

    assert [1] * len(ended) == [len(scene.pos.sales) for scene in ended]


def test_process_sale_overtaken_by_a_poll_with_a_newer_version(fresh_scene):
    def changed(scene: Scene) -> None:
        in_process_sale(scene)
        scene.offer("B")

    ends_well_wherever_it_stops(fresh_scene, changed, settles, doing(polls))


def test_a_poll_with_a_newer_version_overtaken_by_process_sale(fresh_scene):
    def changed(scene: Scene) -> None:
        refused(scene)
        scene.offer("B")

    def process_sale(scene: Scene) -> None:
        scene.staff(Status.PROCESS_SALE)
        scene.do(settles)

    ends_well_wherever_it_stops(fresh_scene, changed, polls, process_sale)


@dated
def test_a_new_version_comes_while_a_sale_opens(fresh_scene, dated):
    def changes(scene: Scene) -> None:
        scene.offer("B")
        scene.do(fetches)

    ends_well_wherever_it_stops(fresh_scene, only_offered, polls, changes, dated=dated)


@dated
def test_a_stale_page_comes_after_a_fresh_fetch(fresh_scene, dated):
    def changes(scene: Scene) -> None:
        scene.offer("A")
        scene.do(fetches)

    ends_well_wherever_it_stops(fresh_scene, sold_then_changed, polls, changes, dated=dated)


@dated
def test_the_order_is_cancelled_while_a_sale_opens(fresh_scene, dated):
    def cancels(scene: Scene) -> None:
        scene.offer("X")
        scene.do(fetches)

    ends_well_wherever_it_stops(fresh_scene, only_offered, polls, cancels, dated=dated)


def test_two_engines_answer_the_same_attempt(fresh_scene):
    def asked(scene: Scene) -> None:
        scene.offer("A")
        scene.start(scene.two, polls)
        scene.two.run_to("before pos open_sales")

    def answers(scene: Scene) -> None:
        scene.two.finish()

    ends_well_wherever_it_stops(fresh_scene, asked, settles, answers)


def test_the_till_finishes_a_sale_before_its_answer_is_committed(fresh_scene):
    def finishes(scene: Scene) -> None:
        if scene.pos.sales:
            scene.finish_at_till()
        scene.do(follows_till)

    ended = ends_well_wherever_it_stops(fresh_scene, only_offered, polls, finishes)

    assert ended


def test_a_link_is_made_while_matching(fresh_scene):
    """Whichever product the sale is made of, it is the one linked when the attempt was committed."""

    def links(scene: Scene) -> None:
        if not scene.unanswered and scene.row.sale_id is None:
            scene.relink(OTHER)

    ends_well_wherever_it_stops(fresh_scene, in_process_sale, settles, links)


def test_a_reject_overtakes_process_sale(fresh_scene):
    ends_well_wherever_it_stops(
        fresh_scene, in_process_sale, settles, lambda scene: scene.staff(Status.REJECTED)
    )


def test_a_reject_overtakes_the_outbox(fresh_scene):
    def rejects(scene: Scene) -> None:
        scene.staff(Status.REJECTED)
        scene.do(delivers)

    ends_well_wherever_it_stops(fresh_scene, accepted, delivers, rejects)


def test_an_undo_overtakes_the_outbox(fresh_scene):
    ends_well_wherever_it_stops(fresh_scene, accepted, delivers, lambda scene: scene.undo())


def test_two_outboxes_tell_the_webstore_once(fresh_scene):
    ended = ends_well_wherever_it_stops(fresh_scene, accepted, delivers, doing(delivers))

    assert [1] * len(ended) == [len(scene.webstore.told) for scene in ended]


# Inside a transaction, and between the statements of a read


def standing_inside(scene: Scene, patch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let workers stop after a function that runs inside a transaction."""
    real = getattr(module, name)

    def stopping(*given: Any) -> Any:
        found = real(*given)
        scene.stage.probe(f"after {name}")
        return found

    patch.setattr(module, name, stopping)


def test_a_page_is_read_as_it_was_at_one_moment(make_scene, monkeypatch):
    """Read half before and half after another worker settled it, it would look settled and be thrown away."""
    scene = make_scene()
    scene.offer("A")
    scene.start(scene.two, polls)
    scene.two.run_to("after commit payloads")
    scene.two.kill()
    standing_inside(scene, monkeypatch, payloads, "waiting")
    scene.start(scene.one, settles)
    scene.one.run_to("after waiting")
    scene.do(settles)
    scene.one.finish()
    assert scene.count(tables.payloads, tables.payloads.c.id == scene.row.payload_id)

    scene.offer("B")
    scene.assert_sound()


@inside_a_transaction
def test_a_link_waits_for_a_commit_that_has_compared_the_links(make_scene, monkeypatch):
    """Until then nobody changes them: a link that comes later finds the attempt committed."""
    scene = make_scene()
    in_process_sale(scene)
    standing_inside(scene, monkeypatch, committing, "_links_as_read")
    scene.start(scene.one, settles)
    scene.one.run_to("after _links_as_read")
    connections = tables.connections
    with scene.engine.context.database.write("a link") as database:
        database.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            database.execute(update(connections).values(links_revision=connections.c.links_revision + 1))
        database.rollback()
    scene.one.finish()

    scene.assert_sound()


@inside_a_transaction
def test_settling_sees_a_link_that_was_made_while_it_began_to_commit(make_scene, monkeypatch):
    scene = make_scene()
    in_process_sale(scene)
    standing_inside(scene, monkeypatch, committing, "_still_so")
    scene.start(scene.one, settles)
    scene.one.run_to("after _still_so")
    with scene.engine.context.database.write("another order's link") as database:
        connections = tables.connections
        database.execute(update(connections).values(links_revision=connections.c.links_revision + 1))
        listings = tables.listings
        database.execute(update(listings).values(product_id=OTHER))
    scene.linked = OTHER
    scene.one.finish()

    scene.assert_sound()


# Faults that were found on the way here, each by its trace


def test_a_reading_that_proves_unclear_while_another_is_fetched_is_not_forgotten(make_scene):
    """Two workers fetch anew what was unclear, and their readings overlap: a third is due."""
    scene = make_scene(dated=False)
    sold(scene)
    orders = tables.orders
    with scene.engine.context.database.write("test") as database:
        database.execute(update(orders).values(fetch_again=1, revision=orders.c.revision + 1))
    scene.clock.advance(1)
    scene.start(scene.one, fetches_unclear)
    scene.one.run_to("after hook fetch_order")
    scene.offer("B")
    scene.start(scene.two, fetches_unclear)
    scene.two.run_to("before hook fetch_order")
    scene.clock.advance(1)
    scene.two.run_to("begin fetched again")
    scene.one.run_to("begin fetched again")
    scene.two.finish()
    unclear = scene.row.fetch_again
    scene.one.step()

    assert 1 == unclear
    assert 1 == scene.row.fetch_again


def test_an_unclear_order_that_the_webstore_has_no_longer_stops_no_poll(make_scene):
    """It can never be fetched again; the connection's other orders still come."""
    scene = make_scene()
    sold(scene)
    with scene.engine.context.database.write("test") as database:
        database.execute(update(tables.orders).values(fetch_again=1))
    scene.webstore._orders.clear()
    scene.webstore.offer(order("A2"))

    result = scene.poll()

    assert result.trouble is None
    assert Status.NEW is scene.status("A2")
    assert 0 == scene.row.fetch_again


def test_a_reject_that_is_undone_after_the_void_was_refused_keeps_the_finished_sale(make_scene):
    """Process Sale waited for a void that will never come: the order would stay there for ever."""
    scene = make_scene()
    sold_then_changed(scene)
    scene.do(polls)
    scene.staff(Status.PROCESS_SALE)
    scene.finish_at_till()
    scene.staff(Status.REJECTED)
    scene.webstore.fail_next = True
    scene.start(scene.one, delivers)
    scene.one.run_to("after pos change_sales")
    scene.one.run_to("after commit receipt")
    undone = scene.undo()
    scene.one.finish()

    assert undone
    scene.assert_sound()
    assert Status.COMPLETED == scene.row.status


def test_an_accept_that_is_undone_after_the_void_was_refused_keeps_the_finished_sale(make_scene):
    scene = make_scene()
    sold_then_changed(scene)
    scene.do(polls)
    scene.staff(Status.PROCESS_SALE)
    scene.finish_at_till()
    scene.staff(Status.IN_PROCESS)
    scene.start(scene.one, delivers)
    scene.one.run_to("after pos change_sales")
    scene.one.run_to("after commit receipt")
    assert Status.IN_PROCESS == scene.row.status
    undone = scene.undo()
    scene.one.finish()

    assert undone
    scene.assert_sound()
    assert Status.COMPLETED == scene.row.status


def test_a_sale_whose_items_could_not_be_removed_is_not_finished(make_scene, monkeypatch):
    """Finishing it would sell the goods of a rejected order."""
    monkeypatch.setattr(outbox, "MAX_TRIES", 1)
    monkeypatch.setattr(outbox, "TRIED_FOR", timedelta())
    scene = make_scene()
    sold(scene)
    scene.staff(Status.REJECTED)
    real = scene.pos.inner.change_sales

    def no_removing(changes: Any) -> Any:
        if changes[0].action is SaleAction.REMOVE_ITEMS:
            raise Retryable(Words("The till is away.", "POS에 연결할 수 없습니다."))
        return real(changes)

    monkeypatch.setattr(type(scene.pos.inner), "change_sales", lambda self, changes: no_removing(changes))
    scene.rest()

    (sale,) = scene.till.living()
    assert SaleState.OPEN is sale.state
    assert [DeliveryState.SENT, *[DeliveryState.SET_ASIDE] * 3] == [one.state for one in scene.deliveries()]


def test_what_is_no_order_at_one_webstore_leaves_anothers_alone(make_scene):
    """Two webstores number their drafts alike."""
    scene = make_scene()
    scene.connect(name="other", settings={"shop": "s2"})
    scene.webstore.offer_bytes("D1", b'{"draft": true}')

    scene.engine.poll()

    assert 2 == scene.count(tables.payloads, tables.payloads.c.not_an_order.is_not(None))
