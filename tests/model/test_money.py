"""Money: exact in, exact out, and refused in words where it cannot be."""

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tillbridge.model.errors import InputError, PayloadError
from tillbridge.model.money import InexactMoney, Money, MoneyError, parse_decimal, spread, sum_money, zero


class Priced(BaseModel):
    price: Money


def minors(amounts: list[Money]) -> list[int]:
    return [amount.minor for amount in amounts]


@pytest.mark.parametrize(
    ("money", "text", "value"),
    [
        (Money(1230, "USD"), "12.30 USD", "12.30"),
        (Money(12000, "KRW"), "12000 KRW", "12000"),
        (Money(1234, "KWD"), "1.234 KWD", "1.234"),
        (Money(500, "JPY"), "500 JPY", "500"),
        (Money(-5, "USD"), "-0.05 USD", "-0.05"),
        (Money(0, "KWD"), "0.000 KWD", "0.000"),
        (Money(1, "CLF"), "0.0001 CLF", "0.0001"),
        (Money(10**18 - 1, "USD"), "9999999999999999.99 USD", "9999999999999999.99"),
    ],
)
def test_money_shows_all_decimals_of_its_currency(money: Money, text: str, value: str) -> None:
    assert str(money) == text
    assert str(money.decimal) == value


def test_in_a_sentence_an_amount_is_written_as_people_read_it() -> None:
    assert "₩1,450,000, $12.30, US$12.30, -₩5" == (
        f"{Money(1_450_000, 'KRW')}, {Money(1230, 'USD')}, {Money(1230, 'USD'):ko}, {Money(-5, 'KRW')}"
    )


@pytest.mark.parametrize("minor", [True, 1.0, Decimal(1), "1", None])
def test_minor_units_are_a_whole_number_and_nothing_else(minor: Any) -> None:
    with pytest.raises(TypeError, match="minor units"):
        Money(minor, "USD")


@pytest.mark.parametrize("minor", [True, 1.0, 12.5, "1230", None])
def test_as_a_field_minor_units_are_a_whole_number_and_nothing_else(minor: Any) -> None:
    with pytest.raises(ValidationError):
        Priced.model_validate({"price": {"minor": minor, "currency": "USD"}})


@pytest.mark.parametrize(
    "price",
    [
        {"minor": 1, "currency": "XXX"},
        {"minor": 10**18, "currency": "USD"},
        {"minor": 1},
        {"minor": 1, "currency": "USD", "amount": 1},
    ],
)
def test_a_field_that_is_no_money_is_a_validation_error(price: Any) -> None:
    with pytest.raises(ValidationError):
        Priced.model_validate({"price": price})


def test_as_a_field_money_survives_json() -> None:
    priced = Priced(price=Money(1230, "USD"))

    assert priced.model_dump_json() == '{"price":{"minor":1230,"currency":"USD"}}'
    assert Priced.model_validate_json(priced.model_dump_json()) == priced
    assert Priced.model_validate(priced.model_dump()) == priced


@pytest.mark.parametrize("currency", ["XXX", "XTS", "usd", ""])
def test_money_of_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(InputError, match="is no currency in use"):
        Money(1, currency)


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        ("12.30", "USD", 1230),
        ("12.3", "USD", 1230),
        ("12.3000", "USD", 1230),
        ("1E+2", "USD", 10000),
        ("-0.05", "USD", -5),
        ("0E-8", "KRW", 0),
        ("12000", "KRW", 12000),
        ("12000.00", "KRW", 12000),
        ("1.234", "KWD", 1234),
    ],
)
def test_exact_takes_what_the_currency_can_hold(value: str, currency: str, minor: int) -> None:
    assert Money.exact(Decimal(value), currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("value", "currency"),
    [("12.301", "USD"), ("0.5", "KRW"), ("1.2345", "KWD"), ("8.599069197795469", "EUR"), ("1E-400", "USD")],
)
def test_exact_refuses_more_decimals_than_the_currency_has(value: str, currency: str) -> None:
    with pytest.raises(InexactMoney, match=f"more decimals than {currency} has") as caught:
        Money.exact(Decimal(value), currency)

    assert isinstance(caught.value, ValueError)
    assert value in caught.value.words.ko


@pytest.mark.parametrize(
    ("value", "currency", "minor", "changed"),
    [
        ("62.6793", "USD", 6268, True),
        ("0.005", "USD", 1, True),
        ("-0.005", "USD", -1, True),
        ("0.0049999999999999999999999999999999999999", "USD", 0, True),
        ("0.5", "KRW", 1, True),
        ("50000.4", "KRW", 50000, True),
        ("1.2345", "KWD", 1235, True),
        ("12.30", "USD", 1230, False),
        ("0", "KRW", 0, False),
    ],
)
def test_rounding_is_half_up_and_says_whether_it_changed_anything(
    value: str, currency: str, minor: int, *, changed: bool
) -> None:
    assert Money.rounding(Decimal(value), currency) == (Money(minor, currency), changed)
    assert Money.rounded(Decimal(value), currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "1E+16", "-9999999999999999.995"]
)
@pytest.mark.parametrize("make", [Money.exact, Money.rounded, Money.rounding])
def test_what_is_no_amount_is_refused_in_words(make: Callable[[Decimal, str], object], value: str) -> None:
    with pytest.raises(MoneyError) as caught:
        make(Decimal(value), "USD")

    assert caught.value.words.ko != caught.value.words.en


