"""Numbers add up, or the order says how far they are off."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import line, order, won
from tillbridge.model.money import Money
from tillbridge.model.orders import Amount, Charge, ChargeKind, Remitter, Tax, Tender, TenderKind
from tillbridge.model.totals import TotalsMismatch, balanced, split_included_tax, spread_discount


def taxed(net: int, tax: int, remitter: Remitter = Remitter.STORE) -> Amount:
    return Amount(net=won(net), taxes=(Tax(amount=won(tax), remitter=remitter),))


def test_an_order_that_adds_up_is_left_as_it_is():
    plain = order("A1", line("1", price=50_000), line("2", price=7_000))

    assert plain is balanced(plain)


def test_shipping_fees_and_tip_are_part_of_the_total():
    """50,000 + 3,000 shipping + 500 fee + 1,000 tip = 54,500."""
    charges = (
        Charge(kind=ChargeKind.SHIPPING, title="택배", amount=Amount(net=won(3_000))),
        Charge(kind=ChargeKind.FEE, title="포장", amount=Amount(net=won(500))),
    )
    whole = order("A1", line(), charges=charges, tip=won(1_000), total=won(54_500))

    assert whole is balanced(whole)


def test_one_unit_of_rounding_a_taxed_line_becomes_a_rounding_line():
    """Two taxed lines may be off by two units: 2 x 11,000 against a total of 22,001."""
    lines = (line("1", amount=taxed(10_000, 1_000)), line("2", amount=taxed(10_000, 1_000)))

    assert won(1) == balanced(order("A1", *lines, total=won(22_001))).rounding


def test_a_difference_beyond_rounding_is_refused_with_the_sum_shown():
    lines = (line("1", amount=taxed(10_000, 1_000)), line("2", amount=taxed(10_000, 1_000)))

    with pytest.raises(TotalsMismatch) as refused:
        balanced(order("A1", *lines, total=won(22_003)))

    assert "The order's total is ₩22,003, but its parts add up to ₩22,000 (11000 + 11000)." == str(
        refused.value
    )
    assert "₩22,003" in refused.value.words.ko


def test_whole_untaxed_amounts_leave_no_room_for_rounding():
    """Nothing was rounded, so one won is a fault."""
    with pytest.raises(TotalsMismatch):
        balanced(order("A1", line(), total=won(50_001)))


def test_what_was_paid_has_to_be_the_total():
    tenders = (
        Tender(kind=TenderKind.GIFT_CARD, amount=won(10_000)),
        Tender(kind=TenderKind.CARD, amount=won(39_000)),
    )

    with pytest.raises(TotalsMismatch, match="payments add up to ₩49,000"):
        balanced(order("A1", line(), paid=True, tenders=tenders))


def test_gift_cards_count_among_the_payments():
    tenders = (
        Tender(kind=TenderKind.GIFT_CARD, amount=won(10_000)),
        Tender(kind=TenderKind.CARD, amount=won(40_000)),
    )
    paid = order("A1", line(), paid=True, tenders=tenders)

    assert paid is balanced(paid)


def test_a_second_currency_in_an_order_is_refused():
    foreign = line("1", amount=Amount(net=Money(100, "USD")))

    with pytest.raises(TotalsMismatch, match="The order is in KRW, but has amounts in USD"):
        balanced(order("A1", foreign, total=won(100)))


def test_tax_that_the_marketplace_remits_stays_on_the_order_and_off_the_sale():
    """Gross 11,000 for the customer, 10,000 for the shop."""
    theirs = order("A1", line("1", amount=taxed(10_000, 1_000, Remitter.MARKETPLACE)))

    assert won(11_000) == theirs.total
    assert won(1_000) == theirs.marketplace_tax
    assert won(10_000) == theirs.sale_total


def test_korean_vat_is_taken_out_of_a_price_that_includes_it():
    """11,000 with 10 % in it are 10,000 and 1,000."""
    assert (won(10_000), won(1_000)) == split_included_tax(won(11_000), Decimal("0.1"))


@given(
    st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=12),
    st.integers(min_value=0, max_value=10**9),
)
def test_a_spread_discount_comes_off_to_the_last_unit(prices, discount):
    amounts = [Amount(net=won(price)) for price in prices]

    after = spread_discount(amounts, won(discount))

    assert sum(prices) - discount == sum(amount.net.minor for amount in after)


@given(st.integers(min_value=-(10**12), max_value=10**12), st.sampled_from(["0", "0.07", "0.1", "0.25"]))
def test_net_and_tax_always_make_the_price_again(gross, rate):
    net, tax = split_included_tax(Money(gross, "KWD"), Decimal(rate))

    assert Money(gross, "KWD") == net + tax
