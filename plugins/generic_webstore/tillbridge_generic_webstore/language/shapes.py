"""What each place of a profile may hold, read from the models: its keys, its forms, its documentation."""

import ast
import inspect
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.glossary import meaning
from tillbridge_generic_webstore.language.kinds import Kind, Mark, Part
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.profile import Profile

_SIMPLE: Final[Mapping[Any, Words]] = {
    bool: Words("true or false", "true 또는 false"),
    int: Words("a whole number", "정수"),
    float: Words("a number", "숫자"),
    str: Words("a text", "문자열"),
    Any: Words("anything", "모든 값"),
}
_MARKED: Final[Mapping[Kind, Words]] = {
    Kind.EXPRESSION: Words("an expression", "식"),
    Kind.TEMPLATE: Words("a text with {placeholders}", "{자리표시자}를 쓸 수 있는 문자열"),
    Kind.ROWS: Words("a path of rows", "행 경로"),
    Kind.ZONE: Words("a time zone", "시간대"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One form that a value may have.

    Attributes:
        form: a model, a plain type, or a generic of lists, tables or literals.
        marks: what its annotation says beside the type.
    """

    form: Any
    marks: Sequence[Any] = ()

    @property
    def model(self) -> type[Part] | None:
        """The model of a table whose keys are fixed."""
        return self.form if isinstance(self.form, type) and issubclass(self.form, Part) else None

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values that are allowed, where they are listed."""
        return get_args(self.form) if get_origin(self.form) is Literal else ()

    @property
    def kind(self) -> Kind | None:
        """What a text means."""
        return next((mark.kind for mark in self.marks if isinstance(mark, Mark)), None)

    @property
    def named(self) -> "tuple[Shape, ...] | None":
        """What the values of a table are whose keys are free; None for anything else."""
        return tuple(shapes(get_args(self.form)[1])) if get_origin(self.form) is dict else None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that a table may have; none where they are free, and for anything else."""
        if self.model:
            return tuple(fields(self.model))
        if self.named is None:
            return ()
        return tuple(str(one) for key in shapes(get_args(self.form)[0]) for one in key.choices)

    def item(self, place: int) -> "tuple[Shape, ...] | None":
        """What stands at one place of a list; None for what is no list."""
        if get_origin(self.form) is not tuple:
            return None
        items = get_args(self.form)
        return tuple(shapes(items[0] if items[-1] is Ellipsis else items[min(place, len(items) - 1)]))

    @property
    def words(self) -> Words:
        """Name it: "a list", "an expression"."""
        if choices := self.choices:
            quoted = ", ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in choices)
            return Words(quoted, quoted)
        if self.model or self.named is not None:
            return Words("a table", "테이블")
        if get_origin(self.form) is tuple:
            return Words("a list", "목록")
        return _MARKED[self.kind] if self.kind else _SIMPLE.get(self.form, _SIMPLE[Any])


def shapes(annotation: Any, marks: Sequence[Any] = ()) -> Iterator[Shape]:
    """Yield each form that an annotation allows; what may be left out is no form of its own."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        yield from shapes(inner, (*marks, *more))
    elif origin in (Union, types.UnionType):
        for one in get_args(annotation):
            if one is not type(None):
                yield from shapes(one, marks)
    else:
        yield Shape(annotation, marks)


def key_of(name: str, field: FieldInfo) -> str:
    """Return how a field is written in the file."""
    return field.alias or name


@cache
def fields(model: type[Part]) -> Mapping[str, FieldInfo]:
    """Return a model's fields by the keys of the file."""
    return {key_of(name, field): field for name, field in model.model_fields.items()}


def shapes_of(field: FieldInfo) -> tuple[Shape, ...]:
    """Return what a field may be."""
    return tuple(shapes(field.annotation, field.metadata))


def shapes_at(path: Path) -> tuple[Shape, ...]:
    """Return what a place of a profile may hold; nothing where there is no such place."""
    found: tuple[Shape, ...] = (Shape(Profile),)
    for key in path:
        found = tuple(inner for one in found for inner in _within(one, key))
    return found


def _within(shape: Shape, key: str | int) -> Sequence[Shape]:
    if isinstance(key, int):
        return shape.item(key) or ()
    if shape.model is not None:
        field = fields(shape.model).get(key)
        return shapes_of(field) if field else ()
    return shape.named or ()


def keys_at(path: Path) -> tuple[str, ...]:
    """Return the keys that a table may have; none where they are free."""
    return tuple(key for one in shapes_at(path) for key in one.keys)


def tables() -> Iterator[tuple[str, type[Part]]]:
    """Yield every table of the language: how it is written ("orders.parts.NAME"), and its model."""
    yield from _tables("", Profile)


def _tables(place: str, model: type[Part]) -> Iterator[tuple[str, type[Part]]]:
    yield place, model
    for key, field in fields(model).items():
        inner = f"{place}.{key}" if place else key
        for shape in shapes_of(field):
            yield from _tables_of(inner, shape)


def _tables_of(place: str, shape: Shape) -> Iterator[tuple[str, type[Part]]]:
    if shape.model:
        yield from _tables(place, shape.model)
    for one in shape.named or ():
        yield from _tables_of(f"{place}.NAME", one)
    for one in shape.item(0) or ():
        yield from _tables_of(f"{place}[]", one)


@cache
def documentation(model: type[Part]) -> Mapping[str, str]:
    """Return what the model's source says of each key: the text below the field.

    Read when it is asked for, not when the model is made: nobody but an author of profiles needs it.
    """
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, Part) and base is not Part:
            found |= _documented(base)
    return {
        key: found.get(name) or meaning(model.__name__, key)
        for name, field in model.model_fields.items()
        for key in [key_of(name, field)]
    }


def _documented(model: type[Part]) -> dict[str, str]:
    (definition,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for field, text in zip(definition.body, definition.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
            and isinstance(text.value.value, str)
        ):
            found[field.target.id] = inspect.cleandoc(text.value.value).replace("\n", " ")
    return found
