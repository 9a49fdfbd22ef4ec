"""Importing a vendor's product file (MISSION S24)."""

import csv
from decimal import Decimal

import pytest

from pos.till import HELMET_GTIN, attempt, dump, statements, won
from tillbridge.model.errors import InputError
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import Money
from tillbridge.model.stores import Store
from tillbridge.pos.contract import ProductKey
from tillbridge.pos.embedded import NewProduct
from tillbridge.pos.embedded.imports import FileOptions, import_products
from tillbridge.pos.embedded.imports.reading.table import Stage

pytestmark = pytest.mark.row("S24")

HEADER = "vpn,upc,description,brand,price,cost,stock"
CHAIN = "DB-CH-01,8809417000014,체인 9단,두바퀴,24000,14900,10"
TYRE = "DR-RD-01A,8809633000010,로드 타이어,대륙,46000,28500,5"


@pytest.fixture
def bring(shop, tmp_path):
    """Import these lines as a vendor's file into the store MAPO."""

    def bring(*lines, vendor="두바퀴부품", name="file.csv", encoding="utf-8", end="\n", **more):
        path = tmp_path / name
        path.write_bytes((end.join(lines) + end).encode(encoding))
        return import_products(shop.pos, path, vendor=vendor, **{"store": "MAPO", **more})

    return bring


def counts(report):
    return report.added, report.updated, report.unchanged, len(report.refused)


def kinds(product):
    return [(one.kind.value, one.value) for one in product.identifiers]


def test_a_file_brings_products_with_their_numbers_prices_and_opening_stock(shop, bring):
    report = bring(HEADER, CHAIN, TYRE)
    chain = shop.pos.catalogue("8809417000014")

    assert (2, 0, 0, 0) == counts(report)
    assert ("체인 9단", "두바퀴", won(24_000), "두바퀴부품") == (
        chain.description,
        chain.brand,
        chain.price,
        chain.vendor,
    )
    assert {"MAPO": Decimal(10)} == chain.on_hand
    assert [("gtin", "08809417000014"), ("vpn", "dbch01")] == kinds(chain)


def test_a_file_says_of_what_category_a_product_is_and_whether_webstores_may_show_it(shop, bring):
    bring("vpn,description,category,ecommerce,stock", "A-1,체인,부품,no,3", "A-2,벨,소품,yes,2")
    shown = {one.description: (one.category, one.published) for one in shop.pos.shelf_changed(None).items}

    assert {"체인": ("부품", False), "벨": ("소품", True)}.items() <= shown.items()


def test_a_flag_that_is_neither_yes_nor_no_is_noted_and_refuses_no_product(bring):
    report = bring("vpn,description,ecommerce", "A-1,체인,maybe")

    assert (1, 0, 0, 0) == counts(report)
    assert [("ecommerce", "maybe")] == [(note.field, note.value) for note in report.notes]


@pytest.mark.parametrize("title", ["sold", "web", "online", "판매중", "사용"])
def test_titles_that_files_use_for_something_else_are_no_flags(shop, bring, title):
    """How many were sold, or where a product stands in the web."""
    report = bring(f"vpn,description,stock,{title}", "A-1,체인,3,12", options=FileOptions())
    published = {one.description: one.published for one in shop.pos.shelf_changed(None).items}

    assert (1, 0, 0, 0) == counts(report)
    assert published["체인"]


def test_a_second_import_of_the_same_file_changes_nothing(bring, pos_database):
    """Not a row of the whole database."""
    bring(HEADER, CHAIN, TYRE)
    before = dump(pos_database)
    report = bring(HEADER, CHAIN, TYRE)

    assert (0, 0, 2, 0) == counts(report)
    assert before == dump(pos_database)


def test_a_second_import_never_resets_stock(shop, bring):
    """What was sold since stays sold, also if the file has another number now."""
    bring(HEADER, CHAIN)
    shop.opened(shop.draft(attempt(), shop.item(shop.pos.catalogue("DB-CH-01").id, "4")))
    bring(HEADER, CHAIN.replace(",10", ",99"))

    assert Decimal(6) == shop.on_hand("DB-CH-01")


def test_opening_stock_is_taken_once_in_each_store(shop, bring):
    """A store that the product was never in takes its own."""
    shop.pos.add_store(Store(code="JEJU", name="제주점", timezone="Asia/Seoul", currency="KRW", country="KR"))
    bring(HEADER, CHAIN)
    bring(HEADER, CHAIN, store="JEJU")

    assert {"JEJU": Decimal(10), "MAPO": Decimal(10)} == shop.pos.catalogue("DB-CH-01").on_hand


