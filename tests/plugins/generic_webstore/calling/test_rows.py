"""Rows are cut from an answer as they are; where they are not, it is said what is there."""

import pytest

from tillbridge_generic_webstore.calling.rows import RowsError, RowsPath, compile_rows
from tillbridge_generic_webstore.language.mistakes import Mistakes


def rows(source: str) -> RowsPath:
    mistakes = Mistakes()
    made = compile_rows(source, ("orders", "rows"), mistakes)
    assert [one.words.en for one in mistakes] == []
    return made


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("[]", b'[{"a": 1.10}, {"a":1e2}]'),
        ("orders", b'{"x": 0, "orders": [{"a": 1.10}, {"a":1e2}]}'),
        ("orders[]", b'{"orders": [{"a": 1.10}, {"a":1e2}]}'),
        ("data.edges[].node", b'{"data": {"edges": [{"node": {"a": 1.10}}, {"node": {"a":1e2}}]}}'),
        ('"hydra:member"', b'{"hydra:member": [{"a": 1.10}, {"a":1e2}]}'),
        ("@[]", b'[{"a": 1.10}, {"a":1e2}]'),
        ("results | []", b'{"results": [{"a": 1.10}, {"a":1e2}]}'),
        ("results | []", b'[{"a": 1.10}, {"a":1e2}]'),
        ("[].list[]", b'[{"list": [{"a": 1.10}]}, {"list": [{"a":1e2}]}]'),
        ("orders.*", b'{"orders": {"7": {"a": 1.10}, "9": {"a":1e2}}}'),
        ("*", b'{"7": {"a": 1.10}, "9": {"a":1e2}}'),
        ("data.*.node", b'{"data": {"x": {"node": {"a": 1.10}}, "y": {"node": {"a":1e2}}}}'),
    ],
)
def test_rows_are_cut_byte_for_byte(path: str, content: bytes) -> None:
    assert rows(path).cut(content) == [b'{"a": 1.10}', b'{"a":1e2}']


def test_the_answer_itself_is_one_row() -> None:
    assert rows("@").cut(b'{"id": 1}') == [b'{"id": 1}']


def test_an_object_at_the_end_of_the_path_is_one_row() -> None:
    assert rows("order").cut(b'{"order": {"id": 1}}') == [b'{"id": 1}']


def test_an_object_without_keys_is_an_empty_list_to_php() -> None:
    assert rows("orders.*").cut(b'{"orders": []}') == []


def test_no_rows_in_the_list_are_none() -> None:
    assert rows("orders").cut(b'{"orders": []}') == []


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("orders", b"{}", 'rows "orders": orders is not in the answer; it has: -'),
        (
            "orders",
            b'{"data": 1, "meta": 2}',
            'rows "orders": orders is not in the answer; it has: data, meta',
        ),
        (
            "data.orders",
            b'{"data": {"orders": null}}',
            (
                'rows "data.orders": data.orders is null; if that means that there are none, say so with '
                "empty_when"
            ),
        ),
        ("[]", b'{"error": 1}', 'rows "[]": @ is no list but an object'),
        ("a | []", b'{"error": 1}', 'rows "a": a is not in the answer; it has: error'),
        ("orders[]", b'{"orders": {"id": 1}}', 'rows "orders[]": orders is no list but an object'),
        ("data.orders", b'{"data": []}', 'rows "data.orders": data holds no orders, for it is a list'),
        ("[]", b'[{"a": 1}, {"a"', "the answer is no complete JSON (15 bytes)"),
        (
            "orders",
            b"<html>Maintenance</html>",
            "the answer is no JSON but a page of HTML or XML (24 bytes)",
        ),
    ],
)
def test_rows_that_are_not_there_are_an_error_in_words(path: str, content: bytes, said: str) -> None:
    """An absent envelope would else look like a shop without orders."""
    with pytest.raises(RowsError) as raised:
        rows(path).cut(content)

    assert raised.value.words.en == said


@pytest.mark.parametrize(
    ("path", "at"), [("a b", 2), ("a..b", 3), ("a.", 3), ("", 1), ("[0]", 1), ("a[]b", 4), ("length(a)", 7)]
)
def test_a_path_that_cannot_be_read_is_a_mistake(path: str, at: int) -> None:
    mistakes = Mistakes()

    compile_rows(path, ("orders", "rows"), mistakes)

    (mistake,) = mistakes
    assert mistake.words.en.startswith("unexpected ")
    assert f"at character {at}:" in mistake.words.en
