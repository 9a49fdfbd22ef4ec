"""An order without the lines that the shop rejected: numbers that added up add up still."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import line, order, won
from tillbridge.model.money import Money
from tillbridge.model.orders import Amount, Charge, ChargeKind, OrderKind, Tax, Tender, TenderKind, WebOrder
from tillbridge.model.totals import TotalsMismatch, balanced


def tender(minor: int) -> Tender:
    return Tender(kind=TenderKind.CARD, amount=won(minor))


def paid(*tenders: Tender, **more) -> WebOrder:
    """A paid order of two lines, 30,000 and 20,000."""
    lines = (line("1", price=30_000), line("2", price=20_000))
    return order("A1", *lines, kind=OrderKind.BOPIS, paid=True, tenders=tenders, **more)


def test_the_line_is_gone_and_the_total_is_less_by_it():
    rest = order("A1", line("1", price=30_000), line("2", price=20_000)).without_lines({"2"})

    assert ["1"] == [one.id for one in rest.lines]
    assert won(30_000) == rest.total


def test_what_was_paid_is_less_from_the_last_tender_up():
    rest = paid(tender(35_000), tender(15_000)).without_lines({"2"})

    assert [won(30_000)] == [one.amount for one in rest.tenders]


def test_a_tender_that_is_not_used_up_stays():
    rest = paid(tender(10_000), tender(40_000)).without_lines({"2"})

    assert [won(10_000), won(20_000)] == [one.amount for one in rest.tenders]


def test_an_order_that_has_no_such_line_is_the_same():
    whole = paid(tender(50_000))

    assert whole is whole.without_lines({"9"})


def test_the_hash_is_the_same_whether_the_webstore_still_has_the_line_or_not():
    """The webstore tells of no rounding for what it took out."""
    before = paid(tender(50_000), rounded_amounts=2)
    after = paid(tender(30_000), rounded_amounts=1).model_copy(
        update={"lines": before.lines[:1], "total": won(30_000)}
    )

    assert before.hash_without({"2"}) == after.hash_without({"2"}) == after.hash_without(())
    assert before.hash_without({"2"}) != before.hash_without({"1"})


def test_numbers_that_do_not_add_up_do_not_because_a_line_is_rejected():
    rest = order("A1", line("1", price=30_000), line("2", price=20_000), total=won(50_001)).without_lines(
        {"2"}
    )

    with pytest.raises(TotalsMismatch):
        balanced(rest)


def test_mixed_currencies_are_left_to_be_refused():
    foreign = line("2", amount=Amount(net=Money(100, "USD")))
    rest = order("A1", line("1"), foreign, total=won(50_000)).without_lines({"2"})

    assert (won(50_000), ["1"]) == (rest.total, [one.id for one in rest.lines])


@st.composite
def balanced_orders(draw: st.DrawFn) -> tuple[WebOrder, set[str]]:
    """A paid order whose numbers add up (rounding among them), and some of its lines, not all."""
    count = draw(st.integers(2, 5))
    net, tax = st.integers(0, 100_000), st.integers(0, 9_999)
    lines = tuple(
        line(
            str(place),
            quantity=draw(st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(3)])),
            amount=Amount(net=won(draw(net)), taxes=(Tax(amount=won(draw(tax))),)),
        )
        for place in range(count)
    )
    charge = Charge(kind=ChargeKind.SHIPPING, title="", amount=Amount(net=won(draw(net))))
    taxed = sum(1 for one in lines if one.amount.tax)
    gone = draw(st.sets(st.sampled_from([one.id for one in lines]), min_size=1, max_size=count - 1))
    rounded = draw(st.integers(0, 2))
    off = draw(st.integers(-taxed - rounded, taxed + rounded))
    total = won(sum(one.amount.gross.minor for one in lines) + charge.amount.gross.minor + off)
    cut = draw(st.integers(0, max(total.minor, 0)))
    made = order(
        "A1",
        *lines,
        total=total,
        charges=(charge,),
        kind=OrderKind.BOPIS,
        paid=True,
        rounded_amounts=rounded,
        tenders=(tender(cut), tender(total.minor - cut)),
    )
    return made, gone


@given(balanced_orders())
def test_totals_stay_balanced(given_order: tuple[WebOrder, set[str]]) -> None:
    made, gone = given_order
    balanced(made)

    rest = balanced(made.without_lines(gone))

    removed = sum(one.amount.gross.minor for one in made.lines if one.id in gone)
    assert made.total.minor - removed == rest.total.minor
    assert rest.total.minor == sum(one.amount.minor for one in rest.tenders)
