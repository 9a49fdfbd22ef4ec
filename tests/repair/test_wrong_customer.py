"""A sale that was opened for a wrong customer becomes the right one's while it is open, and never after."""

import pytest

from orders import order
from shop import STAFF
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.orders import WebCustomer
from tillbridge.model.words import Words
from tillbridge.pos.contract import Refused
from tillbridge.pos.details import Payment, PaymentKind
from tillbridge.pos.embedded import NewCustomer


@pytest.fixture
def sold(desk):
    """A1 is sold to Kim Minsu (C1) whose e-mail it has; Lee Younghee is C2."""
    desk.till.add_customer(NewCustomer(name="이영희"))
    desk.webstore.offer(order("A1"))
    desk.poll()
    return desk


def number(shop):
    return shop.engine.order("A1").id


def entries(shop):
    return [entry.words.en for entry in shop.engine.timeline(number(shop))]


@pytest.mark.row("S9")
def test_an_open_sale_becomes_the_right_customers_signed_with_before_and_after(sold):
    sold.engine.link_customer(number(sold), "C2", STAFF)

    assert "C2" == sold.engine.sale(number(sold)).customer_id
    assert "C2" == sold.engine.order("A1").customer_id
    assert [True] == ["The sale's customer: C1 → 이영희 (C2)" in text for text in entries(sold)[-2:-1]]


@pytest.mark.row("S9")
def test_the_next_order_of_the_same_webstore_customer_goes_to_the_right_one(sold):
    sold.engine.link_customer(number(sold), "C2", STAFF)
    sold.webstore.offer(order("A2", customer=WebCustomer(id="w1", full_name="김민수")))
    sold.poll()

    assert "C2" == sold.engine.order("A2").customer_id


@pytest.mark.row("S8")
def test_what_the_order_brought_is_not_applied_a_second_time(sold):
    """Address and consent were applied to the first customer, once per order; made anew, it stays so."""
    before = sold.till.customer("C2")
    sold.engine.link_customer(number(sold), "C2", STAFF)

    assert before == sold.till.customer("C2")


def finish(shop):
    due = shop.engine.sale(number(shop)).balance.due
    shop.engine.pay(number(shop), Payment(kind=PaymentKind.CASH, amount=due), STAFF)
    shop.engine.finish_sale(number(shop), STAFF)


@pytest.mark.row("S9")
def test_a_finished_sale_stays_as_it_is_and_that_is_said(sold):
    finish(sold)
    before = entries(sold)
    with pytest.raises(NotAllowed, match="finished and stays C1's"):
        sold.engine.link_customer(number(sold), "C2", STAFF)

    assert ("C1", before) == (sold.engine.order("A1").customer_id, entries(sold))
    assert [] == sold.engine.bindings()


@pytest.mark.row("S9")
def test_a_customer_created_from_a_sold_order_gets_its_sale(sold):
    made, _ = sold.engine.create_customer(number(sold), NewCustomer(name="박지호"), STAFF)

    assert made == sold.engine.sale(number(sold)).customer_id


def test_what_the_point_of_sale_refuses_is_told_and_links_nobody(sold, monkeypatch):
    no = Refused(Words("Not here.", "여기서는 안 됩니다."))
    monkeypatch.setattr(sold.till, "change_sales", lambda changes: {one.key: no for one in changes})
    with pytest.raises(NotAllowed, match="Not here"):
        sold.engine.link_customer(number(sold), "C2", STAFF)

    assert [] == sold.engine.bindings()


def test_a_customer_who_is_not_there_is_told(sold):
    with pytest.raises(NotFound, match="no customer 'C9'"):
        sold.engine.link_customer(number(sold), "C9", STAFF)
