"""By which numbers a webstore is told of a product, also when they change or are another's too."""

import pytest

from orders import HELMET, line, won
from tillbridge.model.errors import NotAllowed, Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.offers import Exporting
from tillbridge.model.words import Words
from tillbridge.pos.embedded.merging import MergeOrder
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
OTHER = "00012345678905"
THIRD = "04006381333955"
GONE = Receipt(Outcome.REFUSED, Words("No such item.", "없는 제품입니다."))
WHOLE = {"takes": frozenset({Capability.SNAPSHOT})}


@pytest.fixture(params=[{}, WHOLE], ids=["changes", "whole"])
def any_front(request, make_front):
    front = make_front(**request.param)
    front.rule()
    return front


def renumber(front, product, gtin):
    """The product's numbers are corrected: it has this barcode and no other."""
    front.number(product, None)
    front.number(product, IdentifierKind.GTIN, gtin)


def barcodes(offer):
    return [one.value for one in offer.identifiers]


# Two products of one barcode


def test_two_products_of_one_barcode_are_both_held(any_front):
    front = any_front
    twin = front.add("헬멧 2", HELMET, 3, 48_000)
    result = front.export()
    held = {one.product_id: one.why.en for one in front.engine.export_items("web", "held")}

    assert [f"/{front.pump}"] == list(front.webstore.shown)
    assert (2, {front.helmet, twin}) == (result.held, set(held))
    assert f"{HELMET} is also that of {twin}" in held[front.helmet]
    assert "Remove Duplicate In-Store Products" in held[twin]


def test_a_product_that_is_shown_already_is_told_no_more_pieces_while_another_has_its_barcode(any_front):
    front = any_front
    front.export()
    front.add("헬멧 2", HELMET, 3, 48_000)
    front.count(front.helmet, 12)
    front.export()
    assert 10 == front.pieces(front.helmet)

    front.count(front.helmet, 0)
    front.export()
    assert 0 == front.pieces(front.helmet)


def test_of_two_products_of_one_barcode_the_one_that_is_left_is_told(any_front):
    front = any_front
    twin = front.add("헬멧 2", HELMET, 3, 48_000)
    front.export()
    front.pos.set_ecommerce(twin, on=False)
    front.export()

    assert 10 == front.pieces(front.helmet)
    assert [] == front.engine.export_items("web", "held")


def test_two_products_of_one_barcode_that_were_merged_are_told_as_one(any_front):
    front = any_front
    twin = front.add("헬멧 2", HELMET, 3, 48_000)
    front.export()
    front.pos.merge(MergeOrder(kept=front.helmet, merged=(twin,), who="지은", reason="중복"))
    front.export()

    assert 13 == front.pieces(front.helmet)


def test_a_shared_barcode_cannot_be_released(front):
    twin = front.add("헬멧 2", HELMET, 3, 48_000)
    front.export()

    assert 0 == front.engine.release_export("web")
    with pytest.raises(NotAllowed, match="Remove Duplicate"):
        front.engine.release_export("web", [twin])


def test_a_product_whose_stock_nobody_knows_holds_no_other(front):
    front.add("헬멧 2", HELMET, None, 48_000)
    front.export()

    assert 10 == front.pieces(front.helmet)


def test_two_vendors_may_use_one_part_number(front):
    for gtin, vendor in ((OTHER, "하나"), (THIRD, "두리")):
        front.add("물통", gtin, 1, 5_000, vpns={vendor: "A-100"})
    result = front.export()

    assert (0, 4) == (result.held, len(front.webstore.shown))


def test_a_file_never_lists_one_barcode_twice(make_front):
    """The helmet was shown by its barcode, and has another one now that the bottle has too."""
    front = make_front(**WHOLE)
    front.rule()
    bottle = front.add("물통", OTHER, 2, 5_000)
    front.export()
    renumber(front, front.helmet, OTHER)
    renumber(front, front.pump, HELMET)
    front.export()

    listed = [value for offer in front.webstore.shown.values() if offer.quantity for value in barcodes(offer)]
    assert sorted([HELMET, OTHER]) == sorted(listed)
    assert 5 == front.pieces(front.pump)
    assert [OTHER] == barcodes(front.webstore.shown[f"/{bottle}"])


# A number that is corrected


def test_a_corrected_barcode_is_told_although_stock_and_price_are_as_they_were(front):
    front.export()
    renumber(front, front.helmet, OTHER)
    front.export()
    offer = front.webstore.shown[f"/{front.helmet}"]

    assert (10, [OTHER]) == (offer.quantity, barcodes(offer))


def test_the_barcode_that_was_corrected_is_told_as_gone_first(front):
    front.export()
    renumber(front, front.helmet, OTHER)
    front.export()
    gone = front.webstore.shown[f"/{front.helmet}/gone"]

    assert (0, [HELMET]) == (gone.quantity, barcodes(gone))
    assert [[f"/{front.helmet}/gone"], [f"/{front.helmet}"]] == front.webstore.calls[-2:]


