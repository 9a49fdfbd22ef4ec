"""What staff must see of the export, for as long as it is so."""

from datetime import timedelta

import pytest

from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.messages import Cause
from tillbridge.model.offers import Exporting, Limits
from tillbridge.model.words import Words
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
DAY = timedelta(days=1)
NO = Receipt(Outcome.REFUSED, Words("Not listed.", "등록되지 않았습니다."))


@pytest.fixture
def feed(make_front):
    """A webstore that wants its file daily, and switches the shop off after three days."""
    front = make_front(
        takes=frozenset({Capability.SNAPSHOT}), exporting=Exporting(refresh=DAY, expires=3 * DAY)
    )
    front.rule(every=timedelta(hours=1))
    front.export()
    return front


def said(front, cause):
    return [(one.words.en, one.action.command) for one in front.engine.messages() if one.cause is cause]


def test_a_webstore_that_is_up_to_date_is_no_message(feed):
    feed.clock.advance(24 * 3600)

    assert [] == said(feed, Cause.EXPORT_OLD)


def test_a_webstore_that_becomes_old_says_since_when_and_how_long_there_is_left(feed):
    feed.clock.advance(30 * 3600)
    ((words, command),) = said(feed, Cause.EXPORT_OLD)

    assert words.startswith("web: the webstore's stock and prices are 1 day")
    assert "switch the shop off" in words
    assert "tillbridge export run web" == command


def test_after_its_end_the_message_says_that_the_shop_may_be_off(feed):
    feed.clock.advance(80 * 3600)
    ((words, _),) = said(feed, Cause.EXPORT_OLD)

    assert words.endswith("It may have switched the shop off.")


def test_the_message_goes_with_the_next_export(feed):
    feed.clock.advance(30 * 3600)
    feed.export()

    assert [] == said(feed, Cause.EXPORT_OLD)


def test_what_was_refused_or_is_held_is_a_message_with_the_command_that_lists_it(front):
    front.export()
    front.rule(limits=Limits(price_percent=0, times=2, pieces=100, emptied_percent=0))
    front.webstore.answer = lambda _: NO
    front.count(front.pump, 900)
    front.count(front.helmet, 9)
    front.export()

    assert [
        (
            "web: 1 product's stock or price changes so much that it is not passed on.",
            "tillbridge export items web --which held",
        )
    ] == said(front, Cause.OFFERS_HELD)
    assert [
        ("web: 1 product was refused by the webstore.", "tillbridge export items web --which refused")
    ] == said(front, Cause.OFFERS_REFUSED)
