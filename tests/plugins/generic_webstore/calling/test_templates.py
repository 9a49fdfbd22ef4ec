"""Placeholders: what they become in paths, queries and bodies, and which mistakes are said at load."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from tillbridge.plugin import Rejected
from tillbridge_generic_webstore.calling.templates import Template, Tree, compile_template, compile_tree
from tillbridge_generic_webstore.language.mistakes import Mistakes

NAMES = frozenset({"id", "keys", "since", "size", "url", "key"})


def template(source: str) -> Template:
    mistakes = Mistakes()
    made = compile_template(source, NAMES, ("orders", "get"), mistakes)
    assert not mistakes
    return made


def tree(source: Any) -> Tree:
    mistakes = Mistakes()
    made = compile_tree(source, NAMES, ("orders", "body"), mistakes)
    assert not mistakes
    return made


def faults(source: Any) -> list[str]:
    mistakes = Mistakes()
    compile_tree(source, NAMES, ("orders", "body"), mistakes)
    return [f"{one.place}: {one.words.en}" for one in mistakes]


@pytest.mark.parametrize("value", [7, Decimal("7.50"), True, ["a"], {"a": 1}, "text"])
def test_a_lone_placeholder_keeps_the_value_s_type(value: Any) -> None:
    assert template("{id}").fill({"id": value}) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "n7"),
        (Decimal("7.50"), "n7.50"),
        (Decimal("1E+3"), "n1000"),
        (True, "ntrue"),
        (["a", 2], "na,2"),
        (SecretStr("s"), "ns"),
    ],
)
def test_within_a_text_a_value_is_text(value: Any, text: str) -> None:
    assert template("n{id}").fill({"id": value}) == text


def test_a_list_may_have_another_sign_between() -> None:
    assert template("[{keys:|}]").fill({"keys": [1, 2]}) == "[1|2]"


def test_a_null_drops_its_text() -> None:
    assert template("after {since}").fill({"since": None}) is None


def test_a_null_drops_its_key_and_what_is_empty_because_of_it() -> None:
    body = {"limit": "{size}", "filter": {"at": {"start": "{since}"}}, "tags": ["{since}"], "empty": {}}

    assert tree(body).fill({"size": 5, "since": None}) == {"limit": 5, "empty": {}}


def test_double_braces_are_braces() -> None:
    assert template("{{{id}}}").fill({"id": 3}) == "{3}"


def test_what_is_filled_into_a_path_cannot_lead_elsewhere() -> None:
    assert template("orders/{id}/lines").path({"id": "a/b?c=d e"}) == "orders/a%2Fb%3Fc%3Dd%20e/lines"


@pytest.mark.parametrize("up", ["..", "."])
def test_a_value_that_would_go_up_in_a_path_is_refused(up: str) -> None:
    with pytest.raises(Rejected, match="cannot stand in an address"):
        template("orders/{id}").path({"id": up})


def test_a_lone_placeholder_as_a_path_is_an_address_that_the_webstore_gave() -> None:
    assert template("{key}").path({"key": "https://shop.example/a?b=c"}) == "https://shop.example/a?b=c"


def test_an_address_among_the_settings_is_put_into_an_address_as_it_is() -> None:
    url = template("{url}/orders/{id}").path({"url": "https://s.example", "id": "1/2"}, raw={"url"})

    assert url == "https://s.example/orders/1%2F2"


def test_an_unknown_placeholder_is_a_mistake_with_its_place() -> None:
    assert faults({"a": ["x", "{sinse}"]}) == [
        (
            "orders.body.a[2]: {sinse} is no placeholder here (id, key, keys, since, size, url). "
            "Did you mean {since}?"
        )
    ]


@pytest.mark.parametrize(("source", "at"), [("a{b c}", 2), ("x}", 2), ("{", 1)])
def test_a_stray_brace_is_a_mistake(source: str, at: int) -> None:
    assert faults(source)[0].startswith(f'orders.body: "{source[at - 1]}" at character {at} opens or closes')
