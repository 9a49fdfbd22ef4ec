"""Only what changed goes out, each with its receipt, and what was accepted is not sent again."""

import pytest

from orders import HELMET, PLACED, line, order, won
from shop import SEOUL
from tillbridge.connections import NewConnection
from tillbridge.connections import changing as reconnecting
from tillbridge.model.errors import NotAllowed, Rejected, Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.offers import Buffers, Exporting
from tillbridge.model.words import Words
from tillbridge.pos.embedded.merging import MergeOrder
from tillbridge.provider import Capability
from tillbridge.testing.webstore import NAME

pytestmark = pytest.mark.row("S15")
NO = Words("It is not listed.", "등록되지 않은 제품입니다.")
AWAY = Words("The webstore is away.", "웹스토어에 연결할 수 없습니다.")


def test_the_first_export_tells_everything_that_has_stock_and_a_number(front):
    front.add("시계", "", 3, 90_000)
    front.add("안장", "00012345678905", None, 40_000)
    front.export()

    assert {f"/{front.helmet}": 10, f"/{front.pump}": 5} == {
        key: offer.quantity for key, offer in front.webstore.shown.items()
    }


def test_an_offer_says_what_the_webstore_can_know_it_by(front):
    front.export()
    offer = front.webstore.shown[f"/{front.helmet}"]

    assert ("헬멧", "seoul") == (offer.title, offer.store.code)
    assert HELMET in [one.value for one in offer.identifiers]


def test_what_the_webstore_has_accepted_is_not_told_again(front):
    front.export()
    front.export()

    assert 1 == len(front.webstore.calls)


def test_only_what_changed_is_told(front):
    front.export()
    front.count(front.pump, 4)
    front.export()

    assert [f"/{front.pump}"] == front.webstore.calls[1]
    assert 4 == front.pieces(front.pump)


def test_a_sale_takes_its_pieces_off_once(front):
    """Open sales are off the stock already; they are not subtracted a second time."""
    front.export()
    front.buy("A1", line("1", gtin=HELMET))
    result = front.export()

    assert 9 == front.pieces(front.helmet)
    assert 1 == result.told.accepted


def test_what_waits_in_an_order_without_a_sale_is_kept_back(front):
    """The helmet is known, its neighbour is not: no sale yet, but the helmet is spoken for."""
    front.export()
    front.buy("A1", line("1", gtin=HELMET), line("2", gtin="00012345678905"))
    front.export()
    assert 9 == front.pieces(front.helmet)


def test_what_was_kept_back_for_an_order_is_not_subtracted_again_when_it_is_sold(front):
    front.buy("A1", line("1", gtin=HELMET), line("2", gtin="00012345678905"))
    front.export()
    front.buy("A1", line("1", gtin=HELMET))
    front.export()

    assert 9 == front.pieces(front.helmet)
    assert "New" == front.engine.order("A1").status


def test_what_an_order_no_longer_wants_is_free_again(front):
    front.export()
    front.buy("A1", line("1", gtin=HELMET), line("2", gtin="00012345678905"))
    front.export()
    front.buy("A1", line("2", gtin="00012345678905"))
    front.export()

    assert 10 == front.pieces(front.helmet)


def test_a_web_sale_that_nobody_has_seen_yet_is_not_undone(front):
    """Orders are polled first: the last helmet was just sold there."""
    front.count(front.helmet, 1)
    front.buy("A1", line("1", gtin=HELMET))
    front.export()

    assert 0 == front.pieces(front.helmet)


def test_where_the_orders_cannot_be_had_nothing_is_told(front):
    def away(call):
        if call == "fetch_orders":
            raise Retryable(AWAY)

    front.buy("A1")
    front.webstore.before = away
    (result,) = front.engine.export("web")

    assert AWAY == result.trouble
    assert [] == front.webstore.calls


def test_stock_below_zero_is_shown_as_none(front):
    front.count(front.helmet, 0)
    front.buy("A1", line("1", gtin=HELMET))
    front.export()

    assert 0 == front.pieces(front.helmet)


@pytest.mark.parametrize(
    ("buffers", "left"),
    [
        ({"every": 2}, 8),
        ({"every": 2, "categories": {"헬멧": 4}}, 6),
        ({"every": 2, "categories": {"헬멧": 4}, "products": {"P3": 1}}, 9),
        ({"every": 11}, 0),
    ],
)
def test_a_buffer_is_kept_from_the_webstore(front, buffers, left):
    road = front.add("로드 헬멧", "00012345678905", 10, 50_000, category="헬멧")
    assert "P3" == road
    front.rule(buffers=Buffers(**buffers))
    front.export()

    assert left == front.pieces(road)


