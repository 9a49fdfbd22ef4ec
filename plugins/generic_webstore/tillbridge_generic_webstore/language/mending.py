"""Makes a faulty profile whole enough for the rest of it to be looked at.

A key that is misspelt is read as the one that was meant, one table as a list of one; what else is wrong gets
something that fits in its place. Where a thing then stands is not where it stands in the file: `Mending`
knows both.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from tillbridge_generic_webstore.language.faults import NEAR, Fault
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.shapes import Shape, fields, shapes_at, shapes_of

_TEXTS: Final = ("x", "y")
"""What stands for a text: an expression, a template and a path of rows."""


class Mending:
    """A profile's data while it is mended.

    Args:
        data: as the file has it; it is not changed.

    Attributes:
        places: what has something else in its place, or was left out.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data: dict[str, Any] = deepcopy(dict(data))
        self._moved: dict[Path, Path] = {}
        self._now: set[Path] = set()
        self.places: list[Path] = []

    def take(self, faults: Iterable[Fault]) -> list[tuple[Path, Fault]]:
        """Mend what is wrong; return each fault that is new, with its place in the file."""
        told, before = [], list(self.places)
        for fault in faults:
            if fault.path in before:
                continue
            told.append((self.back(fault.path), self._told(fault, before)))
            if self._rename(fault):
                # What was missing is there now, under the name that was meant.
                self.places = [one for one in self.places if one not in self._now]
            elif fault.path not in self._now and not self._wrap(fault.path):
                self.places.append(fault.path)
        self._now.clear()
        return told

    def made(self, *, other: bool = False) -> dict[str, Any]:
        """Return the mended data.

        Args:
            other: with other things in the place of what is wrong: what is found with both does not follow
                from either.
        """
        made = deepcopy(self._data)
        for path in self.places:
            if path:
                _mend(made, path, other=other)
        return made

    def back(self, path: Path) -> Path:
        """Return where something stands in the file."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._moved:
                return self._moved[path[:length]] + path[length:]
        return path

    def is_made(self, path: Path) -> bool:
        """Say whether something stands in what was put into a place of the file."""
        return any(path[: len(one)] == one for one in self.places)

    @property
    def hides(self) -> bool:
        """Whether there is something in the file that nobody could look at."""
        return any(isinstance(found, dict | list) and bool(found) for found in map(self._at, self.places))

    def _told(self, fault: Fault, before: Sequence[Path]) -> Fault:
        """Say nothing of what follows: a table that mending has emptied, the value of a misspelt key."""
        is_moved = self._moved.get(fault.path, fault.path)[-1:] != fault.path[-1:]
        follows = any(one[: len(fault.path)] == fault.path for one in before)
        return Fault(fault.path, None) if is_moved or follows else fault

    def _at(self, path: Path) -> Any:
        here: Any = self._data
        for key in path:
            if isinstance(here, dict):
                here = here.get(key)
            else:
                is_there = isinstance(here, list) and isinstance(key, int) and key < len(here)
                here = here[key] if is_there else None
        return here

    def _rename(self, fault: Fault) -> bool:
        """Read a misspelt key as the one that was meant, where that is not there besides."""
        holder = self._at(fault.path[:-1])
        if not fault.meant or not isinstance(holder, dict) or fault.meant in holder:
            return False
        meant = (*fault.path[:-1], fault.meant)
        self._moved[meant] = self.back(fault.path)
        self._now.add(meant)
        holder[fault.meant] = holder.pop(fault.path[-1])
        return True

    def _wrap(self, path: Path) -> bool:
        """Read one table as a list of one."""
        value, allowed = self._at(path), shapes_at(path)
        inner = [one for shape in allowed for one in shape.item(0) or ()]
        if not isinstance(value, dict) or any(one.model for one in allowed):
            return False
        if not any(one.model for one in inner):
            return False
        holder = self._at(path[:-1])
        holder[path[-1]] = [value]
        self._moved[(*path, 0)] = self.back(path)
        return True


def _mend(data: Any, path: Path, *, other: bool) -> None:
    *way, key = path
    here: Any = data
    for step in way:
        known: Any = step
        here = here[known] if isinstance(here, list) else here.get(known)
        if not isinstance(here, dict | list):
            return
    allowed = shapes_at(path)
    if isinstance(here, list):
        here[int(key)] = _any_of(allowed, here[int(key)], other=other)
        return
    value = here.pop(key, None)
    if _is_required(path) or (allowed and (other or _meant(allowed, value))):
        here[key] = _any_of(allowed, value, other=other)


def _is_required(path: Path) -> bool:
    key = str(path[-1])
    models = [one.model for one in shapes_at(path[:-1]) if one.model]
    return any(key in fields(model) and fields(model)[key].is_required() for model in models)


def _any_of(allowed: Sequence[Shape], value: Any = None, *, other: bool) -> Any:
    """Return something that fits; of words the one that was meant, if that can be told."""
    if meant := _meant(allowed, value):
        return meant
    return _stand_in(allowed[0], other=other) if allowed else _TEXTS[other]


def _meant(allowed: Sequence[Shape], value: Any) -> str:
    """Return the word that was meant; "" where that cannot be told."""
    choices = [one for shape in allowed for one in shape.choices if isinstance(one, str)]
    near = difflib.get_close_matches(value, choices, n=1, cutoff=NEAR) if isinstance(value, str) else []
    return near[0] if near else ""


def _stand_in(shape: Shape, *, other: bool) -> Any:
    if shape.choices:
        return shape.choices[-1 if other else 0]
    if shape.model:
        required = {key: field for key, field in fields(shape.model).items() if field.is_required()}
        return {key: _any_of(shapes_of(field), other=other) for key, field in required.items()}
    if shape.named is not None:
        return {}
    if (item := shape.item(0)) is not None:
        return [_any_of(item, other=other)]
    return {bool: other, int: 1 + other, float: 1.0 + other}.get(shape.form, _TEXTS[other])
