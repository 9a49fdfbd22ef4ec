"""Product and customer files by command: imported once, dry, and with every refused line told."""

import csv
from io import StringIO
from unittest.mock import patch

import pytest
from rich.console import Console

from tillbridge.cli.files import _progress
from tillbridge.cli.session import Session
from tillbridge.pos.embedded.imports import FileOptions
from tillbridge.pos.embedded.imports.reading.table import Stage

PRODUCTS = """vpn,upc,description,brand,price,stock
HB-1,8809101000016,로드 자전거,한빛,1890000,2
HB-2,8809101000023,헬멧,한빛,98000,7
"""
REFUSED = "HB-3,8809101000031,장갑,한빛,27000,3\n"
CUSTOMERS = """number,name,email,phone,street,city,postcode,country
C1001,강서윤,seoyun.kang@example.com,010-0000-1821,성미산로 28,서울특별시 마포구,03980,KR
"""


@pytest.fixture
def shop(program, tables):
    program("init")
    program("store", "add", "seoul", "--country", "KR")
    return program


@pytest.fixture
def products(folder):
    (folder / "products.csv").write_text(PRODUCTS, "utf-8")
    return "products.csv"


@pytest.fixture
def customers(folder):
    (folder / "customers.csv").write_text(CUSTOMERS, "utf-8")
    return "customers.csv"


@pytest.mark.row("S24")
def test_a_vendors_file_is_imported_and_a_second_time_changes_nothing(shop, products):
    first = shop("catalogue", "import", products, "--vendor", "한빛자전거", "--json")
    second = shop("catalogue", "import", products, "--vendor", "한빛자전거", "--json")

    keys = ("rows", "added", "updated", "unchanged", "refused")
    assert (0, [2, 2, 0, 0, []]) == (first.code, [first.data[key] for key in keys])
    assert (0, [2, 0, 0, 2, []]) == (second.code, [second.data[key] for key in keys])


@pytest.mark.row("S24")
def test_a_product_is_shown_by_any_of_its_numbers(shop, products):
    shop("catalogue", "import", products, "--vendor", "한빛자전거")

    shown = [
        shop("catalogue", "show", code, "--json").data for code in ("8809101000016", "HB-1", "hb 1", "P1")
    ]

    assert ["P1"] * 4 == [one["id"] for one in shown]
    assert {"seoul": 2} == shown[0]["on_hand"]
    assert "로드 자전거" == shown[0]["description"]
    assert {"gtin", "vpn"} <= {one["kind"] for one in shown[0]["identifiers"]}
    assert "₩1,890,000" in shop("catalogue", "show", "P1", "--lang", "ko").text


@pytest.mark.row("S24")
def test_refused_lines_stop_no_others_and_all_of_them_are_reported(shop, folder):
    (folder / "products.csv").write_text(PRODUCTS + REFUSED, "utf-8")

    answer = shop("catalogue", "import", "products.csv", "--vendor", "한빛자전거", "--report", "refused.csv")

    assert 1 == answer.code
    assert "3 lines: 2 added, 0 updated, 0 unchanged, 1 refused." in answer.text
    assert "line 4" in answer.text
    with (folder / "refused.csv").open(encoding="utf-8-sig", newline="") as stream:
        (refused,) = csv.DictReader(stream)
    assert ("4", "8809101000031") == (refused["line"], refused["value"])
    assert refused["reason"]


@pytest.mark.row("S24")
def test_a_dry_run_keeps_nothing(shop, products):
    answer = shop("catalogue", "import", products, "--vendor", "한빛자전거", "--dry-run")

    assert (0, True) == (answer.code, "2 added" in answer.text)
    assert 2 == shop("catalogue", "show", "HB-1").code


def test_customers_are_imported_and_a_second_time_nothing_changes(shop, customers):
    first = shop("customers", "import", customers, "--json").data
    second = shop("customers", "import", customers, "--json").data

    assert (1, 0) == (first["added"], first["unchanged"])
    assert (0, 1) == (second["added"], second["unchanged"])
    assert (
        "1줄: 추가 0, 변경 0, 그대로 1, 거절 0."
        in shop("customers", "import", customers, "--lang", "ko").text
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("catalogue", "import", "nowhere.csv", "--vendor", "x"),
        ("customers", "import", "nowhere.csv"),
        ("catalogue", "import", "products.csv", "--vendor", "x", "--store", "busan"),
        ("catalogue", "show", "NO-SUCH-1"),
    ],
)
def test_what_is_not_there_is_code_2(shop, products, arguments):
    answer = shop(*arguments)

    assert 2 == answer.code
    assert "" == answer.out


def test_a_report_that_cannot_be_written_says_that_the_import_is_done(shop, products):
    answer = shop("catalogue", "import", products, "--vendor", "x", "--report", "no/such/folder/refused.csv")

    assert 2 == answer.code
    assert "the import is done" in answer.err


def test_a_terminal_shows_how_far_a_file_is(folder, products):
    """First it is read, then imported."""
    screen = StringIO()
    session = Session()
    session.__dict__["console"] = Console(file=screen, force_terminal=True, width=100)
    with (
        patch("sys.stdout.isatty", return_value=True),
        _progress(session, folder / products, FileOptions()) as told,
    ):
        assert told.progress
        told.progress(Stage.READING, 50, 100)
        told.progress(Stage.IMPORTING, 100, 100)

    shown = screen.getvalue()
    assert all(part in shown for part in ("Reading products.csv", "50%", "Importing products.csv", "100%"))


def test_nobody_sees_progress_in_a_script(folder, products):
    with _progress(Session(), folder / products, FileOptions()) as told:
        assert told.progress is None


def test_a_folder_is_no_file(shop, folder):
    (folder / "files").mkdir()

    assert "files is a folder" in shop("customers", "import", "files").err


def test_a_file_with_column_names_only_is_remarked(shop, folder):
    (folder / "empty.csv").write_text(CUSTOMERS.splitlines()[0] + "\n", "utf-8")

    answer = shop("customers", "import", "empty.csv")

    assert (0, True) == (answer.code, "no lines beside its column names" in answer.text)
