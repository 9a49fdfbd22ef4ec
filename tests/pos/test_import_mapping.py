"""What a vendor's own titles mean is said once and remembered (MISSION S24)."""

import pytest

from pos.importing import counts
from pos.till import won
from tillbridge.model.errors import InputError
from tillbridge.pos.embedded.imports import FileOptions, import_customers, import_products

pytestmark = pytest.mark.row("S24")

HEADER, LINE = "Artikel,Bezeichnung,UVP", "G-1,Klingel,100"
MEANT = {"Artikel": "vpn", "Bezeichnung": "description", "UVP": "price"}


@pytest.fixture
def bring(shop, tmp_path):
    def bring(*lines, vendor="독일상사", dry_run=False, **options):
        path = tmp_path / "file.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return import_products(shop.pos, path, vendor=vendor, dry_run=dry_run, options=FileOptions(**options))

    return bring


def test_titles_that_are_mapped_are_read(shop, bring):
    report = bring(HEADER, LINE, mapping=MEANT)

    assert ((1, 0, 0, 0), MEANT) == (counts(report), report.mapping)
    assert won(100) == shop.pos.catalogue("G-1").price


def test_the_next_file_is_read_the_same_way_by_itself(bring):
    """However its titles are written."""
    bring(HEADER, LINE, mapping=MEANT)
    report = bring("ARTIKEL,UVP,Bezeichnung", "G-1,200,Klingel")

    assert (0, 1, 0, 0) == counts(report)
    assert {"ARTIKEL": "vpn", "UVP": "price", "Bezeichnung": "description"} == report.mapping


def test_without_it_the_file_is_refused_saying_how(bring):
    with pytest.raises(InputError, match=r'The file has: Artikel, Bezeichnung, UVP.*--map "TITLE=vpn"'):
        bring(HEADER, LINE)


def test_another_vendors_titles_are_its_own(bring):
    bring(HEADER, LINE, mapping=MEANT)

    with pytest.raises(InputError, match="A column is missing"):
        bring(HEADER, LINE, vendor="둘")


def test_a_vendor_is_the_same_however_its_name_is_written(bring):
    bring(HEADER, LINE, vendor="Radhaus  GmbH", mapping=MEANT)

    assert (0, 0, 1, 0) == counts(bring(HEADER, LINE, vendor="radhaus gmbh"))


def test_a_dry_run_remembers_nothing(bring):
    bring(HEADER, LINE, mapping=MEANT, dry_run=True)

    with pytest.raises(InputError, match="A column is missing"):
        bring(HEADER, LINE)


def test_a_later_word_on_a_title_counts(shop, bring):
    bring(HEADER, LINE, mapping=MEANT)
    bring(HEADER, LINE, mapping={"UVP": "cost"})

    assert {**MEANT, "UVP": "cost"} == bring(HEADER, LINE).mapping


def test_a_title_that_is_understood_may_mean_something_else(shop, bring):
    """What is said counts; the usual column of that field is not read then."""
    report = bring("vpn,name,long text", "A-1,벨,작은 벨", mapping={"Long text": "description"})

    assert ("작은 벨", ("name",)) == (shop.pos.catalogue("A-1").description, report.unknown_columns)


def test_a_column_can_be_left_out(bring):
    report = bring("vpn,part no,description", "A-1,B-1,벨", mapping={"part no": "-"})

    assert ((1, 0, 0, 0), ()) == (counts(report), report.unknown_columns)
    assert (0, 0, 1, 0) == counts(bring("vpn,part no,description", "A-1,B-1,벨"))


def test_what_was_remembered_can_be_forgotten(bring):
    bring(HEADER, LINE, mapping=MEANT)
    bring("vpn,description", "A-1,벨", forget=True)

    with pytest.raises(InputError, match="A column is missing"):
        bring(HEADER, LINE)


@pytest.mark.parametrize(
    ("header", "line"),
    [("Artikel,Name,Preis", "G-1,Klingel,200"), ("vpn,description", "G-1,Klingel")],
)
def test_a_file_that_lacks_a_remembered_column_is_refused(shop, bring, header, line):
    """Rather than imported without it, silently."""
    bring(HEADER, LINE, mapping=MEANT)

    with pytest.raises(InputError, match=r"no longer has a column that was remembered: “UVP” \(price\)"):
        bring(header, line)
    assert won(100) == shop.pos.catalogue("G-1").price


