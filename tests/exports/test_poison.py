"""An offer for which every call fails stops no other, and an outage is no offer's fault."""

from datetime import timedelta

import pytest

from tillbridge.exports import ExportWay
from tillbridge.model.errors import Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.identifiers import check_digit
from tillbridge.model.offers import Exporting
from tillbridge.model.words import Words

pytestmark = pytest.mark.row("S15")
AWAY = Words("The webstore is away.", "웹스토어에 연결할 수 없습니다.")


def gtin(number):
    digits = f"0400638{number:06d}"
    return digits + check_digit(digits)


@pytest.fixture
def front(make_front):
    """Ten products, told four at a time."""
    front = make_front(exporting=Exporting(batch=4))
    for number in range(8):
        front.add(f"물통 {number}", gtin(number), 3, 5_000)
    front.rule(every=timedelta(days=7))
    return front


def poison(front, *products, error=None):
    def answer(offer):
        if offer.product_id in products:
            raise error or Retryable(AWAY)
        return Receipt(Outcome.ACCEPTED)

    front.webstore.answer = answer


def look(front):
    (result,) = front.engine.export("web", ExportWay(once=True))
    return result


def due(front):
    return [one.product_id for one in front.engine.export_items("web")]


@pytest.mark.parametrize("error", [Retryable(AWAY), KeyError("the plugin's own fault")])
def test_the_others_of_its_call_are_told_too(front, error):
    poison(front, "P2", error=error)
    result = look(front)

    assert ["P2"] == due(front)
    assert (9, 1, None) == (result.told.accepted, result.told.unknown, result.trouble)


def test_it_says_why_and_rests_longer_each_time(front):
    poison(front, "P2")
    look(front)
    (left,) = front.engine.export_items("web")
    assert AWAY == left.why

    told = []
    for minute in range(1, 40):
        front.clock.advance(60)
        if results := front.engine.export_due():
            told.append(minute)
            assert None is results[0].trouble
    assert [1, 3, 7, 15, 31] == told


def test_while_it_rests_news_of_others_go_out_at_once(front):
    poison(front, "P2")
    look(front)
    front.count("P9", 1)
    front.engine.export_due()

    assert 1 == front.pieces("P9")


def test_it_is_told_when_it_works_again(front):
    poison(front, "P2")
    look(front)
    poison(front)
    front.clock.advance(60)
    front.engine.export_due()

    assert [] == due(front)


def test_it_is_told_at_once_when_it_changes(front):
    poison(front, "P2")
    look(front)
    poison(front)
    front.count("P2", 1)
    front.engine.export_due()

    assert 1 == front.pieces("P2")


@pytest.mark.parametrize("products", [("P1", "P10"), ("P1", "P2", "P3", "P4", "P5"), ("P4", "P9", "P7")])
def test_several_of_them_stop_no_other_either(front, products):
    poison(front, *products)
    for _ in range(6):
        look(front)
        front.clock.advance(61)

    assert sorted(products) == sorted(due(front))


def test_one_that_is_alone_due_is_an_outage_until_others_pass(front):
    look(front)
    poison(front, "P2")
    front.count("P2", 1)
    assert AWAY == look(front).trouble

    front.count("P9", 1)
    front.clock.advance(61)
    assert None is look(front).trouble
    assert (["P2"], 1) == (due(front), front.pieces("P9"))


def test_an_outage_asks_few_times_and_ends_with_whole_batches(front):
    asked: list[int] = []
    front.webstore.answer = lambda _: _raise(asked)
    for _ in range(10):
        assert AWAY == look(front).trouble
        front.clock.advance(61)
    assert 20 == len(asked)

    poison(front)
    front.webstore.calls.clear()
    look(front)
    assert [4, 4, 2] == [len(call) for call in front.webstore.calls]


def test_a_webstore_that_says_when_to_come_again_is_asked_nothing_more(front):
    asked: list[int] = []
    front.webstore.answer = lambda _: _raise(asked, until=front.clock.now() + timedelta(hours=1))
    look(front)

    assert 1 == len(asked)


def _raise(asked, until=None):
    asked.append(1)
    raise Retryable(AWAY, until=until)
