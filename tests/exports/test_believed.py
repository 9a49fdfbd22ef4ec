"""What is too much of a change to be believed is held and shown, until staff say that it is right."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import won
from tillbridge.exports import ExportWay
from tillbridge.exports.wanting import GONE, OnShelf, What, believed, implausible, read, sellable, wanted
from tillbridge.model.errors import NotFound
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.identifiers import check_digit
from tillbridge.model.offers import Buffers, Exporting, Limits
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
LIMITS = Limits(price_percent=60, times=20, pieces=200, emptied_percent=50)


@pytest.mark.parametrize(
    ("shown", "new", "held"),
    [
        ("10|50000 KRW", "10|80000 KRW", False),
        ("10|50000 KRW", "10|80001 KRW", True),
        ("10|50000 KRW", "10|20000 KRW", False),
        ("10|50000 KRW", "10|500 KRW", True),
        ("10|50000 KRW", "9|50000 KRW", False),
        ("10|50000 KRW", "0|50000 KRW", False),
        ("10|50000 KRW", "199|50000 KRW", False),
        ("10|50000 KRW", "200|50000 KRW", False),
        ("10|50000 KRW", "201|50000 KRW", True),
        ("0|50000 KRW", "8801234|50000 KRW", True),
        ("10|50000 KRW", "10|5000 USD", False),
        (None, "8801234|50000 KRW", False),
        ("10|50000 KRW", GONE, False),
    ],
)
def test_a_leap_of_price_or_stock_is_not_believed(shown, new, held):
    assert held is (implausible(What.BOTH, shown, new, LIMITS) is not None)


@pytest.mark.parametrize(
    ("shown", "new", "told"),
    [
        ("10|50000 KRW", "0|500 KRW", "0|50000 KRW"),
        ("10|50000 KRW", "201|60000 KRW", "10|60000 KRW"),
        ("10|50000 KRW", "201|500 KRW", "10|50000 KRW"),
        ("10|50000 KRW", "9|60000 KRW", "9|60000 KRW"),
        ("10|50000 KRW", GONE, GONE),
        (None, "201|500 KRW", "201|500 KRW"),
    ],
)
def test_only_the_part_that_leaps_is_held(shown, new, told):
    assert told == believed(What.BOTH, shown, new, LIMITS)


TOGETHER = {"exporting": Exporting(together=True)}
WHOLE = {"takes": frozenset({Capability.SNAPSHOT})}


@pytest.fixture(params=[TOGETHER, WHOLE], ids=["together", "whole"])
def with_prices(request, make_front):
    front = make_front(**request.param)
    front.rule()
    front.export()
    front.rule(limits=LIMITS)
    return front


def offered(front, product):
    offer = front.webstore.shown[f"/{product}"]
    return offer.quantity, offer.price


def test_a_held_price_hides_no_sell_out(with_prices):
    front = with_prices
    front.price(front.helmet, 500)
    front.count(front.helmet, 0)
    front.export()
    result = front.export()

    assert (0, won(50_000)) == offered(front, front.helmet)
    assert (0, 1) == (result.due, result.held)


def test_what_was_told_in_part_is_told_whole_when_it_is_released(with_prices):
    front = with_prices
    front.price(front.helmet, 500)
    front.count(front.helmet, 2)
    front.export()
    front.engine.release_export("web")
    front.export()

    assert (2, won(500)) == offered(front, front.helmet)
    assert [] == front.engine.export_items("web", "held")


def test_a_held_stock_hides_no_new_price(with_prices):
    front = with_prices
    front.price(front.helmet, 45_000)
    front.count(front.helmet, 8_801_234)
    front.export()
    (held,) = front.engine.export_items("web", "held")

    assert (10, won(45_000)) == offered(front, front.helmet)
    assert "8801234" in held.why.en


def test_a_part_that_is_pending_leaves_the_rest_held(make_front):
    front = make_front(takes=frozenset({Capability.INVENTORY, Capability.EXPORT_CHECK}), **TOGETHER)
    front.rule()
    front.export()
    front.rule(limits=LIMITS)
    front.price(front.helmet, 500)
    front.count(front.helmet, 2)
    front.webstore.answer = lambda _: Receipt(Outcome.PENDING, ticket="T1")
    front.export()
    front.webstore.answers["T1"] = Receipt(Outcome.ACCEPTED)
    front.export()
    (held,) = front.engine.export_items("web", "held")

    assert ((2, won(50_000)), (2, won(500))) == (held.shown, held.wanted)
    assert "The price would go" in held.why.en


def test_no_limit_holds_nothing():
    limits = Limits(price_percent=0, times=0, pieces=0)

    assert implausible(What.BOTH, "1|1 KRW", "900000|900000 KRW", limits) is None


def test_a_held_offer_is_not_told_and_stands_in_the_list_with_its_reason(front):
    front.export()
    front.rule(limits=LIMITS)
    front.count(front.pump, 8_801_234)
    result = front.export()
    (held,) = front.engine.export_items("web", "held")

    assert (1, 5) == (result.held, front.pieces(front.pump))
    assert (front.pump, "The stock would go from 5 to 8801234 at once.") == (held.product_id, held.why.en)


def test_a_released_offer_is_told(front):
    front.export()
    front.rule(limits=LIMITS)
    front.count(front.pump, 500)
    front.export()

    assert 1 == front.engine.release_export("web", [front.pump])
    front.export()
    assert 500 == front.pieces(front.pump)


def test_an_offer_that_is_plausible_again_is_held_no_more(front):
    front.export()
    front.rule(limits=LIMITS)
    front.count(front.pump, 500)
    front.export()
    front.count(front.pump, 4)
    front.export()

    assert 4 == front.pieces(front.pump)
    assert [] == front.engine.export_items("web", "held")


def test_releasing_what_is_not_held_says_so(front):
    front.export()

    with pytest.raises(NotFound, match="P1"):
        front.engine.release_export("web", ["P1"])


def test_an_export_that_would_empty_the_webstore_tells_nothing_until_it_is_believed(front):
    """Most likely the stock file was empty."""
    more = [front.add(f"물통 {number}", _gtin(number), 3, 5_000) for number in range(25)]
    front.export()
    front.rule(limits=Limits(emptied_percent=50), every=timedelta(hours=1))
    for product in more:
        front.count(product, 0)
    (result,) = front.engine.export("web")
    assert "25 of the 27" in result.trouble.en
    assert 3 == front.pieces(more[0])

    front.export(believe=True)
    assert 0 == front.pieces(more[0])


def test_a_dry_run_says_that_too_much_would_be_emptied(front):
    more = [front.add(f"물통 {number}", _gtin(number), 3, 5_000) for number in range(20)]
    front.export()
    front.rule(limits=Limits(emptied_percent=50))
    for product in more:
        front.count(product, 0)
    (result,) = front.engine.export("web", ExportWay(dry_run=True))

    assert "20 of the 22" in result.trouble.en


def test_prices_do_not_count_as_products_that_could_be_sold_out(make_front):
    front = make_front(takes=frozenset({Capability.INVENTORY, Capability.PRICES}))
    front.rule()
    more = [front.add(f"물통 {number}", _gtin(number), 3, 5_000) for number in range(20)]
    front.add("안장", _gtin(20), 3, 5_000)
    front.export()
    front.rule(limits=Limits(emptied_percent=50))
    for product in more:
        front.count(product, 0)
    (result,) = front.engine.export("web")

    assert "20 of the 23" in result.trouble.en


def test_a_few_products_may_be_sold_out_at_once(front):
    front.export()
    front.rule(limits=Limits(emptied_percent=50))
    front.count(front.pump, 0)
    front.count(front.helmet, 0)
    front.export()

    assert 0 == front.pieces(front.pump)


# The rules, for any numbers

pieces = st.decimals(min_value=-1000, max_value=100_000, places=4)


@given(pieces, pieces.map(abs), st.integers(0, 1000))
def test_a_webstore_may_never_sell_more_than_there_is(on_hand, reserved, buffer):
    left = sellable(on_hand, reserved, buffer)

    assert left >= 0
    assert left == 0 or left + buffer + reserved <= on_hand


@given(st.decimals(0, 10**6, places=0), st.none() | st.integers(0, 10**12))
def test_what_is_wanted_can_be_read_again(on_hand, minor):
    price = None if minor is None else won(minor)
    shelf = OnShelf(
        product_id="P1",
        on_hand=on_hand,
        reserved=Decimal(0),
        price=price,
        category="",
        published=True,
        identified=True,
    )

    assert (int(on_hand), price) == read(What.BOTH, wanted(What.BOTH, shelf, Buffers()))
    assert (int(on_hand), None) == read(What.STOCK, wanted(What.STOCK, shelf, Buffers()))
    assert (None, price) == read(What.PRICE, wanted(What.PRICE, shelf, Buffers()))


def _gtin(number):
    digits = f"0400638{number:06d}"
    return digits + check_digit(digits)
