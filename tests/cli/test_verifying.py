"""Verify Customer and the product search by command: look, select, or create from the order."""

import pytest

from orders import HELMET, line
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.orders import Address, LineIdentifier, WebCustomer

LOCK = "00605284574539"
HOME = Address(street=("성미산로 28",), city="서울", postcode="03980", country="KR")
STRANGER = WebCustomer(id="w9", full_name="김민쑤", email="minsoo@gmial.com", phone="010-2222-3333")


@pytest.fixture
def waiting(shop, lately):
    """A shop with an order of somebody who may be Kim Minsu, and one of an unknown lock."""
    shop.webstore.offer(lately("S1", customer=STRANGER, shipping_address=HOME))
    lock = line(
        "77",
        gtin=LOCK,
        title="U 자물쇠",
        price=30_000,
        vendor="하나",
        identifiers=(
            LineIdentifier(kind=IdentifierKind.GTIN, value=LOCK),
            LineIdentifier(kind=IdentifierKind.VPN, value="LOCK-1"),
        ),
    )
    shop.webstore.offer(lately("A1", lock))
    shop.connect()
    shop("poll")
    return shop


@pytest.mark.row("S9")
def test_the_search_opens_with_the_orders_name_and_suggests_a_close_spelling(waiting):
    answer = waiting("order", "customers", "S1", "--json").data

    assert ("김민쑤", "") == (answer["asked"]["name"], answer["asked"]["phone"])
    assert "010-2222-3333" == answer["said"]["phone"]
    assert [("C1", True)] == [(one["id"], one["close"]) for one in answer["found"]]


@pytest.mark.row("S9")
def test_other_fields_of_the_order_are_one_option_away(waiting):
    by_phone = waiting("order", "customers", "S1", "--by", "phone", "--json").data
    by_hand = waiting("order", "customers", "S1", "--email", "minsu@", "--json").data

    assert [] == by_phone["found"]
    assert ["email"] == by_hand["found"][0]["by"]
    assert 2 == waiting("order", "customers", "S1", "--by", "shoe size").code
    assert "tillbridge order customer 1 --create" in waiting("order", "customers", "S1").text


@pytest.mark.row("S9")
def test_a_customer_is_created_from_the_order_which_then_goes_on(waiting):
    answer = waiting("order", "customer", "S1", "--create", "--email", "minsoo@gmail.com", "--json")

    assert ("New", "C2", 1) == (answer.data["status"], answer.data["customer"], answer.data["healed"])
    (found,) = waiting("order", "customers", "A1", "--number", "C2", "--json").data["found"]
    assert (["minsoo@gmail.com"], ["+821022223333"], "03980") == (
        found["emails"], found["phones"], found["postcode"]
    )  # fmt: skip


@pytest.mark.row("S9")
def test_nobody_is_created_twice(waiting):
    waiting("order", "customer", "S1", "--create")
    answer = waiting("order", "customer", "S1", "--create")

    assert 3 == answer.code
    assert "김민쑤 (C2) has minsoo@gmial.com already" in answer.err
    assert 0 == waiting("order", "customer", "S1", "--create", "--anyway").code


def test_a_customer_is_named_or_created_and_not_both(waiting):
    assert 2 == waiting("order", "customer", "S1").code
    assert 2 == waiting("order", "customer", "S1", "C1", "--create").code
    assert "no customer 'C99'" in waiting("order", "customer", "S1", "C99").err


@pytest.mark.row("S12")
def test_a_lines_own_numbers_and_title_are_looked_for(waiting):
    found = waiting("order", "products", "A1", "#1", "--json").data

    assert [LOCK, "LOCK-1"] == found["asked"]["numbers"]
    assert [] == found["found"]
    assert ["gtin"] == [
        one["by"] for one in waiting("order", "products", "A1", "#1", HELMET, "--json").data["found"]
    ]
    assert "헬멧" in waiting("order", "products", "A1", "#1", "헬멧").text
    assert 'tillbridge order products 2 "#1"' in waiting("order", "show", "A1").text


@pytest.mark.row("S12")
def test_a_product_is_added_from_its_line_with_its_numbers_and_price(waiting):
    answer = waiting("order", "product", "A1", "#1", "--create", "--brand", "Abus", "--json")

    assert ("New", "P3", 1) == (
        answer.data["status"], answer.data["lines"][0]["product"], answer.data["healed"]
    )  # fmt: skip
    (found,) = waiting("product", "search", "LOCK-1", "--json").data
    assert ("U 자물쇠", "Abus", 30_000, {"seoul": -1}) == (
        found["description"], found["brand"], found["price_minor"], found["on_hand"]
    )  # fmt: skip


@pytest.mark.row("S12")
def test_a_product_whose_number_another_one_has_is_not_added(waiting):
    answer = waiting("order", "product", "A1", "#1", "--create", "--gtin", HELMET)

    assert 3 == answer.code
    assert "헬멧 (P1) has that number already" in answer.err


def test_a_product_that_is_not_there_cannot_be_linked(waiting):
    answer = waiting("order", "product", "A1", "#1", "P99")

    assert 2 == answer.code
    assert "no product 'P99'" in answer.err


@pytest.mark.row("S12")
def test_a_product_that_is_added_by_hand_heals_the_orders_that_waited_for_it(waiting):
    answer = waiting(
        "product", "add", "U 자물쇠", "--gtin", LOCK, "--vpn", "하나=LOCK-1", "--price", "30000",
        "--on-hand", "seoul=4", "--json",
    )  # fmt: skip

    assert {"id": "P3", "healed": 1} == answer.data
    assert 3 == waiting("catalogue", "show", "P3", "--json").data["on_hand"]["seoul"]
    assert 2 == waiting("product", "add", "x", "--price", "cheap").code


def test_no_product_is_said_in_words(waiting):
    assert "해당하는 제품이 없습니다." in waiting("product", "search", "없는물건", "--lang", "ko").text


def test_a_product_whose_number_another_one_has_is_not_added_by_hand_either(waiting):
    """The command names the way to add it all the same."""
    waiting("product", "add", "U 자물쇠", "--gtin", LOCK)
    again = waiting("product", "add", "U 자물쇠", "--gtin", LOCK)
    anyway = waiting("product", "add", "U 자물쇠", "--gtin", LOCK, "--anyway")

    assert (3, 0) == (again.code, anyway.code)
    assert "has that number already" in again.err
    assert "--anyway" in again.err


def test_a_product_that_was_linked_by_hand_is_shown_by_its_name(waiting):
    waiting("order", "product", "A1", "#1", "P1")

    assert "헬멧 (P1)" in waiting("order", "show", "A1").text
