"""What staff decide: accept, reject, archive, undo; and what the till finishes."""

import pytest

from orders import HELMET, line, order
from tillbridge.model.errors import NeedsAnswer, NotAllowed, NotFound, Rejected, Retryable
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import Standing
from tillbridge.model.status import Status
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import SaleState

UNKNOWN = "00605284574539"


@pytest.fixture
def sold(shop):
    """A shop with one sold order, A1."""
    shop.webstore.offer(order("A1"))
    shop.poll()
    return shop


@pytest.fixture
def unsold(shop):
    """A shop with one order whose product is unknown, A1."""
    shop.webstore.offer(order("A1", line("1", gtin=UNKNOWN)))
    shop.poll()
    return shop


def key(shop):
    """The key by which the POS knows order A1."""
    return "memory:s1:A1"


@pytest.mark.row("S17")
def test_accepting_a_sold_order_puts_it_in_process_and_tells_the_webstore(sold):
    assert Status.IN_PROCESS is sold.set("A1", Status.IN_PROCESS)
    sold.engine.deliver()

    assert Decision.ACCEPTED is sold.webstore.believes("A1")


@pytest.mark.row("S17")
def test_accepting_does_not_wait_for_matching(unsold):
    """The webstore hears it at once; the order reaches In Process when its sale exists."""
    assert Status.PRODUCT_MATCH_FAILED is unsold.set("A1", Status.IN_PROCESS)
    unsold.engine.deliver()
    assert Decision.ACCEPTED is unsold.webstore.believes("A1")

    unsold.stock("P3", UNKNOWN, 5)

    assert Status.IN_PROCESS is unsold.set("A1", Status.PROCESS_SALE)


@pytest.mark.row("S20")
def test_rejecting_a_sold_order_returns_its_stock_and_tells_the_webstore_why(sold):
    sold.set("A1", Status.REJECTED, "품절되었습니다")
    sold.engine.deliver()

    assert 10 == sold.on_hand("P1")
    assert SaleState.CLOSED_EMPTY is sold.engine.order("A1").sale_state
    assert "품절되었습니다" == sold.webstore.told[0].reason


def test_a_rejected_order_is_not_sold_by_a_newer_version(unsold):
    unsold.set("A1", Status.REJECTED, "품절")
    unsold.clock.advance(60)
    unsold.webstore.offer(order("A1", line("1", gtin=HELMET)))

    unsold.poll()

    assert Status.REJECTED is unsold.status("A1")
    assert {} == unsold.pos.sales


def test_rejecting_before_the_accept_was_sent_tells_the_webstore_only_the_last(sold):
    sold.set("A1", Status.IN_PROCESS)
    sold.set("A1", Status.REJECTED, "품절")
    sold.engine.deliver()

    assert [Decision.REJECTED] == [told.said for told in sold.webstore.told]


def test_undo_takes_back_a_decision_that_was_not_sent(sold):
    sold.set("A1", Status.REJECTED, "잘못 눌렀음")
    number = sold.engine.order("A1").id

    assert Status.NEW is sold.engine.undo(number, Signature("지은"))
    sold.engine.deliver()
    assert [] == sold.webstore.told
    assert 9 == sold.on_hand("P1")


def test_undo_refuses_what_was_sent(sold):
    sold.set("A1", Status.REJECTED, "품절")
    sold.engine.deliver()

    with pytest.raises(NotAllowed, match="the point of sale has done its part already"):
        sold.engine.undo(sold.engine.order("A1").id, Signature("지은"))


@pytest.mark.row("S22")
def test_a_sale_finished_at_the_till_completes_its_order(sold):
    sold.pos.finish_at_till(key(sold))

    sold.engine.follow_till()

    assert Status.COMPLETED is sold.status("A1")
    assert ["settled", "sale opened", "complete"][1:] == [
        entry.what for entry in sold.engine.timeline(sold.engine.order("A1").id)
    ]


def test_a_sale_finished_after_a_rejection_is_a_conflict_and_not_completed(sold):
    sold.set("A1", Status.REJECTED, "품절")
    sold.pos.finish_at_till(key(sold))
    sold.engine.follow_till()

    found = sold.engine.order("A1")
    assert Status.REJECTED is found.status
    assert found.conflict


def test_undoing_the_rejection_of_a_finished_sale_completes_the_order(sold):
    sold.set("A1", Status.REJECTED, "품절")
    sold.pos.finish_at_till(key(sold))
    sold.engine.follow_till()

    sold.engine.undo(sold.engine.order("A1").id, Signature("지은"))

    found = sold.engine.order("A1")
    assert Status.COMPLETED is found.status
    assert not found.conflict


def test_a_sale_is_made_anew_at_once_with_the_old_one_void(sold):
    sold.clock.advance(60)
    sold.webstore.offer(order("A1", line("1"), line("2")))
    sold.poll()

    assert Status.NEW is sold.set("A1", Status.PROCESS_SALE)
    assert not sold.engine.order("A1").changed_after_sale
    assert 8 == sold.on_hand("P1")


@pytest.mark.row("S13")
def test_an_archived_order_stays_archived_whatever_the_webstore_says(unsold):
    unsold.set("A1", Status.ARCHIVED, answer=Decision.ACCEPTED)
    unsold.clock.advance(60)
    unsold.webstore.offer(order("A1", line("1", gtin=HELMET)))

    unsold.poll()

    assert Status.ARCHIVED is unsold.status("A1")