def test_a_remembered_column_under_another_title_is_said_anew(shop, bring):
    bring(HEADER, LINE, mapping=MEANT)
    lines = ("Artikel,Bezeichnung,Preis", "G-1,Klingel,200")
    bring(*lines, mapping={"Preis": "price"})

    assert won(200) == shop.pos.catalogue("G-1").price
    assert (0, 0, 1, 0) == counts(bring(*lines))


def test_a_remembered_column_may_be_gone_for_good(bring):
    bring(HEADER, LINE, mapping=MEANT)
    lines = ("Artikel,Bezeichnung", "G-1,Klingel")

    assert (0, 0, 1, 0) == counts(bring(*lines, mapping={"UVP": "-"}))
    assert (0, 0, 1, 0) == counts(bring(*lines))


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (
            {"Artikl": "vpn"},
            "names a column “Artikl”, and the file has none. It has: Artikel, Bezeichnung, UVP",
        ),
        ({"Artikel": "part"}, "cannot mean 'part'. A column may be: vpn, gtin, description"),
        ({**MEANT, "Artikel": "price"}, "Two columns say the same: “Artikel”, “UVP”"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_and_not_kept(bring, mapping, words):
    with pytest.raises(InputError, match=words):
        bring(HEADER, LINE, mapping=mapping)
    with pytest.raises(InputError, match="A column is missing"):
        bring(HEADER, LINE)


def test_a_header_of_own_titles_is_found_below_what_the_file_is_called(bring):
    bring(HEADER, LINE, mapping=MEANT)
    report = bring("Preisliste,,", "Stand 2026,,", HEADER, LINE)

    assert (3, (0, 0, 1, 0)) == (report.header_line, counts(report))


def test_the_customers_files_have_titles_of_their_own(shop, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("Kundennr,Wer\n77,Anna Schmidt\n", encoding="utf-8")
    options = FileOptions(mapping={"Kundennr": "number", "Wer": "name"})

    assert (1, 0, 0, 0) == counts(import_customers(shop.pos, path, options=options))
    assert (0, 0, 1, 0) == counts(import_customers(shop.pos, path))


TWICE = ("vpn,description,price,price", "A-1,벨,100,80")


def test_two_columns_of_one_title_are_refused_saying_how_to_leave_one_out(bring):
    with pytest.raises(InputError, match=r'“price”, “price”.*--map "price#2=-" .*#1 is the first'):
        bring(*TWICE)


@pytest.mark.parametrize(("left_out", "read"), [("price#2", 100), ("Price#1", 80)])
def test_one_of_two_columns_of_one_title_can_be_left_out(shop, bring, left_out, read):
    report = bring(*TWICE, mapping={left_out: "-"})

    assert ((1, 0, 0, 0), ()) == (counts(report), report.unknown_columns)
    assert won(read) == shop.pos.catalogue("A-1").price


def test_which_of_two_columns_is_left_out_is_remembered(shop, bring):
    bring(*TWICE, mapping={"price#1": "-"})

    assert (0, 0, 1, 0) == counts(bring(*TWICE))


def test_two_columns_of_one_title_can_mean_two_things(shop, bring):
    bring("vpn,description,Preis,Preis", "A-1,벨,100,80", mapping={"Preis": "price", "Preis#2": "cost"})

    assert won(100) == shop.pos.catalogue("A-1").price


def test_a_title_with_a_number_sign_of_its_own_is_itself(shop, bring):
    report = bring("vpn,description,Preis#2", "A-1,벨,100", mapping={"Preis#2": "price"})

    assert ((1, 0, 0, 0), won(100)) == (counts(report), shop.pos.catalogue("A-1").price)


def test_a_third_of_two_columns_is_refused(bring):
    with pytest.raises(InputError, match="names a column “price#3”, and the file has none"):
        bring(*TWICE, mapping={"price#3": "-"})
