"""Where the webstore gives no item, a link is remembered by the line's own numbers, as far as is safe."""

import pytest

from orders import HELMET, line, order
from shop import STAFF
from tillbridge.matching.numbers import own_numbers
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.orders import LineIdentifier
from tillbridge.model.status import Status
from tillbridge.pos.embedded import NewProduct
from tillbridge.pos.embedded.merging import MergeOrder
from tillbridge.repair import BindingKind

UPC = "605284574539"
GTIN, VPN, SKU = IdentifierKind.GTIN, IdentifierKind.VPN, IdentifierKind.SKU
KEY = "gtin 00605284574539, vpn hm9"


def numbered(*numbers, **more):
    """A line without an item, with these numbers."""
    identifiers = tuple(LineIdentifier(kind=kind, value=value) for kind, value in numbers)
    return line(listing=None, identifiers=identifiers, **more)


def both(**more):
    return numbered((GTIN, UPC), (VPN, "HM-9"), **more)


def number(shop, name):
    return shop.engine.order(name).id


@pytest.fixture
def waiting(desk):
    """A1 and A2 wait: the same numbers, which the catalogue does not know."""
    desk.webstore.offer(order("A1", both()))
    desk.webstore.offer(order("A2", both()))
    desk.poll()
    return desk


@pytest.mark.row("S12")
def test_a_link_heals_the_orders_with_the_same_numbers_and_serves_later_ones(waiting):
    assert 2 == waiting.engine.link_product(number(waiting, "A1"), "1", "P1", STAFF)
    waiting.webstore.offer(order("A3", both()))
    waiting.poll()

    assert [Status.NEW] * 3 == [waiting.status(name) for name in ("A1", "A2", "A3")]
    assert 7 == waiting.pieces("P1")


@pytest.mark.row("S12")
def test_the_link_is_listed_with_its_numbers(waiting):
    waiting.engine.link_product(number(waiting, "A1"), "1", "P1", STAFF)
    (one,) = waiting.engine.bindings()

    assert (BindingKind.NUMBERS, KEY, "P1", "지은", 2) == (one.kind, one.key, one.target, one.by, one.orders)


@pytest.mark.row("S12")
def test_a_link_by_numbers_is_taken_back(waiting):
    waiting.engine.link_product(number(waiting, "A1"), "1", "P1", STAFF)
    waiting.engine.forget("web", BindingKind.NUMBERS, KEY, STAFF)
    waiting.webstore.offer(order("A3", both()))
    waiting.poll()

    assert ([], Status.PRODUCT_MATCH_FAILED) == (waiting.engine.bindings(), waiting.status("A3"))


@pytest.mark.row("S10")
def test_what_the_numbers_lead_to_by_now_speaks_against_the_link(waiting):
    """Another product came with that barcode: never a guess."""
    waiting.engine.link_product(number(waiting, "A1"), "1", "P1", STAFF)
    waiting.till.add_product(NewProduct(description="다른 헬멧", gtin=UPC))
    waiting.webstore.offer(order("A3", both()))
    waiting.poll()

    assert Status.PRODUCT_MATCH_FAILED is waiting.status("A3")
    assert "헬멧 (P1), 다른 헬멧 (P3)" in waiting.engine.order("A3").reasons[0].en


@pytest.mark.row("S11")
def test_a_product_that_was_merged_into_the_one_that_is_found_speaks_for_it(waiting):
    waiting.engine.link_product(number(waiting, "A1"), "1", "P1", STAFF)
    kept = waiting.till.add_product(NewProduct(description="다른 헬멧", gtin=UPC))
    waiting.till.merge(MergeOrder(kept=kept, merged=["P1"], who="지은", anyway=True))
    waiting.webstore.offer(order("A3", both()))
    waiting.poll()

    assert Status.NEW is waiting.status("A3")


@pytest.mark.row("S10")
def test_after_a_wrong_match_the_next_order_with_its_numbers_is_not_sold_wrongly_again(desk):
    """The catalogue says one thing and a person another: nobody guesses."""
    desk.webstore.offer(order("A1", numbered((GTIN, HELMET))))
    desk.poll()
    desk.engine.repoint(number(desk, "A1"), "1", "P2", STAFF)
    desk.webstore.offer(order("A2", numbered((GTIN, HELMET))))
    desk.poll()

    assert Status.PRODUCT_MATCH_FAILED is desk.status("A2")


@pytest.mark.parametrize(
    ("one", "numbers"),
    [
        (both(brand="나래"), f"{KEY} (나래)"),
        (numbered((VPN, "HM-9"), vendor="세종", options="L"), "vpn hm9 (세종, l)"),
        (numbered((VPN, "HM-9")), None),  # a part number of nobody
        (numbered((GTIN, "6.05285E+11")), None),  # several products are spoilt into the same
        (numbered((GTIN, "2000000000008")), None),  # a shop's own
        (numbered((SKU, "H-1")), None),
        (numbered(), None),
        (line(), None),  # it has an item
    ],
)
def test_only_what_names_one_product_everywhere_is_remembered(one, numbers):
    assert numbers == own_numbers(one)


def test_a_link_that_nothing_carries_holds_for_its_order_only(desk):
    desk.webstore.offer(order("A1", numbered((SKU, "H-1"))))
    desk.poll()
    desk.engine.link_product(number(desk, "A1"), "1", "P1", STAFF)

    assert (None, []) == (desk.engine.remembered_by(number(desk, "A1"), "1"), desk.engine.bindings())
