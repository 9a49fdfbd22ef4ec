"""At a terminal a person is asked once what a vendor's columns are; scripts say it with --map."""

import pytest

pytestmark = pytest.mark.row("S24")

FILE = "Artikel,Bezeichnung,UVP,Farbe\nG-1,Klingel,12000,rot\nG-2,Pumpe,15000,blau\n"


@pytest.fixture
def shop(program, folder, tables):
    program("init")
    program("store", "add", "seoul", "--country", "KR")
    (folder / "file.csv").write_text(FILE, "utf-8")
    return program


@pytest.fixture
def person(monkeypatch):
    """Answers what is asked, in turn, and remembers the questions."""
    asked: list[str] = []
    answers: list[str] = []

    def prompt(question, **_):
        asked.append(question)
        return answers.pop(0)

    monkeypatch.setattr("typer.prompt", prompt)
    monkeypatch.setattr("tillbridge.cli.session.Session.interactive", property(lambda _: True))
    return asked, answers


def bring(shop, *more, file="file.csv", lang="en"):
    return shop("catalogue", "import", file, "--vendor", "Radhaus", "--lang", lang, *more)


def test_a_person_is_asked_once_and_the_next_file_is_read_by_itself(shop, person):
    """The needed fields first; Enter where there is no such column."""
    asked, answers = person
    answers += ["1", "", "", "2", "3", "", "", "", ""]
    first, second = bring(shop), bring(shop)

    assert [
        "the vendor's part number (vpn)",
        "the barcode (UPC, EAN) (gtin)",
        "the vendor's item code (sku)",
        "the product's name (description)",
        "the shop's price (price)",
    ] == asked[:5]
    assert len(asked) == 9
    assert "1 Artikel G-1 · G-2" in first.text
    assert "“Artikel” = vpn, “Bezeichnung” = description, “UVP” = price" in first.text
    assert "2 lines: 2 added" in first.text
    assert "Columns as they were mapped: “Artikel” = vpn" in second.text
    assert "2 unchanged" in second.text


def test_what_is_needed_is_asked_until_it_is_said(shop, person):
    """A wrong answer is told what would do."""
    _, answers = person
    answers += ["", "", "", "9", "1", "", "", "Bezeichnung", "", "", "", "", ""]
    answer = bring(shop)

    assert "One of these is needed: the vendor's part number / the barcode" in answer.text
    assert "Type a number from 1 to 4" in answer.text
    assert "2 added" in answer.text


def test_a_file_that_is_understood_asks_nothing(shop, person, folder):
    (folder / "plain.csv").write_text("vpn,description,colour\nA-1,Bell,red\n", "utf-8")

    assert "1 added" in bring(shop, file="plain.csv").text
    assert [] == person[0]


def test_a_column_that_has_vanished_is_said_and_asked_for(shop, person, folder):
    _, answers = person
    answers += ["1", "", "", "2", "3", "", "", "", ""]
    bring(shop)
    (folder / "new.csv").write_text(FILE.replace("UVP", "Preis").replace("12000", "13000"), "utf-8")
    answers += ["", "", "3", "", "", "", ""]
    answer = bring(shop, file="new.csv")

    assert "The column “UVP”, which was price, is no longer in the file." in answer.text
    assert "1 updated" in answer.text


def test_a_script_is_told_what_is_missing(shop):
    answer = bring(shop, "--json")

    assert 2 == answer.code
    assert '--map "TITLE=vpn"' in answer.err


def test_a_script_says_it_with_options(shop):
    mapped = ("--map", "Artikel=vpn", "--map", "Bezeichnung=description", "--map", "Farbe=-")
    first, second = bring(shop, *mapped, "--json"), bring(shop, "--json")

    assert [(0, 2), (0, 0)] == [(one.code, one.data["added"]) for one in (first, second)]
    assert {"Artikel": "vpn", "Bezeichnung": "description", "Farbe": "-"} == second.data["mapping"]
    assert ["UVP"] == second.data["unknown_columns"]
    assert 2 == bring(shop, "--forget-mapping").code


def test_how_a_file_was_read_is_said(shop, folder):
    (folder / "korean.csv").write_bytes("부품 번호\t제품명\r\nA-1\t벨\r\n".encode("cp949"))
    data = shop("catalogue", "import", "korean.csv", "--vendor", "x", "--dry-run", "--json").data

    assert ("cp949", "\t", None, 1) == tuple(
        data[key] for key in ("encoding", "delimiter", "sheet", "header_line")
    )
    told = shop("catalogue", "import", "korean.csv", "--vendor", "x", "--lang", "ko").text
    assert "읽은 형식: 텍스트 CP949(한국어 Windows), 구분 기호 탭" in told


def test_how_a_file_is_read_can_be_said(shop, folder):
    (folder / "odd.csv").write_bytes("vpn^description^price\nA-1^벨^12.000\n".encode("cp949"))
    answer = shop(
        *("catalogue", "import", "odd.csv", "--vendor", "x", "--json"),
        *("--encoding", "cp949", "--delimiter", "^", "--decimal", ","),
    )

    assert 0 == answer.code
    assert 12_000 == shop("catalogue", "show", "A-1", "--json").data["price_minor"]
    assert 2 == shop("catalogue", "import", "odd.csv", "--vendor", "x", "--decimal", ";").code


def test_the_customers_columns_are_asked_for_too(shop, person, folder):
    (folder / "customers.csv").write_text("Nr,Wer\n7,Anna\n", "utf-8")
    asked, answers = person
    answers += ["1", "", "2", "", "", "", "", "", "", ""]
    answer = shop("customers", "import", "customers.csv", "--lang", "en")

    assert "1 added" in answer.text
    assert "the customer's number (number)" == asked[0]
