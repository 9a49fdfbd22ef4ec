"""What a webstore that takes the whole has no place for: said of each product, no hindrance to others."""

from datetime import timedelta

import pytest

from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.messages import Cause
from tillbridge.model.offers import Exporting, Limits
from tillbridge.model.words import Words
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
NO = Words("It has no barcode.", "바코드가 없습니다.")


@pytest.fixture
def front(make_front):
    """A webstore that takes files, and has no place for pumps."""
    front = make_front(
        takes=frozenset({Capability.SNAPSHOT, Capability.EXPORT_CHECK}),
        exporting=Exporting(refresh=timedelta(hours=24)),
    )
    front.rule(every=timedelta(hours=1))
    front.webstore.leaves_out = lambda offer: NO if offer.product_id == front.pump else None
    return front


def refused(front):
    return [(one.product_id, one.why) for one in front.engine.export_items("web", "refused")]


def test_it_is_refused_with_its_reason_and_the_others_are_shown(front):
    result = front.export()

    assert (1, 1) == (result.told.accepted, result.told.refused)
    assert [f"/{front.helmet}"] == list(front.webstore.shown)
    assert [(front.pump, NO)] == refused(front)
    assert Cause.OFFERS_REFUSED in {one.cause for one in front.engine.messages()}


def test_it_makes_nobody_tell_the_whole_again(front):
    front.export()
    front.clock.advance(3600)
    front.export()

    assert 1 == len(front.webstore.calls)
    assert [] == front.engine.export_items("web", "due")


def test_it_is_told_again_when_it_changes_and_is_taken_then(front):
    front.export()
    front.webstore.leaves_out = lambda _: None
    front.count(front.pump, 4)
    front.export()

    assert 4 == front.pieces(front.pump)
    assert [] == refused(front)


def test_what_was_shown_and_has_no_place_any_more_is_shown_no_more(front):
    front.webstore.leaves_out = lambda _: None
    front.export()
    front.webstore.leaves_out = lambda offer: NO if offer.product_id == front.pump else None
    front.count(front.helmet, 9)
    front.export()

    (pump,) = [one for one in front.engine.export_items("web", "all") if one.product_id == front.pump]
    assert (0, None) == pump.shown
    assert [(front.pump, NO)] == refused(front)


def test_it_is_known_before_a_pending_whole_is_accepted(front):
    front.webstore.answer = lambda _: Receipt(Outcome.PENDING, ticket="T1")
    front.export()
    front.webstore.answers["T1"] = Receipt(Outcome.ACCEPTED)
    result = front.export()

    assert 1 == result.told.accepted
    assert [(front.pump, NO)] == refused(front)


def test_what_is_held_stays_held(front):
    front.webstore.leaves_out = lambda _: None
    front.export()
    front.rule(every=timedelta(hours=1), limits=Limits(price_percent=0, times=2, pieces=100))
    front.webstore.leaves_out = lambda offer: NO if offer.product_id == front.pump else None
    front.count(front.pump, 8_801_234)
    front.export(everything=True)

    assert [front.pump] == [one.product_id for one in front.engine.export_items("web", "held")]
