"""`tillbridge.plugin` is the whole of what a plugin may import, and says so itself."""

import inspect

import tillbridge.plugin
from tillbridge.plugin import hookimpl


def test_the_public_names_are_listed_in_order() -> None:
    """ASCII order, as `sorted` has it: a name is found where it is looked for."""
    public = [
        name
        for name, value in vars(tillbridge.plugin).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    ]

    assert tillbridge.plugin.__all__ == sorted(public)


def test_each_public_class_and_function_says_what_it_is() -> None:
    silent = [
        name
        for name in tillbridge.plugin.__all__
        if callable(getattr(tillbridge.plugin, name)) and name != "hookimpl"
        if not inspect.getdoc(getattr(tillbridge.plugin, name))
    ]

    assert silent == []


def test_hookimpl_marks_a_function_and_leaves_it_as_it_is() -> None:
    def parse_order() -> str:
        return "parsed"

    assert hookimpl(parse_order) is parse_order
    assert parse_order() == "parsed"
