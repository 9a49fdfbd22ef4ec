"""A kill while a customer or product is added from an order strands nothing and adds nobody twice."""

import pytest

from orders import line, order
from tillbridge.model.errors import InputError, NotAllowed
from tillbridge.model.orders import WebCustomer
from tillbridge.model.status import Status
from tillbridge.orders.order_state import Signature

UNKNOWN = "00605284574539"
STAFF = Signature("지은")
STRANGER = WebCustomer(id="w9", full_name="이영희", email="who@example.com")


class KilledError(BaseException):
    """The program was killed."""


def killed_at(desk, point):
    """Another engine that dies at a point."""

    def probe(name):
        if name == point:
            raise KilledError

    return desk.another(pos=None, probe=probe)


@pytest.mark.row("S9")
def test_a_kill_after_the_customer_was_added_is_mended_by_the_next_healing(desk):
    desk.webstore.offer(order("S1", customer=STRANGER))
    desk.poll()
    number = desk.engine.order("S1").id
    proposed = desk.engine.propose_customer(number).customer
    dying = killed_at(desk, "after pos add_customer")
    with pytest.raises(KilledError):
        dying.create_customer(number, proposed, STAFF)
    dying.close()

    with pytest.raises(NotAllowed, match=r"이영희 \(C2\) has who@example\.com already"):
        desk.engine.create_customer(number, proposed, STAFF)
    assert 1 == desk.engine.heal(STAFF)
    assert (Status.NEW, "C2") == (desk.status("S1"), desk.engine.order("S1").customer_id)


@pytest.mark.row("S12")
def test_a_kill_after_the_product_was_added_is_mended_by_the_next_healing(desk):
    desk.webstore.offer(order("A1", line("1", gtin=UNKNOWN)))
    desk.poll()
    number = desk.engine.order("A1").id
    proposed = desk.engine.propose_product(number, "1").product
    dying = killed_at(desk, "after pos add_product")
    with pytest.raises(KilledError):
        dying.create_product(number, "1", proposed, STAFF)
    dying.close()

    with pytest.raises(NotAllowed, match=r"item 1 \(P3\) has that number already"):
        desk.engine.create_product(number, "1", proposed, STAFF)
    assert 1 == desk.engine.heal(STAFF)
    assert Status.NEW is desk.status("A1")


@pytest.mark.row("S9")
def test_the_proposal_shows_who_is_similar_and_what_is_mistyped(desk):
    mistyped = WebCustomer(full_name="김민쑤", email="minsu@gmial.com")
    desk.webstore.offer(order("S1", customer=mistyped))
    desk.poll()

    proposal = desk.engine.propose_customer(desk.engine.order("S1").id)

    assert ["C1"] == [one.card.id for one in proposal.similar]
    assert "gmail.com" in proposal.errors[0].en


def test_a_customer_without_a_name_is_refused_in_words(desk):
    desk.webstore.offer(order("S1", customer=WebCustomer(email="who@example.com")))
    desk.poll()
    number = desk.engine.order("S1").id

    with pytest.raises(InputError, match="needs a name"):
        desk.engine.create_customer(number, desk.engine.propose_customer(number).customer, STAFF)


def test_a_damaged_order_says_neither_who_nor_what(desk):
    desk.webstore.offer_bytes("D1", b"damaged")
    desk.poll()

    with pytest.raises(NotAllowed, match="data is damaged"):
        desk.engine.search_customers(desk.engine.order("D1").id)
