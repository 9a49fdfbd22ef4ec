"""Every key of a TOML text is found with its line, and nothing else is."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from payloads import ROOT
from tillbridge_generic_webstore.language.positions import find_positions

EXAMPLE = '''title = "Kiosk" # [no.table]
defaults.money = "minor"

[connect]
base = """
https://kiosk.example
[not.a.table]
"""
auth = { basic = ["{key}",
  "}"], over_http = 'x = {' }

  [[order.charges]]
kind = "fee"
each = [
  # a comment ] }
  "a", { "the key" = 1, b.c = 2026-03-01 09:00:00 },
]
[[order.charges]]
[order.charges.inner]
"(none)" = -1.5e3
'''


def test_each_kind_of_key_has_its_line():
    assert find_positions(EXAMPLE).lines == {
        ("title",): 1,
        ("defaults",): 2,
        ("defaults", "money"): 2,
        ("connect",): 4,
        ("connect", "base"): 5,
        ("connect", "auth"): 9,
        ("connect", "auth", "basic"): 9,
        ("connect", "auth", "basic", 0): 9,
        ("connect", "auth", "basic", 1): 10,
        ("connect", "auth", "over_http"): 10,
        ("order",): 12,
        ("order", "charges"): 12,
        ("order", "charges", 0): 12,
        ("order", "charges", 0, "kind"): 13,
        ("order", "charges", 0, "each"): 14,
        ("order", "charges", 0, "each", 0): 16,
        ("order", "charges", 0, "each", 1): 16,
        ("order", "charges", 0, "each", 1, "the key"): 16,
        ("order", "charges", 0, "each", 1, "b"): 16,
        ("order", "charges", 0, "each", 1, "b", "c"): 16,
        ("order", "charges", 1): 18,
        ("order", "charges", 1, "inner"): 19,
        ("order", "charges", 1, "inner", "(none)"): 20,
    }


def test_what_is_not_there_has_the_line_of_its_table():
    positions = find_positions(EXAMPLE)

    assert positions.line(("order", "charges", 1, "net")) == 18
    assert positions.line(("lines", "id")) == 1


def test_windows_line_ends_count_once():
    assert find_positions('a = 1\r\nb = """x\r\ny"""\r\nc = 3\r\n').lines == {("a",): 1, ("b",): 2, ("c",): 4}


def paths(value: Any, path: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    """Every path that tomllib yields."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return {(*path, key) for key, _ in inner} | {
        found for key, one in inner for found in paths(one, (*path, key))
    }


KEYS = st.sampled_from(["a", "b-1", "c_d", "9", "on off", "(none)", 'q"t', "한글", "", "a.b", "x]"])
TEXTS = st.sampled_from(
    ["", "x", "[a]", "k = 1", "# no", '"', "'", "}", "],", "\\", "two\nlines", '"""', "{a}"]
)
SCALARS = st.one_of(TEXTS, st.integers(-5, 5), st.booleans(), st.sampled_from([1.5, float("inf")]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


class Writer:
    """Writes data as TOML in many ways: dots, braces, tables, lists of tables, four kinds of quotes."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def one_of(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def blank(self) -> str:
        return self.one_of("", " ", "\t")

    def between(self) -> str:
        """What may stand between the lines, and between the items of a list."""
        return self.one_of("", "\n", " # a = [1]\n", "\n\n  ")

    def text(self, text: str, *, key: bool = False) -> str:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        ways = [f'"{escaped}"'.replace("\n", "\\n")]
        if "'" not in text and "\n" not in text:
            ways.append(f"'{text}'")
        if not key:
            ways.append(f'"""\n{escaped}"""')
            if "'" not in text:
                ways.append(f"'''\n{text}'''")
        if key and text and text.isascii() and text.replace("-", "").replace("_", "").isalnum():
            ways.append(text)
        return self.one_of(*ways)

    def value(self, value: Any) -> str:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, list):
            comma = self.one_of("", self.between() + ",") if value else ""
            items = ",".join(self.between() + self.value(one) + self.blank() for one in value)
            return f"[{items}{comma}{self.between()}]"
        if isinstance(value, dict):
            pairs = [f"{self.key(key)} = {self.value(one)}" for key, one in value.items()]
            return "{" + self.blank() + ", ".join(pairs) + self.blank() + "}"
        return str(value)

    def key(self, *keys: str) -> str:
        return f"{self.blank()}.{self.blank()}".join(self.text(one, key=True) for one in keys)

    def table(self, path: tuple[str, ...], data: dict[str, Any]) -> str:
        """The pairs of a table, and its inner tables below headers of their own."""
        pairs, tables = "", ""
        for key, one in data.items():
            way = self.one_of("here", "header", "dots")
            if way == "header" and isinstance(one, dict):
                tables += f"{self.blank()}[{self.key(*path, key)}]{self.between() or chr(10)}"
                tables += self.table((*path, key), one)
            elif (
                way == "header"
                and isinstance(one, list)
                and one
                and all(isinstance(item, dict) for item in one)
            ):
                for item in one:
                    tables += f"[[{self.key(*path, key)}]]\n{self.table((*path, key), item)}"
            elif way == "dots" and isinstance(one, dict) and one:
                for inner, item in one.items():
                    pairs += f"{self.key(key, inner)}={self.value(item)}\n"
            else:
                pairs += f"{self.blank()}{self.key(key)}{self.blank()}={self.value(one)}"
                pairs += self.between() or "\n"
        return pairs + tables


@st.composite
def documents(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    data = draw(st.dictionaries(KEYS, VALUES, max_size=4))
    return data, Writer(draw).table((), data)


@given(documents())
def test_every_path_that_tomllib_yields_is_found_and_no_other(document):
    data, text = document
    assert tomllib.loads(text) == data

    found = find_positions(text).lines

    assert set(found) == paths(data)
    count = text.count("\n") + 1
    assert all(1 <= line <= count for line in found.values())


def test_every_path_of_the_projects_own_toml_is_found():
    text = (ROOT / "pyproject.toml").read_text("utf-8")

    assert set(find_positions(text).lines) == paths(tomllib.loads(text))
