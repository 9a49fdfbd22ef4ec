"""Workbooks (XLSX) as they are really made (MISSION S24): typed cells, title rows, sheets, damage."""

import zipfile
from datetime import date, datetime, time
from itertools import pairwise

import pytest
from openpyxl import Workbook

from pos.importing import counts, notes, reasons, replace_part, share_texts, workbook
from tillbridge.model.errors import InputError
from tillbridge.model.money import Money
from tillbridge.pos.embedded.imports import FileOptions, import_products
from tillbridge.pos.embedded.imports.products import open_products
from tillbridge.pos.embedded.imports.reading.spreadsheet import Spreadsheet

pytestmark = pytest.mark.row("S24")

HEADER = ("vpn", "upc", "description", "price")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.xlsx"


@pytest.fixture
def bring(shop, path):
    """Import these rows as the sheet of a workbook; without any, the file as it is."""

    def bring(*rows, dry_run=False, **options):
        if rows:
            with workbook(path) as sheet:
                for row in rows:
                    sheet.append(row)
        return import_products(shop.pos, path, vendor="한빛", dry_run=dry_run, options=FileOptions(**options))

    return bring


def test_a_workbook_is_imported_like_a_text_file(shop, bring):
    report = bring(HEADER, ("HB-1", "8809101000016", "로드 자전거", 1_890_000), ("HB-2", None, "벨", 12_000))

    assert (2, 0, 0, 0) == counts(report)
    assert ("Sheet", "", "") == (report.sheet, report.encoding, report.delimiter)
    assert Money(1_890_000, "KRW") == shop.pos.catalogue("8809101000016").price


def test_a_second_import_changes_nothing(bring):
    rows = (HEADER, ("HB-1", "8809101000016", "로드 자전거", 1_890_000))
    bring(*rows)

    assert (0, 0, 1, 0) == counts(bring(*rows))


def test_numbers_keep_their_digits(shop, bring):
    """A barcode in a cell of numbers is whole; a part number gets no ".0"."""
    report = bring(HEADER, (12345, 8809101000016, "벨", 12000.0), ("A-2", 727602259178, "펌프 2", 1))

    assert [] == reasons(report)
    assert shop.pos.catalogue("12345").id == shop.pos.catalogue("8809101000016").id
    assert shop.pump == shop.pos.catalogue("A-2").id


def test_cells_come_out_as_a_text_file_would_have_them(path):
    with workbook(path) as sheet:
        moment = datetime(2026, 3, 12, 9, 30)  # noqa: DTZ001  # a spreadsheet knows no zones
        sheet.append([0.1 + 0.2, 1e-7, 123456789012345678, date(2026, 3, 12), moment])
        sheet.append([time(9, 30), True, "#N/A", " x ", None, "끝"])
    with Spreadsheet(path) as table:
        rows = [list(row.values) for row in table.rows()]

    assert ["0.3", "0.0000001", "1.23456789012346E+17", "2026-03-12", "2026-03-12 09:30:00"] == rows[0]
    assert ["09:30:00", "TRUE", "#N/A", " x ", "", "끝"] == rows[1]


def test_zeros_that_only_the_cells_format_shows_are_kept(shop, path, bring):
    with workbook(path) as sheet:
        sheet.append(HEADER)
        sheet.append([123, 73185000011, "자물쇠", 1])
        sheet["A2"].number_format, sheet["B2"].number_format = "00000", "000000000000"
    bring()

    assert shop.pos.catalogue("00123").id == shop.pos.catalogue("073185000011").id
    assert shop.pos.catalogue("123") is None


def test_a_formula_counts_by_its_last_result(shop, path, bring):
    with workbook(path) as sheet:
        sheet.append(HEADER)
        sheet.append(["A-1", None, "벨", "=1+1"])
    name = "xl/worksheets/sheet1.xml"
    content = zipfile.ZipFile(path).read(name).replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2500</v>")
    assert b"<v>2500</v>" in content
    replace_part(path, name, content)
    bring()

    assert Money(2_500, "KRW") == shop.pos.catalogue("A-1").price


def test_an_error_in_the_place_of_a_text_is_an_empty_cell(shop, bring):
    bring(HEADER, ("A-1", None, "벨", 100))
    report = bring(HEADER, ("A-1", None, "#N/A", 200))

    assert (0, 1, 0, 0) == counts(report)
    assert "벨" == shop.pos.catalogue("A-1").description
    assert [
        (2, "description", "#N/A is an error of a spreadsheet's formula; it is taken for an empty cell.")
    ] == (notes(report))


def test_an_error_in_the_place_of_a_price_is_refused(bring):
    assert (
        "#DIV/0! cannot be read as a number"
        in bring(HEADER, ("A-1", None, "벨", "#DIV/0!")).refused[0].reason.en
    )


