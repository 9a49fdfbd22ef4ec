"""Amounts go to Stripe and come back exactly, in every currency's own way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.model.currencies import EXPONENTS
from tillbridge.plugin import Money, PayloadError, Rejected
from tillbridge_stripe_payments.amounts import Kind, from_stripe, kind_of, to_stripe

TAKEN = sorted(code for code in EXPONENTS if kind_of(code) is not None)


@pytest.mark.parametrize(
    ("money", "amount"),
    [
        (Money(1230, "USD"), 1230),
        (Money(89_000, "KRW"), 89_000),
        (Money(500, "JPY"), 500),
        (Money(5, "ISK"), 500),
        (Money(5, "UGX"), 500),
        (Money(5120, "KWD"), 5120),
        (Money(1300, "MGA"), 13),
        (Money(1230, "HUF"), 1230),
        (Money(1230, "TWD"), 1230),
        (Money(0, "KRW"), 0),
    ],
)
def test_an_amount_is_written_as_stripe_takes_it(money: Money, amount: int) -> None:
    assert to_stripe(money) == amount


@pytest.mark.parametrize("money", [Money(5124, "KWD"), Money(1301, "MGA")])
def test_an_amount_with_more_decimals_than_stripe_takes_is_refused(money: Money) -> None:
    with pytest.raises(Rejected, match="fewer decimals"):
        to_stripe(money)


@pytest.mark.parametrize("currency", ["IQD", "LYD", "CLF", "UYI"])
def test_a_currency_that_stripe_does_not_take_is_refused(currency: str) -> None:
    with pytest.raises(Rejected, match=f"Stripe does not take {currency}"):
        to_stripe(Money(1000, currency))


@pytest.mark.parametrize(("amount", "currency"), [(501, "isk"), (1, "xyz"), (1000, "iqd")])
def test_an_amount_that_its_currency_cannot_have_is_damage(amount: int, currency: str) -> None:
    with pytest.raises(PayloadError, match="at fee"):
        from_stripe(amount, currency, path="fee")


@given(currency=st.sampled_from(TAKEN), whole=st.integers(-(10**9), 10**9))
def test_what_goes_to_stripe_comes_back_the_same(currency: str, whole: int) -> None:
    money = Money(whole * 10 ** EXPONENTS[currency], currency)

    assert from_stripe(to_stripe(money), currency.lower(), path="amount") == money


@given(currency=st.sampled_from(TAKEN), amount=st.integers(-(10**9), 10**9))
def test_what_comes_from_stripe_goes_back_the_same(currency: str, amount: int) -> None:
    shown = amount * 100 if kind_of(currency) is Kind.HUNDREDFOLD else amount * 10

    assert to_stripe(from_stripe(shown, currency.lower(), path="amount")) == shown