def test_a_new_buffer_is_told_at_the_next_export(front):
    front.export()
    front.rule(buffers=Buffers(every=1))
    front.export()

    assert 9 == front.pieces(front.helmet)


def test_a_product_that_is_not_for_webstores_is_not_told(front):
    front.add("진열품", "00012345678905", 1, 50_000, ecommerce=False)
    front.export()

    assert 2 == len(front.webstore.shown)


def test_a_merged_products_stock_and_numbers_are_told_as_the_kept_ones(front):
    """The webstore's item of its number is the kept product now, so that it is told once, and not as gone."""
    twin = front.add("헬멧 2", "00012345678905", 4, 50_000)
    front.export()
    front.pos.merge(MergeOrder(kept=front.helmet, merged=(twin,), who="지은", reason="중복", anyway=True))
    front.export()

    kept = front.webstore.shown[f"/{front.helmet}"]
    assert [f"/{front.helmet}"] == front.webstore.calls[-1]
    assert (14, {HELMET, "00012345678905"}) == (kept.quantity, {one.value for one in kept.identifiers})


def test_a_number_that_was_guessed_is_told_to_no_webstore(front):
    """A damaged barcode was repaired: that helps to find the product, and proves nothing."""
    guessed = front.add("안장", "", 4, 40_000)
    front.number(guessed, IdentifierKind.GTIN_REPAIRED, "00012345678905")
    front.number(front.pump, IdentifierKind.GTIN_REPAIRED, "04006381333948")
    front.export()

    assert f"/{guessed}" not in front.webstore.shown
    kinds = {one.kind for one in front.webstore.shown[f"/{front.pump}"].identifiers}
    assert {IdentifierKind.GTIN} == kinds


def test_what_lost_its_number_is_told_as_gone_by_the_number_that_it_had(front):
    front.export()
    front.number(front.helmet, None)
    front.export()
    offer = front.webstore.shown[f"/{front.helmet}"]

    assert (0, [HELMET]) == (offer.quantity, [one.value for one in offer.identifiers])


def test_what_is_gone_takes_no_number_along_that_another_product_carries(front):
    """Its number went to the pump: the webstore's item of that number is the pump now."""
    front.export()
    front.number(front.helmet, None)
    front.number(front.pump, IdentifierKind.GTIN, HELMET)
    front.count(front.pump, 4)
    front.export()

    assert [f"/{front.pump}"] == front.webstore.calls[-1]
    assert [] == front.engine.export_items("web")


def test_a_location_that_is_another_store_now_shows_that_store(front):
    front.pos.add_store(SEOUL.model_copy(update={"code": "busan", "name": "부산점"}))
    front.export()
    new = NewConnection(
        provider=NAME, name="web", settings={"shop": "s1"}, orders_from=PLACED, default_store="busan"
    )
    opened, *_ = front.engine.check(new)
    reconnecting.save(front.engine.context, new, opened)
    front.export()

    assert (0, 0) == (front.pieces(front.helmet), front.pieces(front.pump))


# Receipts


def test_a_refused_offer_stops_no_other_and_says_why(front):
    front.webstore.answer = lambda offer: (
        Receipt(Outcome.REFUSED, NO) if offer.product_id == front.helmet else Receipt(Outcome.ACCEPTED)
    )
    result = front.export()
    (refused,) = front.engine.export_items("web", "refused")

    assert (1, 1) == (result.told.accepted, result.told.refused)
    assert (front.helmet, NO) == (refused.product_id, refused.why)


def test_a_refused_offer_is_told_again_when_it_changes(front):
    front.webstore.answer = lambda _: Receipt(Outcome.REFUSED, NO)
    front.export()
    front.export()
    assert 1 == len(front.webstore.calls)

    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.count(front.helmet, 9)
    front.export()

    assert [f"/{front.helmet}"] == front.webstore.calls[1]
    assert 9 == front.pieces(front.helmet)


def test_what_the_webstore_did_not_answer_is_told_again(front):
    front.webstore.answer = lambda _: Receipt(Outcome.UNKNOWN)
    result = front.export()
    assert 2 == result.told.unknown

    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.export()

    assert 10 == front.pieces(front.helmet)


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.PENDING])
def test_stock_that_goes_back_is_told_where_the_last_answer_is_open(front, outcome):
    """The webstore may show the 7 that it did not answer for."""
    front.export()
    front.webstore.answer = lambda _: Receipt(outcome, ticket="T1")
    front.count(front.helmet, 7)
    front.export()
    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.count(front.helmet, 10)
    result = front.export()
    front.export()

    assert (1, 3) == (result.told.accepted, len(front.webstore.calls))


