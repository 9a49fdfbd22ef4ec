"""Amounts of files, read back from every way in which they are written (MISSION S24)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.pos.embedded.imports.report import LineRefusal
from tillbridge.pos.embedded.imports.values import point_told_by, read_amount

pytestmark = pytest.mark.row("S24")

CENTS = st.integers(min_value=0, max_value=10**12)
STYLES = st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", "."), ("", ",")])


def written(cents, thousands, point):
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", thousands) + f"{point}{rest:02d}"


@given(CENTS, STYLES)
def test_an_amount_with_its_cents_shows_how_it_is_written(cents, style):
    text = written(cents, *style)

    assert cents == read_amount(text, field="price", currency="EUR")
    assert style[1] == point_told_by(text, "EUR")


@given(CENTS, STYLES)
def test_an_amount_is_read_by_its_columns_sign_and_by_no_other(cents, style):
    text = written(cents, *style)

    assert cents == read_amount(text, field="price", currency="EUR", point=style[1])
    with pytest.raises(LineRefusal):
        read_amount(text, field="price", currency="EUR", point="." if style[1] == "," else ",")


@given(st.text(alphabet="0123456789.,'- ", max_size=16), st.sampled_from(["", ".", ","]))
def test_whatever_stands_there_is_read_or_refused(text, point):
    """And never read as two amounts that are a thousand times apart, unless the column's sign decides."""
    try:
        amount = read_amount(text.strip(), field="price", currency="EUR", point=point)
    except LineRefusal:
        return
    if amount is not None and not point:
        told = point_told_by(text.strip(), "EUR")
        assert amount == read_amount(text.strip(), field="price", currency="EUR", point=told)
