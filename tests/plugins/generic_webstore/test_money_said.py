"""What a profile says a webstore has done about the money of a paid order; each expected value is by hand."""

import tomllib
from typing import Any

import pytest

from plugins.generic_webstore.shop import mapper_of, merged, raw, read
from tillbridge.plugin import PayloadError, Standing, WebMoney, WebOrder
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.language.mistakes import ProfileFaultyError
from tillbridge_generic_webstore.webstores import preset_texts

TABLE = {
    "of": "payment",
    "map": {
        "captured": "charged",
        "authorized": "held",
        "later": "on acceptance",
        "void": "released",
        "back": "refunded",
    },
    "ignore": ["pending"],
}


def money(bent=None, **order) -> WebMoney | None:
    return read(bent or {}, order=order).money


def test_where_the_profile_says_nothing_nobody_guesses():
    assert money() is None


@pytest.mark.parametrize("word", ["charged", "held", "on acceptance"])
def test_one_word_is_said_of_every_paid_order(word):
    assert word == money(money=word)


@pytest.mark.parametrize("bent", [{"state": "due"}, {"state": "off"}])
def test_one_word_is_said_of_no_order_that_is_not_paid(bent):
    assert money(bent, money="charged") is None


def test_of_a_reservation_nothing_is_said():
    assert money(money="charged", kind="'ropis'") is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("captured", WebMoney.CHARGED),
        ("authorized", WebMoney.HELD),
        ("later", WebMoney.ON_ACCEPTANCE),
        ("void", WebMoney.RELEASED),
        ("back", WebMoney.REFUNDED),
        ("pending", None),
    ],
)
def test_a_table_maps_each_value_of_a_field(value, said):
    assert said is money({"payment": value}, money=TABLE)


def test_a_table_is_asked_of_an_order_that_is_over_too():
    order = read({"payment": "captured", "state": "off"}, order={"money": TABLE})

    assert (Standing.CANCELLED, WebMoney.CHARGED) == (order.standing, order.money)


@pytest.mark.parametrize("came", [{"payment": "chargeback"}, {}])
def test_a_value_that_is_not_in_the_table_is_shown_and_never_guessed(came):
    with pytest.raises(PayloadError) as caught:
        read(came, order={"money": TABLE})

    value = '"chargeback"' if came else "(none)"
    assert f"{value} is not in the table; map it, or add it to ignore." in caught.value.words.en
    assert "captured, authorized, later, void, back, pending" in caught.value.words.en
    assert "order.money.of" in caught.value.words.en


@pytest.mark.parametrize(
    ("at", "said"), [("2026-11-02T09:31:00Z", WebMoney.CHARGED), ("", None), (None, None)]
)
def test_a_word_alone_stands_where_the_field_has_anything(at, said):
    assert said is money({"paid_at": at}, money={"of": "paid_at", "map": "charged"})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["authorized", "captured"], WebMoney.CHARGED),
        (["void", "authorized"], WebMoney.HELD),
        (["void", "pending"], WebMoney.RELEASED),
        (["pending"], None),
    ],
)
def test_of_several_payments_the_strongest_counts(values, said):
    assert said is money({"payments": values}, money={**TABLE, "of": "payments"})


def test_an_order_whose_payment_moves_has_the_same_content():
    before, after = (read({"payment": value}, order={"money": TABLE}) for value in ("authorized", "captured"))

    assert before.content_hash() == after.content_hash()
    assert before.money is not after.money


def mistakes(text: str) -> list[str]:
    with pytest.raises(ProfileFaultyError) as caught:
        load_profile(text, "shop.toml")
    return [one.words.en for one in caught.value.mistakes]


PRESETS = preset_texts()


def bent(name: str, old: str, new: str) -> str:
    assert old in PRESETS[name]
    return PRESETS[name].replace(old, new, 1)


def test_a_word_that_is_none_is_a_mistake_that_says_which_there_are():
    (said,) = mistakes(bent("magento", 'money = "charged"', 'money = "taken"'))

    assert '"charged", "held", "on acceptance"' in said


def test_a_value_that_is_mapped_and_ignored_is_a_mistake():
    (said,) = mistakes(bent("shopify", '["pending", "partially_paid"]', '["pending", "paid"]'))

    assert '"paid" is ignored here and mapped above to charged' == said


SILENT = {"oscar"}
"""Whose interfaces say nothing of it."""


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_each_preset_says_it_where_its_webstore_does(name):
    assert (name in SILENT) == (tomllib.loads(PRESETS[name])["order"].get("money") is None)


def preset_money(name: str, values: dict[str, Any]) -> WebMoney | None:
    """Return what a preset's table says of an order that has these fields."""
    made = tomllib.loads(PRESETS[name])["order"]["money"]
    found = mapper_of(order={"money": made}).parse(raw(merged(ORDER, values)), {})
    assert isinstance(found, WebOrder)
    return found.money


ORDER = {
    "id": 1001,
    "placed": "2026-11-02T09:30:00+09:00",
    "currency": "EUR",
    "total": "24.20",
    "state": "new",
    "items": [{"id": 1, "title": "Bell", "quantity": 2, "net": "20.00", "tax": "4.20"}],
}


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("woocommerce", {"date_paid_gmt": "2026-11-02T00:31:00"}, WebMoney.CHARGED),
        ("woocommerce", {"date_paid_gmt": None}, None),
        ("shopify", {"financial_status": "authorized"}, WebMoney.HELD),
        ("shopify", {"financial_status": "paid"}, WebMoney.CHARGED),
        ("shopify", {"financial_status": "partially_refunded"}, WebMoney.CHARGED),
        ("shopify", {"financial_status": "refunded"}, WebMoney.REFUNDED),
        ("shopify", {"financial_status": "voided"}, WebMoney.RELEASED),
        ("shopify", {"financial_status": None}, None),
        ("square", {"tenders": [{"type": "CARD", "card_details": {"status": "CAPTURED"}}]}, WebMoney.CHARGED),
        ("square", {"tenders": [{"type": "CARD", "card_details": {"status": "AUTHORIZED"}}]}, WebMoney.HELD),
        ("square", {"tenders": [{"type": "CASH"}]}, WebMoney.CHARGED),
        ("square", {"tenders": []}, None),
        ("square", {}, None),
        ("medusa", {"payment_status": "authorized"}, WebMoney.HELD),
        ("medusa", {"payment_status": "captured"}, WebMoney.CHARGED),
        ("medusa", {"payment_status": "canceled"}, WebMoney.RELEASED),
        ("bigcommerce", {"payment_status": "authorized"}, WebMoney.HELD),
        ("bigcommerce", {"payment_status": "Captured"}, WebMoney.CHARGED),
        ("bigcommerce", {"payment_status": "void"}, WebMoney.RELEASED),
        ("bigcommerce", {"payment_status": ""}, None),
        ("magento", {}, WebMoney.CHARGED),
        ("ecwid", {"paymentStatus": "PAID"}, WebMoney.CHARGED),
        ("prestashop", {"total_paid_real": "24.200000"}, WebMoney.CHARGED),
        ("prestashop", {"total_paid_real": "0.000000"}, None),
        ("saleor", {"chargeStatus": "FULL"}, WebMoney.CHARGED),
        ("squarespace", {"paymentState": "PAID"}, WebMoney.CHARGED),
        ("squarespace", {}, None),
        ("cafe24", {"paid": "T"}, WebMoney.CHARGED),
        ("cafe24", {"paid": "F"}, None),
    ],
)
def test_what_each_presets_webstore_says_is_read(name, values, said):
    assert said is preset_money(name, values)
