"""Matching: GTIN decides, the part number is asked only then, and two candidates are no match."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import HELMET, PUMP, line, order
from tillbridge.matching.builtin import CUSTOMER_RULES, PRODUCT_RULES
from tillbridge.matching.matcher import LINK, Links, Rules, match_page
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.orders import LineIdentifier, WebCustomer
from tillbridge.phones import e164
from tillbridge.pos.contract import (
    CustomerHit,
    CustomerKey,
    CustomerKeyKind,
    ProductHit,
    ProductKey,
)

NO_LINKS = Links(customers={}, products={})
USUAL = Rules(products=PRODUCT_RULES, customers=[rule for rule in CUSTOMER_RULES if rule.switched_on])
EVERY = Rules(products=PRODUCT_RULES, customers=CUSTOMER_RULES)


class Cards:
    """A POS that knows what it is told, and counts how often it is asked."""

    def __init__(self):
        self.products = defaultdict(list)
        self.customers = defaultdict(list)
        self.asked = []

    def product(self, product_id, kind, value, scope=""):
        hit = ProductHit(product_id, f"product {product_id}")
        for one in {scope, ""}:
            self.products[ProductKey(kind, value, one)].append(hit)

    def customer(self, customer_id, kind, value, name=""):
        self.customers[CustomerKey(kind, value, name)].append(
            CustomerHit(customer_id, f"customer {customer_id}")
        )

    def find_products(self, keys):
        self.asked.append("products")
        return {key: self.products[key] for key in keys if key in self.products}

    def find_customers(self, keys):
        self.asked.append("customers")
        return {key: self.customers[key] for key in keys if key in self.customers}


@pytest.fixture
def cards():
    cards = Cards()
    cards.customer("C1", CustomerKeyKind.EMAIL, "minsu@example.com")
    cards.customer("C1", CustomerKeyKind.ID, "C1")
    return cards


def match(cards, *orders, rules=USUAL, links=NO_LINKS):
    return match_page(orders, rules=rules, links=links, pos=cards, country="KR")


def line_evidence(cards, one_line):
    (found,) = match(cards, order("A1", one_line))
    return found.lines[0]


def numbers(*pairs):
    return tuple(LineIdentifier(kind=kind, value=value) for kind, value in pairs)


@pytest.mark.row("S10")
def test_a_product_is_found_by_its_gtin(cards):
    cards.product("P1", IdentifierKind.GTIN, HELMET)

    evidence = line_evidence(cards, line(gtin="4006381333931"))

    assert "P1" == evidence.found.id
    assert "gtin" == evidence.rule
    assert ("gtin 04006381333931",) == evidence.keys


@pytest.mark.row("S10")
def test_a_upc_and_its_ean_form_are_the_same_number(cards):
    cards.product("P1", IdentifierKind.GTIN, PUMP)

    assert "P1" == line_evidence(cards, line(gtin="727602259178")).found.id
    assert "P1" == line_evidence(cards, line(gtin="0727602259178")).found.id


@pytest.mark.row("S10")
def test_two_products_with_one_gtin_are_no_match_and_both_are_named(cards):
    cards.product("P1", IdentifierKind.GTIN, HELMET)
    cards.product("P2", IdentifierKind.GTIN, HELMET)

    evidence = line_evidence(cards, line())

    assert evidence.found is None
    assert ["P1", "P2"] == [one.id for one in evidence.candidates]


def test_two_gtins_of_one_line_that_lead_to_two_products_are_no_match(cards):
    cards.product("P1", IdentifierKind.GTIN, HELMET)
    cards.product("P2", IdentifierKind.GTIN, PUMP)
    both = numbers((IdentifierKind.GTIN, HELMET), (IdentifierKind.GTIN, PUMP))

    assert line_evidence(cards, line(identifiers=both)).found is None


@pytest.mark.row("S10")
def test_the_part_number_is_asked_only_if_no_gtin_hit(cards):
    cards.product("P1", IdentifierKind.GTIN, HELMET)
    cards.product("P2", IdentifierKind.VPN, "ab12", "shimano")
    both = numbers((IdentifierKind.GTIN, HELMET), (IdentifierKind.VPN, "AB-12"))

    assert "P1" == line_evidence(cards, line(identifiers=both)).found.id


@pytest.mark.row("S10")
def test_a_part_number_counts_inside_the_vendor_that_the_order_names(cards):
    cards.product("P1", IdentifierKind.VPN, "ab12", "shimano")
    cards.product("P2", IdentifierKind.VPN, "ab12", "sram")
    part = numbers((IdentifierKind.VPN, "AB-12"))

    assert "P2" == line_evidence(cards, line(identifiers=part, vendor="SRAM")).found.id
    assert line_evidence(cards, line(identifiers=part)).found is None


@pytest.mark.row("S10")
def test_without_a_vendor_a_part_number_counts_if_one_product_of_all_has_it(cards):
    cards.product("P1", IdentifierKind.VPN, "ab12", "shimano")

    assert "P1" == line_evidence(cards, line(identifiers=numbers((IdentifierKind.VPN, "ab 12")))).found.id


def test_another_vendors_part_number_is_no_match(cards):
    cards.product("P1", IdentifierKind.VPN, "ab12", "shimano")
    part = numbers((IdentifierKind.VPN, "AB-12"))

    assert line_evidence(cards, line(identifiers=part, vendor="SRAM")).found is None


def test_a_repaired_gtin_counts_if_it_leads_to_one_product_and_says_so(cards):
    """605284574539 lost its check digit: 60528457453."""
    cards.product("P1", IdentifierKind.GTIN, "00605284574539")

    evidence = line_evidence(cards, line(gtin="60528457453"))

    assert "P1" == evidence.found.id
    assert "gtin_repaired" == evidence.rule


def test_a_store_code_is_never_a_key(cards):
    """2000000000015 is an in-store number: another shop gives it to something else."""
    cards.product("P1", IdentifierKind.GTIN, "02000000000015")

    assert line_evidence(cards, line(gtin="2000000000015")).found is None


@pytest.mark.row("S7")
def test_a_customer_is_found_by_e_mail_whatever_its_case(cards):
    shouting = WebCustomer(full_name="김민수", email=" MinSu@Example.COM ")

    (found,) = match(cards, order("A1", customer=shouting))

    assert "C1" == found.customer.found.id
    assert "email" == found.customer.rule


@pytest.mark.row("S7")
@pytest.mark.parametrize("email", ["m****@example.com", None, "", "minsu", "minsu@example"])
def test_a_masked_or_missing_e_mail_is_no_key(cards, email):
    (found,) = match(cards, order("A1", customer=WebCustomer(full_name="김민수", email=email)))

    assert found.customer.found is None
    assert () == found.customer.asked


def test_an_e_mail_that_the_provider_makes_up_is_no_key(cards):
    alias = WebCustomer(full_name="김민수", email="minsu@example.com", email_usable=False)

    assert match(cards, order("A1", customer=alias))[0].customer.found is None


def test_two_customers_with_one_e_mail_are_no_match(cards):
    cards.customer("C2", CustomerKeyKind.EMAIL, "minsu@example.com")

    (found,) = match(cards, order("A1"))

    assert found.customer.found is None
    assert ["C1", "C2"] == [one.id for one in found.customer.candidates]


@pytest.mark.row("S7")
def test_an_earlier_link_finds_a_customer_whose_e_mail_is_unknown(cards):
    stranger = WebCustomer(id="w1", full_name="김민수", email="new@example.com")
    links = Links(customers={"w1": "C1"}, products={})

    (found,) = match(cards, order("A1", customer=stranger), links=links)

    assert "C1" == found.customer.found.id
    assert LINK == found.customer.rule


def test_a_link_and_an_e_mail_that_disagree_are_left_to_a_person(cards):
    cards.customer("C2", CustomerKeyKind.ID, "C2")
    links = Links(customers={"w1": "C2"}, products={})

    (found,) = match(cards, order("A1"), links=links)

    assert found.conflict
    assert found.customer.found is None
    assert ["C2", "C1"] == [one.id for one in found.customer.candidates]


def test_phone_and_name_are_asked_only_where_they_are_switched_on(cards):
    cards.customer("C3", CustomerKeyKind.PHONE_AND_NAME, "+821012345678", "김민수")
    caller = order("A1", customer=WebCustomer(full_name="김민수", phone="010-1234-5678"))

    assert match(cards, caller)[0].customer.found is None
    assert "C3" == match(cards, caller, rules=EVERY)[0].customer.found.id


def test_a_virtual_phone_number_is_no_key(cards):
    cards.customer("C3", CustomerKeyKind.PHONE_AND_NAME, "+8250412345678", "김민수")
    caller = WebCustomer(full_name="김민수", phone="0504-1234-5678", phone_usable=False)

    assert match(cards, order("A1", customer=caller), rules=EVERY)[0].customer.found is None


@pytest.mark.parametrize("said", [None, "", "n/a", "12", "없음"])
def test_what_cannot_be_dialled_is_no_phone_number(said):
    assert e164(said, "KR") is None


def test_a_page_asks_the_pos_once_a_rank_however_many_orders_it_has(cards):
    """The part number has the third rank; these lines have none, so that nothing is left to ask by it."""
    match(cards, *(order(f"A{number}", line("1"), line("2", gtin=PUMP)) for number in range(50)))

    assert ["products", "products", "customers"] == cards.asked


def test_what_a_rank_has_decided_is_not_asked_again(cards):
    cards.product("P1", IdentifierKind.GTIN, HELMET)
    match(cards, *(order(f"A{number}", line("1")) for number in range(50)))

    assert ["products", "customers"] == cards.asked


products = st.sampled_from(["P1", "P2", "P3"])
gtins = st.sampled_from([HELMET, PUMP, "00605284574539"])
parts = st.tuples(st.sampled_from(["ab12", "ab-12", "x9"]), st.sampled_from(["shimano", "sram"]))


@given(
    known_gtins=st.sets(st.tuples(products, gtins)),
    known_parts=st.sets(st.tuples(products, parts)),
    asked=st.sets(gtins, max_size=2),
    part=st.sampled_from([None, "AB 12", "x9"]),
    vendor=st.sampled_from([None, "Shimano", "SRAM", "Giant"]),
)
def test_a_match_is_never_a_guess(known_gtins, known_parts, asked, part, vendor):
    """Whatever is found is the only product that the deciding numbers lead to."""
    cards = Cards()
    for product, gtin in known_gtins:
        cards.product(product, IdentifierKind.GTIN, gtin)
    for product, (number, scope) in known_parts:
        cards.product(product, IdentifierKind.VPN, number.replace("-", ""), scope)
    pairs = [(IdentifierKind.GTIN, gtin) for gtin in sorted(asked)]
    pairs += [(IdentifierKind.VPN, part)] if part else []

    evidence = line_evidence(cards, line(identifiers=numbers(*pairs), vendor=vendor))

    by_gtin = {product for product, gtin in known_gtins if gtin in asked}
    by_part = {
        product
        for product, (number, scope) in known_parts
        if part
        and number.replace("-", "") == part.replace(" ", "").lower()
        and (vendor is None or scope == vendor.lower())
    }
    fitting = by_gtin or by_part
    assert (next(iter(fitting)) if len(fitting) == 1 else None) == (
        evidence.found.id if evidence.found else None
    )
