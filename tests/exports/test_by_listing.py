"""A webstore that is told by its own items: its list is read first, and says which product each is."""

from datetime import timedelta

import pytest

from orders import HELMET, PUMP, line, won
from tillbridge.exports import ExportWay
from tillbridge.model.errors import Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.listings import Listing, ListingFault
from tillbridge.model.offers import Exporting
from tillbridge.model.orders import LineIdentifier, ListingRef
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.embedded.merging import MergeOrder
from tillbridge.provider import Capability
from tillbridge.repair import BindingKind

pytestmark = pytest.mark.row("S15")
AWAY = Words("The webstore is away.", "웹스토어에 연결할 수 없습니다.")
OTHER = "00012345678905"
STAFF = Signature("지은", "")
TAKES = frozenset({Capability.INVENTORY, Capability.PRICES, Capability.LISTINGS})
DAY = 24 * 3600


def listing(item, gtin="", **more):
    numbers = (LineIdentifier(kind=IdentifierKind.GTIN, value=gtin),) if gtin else ()
    return Listing(id=item, title=f"항목 {item}", identifiers=numbers, **more)


@pytest.fixture
def make(make_front):
    def make(*listings, **exporting):
        front = make_front(takes=TAKES, exporting=Exporting(by_listing=True, **exporting))
        front.webstore.listings = list(
            listings or (listing("L1", HELMET, parent_id="7", extra={"stock": "i-1"}), listing("L2", PUMP))
        )
        front.rule()
        return front

    return make


@pytest.fixture
def front(make):
    """A webstore that lists the helmet as a variant of its product 7, and the pump."""
    return make()


def pieces(front):
    """What each item of the webstore shows."""
    shown = front.webstore.shown.values()
    return {offer.listing.id: offer.quantity for offer in shown}


def read_anew(front):
    """The day after, the webstore's list is read anew."""
    front.clock.advance(DAY)
    front.export()


def renumber(front, product, gtin):
    front.number(product, None)
    front.number(product, IdentifierKind.GTIN, gtin)


def test_an_offer_names_the_webstores_own_item_and_what_it_is_a_variant_of(front):
    front.export()
    helmet = front.webstore.shown[f"/{front.helmet}/L1"]

    assert front.webstore.listings[0] == helmet.listing
    assert ("L1", "7", {"stock": "i-1"}) == (
        helmet.listing.id,
        helmet.listing.parent_id,
        helmet.listing.extra,
    )
    assert (10, won(50_000)) == (helmet.quantity, helmet.price)
    assert [HELMET] == [one.value for one in helmet.identifiers]


def test_a_product_that_the_webstore_does_not_list_is_not_told_and_the_check_says_so(front):
    bottle = front.add("물통", OTHER, 3, 5_000)
    front.export()
    (problem,) = front.engine.check_listings("web").problems

    assert {"L1": 10, "L2": 5} == pieces(front)
    assert (ListingFault.NOT_LISTED, (bottle,)) == (problem.fault, problem.product_ids)
    assert "it is told neither its stock nor its price" in problem.words.en


def test_nothing_is_told_before_the_list_was_read(front):
    def away(call):
        if call == "fetch_listings":
            raise Retryable(AWAY)

    front.webstore.before = away
    (result,) = front.engine.export("web", ExportWay())

    assert (AWAY, []) == (result.trouble, front.webstore.calls)


def test_a_list_that_cannot_be_read_later_stops_no_export(front):
    front.export()

    def away(call):
        if call == "fetch_listings":
            raise Retryable(AWAY)

    front.webstore.before = away
    front.clock.advance(DAY)
    front.count(front.helmet, 8)
    front.export()

    assert 8 == pieces(front)["L1"]


