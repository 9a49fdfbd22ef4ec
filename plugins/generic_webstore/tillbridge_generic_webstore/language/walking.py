"""Goes through a profile's values: every text with what it means, every table with its model."""

from collections.abc import Iterator, Sequence
from typing import Any

from tillbridge_generic_webstore.language.kinds import Kind, Part
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.shapes import Shape, key_of, shapes_of


def tables_of(part: Part, path: Path = ()) -> Iterator[tuple[Path, Part]]:
    """Yield a table and every table in it, each with its path."""
    yield path, part
    for name, field in type(part).model_fields.items():
        yield from _inner_tables(getattr(part, name), (*path, key_of(name, field)))


def _inner_tables(value: Any, path: Path) -> Iterator[tuple[Path, Part]]:
    if isinstance(value, Part):
        yield from tables_of(value, path)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _inner_tables(one, (*path, key))
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from _inner_tables(one, (*path, place))


def texts_of(part: Part, path: Path = ()) -> Iterator[tuple[Path, Kind, str]]:
    """Yield every text of a profile that means more than itself: its path, what it means, the text."""
    for place, table in tables_of(part, path):
        for name, field in type(table).model_fields.items():
            yield from _texts(getattr(table, name), (*place, key_of(name, field)), shapes_of(field))


def _texts(value: Any, path: Path, allowed: Sequence[Shape]) -> Iterator[tuple[Path, Kind, str]]:
    if isinstance(value, Part) or value is None:
        return
    kind = next((one.kind for one in allowed if one.kind), None)
    if kind and not isinstance(value, tuple):
        for inner, text in _leaves(value, path):
            yield inner, kind, text
    elif isinstance(value, dict):
        inner_shapes = [one for shape in allowed for one in shape.named or ()]
        for key, one in value.items():
            yield from _texts(one, (*path, key), inner_shapes)
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from _texts(
                one, (*path, place), [one for shape in allowed for one in shape.item(place) or ()]
            )


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the texts of a tree."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(one, (*path, key))
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from _leaves(one, (*path, place))
