"""Identifiers: one form for the same number, repairs where it is only probable, words where it is none."""

import pytest

from tillbridge.model.identifiers import (
    IdentifierKind,
    Reading,
    Repair,
    check_digit,
    is_guest_id,
    normalise_email,
    normalise_name,
    normalise_part_number,
    read_gtin,
)


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        ("72760225917", "8"),
        ("60528457453", "9"),
        ("73674504031", "4"),
        ("60184249557", "5"),
        ("68648745594", "8"),
        ("400638133393", "1"),
        ("978030640615", "7"),
        ("9638507", "4"),
        ("1061414100041", "5"),
        ("0", "0"),
    ],
)
def test_the_check_digit_is_that_of_gs1(digits: str, check: str) -> None:
    assert check_digit(digits) == check


@pytest.mark.parametrize("digits", ["", "12a", "１２", "1 2", "-1"])
def test_a_check_digit_is_made_of_digits_only(digits: str) -> None:
    with pytest.raises(ValueError, match="a check digit is made of digits"):
        check_digit(digits)


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("727602259178", "00727602259178"),
        ("605284574539", "00605284574539"),
        ("736745040314", "00736745040314"),
        ("601842495575", "00601842495575"),
        ("686487455948", "00686487455948"),
        ("0727602259178", "00727602259178"),
        ("00727602259178", "00727602259178"),
        ("8806088269696", "08806088269696"),
        ("9780306406157", "09780306406157"),
        ("10614141000415", "10614141000415"),
        ("96385074", "00000096385074"),
        ("000096385074", "00000096385074"),
        ("0078000003864", "00078000003864"),
    ],
)
def test_a_number_with_a_right_check_digit_is_exact(text: str, gtin: str) -> None:
    assert read_gtin(text) == Reading(gtin, (), text)


@pytest.mark.parametrize(
    "text",
    [
        " 727602259178\t",
        "7-27602-25917-8",
        "7 27602 25917 8",
        "7\u201127602\u00a025917\u20138",
        "\ufeff727602259178\u200b",
        "７２７６０２２５９１７８",
        "７－２７６０２\u3000２５９１７８",
    ],
)
def test_spaces_hyphens_and_full_width_digits_do_not_matter(text: str) -> None:
    assert read_gtin(text) == Reading("00727602259178", (), text)


@pytest.mark.parametrize("text", [None, "", "  ", "N/A", "n/a", "NA", "none", "NULL", "0", "-", " - "])
def test_nothing_given_is_neither_a_number_nor_a_mistake(text: str | None) -> None:
    assert read_gtin(text) == Reading(None, (), text or "")


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("04252614", "00042100005264"),
        ("07838604", "00078000003864"),
        ("425261", "00042100005264"),
        ("0783860", "00078000003864"),
        ("01234531", "00012300000451"),
        ("01234543", "00012340000053"),
        ("042100005264", "00042100005264"),
    ],
)
def test_a_upc_e_is_expanded_where_the_field_says_so(text: str, gtin: str) -> None:
    assert read_gtin(text, upc_e=True) == Reading(gtin, (), text)


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        ("4252614", (Repair("00042100005264", "leading_zero_lost"),)),
        (
            "0425261",
            (
                Repair("00004252000061", "leading_zero_lost"),
                Repair("00042100005264", "check_digit_lost"),
            ),
        ),
        ("96385074", (Repair("00000096385074", "upc_e_or_gtin_8"),)),
    ],
)
def test_a_doubtful_upc_e_is_a_repair(text: str, repairs: tuple[Repair, ...]) -> None:
    assert read_gtin(text, upc_e=True) == Reading(None, repairs, text)


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        # Right only as UPC-E, and nobody said that it is one.
        ("04252614", (Repair("00042100005264", "upc_e"),)),
        ("07838604", (Repair("00078000003864", "upc_e"),)),
        # Right as both.
        (
            "12345656",
            (Repair("00000012345656", "upc_e_or_gtin_8"), Repair("00123456000056", "upc_e_or_gtin_8")),
        ),
        # Right as both, but a GTIN-8 of 0 is for a company's own use.
        ("01234565", (Repair("00012345000065", "upc_e_or_gtin_8"),)),
        # 036000291452 without its zero.
        (
            "36000291452",
            (Repair("00036000291452", "leading_zero_lost"), Repair("00360002914522", "check_digit_lost")),
        ),
        # 727602259178 without its check digit; with a zero it happens to be right as well.
        (
            "72760225917",
            (Repair("00072760225917", "leading_zero_lost"), Repair("00727602259178", "check_digit_lost")),
        ),
        # 605284574539 without its check digit.
        ("60528457453", (Repair("00605284574539", "check_digit_lost"),)),
        # 036000291452 without both.
        ("3600029145", (Repair("00036000291452", "leading_zero_and_check_digit_lost"),)),
        # 001234567895 without its zeros.
        (
            "1234567895",
            (
                Repair("00001234567895", "leading_zero_lost"),
                Repair("00012345678950", "leading_zero_and_check_digit_lost"),
            ),
        ),
        # 4006381333931 without its check digit.
        ("400638133393", (Repair("04006381333931", "check_digit_lost"),)),
    ],
)
def test_a_damaged_number_is_offered_with_what_happened_to_it(text: str, repairs: tuple[Repair, ...]) -> None:
    assert read_gtin(text) == Reading(None, repairs, text)