def test_a_barcode_that_the_webstore_refused_is_not_told_as_gone(front):
    """It was wrong, so the webstore never knew the product by it."""
    front.webstore.answer = lambda offer: GONE if HELMET in barcodes(offer) else Receipt(Outcome.ACCEPTED)
    front.export()
    renumber(front, front.helmet, OTHER)
    front.export()

    assert f"/{front.helmet}/gone" not in [key for call in front.webstore.calls for key in call]
    assert 10 == front.pieces(front.helmet)


def test_an_old_barcode_that_another_product_has_now_is_not_gone(front):
    front.export()
    renumber(front, front.helmet, OTHER)
    front.number(front.pump, IdentifierKind.GTIN, HELMET)
    front.export()

    assert f"/{front.helmet}/gone" not in front.webstore.shown


def test_one_of_two_barcodes_that_is_taken_away_leaves_the_item_as_it_is(front):
    """By the other one the webstore finds the same item."""
    front.number(front.helmet, IdentifierKind.GTIN, OTHER)
    front.export()
    renumber(front, front.helmet, HELMET)
    front.export()

    assert [f"/{front.helmet}"] == front.webstore.calls[-1]
    assert (10, [HELMET]) == (front.pieces(front.helmet), barcodes(front.webstore.shown[f"/{front.helmet}"]))


def test_that_the_webstore_never_heard_of_the_old_barcode_stops_nothing(front):
    front.export()
    renumber(front, front.helmet, OTHER)
    front.webstore.answer = lambda offer: GONE if offer.key.endswith("/gone") else Receipt(Outcome.ACCEPTED)
    front.export()

    assert [OTHER] == barcodes(front.webstore.shown[f"/{front.helmet}"])
    assert [] == front.engine.export_items("web", "refused")


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, None])
def test_the_old_barcode_is_told_as_gone_until_it_was_heard(front, outcome):
    front.export()
    renumber(front, front.helmet, OTHER)

    def answer(offer):
        if not offer.key.endswith("/gone"):
            return Receipt(Outcome.ACCEPTED)
        if outcome is None:
            raise Retryable("away")
        return Receipt(outcome)

    front.webstore.answer = answer
    front.engine.export("web")
    assert [HELMET] == barcodes(front.webstore.shown[f"/{front.helmet}"])

    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.export()
    assert 0 == front.webstore.shown[f"/{front.helmet}/gone"].quantity
    assert [OTHER] == barcodes(front.webstore.shown[f"/{front.helmet}"])


def test_prices_are_told_by_the_corrected_number_too(make_front):
    front = make_front(takes=frozenset({Capability.INVENTORY, Capability.PRICES}))
    front.rule()
    front.export()
    renumber(front, front.helmet, OTHER)
    front.export()

    assert [[f"/{front.helmet}/gone"], [f"/{front.helmet}"], [f"/{front.helmet}"]] == front.webstore.calls[
        -3:
    ]
    assert won(50_000) == front.webstore.shown[f"/{front.helmet}"].price


def test_no_call_is_longer_for_numbers_that_are_gone(make_front):
    front = make_front(exporting=Exporting(batch=1))
    front.rule()
    front.export()
    renumber(front, front.helmet, OTHER)
    renumber(front, front.pump, THIRD)
    front.export()

    assert {1} == {len(call) for call in front.webstore.calls}


# What was reserved before a merge


def merged_with_a_waiting_order(front):
    twin = front.add("헬멧 2", OTHER, 4, 50_000)
    front.buy("A1", line("1", gtin=OTHER), line("2", gtin="04006381333948"))
    front.export()
    assert 3 == front.pieces(twin)
    front.pos.merge(MergeOrder(kept=front.helmet, merged=(twin,), who="지은", reason="중복", anyway=True))
    return twin


def test_what_waits_for_a_merged_product_is_kept_back_of_the_one_that_it_became(front):
    merged_with_a_waiting_order(front)
    front.export()

    assert 13 == front.pieces(front.helmet)


def test_a_merge_that_is_undone_gives_what_waits_back_to_its_product(front):
    twin = merged_with_a_waiting_order(front)
    front.export()
    front.pos.unmerge(twin, "지은")
    front.export()

    assert (10, 3) == (front.pieces(front.helmet), front.pieces(twin))


def test_what_was_merged_twice_is_kept_back_of_the_last(front):
    merged_with_a_waiting_order(front)
    front.export()
    front.pos.merge(
        MergeOrder(kept=front.pump, merged=(front.helmet,), who="지은", reason="중복", anyway=True)
    )
    front.export()

    assert 5 + 14 - 1 == front.pieces(front.pump)


def test_a_merged_product_that_a_store_never_had_is_an_alias_there_too(front):
    """Its stock was never counted, so the shop's shelf knew nothing of it."""
    twin = front.add("헬멧 2", OTHER, None, 50_000)
    front.buy("A1", line("1", gtin=OTHER), line("2", gtin="04006381333948"))
    front.export()
    front.pos.merge(MergeOrder(kept=front.helmet, merged=(twin,), who="지은", reason="중복", anyway=True))
    front.export()

    assert 9 == front.pieces(front.helmet)
