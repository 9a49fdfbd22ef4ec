"""Remove Duplicate In-Store Products by command: found, previewed, merged, healed and undone."""

from decimal import Decimal

import pytest

from orders import HELMET
from tillbridge.engine import Engine
from tillbridge.pos.embedded import EmbeddedPos, NewProduct


@pytest.fixture
def twice(shop, lately):
    """A shop whose helmet is there twice, P1 and P3, so that an order of it waits."""
    with Engine("sqlite:///tillbridge.db") as engine:
        assert isinstance(engine.pos, EmbeddedPos)
        engine.pos.add_product(NewProduct(description="Helmet", gtin=HELMET, on_hand={"seoul": Decimal(2)}))
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")
    return shop


@pytest.mark.row("S11")
def test_duplicates_are_shown_with_what_they_share_and_how_to_merge_them(twice):
    (found,) = twice("product", "duplicates", "--json").data

    assert ["P1", "P3"] == sorted(one["id"] for one in found["products"])
    assert [("gtin", HELMET, ["P1", "P3"])] == [
        (one["kind"], one["value"], one["products"]) for one in found["shared"]
    ]
    assert "tillbridge product merge P1 P3 --dry-run" in twice("product", "duplicates").text


@pytest.mark.row("S11")
def test_inventory_only_says_that_products_without_stock_compete_too(twice):
    assert "Leave it off for web orders" in twice("product", "duplicates", "--inventory-only").text
    assert "꺼 두세요" in twice("product", "duplicates", "--inventory-only", "--lang", "ko").text


@pytest.mark.row("S11")
def test_a_merge_is_previewed_and_then_heals_the_order_that_found_neither(twice):
    assert "Product Match Failed" == twice("order", "show", "A1", "--json").data["status"]
    assert (
        "Afterwards: 헬멧 (P1), on hand seoul 12" in twice("product", "merge", "P1", "P3", "--dry-run").text
    )
    assert "Product Match Failed" == twice("order", "show", "A1", "--json").data["status"]

    done = twice("product", "merge", "P1", "P3", "--reason", "두 번 등록됨", "--json").data

    assert ({"seoul": 12}, 1) == (done["on_hand"], done["healed"])
    assert "New" == twice("order", "show", "A1", "--json").data["status"]
    shown = twice("catalogue", "show", "P3", "--json").data
    assert ("P1", ["P3"], {"seoul": 11}) == (shown["id"], shown["aliases"], shown["on_hand"])
    assert 3 == twice("product", "unmerge", "P3").code
    assert "두 번 등록됨" in twice("product", "merges").text


@pytest.mark.row("S11")
def test_a_merge_is_undone_by_command(twice):
    twice("order", "status", "A1", "Rejected", "--reason", "품절")
    assert "P3 merged into P1." in twice("product", "merge", "P1", "P3").text

    assert {"kept": "P1", "healed": 0} == twice("product", "unmerge", "P3", "--json").data
    assert "(undone)" in twice("product", "merges").text
    assert 2 == twice("product", "unmerge", "P3").code


@pytest.mark.row("S11")
def test_products_that_share_nothing_are_not_merged_without_a_word(twice):
    assert 3 == twice("product", "merge", "P1", "P2").code
    assert 0 == twice("product", "merge", "P1", "P2", "--anyway").code