def test_a_later_file_updates_what_its_vendor_owns(shop, bring):
    bring(HEADER, CHAIN)
    report = bring(HEADER, CHAIN.replace("24000", "25000").replace("9단", "9단 116링크"))
    chain = shop.pos.catalogue("DB-CH-01")

    assert (0, 1, 0, 0) == counts(report)
    assert ("체인 9단 116링크", won(25_000)) == (chain.description, chain.price)


def test_an_empty_cell_says_nothing(shop, bring):
    bring(HEADER, CHAIN)
    report = bring(HEADER, "DB-CH-01,,,,,,")

    assert (0, 0, 1, 0) == counts(report)
    assert won(24_000) == shop.pos.catalogue("DB-CH-01").price


def test_another_vendors_product_gets_this_vendors_number_and_nothing_else(shop, bring):
    """Description, price, brand and owner stay."""
    bring(HEADER, CHAIN)
    before = shop.pos.catalogue("DB-CH-01")
    report = bring(HEADER, "X-9,8809417000014,다른 이름,다른 상표,99,98,10", vendor="대륙타이어")
    after = shop.pos.catalogue("X-9")

    assert (0, 1, 0, 0) == counts(report)
    assert (before.id, before.description, before.brand, before.price, before.vendor) == (
        after.id,
        after.description,
        after.brand,
        after.price,
        after.vendor,
    )
    assert {("두바퀴부품", "dbch01"), ("대륙타이어", "x9")} == {
        (one.scope, one.value) for one in after.identifiers if one.kind is IdentifierKind.VPN
    }


def test_what_is_not_taken_of_another_vendors_product_is_noted(shop, bring):
    """In the file's own words; stock neither is taken nor passed over."""
    bring(HEADER, CHAIN.replace(",10", ","))
    (note,) = bring(HEADER, "X-9,8809417000014,다른 이름,두바퀴,99,98,10", vendor="대륙타이어").notes

    assert "is a product of 두바퀴부품's" in note.reason.en
    assert note.reason.en.endswith("not: description, price, stock.")
    assert {} == shop.pos.catalogue("X-9").on_hand


def test_a_refused_line_names_the_files_own_column_and_value(bring):
    report = bring("부품번호,EAN,UPC,제품명,판매가,재고", "A-1,,,벨,비쌈,1", "A-2,,12,벨,,", "A-3,,,벨,1,-5")

    assert [("판매가", "비쌈"), ("UPC", "12"), ("재고", "-5")] == [
        (one.field, one.value) for one in report.refused
    ]
    assert report.refused[0].reason.en.startswith("비쌈 cannot be read")
    assert "-5 is below zero." == report.refused[2].reason.en


def test_the_same_line_twice_is_said_not_to_differ(bring):
    (refused,) = bring(HEADER, CHAIN, CHAIN).refused

    assert ("upc", "8809417000014") == (refused.field, refused.value)
    assert "The same as on line 2; only the first of the two counts." == refused.reason.en


def test_a_file_without_lines_says_so(bring):
    (note,) = bring(HEADER).notes

    assert "no lines below it" in note.reason.en


def test_a_product_that_staff_typed_in_stays_theirs(shop, bring):
    bring(HEADER, f"Z-1,{HELMET_GTIN},다른 이름,,1,1,", vendor="세종")

    assert "헬멧" == shop.pos.catalogue("Z-1").description


def test_the_same_part_number_at_two_vendors_is_two_products(shop, bring):
    """Both are found without a vendor; with one, only its own."""
    bring(HEADER, "SL-100,8809633000997,실란트,,9000,,", vendor="대륙타이어")
    bring(HEADER, "SL 100,073185000998,Sealant,,9500,,", vendor="노스필드")
    keys = [ProductKey(IdentifierKind.VPN, "sl100", scope) for scope in ("", "노스필드")]
    found = shop.pos.find_products(keys)

    assert [2, 1] == [len(found[key]) for key in keys]


def test_numbers_that_lead_to_two_products_are_refused_naming_both(shop, bring):
    bring(HEADER, CHAIN, "DB-CH-02,8809417000021,체인 10단,두바퀴,33000,,")
    report = bring(HEADER, "DB-CH-01,8809417000021,체인,,1,,")
    (refused,) = report.refused

    assert (0, 0, 0, 1) == counts(report)
    assert all(name in refused.reason.en for name in ("체인 9단", "체인 10단"))
    assert won(24_000) == shop.pos.catalogue("DB-CH-01").price


def test_a_barcode_of_several_products_alone_tells_none(shop, bring):
    """With the part number of one of them it does."""
    shop.pos.add_product(NewProduct(description="헬멧 사본", gtin=HELMET_GTIN, vpns={"세종스포츠": "COPY"}))
    lines = (f",{HELMET_GTIN},헬멧,,,,", f"COPY,{HELMET_GTIN},헬멧,,,100,")

    assert [(0, 0, 0, 1), (0, 1, 0, 0)] == [
        counts(bring(HEADER, line, vendor="세종스포츠")) for line in lines
    ]


