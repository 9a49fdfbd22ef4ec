"""A webstore that takes files gets the whole, streamed, and is replaced whole or not at all."""

from datetime import timedelta

import pytest

from orders import HELMET, line
from tillbridge.model.errors import Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.offers import Exporting, Limits
from tillbridge.model.words import Words
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
NO = Words("Column B is no number.", "B열이 숫자가 아닙니다.")
PENDING = Receipt(Outcome.PENDING, ticket="T1")


@pytest.fixture
def front(make_front):
    front = make_front(
        takes=frozenset({Capability.SNAPSHOT, Capability.EXPORT_CHECK}),
        exporting=Exporting(refresh=timedelta(hours=24), expires=timedelta(hours=72)),
    )
    front.rule(every=timedelta(hours=1))
    return front


def test_the_whole_is_told_at_once(front):
    result = front.export()

    assert [[f"/{front.helmet}", f"/{front.pump}"]] == front.webstore.calls
    assert 2 == result.told.accepted


def test_nothing_is_told_while_nothing_changed(front):
    front.export()
    front.clock.advance(3600)
    front.export()

    assert 1 == len(front.webstore.calls)


def test_a_change_tells_the_whole_again(front):
    front.export()
    front.count(front.pump, 4)
    front.export()

    assert 2 == len(front.webstore.calls[1])
    assert 4 == front.pieces(front.pump)


def test_the_whole_is_told_anew_well_before_it_is_too_old(front):
    """Locally wants it every 24 hours."""
    front.export()
    front.clock.advance(12 * 3600)
    front.export()

    assert 2 == len(front.webstore.calls)


def test_what_is_to_be_shown_no_more_is_left_out(front):
    front.export()
    front.pos.set_ecommerce(front.pump, on=False)
    front.export()

    assert [f"/{front.helmet}"] == list(front.webstore.shown)


def test_a_refused_whole_leaves_the_webstore_as_it_was_and_is_tried_again(front):
    front.webstore.answer = lambda _: Receipt(Outcome.REFUSED, NO)
    (result,) = front.engine.export("web")
    assert NO == result.trouble

    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.export()

    assert 10 == front.pieces(front.helmet)


def test_a_pending_whole_is_asked_about_and_not_told_twice(front):
    front.webstore.answer = lambda _: PENDING
    front.export()
    front.export()
    assert 1 == len(front.webstore.calls)

    front.webstore.answers["T1"] = Receipt(Outcome.ACCEPTED)
    result = front.export()

    assert (1, 2) == (len(front.webstore.calls), result.told.accepted)


def test_what_changed_while_the_whole_was_pending_is_told_after_it(front):
    front.webstore.answer = lambda _: PENDING
    front.export()
    front.count(front.pump, 4)
    front.webstore.answers["T1"] = Receipt(Outcome.ACCEPTED)
    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.export()

    assert 4 == front.pieces(front.pump)


def test_a_webstore_that_goes_away_in_the_middle_is_told_the_whole_again(front):
    def away(call):
        if call == "push_snapshot":
            raise Retryable(NO)

    front.webstore.before = away
    (result,) = front.engine.export("web")
    assert NO == result.trouble

    front.webstore.before = lambda _: None
    front.export()

    assert 2 == len(front.webstore.shown)


def test_a_held_offer_stays_in_the_whole_as_the_webstore_shows_it(front):
    front.export()
    front.rule(limits=Limits(price_percent=0, times=2, pieces=100, emptied_percent=0))
    front.count(front.pump, 8_801_234)
    front.count(front.helmet, 9)
    front.export()

    assert (9, 5) == (front.pieces(front.helmet), front.pieces(front.pump))


def test_of_a_sale_the_webstore_hears_at_the_next_look(front):
    front.export()
    front.buy("A1", line("1", gtin=HELMET))
    front.engine.poll()
    (result,) = front.engine.export_due()

    assert (1, 9) == (result.due, front.pieces(front.helmet))


def test_a_dry_run_sends_no_file(front):
    front.export(dry_run=True)

    assert [] == front.webstore.calls
