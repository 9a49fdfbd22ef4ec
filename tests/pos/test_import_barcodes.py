"""A vendor's file that corrects barcodes (MISSION S24): none may stay where it would sell another product."""

import pytest

from pos.till import dump
from tillbridge.pos.embedded.imports import import_products

pytestmark = pytest.mark.row("S24")

HEADER = "vpn,upc,description"
OLD, NEW, THIRD = "8809101000450", "8809101000467", "8809101000474"
FIRST = f"P-1,{OLD},one"
CORRECTED, MOVED = f"P-1,{NEW},one", f"P-2,{OLD},two"


@pytest.fixture
def bring(shop, tmp_path):
    def bring(*lines, vendor="하나", **more):
        path = tmp_path / "file.csv"
        path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
        return import_products(shop.pos, path, vendor=vendor, **more)

    return bring


@pytest.fixture
def one_a_chunk(monkeypatch):
    monkeypatch.setattr("tillbridge.pos.embedded.imports.running._CHUNK", 1)


def counts(report):
    return report.added, report.updated, report.unchanged, len(report.refused)


def barcodes(shop, part):
    found = shop.pos.catalogue(part).identifiers
    return [(one.kind.value, one.value[1:]) for one in found if one.kind.value.startswith("gtin")]


def same_dry(bring, *lines):
    """Import the lines twice, first without committing, which has to report the same."""
    dry = bring(*lines, dry_run=True)
    real = bring(*lines)
    dry.dry_run = False
    assert dry == real
    return real


@pytest.mark.parametrize("lines", [(CORRECTED, MOVED), (MOVED, CORRECTED)])
def test_a_corrected_barcode_is_free_for_the_product_it_belongs_to(shop, bring, lines):
    """Whatever the order of the lines."""
    bring(FIRST)

    assert (1, 1, 0, 0) == counts(same_dry(bring, *lines))
    assert [("gtin", NEW)] == barcodes(shop, "P-1")
    assert ("two", [("gtin", OLD)]) == (shop.pos.catalogue("P-2").description, barcodes(shop, "P-2"))


def test_a_corrected_barcode_is_free_in_later_chunks(shop, bring, one_a_chunk):
    bring(FIRST)

    assert (1, 1, 0, 0) == counts(same_dry(bring, CORRECTED, MOVED))
    assert [("gtin", OLD)] == barcodes(shop, "P-2")


def test_a_barcode_that_a_later_chunk_frees_waits_for_the_next_import(shop, bring, one_a_chunk):
    """The line does not take over the product whose own line is still to come."""
    bring(FIRST)
    report = same_dry(bring, MOVED, CORRECTED)

    assert (0, 1, 0, 1) == counts(report)
    assert "still a number of P-1, which has a line of its own (3)" in report.refused[0].reason.en
    assert (1, 0, 1, 0) == counts(same_dry(bring, MOVED, CORRECTED))
    assert [[("gtin", NEW)], [("gtin", OLD)]] == [barcodes(shop, part) for part in ("P-1", "P-2")]


def test_two_products_may_swap_their_barcodes(shop, bring):
    bring(FIRST, f"P-2,{NEW},two")

    assert (0, 2, 0, 0) == counts(same_dry(bring, CORRECTED, MOVED))
    assert [[("gtin", NEW)], [("gtin", OLD)]] == [barcodes(shop, part) for part in ("P-1", "P-2")]


def test_a_line_that_is_refused_frees_no_barcode(shop, bring):
    """What counted on it is refused as well, saying for what it waits."""
    bring(FIRST, f"P-3,{THIRD},three")
    report = same_dry(bring, MOVED, f"P-1,{THIRD},one")

    assert (0, 0, 0, 2) == counts(report)
    assert ["still a number of P-1" in one.reason.en for one in report.refused] == [True, False]
    assert [("gtin", OLD)] == barcodes(shop, "P-1")


def test_a_line_without_barcode_keeps_the_old_one(shop, bring):
    bring(FIRST)
    bring("P-1,,one")

    assert [("gtin", OLD)] == barcodes(shop, "P-1")


def test_a_whole_barcode_replaces_what_a_damaged_one_may_have_meant(shop, bring):
    bring("P-1,60528457453,lock")
    assert [("gtin_repaired", "0605284574539")] == barcodes(shop, "P-1")
    bring("P-1,605284574539,lock")

    assert [("gtin", "0605284574539")] == barcodes(shop, "P-1")


def test_a_barcode_that_brought_another_vendors_item_is_not_replaced(shop, bring, pos_database):
    """Which of the two vendors is wrong cannot be told."""
    bring(FIRST)
    bring(f"W-1,{OLD},other", vendor="둘")
    before = dump(pos_database)
    report = same_dry(bring, CORRECTED)

    assert (0, 0, 0, 1) == counts(report)
    assert all(name in report.refused[0].reason.en for name in ("하나", "둘"))
    assert before == dump(pos_database)


def test_a_new_part_number_with_the_same_barcode_is_the_same_product(shop, bring):
    """Unless the old part number has a line of its own in the file."""
    bring(FIRST)

    assert (0, 1, 0, 0) == counts(bring(f"P-9,{OLD},one"))
    assert shop.pos.catalogue("P-1").id == shop.pos.catalogue("P-9").id


def test_a_part_with_a_line_of_its_own_keeps_its_product(shop, bring):
    bring(FIRST)

    assert (0, 0, 1, 1) == counts(same_dry(bring, MOVED, "P-1,,one"))
    assert "one" == shop.pos.catalogue("P-1").description
