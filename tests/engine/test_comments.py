"""What an act leaves in the sale's comments and in the timeline: each thing once, and what was paid."""

import pytest

from orders import HELMET, line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.status import Act
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import Payment, PaymentKind


@pytest.fixture
def sold(till):
    card = Tender(kind=TenderKind.CARD, amount=won(50_000))
    helmet = line("h", gtin=HELMET)
    till.webstore.offer(order("A1", helmet))
    till.webstore.offer(order("A2", helmet, kind=OrderKind.BOPIS, paid=True, tenders=(card,)))
    till.engine.poll()
    return till


def comments(till):
    return list(till.engine.sale(1).comments)


@pytest.mark.row("S20")
@pytest.mark.parametrize("act", [Act.CANCEL, Act.REJECT])
def test_the_reason_of_a_cancellation_stands_once_in_the_sales_comments(sold, act):
    sold.engine.act(1, Doing(act=act), WITH_REASON)

    assert 1 == comments(sold).count("품절")


def test_what_staff_write_twice_stands_twice(sold):
    for _ in range(2):
        sold.engine.comment_sale(1, Signature("지은", "전화함"))

    assert 2 == comments(sold).count("전화함")


@pytest.mark.row("S21")
def test_reserving_again_adds_no_second_comment(sold):
    sold.engine.act(1, Doing(act=Act.RESERVE), STAFF)
    sold.engine.comment_sale(1, Signature("지은", "전화함"))
    sold.engine.act(1, Doing(act=Act.RESERVE, holding_place="선반 4"), STAFF)

    assert 1 == comments(sold).count("예약 (reserved)")


@pytest.mark.row("S22")
def test_a_pick_up_stands_in_the_timeline_with_what_was_paid(sold):
    sold.engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    card = Payment(kind=PaymentKind.CARD, amount=won(50_000), card_type="BC")
    sold.engine.act(1, Doing(act=Act.PICK_UP, payments=(card,)), STAFF)

    (entry,) = [one for one in sold.engine.timeline(1) if one.what == Act.PICK_UP]
    assert "pick up (paid ₩50,000 (card, BC))" == entry.words.en
    assert "수령(결제 ₩50,000(카드, BC))" == entry.words.ko


@pytest.mark.row("S23")
def test_so_does_what_the_webstore_took(sold):
    sold.engine.act(2, Doing(act=Act.PICK_UP), STAFF)

    (entry,) = [one for one in sold.engine.timeline(2) if one.what == Act.PICK_UP]
    assert "pick up (paid ₩50,000 (eCommerce payment, web))" == entry.words.en


@pytest.mark.row("S28")
def test_a_cancellation_stands_there_with_what_was_handed_back(sold):
    sold.engine.pay(1, Payment(kind=PaymentKind.CASH, amount=won(5_000)), STAFF)
    sold.engine.act(1, Doing(act=Act.CANCEL), WITH_REASON)

    (entry,) = [one for one in sold.engine.timeline(1) if one.what == Act.CANCEL]
    assert "handed back ₩5,000 (cash)" in entry.words.en
