"""The fields of a profile, compiled: an expression that knows its place in the profile, and reads by kind.

Every reader gets a `Scope`: what the expression is asked of. What cannot be read is a PayloadError that names
the profile's place and the payload's field.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from tillbridge.plugin import PayloadError, Words
from tillbridge_generic_webstore.expressions import (
    MONEY,
    ExpressionFault,
    Number,
    ValueFault,
    compile_expression,
    read_number,
)
from tillbridge_generic_webstore.expressions.closures import Closure
from tillbridge_generic_webstore.expressions.faults import shown
from tillbridge_generic_webstore.expressions.texts import is_false, is_missing
from tillbridge_generic_webstore.language.mistakes import Mistake, Mistakes, Path
from tillbridge_generic_webstore.mapping.faults import ROOT, damaged, nothing_there

_NAME: Final = re.compile(r"(?<![\w.])_\w+")
ORDER_NAMES: Final = frozenset({"_order", "_parts", "_settings"})
Places = Callable[[Path], str]
"""Where in its file a place of a profile is ("shop.toml:17"); "" where that is not known."""


class Scope(NamedTuple):
    """What expressions are asked of: a value, names, and the value's place in the payload ("items[2]")."""

    value: Any
    names: dict[str, Any]
    at: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One expression of a profile.

    Attributes:
        place: in the profile, as people write it, with its line where that is known.
        source: the expression's text.
        run: evaluates it.
        fields: the plain path that it is; else ().
        path: its keys in the profile.
        lets: the places of the values worked out first that it is made of.
    """

    place: str
    source: str
    run: Closure = field(repr=False, compare=False)
    fields: tuple[str, ...]
    path: Path
    lets: tuple[str, ...] = ()

    def get(self, scope: Scope) -> Any:
        """Return the value, whatever it is."""
        try:
            return self.run(scope.value, scope.names)
        except ValueFault as fault:
            raise self.fault(scope, fault.words) from fault

    def there(self, scope: Scope) -> Any:
        """Return the value, which must be there."""
        value = self.get(scope)
        if is_missing(value):
            raise self.missing(scope)
        return value

    def holds(self, scope: Scope) -> bool:
        """Tell whether the value is true, as JMESPath has it."""
        return not is_false(self.get(scope))

    def text(self, scope: Scope) -> str:
        """Return a text; "" where nothing is there."""
        value = self.get(scope)
        if type(value) is str:
            return value.strip()
        if value is None:
            return ""
        return self._as_text(scope, value)

    def name(self, scope: Scope) -> str | None:
        """Return an identifier: no text and a zero are none."""
        value = self.text(scope)
        return None if value in {"", "0"} else value

    def number(self, scope: Scope) -> Decimal | None:
        """Return a number that is no amount."""
        try:
            return read_number(self.run(scope.value, scope.names))
        except ValueFault as fault:
            raise self.fault(scope, fault.words) from fault

    def amount(self, scope: Scope) -> Decimal | None:
        """Return an amount in major units, read as the order writes amounts."""
        try:
            value = self.run(scope.value, scope.names)
            return value if value is None or type(value) is Number else scope.names[MONEY](value)
        except ValueFault as fault:
            raise self.fault(scope, fault.words) from fault

    def rows(self, scope: Scope) -> list[Any]:
        """Return a list; none where nothing is there, and the one where a single object stands for it."""
        value = self.get(scope)
        if isinstance(value, list):
            return value
        if is_missing(value):
            return []
        if isinstance(value, dict):
            return [value]
        raise self.fault(
            scope,
            Words(
                f"a list is expected; it is {shown(value)}.", f"목록이어야 합니다. 받은 값: {shown(value)}."
            ),
        )

    def missing(self, scope: Scope, plain: Words | None = None) -> PayloadError:
        """Return the error that nothing is there; `plain` as in `fault`."""
        return self.fault(scope, nothing_there(scope.value, self.fields), plain)

    def fault(self, scope: Scope, words: Words, plain: Words | None = None) -> PayloadError:
        """Return the error for this field; staff read `plain`, or `words` and the payload's field."""
        found, path = damaged(self._named(scope), words), self.payload_path(scope)
        return PayloadError(found.words, path=path, plain=plain or damaged(path, words).words)

    def payload_path(self, scope: Scope) -> str:
        """Return where the payload has the field, in its own names; of a longer expression its text."""
        inner = ".".join(self.fields) or self.source
        return f"{scope.at}.{inner}" if scope.at and self.fields else (inner or ROOT)

    def _named(self, scope: Scope) -> str:
        where = f"{scope.at} " if scope.at else ""
        made = f" [{', '.join(self.lets)}]" if self.lets else ""
        return f'{where}{self.place} "{self.source}"{made}'

    def _as_text(self, scope: Scope, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, Decimal) and value.is_finite():
            return f"{value:f}"
        if is_missing(value):
            return ""
        raise self.fault(
            scope,
            Words(
                f"a text is expected; it is {shown(value)}.", f"텍스트여야 합니다. 받은 값: {shown(value)}."
            ),
        )


def _null(_value: Any, _names: Mapping[str, Any]) -> Any:
    return None


class FieldCompiler:
    """Compiles the expressions of a profile, and collects what is wrong with them.

    Args:
        mistakes: where to.
        places: where in its file a place of the profile is.

    Attributes:
        fields: all that were compiled.
        known: names that every expression may use from now on, beside those of its place.
        lets: of those, the values that are worked out first: name to place, for messages.
    """

    def __init__(self, mistakes: Mistakes, places: Places | None = None) -> None:
        self.mistakes = mistakes
        self.fields: list[Field] = []
        self.known: frozenset[str] = frozenset()
        self.lets: dict[str, str] = {}
        self._places = places or (lambda _: "")

    def place(self, path: Path) -> str:
        """Return a place of the profile as people write it: `order.total (shop.toml:17)`."""
        name, line = Mistake(path, Words("", "")).place, self._places(path)
        return f"{name} ({line})" if line else name

    def field(self, path: Path, source: str, names: frozenset[str] = ORDER_NAMES) -> Field:
        """Compile one expression; a faulty one is noted, and stands in for nothing."""
        try:
            expression = compile_expression(source, names | self.known)
        except ExpressionFault as fault:
            self.mistakes.add(path, fault.words)
            return Field(self.place(path), source, _null, (), path)
        named = dict.fromkeys(_NAME.findall(source))
        lets = tuple(self.lets[name] for name in named if name in self.lets)
        found = Field(self.place(path), source, expression.run, expression.fields, path, lets)
        self.fields.append(found)
        return found

    def maybe(self, path: Path, source: str | None, names: frozenset[str] = ORDER_NAMES) -> Field | None:
        """Compile an expression that need not be there."""
        return None if source is None else self.field(path, source, names)
