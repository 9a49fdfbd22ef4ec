"""Remove Duplicate In-Store Products: find, preview, merge with nothing lost, and undo."""

from decimal import Decimal

import pytest

from pos.till import JEJU, MAPO, START, attempt, make_shop
from tillbridge.model.errors import InputError, NotAllowed, NotFound
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.pos.cards import NewProduct, ProductQuery
from tillbridge.pos.contract import Opened, ProductKey
from tillbridge.pos.embedded import EmbeddedPos
from tillbridge.pos.embedded.merging import MergeOrder
from tillbridge.testing.clock import FrozenClock

GTIN = "4006381333931"
OTHER_GTIN = "727602259178"


@pytest.fixture
def pos(pos_database):
    """An empty catalogue of two stores."""
    pos = EmbeddedPos(pos_database, FrozenClock(START))
    pos.add_store(MAPO)
    pos.add_store(JEJU)
    return pos


@pytest.fixture
def twice(pos):
    """A helmet that is there twice (P1 and P2), and a pump (P3)."""
    pos.add_product(
        NewProduct(description="헬멧", gtin=GTIN, vpns={"하나": "H-1"}, on_hand={"MAPO": Decimal(3)})
    )
    pos.add_product(
        NewProduct(
            description="Helmet",
            gtin=GTIN,
            sku="OLD-7",
            on_hand={"MAPO": Decimal(2), "JEJU": Decimal("1.5")},
        )
    )
    pos.add_product(NewProduct(description="펌프", gtin=OTHER_GTIN))
    return pos


def order(kept: str = "P1", *merged: str, **more) -> MergeOrder:
    return MergeOrder(kept=kept, merged=merged or ("P2",), **{"who": "지은", **more})


def on_hand(pos: EmbeddedPos, product_id: str) -> dict[str, Decimal]:
    found = pos.catalogue(product_id)
    assert found is not None
    return dict(found.on_hand)


def known(pos: EmbeddedPos, product_id: str) -> tuple[object, ...]:
    """What a product is: its ID, its numbers, and what there is of it."""
    found = pos.catalogue(product_id)
    assert found is not None
    stock = {store: pieces for store, pieces in found.on_hand.items() if pieces}
    return found.id, [(one.kind, one.value, one.scope, one.raw) for one in found.identifiers], stock


def hits(pos: EmbeddedPos, gtin: str = GTIN) -> list[str]:
    key = ProductKey(IdentifierKind.GTIN, f"{gtin:0>14}")
    return [hit.product_id for hit in pos.find_products([key]).get(key, ())]


@pytest.mark.row("S11")
def test_products_that_share_a_number_are_found_together(twice):
    (found,) = twice.duplicates()

    assert ["P1", "P2"] == sorted(card.id for card in found.products)
    assert [(IdentifierKind.GTIN, "04006381333931")] == [(one.kind, one.value) for one in found.shared]
    assert () == found.doubts


@pytest.mark.row("S11")
def test_products_without_stock_compete_too_unless_they_are_left_out(pos):
    pos.add_product(NewProduct(description="헬멧", gtin=GTIN, on_hand={"MAPO": Decimal(3)}))
    pos.add_product(NewProduct(description="Helmet", gtin=GTIN))

    assert 1 == len(pos.duplicates())
    assert [] == pos.duplicates(inventory_only=True)


@pytest.mark.row("S11")
def test_products_are_one_group_through_what_lies_between_them(pos):
    pos.add_product(NewProduct(description="a", gtin=GTIN))
    pos.add_product(NewProduct(description="b", gtin=GTIN, vpns={"하나": "H-1"}))
    pos.add_product(NewProduct(description="c", vpns={"하나": "H-1"}))
    pos.add_product(NewProduct(description="d", vpns={"두리": "H-1"}))

    (found,) = pos.duplicates()

    assert ["P1", "P2", "P3"] == sorted(card.id for card in found.products)


@pytest.mark.row("S11")
def test_variants_of_a_model_are_doubted_and_not_merged_unless_it_is_said(pos):
    pos.add_product(NewProduct(description="헬멧 L", gtin=GTIN, mpn="R1", brand="HB"))
    pos.add_product(NewProduct(description="헬멧 M", gtin=OTHER_GTIN, mpn="R1", brand="HB"))

    (found,) = pos.duplicates()

    assert "sizes or colours" in found.doubts[0].en
    with pytest.raises(NotAllowed, match="sizes or colours"):
        pos.merge(order())
    pos.merge(order(anyway=True))
    assert ["P1"] == hits(pos, OTHER_GTIN)


