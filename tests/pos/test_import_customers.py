"""Importing the shop's customers."""

import pytest

from pos.till import START, attempt, dump, statements
from tillbridge.model.drafts import CustomerUpdate
from tillbridge.model.errors import InputError
from tillbridge.model.orders import Address, Consent
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind
from tillbridge.pos.embedded.imports import import_customers

HEADER = "number,name,email,phone,street,city,postcode,country"
SEOYUN = "C2001,강서윤,Seoyun@Example.com,010-2345-1821,성미산로 28,서울,03980,KR"
EUNCHAN = "C2002,고은찬,eunchan@example.com,010-2345-3643,뚝섬로 39,서울,04779,KR"


@pytest.fixture
def bring(shop, tmp_path):
    """Import these lines as a file of customers."""

    def bring(*lines, **more):
        path = tmp_path / "customers.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return import_customers(shop.pos, path, **more)

    return bring


@pytest.fixture
def found(shop):
    """Return the customers of an e-mail, or of a phone and a name."""

    def found(value, name=""):
        kind = CustomerKeyKind.PHONE_AND_NAME if name else CustomerKeyKind.EMAIL
        key = CustomerKey(kind, value, name)
        return [shop.pos.customer(hit.customer_id) for hit in shop.pos.find_customers([key]).get(key, ())]

    return found


def counts(report):
    return report.added, report.updated, report.unchanged, len(report.refused)


def test_a_file_brings_customers_with_their_contacts(bring, found):
    report = bring(HEADER, SEOYUN, EUNCHAN)
    (customer,) = found("seoyun@example.com")

    assert (2, 0, 0, 0) == counts(report)
    assert ("C2001", "강서윤", ["Seoyun@Example.com"], ["+821023451821"]) == (
        customer.number,
        customer.name,
        customer.emails,
        customer.phones,
    )
    assert Address(street=("성미산로 28",), city="서울", postcode="03980", country="KR") == customer.address


def test_a_second_import_of_the_same_file_changes_nothing(bring, pos_database):
    bring(HEADER, SEOYUN, EUNCHAN)
    before = dump(pos_database)

    assert (0, 0, 2, 0) == counts(bring(HEADER, SEOYUN, EUNCHAN))
    assert before == dump(pos_database)


def test_a_customer_is_found_by_phone_and_name(bring, found):
    bring(HEADER, SEOYUN)

    assert ["C2001"] == [one.number for one in found("+821023451821", "강서윤")]
    assert [] == found("+821023451821", "고은찬")


def test_a_phone_is_read_by_the_rows_country(bring, found):
    bring("number,name,phone,country", "1,Ann,(202) 555-0143,US")

    assert ["1"] == [one.number for one in found("+12025550143", "ann")]


def test_none_is_no_phone_and_other_text_is_noted(shop, bring):
    report = bring("number,name,phone,mobile", "1,Ann,n/a,", "2,Ben,ask him,")

    assert [(3, "phone", "ask him")] == [(one.line_number, one.field, one.value) for one in report.notes]


def test_a_later_file_updates_by_number(bring, found):
    """E-mails are added; the old one still leads to the customer."""
    bring(HEADER, SEOYUN)
    report = bring(HEADER, SEOYUN.replace("Seoyun@", "kang@").replace("강서윤", "강서연"))
    (customer,) = found("seoyun@example.com")

    assert (0, 1, 0, 0) == counts(report)
    assert ("강서연", ["kang@Example.com", "Seoyun@Example.com"]) == (customer.name, customer.emails)


def test_without_a_number_the_email_tells_who_it_is(shop, bring):
    report = bring("name,email,company", "김민수,MINSU@example.com,바람길")

    assert (0, 1, 0, 0) == counts(report)
    assert "바람길" == shop.pos.customer(shop.customer).company


def test_a_number_is_given_to_the_customer_of_the_email_who_has_none(bring, found):
    bring("name,email", "강서윤,seoyun@example.com")
    report = bring(HEADER, SEOYUN)

    assert (0, 1, 0, 0) == counts(report)
    assert ["C2001"] == [one.number for one in found("seoyun@example.com")]


def test_a_shared_email_is_allowed_and_noted(bring, found):
    """It then leads to both, which is no match."""
    report = bring(HEADER, SEOYUN, EUNCHAN.replace("eunchan@", "seoyun@"))

    assert (2, 0, 0, 0) == counts(report)
    assert [3] == [one.line_number for one in report.notes]
    assert 2 == len(found("seoyun@example.com"))