def test_titles_and_merged_cells_may_stand_above_the_header(path, bring):
    with workbook(path) as sheet:
        sheet.append(["한빛자전거 가격표"])
        sheet.merge_cells("A1:D1")
        sheet.append([None, None, "2026-03"])
        sheet.append([])
        sheet.append(HEADER)
        sheet.append(["A-1", None, "벨", "비쌈"])
    report = bring()

    assert (4, [5]) == (report.header_line, [one.line_number for one in report.refused])


def test_what_stands_beside_the_table_is_not_read(bring):
    assert (1, 0, 0, 0) == counts(bring(HEADER, ("A-1", None, "벨", 100, None, "메모")))


@pytest.fixture
def sheets(path):
    """A workbook of three sheets: a cover that is hidden, prices in front, and more."""
    book = Workbook()
    book.active.title, book.active.sheet_state = "표지", "hidden"
    for title, code in (("가격", "A-1"), ("기타", "B-1")):
        sheet = book.create_sheet(title)
        sheet.append(HEADER)
        sheet.append([code, None, title, 100])
    book.active = 1
    book.save(path)
    return path


def test_the_sheet_in_front_is_read_and_the_others_are_named(shop, sheets, bring):
    report = bring()

    assert "spreadsheet, sheet “가격”; not read: 기타" == report.read_as.en
    assert shop.pos.catalogue("A-1")


def test_a_sheet_can_be_named(shop, sheets, bring):
    assert "기타" == bring(sheet="기타").sheet
    assert shop.pos.catalogue("B-1")


def test_a_sheet_that_is_not_there_is_refused_naming_those_that_are(sheets, bring):
    with pytest.raises(InputError, match="no sheet “prices”; it has: “표지”, “가격”, “기타”"):
        bring(sheet="prices")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 and no more", "is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"old kind \(XLS\)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"\r\n<html><table><tr><td>vpn</td></tr></table></html>", "is a web page or XML"),
        (b"%PDF-1.7", "is a PDF"),
        (b"", "is empty"),
    ],
)
def test_files_of_other_kinds_are_refused_saying_what_to_do(path, bring, content, words):
    path.write_bytes(content)

    with pytest.raises(InputError, match=words):
        bring()


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, r"OpenDocument spreadsheet \(ODS\)"),
        ({"xl/workbook.bin": "x", "[Content_Types].xml": "x"}, "XLSB"),
        ({"photo.jpg": "x"}, "packed file and no spreadsheet"),
        ({"xl/workbook.xml": "x", "[Content_Types].xml": "x"}, "is damaged"),
    ],
)
def test_packed_files_that_are_no_workbook_are_refused(path, bring, parts, words):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    with pytest.raises(InputError, match=words):
        bring()


def test_a_name_that_lies_is_no_matter(shop, tmp_path):
    path = tmp_path / "file.xlsx"
    path.write_text("vpn,description\nA-1,벨\n", "utf-8")

    assert (1, 0, 0, 0) == counts(import_products(shop.pos, path, vendor="한빛"))


def test_a_workbook_that_would_fill_the_disk_is_not_read(path, bring):
    with workbook(path) as sheet:
        sheet.append(HEADER)
    replace_part(path, "xl/sharedStrings.xml", b" " * (70 << 20))

    with pytest.raises(InputError, match=r"would be 70 MB unpacked"):
        bring()


def test_texts_in_a_table_of_their_own_are_read(shop, path, bring):
    """Excel writes them so; text in two fonts is one text, and how it is pronounced is none of it."""
    with workbook(path) as sheet:
        sheet.append(HEADER)
        sheet.append(["A-1", None, "fonts", 100])
        sheet.append(["A-2", None, "A-1", 100])
    share_texts(path)
    name = "xl/sharedStrings.xml"
    fonts = b"<r><t>Bell, </t></r><r><t>small</t></r><rPh sb='0' eb='1'><t>beru</t></rPh>"
    replace_part(path, name, zipfile.ZipFile(path).read(name).replace(b"<t>fonts</t>", fonts))

    assert (2, 0, 0, 0) == counts(bring())
    assert ["Bell, small", "A-1"] == [shop.pos.catalogue(code).description for code in ("A-1", "A-2")]


def test_texts_that_multiply_are_not_unfolded(path, bring):
    """Thirty entities, each twice the one before, would be two gigabytes."""
    with workbook(path) as sheet:
        sheet.append(HEADER)
        sheet.append(["A-1", None, "LAST", 100])
    names = ["a", *(f"a{number}" for number in range(30))]
    entities = "".join(f'<!ENTITY {new} "&{old};&{old};">' for old, new in pairwise(names))
    share_texts(path, prolog=f'<!DOCTYPE sst [<!ENTITY a "ha">{entities}]>'.encode())
    name = "xl/sharedStrings.xml"
    replace_part(path, name, zipfile.ZipFile(path).read(name).replace(b"LAST", b"&a29;"))

    with pytest.raises(InputError, match="is damaged"):
        bring()


