"""The sale of an order at the counter: signed, done once, told to whoever asked, finished after a kill."""

from decimal import Decimal

import pytest

from orders import HELMET, PUMP, line, order, won
from shop import STAFF
from tillbridge import outbox
from tillbridge.counter import Progress
from tillbridge.db import tables
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.status import Status
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import Done, PointOfSale, SaleState
from tillbridge.pos.details import (
    ItemPick,
    NewItem,
    NewPrice,
    Payment,
    PaymentKind,
    Return,
    ReturnedItem,
)

AGREED = NewContact(channel=Channel.CALL, outcome=Outcome.AGREED, note="괜찮다고 함")


@pytest.fixture
def sold(till):
    """A1: a helmet for 50,000 and a pump for 20,000, sold."""
    till.webstore.offer(order("A1", line("1"), line("2", gtin=PUMP, price=20_000)))
    till.engine.poll()
    return till


def number(till):
    return till.engine.order("A1").id


def paid(till, amount=70_000, kind=PaymentKind.CASH, **more):
    payment = Payment(kind=kind, amount=won(amount), **more)
    return till.engine.pay(number(till), payment, STAFF)


def said(till):
    return [entry.words.en for entry in till.engine.timeline(number(till))]


def asked_price(gross=45_000):
    return NewPrice(pick=ItemPick(web_line="1"), gross=won(gross))


@pytest.mark.row("S22")
def test_a_reservation_is_paid_and_finished_and_its_order_completed(sold):
    sold.engine.set_status(number(sold), Status.IN_PROCESS, STAFF)
    paid(sold, 20_000)
    paid(sold, 50_000, PaymentKind.CARD, card_type="BC")
    done = sold.engine.finish_sale(number(sold), STAFF)

    assert (Progress.DONE, SaleState.FINISHED) == (done.progress, done.sale.facts.state)
    assert Status.COMPLETED is sold.engine.order("A1").status


@pytest.mark.row("S22")
def test_what_is_not_paid_in_full_is_refused_in_words_and_nothing_is_left_behind(sold):
    """Whoever asked was told, so no delivery is set aside for others to look at."""
    with pytest.raises(NotAllowed, match="₩70,000 is still due"):
        sold.engine.finish_sale(number(sold), STAFF)
    with sold.engine.context.database.read() as database:
        states = [row.state for row in database.execute(tables.deliveries.select())]

    assert ["withdrawn"] == states


def test_what_was_refused_does_not_stand_in_the_timeline_as_done(sold):
    """Whoever asked was told, so there is not even a line of the refusal."""
    before = said(sold)
    with pytest.raises(NotAllowed):
        sold.engine.finish_sale(number(sold), STAFF)

    assert before == said(sold)


def test_a_refusal_that_nobody_heard_is_one_line_in_the_words_of_staff(sold, monkeypatch):
    """The program was killed in between, so the refusal comes from the outbox, later."""
    before = said(sold)
    monkeypatch.setattr(outbox, "deliver", killed)
    with pytest.raises(KeyboardInterrupt):
        sold.engine.finish_sale(number(sold), STAFF)
    monkeypatch.undo()
    sold.engine.deliver()
    (entry,) = sold.engine.timeline(number(sold))[len(before) :]

    assert entry.words.en.startswith("Not done at the point of sale (finish the sale): ")
    assert entry.words.en.endswith(" is still due.")
    assert entry.words.ko.startswith("POS에서 처리되지 않음(판매 종료): 받을 금액 ")


def test_a_payment_is_signed_once_it_is_made(sold, monkeypatch):
    """While the point of sale is away, the timeline tells of no payment."""
    before = said(sold)
    monkeypatch.setattr(sold.pos, "change_sales", broken)
    paid(sold)
    assert before == said(sold)
    monkeypatch.undo()
    sold.clock.advance(60)
    sold.engine.deliver()

    assert 1 == sum(text.startswith("Paid: ") for text in said(sold))


@pytest.mark.row("S19")
def test_a_second_new_price_needs_its_contact_also_while_the_first_waits(sold, monkeypatch):
    monkeypatch.setattr(sold.pos, "change_sales", broken)
    sold.engine.change_price(number(sold), asked_price(), STAFF, AGREED)

    with pytest.raises(NotAllowed, match="Contact the customer first"):
        sold.engine.change_price(number(sold), asked_price(40_000), STAFF)