@pytest.mark.parametrize("value", [1, 1.5, "1.50"])
def test_money_is_made_of_a_decimal_only(value: Any) -> None:
    with pytest.raises(TypeError, match="made of a Decimal"):
        Money.rounded(value, "USD")


def test_a_host_with_another_decimal_context_gets_the_same_money() -> None:
    with decimal.localcontext(decimal.Context(3, decimal.ROUND_DOWN, traps=[decimal.Inexact])):
        assert Money.rounded(Decimal("123456.785"), "USD").decimal == Decimal("123456.79")


def test_money_adds_subtracts_and_turns_its_sign() -> None:
    assert Money(1230, "USD") + Money(70, "USD") == Money(1300, "USD")
    assert Money(1230, "USD") - Money(1300, "USD") == Money(-70, "USD")
    assert -Money(70, "USD") == Money(-70, "USD")


def test_money_is_false_at_zero_only() -> None:
    assert not zero("KRW")
    assert not Money.zero("KRW")
    assert Money(-1, "KRW")


def test_money_is_ordered_within_its_currency() -> None:
    small, large = Money(1, "KRW"), Money(2, "KRW")

    assert small < large
    assert large > small
    assert small <= Money(1, "KRW") <= large
    assert large >= Money(2, "KRW") >= small
    assert max(small, large) == large


@pytest.mark.parametrize(
    "meet",
    [
        lambda one, other: one + other,
        lambda one, other: one - other,
        lambda one, other: one < other,
        lambda one, other: one <= other,
        lambda one, other: one > other,
        lambda one, other: one >= other,
        lambda one, other: sum_money([one, other], one.currency),
    ],
)
def test_two_currencies_never_meet(meet: Callable[[Money, Money], object]) -> None:
    with pytest.raises(ValueError, match="USD and in KRW") as caught:
        meet(Money(1, "USD"), Money(1, "KRW"))

    assert isinstance(caught.value, MoneyError)


def test_amounts_of_two_currencies_are_not_equal_even_at_zero() -> None:
    assert zero("USD") != zero("KRW")


def test_money_and_a_plain_number_never_meet() -> None:
    with pytest.raises(TypeError):
        Money(1, "USD") + 1  # type: ignore[operator]  # the mistake that is tested


def test_a_sum_beyond_what_databases_keep_is_refused() -> None:
    with pytest.raises(MoneyError, match="more than an amount of money can be"):
        Money(10**18 - 1, "USD") + Money(1, "USD")


def test_the_sum_of_nothing_is_zero() -> None:
    assert sum_money([], "KWD") == Money(0, "KWD")
    assert sum_money(iter([Money(1, "KWD"), Money(-3, "KWD")]), "KWD") == Money(-2, "KWD")


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (1000, [1, 1, 1], [334, 333, 333]),
        (-1000, [1, 1, 1], [-334, -333, -333]),
        (1000, [3, 3, 1], [429, 428, 143]),
        (100, [2, 1], [67, 33]),
        (5, [0, 0], [3, 2]),
        (-5, [0, 0], [-3, -2]),
        (7, [0, 5, 0], [0, 7, 0]),
        (1, [1, 1], [1, 0]),
        (0, [3, 4], [0, 0]),
        (0, [], []),
    ],
)
def test_spread_gives_the_rest_to_the_largest_remainders(
    minor: int, weights: list[int], parts: list[int]
) -> None:
    assert minors(spread(Money(minor, "USD"), weights)) == parts


@pytest.mark.parametrize("weights", [[], [5, -1], [-1, -1]])
def test_spread_refuses_what_has_no_fair_share(weights: list[int]) -> None:
    with pytest.raises(MoneyError, match="cannot be spread"):
        spread(Money(100, "USD"), weights)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("12.30", "12.30"),
        ("-5", "-5"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0E-8", "0E-8"),
        ("8.599069197795469", "8.599069197795469"),
        (1200, "1200"),
        (-3, "-3"),
        (Decimal("62.6793"), "62.6793"),
    ],
)
def test_a_number_is_read_as_it_was_written(given: object, value: str) -> None:
    assert str(parse_decimal(given, path="total")) == value


@pytest.mark.parametrize(
    "given",
    [
        "1,234.50",
        "12,30",
        "$12.30",
        "12.30 USD",
        "₩12000",
        " 12",
        "12\n",
        "1 200",
        "1_200",
        "１２",
        "NaN",
        "Infinity",
        "0x10",
        "--1",
        ".",
        "-",
        "1E+31",
        "1E-40",
        "1E+999999999",
        "9" * 65,
        10**30,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+31"),
        True,
        12.3,
        [],
        {},
    ],
)
def test_what_is_no_plain_number_is_refused_with_its_place(given: object) -> None:
    with pytest.raises(PayloadError) as caught:
        parse_decimal(given, path="cart.items[2].price")

    assert caught.value.path == "cart.items[2].price"
    assert caught.value.words.en.startswith("cart.items[2].price: ")
    assert "cannot be read as a number" in caught.value.words.en
    assert "숫자로 읽을 수 없습니다" in caught.value.words.ko
    assert len(caught.value.words.en) < 180


@pytest.mark.parametrize("given", [None, ""])
def test_a_missing_number_is_called_missing(given: object) -> None:
    with pytest.raises(PayloadError, match="total: a number is missing"):
        parse_decimal(given, path="total")
