"""Decimals of the currencies, by hand from ISO 4217."""

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, TypeAdapter, ValidationError

from tillbridge.model.currencies import EXPONENTS, exponent
from tillbridge.model.errors import InputError


@pytest.mark.parametrize(
    ("code", "decimals"),
    [
        ("USD", 2),
        ("EUR", 2),
        ("GBP", 2),
        ("MGA", 2),
        ("KRW", 0),
        ("JPY", 0),
        ("VND", 0),
        ("ISK", 0),
        ("UGX", 0),
        ("KWD", 3),
        ("BHD", 3),
        ("IQD", 3),
        ("TND", 3),
        ("CLP", 0),
        ("CLF", 4),
        ("XCG", 2),
        ("XOF", 0),
    ],
)
def test_each_currency_has_its_decimals(code: str, decimals: int) -> None:
    assert exponent(code) == decimals


@pytest.mark.parametrize(
    "code", ["XXX", "XTS", "XAU", "XDR", "usd", "Krw", "", " USD", "US", "DOLLAR", "ANG", "HRK", None, 840]
)
def test_what_is_no_currency_in_use_is_refused_by_name(code: Any) -> None:
    with pytest.raises(InputError) as caught:
        exponent(code)

    assert repr(code) in caught.value.words.en
    assert repr(code) in caught.value.words.ko


def test_a_refusal_shows_no_more_than_the_beginning_of_garbage() -> None:
    with pytest.raises(InputError) as caught:
        exponent("$" * 1000)

    assert len(caught.value.words.en) < 120


def test_a_validator_reports_an_unknown_currency_with_its_field() -> None:
    def known(code: str) -> str:
        exponent(code)
        return code

    with pytest.raises(ValidationError, match="'XXX' is no currency in use"):
        TypeAdapter(Annotated[str, AfterValidator(known)]).validate_python("XXX")


def test_every_code_has_three_capitals_and_its_decimals_are_those_of_the_standard() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in EXPONENTS)
    assert set(EXPONENTS.values()) == {0, 2, 3, 4}
    assert len(EXPONENTS) == 164