def test_a_shared_email_alone_tells_nobody(bring):
    bring(HEADER, SEOYUN, EUNCHAN.replace("eunchan@", "seoyun@"))
    report = bring("name,email", "강서윤,seoyun@example.com")

    assert "several customers" in report.refused[0].reason.en


@pytest.mark.parametrize("second", [SEOYUN.replace("Seoyun@", "other@"), ",강서윤,seoyun@example.com,,,,,"])
def test_a_customer_twice_in_a_file_is_refused_naming_the_first_line(bring, second):
    report = bring(HEADER, SEOYUN, second)

    assert [(3, "The same as on line 2; only the first of the two counts. They differ.")] == [
        (one.line_number, one.reason.en) for one in report.refused
    ]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (",강서윤,,", "neither a customer number nor an e-mail"),
        (",강서윤,s***@example.com,", "neither a customer number nor an e-mail"),
        ("1,,a@example.com,", "no name"),
        ("1,강서윤,a@example.com,maybe", "neither yes nor no"),
    ],
)
def test_a_line_that_cannot_be_taken_is_refused_in_words(bring, cells, words):
    report = bring("number,name,email,mailings", cells, "2,고은찬,b@example.com,")

    assert (1, 0, 0, 1) == counts(report)
    assert words in report.refused[0].reason.en


def test_first_and_last_name_make_the_name_and_emails_may_be_several(bring, found):
    bring("number,first name,last name,email", "1,Ann,Lee,a@example.com; b@example.com")

    assert [["Ann Lee"]] * 2 == [[one.name for one in found(f"{letter}@example.com")] for letter in "ab"]


def test_a_file_needs_its_columns(bring):
    with pytest.raises(InputError, match="A column is missing"):
        bring("name,phone", "강서윤,010-2345-1821")


@pytest.mark.row("S8")
def test_a_file_takes_back_only_what_a_file_ticked(shop, bring):
    """The consent that an order gave outlives the file."""
    consent = CustomerUpdate(ordered_at=START, consent=Consent(source="Locally"))
    shop.opened(shop.draft(attempt(), customer_update=consent))
    bring("number,name,mailings", "C1001,김민수,no", "C2001,강서윤,yes")
    bring("number,name,mailings", "C1001,김민수,no", "C2001,강서윤,no")
    second = shop.pos.customer("C2")

    assert shop.pos.customer(shop.customer).include_in_mailings
    assert ("C2001", False) == (second.number, second.include_in_mailings)


@pytest.mark.row("S8")
def test_a_file_leaves_the_address_that_an_order_brought(shop, bring):
    elsewhere = Address(street=("뚝섬로 39",), city="서울", postcode="04779")
    update = CustomerUpdate(ordered_at=START, shipping_address=elsewhere)
    shop.opened(shop.draft(attempt(), customer_update=update))
    bring(HEADER, "C1001,김민수,,,새길 1,부산,48000,KR")
    customer = shop.pos.customer(shop.customer)

    assert (elsewhere, "부산") == (customer.shipping_address, customer.address.city)


MIXED = (
    HEADER,
    "C1001,김민수,minsu@example.com,,,,,",
    SEOYUN,
    EUNCHAN.replace("eunchan@", "seoyun@"),
    ",강서윤,seoyun@example.com,,,,,",
    ",고은찬,eunchan@example.com,,,,,",
    "C2003,고은찬,eunchan@example.com,,,,,",
    "C2003,고은찬,,,,,,",
)


def test_a_dry_run_changes_nothing_and_reports_the_same(bring, pos_database, monkeypatch):
    monkeypatch.setattr("tillbridge.pos.embedded.imports.running._CHUNK", 2)
    before = dump(pos_database)
    dry = bring(*MIXED, dry_run=True)
    after = dump(pos_database)
    dry.dry_run = False

    assert before == after
    assert dry == bring(*MIXED)


def test_a_chunk_needs_a_fixed_number_of_queries(bring, pos_database):
    numbers = []
    for count in (1, 50):
        lines = [
            f"{count}-{number},강서윤,{count}.{number}@example.com,010-2345-{number:04},,,,"
            for number in range(count)
        ]
        with statements(pos_database) as sent:
            bring(HEADER, *lines)
        numbers.append(len(sent))

    assert numbers[0] == numbers[1]
