"""What holds for every text that is read as an identifier."""

from hypothesis import given
from hypothesis import strategies as st

from tillbridge.model.identifiers import (
    check_digit,
    normalise_email,
    normalise_name,
    normalise_part_number,
    read_gtin,
)

DIGITS = st.text("0123456789", max_size=20)
# What a barcode column may hold, and anything else.
ANYTHING = st.text() | DIGITS | st.text("0123456789-. eE+\u3000０９", max_size=20) | st.none()


def whole(*widths: int) -> st.SearchStrategy[str]:
    """Make digits of such a width with a right check digit; the first is not 0."""
    return st.sampled_from(widths).flatmap(
        lambda width: st.from_regex(rf"[1-9][0-9]{{{width - 2}}}", fullmatch=True, alphabet="0123456789").map(
            lambda digits: digits + check_digit(digits)
        )
    )


@given(text=ANYTHING, upc_e=st.booleans())
def test_a_reading_never_fails_and_never_has_a_wrong_check_digit(text: str | None, *, upc_e: bool) -> None:
    reading = read_gtin(text, upc_e=upc_e)
    found = [repair.gtin for repair in reading.repairs] + ([reading.gtin] if reading.gtin else [])

    assert reading.raw == (text or "")
    for gtin in found:
        assert len(gtin) == 14
        assert gtin[-1] == check_digit(gtin[:-1])
        assert gtin.strip("0")


@given(text=ANYTHING, upc_e=st.booleans())
def test_a_reading_says_one_thing(text: str | None, *, upc_e: bool) -> None:
    reading = read_gtin(text, upc_e=upc_e)

    assert (reading.gtin is not None) + bool(reading.repairs) + (reading.refusal is not None) <= 1
    assert reading.refusal is not None or not reading.restricted


@given(whole(8, 12, 13, 14), st.data())
def test_every_single_wrong_digit_is_caught(digits: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[place]]))
    wrong = digits[:place] + other + digits[place + 1 :]

    assert read_gtin(wrong).gtin is None


@given(whole(12, 13))
def test_a_leading_zero_changes_nothing(digits: str) -> None:
    short, long = read_gtin(digits), read_gtin(f"0{digits}")

    assert (short.gtin, short.restricted) == (long.gtin, long.restricted)


@given(whole(8, 12, 13, 14))
def test_a_canonical_number_reads_as_itself(digits: str) -> None:
    gtin = read_gtin(digits).gtin

    assert gtin is None or read_gtin(gtin).gtin == gtin


@given(whole(12, 13, 14), st.lists(st.sampled_from([" ", "-", "\u00a0", "\u2011"]), min_size=14, max_size=14))
def test_layout_changes_nothing(digits: str, layout: list[str]) -> None:
    spaced = "".join(digit + gap for digit, gap in zip(digits, layout, strict=False))

    assert read_gtin(spaced).gtin == read_gtin(digits).gtin


@given(whole(12, 13))
def test_a_number_without_its_check_digit_is_among_the_repairs(digits: str) -> None:
    exact, damaged = read_gtin(digits).gtin, read_gtin(digits[:-1])

    # What is left may happen to be a whole number of its own.
    if exact and damaged.gtin is None and not damaged.restricted:
        assert exact in {repair.gtin for repair in damaged.repairs}


@given(whole(11))
def test_a_upc_without_its_leading_zero_is_among_the_repairs(digits: str) -> None:
    exact = read_gtin(f"0{digits}").gtin

    assert exact in {repair.gtin for repair in read_gtin(digits).repairs} | {None}


@given(st.text())
def test_comparing_twice_is_comparing_once(text: str) -> None:
    email = normalise_email(text)

    assert normalise_part_number(normalise_part_number(text)) == normalise_part_number(text)
    assert normalise_name(normalise_name(text)) == normalise_name(text)
    assert email is None or normalise_email(email) == email


@given(st.from_regex(r"[a-z0-9._+-]{1,20}@[a-z0-9-]{1,10}(\.[a-z]{2,5}){1,2}", fullmatch=True))
def test_an_email_is_kept_but_for_its_case(text: str) -> None:
    assert normalise_email(text) in {text, None}
    assert normalise_email(f" {text.upper()} ") == normalise_email(text)


@given(st.text("0123456789", min_size=1))
def test_a_part_number_keeps_every_digit(text: str) -> None:
    assert normalise_part_number(f" {text[:3]}-{text[3:]}. ") == text
