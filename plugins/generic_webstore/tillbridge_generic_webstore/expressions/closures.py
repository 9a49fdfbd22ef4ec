"""Turns JMESPath's syntax tree into functions: one closure a node, so that nothing is looked up twice.

The meaning is jmespath's own (a test compares the two), with three differences: numbers are exact, only
numbers are ordered by <, and functions are ours. A name that begins with _ is not a field where it stands
alone or first: it is handed to the expression from outside (`_order`, `_settings`, a join's row). Such a
field of a payload is written `@._links`, and needs nothing where it follows a point.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any, Final, NamedTuple

from tillbridge.plugin import Words
from tillbridge_generic_webstore.expressions.faults import ExpressionFault
from tillbridge_generic_webstore.expressions.functions import build
from tillbridge_generic_webstore.expressions.texts import is_false

Names = Mapping[str, Any]
Closure = Callable[[Any, Names], Any]
Node = Mapping[str, Any]


class At(NamedTuple):
    """A node of jmespath's tree, and whether a name may stand there, as nothing goes before it."""

    node: Node
    first: bool


class Builder:
    """Builds the closure of one expression.

    Args:
        known: the names that may be used.

    Attributes:
        used: those that are.
    """

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self.used: set[str] = set()

    def build(self, node: Node, *, first: bool = True) -> Closure:
        """Return the closure of a node.

        Args:
            node: of jmespath's tree.
            first: whether a name may stand here, as nothing goes before it.
        """
        if node["type"] in _GOES_ON and node["children"][0]["type"] == "not_expression":
            raise _loose_not()
        path = fields_of(node)
        if path and not (first and path[0].startswith("_")):
            return _path(path)
        return _BUILDERS[node["type"]](self, At(node, first))

    def field(self, at: At) -> Closure:
        """Return a field of the value, or a name."""
        name: str = at.node["value"]
        if not (at.first and name.startswith("_")):
            return _path((name,))
        if name not in self._known:
            raise _unknown_name(name, self._known)
        self.used.add(name)
        return lambda _, names: names.get(name)


def fields_of(node: Node) -> tuple[str, ...]:
    """Return the fields of a plain path, `a.b.c`; () where the node is anything else."""
    if node["type"] == "field":
        return (node["value"],)
    if node["type"] != "subexpression" or any(one["type"] != "field" for one in node["children"]):
        return ()
    return tuple(one["value"] for one in node["children"])


def _unknown_name(name: str, known: frozenset[str]) -> ExpressionFault:
    names = ", ".join(sorted(known)) or "none"
    return ExpressionFault(
        Words(
            f"there is no {name} here; there is: {names}. A field of this name is written @.{name}",
            f"여기에는 {name}이(가) 없습니다. 쓸 수 있는 이름: {names}. 필드는 @.{name}(으)로 씁니다",
        ),
        word=name,
    )


_GOES_ON: Final = frozenset(
    {"subexpression", "projection", "value_projection", "filter_projection", "flatten"}
)


def _loose_not() -> ExpressionFault:
    # JMESPath's ! binds closer than the point: `!a.b` is `(!a).b`, of which nothing comes ever.
    return ExpressionFault(
        Words(
            "! belongs to the first name only here; write !(a.b) for a path",
            "여기서 !는 첫 이름에만 걸립니다. 경로에는 !(a.b)처럼 괄호를 써 주세요",
        ),
        word="!",
    )


def _path(fields: tuple[str, ...]) -> Closure:
    # Most of what a profile says is one name or two: these are asked for each order and each line.
    if len(fields) == 1:
        (only,) = fields
        return lambda value, _: value.get(only) if type(value) is dict else None
    if len(fields) == 2:  # noqa: PLR2004  # see above
        outer, inner = fields

        def pair(value: Any, _: Names) -> Any:
            found = value.get(outer) if type(value) is dict else None
            return found.get(inner) if type(found) is dict else None

        return pair

    def walk(value: Any, _: Names) -> Any:
        for field in fields:
            if type(value) is not dict:
                return None
            value = value.get(field)
        return value

    return walk


def _chain(builder: Builder, at: At) -> Closure:
    children: Sequence[Node] = at.node["children"]
    steps = [builder.build(one, first=at.first and not place) for place, one in enumerate(children)]
    if len(steps) == 2:  # noqa: PLR2004  # the usual number
        left, right = steps
        return lambda value, names: right(left(value, names), names)

    def walk(value: Any, names: Names) -> Any:
        for step in steps:
            value = step(value, names)
        return value

    return walk


def _pipe(builder: Builder, at: At) -> Closure:
    left, right = at.node["children"]
    before, after = builder.build(left, first=at.first), builder.build(right)
    return lambda value, names: after(before(value, names), names)


def _projection(builder: Builder, at: At) -> Closure:
    left, right = at.node["children"]
    base, each = builder.build(left, first=at.first), builder.build(right, first=False)

    def project(value: Any, names: Names) -> Any:
        found = base(value, names)
        if not isinstance(found, list):
            return None
        return [one for element in found if (one := each(element, names)) is not None]

    return project