def test_damage_that_only_reading_shows_leaves_nothing_half_done(shop, path, bring):
    with workbook(path) as sheet:
        sheet.append(HEADER)
        sheet.append(["A-1", None, "벨", 100])
    name = "xl/worksheets/sheet1.xml"
    replace_part(path, name, zipfile.ZipFile(path).read(name)[:-40])

    with pytest.raises(InputError, match="is damaged"):
        bring()
    assert shop.pos.catalogue("A-1") is None


def test_a_look_at_the_columns_reads_the_first_rows_only(shop, path):
    with workbook(path) as sheet:
        for number in range(100):
            sheet.append([number or "vpn", None, f"벨 {number}" if number else "description"])
    with open_products(shop.pos, path, vendor="한빛", options=FileOptions()) as seen:
        assert ["1", "2", "3"] == seen.samples()["vpn"]
        assert 40 == seen.lines


def test_a_formula_that_was_never_calculated_is_refused_saying_what_to_do(shop, path, bring):
    """A program that writes workbooks writes no results; empty is not what stands there."""
    bring(HEADER, ("A-1", None, "벨", 100))
    report = bring(HEADER, ("A-1", None, "벨", "=1+1"), ("A-2", None, "종", 300))

    said = (
        "The formula has no stored result. Open the file in the spreadsheet program, save it, and import it "
        "again."
    )
    assert [(2, "price", said)] == reasons(report)
    assert (1, 0, 0, 1) == counts(report)
    assert Money(100, "KRW") == shop.pos.catalogue("A-1").price


def test_a_formula_whose_result_is_an_empty_text_is_an_empty_cell(path, bring):
    with workbook(path) as sheet:
        sheet.append(HEADER)
        sheet.append(["A-1", '=""', "벨", 100])
    name = "xl/worksheets/sheet1.xml"
    content = zipfile.ZipFile(path).read(name)
    assert b'<c r="B2"><f>""</f><v />' in content
    replace_part(path, name, content.replace(b'<c r="B2"><f>', b'<c r="B2" t="str"><f>'))

    assert (1, 0, 0, 0) == counts(bring())


def test_a_formula_in_a_column_that_is_not_read_is_no_matter(bring):
    assert (1, 0, 0, 0) == counts(bring((*HEADER, "colour"), ("A-1", None, "벨", 100, "=A2")))


@pytest.fixture
def covered(path):
    """A workbook whose first sheet says what it is, and whose second holds the table."""
    book = Workbook()
    book.active.title = "표지"
    book.active.append(["한빛자전거 가격표"])
    book.active.append(["2026년 3월", "문의 02-000-0000"])
    prices = book.create_sheet("가격")
    prices.append(HEADER)
    prices.append(["A-1", None, "벨", 100])
    book.save(path)


@pytest.mark.usefixtures("covered")
def test_a_cover_sheet_is_refused_naming_the_sheets(bring):
    with pytest.raises(InputError) as refused:
        bring()

    assert (
        "This is the sheet “표지”; the file has also: “가격”. To read another one, say --sheet 가격."
        in refused.value.words.en
    )
    assert "--sheet 가격" in refused.value.words.ko
    assert (1, 0, 0, 0) == counts(bring(sheet="가격"))


def test_an_empty_cover_sheet_is_refused_naming_the_sheets(path, bring):
    book = Workbook()
    book.create_sheet("price list").append(HEADER)
    book.save(path)

    with pytest.raises(InputError, match=r"This is the sheet “Sheet”.*say --sheet \"price list\"\."):
        bring()


def test_a_workbook_of_one_sheet_is_not_told_of_others(bring):
    with pytest.raises(InputError) as refused:
        bring(("a", "b"), ("1", "2"))

    assert "--sheet" not in refused.value.words.en


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"encoding": "cp949"}, "--encoding is for text files"),
        ({"delimiter": ";"}, "--delimiter is for text files"),
    ],
)
def test_what_is_said_of_text_files_is_refused_for_a_workbook(bring, option, said):
    with pytest.raises(InputError, match=rf"{said} \(CSV\), and file.xlsx is a workbook"):
        bring(HEADER, ("A-1", None, "벨", 100), **option)


def test_a_sheet_of_a_text_file_is_refused(shop, tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("vpn,description\nA-1,벨\n", "utf-8")

    with pytest.raises(InputError, match=r"--sheet is for workbooks \(XLSX\), and file.csv is a text file"):
        import_products(shop.pos, path, vendor="한빛", options=FileOptions(sheet="가격"))
