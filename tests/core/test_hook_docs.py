"""Each hook is documented with its exact arguments, has an example that runs, and has a test."""

import ast
import inspect
import re

import pytest

from doc_blocks import Block, blocks, run
from payloads import ROOT
from tillbridge import hookspecs
from tillbridge.plugins import contract

PAGE = ROOT / "docs" / "hooks.md"
HOOKS = list(contract.specs().values())
EXAMPLES = {block.heading: block for block in blocks(PAGE) if block.language == "python"}


def test_the_page_has_each_hook_with_its_arguments_and_no_other() -> None:
    headings = re.findall(r"^### (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted(spec.call for spec in HOOKS)


@pytest.mark.parametrize("spec", HOOKS, ids=lambda spec: spec.name)
def test_each_hook_is_documented_where_it_is_declared(spec: contract.Spec) -> None:
    assert inspect.getdoc(getattr(hookspecs, spec.name))


@pytest.mark.parametrize("spec", HOOKS, ids=lambda spec: spec.name)
def test_each_parameter_and_answer_of_a_hook_is_annotated(spec: contract.Spec) -> None:
    assert set(spec.hints) == {*spec.parameters, "return"}


def test_each_hook_has_a_test() -> None:
    named = {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }

    untested = [
        spec.name for spec in HOOKS if not any(name.startswith(f"test_hook_{spec.name}") for name in named)
    ]

    assert untested == []


@pytest.mark.parametrize("spec", HOOKS, ids=lambda spec: spec.name)
def test_each_hook_has_an_example_that_keeps_the_contract(spec: contract.Spec) -> None:
    """It has all of the hook's parameters, marked and annotated as a plugin may have them."""
    example: Block = EXAMPLES[spec.call]

    made = run(example)

    found = contract.implementations(made)
    assert [one.hook for one in found] == [spec.name]
    assert list(contract.differences(found)) == []
    assert tuple(inspect.signature(found[0].function).parameters) == spec.parameters


def test_the_docstring_of_the_contract_opens_with_a_plugin_that_keeps_it() -> None:
    """The functions to be filled in are all that a provider of orders needs."""
    said = inspect.getdoc(hookspecs) or ""
    code = "\n".join(line for line in inspect.cleandoc(said.split(":\n", 1)[1]).splitlines())
    source = code.split("\nParameters are plain")[0]
    names = {
        node.name for node in ast.parse(inspect.cleandoc(source)).body if isinstance(node, ast.FunctionDef)
    }

    assert names == {"providers", "fetch_orders", "fetch_order", "parse_order"}