@pytest.mark.parametrize(
    ("second", "field"),
    [("db ch 01,,다른 체인,,,,", "vpn"), ("DB-CH-99,08809417000014,다른 체인,,,,", "upc")],
)
def test_the_same_number_twice_in_a_file_is_refused_naming_the_first_line(bring, second, field):
    report = bring(HEADER, TYRE, CHAIN, second)

    assert [(4, field, "The same as on line 3; only the first of the two counts. They differ.")] == [
        (one.line_number, one.field, one.reason.en) for one in report.refused
    ]


def test_two_lines_about_one_product_of_the_shop_are_one_too_many(shop, bring):
    """One by part number, one by barcode: the second would undo the first at every import."""
    report = bring(HEADER, "NR-HM-01A,,헬멧,,,,", f",{HELMET_GTIN},헬멧,,,,", vendor="세종스포츠")

    assert [(3, "The same as on line 2; only the first of the two counts. They differ.")] == [
        (one.line_number, one.reason.en) for one in report.refused
    ]


LOCK, DAMAGED = "605284574539", "60528457453"


def test_a_damaged_barcode_is_kept_as_repaired_and_noted(shop, bring):
    """It is found by the whole number, but never as an exact one."""
    report = bring("vpn,barcode,description", f"A-1,{DAMAGED},자물쇠")
    product = shop.pos.catalogue(LOCK)

    assert [("gtin_repaired", "00605284574539"), ("vpn", "a1")] == kinds(product)
    assert "00605284574539 (the check digit was lost)" in report.notes[0].reason.en
    assert {} == shop.pos.find_products([ProductKey(IdentifierKind.GTIN, "00605284574539")])


def test_a_damaged_barcode_alone_leads_its_vendors_file_to_the_same_product(bring):
    lines = ("barcode,description", f"{DAMAGED},자물쇠")
    bring(*lines)

    assert (0, 0, 1, 0) == counts(bring(*lines))


def test_an_in_store_code_is_kept_as_an_sku_of_its_vendor(shop, bring):
    """Two vendors use the same one for different things."""
    for vendor in ("하나", "둘"):
        report = bring("barcode,description", "2012345678903,무게로 파는 것", vendor=vendor)
        assert (1, 0, 0, 0) == counts(report)
    with pytest.raises(InputError, match="several products"):
        shop.pos.catalogue("2012345678903")


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [
        ("A-1,7.27602E+11,펌프,100", "upc", "a spreadsheet has shortened"),
        ("A-1,0727602259179,펌프,100", "upc", "check digit"),
        ("A-1,,펌프,100.5", "price", "more decimals than KRW"),
        ("A-1,,펌프,$100", "price", "$100 cannot be read as a number"),
        ("A-1,,펌프", "", "The line has 3 of 4 columns; it may be cut off."),
        ("A-1,,펌프,-1", "price", "below zero"),
        ("A-1,,펌프,1e999", "price", "cannot be read as a number"),
        ("A-1,,,100", "description", "no description"),
        (",,펌프,100", "", "neither part number"),
        ("A-1,,펌프,100,extra", "", "5 values"),
        (f"{'A' * 201},,펌프,100", "vpn", "longer than 200"),
        (f"A-1,,{'펌' * 2001},100", "description", "longer than 2000"),
    ],
)
def test_a_line_that_cannot_be_taken_is_refused_in_words(shop, bring, cells, field, words):
    """The other lines are taken."""
    report = bring("vpn,upc,description,price", cells, "B-1,,벨,1000")
    (refused,) = report.refused

    assert (1, 0, 0, 1) == counts(report)
    assert (2, field) == (refused.line_number, refused.field)
    assert words in refused.reason.en
    assert shop.pos.catalogue("B-1")


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("12000", 12_000),
        ("12,000", 12_000),
        ("12000.00", 12_000),
        ("₩12,000", 12_000),
        ("12,000원", 12_000),
        ("KRW 12000", 12_000),
    ],
)
def test_prices_are_exact_in_the_stores_currency(shop, bring, written, minor):
    bring("vpn,description,price", f'A-1,벨,"{written}"')

    assert Money(minor, "KRW") == shop.pos.catalogue("A-1").price


