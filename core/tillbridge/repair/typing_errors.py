"""Looks at what a customer typed at a webstore, before it becomes a customer of the shop. Pure."""

import difflib
import re
from collections.abc import Iterator
from typing import Final

from tillbridge.model.identifiers import normalise_email
from tillbridge.model.orders import Address, WebCustomer
from tillbridge.model.words import Words
from tillbridge.phones import e164

_DOMAINS: Final = (
    "daum.net",
    "gmail.com",
    "hanmail.net",
    "hotmail.com",
    "icloud.com",
    "kakao.com",
    "live.com",
    "nate.com",
    "naver.com",
    "outlook.com",
    "yahoo.com",
)
_CLOSE: Final = 0.8
_POSTCODES: Final = {"KR": re.compile(r"\d{5}"), "US": re.compile(r"\d{5}(-\d{4})?")}


def typing_errors(customer: WebCustomer, address: Address, country: str) -> Iterator[Words]:
    """Yield what may have been typed wrongly, in words.

    Args:
        customer: as the webstore has them.
        address: theirs, or an empty one.
        country: ISO 3166 code by which a phone number without a country code is read.
    """
    if not customer.name:
        yield Words("The order has no name.", "주문에 이름이 없습니다.")
    elif any(sign.isdigit() for sign in customer.name):
        yield Words(f"The name has a digit: {customer.name}.", f"이름에 숫자가 있습니다: {customer.name}")
    yield from _email(customer)
    if customer.phone and not customer.phone_usable:
        yield Words(
            f"{customer.phone} is a number of the webstore's, not the customer's own; it is left out.",
            f"{customer.phone}은(는) 웹스토어의 임시 번호라 제외합니다.",
        )
    elif customer.phone and e164(customer.phone, address.country or country) is None:
        yield Words(
            f"{customer.phone} is no telephone number; it is left out.",
            f"{customer.phone}은(는) 전화번호가 아니라서 제외합니다.",
        )
    form = _POSTCODES.get(address.country or country)
    if address.postcode and form and not form.fullmatch(address.postcode):
        yield Words(
            f"{address.postcode} is no post code there.", f"우편번호를 확인해 주세요: {address.postcode}"
        )


def _email(customer: WebCustomer) -> Iterator[Words]:
    if not customer.email:
        return
    key = normalise_email(customer.email) if customer.email_usable else None
    if key is None:
        yield Words(
            f"{customer.email} reaches nobody; it is left out.",
            f"{customer.email}은(는) 받을 수 없는 이메일 주소라 제외합니다.",
        )
        return
    domain = key.rpartition("@")[2]
    meant = difflib.get_close_matches(domain, _DOMAINS, n=1, cutoff=_CLOSE)
    if meant and meant[0] != domain:
        yield Words(
            f"Is {domain} in {customer.email} meant to be {meant[0]}?",
            f"{customer.email}: {domain}은(는) {meant[0]}의 오타일 수 있습니다.",
        )
