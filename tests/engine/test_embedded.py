"""The engine over the embedded POS: web orders become sales, stock and customers, in one database."""

from decimal import Decimal

import pytest

from engine.tills import STORE
from orders import HELMET, PLACED, PUMP, line, order, won
from shop import WITH_REASON
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.orders import (
    Address,
    Amount,
    Charge,
    ChargeKind,
    Consent,
    LineIdentifier,
    Remitter,
    Tax,
    WebCustomer,
)
from tillbridge.model.status import Status

OFFICE = Address(street=("테헤란로 1",), city="서울", postcode="06234", country="KR")


@pytest.mark.row("S5")
def test_an_order_becomes_a_sale_with_its_barcode_and_its_stock_moves(till):
    till.webstore.offer(order("A1", line("1"), line("2", gtin=PUMP, quantity=Decimal(3))))

    till.engine.poll()

    found = till.engine.order("A1")
    sale = till.pos.sale(found.barcode)
    assert Status.NEW is found.status
    assert [(till.helmet, 1), (till.pump, 3)] == [(item.product_id, item.quantity) for item in sale.items]
    assert 9 == till.on_hand(HELMET)
    assert 7 == till.on_hand("PU-2")


@pytest.mark.row("S10")
def test_a_part_number_leads_to_the_product_of_the_vendor_that_the_order_names(till):
    part = (LineIdentifier(kind=IdentifierKind.VPN, value="hb1"),)
    till.webstore.offer(order("A1", line("1", identifiers=part, vendor="나라스포츠")))

    till.engine.poll()

    assert till.helmet == till.engine.order("A1").lines[0].product_id


@pytest.mark.row("S10")
def test_two_products_that_share_a_number_compete_and_are_named(till):
    other = till.add("다른 헬멧", HELMET, "HB-9")
    till.webstore.offer(order("A1"))

    till.engine.poll()

    found = till.engine.order("A1")
    assert Status.PRODUCT_MATCH_FAILED is found.status
    assert {till.helmet, other} == {one.id for one in found.lines[0].evidence.candidates}


@pytest.mark.row("S8")
@pytest.mark.parametrize(("named", "kept"), [("민수 김", "김민수"), ("영희 이", "영희 이")])
def test_an_address_in_the_customers_own_name_has_it_as_it_is_written(till, named, kept):
    """Locally tells the parts of a name, and an address was named by them: the given name first."""
    customer = WebCustomer(
        id="w1", first_name="민수", last_name="김", full_name="김민수", email="minsu@example.com"
    )
    address = OFFICE.model_copy(update={"name": named})
    till.webstore.offer(order("A1", customer=customer, shipping_address=address))
    till.engine.poll()

    assert kept == till.pos.customer(till.minsu).shipping_address.name


@pytest.mark.row("S8")
def test_a_differing_shipping_address_updates_the_customer_and_nothing_else(till):
    before = till.pos.customer(till.minsu)
    customer = WebCustomer(
        id="w1", full_name="김 민수 (회사)", email="minsu@example.com", phone="010-9999-9999"
    )
    till.webstore.offer(order("A1", customer=customer, shipping_address=OFFICE))

    till.engine.poll()

    after = till.pos.customer(till.minsu)
    assert "06234" == after.shipping_address.postcode
    assert (before.name, before.address) == (after.name, after.address)


@pytest.mark.row("S8")
@pytest.mark.parametrize("address", [None, STORE, Address(city="서울")])
def test_a_missing_or_incomplete_address_or_the_stores_own_updates_nothing(till, address):
    before = till.pos.customer(till.minsu)
    till.webstore.offer(order("A1", shipping_address=address))

    till.engine.poll()

    assert before.shipping_address == till.pos.customer(till.minsu).shipping_address


@pytest.mark.row("S8")
def test_consent_ticks_the_mailings_box_and_no_order_unticks_it(till):
    told = order("A1").customer.model_copy(update={"consent": Consent(source="Locally", at=PLACED)})
    till.webstore.offer(order("A1", customer=told))
    till.webstore.offer(order("A2"))

    till.engine.poll()

    assert till.pos.customer(till.minsu).include_in_mailings


def test_the_sale_carries_shipping_and_leaves_out_the_marketplaces_tax(till):
    """11,000 for the customer of which 1,000 is the marketplace's, and 3,000 shipping: a sale of 13,000."""
    amount = Amount(net=won(10_000), taxes=(Tax(amount=won(1_000), remitter=Remitter.MARKETPLACE),))
    shipping = Charge(kind=ChargeKind.SHIPPING, title="택배", amount=Amount(net=won(3_000)))
    till.webstore.offer(order("A1", line("1", amount=amount), charges=(shipping,), total=won(14_000)))

    till.engine.poll()

    found = till.engine.order("A1")
    assert won(14_000) == found.total
    assert won(13_000) == till.pos.sale(found.barcode).total


@pytest.mark.row("S30")
def test_a_sale_that_takes_stock_below_zero_is_made_all_the_same(till):
    till.webstore.offer(order("A1", line("1", quantity=Decimal(12))))

    till.engine.poll()

    assert Status.NEW is till.engine.order("A1").status
    assert -2 == till.on_hand(HELMET)


@pytest.mark.row("S20")
def test_a_rejected_order_brings_its_stock_back(till):
    till.webstore.offer(order("A1"))
    till.engine.poll()

    till.engine.set_status(till.engine.order("A1").id, Status.REJECTED, WITH_REASON)
    till.engine.deliver()

    assert 10 == till.on_hand(HELMET)
