"""An order whose sums do not agree is sold by hand with an adjustment, which says what it is."""

import pytest

from orders import PUMP, line, order, won
from shop import STAFF
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.status import Act, Status
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import Payment, PaymentKind

pytestmark = pytest.mark.row("S14")
WHY = Signature("지은", "쿠폰 누락 확인")
RELEASE = Doing(act=Act.RELEASE)
ITEM = "차액 조정 (adjustment): 쿠폰 누락 확인"


def offer(till, *lines, **more):
    till.clock.advance(60)
    till.webstore.offer(order("A1", *lines, **more))
    till.engine.poll()


@pytest.fixture
def uneven(till):
    """A1: a helmet of 50,000 won in an order of 45,000; nobody knows why."""
    offer(till, line("1"), total=won(45_000))
    assert Status.SALE_PROCESSING_FAILED is till.engine.order("A1").status
    return till


def status(till):
    return till.engine.order("A1").status


def items(till):
    return [(one.description, one.gross.minor) for one in till.engine.sale(1).items]


def test_it_is_said_before_what_it_is_sold_for_and_what_makes_up_the_difference(uneven):
    seen = uneven.engine.preview_act(1, RELEASE)

    assert (True, ["reason"]) == (seen.possible, [one.value for one in seen.asks])
    assert seen.consequences[0].en.startswith(
        "The sale gets an item “차액 조정 (adjustment)” of -₩5,000 with your reason, "
        "which the customer reads on the receipt: it comes to ₩45,000"
    )


def test_it_is_sold_for_what_the_webstore_says_with_an_item_that_says_why(uneven):
    assert Status.NEW is uneven.engine.act(1, RELEASE, WHY).status

    assert [("item 1", 50_000), (ITEM, -5_000)] == items(uneven)
    assert (45_000, 9) == (uneven.engine.sale(1).total.minor, uneven.on_hand(uneven.helmet))
    (entry,) = [one for one in uneven.engine.timeline(1) if one.what == Act.RELEASE]
    assert ("지은", "sell with an adjustment (-₩5,000): 쿠폰 누락 확인") == (entry.who, entry.words.en)
    assert Cause.SUMS_DIFFER not in {one.cause for one in uneven.engine.messages()}


@pytest.mark.row("S22")
def test_it_is_picked_up_for_that(uneven):
    uneven.engine.act(1, RELEASE, WHY)
    uneven.engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    cash = Payment(kind=PaymentKind.CASH, amount=won(45_000))

    assert Status.COMPLETED is uneven.engine.act(1, Doing(act=Act.PICK_UP, payments=(cash,)), STAFF).status


def test_it_needs_a_reason(uneven):
    with pytest.raises(NotAllowed, match=r"Say why: it stands in the order's timeline\.$"):
        uneven.engine.act(1, RELEASE, STAFF)

    assert Status.SALE_PROCESSING_FAILED is status(uneven)


def test_what_its_parts_lack_is_added(till):
    offer(till, line("1"), total=won(99_000))
    till.engine.act(1, RELEASE, WHY)

    assert [("item 1", 50_000), (ITEM, 49_000)] == items(till)


def test_it_holds_for_that_difference_and_another_is_asked_anew(till):
    unknown = line("x", gtin="00605284574539", price=9_000)
    offer(till, line("1"), unknown, total=won(55_000))
    till.engine.act(1, RELEASE, WHY)
    assert Status.PRODUCT_MATCH_FAILED is status(till)

    offer(till, line("1"), unknown, line("2", gtin=PUMP), total=won(105_000))
    assert Status.PRODUCT_MATCH_FAILED is status(till)  # it lacks the same
    offer(till, line("1"), unknown, total=won(58_000))
    assert Status.SALE_PROCESSING_FAILED is status(till)


def test_it_is_undone_while_there_is_no_sale(till):
    unknown = line("x", gtin="00605284574539", price=9_000)
    offer(till, line("1"), unknown, total=won(55_000))
    till.engine.act(1, RELEASE, WHY)
    assert "Undo: Sell with an adjustment" == till.engine.preview_act(1, Doing(act=Act.UNDO)).title.en

    till.engine.undo(1, STAFF)

    assert Status.SALE_PROCESSING_FAILED is status(till)
    assert till.engine.preview_act(1, RELEASE).possible


def test_rejecting_an_item_leaves_the_difference_as_it_was(till):
    offer(till, line("1"), line("2", gtin=PUMP, price=20_000), total=won(65_000))
    till.engine.act(1, RELEASE, WHY)
    till.engine.act(1, Doing(act=Act.REJECT, line_ids=("2",)), WHY)

    assert 45_000 == till.engine.sale(1).total.minor


def test_made_anew_it_has_the_adjustment_still(uneven):
    uneven.engine.act(1, RELEASE, WHY)
    offer(uneven, line("1"), line("2", gtin=PUMP, price=20_000), total=won(65_000))
    uneven.engine.act(1, Doing(act=Act.REMAKE_SALE), STAFF)

    assert [("item 1", 50_000), ("item 2", 20_000), (ITEM, -5_000)] == items(uneven)


def test_an_order_that_agrees_has_nothing_to_adjust(till):
    offer(till, line("1", gtin="00605284574539"))
    seen = till.engine.preview_act(1, RELEASE)

    assert "not possible for an order that is Product Match Failed" in seen.why_not.en


def test_payments_that_are_not_the_total_are_nothing_that_an_adjustment_mends(till):
    """Nobody knows then what the customer has paid."""
    card = Tender(kind=TenderKind.CARD, amount=won(40_000))
    offer(till, line("1"), kind=OrderKind.BOPIS, paid=True, tenders=(card,))
    seen = till.engine.preview_act(1, RELEASE)

    assert seen.why_not.en.startswith("No adjustment would make its numbers agree.")


def test_what_was_paid_is_what_it_is_sold_for(till):
    card = Tender(kind=TenderKind.CARD, amount=won(45_000))
    offer(till, line("1"), kind=OrderKind.BOPIS, paid=True, tenders=(card,), total=won(45_000))
    till.engine.act(1, RELEASE, WHY)
    till.engine.act(1, Doing(act=Act.ACCEPT), STAFF)

    assert Status.COMPLETED is till.engine.act(1, Doing(act=Act.PICK_UP), STAFF).status
    assert [45_000] == [one.payment.amount.minor for one in till.engine.sale(1).payments]


def test_a_replay_reads_it_as_it_was_released(till):
    unknown = line("x", gtin="00605284574539", price=9_000)
    offer(till, line("1"), unknown, total=won(55_000))
    till.engine.act(1, RELEASE, WHY)
    till.engine.set_status(1, Status.PROCESS_SALE, STAFF)

    assert Status.PRODUCT_MATCH_FAILED is status(till)
