"""What a webstore lists is checked before any order of it comes: what would not match here, or twice."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from orders import HELMET, PLACED, PUMP
from tillbridge.connections import NewConnection
from tillbridge.model.errors import Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.identifiers import IdentifierKind, check_digit
from tillbridge.model.listings import Listing, ListingFault
from tillbridge.model.messages import Cause
from tillbridge.model.orders import LineIdentifier
from tillbridge.model.words import Words
from tillbridge.pos.embedded import NewProduct
from tillbridge.provider import Capability
from tillbridge.testing.webstore import NAME

pytestmark = pytest.mark.row("S15")
AWAY = Words("The webstore is away.", "웹스토어에 연결할 수 없습니다.")
OTHER = "00012345678905"
LISTS = frozenset({Capability.INVENTORY, Capability.LISTINGS})


def listing(number, gtin="", **more):
    numbers = (LineIdentifier(kind=IdentifierKind.GTIN, value=gtin),) if gtin else ()
    return Listing(id=f"L{number}", title=f"항목 {number}", identifiers=numbers, **more)


def gtin(number):
    digits = f"0400638{number:06d}"
    return digits + check_digit(digits)


@pytest.fixture
def front(make_front):
    """A shop with a helmet and a pump, and a webstore that lists both."""
    front = make_front(takes=LISTS)
    front.webstore.listings = [listing(1, HELMET), listing(2, PUMP)]
    return front


def check(front, limit=100):
    return front.engine.check_listings("web", limit)


def faults(front):
    return [(one.fault, one.item_id, one.product_ids) for one in check(front).problems]


def messages(front):
    found = [one for one in front.engine.messages() if one.cause is Cause.LISTINGS]
    return [(one.words.en, one.action.command) for one in found]


def test_where_every_item_matches_one_product_all_is_well(front):
    found = check(front)

    assert (2, {}, ()) == (found.listed, found.counts, found.problems)
    assert front.clock.now() == found.checked_at


def test_it_works_before_stock_and_prices_are_passed_on(front):
    """Nothing is exported yet, and no order has come."""
    front.webstore.listings.append(listing(3, OTHER))

    assert [(ListingFault.UNMATCHED, "L3", ())] == faults(front)


def test_an_item_that_no_product_has_the_numbers_of_is_named_with_them_and_the_fix(front):
    front.webstore.listings.append(listing(3, OTHER))
    (problem,) = check(front).problems

    assert f"No product has its numbers: {OTHER}." == problem.words.en
    assert "add the product" in problem.fix.en
    assert ("항목 3", "tillbridge product search") == (problem.title, problem.command)


def test_an_item_without_a_number_says_that_it_has_none(front):
    front.webstore.listings.append(listing(3))
    (problem,) = check(front).problems

    assert "It has no number by which its product could be found." == problem.words.en


def test_an_item_that_matches_two_products_names_them_and_the_fix(front):
    twin = front.add("헬멧 2", HELMET, None, 48_000)

    assert (ListingFault.SEVERAL, "L1", (front.helmet, twin)) in faults(front)
    problem = check(front).problems[0]
    assert (f"Its numbers lead to {front.helmet}, {twin}.", "tillbridge product duplicates") == (
        problem.words.en,
        problem.command,
    )


def test_two_items_of_one_product_are_listed_twice(front):
    front.webstore.listings.append(listing(3, HELMET))

    assert [
        (ListingFault.TWICE, "L1", (front.helmet,)),
        (ListingFault.TWICE, "L3", (front.helmet,)),
    ] == faults(front)
    assert "It is P1, and so is the webstore's L3." == check(front).problems[0].words.en


def test_a_product_that_is_published_and_not_listed_is_named(front):
    front.webstore.listings.pop()

    assert [(ListingFault.NOT_LISTED, "", (front.pump,))] == faults(front)


def test_what_is_not_for_webstores_need_not_be_listed(front):
    front.webstore.listings.pop()
    front.pos.set_ecommerce(front.pump, on=False)

    assert [] == faults(front)


def test_an_item_that_cannot_be_ordered_is_no_problem(front):
    front.webstore.listings += [listing(3, OTHER, active=False), listing(4, HELMET, active=False)]

    assert [] == faults(front)
    assert 2 == check(front).listed


def test_a_part_number_is_asked_within_its_vendor_as_for_orders(front):
    front.pos.add_product(
        NewProduct(
            description="안장", vpns={"하나": "A-100"}, on_hand={"seoul": Decimal(1)}, price=None, gtin=""
        )
    )
    number = LineIdentifier(kind=IdentifierKind.MPN, value="a 100")
    front.webstore.listings += [
        Listing(id="L3", identifiers=(number,), vendor="하나"),
        Listing(id="L4", identifiers=(number,), vendor="두리"),
    ]

    assert [(ListingFault.UNMATCHED, "L4", ())] == faults(front)


def test_what_was_corrected_is_a_problem_no_more_at_the_next_check(front):
    front.webstore.listings.append(listing(3, OTHER))
    check(front)
    front.add("물통", OTHER, 1, 5_000)

    assert [] == faults(front)


def test_what_is_listed_no_more_is_forgotten(front):
    front.webstore.listings.append(listing(3, OTHER))
    check(front)
    front.webstore.listings.pop()

    assert [] == faults(front)


def test_of_many_problems_some_are_shown_and_all_are_counted(front):
    front.webstore.listings += [listing(number, gtin(number)) for number in range(10, 40)]
    found = check(front, limit=5)

    assert (5, {ListingFault.UNMATCHED: 30}) == (len(found.problems), found.counts)


def test_the_whole_list_costs_a_few_questions_a_page(front):
    """300 items are six pages; the shop is asked as for six pages of orders."""
    front.webstore.listings += [listing(number, gtin(number)) for number in range(10, 308)]
    statements = []

    def note(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT"):
            statements.append(statement)

    check(front)  # what is read for the first time is read once
    engine = front.engine.context.database.engine
    event.listen(engine, "before_cursor_execute", note)
    found = check(front)
    event.remove(engine, "before_cursor_execute", note)

    assert {ListingFault.UNMATCHED: 298} == found.counts
    assert len(statements) < 80


# Where the webstore has no list


def test_without_a_product_list_what_was_refused_is_what_is_known(make_front):
    front = make_front()
    front.rule()
    front.webstore.answer = lambda offer: (
        Receipt(Outcome.REFUSED, Words("Not listed.", "등록되지 않았습니다."))
        if offer.product_id == front.pump
        else Receipt(Outcome.ACCEPTED)
    )
    front.export()
    found = check(front)

    assert (None, {ListingFault.REFUSED: 1}) == (found.checked_at, found.counts)
    assert ("Not listed.", (front.pump,)) == (found.problems[0].words.en, found.problems[0].product_ids)


def test_two_products_of_one_barcode_are_named_without_a_product_list_too(make_front):
    front = make_front()
    front.rule()
    twin = front.add("헬멧 2", HELMET, 3, 48_000)
    front.export()

    assert [(ListingFault.SHARED, "", (front.helmet,)), (ListingFault.SHARED, "", (twin,))] == faults(front)


# Cut off, and again


def test_a_reading_that_is_cut_off_goes_on_where_it_was(front):
    front.webstore.page_size = 1
    read = []

    def away(call):
        read.append(call)
        if len(read) == 2:
            raise Retryable(AWAY)

    front.webstore.before = lambda call: away(call) if call == "fetch_listings" else None
    with pytest.raises(Retryable):
        check(front)
    front.clock.advance(60)

    assert (2, {}) == (check(front).listed, check(front).counts)
    assert 3 + 2 == len(read)


def test_a_reading_that_was_cut_off_long_ago_begins_anew(front):
    front.webstore.page_size = 1
    read = []

    def away(call):
        read.append(call)
        if len(read) == 2:
            raise Retryable(AWAY)

    front.webstore.before = lambda call: away(call) if call == "fetch_listings" else None
    with pytest.raises(Retryable):
        check(front)
    front.clock.advance(3600)
    front.webstore.listings[0] = listing(1, OTHER)

    assert (ListingFault.UNMATCHED, "L1", ()) in faults(front)
    assert 2 + 2 == len(read)


# The message


def test_what_is_wrong_is_a_message_with_the_command_that_lists_it(front):
    front.webstore.listings += [listing(3, OTHER), listing(4, HELMET)]
    assert [] == messages(front)
    check(front)

    assert [
        ("web: 3 things are wrong with what the webstore lists.", "tillbridge export check web")
    ] == messages(front)


def test_the_message_goes_with_the_next_export_after_its_cause(front):
    front.rule()
    front.webstore.listings += [listing(3, OTHER), listing(4, HELMET)]
    front.export()
    assert 1 == len(messages(front))

    front.add("물통", OTHER, 1, 5_000)
    front.export()
    ((words, _),) = messages(front)
    assert "web: 2 things are wrong with what the webstore lists." == words


def test_the_list_is_read_anew_once_a_day(front):
    front.rule()
    front.export()
    front.webstore.listings.append(listing(3, OTHER))
    front.export()
    assert [] == messages(front)

    front.clock.advance(24 * 3600)
    front.export()
    assert 1 == len(messages(front))


def test_a_list_that_cannot_be_read_stops_no_export(front):
    def away(call):
        if call == "fetch_listings":
            raise Retryable(AWAY)

    front.rule()
    front.webstore.before = away
    front.export()

    assert 10 == front.pieces(front.helmet)
    with pytest.raises(Retryable):
        check(front)


def test_a_link_by_hand_counts_as_it_does_for_orders(front):
    """Two connections of one shop know different links."""
    front.engine.connect(
        NewConnection(provider=NAME, name="other", settings={"shop": "s2"}, orders_from=PLACED)
    )
    front.webstore.listings.append(listing(3, OTHER))
    assert [(ListingFault.UNMATCHED, "L3", ())] == faults(front)
    assert ["L3"] == [one.item_id for one in front.engine.check_listings("other").problems]
