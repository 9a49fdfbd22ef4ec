"""Numbers that spreadsheets have damaged (MISSION S24): recognised, told, and never a second product."""

import pytest

from pos.importing import counts, notes, reasons
from pos.till import HELMET_GTIN, PUMP_GTIN, dump, won
from tillbridge.pos.embedded.imports import import_products
from tillbridge.pos.embedded.imports.damage import damage_of, may_be_date, unwrapped

pytestmark = pytest.mark.row("S24")

HEADER = "vpn,upc,sku,description,price"
BELL = "A-1,8809101000016,,벨,100"


@pytest.fixture
def bring(shop, tmp_path):
    def bring(*lines, vendor="하나", header=HEADER, **more):
        path = tmp_path / "file.csv"
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return import_products(shop.pos, path, vendor=vendor, **more)

    return bring


def barcodes(shop, part):
    return [
        (one.kind.value, one.value)
        for one in shop.pos.catalogue(part).identifiers
        if one.kind.value.startswith("gtin")
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('="0123"', "0123"),
        ('="8809101000016"', "8809101000016"),
        ("=0123", "0123"),
        ("'0123", "0123"),
        ("8809101000016.0", "8809101000016"),
        ("8809101000016,00", "8809101000016"),
        ("HB-1", "HB-1"),
        ("2.0", "2.0"),
        ("1.05", "1.05"),
        ("'", "'"),
    ],
)
def test_what_spreadsheets_put_around_a_number_is_taken_off(written, meant):
    assert meant == unwrapped(written)


@pytest.mark.parametrize(
    ("field", "written", "words"),
    [
        ("gtin", "8.80123E+12", "it had 13 digits and began with about 880123"),
        ("gtin", "8,80123E+12", "it had 13 digits and began with about 880123"),
        ("vpn", "1E+05", "it had 6 digits and began with about 1"),
        ("vpn", "Mar-12", "a date that a spreadsheet has made of a number, probably 3-12 / MAR12"),
        ("vpn", "12-Mar", "probably 3-12 / 12-3 / MAR12"),
        ("vpn", "12-Mar-26", "probably 3-12 / 12-3 / MAR12"),
        ("vpn", "2026-03-12", "probably 3-12"),
        ("vpn", "2026-03-12 00:00:00", "probably 3-12"),
        ("vpn", "2026. 3. 12", "probably 3-12"),
        ("vpn", "03/12/2026", "a date that a spreadsheet has made of a number."),
        ("vpn", "3월 12일", "a date that a spreadsheet has made of a number."),
        ("vpn", "1234567890123450000", "ends in zeros that a spreadsheet has put"),
        ("gtin", "8801230000000", "ends in zeros that a spreadsheet has put"),
        ("sku", "#N/A", "is an error of a spreadsheet's formula"),
        ("sku", "########", "is an error of a spreadsheet's formula"),
    ],
)
def test_a_number_that_is_lost_is_recognised(field, written, words):
    found = damage_of(field, written)

    assert found
    assert words in found.words.en
    assert "Format the column as text" in found.words.en
    assert "텍스트 서식" in found.words.ko


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("vpn", "12E3"),
        ("vpn", "1E5"),
        ("vpn", "MARCH-12"),
        ("vpn", "12-03"),
        ("vpn", "2026-03"),
        ("vpn", "HB-1"),
        ("vpn", "100000000"),
        ("gtin", "8809101000016"),
        ("gtin", "000000000000"),
        ("gtin", "8809001000000"),
        ("sku", "#12"),
        ("vpn", "1234567890123456"),
    ],
)
def test_a_number_that_only_looks_so_is_none(field, written):
    assert damage_of(field, written) is None


def test_a_month_and_a_day_may_be_a_part_number():
    assert [True, False, False] == [may_be_date(text) for text in ("12-03", "13-03", "1-3")]


