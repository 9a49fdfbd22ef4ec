"""Answers that come later, or never: they are asked about first, and nothing waits for them for ever."""

from datetime import timedelta

import pytest

from orders import HELMET
from tillbridge.exports import ExportWay
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.identifiers import check_digit
from tillbridge.model.messages import Cause
from tillbridge.model.offers import Limits
from tillbridge.model.words import Words
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
NO = Words("Column B is no number.", "B열이 숫자가 아닙니다.")
GOOD = Receipt(Outcome.ACCEPTED)
PENDING = Receipt(Outcome.PENDING, ticket="T1")
SEVEN_HOURS = 7 * 3600
ONCE = ExportWay(once=True)


CHANGES = frozenset({Capability.INVENTORY, Capability.EXPORT_CHECK})
WHOLE = frozenset({Capability.SNAPSHOT, Capability.EXPORT_CHECK})


@pytest.fixture
def pending(make_front):
    """Return what makes a shop whose webstore answers later, and was told once."""

    def make(takes):
        front = make_front(takes=takes)
        front.rule(every=timedelta(days=7))
        front.webstore.answer = lambda _: PENDING
        front.export()
        front.webstore.answer = lambda _: GOOD
        return front

    return make


@pytest.fixture
def changes(pending):
    """A webstore that takes changes, and answers later."""
    return pending(CHANGES)


@pytest.fixture
def whole(pending):
    """A webstore that takes files, and answers later."""
    return pending(WHOLE)


@pytest.fixture(params=[CHANGES, WHOLE], ids=["changes", "whole"])
def any_front(request, pending):
    return pending(request.param)


def look(front):
    (result,) = front.engine.export("web", ONCE)
    return result


def troubles(front):
    return [one.words.en for one in front.engine.messages() if one.cause is Cause.CONNECTION_DOWN]


def test_a_pending_answer_is_asked_about_although_nothing_may_be_told(any_front):
    """So much would be emptied that a person has to look; the answer that is pending needs nobody."""
    front = any_front
    front.webstore.answers["T1"] = GOOD
    more = [front.add(f"물통 {number}", gtin(number), 3, 5_000) for number in range(25)]
    front.export()
    front.webstore.answer = lambda _: PENDING
    front.count(front.helmet, 9)
    del front.webstore.answers["T1"]
    front.export()
    front.rule(limits=Limits(emptied_percent=50))
    for product in more:
        front.count(product, 0)
    front.webstore.answers["T1"] = GOOD
    (result,) = front.engine.export("web")

    assert "25 of the 27" in result.trouble.en
    assert (1, []) == (result.told.accepted, front.engine.export_items("web", "pending"))


def test_what_is_refused_later_keeps_its_words_and_rests_until_it_changes(changes):
    front = changes
    front.webstore.answers["T1"] = Receipt(Outcome.REFUSED, NO)
    assert 2 == look(front).told.refused
    look(front)
    refused = front.engine.export_items("web", "refused")
    assert ({NO}, 1) == ({one.why for one in refused}, len(front.webstore.calls))

    front.webstore.answer = lambda _: GOOD
    front.count(front.helmet, 9)
    look(front)
    assert [f"/{front.helmet}"] == front.webstore.calls[-1]


def test_a_file_that_is_refused_later_keeps_its_words_and_rests(whole):
    front = whole
    front.webstore.answers["T1"] = Receipt(Outcome.REFUSED, NO)
    assert NO == look(front).trouble
    front.clock.advance(3600)
    assert NO == look(front).trouble

    assert 1 == len(front.webstore.calls)
    assert ["web: Column B is no number."] == troubles(front)


def test_a_file_that_was_refused_at_once_rests_too(whole):
    front = whole
    front.webstore.answers["T1"] = GOOD
    front.webstore.answer = lambda _: Receipt(Outcome.REFUSED, NO)
    front.count(front.helmet, 9)
    assert NO == look(front).trouble
    front.clock.advance(3600)
    assert [] == front.engine.export_due()

    assert 2 == len(front.webstore.calls)


def test_a_refused_file_is_told_again_when_something_changes(whole):
    front = whole
    front.webstore.answers["T1"] = Receipt(Outcome.REFUSED, NO)
    look(front)
    front.clock.advance(60)
    front.count(front.helmet, 9)
    (result,) = front.engine.export_due()

    assert (None, 9) == (result.trouble, front.pieces(front.helmet))
    assert [] == troubles(front)


def test_a_refused_file_is_told_again_after_a_day(whole):
    front = whole
    front.webstore.answers["T1"] = Receipt(Outcome.REFUSED, NO)
    look(front)
    front.clock.advance(24 * 3600)
    look(front)

    assert 10 == front.pieces(front.helmet)


def test_a_refused_file_is_told_again_by_hand(whole):
    front = whole
    front.webstore.answers["T1"] = Receipt(Outcome.REFUSED, NO)
    look(front)
    front.export()

    assert 10 == front.pieces(front.helmet)


def test_a_refused_file_is_told_again_by_other_rules(whole):
    front = whole
    front.webstore.answers["T1"] = Receipt(Outcome.REFUSED, NO)
    look(front)
    front.rule(limits=Limits())
    look(front)

    assert 10 == front.pieces(front.helmet)


def test_a_promised_answer_that_never_comes_is_waited_for_some_hours(any_front):
    front = any_front
    look(front)
    assert 1 == len(front.webstore.calls)

    front.clock.advance(SEVEN_HOURS)
    look(front)
    front.clock.advance(60)
    look(front)
    assert 10 == front.pieces(front.helmet)


@pytest.mark.parametrize(
    ("takes", "answer"),
    [
        ({Capability.INVENTORY, Capability.EXPORT_CHECK}, Receipt(Outcome.PENDING)),
        ({Capability.INVENTORY}, PENDING),
        ({Capability.SNAPSHOT, Capability.EXPORT_CHECK}, Receipt(Outcome.PENDING)),
        ({Capability.SNAPSHOT}, PENDING),
    ],
)
def test_a_promise_that_nobody_can_ask_about_is_no_answer(make_front, takes, answer):
    front = make_front(takes=frozenset(takes))
    front.rule(every=timedelta(days=7))
    front.webstore.answer = lambda _: answer
    result = look(front)
    assert (2, 0) == (result.told.unknown, result.told.pending)

    front.webstore.answer = lambda _: GOOD
    front.clock.advance(60)
    front.engine.export_due()
    assert 10 == front.pieces(front.helmet)


@pytest.mark.parametrize("takes", [Capability.INVENTORY, Capability.SNAPSHOT])
def test_what_is_never_answered_is_told_less_and_less_often(make_front, takes):
    """After 0, 1, 3, 7, 15, 31, 63 and 123 minutes, and every hour from then on."""
    front = make_front(takes=frozenset({takes}))
    front.rule(every=timedelta(days=7))
    front.webstore.answer = lambda _: Receipt(Outcome.UNKNOWN)
    told = []
    for minute in range(200):
        if front.engine.export_due():
            told.append(minute)
        front.clock.advance(60)

    assert [0, 1, 3, 7, 15, 31, 63, 123, 183] == told


def test_what_was_told_pending_without_end_may_still_be_changed_by_hand(changes):
    front = changes
    front.export(everything=True)

    assert 10 == front.pieces(front.helmet)
    assert HELMET in [one.value for one in front.webstore.shown[f"/{front.helmet}"].identifiers]


def gtin(number):
    digits = f"0400638{number:06d}"
    return digits + check_digit(digits)