def _value_projection(builder: Builder, at: At) -> Closure:
    left, right = at.node["children"]
    base, each = builder.build(left, first=at.first), builder.build(right, first=False)

    def project(value: Any, names: Names) -> Any:
        found = base(value, names)
        if not isinstance(found, dict):
            return None
        return [one for element in found.values() if (one := each(element, names)) is not None]

    return project


def _filter(builder: Builder, at: At) -> Closure:
    left, right, condition = at.node["children"]
    base, each = builder.build(left, first=at.first), builder.build(right, first=False)
    holds = builder.build(condition)

    def project(value: Any, names: Names) -> Any:
        found = base(value, names)
        if not isinstance(found, list):
            return None
        kept = (each(element, names) for element in found if not is_false(holds(element, names)))
        return [one for one in kept if one is not None]

    return project


def _flatten(builder: Builder, at: At) -> Closure:
    base = builder.build(at.node["children"][0], first=at.first)

    def flatten(value: Any, names: Names) -> Any:
        found = base(value, names)
        if not isinstance(found, list):
            return None
        merged: list[Any] = []
        for element in found:
            if isinstance(element, list):
                merged.extend(element)
            else:
                merged.append(element)
        return merged

    return flatten


def _index(_builder: Builder, at: At) -> Closure:
    place: int = at.node["value"]

    def index(value: Any, _: Names) -> Any:
        if not isinstance(value, list) or not -len(value) <= place < len(value):
            return None
        return value[place]

    return index


def _slice(_builder: Builder, at: At) -> Closure:
    start, end, step = at.node["children"]
    if step == 0:
        raise ExpressionFault(Words("a slice's step cannot be 0", "슬라이스 간격은 0일 수 없습니다"))
    part = slice(start, end, step)
    return lambda value, _: value[part] if isinstance(value, list) else None


def _itself(_builder: Builder, _at: At) -> Closure:
    return lambda value, _: value


def _literal(_builder: Builder, at: At) -> Closure:
    constant = exactly(at.node["value"])
    return lambda _value, _names: constant


def exactly(value: Any) -> Any:
    """Return a literal with its fractions as Decimal: `2.5` is exact where it was written."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, list):
        return [exactly(one) for one in value]
    if isinstance(value, dict):
        return {key: exactly(one) for key, one in value.items()}
    return value


def _list(builder: Builder, at: At) -> Closure:
    parts = [builder.build(one) for one in at.node["children"]]
    return lambda value, names: None if value is None else [part(value, names) for part in parts]


def _dict(builder: Builder, at: At) -> Closure:
    parts = [(one["value"], builder.build(one["children"][0])) for one in at.node["children"]]

    def select(value: Any, names: Names) -> Any:
        return None if value is None else {key: part(value, names) for key, part in parts}

    return select


def _or(builder: Builder, at: At) -> Closure:
    left, right = (builder.build(one) for one in at.node["children"])

    def either(value: Any, names: Names) -> Any:
        found = left(value, names)
        return right(value, names) if is_false(found) else found

    return either


def _and(builder: Builder, at: At) -> Closure:
    left, right = (builder.build(one) for one in at.node["children"])

    def both(value: Any, names: Names) -> Any:
        found = left(value, names)
        return found if is_false(found) else right(value, names)

    return both


def _not(builder: Builder, at: At) -> Closure:
    inner = builder.build(at.node["children"][0])
    return lambda value, names: is_false(inner(value, names))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _equal(left: Any, right: Any) -> bool:
    # To Python true is 1; to JMESPath it is no number.
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return bool(left == right)


_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"lt": lt, "lte": le, "gt": gt, "gte": ge}


def _comparator(builder: Builder, at: At) -> Closure:
    left, right = (builder.build(one) for one in at.node["children"])
    sign: str = at.node["value"]
    if sign == "eq":
        return lambda value, names: _equal(left(value, names), right(value, names))
    if sign == "ne":
        return lambda value, names: not _equal(left(value, names), right(value, names))
    compare = _ORDERS[sign]

    def ordered(value: Any, names: Names) -> bool | None:
        one, other = left(value, names), right(value, names)
        return compare(one, other) if _is_number(one) and _is_number(other) else None

    return ordered


def _function(builder: Builder, at: At) -> Closure:
    children: Sequence[Node] = at.node["children"]
    return build(at.node["value"], [builder.build(one) for one in children], children)


def _reference(_builder: Builder, _at: At) -> Closure:
    raise ExpressionFault(
        Words("& is not offered: no function takes one", "&은 쓸 수 없습니다. 이를 받는 함수가 없습니다")
    )


_BUILDERS: Final[Mapping[str, Callable[[Builder, At], Closure]]] = {
    "field": Builder.field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _pipe,
    "projection": _projection,
    "value_projection": _value_projection,
    "filter_projection": _filter,
    "flatten": _flatten,
    "index": _index,
    "slice": _slice,
    "current": _itself,
    "identity": _itself,
    "literal": _literal,
    "multi_select_list": _list,
    "multi_select_dict": _dict,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "comparator": _comparator,
    "function_expression": _function,
    "expref": _reference,
}