def test_a_shortened_barcode_leaves_the_old_one_and_the_rest_is_taken(shop, bring):
    bring(BELL)
    report = bring("A-1,8.80910E+12,,벨,200")

    assert (0, 1, 0, 0) == counts(report)
    assert won(200) == shop.pos.catalogue("A-1").price
    assert [("gtin", "08809101000016")] == barcodes(shop, "A-1")
    ((line, field, words),) = notes(report)
    assert (2, "upc") == (line, field)
    assert words.startswith("'8.80910E+12' is a number that a spreadsheet has shortened, and digits are lost")
    assert "The rest of the line was taken for 벨" in words


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("Z-1,8.80910E+12,,벨,200", "upc"),
        ("Mar-12,8809101000023,,벨,200", "vpn"),
        ("1234567890123450000,8809101000023,,벨,200", "vpn"),
        ("#N/A,8809101000023,,벨,200", "vpn"),
        ("Mar-12,,,벨,200", "vpn"),
    ],
)
def test_a_line_with_a_lost_number_adds_no_product(bring, pos_database, line, field):
    """It may be about one that is there already."""
    before = dump(pos_database)
    report = bring(line)

    assert (0, 0, 0, 1) == counts(report)
    assert [(2, field)] == [one[:2] for one in reasons(report)]
    assert before | {"pos_vendors": 0} == dump(pos_database) | {"pos_vendors": 0}


@pytest.mark.parametrize("number", ["Mar-12", "1E+05", "#N/A"])
def test_a_lost_part_number_is_led_by_the_barcode(shop, bring, number):
    bring(BELL)
    report = bring(f"{number},8809101000016,,벨,200")

    assert ((0, 1, 0, 0), won(200)) == (counts(report), shop.pos.catalogue("A-1").price)
    assert ["vpn"] == [one[1] for one in notes(report)]
    assert shop.pos.catalogue(number) is None


def test_a_lost_part_number_is_led_by_the_sku(shop, bring):
    bring("A-1,,S-1,벨,100")

    assert (0, 1, 0, 0) == counts(bring("Mar-12,,S-1,벨,200"))


def test_a_lost_maker_number_is_left_out(shop, bring):
    report = bring("A-1,벨,Mar-12", header="vpn,description,mpn")

    assert (1, 0, 0, 0) == counts(report)
    assert ["vpn"] == [one.kind.value for one in shop.pos.catalogue("A-1").identifiers]
    assert ["mpn"] == [one[1] for one in notes(report)]


def test_a_part_number_that_may_be_a_date_is_noted_where_it_is_new(bring):
    report, again = bring("12-03,,,벨,100"), bring("12-03,,,벨,100")

    assert ((1, 0, 0, 0), True) == (counts(report), "'12-03' may be a date" in notes(report)[0][2])
    assert ((0, 0, 1, 0), []) == (counts(again), notes(again))


def test_a_number_in_wrapping_is_read_and_noted(shop, bring):
    report = bring('"=""0123""",8809101000016.0,,벨,100')

    assert (1, 0, 0, 0) == counts(report)
    assert shop.pos.catalogue("0123").id == shop.pos.catalogue("8809101000016").id
    assert ["upc", "vpn"] == [one[1] for one in notes(report)]
    assert "it is read as 8809101000016." in notes(report)[0][2]


@pytest.mark.parametrize(
    ("damaged", "why"),
    [("72760225917", "check digit lost"), ("0727602259178", "whole"), ("727602259178.0", "whole")],
)
def test_a_damaged_barcode_that_leads_to_one_product_is_that_product(shop, bring, damaged, why):
    """And it says so."""
    report = bring(f"Z-1,{damaged},,펌프,100")

    assert (0, 1, 0, 0) == counts(report), why
    assert shop.pump == shop.pos.catalogue("Z-1").id
    if why != "whole":
        assert f"00{PUMP_GTIN} is meant, as it leads to 펌프 (P2) alone" in " ".join(
            one[2] for one in notes(report)
        )


def test_a_lost_zero_that_leads_to_one_product_is_that_product(shop, bring):
    bring("A-1,073185000011,,자물쇠,100", vendor="노스")

    assert (0, 1, 0, 0) == counts(bring("B-1,73185000011,,자물쇠,100"))
    assert shop.pos.catalogue("A-1").id == shop.pos.catalogue("B-1").id


def test_a_damaged_barcode_that_leads_to_two_products_leads_to_none(shop, bring):
    """It lacks its first zero, or its check digit: both are on the shelf."""
    bring("A-1,073185000011,,자물쇠,100", "A-2,731850000116,,다른 것,100", vendor="노스")
    report = bring("B-1,73185000011,,자물쇠,100")

    assert (0, 0, 0, 1) == counts(report)
    assert "lead to different products: 자물쇠" in reasons(report)[0][2]