@pytest.mark.parametrize(
    "text",
    [
        "2012345678903",
        "212345678909",
        "0212345678909",
        "412345678903",
        "512345678900",
        "9812345678902",
        "9912345678909",
        "20123451",
        "00000020123451",
    ],
)
def test_a_number_for_own_use_is_no_key(text: str) -> None:
    reading = read_gtin(text)

    assert reading.restricted
    assert (reading.gtin, reading.repairs) == (None, ())
    assert reading.refusal is not None
    assert "for use within a shop" in reading.refusal.en


@pytest.mark.parametrize(
    ("text", "said", "korean"),
    [
        ("7.27602E+11", "a spreadsheet has shortened", "스프레드시트"),
        ("7,27602e+11", "a spreadsheet has shortened", "스프레드시트"),
        ("7.27602E11", "a spreadsheet has shortened", "스프레드시트"),
        ("ABC", "other characters than digits", "숫자가 아닌 문자"),
        ("72760225917X", "other characters than digits", "숫자가 아닌 문자"),
        ("727602259178, 605284574539", "other characters than digits", "숫자가 아닌 문자"),
        ("٧٢٧٦٠٢٢٥٩١٧٨", "other characters than digits", "숫자가 아닌 문자"),
        ("000000000000", "only zeros", "0으로만"),
        ("00000000000000", "only zeros", "0으로만"),
        ("00000000", "only zeros", "0으로만"),
        ("00", "only zeros", "0으로만"),
        ("12345", "8, 12, 13 or 14 digits", "자리여야 합니다"),
        ("425261", "8, 12, 13 or 14 digits", "자리여야 합니다"),
        ("000727602259178", "8, 12, 13 or 14 digits", "자리여야 합니다"),
        ("96385075", "the check digit, does not fit", "검증 숫자"),
        ("8806088269697", "the check digit, does not fit", "검증 숫자"),
        ("10614141000416", "the check digit, does not fit", "검증 숫자"),
    ],
)
def test_what_is_no_barcode_number_is_refused_in_words(text: str, said: str, korean: str) -> None:
    reading = read_gtin(text)

    assert (reading.gtin, reading.repairs, reading.restricted) == (None, (), False)
    assert reading.refusal is not None
    assert reading.refusal.en.startswith(repr(text))
    assert said in reading.refusal.en
    assert korean in reading.refusal.ko


def test_a_refusal_shows_only_the_beginning_of_a_long_text() -> None:
    refusal = read_gtin("x" * 1000).refusal

    assert refusal is not None
    assert len(refusal.en) < 120


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("AB-123.45 X", "ab12345x"),
        ("0123", "0123"),
        ("ＡＢ－１２３", "ab123"),
        ("ab\u2013123\u00a0\u200bx", "ab123x"),
        ("가-12", "가12"),
        ("AB/12_3", "ab/12_3"),
        ("-. ", ""),
        ("", ""),
    ],
)
def test_part_numbers_are_compared_without_case_and_layout(text: str, form: str) -> None:
    assert normalise_part_number(text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("  Blue\u3000 Heron\nCo. ", "blue heron co."),
        ("ＡＣＭＥ", "acme"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("\u1112\u1161\u11ab", "한"),
        ("", ""),
    ],
)
def test_names_are_compared_without_case_and_layout(text: str, form: str) -> None:
    assert normalise_name(text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (" Jane.Doe@Shop.Example ", "jane.doe@shop.example"),
        ("jane+till@shop.example", "jane+till@shop.example"),
        ("ｊａｎｅ＠shop.example", "jane@shop.example"),
        ("o'neil@shop.example", "o'neil@shop.example"),
        ("김@한국.example", "김@한국.example"),
        ("jane@localhost.example", "jane@localhost.example"),
    ],
)
def test_emails_are_compared_without_case(text: str, form: str) -> None:
    assert normalise_email(text) == form


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "  ",
        "jane",
        "jane@",
        "@shop.example",
        "jane@shop",
        "jane@@shop.example",
        "jane@shop@shop.example",
        "ja ne@shop.example",
        "a@shop.example, b@shop.example",
        "Jane <jane@shop.example>",
        "j***@shop.example",
        "j…@shop.example",
        "j..e@shop.example",
        "j•••@shop.example",
        ".jane@shop.example",
        "jane@shop..example",
        "jane@.example",
        "jane@shop/example.com",
        "ja\u200bne@shop.example",
        "guest@example.invalid",
        "guest@shop.local",
        "root@shop.localhost",
        "x" * 250 + "@shop.example",
    ],
)
def test_an_address_that_identifies_nobody_is_no_key(text: str | None) -> None:
    assert normalise_email(text) is None


@pytest.mark.parametrize(
    "text", [None, "", " ", "0", "-1", "null", "NULL", "None", "undefined", "Guest", "ANONYMOUS", " guest "]
)
def test_what_webstores_write_for_no_customer_is_a_guest(text: str | None) -> None:
    assert is_guest_id(text)


@pytest.mark.parametrize("text", ["1", "00", "10", "guest1", "gid://shop/Customer/0", "7c9e6679"])
def test_a_customer_number_is_no_guest(text: str) -> None:
    assert not is_guest_id(text)


def test_the_kinds_are_stored_by_these_names() -> None:
    assert [kind.value for kind in IdentifierKind] == ["gtin", "gtin_repaired", "vpn", "mpn", "sku"]
