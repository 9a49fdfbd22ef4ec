"""One order in full: who ordered, what was decided and told, and how to mend what it waits for."""

import pytest

from orders import line
from tillbridge.model.errors import PayloadError
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.orders import Address, Consent, LineIdentifier, WebCustomer
from tillbridge.model.words import Words
from tillbridge.testing import webstore

STRANGER = WebCustomer(
    full_name="이영희", email="who@example.com", phone="010-0000-1234", consent=Consent(source="checkout")
)
HOME = Address(name="이영희", street=("성미산로 28",), city="서울", postcode="03980", country="KR")


@pytest.fixture
def waiting(shop, lately):
    shop.webstore.offer(lately("A1", line(title="자물쇠"), customer=STRANGER, shipping_address=HOME))
    shop.connect()
    shop("poll")
    return shop


def test_the_customer_is_shown_as_the_order_has_them(waiting):
    text, data = waiting("order", "show", "A1").text, waiting("order", "show", "A1", "--json").data

    for part in ("who@example.com", "010-0000-1234", "성미산로 28", "checkout"):
        assert part in text
    assert ("who@example.com", "010-0000-1234", "checkout", "서울") == (
        data["customer_email"], data["customer_phone"], data["consent"]["source"],
        data["shipping_address"]["city"],
    )  # fmt: skip


def test_the_way_to_mend_it_is_shown(waiting):
    text = waiting("order", "show", "A1").text

    assert "tillbridge order customers 1" in text
    assert "order customers 1" in waiting("order", "show", "A1", "--lang", "ko").text


def test_accepting_an_order_that_is_not_sold_says_what_it_still_waits_for(waiting):
    answer = waiting("order", "status", "A1", "In Process")

    assert 0 == answer.code
    assert "Accepted; the webstore is told with the next poll or run. It still waits for:" in answer.text


def test_whether_the_webstore_knows_of_a_decision_is_shown(waiting):
    assert None is waiting("order", "show", "A1", "--json").data["webstore_told"]
    waiting("order", "status", "A1", "Rejected", "--reason", "품절")
    assert "waiting" == waiting("order", "show", "A1", "--json").data["webstore_told"]
    waiting("poll")

    assert "sent" == waiting("order", "show", "A1", "--json").data["webstore_told"]
    assert "Rejected; the webstore was told" in waiting("order", "show", "A1").text


@pytest.mark.parametrize(
    ("kinds", "sku"),
    [
        ((IdentifierKind.VPN,), "vpn-1"),
        ((IdentifierKind.VPN, IdentifierKind.SKU), "sku-1"),
        ((IdentifierKind.MPN,), "mpn-1"),
    ],
)
def test_a_line_is_known_by_its_sku_or_its_part_number(shop, lately, kinds, sku):
    numbers = tuple(LineIdentifier(kind=kind, value=f"{kind}-1") for kind in kinds)
    shop.webstore.offer(lately("A1", line().model_copy(update={"identifiers": numbers})))
    shop.connect()
    shop("poll")

    assert [sku] == [one["sku"] for one in shop("orders", "--json").data[0]["lines"]]
    assert sku in shop("order", "show", "A1").text


@pytest.fixture
def unread(waiting):
    """The order comes again, and cannot be read."""
    waiting.webstore.offer_bytes("A1", b'{"id": "A1"}')
    waiting("poll")
    return waiting


def test_items_of_an_order_that_cannot_be_read_any_more_are_said_to_be_of_before(unread):
    text = unread("order", "show", "A1").text

    assert "What the webstore sent last could not be read. Items, customer and amounts are shown as" in text
    assert "자물쇠" in text
    assert True is unread("order", "show", "A1", "--json").data["outdated"]


def test_no_way_is_shown_that_goes_by_what_was_read_before(unread):
    text = unread("order", "show", "A1").text

    assert "Possible now Process Sale, Rejected, Archived" in text
    assert "order release" not in text


FULL = Words('phase: order.standing (shop.toml:30) "X" is not in the table.', "phase: X 없음.")
PLAIN = Words("The webstore sent a status that is not known yet: X.", "알 수 없는 상태: X.")


@pytest.fixture
def strange(shop, monkeypatch):
    """An order whose very first data cannot be read, and comes three times."""
    damage = PayloadError(FULL, path="phase", plain=PLAIN)
    monkeypatch.setattr(webstore, "_damaged", lambda _: damage)
    shop.connect()
    for body in (b"{}", b"{ }", b"{  }"):
        shop.webstore.offer_bytes("A1", body)
        shop("poll")
    return shop


def test_staff_read_plainly_what_is_wrong_and_whoever_set_it_up_where(strange):
    assert PLAIN.en in strange("orders").text
    assert "shop.toml" not in strange("orders").text
    assert FULL.en in strange("order", "show", "A1").text
    (why,) = strange("order", "show", "A1", "--json").data["why"]
    assert (PLAIN.en, FULL.en, FULL.ko) == (why["en"], why["detail"], why["detail_ko"])


def test_of_an_order_that_was_never_read_nobody_says_how_it_is_paid(strange):
    assert "결제" not in strange("order", "show", "A1", "--lang", "ko").text
    assert strange("order", "show", "A1", "--json").data["payment"] is None


def test_what_the_timeline_says_several_times_in_a_row_is_one_line(strange):
    text = strange("order", "show", "A1").text

    assert 1 == text.count(f"tillbridge: {PLAIN.en}")
    assert "(3 times, last " in text
    assert 3 == len(strange("order", "show", "A1", "--json").data["timeline"])
