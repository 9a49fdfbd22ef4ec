"""What a webstore has must not become old: it is told anew in time, also where it takes changes."""

from datetime import timedelta

import pytest

from tillbridge.exports import ExportWay
from tillbridge.model.errors import Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.messages import Cause
from tillbridge.model.offers import Exporting, Limits
from tillbridge.model.words import Words
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
DAY = timedelta(days=1)
HALF = 12 * 3600
AWAY = Words("The webstore is away.", "웹스토어에 연결할 수 없습니다.")


@pytest.fixture
def front(make_front):
    """A webstore that takes changes, and switches off the shop that does not tell it anew."""
    front = make_front(exporting=Exporting(batch=1, refresh=DAY, expires=3 * DAY))
    front.rule(every=timedelta(days=7))
    front.engine.export_due()
    front.webstore.calls.clear()
    return front


def look(front):
    return front.engine.export("web", ExportWay(once=True))[0]


def messages(front):
    return [one.words.en for one in front.engine.messages() if one.cause is Cause.EXPORT_OLD]


def test_everything_is_told_anew_well_before_it_is_too_old(front):
    front.clock.advance(HALF - 1)
    assert [] == front.engine.export_due()
    front.clock.advance(1)
    front.engine.export_due()

    assert [[f"/{front.helmet}"], [f"/{front.pump}"]] == front.webstore.calls


def test_a_change_in_between_is_told_alone_and_makes_the_rest_no_younger(front):
    front.clock.advance(HALF // 2)
    front.count(front.pump, 4)
    front.engine.export_due()
    assert [[f"/{front.pump}"]] == front.webstore.calls

    front.clock.advance(HALF // 2)
    front.engine.export_due()
    assert 3 == len(front.webstore.calls)


def test_while_it_is_young_it_is_not_told_again(front):
    front.clock.advance(HALF)
    front.engine.export_due()
    front.clock.advance(HALF - 1)
    front.engine.export_due()

    assert 2 == len(front.webstore.calls)


def test_telling_everything_anew_goes_on_where_it_was_cut_off(front):
    def away(_):
        if front.webstore.calls:
            raise Retryable(AWAY)

    front.clock.advance(HALF)
    front.webstore.before = lambda call: away(call) if call == "push_inventory" else None
    front.engine.export_due()
    front.webstore.before = lambda _: None
    front.clock.advance(60)
    front.engine.export_due()

    assert [[f"/{front.helmet}"], [f"/{front.pump}"]] == front.webstore.calls


def test_what_was_refused_is_not_told_anew(front):
    front.webstore.answer = lambda _: Receipt(Outcome.REFUSED, AWAY)
    front.count(front.pump, 4)
    front.engine.export_due()
    front.webstore.calls.clear()
    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.clock.advance(HALF)
    front.engine.export_due()

    assert [[f"/{front.helmet}"]] == front.webstore.calls


def test_what_is_held_is_told_anew_as_the_webstore_shows_it(front):
    limits = Limits(price_percent=0, times=2, pieces=100, emptied_percent=0)
    front.rule(every=timedelta(days=7), limits=limits)
    front.count(front.pump, 8_801)
    front.engine.export_due()
    front.webstore.calls.clear()
    front.clock.advance(HALF)
    front.engine.export_due()

    assert [[f"/{front.helmet}"], [f"/{front.pump}"]] == front.webstore.calls
    assert 5 == front.pieces(front.pump)


def test_changes_that_are_told_leave_the_message_that_the_rest_is_old(front):
    """The webstore is away for everything but the pump."""

    def answer(offer):
        if offer.product_id == front.helmet:
            raise Retryable(AWAY)
        return Receipt(Outcome.ACCEPTED)

    front.webstore.answer = answer
    front.clock.advance(30 * 3600)
    front.count(front.pump, 4)
    look(front)

    (words,) = messages(front)
    assert words.startswith("web: the webstore's stock and prices are 1 day")


def test_what_is_told_anew_in_time_is_no_message(front):
    front.clock.advance(HALF)
    front.engine.export_due()
    front.clock.advance(23 * 3600)

    assert [] == messages(front)


def test_a_file_that_is_told_hourly_is_looked_at_when_it_becomes_old(make_front):
    """The schedule alone would look again in a week."""
    front = make_front(takes=frozenset({Capability.SNAPSHOT}), exporting=Exporting(refresh=DAY))
    front.rule(every=timedelta(days=7))
    front.engine.export_due()
    front.clock.advance(HALF)
    front.engine.export_due()

    assert 2 == len(front.webstore.calls)


def test_after_the_clock_was_set_back_everything_is_told_anew(front, monkeypatch):
    before = front.clock.now() - 30 * DAY
    monkeypatch.setattr(front.clock, "now", lambda: before)
    front.engine.export_due()

    assert 2 == len(front.webstore.calls)
