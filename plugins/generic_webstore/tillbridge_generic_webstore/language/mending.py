"""Puts stand-ins in the place of what is wrong, so that the rest of a faulty profile can be looked at too."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.shapes import Shape, fields, shapes_at, shapes_of


def mended(data: Mapping[str, Any], paths: Iterable[Path]) -> dict[str, Any]:
    """Return the data without what is wrong at these paths; what cannot be left out has a stand-in."""
    made: dict[str, Any] = deepcopy(dict(data))
    for path in paths:
        if path:
            _mend(made, path)
    return made


def touches(path: Path, mended_paths: Iterable[Path]) -> bool:
    """Say whether a path is one that was mended, stands in it, or is a table around it."""
    return any(path[: len(one)] == one or one[: len(path)] == path for one in mended_paths)


def _mend(data: Any, path: Path) -> None:
    *way, key = path
    here: Any = data
    for step in way:
        known: Any = step
        here = here[known] if isinstance(here, list) else here.get(known)
        if not isinstance(here, dict | list):
            return
    if isinstance(here, list):
        here[int(key)] = _any_of(shapes_at(path))
        return
    here.pop(key, None)
    if _is_required(path):
        here[key] = _any_of(shapes_at(path))


def _is_required(path: Path) -> bool:
    key = str(path[-1])
    models = [one.model for one in shapes_at(path[:-1]) if one.model]
    return any(key in fields(model) and fields(model)[key].is_required() for model in models)


def _any_of(allowed: Sequence[Shape]) -> Any:
    return _stand_in(allowed[0]) if allowed else "x"


def _stand_in(shape: Shape) -> Any:
    """Return something that fits: "x" is an expression, a template and a path of rows."""
    if shape.choices:
        return shape.choices[0]
    if shape.model:
        required = {key: field for key, field in fields(shape.model).items() if field.is_required()}
        return {key: _any_of(shapes_of(field)) for key, field in required.items()}
    if shape.named is not None:
        return {}
    if (item := shape.item(0)) is not None:
        return [_any_of(item)]
    return {bool: False, int: 1, float: 1}.get(shape.form, "x")
