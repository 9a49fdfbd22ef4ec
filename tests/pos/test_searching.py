"""What staff look for while they repair an order: products by number and words, customers by spelling too."""

from decimal import Decimal

import pytest

from pos.till import MAPO, START
from tillbridge.model.errors import NotAllowed
from tillbridge.model.orders import Address
from tillbridge.pos.cards import CustomerQuery, FoundBy, NewCustomer, NewProduct, ProductQuery
from tillbridge.pos.contract import NotOffered
from tillbridge.pos.embedded import EmbeddedPos
from tillbridge.pos.guarded import GuardedPos
from tillbridge.testing.clock import FrozenClock
from tillbridge.testing.pos import MemoryPos


@pytest.fixture
def pos(pos_database):
    """An empty catalogue, with a store in Seoul."""
    pos = EmbeddedPos(pos_database, FrozenClock(START))
    pos.add_store(MAPO)
    return pos


@pytest.fixture
def products(pos):
    """A catalogue in which a number of one kind is a number of another kind elsewhere."""
    for product in (
        NewProduct(description="헬멧 L 블랙", gtin="4006381333931", on_hand={"MAPO": Decimal(3)}),
        NewProduct(description="헬멧 M 블랙", gtin="727602259178", vpns={"하나": "HB-R1-01A"}),
        NewProduct(description="Rear Rack", mpn="HB-R1-01A", brand="Topeak"),
        NewProduct(description="자물쇠", sku="HB-R1-01A"),
    ):
        pos.add_product(product)
    return pos


def found(pos: EmbeddedPos, text: str) -> list[tuple[str, FoundBy]]:
    return [(one.card.id, one.by) for one in pos.search_products(ProductQuery.of(text), 20)]


@pytest.mark.row("S12")
def test_a_barcode_number_is_found_in_any_width(products):
    assert [("P2", FoundBy.GTIN)] == found(products, "00727602259178")
    assert [("P2", FoundBy.GTIN)] == found(products, "7 27602 25917 8")[:1]


@pytest.mark.row("S12")
def test_numbers_are_looked_for_kind_after_kind_vpn_before_mpn_before_sku(products):
    assert [("P2", FoundBy.VPN), ("P3", FoundBy.MPN), ("P4", FoundBy.SKU)] == found(products, "hb-r1-01a")[:3]


@pytest.mark.row("S12")
def test_words_of_the_description_are_found_in_any_sequence_the_fullest_first(products):
    assert ["P1", "P2"] == [one for one, _ in found(products, "블랙 헬멧")]
    assert ["P3"] == [one for one, _ in found(products, "rear wheel rack")]
    assert ["P3"] == [one for one, _ in found(products, "topeak RACK")]


def test_a_products_own_id_is_a_number_too(products):
    assert "P4" == found(products, "p4")[0][0]


def test_signs_of_a_pattern_are_no_pattern(products):
    assert [] == found(products, "%%")
    assert [] == found(products, "헬_")


def test_a_found_product_has_what_a_list_shows(products):
    (one,) = products.search_products(ProductQuery.of("4006381333931"), 1)

    assert ("헬멧 L 블랙", {"MAPO": Decimal(3)}) == (one.card.description, one.card.on_hand)


@pytest.fixture
def people(pos):
    seoul = Address(street=("월드컵로 1",), city="서울", postcode="04001", country="KR")
    for customer in (
        NewCustomer(name="김민수", emails=("minsu@example.com",), phones=("010-1234-5678",), address=seoul),
        NewCustomer(name="김민주", emails=("minju@example.com",), phones=("010-9999-5678",), address=seoul),
        NewCustomer(name="Anna Mueller", number="K-100"),
        NewCustomer(name="José García"),
    ):
        pos.add_customer(customer)
    return pos


def who(pos: EmbeddedPos, **query: str) -> list[tuple[str, bool]]:
    asked = CustomerQuery(**{"country": "KR", **query})
    return [(one.card.id, one.close) for one in pos.search_customers(asked, 20)]


@pytest.mark.row("S9")
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({"name": "민수"}, "C1"),
        ({"name": "김 민수"}, "C1"),
        ({"email": "MINJU@example.com"}, "C2"),
        ({"email": "minju@"}, "C2"),
        ({"phone": "01012345678"}, "C1"),
        ({"number": "K-100"}, "C3"),
        ({"number": "c4"}, "C4"),
    ],
)
def test_a_customer_is_found_by_each_field(people, query, first):
    assert (first, False) == who(people, **query)[0]


@pytest.mark.row("S9")
def test_the_last_digits_of_a_phone_and_a_post_code_find_everybody_who_has_them(people):
    assert [("C1", False), ("C2", False)] == who(people, phone="5678")
    assert [("C1", False), ("C2", False)] == who(people, postcode="04001")


@pytest.mark.row("S9")
@pytest.mark.parametrize(
    ("name", "near"),
    [("Müller, Anna", "C3"), ("Jose Garcia", "C4"), ("김민쑤", "C1"), ("Ana Mueller", "C3")],
)
def test_a_close_spelling_is_suggested_as_such(people, name, near):
    assert (near, True) in who(people, name=name)


def test_whoever_fits_more_comes_first_and_close_spellings_last(people):
    assert [("C2", False), ("C1", False)] == who(people, name="김민주", phone="5678")[:2]
    assert [("C1", False), ("C2", True)] == who(people, name="김민수")


def test_nobody_is_suggested_who_is_spelt_otherwise(people):
    assert [] == who(people, name="박서준")


def test_a_point_of_sale_that_searches_by_itself_says_so():
    pos = GuardedPos(MemoryPos([]))
    for call in (
        lambda: pos.search_products(ProductQuery.of("1"), 1),
        lambda: pos.search_customers(CustomerQuery(name="x"), 1),
        lambda: pos.add_product(NewProduct(description="x")),
        lambda: pos.add_customer(NewCustomer(name="x")),
        lambda: pos.product_cards(["P1"]),
    ):
        with pytest.raises(NotOffered, match="does that itself"):
            call()
    assert issubclass(NotOffered, NotAllowed)
