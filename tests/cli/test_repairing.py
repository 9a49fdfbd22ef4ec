"""Repairing by command: link a product or customer, see what is remembered, take it back."""

import pytest

from orders import line
from tillbridge.model.orders import WebCustomer

UNKNOWN = "00605284574539"
STRANGER = WebCustomer(id="w9", full_name="이영희", email="who@example.com")


@pytest.fixture
def waiting(shop, lately):
    """A shop with two orders of the same unknown lock, and one of a stranger."""
    for name in ("A1", "A2"):
        shop.webstore.offer(lately(name, line("77", gtin=UNKNOWN, title="자물쇠")))
    shop.webstore.offer(lately("S1", customer=STRANGER))
    shop.connect()
    shop("poll")
    return shop


@pytest.mark.row("S12")
def test_a_line_is_named_by_its_place_or_its_id_and_linked(waiting):
    answer = waiting("order", "product", "A1", "#1", "P1", "--who", "지은", "--json")

    assert (0, "New", 2) == (answer.code, answer.data["status"], answer.data["healed"])
    assert "New" == waiting("order", "show", "A2", "--json").data["status"]
    assert 0 == waiting("order", "product", "A2", "77", "P1").code


def test_a_link_names_the_product_with_its_price_beside_the_line(waiting):
    waiting("product", "add", "전기 자전거", "--price", "1690000")

    linked = waiting("order", "product", "A1", "#1", "P3").text

    assert "“자물쇠” → 전기 자전거 (P3), ₩1,690,000 each; the line says 1 for ₩50,000." in linked


def test_a_link_is_looked_at_before_it_is_made(waiting):
    seen = waiting("order", "product", "A1", "#1", "P1", "--dry-run", "--lang", "ko").text

    assert "‘자물쇠’ → 헬멧 (P1). 주문 항목: 1개 ₩50,000" in seen
    assert "P1" == waiting("order", "product", "A1", "#1", "P1", "--dry-run", "--json").data["product"]["id"]
    assert [] == waiting("binding", "list", "--json").data
    assert 2 == waiting("order", "product", "A1", "#1", "P9", "--dry-run").code
    assert 2 == waiting("order", "product", "A1", "#1", "--create", "--dry-run").code


def test_what_is_short_is_the_product_and_not_what_the_webstore_calls_it(waiting):
    waiting("product", "add", "전기 자전거")
    waiting("order", "product", "A1", "#1", "P3")

    assert "Short: 1 × 전기 자전거 (P3), sold as “자물쇠”." in waiting("order", "show", "A1").text
    assert "재고 부족: 전기 자전거 (P3) 1개(주문 항목: 자물쇠)." in (
        waiting("order", "show", "A1", "--lang", "ko").text
    )


@pytest.mark.row("S9")
def test_a_customer_is_linked_and_the_order_goes_on(waiting):
    answer = waiting("order", "customer", "S1", "C1", "--reason", "전화로 확인")

    assert "S1: New 1 waiting order was processed again." == answer.text
    assert "전화로 확인" in waiting("order", "show", "S1").text


def test_a_line_that_is_not_there_is_code_2_and_names_those_that_are(waiting):
    answer = waiting("order", "product", "A1", "#2", "P1")

    assert 2 == answer.code
    assert "#1 자물쇠" in answer.err


def test_what_is_remembered_is_listed_and_taken_back(waiting):
    waiting("order", "product", "A1", "#1", "P1", "--who", "지은")

    (one,) = waiting("binding", "list", "--json").data
    assert ("product", "L4539", "P1", "지은", 2) == (
        one["kind"], one["key"], one["target"], one["by"], one["orders"]
    )  # fmt: skip
    assert "자물쇠" in waiting("binding", "list").text

    assert {"healed": 0} == waiting("binding", "undo", "web", "product", "L4539", "--json").data
    assert "직접 연결한 항목이 없습니다." in waiting("binding", "list", "--lang", "ko").text
    assert 2 == waiting("binding", "undo", "web", "제품", "L4539").code
    assert 2 == waiting("binding", "undo", "web", "shelf", "L4539").code


@pytest.mark.row("S12")
def test_an_imported_file_heals_the_orders_that_waited_for_its_products(waiting, folder):
    (folder / "lock.csv").write_text(f"description,gtin,vpn\n자물쇠,{UNKNOWN},LOCK-1\n", "utf-8")

    answer = waiting("catalogue", "import", "lock.csv", "--vendor", "하나", "--json")

    assert (1, 2) == (answer.data["added"], answer.data["healed"])
    assert "New" == waiting("order", "show", "A1", "--json").data["status"]


@pytest.mark.row("S9")
def test_imported_customers_heal_their_orders(waiting, folder):
    (folder / "people.csv").write_text("name,email\n이영희,who@example.com\n", "utf-8")

    assert "1 waiting order was processed again." in waiting("customers", "import", "people.csv").text


def test_waiting_orders_are_healed_by_command(waiting):
    assert {"healed": 0} == waiting("heal", "--json").data
    assert "0 waiting orders were processed again." == waiting("heal").text