@pytest.mark.row("S28")
def test_a_customer_buys_more_and_takes_less(sold):
    more = NewItem(product_id=sold.pump, price=won(11_000), tax_rate=Decimal(10))
    sold.engine.add_item(number(sold), more, STAFF, name="펌프")
    done = sold.engine.remove_items(number(sold), [ItemPick(web_line="1")], STAFF)

    assert (won(31_000), 10, 8) == (done.sale.total, sold.on_hand(HELMET), sold.on_hand(PUMP))


def test_every_act_is_signed_with_before_and_after(sold):
    paid(sold, 30_000)
    sold.engine.remove_items(number(sold), [ItemPick(web_line="2")], Signature("지은", "안 삼"))

    assert [
        "Paid: ₩30,000, cash; due ₩70,000 → ₩40,000",
        "Removed from the sale: 1 × “item 2”; the total was ₩70,000 (안 삼)",
    ] == [text.replace("펌프", "item 2") for text in said(sold)[-2:]]
    assert {"지은"} == {entry.who for entry in sold.engine.timeline(number(sold))[-2:]}


@pytest.mark.row("S19")
def test_a_price_is_not_changed_before_the_customer_was_contacted(sold):
    with pytest.raises(NotAllowed, match="Contact the customer first"):
        sold.engine.change_price(number(sold), asked_price(), STAFF)

    assert won(70_000) == sold.engine.sale(number(sold)).total


@pytest.mark.row("S19")
def test_a_price_is_changed_and_its_contact_written_down_with_it(sold):
    done = sold.engine.change_price(number(sold), asked_price(), STAFF, AGREED)

    assert won(65_000) == done.sale.total
    assert ["괜찮다고 함"] == [one.note for one in sold.engine.contacts(number(sold))]
    assert "₩50,000 → ₩45,000" in said(sold)[-1]


@pytest.mark.row("S19")
def test_each_new_price_needs_a_contact_of_its_own(sold):
    sold.clock.advance(60)
    sold.engine.change_price(number(sold), asked_price(), STAFF, AGREED)
    sold.clock.advance(60)

    with pytest.raises(NotAllowed, match="Contact the customer first"):
        sold.engine.change_price(number(sold), asked_price(40_000), STAFF)


@pytest.mark.row("S19")
def test_a_customer_who_was_not_reached_has_not_heard_of_a_new_price(sold):
    """That nobody answered is no contact in the one-step form either."""
    unheard = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER)
    with pytest.raises(NotAllowed, match="Contact the customer first"):
        sold.engine.change_price(number(sold), asked_price(), STAFF, unheard)

    assert won(70_000) == sold.engine.sale(number(sold)).total


@pytest.mark.row("S20")
def test_a_sale_is_cancelled_step_by_step(sold):
    """All items removed, a comment, an eCommerce payment of 0.00 by Stripe, finished."""
    sold.engine.remove_items(number(sold), [], STAFF)
    sold.engine.comment_sale(number(sold), Signature("지은", "고객 취소"))
    paid(sold, 0, PaymentKind.ECOMMERCE, card_type="Stripe")
    done = sold.engine.finish_sale(number(sold), STAFF)

    assert SaleState.CLOSED_EMPTY is done.sale.facts.state
    assert (10, 10) == (sold.on_hand(HELMET), sold.on_hand(PUMP))
    assert "고객 취소" in done.sale.comments


@pytest.mark.row("S21")
def test_what_was_decided_before_is_done_before_the_sale_is_changed_at_the_counter(sold):
    """It was, after the sale had been read: whoever acted was told of somebody else who had changed it."""
    sold.engine.set_status(number(sold), Status.REJECTED, Signature("지은", "품절"))
    with pytest.raises(NotAllowed, match="The sale is finished without items"):
        sold.engine.comment_sale(number(sold), Signature("지은", "선물 포장"))


def test_emptying_a_sale_that_is_closed_empty_leaves_it_closed(sold):
    """It made the order's sale one that is open without items, though the order was Completed."""
    sold.engine.remove_items(number(sold), (), STAFF)
    paid(sold, 0, PaymentKind.ECOMMERCE, card_type="Locally")
    sold.engine.finish_sale(number(sold), STAFF)
    sold.engine.remove_items(number(sold), (), STAFF)

    assert SaleState.CLOSED_EMPTY == sold.engine.order("A1").sale_state


