"""What a webstore writes for nothing (false, "N/A") is nothing, wherever it comes."""

import pytest

from plugins.generic_webstore.shop import read
from tillbridge.plugin import PayloadError, Standing


def test_values_that_stand_for_nothing_are_nothing_in_orders_lines_and_parts() -> None:
    found = read(
        {"note": False, "phone": "N/A", "items": [{"id": 1, "title": "Bell", "quantity": 1, "ean": False}]},
        parts={"people": [{"email": False}]},
        defaults={"nothing": [False, "N/A"]},
        order={
            "note": "note",
            "total": "'1'",
            "total_tax": None,
            "customer": {"phone": "phone", "email": "_parts.people[0].email"},
        },
        lines={"gtin": "ean", "net": None, "tax": None, "gross": "'1'"},
    )

    assert (found.note, found.customer.phone, found.customer.email) == ("", None, None)
    assert found.lines[0].identifiers == ()


def test_where_nothing_is_declared_false_is_a_text() -> None:
    assert read({"note": False}, order={"note": "note"}).note == "false"


def test_a_zero_is_not_false() -> None:
    """To Python it is."""
    found = read(
        {
            "total": 0,
            "tax": 0,
            "items": [{"id": 1, "title": "Sticker", "quantity": 1, "net": 0, "tax": 0, "sku": "S"}],
        },
        defaults={"nothing": [False]},
    )

    assert found.total.minor == 0


def test_a_field_that_must_be_there_is_missing() -> None:
    with pytest.raises(PayloadError, match=r"order\.total"):
        read({"total": False}, defaults={"nothing": [False]})


def test_a_standing_s_table_knows_it_as_none() -> None:
    standing = [{"of": "state", "map": {"(none)": "open"}}]

    found = read({"state": False}, defaults={"nothing": [False]}, order={"standing": standing})

    assert found.standing is Standing.OPEN
