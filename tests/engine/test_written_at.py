"""What tillbridge writes into a sale is read where the store is: Korean in Korea, English elsewhere."""

from collections.abc import Iterator

import pytest

from engine.tills import Till
from orders import HELMET, line, order, won
from shop import SEOUL, STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.status import Act
from tillbridge.model.stores import written_at
from tillbridge.model.words import Words

BERLIN = SEOUL.model_copy(update={"country": "DE", "timezone": "Europe/Berlin"})
_HANGUL = range(ord("가"), ord("힣") + 1)


@pytest.fixture
def abroad(sqlite_url: str, clock) -> Iterator[Till]:
    """A shop in Berlin (that sells in won, as the test's orders do) with A1, paid online."""
    till = Till(sqlite_url, clock, store=BERLIN)
    card = Tender(kind=TenderKind.CARD, amount=won(50_000))
    helmet = line("h", gtin=HELMET, title="Helm")
    till.webstore.offer(order("A1", helmet, kind=OrderKind.BOPIS, paid=True, tenders=(card,)))
    till.engine.poll()
    yield till
    till.engine.close()


def is_korean(text: str) -> bool:
    return any(ord(sign) in _HANGUL for sign in text)


def test_words_that_stay_are_korean_with_english_in_korea_and_english_elsewhere():
    words = Words("picked up", "수령 완료")

    assert "수령 완료 (picked up)" == written_at(SEOUL, words)
    assert "picked up" == written_at(BERLIN, words)
    assert "수령 완료 (picked up)" == written_at(None, words)


@pytest.mark.row("S21")
def test_a_reserved_sale_is_kept_open_in_the_stores_language(abroad):
    abroad.engine.act(1, Doing(act=Act.RESERVE), STAFF)

    sale = abroad.engine.sale(1)
    assert ("reserved", ["reserved"]) == (sale.kept_open, [one for one in sale.comments if one == "reserved"])


@pytest.mark.row("S22")
def test_no_comment_of_a_picked_up_sale_is_korean_outside_korea(abroad):
    abroad.engine.act(1, Doing(act=Act.PICK_UP), STAFF)

    comments = abroad.engine.sale(1).comments
    assert "picked up" in comments
    assert [] == [one for one in comments if is_korean(one)]


@pytest.mark.row("S14")
def test_an_adjustment_is_an_item_in_the_stores_language(abroad):
    abroad.clock.advance(60)
    abroad.webstore.offer(order("A2", line("1"), total=won(45_000)))
    abroad.engine.poll()
    number = abroad.engine.order("A2").id
    seen = abroad.engine.preview_act(number, Doing(act=Act.RELEASE))
    abroad.engine.act(number, Doing(act=Act.RELEASE), WITH_REASON)

    assert "an item “adjustment” of -₩5,000" in seen.consequences[0].en
    assert ["item 1", "adjustment: 품절"] == [one.description for one in abroad.engine.sale(number).items]