def test_what_is_not_possible_is_refused_with_what_is(sold):
    with pytest.raises(NotAllowed) as refused:
        sold.set("A1", Status.PRODUCT_MATCH_FAILED)

    assert "Possible now: In Process, Rejected." in str(refused.value)
    assert "지금 가능한 상태" in refused.value.words.ko


def test_an_order_that_does_not_exist_is_named(shop):
    with pytest.raises(NotFound, match="There is no order 'A9'"):
        shop.engine.order("A9")


def test_a_delivery_is_tried_again_when_the_webstore_is_back(sold):
    sold.set("A1", Status.IN_PROCESS)

    def away(_):
        raise Retryable(Words("away", "응답 없음"))

    sold.webstore.before = away
    sold.engine.deliver()
    sold.webstore.before = lambda _: None
    sold.engine.deliver()
    assert [] == sold.webstore.told

    sold.clock.advance(31)
    sold.engine.deliver()
    assert Decision.ACCEPTED is sold.webstore.believes("A1")


def test_a_delivery_that_is_refused_is_set_aside_and_said(sold):
    sold.set("A1", Status.IN_PROCESS)

    def refuse(_):
        raise Rejected(Words("too late", "늦었습니다"))

    sold.webstore.before = refuse
    sold.engine.deliver()
    sold.clock.advance(10_000)
    sold.engine.deliver()

    last = sold.engine.timeline(sold.engine.order("A1").id)[-1]
    assert "set aside" == last.what
    assert "too late" in last.words.en


@pytest.mark.row("S7")
def test_a_webstores_customer_who_was_linked_before_is_known_without_an_e_mail(sold):
    stranger = order("A1").customer.model_copy(update={"email": "new@example.com"})
    sold.webstore.offer(order("A2", customer=stranger))

    sold.poll()

    found = sold.engine.order("A2")
    assert Status.NEW is found.status
    assert "earlier link" == found.customer_evidence.rule


@pytest.mark.row("S13")
def test_archiving_an_undecided_order_asks_what_the_webstore_is_to_hear(unsold):
    with pytest.raises(NeedsAnswer, match="say which of the two the webstore is to hear") as asked:
        unsold.set("A1", Status.ARCHIVED)

    assert (Decision.ACCEPTED, Decision.REJECTED) == asked.value.answers
    assert Status.PRODUCT_MATCH_FAILED is unsold.status("A1")


@pytest.mark.row("S13")
@pytest.mark.parametrize("answer", Decision)
def test_archiving_tells_the_webstore_what_was_answered(unsold, answer):
    """A sale made by hand was accepted; a test order may be rejected."""
    assert Status.ARCHIVED is unsold.set("A1", Status.ARCHIVED, answer=answer)
    unsold.engine.deliver()

    assert answer is unsold.webstore.believes("A1")
    assert answer is unsold.engine.order("A1").decision


def test_archiving_a_decided_order_asks_nothing_and_tells_nothing_more(unsold):
    unsold.set("A1", Status.IN_PROCESS)
    unsold.set("A1", Status.ARCHIVED)
    unsold.engine.deliver()

    assert [Decision.ACCEPTED] == [told.said for told in unsold.webstore.told]


def test_an_answer_does_not_turn_over_what_was_decided(unsold):
    unsold.set("A1", Status.IN_PROCESS)

    with pytest.raises(NotAllowed, match="decided already"):
        unsold.set("A1", Status.ARCHIVED, answer=Decision.REJECTED)


def test_archiving_can_be_undone_with_what_it_told(unsold):
    unsold.set("A1", Status.ARCHIVED, answer=Decision.REJECTED)

    assert Status.PRODUCT_MATCH_FAILED is unsold.engine.undo(1, Signature("지은"))
    unsold.engine.deliver()
    assert ([], None) == (unsold.webstore.told, unsold.engine.order("A1").decision)


def test_a_rejection_needs_a_reason(sold):
    with pytest.raises(NotAllowed, match="Say why"):
        sold.set("A1", Status.REJECTED, "  ")

    assert Status.NEW is sold.status("A1")


def test_an_archived_order_comes_back_to_why_it_was_not_sold(unsold):
    unsold.set("A1", Status.ARCHIVED, answer=Decision.ACCEPTED)

    assert Status.PRODUCT_MATCH_FAILED is unsold.engine.unarchive(1, Signature("지은", "실수로 보관함"))

    last = unsold.engine.timeline(1)[-1]
    assert ("지은", "un-archive: 실수로 보관함", "보관 해제: 실수로 보관함") == (
        last.who,
        last.words.en,
        last.words.ko,
    )


def test_an_archived_rejection_comes_back_as_rejected(sold):
    sold.set("A1", Status.REJECTED, "품절")
    sold.engine.deliver()
    sold.set("A1", Status.ARCHIVED)

    assert Status.REJECTED is sold.engine.unarchive(1, Signature("지은"))


def test_an_archived_completed_order_comes_back_as_completed(sold):
    """Being finished at the till it counts as accepted, so archiving it asks nothing."""
    sold.pos.finish_at_till(key(sold))
    sold.engine.follow_till()
    sold.set("A1", Status.ARCHIVED)

    assert Status.COMPLETED is sold.engine.unarchive(1, Signature("지은"))


def test_what_is_not_archived_does_not_come_back(sold):
    with pytest.raises(NotAllowed, match="This order is not archived"):
        sold.engine.unarchive(1, Signature("지은"))


def test_what_tillbridge_put_aside_is_not_brought_back_by_hand(shop):
    shop.webstore.offer(order("A1", standing=Standing.UNPAID))
    shop.poll()

    with pytest.raises(NotAllowed, match="tillbridge itself put this order aside"):
        shop.engine.unarchive(1, Signature("지은"))