@pytest.mark.row("S11")
def test_a_merge_is_shown_before_it_is_done(twice):
    seen = twice.preview_merge("P1", ["P2"])

    assert {"MAPO": Decimal(5), "JEJU": Decimal("1.5")} == seen.on_hand
    assert (GTIN, "H-1", "OLD-7") == seen.numbers
    assert ["P1", "P2"] == hits(twice)


@pytest.mark.row("S11")
def test_a_merge_moves_stock_and_numbers_and_keeps_history(twice):
    twice.merge(order(reason="두 번 등록됨"))

    assert {"MAPO": Decimal(5), "JEJU": Decimal("1.5")} == on_hand(twice, "P1")
    assert ["P1"] == hits(twice)
    assert [] == twice.duplicates()
    assert [(2, "opening"), (Decimal("1.5"), "opening"), (Decimal("-1.5"), "merged"), (-2, "merged")] == [
        (one.quantity, one.reason) for one in twice.stock_movements("P2")
    ]
    (made,) = twice.merges()
    assert ("P1", "P2", "지은", "두 번 등록됨") == (made.kept, made.merged, made.who, made.reason)


@pytest.mark.row("S11")
def test_the_merged_product_stays_as_an_alias(twice):
    twice.merge(order())

    found = twice.catalogue("P2")
    assert ("P1", ["P2"]) == (found.id, list(found.aliases))
    assert "P1" == twice.product_cards(["P2"])["P2"].id
    assert ["P1"] == [one.card.id for one in twice.search_products(ProductQuery.of("P2"))]
    assert [] == twice.search_products(ProductQuery(words="Helmet"))


@pytest.mark.row("S11")
def test_a_sale_that_names_the_alias_takes_the_stock_of_the_kept_product(pos_database):
    shop = make_shop(pos_database)
    shop.pos.merge(order(shop.helmet, shop.pump, anyway=True))
    before = on_hand(shop.pos, shop.helmet)

    draft = shop.draft(items=(shop.item(product=shop.pump),))
    assert isinstance(shop.pos.open_sales([draft])[attempt()], Opened)

    assert before["MAPO"] - 1 == on_hand(shop.pos, shop.helmet)["MAPO"]


@pytest.mark.row("S11")
def test_a_merge_is_undone_while_nothing_moved(twice):
    before = [known(twice, product) for product in ("P1", "P2")]
    twice.merge(order())

    assert "P1" == twice.unmerge("P2", "민지")

    assert before == [known(twice, product) for product in ("P1", "P2")]
    assert twice.merges()[0].undone_at is not None
    assert ["P1", "P2"] == hits(twice)


@pytest.mark.row("S11")
def test_a_merge_is_not_undone_once_stock_has_moved(pos_database):
    shop = make_shop(pos_database)
    shop.pos.merge(order(shop.helmet, shop.pump, anyway=True))
    shop.pos.open_sales([shop.draft()])

    with pytest.raises(NotAllowed, match="Stock has moved"):
        shop.pos.unmerge(shop.pump, "지은")


@pytest.mark.row("S11")
def test_a_later_merge_is_undone_first(twice):
    twice.merge(order("P1", "P2"))
    twice.merge(order("P3", "P1", anyway=True))
    assert "P3" == twice.catalogue("P2").id

    with pytest.raises(NotAllowed, match="P1 was merged later"):
        twice.unmerge("P2", "지은")
    twice.unmerge("P1", "지은")
    assert "P1" == twice.catalogue("P2").id
    twice.unmerge("P2", "지은")

    assert {"MAPO": Decimal(3), "JEJU": Decimal(0)} == on_hand(twice, "P1")
    assert {"MAPO": Decimal(2), "JEJU": Decimal("1.5")} == on_hand(twice, "P2")


def test_what_cannot_be_merged_is_said(twice):
    twice.merge(order())

    with pytest.raises(NotFound, match="no product P2 to merge"):
        twice.merge(order("P3", "P2"))
    with pytest.raises(NotFound, match="no product P99"):
        twice.merge(order("P3", "P99"))
    with pytest.raises(InputError, match="product to keep"):
        twice.merge(order("P3", "P3"))
    with pytest.raises(NotFound, match="P3 was not merged"):
        twice.unmerge("P3", "지은")
    with pytest.raises(NotAllowed, match="do not all share a number"):
        twice.merge(order("P1", "P3"))
