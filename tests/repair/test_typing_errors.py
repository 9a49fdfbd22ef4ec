"""What a customer may have typed wrongly at the webstore is said before they are added."""

import pytest

from tillbridge.model.orders import Address, WebCustomer
from tillbridge.repair.typing_errors import typing_errors


def said(customer: WebCustomer, address: Address | None = None, country: str = "KR") -> str:
    return " ".join(words.en for words in typing_errors(customer, address or Address(), country))


@pytest.mark.row("S9")
@pytest.mark.parametrize(
    ("email", "meant"),
    [("kim@gmial.com", "gmail.com"), ("kim@naver.co", "naver.com"), ("kim@hanmial.net", "hanmail.net")],
)
def test_a_mistyped_mail_service_is_named(email, meant):
    assert f"meant to be {meant}?" in said(WebCustomer(full_name="김", email=email))


def test_an_address_of_ones_own_is_no_mistake():
    assert "" == said(WebCustomer(full_name="김", email="kim@baramgil.kr", phone="010-1234-5678"))


def test_what_cannot_be_used_is_left_out_and_said():
    customer = WebCustomer(full_name="김2", email="a***@x.kr", phone="12")

    text = said(customer, Address(postcode="123-456"))

    for part in ("has a digit", "reaches nobody", "no telephone number", "no post code"):
        assert part in text


def test_a_virtual_number_and_a_missing_name_are_said():
    text = said(WebCustomer(phone="0504-123-4567", phone_usable=False))

    assert "no name" in text
    assert "not the customer's own" in text
