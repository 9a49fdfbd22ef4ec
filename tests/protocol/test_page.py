"""docs/protocol.md names only what exists: functions of the engine, and traces that are tested."""

import re
from functools import reduce
from importlib import import_module
from typing import Any

import pytest

from payloads import ROOT

PAGE = (ROOT / "docs" / "protocol.md").read_text("utf-8")
ROWS = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| ")][1:]
RULES = (ROOT / "tests" / "protocol" / "test_rules.py").read_text("utf-8")


def find(name: str) -> Any:
    """Find what a dotted name of the package means, however much of it is the module."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            module = import_module(".".join(["tillbridge", *parts[:length]]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[length:], module)
    raise AssertionError(f"there is no module of {name}")


def test_the_page_has_every_rule():
    assert [*"123456789", "version"] == [row[0].strip() for row in ROWS]


@pytest.mark.parametrize("name", [name for row in ROWS for name in re.findall(r"`([^`]+)`", row[2])])
def test_the_code_that_a_rule_names_exists(name):
    assert callable(find(name))


def test_each_trace_that_a_rule_names_is_run_with_the_rule_and_without():
    """Rule 2's second trace is run against the database's own constraint."""
    named = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[3])}
    defined = set(re.findall(r"^def (\w+)\(scene: Scene\) -> None:", RULES, re.MULTILINE))
    run = set(re.findall(r"^    Case\(\s*(\w+),", RULES, re.MULTILINE)) | {"change_while_unanswered"}

    assert named == run
    assert named <= defined
