"""The parser under arbitrary damage: a web order, a reason why it is none, or a PayloadError."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import tillbridge_locally
from plugins.locally.samples import KOREAN, VALID, Document, encoded, offline
from tillbridge.plugin import NotAnOrder, PayloadError, RawOrder, WebOrder
from tillbridge_locally.settings import Settings

SHOP = offline(Settings.model_validate(KOREAN))
CART_FIELDS = [*VALID["cart"], "currency", "payment_status", "delivery_address", "mailing_consent_at"]
ITEM_FIELDS = [*VALID["cart"]["items"][0], "message", "product_id"]

texts = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["\ud800", "\x00", "0", "NaN", "1e9", "-" * 5000]
)
numbers = (
    st.integers() | st.floats() | st.decimals() | st.sampled_from([10**40, -1, 0, 1e308, 2**63, 0.1 + 0.2])
)
scalars = st.none() | st.booleans() | texts | numbers
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def outcome(content: bytes) -> WebOrder | NotAnOrder | PayloadError:
    try:
        answer = tillbridge_locally.parse_order(SHOP, RawOrder(None, {"order": content}))
    except PayloadError as error:
        # What is said is kept in a database and shown: it must be text that both can hold.
        (error.path + error.words.en + error.words.ko).encode()
        return error
    assert isinstance(answer, WebOrder | NotAnOrder)
    return answer


def written(document: object) -> bytes:
    """Write JSON as carelessly as a broken service would: NaN, huge numbers, halves of signs."""
    return json.dumps(document, default=str).encode()


@given(st.lists(st.tuples(st.sampled_from(CART_FIELDS), values), min_size=1, max_size=3))
def test_bent_cart_fields(bends: list[tuple[str, Any]]) -> None:
    document: Document = copy.deepcopy(VALID)
    document["cart"].update(bends)

    outcome(written(document))


@given(
    st.sampled_from([0, 1]), st.lists(st.tuples(st.sampled_from(ITEM_FIELDS), values), min_size=1, max_size=3)
)
def test_bent_item_fields(place: int, bends: list[tuple[str, Any]]) -> None:
    document: Document = copy.deepcopy(VALID)
    document["cart"]["items"][place].update(bends)

    outcome(written(document))


@given(values)
def test_anything_in_place_of_an_order(anything: object) -> None:
    outcome(written(anything))
    outcome(written({"cart": anything, "user": anything}))


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    outcome(content)


@given(st.data())
def test_a_valid_order_with_damaged_bytes(data: st.DataObject) -> None:
    """Cut off, a byte changed, a piece doubled: the JSON may be broken at any place."""
    content = encoded(VALID)
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start, min(len(content), start + 60)))
    middle = data.draw(st.sampled_from([b"", b"\xed\xa0\x80", b"\x00", content[start:end] * 2, b"[" * 3000]))

    outcome(content[:start] + middle + content[end:])


@given(st.integers(0, 400))
def test_every_way_to_cut_an_order_off(length: int) -> None:
    """A payload that ends early is never an order."""
    assert isinstance(outcome(encoded(VALID)[:length]), PayloadError)
