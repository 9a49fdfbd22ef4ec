"""Text files as programs really export them (MISSION S24): encodings, delimiters, numbers."""

import pytest

from pos.importing import counts, reasons
from tillbridge.model.errors import InputError
from tillbridge.model.money import Money
from tillbridge.model.stores import Store
from tillbridge.pos.embedded.imports import FileOptions, import_products

pytestmark = pytest.mark.row("S24")

KOREAN = (
    "부품 번호,바코드,제품명,판매가\r\n"
    "HB-1,8809101000016,로드 자전거 미르,1890000\r\n"
    "뷁-2,,펌프 똠방각하,12000\r\n"
)
GERMAN = "VPN;EAN;Description;Price\r\nG-1;8809101000016;Größe für Mädchen – blau;129,00\r\n"


@pytest.fixture
def bring(shop, tmp_path):
    """Import these bytes as a vendor's file."""

    def bring(content, *, store=None, vendor="한빛", **options):
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        return import_products(shop.pos, path, vendor=vendor, store=store, options=FileOptions(**options))

    return bring


@pytest.fixture
def euros(shop):
    shop.pos.add_store(Store(code="ULM", name="Ulm", timezone="Europe/Berlin", currency="EUR", country="DE"))
    return "ULM"


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("cp949", b"", "cp949"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_a_korean_file_is_read_in_the_encoding_that_its_bytes_tell(shop, bring, encoding, mark, said):
    """CP949 is what Korean Excel calls CSV, UTF-16 what it calls Unicode text."""
    report = bring(mark + KOREAN.encode(encoding))

    assert (2, 0, 0, 0) == counts(report)
    assert said == report.encoding
    assert "로드 자전거 미르" == shop.pos.catalogue("HB-1").description
    assert "펌프 똠방각하" == shop.pos.catalogue("뷁-2").description


def test_a_western_file_is_read_as_windows_1252(shop, bring, euros):
    report = bring(GERMAN.encode("cp1252"), store=euros)

    assert ("cp1252", ";") == (report.encoding, report.delimiter)
    assert "text in Windows-1252 (Western European), semicolon" == report.read_as.en
    assert "Größe für Mädchen – blau" == shop.pos.catalogue("G-1").description


def test_an_encoding_that_was_said_is_used(shop, bring):
    report = bring("vpn,description\r\nA-1,あいう\r\n".encode("shift_jis"), encoding="shift_jis")

    assert (1, 0, 0, 0) == counts(report)
    assert "あいう" == shop.pos.catalogue("A-1").description


def test_an_unknown_encoding_is_refused(bring):
    with pytest.raises(InputError, match=r"'klingon' is no encoding; usual ones are utf-8, cp949"):
        bring(b"vpn,description\r\nA-1,Bell\r\n", encoding="klingon")


def test_a_file_that_is_not_in_the_encoding_that_was_said_is_refused(bring):
    with pytest.raises(InputError, match=r"file.csv cannot be read as UTF-16. Say another one"):
        bring(b"vpn,description\r\nA-1,Bell\r", encoding="utf-16")


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_damaged_sign_costs_its_line_only(bring, encoding):
    lines = [f"HB-{number},,로드 자전거,1000\n".encode(encoding) for number in range(5)]
    lines[2] = lines[2].replace(b",1000", b"\xff,1000")
    report = bring(b"vpn,upc,description,price\n" + b"".join(lines))

    assert (4, 0, 0, 1) == counts(report)
    ((line, _, words),) = reasons(report)
    assert (4, True) == (line, words.startswith("A sign in it is damaged"))


def test_bytes_that_are_no_text_are_refused(bring):
    with pytest.raises(InputError, match="neither a text file nor a spreadsheet"):
        bring(bytes(range(256)) * 20)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_also_where_no_title_is_understood(shop, bring, delimiter):
    header, line = ("Artikel", "Bez, kurz", "Stk"), ("A-1", "Bell, small", "2")
    rows = [delimiter.join(f'"{cell}"' for cell in row) for row in (header, line)]
    report = bring("\n".join(rows).encode(), mapping={"Artikel": "vpn", "Bez, kurz": "description"})

    assert (1, 0, 0, 0) == counts(report)
    assert delimiter == report.delimiter
    assert "Bell, small" == shop.pos.catalogue("A-1").description


def test_excels_own_line_names_the_delimiter(bring):
    """Line numbers count it."""
    report = bring(b"sep=|\r\nvpn|description|price\r\nA-1|Bell, small|x\r\n")

    assert ("|", 2) == (report.delimiter, report.header_line)
    assert [3] == [one.line_number for one in report.refused]


@pytest.mark.parametrize(("said", "sign"), [("pipe", "|"), ("tab", "\t"), ("^", "^")])
def test_a_delimiter_that_was_said_is_used(bring, said, sign):
    report = bring(
        sign.join(("vpn", "description")).encode() + b"\n" + f"A-1{sign}Bell\n".encode(), delimiter=said
    )

    assert (sign, (1, 0, 0, 0)) == (report.delimiter, counts(report))


def test_a_delimiter_of_two_signs_is_refused(bring):
    with pytest.raises(InputError, match="one sign, or comma, semicolon, tab or pipe"):
        bring(b"vpn,description\n", delimiter="ab")


def test_what_the_file_is_called_may_stand_above_its_header(bring):
    report = bring("한빛 가격표 2026,,\n,,\nvpn,description,price\nA-1,벨,x\n".encode())

    assert (3, [(4, "price")]) == (report.header_line, [one[:2] for one in reasons(report)])


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(bring, ends):
    assert (2, 0, 0, 0) == counts(bring(ends.join(("vpn,description", "A-1,벨", "A-2,종")).encode()))


@pytest.mark.parametrize(
    ("price", "beside", "cents"),
    [
        ("1.299,00", "", 129_900),
        ("1,299.00", "", 129_900),
        ("12,50", "", 1_250),
        ("12.50", "", 1_250),
        ("1.299", "12,50", 129_900),
        ("1,299", "12.50", 129_900),
        ("12.000", "0.5", 1_200),
        ("1,299", "", 129_900),
        ("€ 1.234.567,8", "", 123_456_780),
        ("1 299,50", "", 129_950),
        ("1'299.50", "", 129_950),
    ],
)
def test_thousands_and_decimals_are_told_by_the_column(shop, bring, euros, price, beside, cents):
    """One number of the column that shows it beyond doubt is enough."""
    lines = f"vpn;description;price\nA-1;Bell;{price}\nA-2;Bell;{beside}\n"
    report = bring(lines.encode(), store=euros)

    assert [] == reasons(report)
    assert Money(cents, "EUR") == shop.pos.catalogue("A-1").price


def test_a_price_that_may_be_two_things_is_refused_and_says_so(bring, euros):
    report = bring(b"vpn;description;price\nA-1;Bell;12.000\nA-2;Bell;7\n", store=euros)

    assert (1, 0, 0, 1) == counts(report)
    ((line, field, words),) = reasons(report)
    assert (2, "price") == (line, field)
    assert words.startswith("12.000 may be 12000 or 12.000, and no other number of the column tells which.")


@pytest.mark.parametrize(("decimal", "cents"), [(",", 1_200_000), (".", 1_200)])
def test_the_sign_before_decimals_can_be_said(shop, bring, euros, decimal, cents):
    bring(b"vpn;description;price\nA-1;Bell;12.000\n", store=euros, decimal=decimal)

    assert Money(cents, "EUR") == shop.pos.catalogue("A-1").price


def test_a_price_of_the_other_kind_than_its_column_is_refused(bring, euros):
    """A column in which both kinds stand decides nothing; each has to show itself."""
    report = bring(b"vpn;description;price\nA-1;Bell;12,5\nA-2;Bell;12.5\nA-3;Bell;1.299\n", store=euros)

    assert ((2, 0, 0, 1), 4) == (counts(report), report.refused[0].line_number)


def test_thousands_of_won_are_not_decimals(shop, bring):
    bring('vpn,description,price\nA-1,벨,"₩1,890,000"\nA-2,벨,"12,000"\n'.encode())

    assert [Money(1_890_000, "KRW"), Money(12_000, "KRW")] == [
        shop.pos.catalogue(code).price for code in ("A-1", "A-2")
    ]
