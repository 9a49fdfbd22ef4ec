"""Writes the reference of profiles from the models (`python -m` with this module's name)."""

import sys
from collections.abc import Iterator
from typing import Any, Final

from pydantic.fields import FieldInfo

from tillbridge_generic_webstore.language.connecting import Call
from tillbridge_generic_webstore.language.kinds import Part
from tillbridge_generic_webstore.language.shapes import documentation, fields, shapes_of, tables

_HEAD: Final = (
    "# Profiles: every key",
    "",
    "Written from the models by `python -m tillbridge_generic_webstore.language.reference`. How a profile is",
    "made, what expressions and placeholders are: [Profiles](profiles.md). A key with * must be there.",
    "",
)


def reference() -> str:
    """Return the page of the reference: a table for each table of the language."""
    places: dict[type[Part], list[str]] = {}
    for place, model in tables():
        if model is not Call:  # it stands at the head, once
            places.setdefault(model, []).append(place)
    lines: list[str] = [*_HEAD]
    lines += _table(Call, ["request"])
    for model, found in places.items():
        lines += _table(model, found)
    return "\n".join(lines).rstrip() + "\n"


def _table(model: type[Part], places: list[str]) -> Iterator[str]:
    shown = ", ".join(f"`[{place}]`" for place in places[:4]) + (", …" if len(places) > 4 else "")  # noqa: PLR2004  # more would hide the table
    yield f"## {'Requests' if model is Call else shown.replace('`[]`', 'The top of the file')}"
    yield ""
    about = (model.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ").replace("    ", "")
    yield about
    inherited = set(fields(Call)) if issubclass(model, Call) and model is not Call else set()
    if inherited:
        yield "It is a request, and has the keys of one, too."
    yield ""
    yield "| key | takes | meaning |"
    yield "|---|---|---|"
    said = documentation(model)
    for key, field in fields(model).items():
        if key not in inherited:
            must = "*" if field.is_required() else ""
            yield f"| `{key}`{must} | {_takes(field)} | {_cell(said[key])} |"
    yield ""


def _cell(text: str) -> str:
    """Return a text for a cell of a table."""
    return text.replace("|", "\\|")


def _takes(field: FieldInfo) -> str:
    forms = list(dict.fromkeys(_form(one) for one in shapes_of(field)))
    default: Any = None if field.is_required() else field.default
    shown = (
        f"; else `{str(default).lower() if isinstance(default, bool) else default}`"
        if _is_plain(default)
        else ""
    )
    return " or ".join(forms) + shown


def _form(shape: Any) -> str:
    if shape.choices:
        return ", ".join(f"`{one}`" for one in shape.choices)
    if shape.form is Any:
        return "JSON; its texts may have {placeholders}"
    words: str = shape.words.en
    return words


def _is_plain(default: Any) -> bool:
    return isinstance(default, bool | int | float) or (isinstance(default, str) and bool(default))


if __name__ == "__main__":
    sys.stdout.write(reference())
