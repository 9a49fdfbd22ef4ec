"""Rank by rank: what a lower number has decided, a higher one is not asked for; a link names an ID."""

import pytest

from orders import HELMET, PUMP, line, order
from tillbridge.matching.matcher import LINK, Links, Rules, match_page
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.words import Words
from tillbridge.pos.contract import CustomerHit, CustomerKey, CustomerKeyKind, ProductHit, ProductKey

TITLE = Words("test", "시험")
FIRST, SECOND, THIRD = (ProductKey(IdentifierKind.SKU, one) for one in ("first", "second", "third"))
BY_EMAIL = CustomerKey(CustomerKeyKind.EMAIL, "minsu@example.com")
BY_ID = CustomerKey(CustomerKeyKind.ID, "C1")
LINKED = Links(customers={"w1": "C1"}, products={})


class Pos:
    """Answers as it is told, and keeps what it is asked."""

    def __init__(self):
        self.known = {}
        self.asked = []

    def find_products(self, keys):
        self.asked.append(set(keys))
        return {key: self.known[key] for key in keys if key in self.known}

    find_customers = find_products


@pytest.fixture
def pos():
    return Pos()


def product_rule(name, rank, keys):
    return ProductMatchRule(name=name, title=TITLE, rank=rank, keys=keys)


def always(name, rank, *keys):
    return product_rule(name, rank, lambda _, __: keys)


def lines(pos, rules, *of_order):
    given = Rules(products=rules, customers=())
    links = Links(customers={}, products={})
    (found,) = match_page([order("A1", *of_order)], rules=given, links=links, pos=pos, country="KR")
    return found.lines


def customer(pos, links=LINKED):
    """Match an order by e-mail, beside a link."""
    rule = CustomerMatchRule(name="email", title=TITLE, rank=100, keys=lambda _, __: [BY_EMAIL])
    rules = Rules(products=(), customers=[rule])
    (found,) = match_page([order("A1")], rules=rules, links=links, pos=pos, country="KR")
    return found


def test_a_higher_rank_is_asked_only_for_lines_that_a_lower_one_left_open(pos):
    """The first line is found by the first rank; only the second's key is asked by the next."""
    pos.known = {ProductKey(IdentifierKind.SKU, HELMET): [ProductHit("P1", "helmet")]}
    rules = [
        product_rule(name, rank, lambda _, one, kind=kind: [ProductKey(kind, one.identifiers[0].value)])
        for name, rank, kind in [("sku", 100, IdentifierKind.SKU), ("mpn", 200, IdentifierKind.MPN)]
    ]
    lines(pos, rules, line("1"), line("2", gtin=PUMP))

    assert {ProductKey(IdentifierKind.MPN, PUMP)} == pos.asked[1]


def test_two_candidates_decide_as_well_as_one(pos):
    """No later rank may choose between them: that would be a guess."""
    pos.known = {FIRST: [ProductHit("P1", "a"), ProductHit("P2", "b")], SECOND: [ProductHit("P1", "a")]}
    (found,) = lines(pos, [always("one", 100, FIRST), always("two", 200, SECOND)], line())

    assert found.found is None
    assert ["P1", "P2"] == [one.id for one in found.candidates]
    assert "one" == found.rule


def test_rules_of_one_rank_are_asked_together_and_must_agree(pos):
    pos.known = {FIRST: [ProductHit("P1", "a")], SECOND: [ProductHit("P2", "b")]}
    (found,) = lines(pos, [always("one", 100, FIRST), always("two", 100, SECOND)], line())

    assert [{FIRST, SECOND}] == [asked for asked in pos.asked if asked]
    assert found.found is None


def test_one_product_by_two_keys_is_one_match_by_both(pos):
    pos.known = {FIRST: [ProductHit("P1", "a")], SECOND: [ProductHit("P1", "a, told otherwise")]}
    (found,) = lines(pos, [always("one", 100, FIRST, SECOND)], line())

    assert "P1" == found.found.id
    assert ("sku first", "sku second") == found.keys


def test_what_was_asked_is_told_up_to_the_rank_that_decided(pos):
    pos.known = {SECOND: [ProductHit("P1", "a")]}
    rules = [always("one", 100, FIRST), always("two", 200, SECOND), always("three", 300, THIRD)]
    (found,) = lines(pos, rules, line())

    assert ("sku first", "sku second") == found.asked


def test_a_line_that_no_rank_finds_tells_all_that_was_asked(pos):
    (found,) = lines(pos, [always("one", 100, FIRST), always("two", 200, SECOND)], line())

    assert (None, (), ("sku first", "sku second")) == (found.rule, found.candidates, found.asked)


def test_a_product_that_staff_linked_is_asked_of_no_rule(pos):
    links = Links(customers={}, products={f"L{HELMET[-4:]}": "P7"})
    rules = Rules(products=[always("one", 100, FIRST)], customers=())
    (found,) = match_page([order("A1")], rules=rules, links=links, pos=pos, country="KR")

    assert ("P7",) == tuple(one.id for one in found.lines[0].candidates)
    assert LINK == found.lines[0].rule
    assert [] == [asked for asked in pos.asked if asked]


def test_a_link_and_an_e_mail_agree_on_one_id_whatever_its_name(pos):
    """A point of sale may call one customer differently, as where one of its records is older."""
    pos.known = {BY_ID: [CustomerHit("C1", "김민수")], BY_EMAIL: [CustomerHit("C1", "Kim Minsu")]}
    found = customer(pos)

    assert not found.conflict
    assert ("C1", LINK) == (found.customer.found.id, found.customer.rule)


def test_a_linked_customer_that_is_told_twice_is_one(pos):
    pos.known = {BY_ID: [CustomerHit("C1", "김민수"), CustomerHit("C1", "Kim Minsu")]}

    assert "C1" == customer(pos).customer.found.id


def test_a_link_to_one_of_several_by_e_mail_decides(pos):
    pos.known = {
        BY_ID: [CustomerHit("C1", "김민수")],
        BY_EMAIL: [CustomerHit("C2", "이영희"), CustomerHit("C1", "Kim Minsu")],
    }

    assert "C1" == customer(pos).customer.found.id


def test_a_link_to_a_customer_that_is_gone_leaves_it_to_the_rules(pos):
    pos.known = {BY_EMAIL: [CustomerHit("C2", "이영희")]}
    found = customer(pos)

    assert ("C2", "email", False) == (found.customer.found.id, found.customer.rule, found.conflict)
