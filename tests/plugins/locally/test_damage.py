"""Damaged payloads: the place is named as the payload names it, in English and in Korean."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

import tillbridge_locally
from payloads import payload_files, payload_name
from plugins.locally.samples import KOREAN, Document, Parse, encoded, offline
from tillbridge.plugin import Connection, PayloadError, RawOrder
from tillbridge_locally.settings import Settings


def refused(parse: Parse, order: object, **settings: object) -> PayloadError:
    with pytest.raises(PayloadError) as caught:
        parse(order, **settings)
    error = caught.value
    assert error.words.en.startswith(error.path)
    assert error.words.ko.startswith(error.path)
    assert re.search("[가-힣]", error.words.ko)
    return error


CART_DAMAGE: list[tuple[str, object, str, str]] = [
    ("hash", None, "cart.hash", "1 to 64 letters, digits"),
    ("hash", "../admin", "cart.hash", "1 to 64 letters, digits"),
    ("status", "teleported", "cart.status", "known are: open, abandoned, test, ordered, partially_confirmed"),
    ("ordered_at", "2026-03-02T10:15:00", "cart.ordered_at", "has no zone"),
    ("ordered_at", "yesterday", "cart.ordered_at", "must be a time"),
    ("updated_at", 1_772_417_790, "cart.updated_at", "must be a time"),
    ("updated_at", "0001-01-01T00:00:00+14:00", "cart.updated_at", "must be a time"),
    ("for_hold", "yes", "cart.for_hold", 'true or false (1 or 0); it is "yes"'),
    ("for_hold", 2, "cart.for_hold", "it is 2"),
    ("grand_total", "50000", "cart.grand_total", 'must be a number; it is "50000"'),
    ("grand_total", Decimal("50000.5"), "cart.grand_total", "more decimals than KRW"),
    ("grand_total", -1, "cart.grand_total", "must not be less than 0"),
    ("subtotal", 49_999, "cart.subtotal", "says 49999, but its items add up to 50000"),
    ("tax_total", 4_500, "cart.tax_total", "says 4500, but its items add up to 4545"),
    ("currency", "WON", "cart.currency", "WON"),
    ("payment_status", "owed", "cart.payment_status", "known are: authorized"),
    ("items", [], "cart.items", "The list is empty"),
    ("items", "two", "cart.items", "must be a list"),
    ("first_name", {"first": "하늘"}, "cart.first_name", "must be a text"),
    ("phone", "0" * 3000, "cart.phone", "longer than 2000"),
    ("mailing_consent", "on", "cart.mailing_consent", "true or false"),
]


@pytest.mark.row("S14")
@pytest.mark.parametrize(("field", "value", "path", "said"), CART_DAMAGE)
def test_a_damaged_cart_field(
    parse: Parse, document: Document, field: str, value: object, path: str, said: str
) -> None:
    document["cart"][field] = value
    error = refused(parse, document)

    assert path == error.path
    assert said in error.words.en


ITEM_DAMAGE: list[tuple[str, object, str, str]] = [
    ("qty", "2", "cart.items[1].qty", "must be a number"),
    ("qty", 0, "cart.items[1].qty", "must be more than 0; it is 0"),
    ("qty", True, "cart.items[1].qty", "it is true"),
    ("qty", 10**30, "cart.items[1].qty", "more digits"),
    ("qty", 10**60, "cart.items[1].qty", "no usable number"),
    ("price_per_unit", None, "cart.items[1].price_per_unit", "it is null"),
    ("price_per_unit", [9000], "cart.items[1].price_per_unit", "must be a number"),
    ("tax_per_unit", 9_001, "cart.items[1].tax_per_unit", "more than the price"),
    ("upc", ["601842495575"], "cart.items[1].upc", "must be a text"),
    ("id", 1, "cart.items[1].id", "same ID 1"),
    ("id", "a/b", "cart.items[1].id", "1 to 64 letters"),
    ("status", "lost", "cart.items[1].status", 'The status "lost" is not known'),
]


@pytest.mark.row("S14")
@pytest.mark.parametrize(("field", "value", "path", "said"), ITEM_DAMAGE)
def test_a_damaged_item_field(
    parse: Parse, document: Document, field: str, value: object, path: str, said: str
) -> None:
    document["cart"]["items"][1][field] = value
    error = refused(parse, document)

    assert path == error.path
    assert said in error.words.en


def test_a_missing_field(parse: Parse, document: Document) -> None:
    """Missing is said as missing, and the other damaged places are counted."""
    del document["cart"]["items"][1]["qty"]
    del document["cart"]["grand_total"]
    error = refused(parse, document)

    assert ("cart.grand_total", True) == (error.path, "1 more place is damaged" in error.words.en)


def test_a_reservation_that_is_delivered(parse: Parse, document: Document) -> None:
    document["cart"] |= {"for_hold": 1, "for_delivery": 1}

    assert "cart.for_delivery" == refused(parse, document).path


BYTES = [
    (b"", "no complete JSON"),
    (b'{"cart": {"hash": "QE3', "no complete JSON: it breaks at character 18"),
    (b"\xff\xfe{\x00", "no text in UTF-8 (byte 0)"),
    ("가나다".encode("cp949"), "no text in UTF-8"),
    (b"<html>Service Unavailable</html>", "no complete JSON"),
    (b'{"cart": ' * 100_000, "nested too deep"),
    (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
    (b'{"cart": "a\x00b"}', "no complete JSON"),
    (b"[]", "order: It must be an object with fields"),
    (b"null", "order: It must be an object with fields"),
    (b'"QE3QL6"', "order: It must be an object with fields"),
    (b"NaN", "order: It must be an object"),
]


@pytest.mark.parametrize(("content", "said"), BYTES)
def test_bytes_that_are_no_order(parse: Parse, content: bytes, said: str) -> None:
    assert said in refused(parse, content).words.en


def test_a_field_that_stands_twice(parse: Parse) -> None:
    """Two readers would read two different orders."""
    error = refused(parse, b'{"cart": {"items": [{"id": 1}, {"qty": 1, "qty": 100}]}}')

    assert "cart.items[1].qty" == error.path


def test_a_number_without_end(parse: Parse, document: Document) -> None:
    """Numbers that no computer holds are refused where they are used."""
    document["cart"]["grand_total"] = 1234567
    for huge in (b"1e999999999999999999999", b"NaN", b"-Infinity", b"9" * 6000, b"1e-400"):
        content = encoded(document).replace(b"1234567", huge)
        assert "cart.grand_total" == refused(parse, content).path


def test_half_an_emoji_and_a_nul_do_not_stop_an_order(parse: Parse, document: Document) -> None:
    """A title's broken sign is shown as such; the order is whole."""
    document["cart"]["items"][0]["product_title"] = "헬멧 \ud83d\x00M"

    assert "헬멧 \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}M" == parse(document).lines[0].title


@pytest.fixture
def korean_shop() -> Connection:
    """A connection that no parser asks anything of."""
    return offline(Settings.model_validate(KOREAN))


def test_an_order_that_came_as_another(korean_shop: Connection, document: Document) -> None:
    """What came under one order's hash must be that order."""
    raw = RawOrder("OTHER1", {"order": encoded(document)})

    with pytest.raises(PayloadError, match="This is order QE3QL6") as caught:
        tillbridge_locally.parse_order(korean_shop, raw)
    assert "cart.hash" == caught.value.path


def test_an_order_without_its_part(korean_shop: Connection) -> None:
    """A part that was never kept is said to be missing."""
    with pytest.raises(PayloadError, match="data is missing"):
        tillbridge_locally.parse_order(korean_shop, RawOrder("QE3QL6", {}))


@pytest.mark.parametrize("file", [*payload_files(), *payload_files(suffix=".xml")], ids=payload_name)
def test_other_systems_orders_are_refused_in_words(parse: Parse, file: Path) -> None:
    """No real order of any other system is taken for one of Locally's, and none crashes the parser."""
    with pytest.raises(PayloadError) as caught:
        parse(file.read_bytes())
    assert caught.value.path
    assert re.search("[가-힣]", caught.value.words.ko)