def test_a_long_list_is_read_for_a_minute_at_a_time_before_anything_is_told(make):
    """Each of its pages takes 40 seconds: the first minute ends with the second of three."""
    front = make(listing("L1", HELMET), listing("L2", PUMP), listing("L3", OTHER))
    front.webstore.page_size = 1
    front.webstore.before = lambda call: front.clock.advance(40) if call == "fetch_listings" else None
    first = front.engine.export("web", ExportWay(once=True))[0]
    told = len(front.webstore.calls)
    front.engine.export("web", ExportWay(once=True))

    assert (True, 0) == (first.more, told)
    assert {"L1": 10, "L2": 5} == pieces(front)


def test_the_same_change_is_told_by_the_same_key(front):
    front.export()
    front.count(front.helmet, 8)
    front.export()

    assert [f"/{front.helmet}/L1", f"/{front.pump}/L2"] == front.webstore.calls[0]
    assert [f"/{front.helmet}/L1"] == front.webstore.calls[-1]


def test_nothing_is_told_twice_where_nothing_changed(front):
    front.export()
    calls = len(front.webstore.calls)
    front.export()
    read_anew(front)

    assert calls == len(front.webstore.calls)


# One product, several items


def test_every_item_that_is_the_product_is_told(make):
    front = make(listing("L1", HELMET), listing("L3", HELMET, active=False))
    front.export()

    assert {"L1": 10, "L3": 10} == pieces(front)


def test_of_two_items_of_a_product_the_refused_one_is_named(make):
    front = make(listing("L1", HELMET), listing("L3", HELMET))
    no = Receipt(Outcome.REFUSED, Words("It is locked.", "잠겨 있습니다."))
    front.webstore.answer = lambda offer: no if offer.listing.id == "L3" else Receipt(Outcome.ACCEPTED)
    front.export()
    stock = next(one for one in front.engine.export_items("web", "refused") if one.what == "stock")

    assert ("L3: It is locked.", front.helmet) == (stock.why.en, stock.product_id)
    assert {"L1": 10} == pieces(front)


def test_what_was_refused_of_one_item_is_told_again_of_both_when_it_changes(make):
    """The other item shows the new number already, although the product counts as refused."""
    front = make(listing("L1", HELMET), listing("L3", HELMET))
    front.export()
    no = Receipt(Outcome.REFUSED, Words("It is locked.", "잠겨 있습니다."))
    front.webstore.answer = lambda offer: no if offer.listing.id == "L3" else Receipt(Outcome.ACCEPTED)
    front.count(front.helmet, 8)
    front.export()
    assert {"L1": 8, "L3": 10} == pieces(front)

    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.count(front.helmet, 10)
    front.export()
    assert {"L1": 10, "L3": 10} == pieces(front)


def test_an_item_that_is_not_answered_has_the_product_told_again(make):
    front = make(listing("L1", HELMET), listing("L3", HELMET))
    front.webstore.answer = lambda offer: (
        Receipt(Outcome.UNKNOWN) if offer.listing.id == "L3" else Receipt(Outcome.ACCEPTED)
    )
    front.export()
    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.export()

    assert {"L1": 10, "L3": 10} == pieces(front)


def test_a_call_holds_no_more_offers_than_the_webstore_takes(make):
    front = make(listing("L1", HELMET), listing("L2", PUMP), listing("L3", HELMET), batch=2)
    front.export()

    assert {"L1": 10, "L2": 5, "L3": 10} == pieces(front)
    assert 2 == max(len(call) for call in front.webstore.calls)


# What is listed changes


def test_an_item_that_is_listed_later_is_told_although_the_stock_did_not_change(front):
    front.export()
    front.webstore.listings.append(listing("L3", HELMET))
    read_anew(front)

    assert {"L1": 10, "L2": 5, "L3": 10} == pieces(front)


def test_a_product_that_is_listed_no_more_is_told_no_more(front):
    front.export()
    front.webstore.listings.pop()
    read_anew(front)
    front.count(front.pump, 1)
    calls = len(front.webstore.calls)
    front.export()

    assert (calls, 5) == (len(front.webstore.calls), pieces(front)["L2"])


