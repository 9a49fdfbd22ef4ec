"""What holds for every amount of money."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tillbridge.model.currencies import EXPONENTS
from tillbridge.model.money import Money, parse_decimal, spread, sum_money

MINOR = st.integers(-(10**15), 10**15)
CURRENCY = st.sampled_from(sorted(EXPONENTS))
MONEY = st.builds(Money, MINOR, CURRENCY)
WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=40)
AMOUNT = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False)
FIELD = TypeAdapter(Money)


@given(MONEY)
def test_money_survives_decimal_text_and_json(money: Money) -> None:
    assert Money.exact(money.decimal, money.currency) == money
    assert Money.exact(parse_decimal(str(money).split()[0], path=""), money.currency) == money
    assert FIELD.validate_json(FIELD.dump_json(money)) == money


@given(AMOUNT, CURRENCY)
def test_rounding_moves_an_amount_by_half_a_minor_unit_at_most(amount: Decimal, currency: str) -> None:
    money, changed = Money.rounding(amount, currency)
    distance = abs(Fraction(money.decimal) - Fraction(amount))

    assert distance <= Fraction(1, 2 * 10 ** EXPONENTS[currency])
    assert changed == (distance != 0)


@given(AMOUNT, CURRENCY)
def test_rounding_treats_both_signs_alike(amount: Decimal, currency: str) -> None:
    assert Money.rounded(amount.copy_negate(), currency) == -Money.rounded(amount, currency)


@given(MINOR, WEIGHTS)
def test_the_parts_of_a_spread_add_up(minor: int, weights: list[int]) -> None:
    total = Money(minor, "KRW")
    parts = spread(total, weights)

    assert len(parts) == len(weights)
    assert sum_money(parts, "KRW") == total


@given(MINOR, WEIGHTS)
def test_each_part_of_a_spread_is_within_a_minor_unit_of_its_exact_share(
    minor: int, weights: list[int]
) -> None:
    parts = spread(Money(minor, "KRW"), weights)
    shares = weights if any(weights) else [1] * len(weights)

    for part, share in zip(parts, shares, strict=True):
        assert abs(part.minor - Fraction(minor * share, sum(shares))) < 1


@given(MINOR, WEIGHTS)
def test_a_spread_treats_both_signs_alike(minor: int, weights: list[int]) -> None:
    total = Money(minor, "KRW")

    assert spread(-total, weights) == [-part for part in spread(total, weights)]


@given(MINOR, WEIGHTS)
def test_of_equal_lines_the_first_gets_no_less(minor: int, weights: list[int]) -> None:
    parts = spread(Money(abs(minor), "KRW"), [*weights, weights[-1]])

    assert parts[-2] >= parts[-1]


@given(st.lists(MINOR, max_size=20))
def test_a_sum_does_not_depend_on_the_order(minors: list[int]) -> None:
    amounts = [Money(minor, "USD") for minor in minors]

    assert sum_money(amounts, "USD") == sum_money(reversed(amounts), "USD") == Money(sum(minors), "USD")
