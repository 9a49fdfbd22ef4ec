"""A provider that takes stock and prices in another way than it did leaves nothing stale behind."""

import pytest
from sqlalchemy import select

from orders import won
from tillbridge.db import export_tables
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.offers import Exporting
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
STOCK = frozenset({Capability.INVENTORY})
APART = frozenset({Capability.INVENTORY, Capability.PRICES})
WHOLE = frozenset({Capability.SNAPSHOT, Capability.EXPORT_CHECK})


def becomes(front, takes, **exporting):
    """A newer plugin takes stock and prices in this way."""
    front.webstore.takes, front.webstore.exporting = takes, Exporting(**exporting)
    front.engine.close()
    front.engine = front.another()
    front.pos = front.engine.pos


def kinds(front):
    items = export_tables.export_items
    with front.engine.context.database.read() as database:
        return set(database.execute(select(items.c.what)).scalars())


@pytest.fixture
def make(make_front):
    def make(takes, **exporting):
        front = make_front(takes=takes, exporting=Exporting(**exporting))
        front.rule()
        front.export()
        return front

    return make


def test_from_changes_to_files(make):
    front = make(APART)
    front.count(front.pump, 4)
    front.export(dry_run=True)
    becomes(front, WHOLE)
    front.export()
    (state,) = front.engine.exports()

    assert (4, won(30_000)) == (front.pieces(front.pump), front.webstore.shown[f"/{front.pump}"].price)
    assert (0, 2, {"both"}) == (state.due, state.shown, kinds(front))


def test_from_files_to_changes_what_is_gone_meanwhile_is_told_as_gone(make):
    front = make(WHOLE)
    front.pos.set_ecommerce(front.pump, on=False)
    becomes(front, STOCK)
    front.export()

    assert (0, 10, {"stock"}) == (front.pieces(front.pump), front.pieces(front.helmet), kinds(front))


def test_from_one_call_to_two(make):
    front = make(STOCK, together=True)
    becomes(front, APART)
    front.price(front.helmet, 45_000)
    front.export()

    assert won(45_000) == front.webstore.shown[f"/{front.helmet}"].price
    assert {"stock", "price"} == kinds(front)


def test_a_price_that_is_taken_as_well_is_told(make):
    front = make(STOCK)
    becomes(front, APART)
    front.export()

    assert won(50_000) == front.webstore.shown[f"/{front.helmet}"].price


def test_a_price_that_is_taken_no_more_is_forgotten(make):
    front = make(APART)
    becomes(front, STOCK)
    front.price(front.helmet, 45_000)
    front.export()

    assert (0, {"stock"}) == (front.engine.exports()[0].due, kinds(front))


def test_what_was_pending_in_the_old_way_is_asked_about_no_more(make):
    front = make(WHOLE)
    front.webstore.answer = lambda _: Receipt(Outcome.PENDING, ticket="T1")
    front.count(front.pump, 4)
    front.export()
    becomes(front, STOCK | {Capability.EXPORT_CHECK})
    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.export()

    assert 4 == front.pieces(front.pump)


def test_nothing_is_told_again_while_the_way_stays(make):
    front = make(APART)
    becomes(front, APART)
    front.export()

    assert 2 == len(front.webstore.calls)
