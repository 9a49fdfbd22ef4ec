"""What is too much of a change to be believed is held and shown, until staff say that it is right."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from orders import won
from tillbridge.exports import ExportWay
from tillbridge.exports.judging import hold
from tillbridge.exports.wanting import GONE, OnShelf, What, price_text, read, sellable, wanted
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.identifiers import check_digit
from tillbridge.model.offers import Buffers, Exporting, Limits
from tillbridge.pos.embedded import tables as pos_tables
from tillbridge.pos.embedded.shelf import mark_shelf
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
LIMITS = Limits(price_percent=60, times=20, pieces=200, emptied_percent=50)
NUMBERS = '[["gtin","00012345678905"]]'
SHELF = OnShelf(
    product_id="P1",
    on_hand=Decimal(1),
    reserved=Decimal(0),
    price="1 KRW",
    category="",
    published=True,
    numbers=NUMBERS,
)


def judged(shown, new, limits=LIMITS):
    """What may be told of a change, and whether something of it is held; texts without their numbers."""
    texts = [text and f"{text}|{NUMBERS}" for text in (shown, new)]
    held = hold(What.BOTH, (texts[0], texts[1]), SHELF, "KRW", limits)
    told = held.part if held else texts[1]
    return told.removesuffix(f"|{NUMBERS}"), held is not None


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
        ("10|5000 USD", "10|50000 KRW", False),
        (None, "8801234|50000 KRW", False),
        ("10|50000 KRW", GONE, False),
    ],
)
def test_a_leap_of_price_or_stock_is_not_believed(shown, new, held):
    assert held is judged(shown, new)[1]


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
    assert told == judged(shown, new)[0]


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

    assert ("900000|900000 KRW", False) == judged("1|1 KRW", "900000|900000 KRW", limits)


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


# Many small steps, nothing at all, and prices of another country


def bottles(front, many):
    return [front.add(f"물통 {number}", _gtin(number), 3, 5_000) for number in range(many)]


def empty(front, products):
    for product in products:
        front.count(product, 0)
    return front.engine.export("web")[0].trouble


@pytest.mark.parametrize("way", [{}, WHOLE], ids=["changes", "whole"])
def test_a_shop_that_is_emptied_in_steps_is_stopped_too(make_front, way):
    """Of 58 products 26 were sold out an hour ago, and 14 of the 32 that are left would be now."""
    front = make_front(**way)
    front.rule()
    more = bottles(front, 56)
    front.export()
    front.rule(limits=Limits(price_percent=0, pieces=0, emptied_percent=50))
    assert None is empty(front, more[:26])
    front.clock.advance(3600)

    assert "40 of the 58" in empty(front, more[26:40]).en
    assert 3 == front.pieces(more[30])


def test_what_was_sold_out_yesterday_counts_no_more(front):
    more = bottles(front, 56)
    front.export()
    front.rule(limits=Limits(price_percent=0, pieces=0, emptied_percent=50))
    empty(front, more[:26])
    front.clock.advance(24 * 3600)

    assert None is empty(front, more[26:40])


def test_what_came_back_counts_no_more(front):
    more = bottles(front, 56)
    front.export()
    front.rule(limits=Limits(price_percent=0, pieces=0, emptied_percent=50))
    empty(front, more[:26])
    for product in more[:26]:
        front.count(product, 2)
    front.export()

    assert None is empty(front, more[26:40])


def test_after_staff_said_that_it_is_right_it_counts_anew(front):
    more = bottles(front, 56)
    front.export()
    front.rule(limits=Limits(price_percent=0, pieces=0, emptied_percent=50))
    for product in more[:30]:
        front.count(product, 0)
    front.clock.advance(60)
    front.export(believe=True)
    front.clock.advance(60)

    assert None is empty(front, more[30:35])


def test_an_empty_file_is_not_sent_until_it_is_believed(make_front):
    front = make_front(**WHOLE)
    front.rule()
    front.export()
    for product in (front.helmet, front.pump):
        front.pos.set_ecommerce(product, on=False)
    (result,) = front.engine.export("web")
    (dry,) = front.engine.export("web", ExportWay(dry_run=True))
    assert ("There is no product to be shown", 2) == (result.trouble.en[:31], len(front.webstore.shown))
    assert result.trouble == dry.trouble

    front.export(believe=True)
    assert {} == front.webstore.shown


def price_file(front, minor, currency):
    """A price file says what the helmet costs."""
    products = pos_tables.products
    change = update(products).where(products.c.id == 1).values(price_minor=minor, currency=currency)
    with front.engine.context.database.write("test") as database:
        mark_shelf(database, (1,))
        database.execute(change)


def dollars(front):
    price_file(front, 4_999, "USD")


def test_a_price_in_another_currency_than_the_stores_is_not_told(with_prices):
    front = with_prices
    dollars(front)
    front.count(front.helmet, 4)
    front.export()
    (held,) = front.engine.export_items("web", "held")

    assert (4, won(50_000)) == offered(front, front.helmet)
    assert "The price is in USD, and the store sells in KRW" in held.why.en
    with pytest.raises(NotAllowed, match="USD"):
        front.engine.release_export("web", [front.helmet])


def test_a_first_price_in_another_currency_leaves_the_pieces_without_a_price(make_front):
    front = make_front(**TOGETHER)
    front.rule()
    dollars(front)
    front.export()

    assert (10, None) == offered(front, front.helmet)


def test_a_price_that_goes_alone_is_not_told_at_all_in_another_currency(make_front):
    front = make_front(takes=frozenset({Capability.INVENTORY, Capability.PRICES}))
    front.rule()
    dollars(front)
    front.export()
    (held,) = front.engine.export_items("web", "held")

    assert ((10, None), "price") == (offered(front, front.helmet), held.what)


def test_a_price_that_is_corrected_is_told(with_prices):
    front = with_prices
    dollars(front)
    front.export()
    price_file(front, 49_000, "KRW")
    front.export()

    assert (10, won(49_000)) == offered(front, front.helmet)
    assert [] == front.engine.export_items("web", "held")


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
    shelf = SHELF._replace(on_hand=on_hand, price=price_text(minor, "KRW"))

    assert (int(on_hand), price) == read(What.BOTH, wanted(What.BOTH, shelf, Buffers()))
    assert (int(on_hand), None) == read(What.STOCK, wanted(What.STOCK, shelf, Buffers()))
    assert (None, price) == read(What.PRICE, wanted(What.PRICE, shelf, Buffers()))


def _gtin(number):
    digits = f"0400638{number:06d}"
    return digits + check_digit(digits)