def test_a_sale_that_is_kept_open_is_finished_with_a_reason_only(sold):
    sold.engine.keep_open(number(sold), Signature("지은", "토요일 수령"))
    paid(sold)
    with pytest.raises(NotAllowed, match="kept open"):
        sold.engine.finish_sale(number(sold), Signature("지은"))

    done = sold.engine.finish_sale(number(sold), Signature("지은", "수령"))

    assert SaleState.FINISHED is done.sale.facts.state


def test_an_order_without_a_sale_has_nothing_to_pay(till):
    till.webstore.offer(order("A1", line(gtin="00605284574539")))
    till.engine.poll()

    with pytest.raises(NotAllowed, match="no sale for this order"):
        paid(till)


def test_an_item_that_is_not_there_is_told(sold):
    with pytest.raises(NotFound, match="no item '9'"):
        sold.engine.remove_items(number(sold), [ItemPick(item="9")], STAFF)


def test_of_two_clerks_at_once_one_wins_and_the_other_is_told(sold, monkeypatch):
    """The second has looked at the sale before the first one's change."""
    seen = sold.engine.sale(number(sold))
    paid(sold, 10_000)
    real = sold.pos.sale
    looked = iter([seen])
    monkeypatch.setattr(sold.pos, "sale", lambda code: next(looked, None) or real(code))

    with pytest.raises(NotAllowed, match="changed meanwhile"):
        paid(sold, 10_000)

    assert won(10_000) == sold.engine.sale(number(sold)).balance.paid


def test_a_payment_that_the_pos_could_not_take_is_made_once_it_is_back(sold, monkeypatch):
    monkeypatch.setattr(sold.pos, "change_sales", broken)
    assert Progress.QUEUED is paid(sold).progress
    monkeypatch.undo()
    sold.clock.advance(60)
    sold.engine.deliver()

    assert won(70_000) == sold.engine.sale(number(sold)).balance.paid


def broken(_):
    raise OSError


def test_a_payment_survives_a_kill_between_its_signature_and_the_pos(sold, monkeypatch):
    """After the restart it is made, once."""
    monkeypatch.setattr(outbox, "deliver", killed)
    with pytest.raises(KeyboardInterrupt):
        paid(sold)
    monkeypatch.undo()
    sold.engine.deliver()
    sold.engine.deliver()

    assert [won(70_000)] == [one.payment.amount for one in sold.engine.sale(number(sold)).payments]


def killed(*_, **__):
    raise KeyboardInterrupt


class BarePos(PointOfSale):
    """A host's own class, from before sales could be changed at the counter."""

    def stores(self):
        return []

    def find_products(self, keys):
        return {}

    def find_customers(self, keys):
        return {}

    def open_sales(self, drafts):
        return {}

    def change_sales(self, changes):
        return {change.key: Done() for change in changes}

    def find_sales(self, order_keys):
        return {}

    def sales_changed(self, cursor, limit=500):
        raise NotImplementedError


def test_a_host_that_shows_no_sales_says_so_in_words():
    with pytest.raises(NotAllowed, match="does that itself"):
        BarePos().sale("S1")


@pytest.mark.row("S27")
def test_items_of_a_finished_sale_come_back_signed(sold):
    """The order stays completed; its timeline tells of the return."""
    sold.engine.set_status(number(sold), Status.IN_PROCESS, STAFF)
    paid(sold)
    sold.engine.finish_sale(number(sold), STAFF)
    done = sold.engine.take_back(
        number(sold), Return(items=(ReturnedItem(item="2"),)), Signature("지은", "맞지 않음")
    )

    assert [won(20_000)] == [one.amount for one in done.sale.returns[0].refunds]
    assert (Status.COMPLETED, 10) == (sold.engine.order("A1").status, sold.on_hand(PUMP))
    assert said(sold)[-1].startswith("Returned: 1 × ")


@pytest.mark.row("S27")
def test_the_timeline_counts_the_pieces_that_come_back_now(till):
    """Two helmets; one came back before."""
    till.webstore.offer(order("A1", line("1", quantity=Decimal(2))))
    till.engine.poll()
    paid(till, till.engine.sale(number(till)).total.minor)
    till.engine.finish_sale(number(till), STAFF)
    for quantity in (Decimal(1), None):
        items = (ReturnedItem(item="1", quantity=quantity),)
        till.engine.take_back(number(till), Return(items=items), STAFF)

    assert ["Returned: 1 × “item 1”"] * 2 == said(till)[-2:]