def test_what_was_refused_after_an_open_answer_may_still_be_shown(front):
    front.export()
    for pieces, outcome in ((7, Outcome.UNKNOWN), (6, Outcome.REFUSED), (10, Outcome.ACCEPTED)):
        front.webstore.answer = lambda _, outcome=outcome: Receipt(outcome, NO)
        front.count(front.helmet, pieces)
        result = front.export()

    assert 1 == result.told.accepted


def test_an_export_that_was_cut_off_goes_on_where_it_was(make_front):
    """What was accepted is not sent again: batches of one, and the webstore goes away after the first."""
    front = make_front(exporting=Exporting(batch=1))
    front.rule()

    def away(call):
        if call == "push_inventory" and front.webstore.calls:
            raise Retryable(AWAY)

    front.webstore.before = away
    (result,) = front.engine.export("web")
    assert (AWAY, 1) == (result.trouble, result.told.accepted)

    front.webstore.before = lambda _: None
    front.export()

    assert [[f"/{front.helmet}"], [f"/{front.pump}"]] == front.webstore.calls


def test_of_a_batch_that_is_refused_as_a_whole_only_the_guilty_offer_fails(front):
    def answer(offer):
        if offer.product_id == front.helmet:
            raise Rejected(NO)
        return Receipt(Outcome.ACCEPTED)

    front.webstore.answer = answer
    result = front.export()

    assert (1, 1) == (result.told.accepted, result.told.refused)
    assert 5 == front.pieces(front.pump)


def test_no_call_has_more_offers_than_the_webstore_takes(make_front):
    front = make_front(exporting=Exporting(batch=2))
    for gtin in ("00012345678905", "04006381333948", "04006381333955"):
        front.add("물통", gtin, 1, 5_000)
    front.rule()
    front.export()

    assert [2, 2, 1] == [len(call) for call in front.webstore.calls]


# Prices


def test_prices_go_by_a_call_of_their_own_where_the_webstore_has_one(make_front):
    front = make_front(takes=frozenset({Capability.INVENTORY, Capability.PRICES}))
    front.rule()
    front.export()
    offer = front.webstore.shown[f"/{front.helmet}"]

    assert (10, won(50_000)) == (offer.quantity, offer.price)
    assert 2 == len(front.webstore.calls)


def test_where_stock_and_price_go_together_one_call_is_enough(make_front):
    front = make_front(exporting=Exporting(together=True))
    front.rule()
    front.export()
    offer = front.webstore.shown[f"/{front.helmet}"]

    assert (10, won(50_000)) == (offer.quantity, offer.price)
    assert 1 == len(front.webstore.calls)


# By hand


def test_everything_is_told_on_demand(front):
    front.export()
    front.export(everything=True)

    assert front.webstore.calls[0] == front.webstore.calls[1]


def test_a_dry_run_says_what_would_be_told_and_tells_nothing(front):
    front.export()
    front.count(front.pump, 4)
    result = front.export(dry_run=True)
    (due,) = front.engine.export_items("web")

    assert 1 == result.due
    assert (front.pump, 4, 5) == (due.product_id, due.wanted[0], due.shown[0])
    assert 1 == len(front.webstore.calls)


def test_a_dry_run_of_everything_counts_it_and_makes_nothing_due(front):
    front.export()
    result = front.export(everything=True, dry_run=True)

    assert 2 == result.due
    assert [] == front.engine.export_items("web")


def test_a_connection_that_is_not_exported_says_how_to_begin(make_front):
    front = make_front()

    with pytest.raises(NotAllowed, match="tillbridge export set"):
        front.engine.export("web")
    assert [] == front.engine.export()


@pytest.mark.row("S25")
def test_an_export_writes_nothing_into_the_webstores_orders(front):
    """Only stock goes out: no hook is called that could, and the order is byte for byte what it was."""
    front.buy("A1", line("1", gtin=HELMET))
    kept = front.webstore._orders["A1"].body
    called: list[str] = []
    front.webstore.before = called.append
    front.export()

    assert {"fetch_orders", "push_inventory"} == set(called)
    assert (kept, []) == (front.webstore._orders["A1"].body, front.webstore.told)
    assert [order("A1").id] == [one.webstore_id for one in front.engine.orders()]