def test_a_part_number_that_comes_later_goes_to_the_product_of_the_same_damaged_barcode(shop, bring):
    """The same damage of the same vendor is no guess; another vendor's is one."""
    bring(",73185000011,,자물쇠,100")

    assert (0, 1, 0, 0) == counts(bring("A-1,73185000011,,자물쇠,100"))
    assert (1, 0, 0, 0) == counts(bring("B-1,73185000011,,다른 것,100", vendor="둘"))


def test_a_damaged_barcode_does_not_replace_the_whole_one_that_it_may_be(shop, bring, pos_database):
    bring("A-1,073185000011,,자물쇠,100")
    before = dump(pos_database)

    assert (0, 0, 1, 0) == counts(bring("A-1,73185000011,,자물쇠,100"))
    assert before == dump(pos_database)


def test_a_part_number_without_its_zeros_adds_no_second_product(bring):
    bring("00123,,,벨,100")
    report = bring("123,,,벨,200")

    assert (0, 0, 0, 1) == counts(report)
    ((_, field, words),) = reasons(report)
    assert field == "vpn"
    assert words.startswith("123 is new, but 벨 has the part number 00123, which is not in this file")


def test_a_part_number_beside_the_one_with_zeros_is_another(bring):
    bring("00123,,,벨,100")

    assert (1, 0, 1, 0) == counts(bring("00123,,,벨,100", "123,,,종,200"))


def test_zeros_of_another_vendor_are_no_matter(bring):
    bring("00123,,,벨,100", vendor="둘")

    assert (1, 0, 0, 0) == counts(bring("123,,,종,200"))


# An SKU in the place of the part number

SKU_HEADER = "sku,upc,description,price"
OLD, NEW = "8809101000450", "8809101000467"


@pytest.fixture
def bring_skus(bring):
    def bring_skus(*lines, **more):
        return bring(*lines, header=SKU_HEADER, **more)

    return bring_skus


def test_a_corrected_barcode_moves_to_the_product_of_its_sku(shop, bring_skus):
    """It once made a second product."""
    bring_skus(f"S-1,{OLD},벨,100")
    report = bring_skus(f"S-1,{NEW},벨,100")

    assert (0, 1, 0, 0) == counts(report)
    assert [("gtin", f"0{NEW}")] == barcodes(shop, "S-1")
    assert shop.pos.catalogue(OLD) is None


def test_two_skus_may_swap_their_barcodes(shop, bring_skus):
    bring_skus(f"S-1,{OLD},벨,100", f"S-2,{NEW},종,100")

    assert (0, 2, 0, 0) == counts(bring_skus(f"S-1,{NEW},벨,100", f"S-2,{OLD},종,100"))
    assert [("gtin", f"0{NEW}")] == barcodes(shop, "S-1")


def test_a_barcode_that_is_added_later_goes_to_the_product_of_its_sku(shop, bring_skus):
    bring_skus("S-1,,벨,100")

    assert (0, 1, 0, 0) == counts(bring_skus(f"S-1,{OLD},벨,100"))
    assert shop.pos.catalogue(OLD).id == shop.pos.catalogue("S-1").id


def test_an_sku_never_decides_against_a_barcode(bring_skus):
    bring_skus(f"S-1,{OLD},벨,100", f"S-2,{NEW},종,100")
    report = bring_skus(f"S-1,{NEW},벨,100")

    assert (0, 0, 0, 1) == counts(report)
    assert "lead to different products" in reasons(report)[0][2]


def test_an_sku_of_several_lines_is_a_model_and_tells_no_product(bring_skus):
    """Each size has its own barcode."""
    sizes = (f"M-1,{OLD},헬멧 S,100", f"M-1,{NEW},헬멧 M,100")
    bring_skus(sizes[0])

    assert (1, 0, 1, 0) == counts(bring_skus(*sizes))
    assert (0, 0, 2, 0) == counts(bring_skus(*sizes))


def test_another_vendors_sku_tells_nothing(bring_skus):
    bring_skus(f"S-1,{OLD},벨,100")

    assert (1, 0, 0, 0) == counts(bring_skus(f"S-1,{NEW},종,100", vendor="둘"))


def test_the_shops_own_product_keeps_its_barcode(shop, bring_skus):
    assert (0, 1, 0, 0) == counts(bring_skus(f"S-1,{HELMET_GTIN},헬멧,100"))
    assert [("gtin", f"0{HELMET_GTIN}")] == barcodes(shop, HELMET_GTIN)