def test_the_refused_lines_can_be_written_as_a_file(bring, tmp_path):
    path = tmp_path / "refused.csv"
    bring("vpn,description,price", "A-1,벨,1.5").write_refused(path, "ko")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))

    assert ["2", "price", "1.5"] == rows[1][:3]


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("VPN,UPC,Description,Price", ","),
        ("부품 번호;바코드;제품명;가격", ";"),
        ("공급업체 부품 번호(VPN)\tEAN-13\tproduct_name\tRetail Price", "\t"),
    ],
)
@pytest.mark.parametrize(("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n")])
def test_headers_delimiters_and_line_ends_of_all_kinds_are_read(
    shop, bring, header, delimiter, encoding, end
):
    line = delimiter.join(("A-1", "8809417000014", "체인", "100"))
    report = bring(header, line, encoding=encoding, end=end)

    assert (1, 0, 0, 0) == counts(report)
    assert shop.pos.catalogue("8809417000014").id == shop.pos.catalogue("A-1").id


def test_unknown_columns_are_reported_and_not_read(bring):
    assert ("Colour", "색상") == bring("vpn,Colour,description,색상", "A-1,red,벨,빨강").unknown_columns


def test_quoted_cells_may_hold_delimiters_and_line_ends(shop, bring):
    """A refused line after them has its own number still."""
    report = bring("vpn,description,price", 'A-1,"Bell, 29""\nsmall",100', "A-2,벨,x")

    assert 'Bell, 29"\nsmall' == shop.pos.catalogue("A-1").description
    assert [4] == [one.line_number for one in report.refused]


def test_a_quotation_mark_that_is_not_closed_costs_only_its_lines(shop, bring):
    report = bring("vpn,description,price", 'A-1,"29" tyre,100', "A-2,벨,100", 'A-3,"open,1', "A-4,x,1")

    assert [2, 4] == [one.line_number for one in report.refused]
    assert report.refused[1].reason.en.startswith("Up to line 5 it cannot be read as CSV")
    assert shop.pos.catalogue("A-2")


def test_empty_lines_are_no_rows(bring):
    assert 1 == bring("vpn,description", "", "A-1,벨", ",,", "").rows


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("vpn,price", "A-1,1"), "A column is missing: “description”. The file has: vpn, price"),
        (
            ("description,price", "벨,1"),
            "missing: “vpn” or “gtin” or “sku”. The file has: description, price",
        ),
        (("vpn,part number,description", "1,2,벨"), "Two columns say the same: “vpn”, “part number”"),
        (("",), "no header"),
    ],
)
def test_a_header_that_will_not_do_is_refused(bring, lines, words):
    with pytest.raises(InputError, match=words):
        bring(*lines)


def test_a_stock_column_needs_its_store(bring):
    with pytest.raises(InputError, match="--store"):
        bring(HEADER, CHAIN, store=None)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"store": "NOWHERE"}, "there are: MAPO"), ({"vendor": " "}, "--vendor")],
)
def test_what_was_asked_must_exist(bring, more, words):
    with pytest.raises(InputError, match=words):
        bring(HEADER, CHAIN, **more)


def test_a_file_that_is_not_there_is_refused(shop, tmp_path):
    with pytest.raises(InputError, match=r"none\.csv cannot be read"):
        import_products(shop.pos, tmp_path / "none.csv", vendor="하나")


MIXED = (
    HEADER,
    CHAIN,
    TYRE,
    "DB-CH-01,,again,,,,",
    f"Z-1,{HELMET_GTIN},헬멧,,,50000,3",
    "Z-2,72760225917,펌프,,1,,",
    "Z-3,,벨,,1.5,,",
    ",2012345678903,무게,,1,,",
)


@pytest.fixture
def small_chunks(monkeypatch):
    """Two rows a transaction."""
    monkeypatch.setattr("tillbridge.pos.embedded.imports.running._CHUNK", 2)


def test_a_dry_run_changes_nothing_and_reports_the_same(bring, pos_database, small_chunks):
    before = dump(pos_database)
    dry = bring(*MIXED, dry_run=True)
    after = dump(pos_database)
    dry.dry_run = False

    assert before == after
    assert dry == bring(*MIXED)
    # Z-1 and Z-2 are the shop's helmet and pump, the second by a barcode that lost its check digit.
    assert (3, 2, 0, 2) == counts(dry)


def test_progress_is_told_after_each_chunk(bring, small_chunks):
    """The line that was reached, and how many the file has."""
    told = []
    bring(*MIXED[:4], options=FileOptions(progress=lambda *one: told.append(one)))

    assert [(Stage.READING, 4, 4), (Stage.IMPORTING, 3, 4), (Stage.IMPORTING, 4, 4)] == told


def test_a_chunk_needs_a_fixed_number_of_queries(bring, pos_database):
    numbers = []
    for count in (1, 50):
        lines = [f"{count}-{number},,벨,상표,100,50,1" for number in range(count)]
        with statements(pos_database) as sent:
            bring(HEADER, *lines)
        numbers.append(len(sent))

    assert numbers[0] == numbers[1]