def test_an_item_whose_number_the_webstore_corrects_shows_the_other_product(front):
    front.export()
    front.webstore.listings[0] = listing("L1", PUMP)
    front.webstore.listings[1] = listing("L2", HELMET)
    read_anew(front)

    assert 5 == front.webstore.shown[f"/{front.pump}/L1"].quantity
    assert 10 == front.webstore.shown[f"/{front.helmet}/L2"].quantity
    assert not any(key.endswith("/gone") for call in front.webstore.calls for key in call)


def test_an_item_that_matches_nothing_any_more_shows_no_pieces(front):
    front.export()
    front.webstore.listings[1] = listing("L2", "04006381333955")
    read_anew(front)

    assert 0 == front.webstore.shown[f"/{front.pump}/L2"].quantity


def test_a_product_that_is_not_for_webstores_any_more_shows_no_pieces(front):
    front.export()
    front.pos.set_ecommerce(front.pump, on=False)
    front.export()

    assert {"L1": 10, "L2": 0} == pieces(front)


def test_an_item_of_a_number_that_was_corrected_here_shows_the_product_that_has_it_now(front):
    front.export()
    renumber(front, front.pump, OTHER)
    bottle = front.add("물통", PUMP, 3, 5_000)
    front.export()

    assert 3 == front.webstore.shown[f"/{bottle}/L2"].quantity
    assert [(ListingFault.NOT_LISTED, (front.pump,))] == [
        (one.fault, one.product_ids) for one in front.engine.check_listings("web").problems
    ]


def test_the_items_of_merged_products_show_the_stock_of_the_one_that_was_kept(make):
    front = make(listing("L1", HELMET), listing("L3", OTHER))
    twin = front.add("헬멧 2", OTHER, 3, 50_000)
    front.export()
    front.pos.merge(MergeOrder(kept=front.helmet, merged=(twin,), who="지은", reason="중복", anyway=True))
    front.export()

    kept = [front.webstore.shown[f"/{front.helmet}/{item}"].quantity for item in ("L1", "L3")]
    assert [13, 13] == kept


# Links by hand


@pytest.fixture
def linked(make):
    """A webstore's item without a number, of which an order came; staff said that it is the pump."""
    front = make(listing("L1", HELMET), listing("X9"))
    front.export()
    front.buy("A1", line(listing=ListingRef(item_id="X9"), identifiers=()))
    front.engine.poll()
    (order,) = front.engine.orders()
    front.engine.link_product(order.id, "1", front.pump, STAFF)
    return front


def test_an_item_that_was_linked_by_hand_is_told_as_its_product(linked):
    linked.export()

    # One piece of it is in the order that it healed.
    assert 4 == linked.webstore.shown[f"/{linked.pump}/X9"].quantity


def test_a_link_that_is_taken_back_leaves_the_item_without_pieces(linked):
    linked.export()
    linked.engine.forget("web", BindingKind.PRODUCT, "X9", STAFF)
    linked.export()

    assert 0 == linked.webstore.shown[f"/{linked.pump}/X9"].quantity


def test_a_link_is_news_for_the_next_beat(linked):
    linked.rule(every=timedelta(hours=1))
    linked.export()
    assert [] == linked.engine.exports_due()

    linked.engine.forget("web", BindingKind.PRODUCT, "X9", STAFF)
    assert ["web"] == linked.engine.exports_due()


# From one way to the other


def test_a_webstore_that_was_told_by_numbers_is_told_by_items_from_an_update_on(make_front):
    front = make_front(takes=TAKES)
    front.webstore.listings = [listing("L1", HELMET)]
    front.rule()
    front.export()
    front.webstore.exporting = Exporting(by_listing=True)
    front.engine.close()
    front.engine = front.another()
    front.pos = front.engine.pos
    front.export()

    assert 10 == front.webstore.shown[f"/{front.helmet}/L1"].quantity
