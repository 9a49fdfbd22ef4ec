"""Undo of what the point of sale has done already: by a step of its own there, or with words why not."""

from decimal import Decimal

import pytest

from orders import HELMET, line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.status import Act, Status
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import Refused, SaleState
from tillbridge.pos.details import NewItem, Payment, PaymentKind

CASH = Payment(kind=PaymentKind.CASH, amount=won(50_000))
UNDO = Doing(act=Act.UNDO)


@pytest.fixture
def sold(till):
    """A1, sold and New."""
    till.webstore.offer(order("A1"))
    till.engine.poll()
    return till


def do(till, act, signature=STAFF, **more):
    return till.engine.act(1, Doing(act=act, **more), signature)


def seen(till):
    found = till.engine.preview_act(1, UNDO)
    return [one.en for one in found.consequences] or found.why_not.en


@pytest.mark.row("S21")
def test_a_reservation_is_undone_and_its_sale_is_kept_open_no_longer(sold):
    do(sold, Act.RESERVE, holding_place="선반 3")
    assert ["The order is New again.", "The sale is no longer kept open."] == seen(sold)

    assert Status.NEW is sold.engine.undo(1, STAFF)

    assert (None, "") == (sold.engine.sale(1).kept_open, sold.engine.order("A1").handover.holding_place or "")
    sold.engine.deliver()
    assert [] == sold.webstore.told


def test_undoing_another_date_leaves_the_sale_kept_open(sold):
    do(sold, Act.RESERVE)
    sold.engine.deliver()
    do(sold, Act.RESERVE, holding_place="선반 4")
    assert ["The order is In Process again."] == seen(sold)

    sold.engine.undo(1, STAFF)

    order_ = sold.engine.order("A1")
    assert (Status.IN_PROCESS, "") == (order_.status, order_.handover.holding_place or "")
    assert "예약 (reserved)" == sold.engine.sale(1).kept_open


def test_a_sale_that_was_kept_open_for_another_reason_is_so_again(sold):
    sold.engine.keep_open(1, Signature("지은", "토요일 수령"))
    do(sold, Act.RESERVE, Signature("지은", "일요일 수령"))
    sold.engine.undo(1, STAFF)

    assert "토요일 수령" == sold.engine.sale(1).kept_open


def test_what_the_webstore_was_told_of_a_reservation_stays(sold):
    do(sold, Act.RESERVE)
    sold.engine.deliver()

    assert seen(sold).startswith("This cannot be undone any more: the webstore was told already")
    with pytest.raises(NotAllowed, match="Cancel the order instead"):
        sold.engine.undo(1, STAFF)


@pytest.fixture
def stuck(till, monkeypatch):
    """A paid order and cash for a pump: the point of sale took both payments and did not finish the sale."""
    card = Tender(kind=TenderKind.CARD, amount=won(50_000))
    helmet = line("h", gtin=HELMET)
    till.webstore.offer(order("A1", helmet, kind=OrderKind.BOPIS, paid=True, tenders=(card,)))
    till.engine.poll()
    till.engine.add_item(1, NewItem(product_id=till.pump, price=won(20_000), tax_rate=Decimal(0)), STAFF)
    do(till, Act.ACCEPT)
    till.engine.deliver()
    change = till.pos.change_sales

    def refuses(changes):
        if changes[0].action == "finish":
            return {
                one.key: Refused(Words("The drawer is open.", "서랍이 열려 있습니다.")) for one in changes
            }
        return change(changes)

    monkeypatch.setattr(till.pos, "change_sales", refuses)
    paid = Payment(kind=PaymentKind.CASH, amount=won(20_000))
    assert do(till, Act.PICK_UP, payments=(paid,), collected_by="김영희", collected_check="신분증").trouble
    return till


@pytest.mark.row("S23")
def test_a_pick_up_that_could_not_be_finished_is_undone_with_its_payments(stuck):
    assert [
        "The order is In Process again.",
        "₩20,000 that was paid here is noted as handed back: cash. Hand it back.",
        "₩50,000 of the eCommerce payment is taken off the sale.",
    ] == seen(stuck)

    stuck.engine.undo(1, STAFF)

    sale = stuck.engine.sale(1)
    assert [50_000, 20_000, -20_000, -50_000] == [one.payment.amount.minor for one in sale.payments]
    assert (SaleState.OPEN, 0) == (sale.facts.state, sale.balance.paid.minor)
    assert stuck.engine.order("A1").handover.collected_by in (None, "")
    assert Cause.NOT_DELIVERED not in {one.cause for one in stuck.engine.messages()}


def away(_):
    raise ConnectionError


@pytest.mark.row("S22")
def test_a_pick_up_is_undone_while_the_point_of_sale_is_away(sold, monkeypatch):
    """Nobody knows whether it noted the payment: once it answers, it does so, and takes it back."""
    do(sold, Act.ACCEPT)
    sold.engine.deliver()
    with monkeypatch.context() as patched:
        patched.setattr(sold.pos, "change_sales", away)
        do(sold, Act.PICK_UP, payments=(CASH,))
        sold.engine.undo(1, STAFF)
    sold.clock.advance(3600)
    sold.engine.tick()

    assert (Status.IN_PROCESS, None) == (
        sold.engine.order("A1").status,
        sold.engine.order("A1").handover.resolution,
    )
    assert [50_000, -50_000] == [one.payment.amount.minor for one in sold.engine.sale(1).payments]
    assert SaleState.OPEN is sold.engine.sale(1).facts.state


def test_a_cancellation_that_the_point_of_sale_has_not_answered_is_not_undone(sold, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(sold.pos, "change_sales", away)
        do(sold, Act.CANCEL, WITH_REASON)

    assert "the point of sale is at it just now" in seen(sold)


@pytest.mark.parametrize("act", [Act.CANCEL, Act.REJECT])
def test_what_left_the_sale_does_not_come_back_and_it_is_said_what_to_do(sold, act):
    do(sold, act, WITH_REASON)

    assert "Sell" in seen(sold)
    with pytest.raises(NotAllowed, match=r"(?i)sell .* at the counter instead"):
        sold.engine.undo(1, STAFF)


def test_a_finished_sale_says_that_goods_are_taken_back(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.PICK_UP, payments=(CASH,))

    assert "tillbridge sale return" in seen(sold)


def test_an_order_of_which_nothing_was_done_has_nothing_to_undo(sold):
    (undo,) = [one for one in sold.engine.actions(1) if one.act is Act.UNDO]

    assert ("There is nothing to undo.", "되돌릴 작업이 없습니다.") == (undo.why_not.en, undo.why_not.ko)


def test_what_is_undone_is_named(sold):
    do(sold, Act.RESERVE)

    (undo,) = [one for one in sold.engine.actions(1) if one.act is Act.UNDO]

    assert ("Undo: Reserve", "되돌리기: 예약 접수") == (undo.title.en, undo.title.ko)


def test_undo_is_refused_where_somebody_has_changed_the_order_since_it_was_looked_at(sold):
    do(sold, Act.RESERVE)
    looked = sold.engine.preview_act(1, UNDO).revision
    do(sold, Act.READY, Signature("민수"))

    with pytest.raises(NotAllowed, match=r"changed meanwhile.*\(민수: "):
        sold.engine.act(1, Doing(act=Act.UNDO, seen=looked), STAFF)


def test_keeping_a_sale_open_is_taken_back_at_the_counter(sold):
    sold.engine.keep_open(1, WITH_REASON)
    sold.engine.release_sale(1, STAFF)

    assert sold.engine.sale(1).kept_open is None
    assert "no longer kept open" in sold.engine.timeline(1)[-1].words.en
