"""The functions of expressions: which there are, how many values each takes, and how a call is built.

A function gets its arguments as closures, so that `if` and `first` evaluate no more than they need.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.expressions import amounts, texts
from tillbridge_generic_webstore.expressions.faults import ExpressionFault

Closure = Callable[[Any, Mapping[str, Any]], Any]
Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes:
        shape: how it is written, for messages: "sub(a, b, …)".
        least: how many arguments at least.
        most: and at most; None for any number.
        make: builds a call from the arguments' closures and their nodes.
    """

    shape: str
    least: int
    most: int | None
    make: Callable[[Sequence[Closure], Sequence[Node]], Closure]


def build(name: str, arguments: Sequence[Closure], nodes: Sequence[Node]) -> Closure:
    """Return the closure of a call.

    Raises:
        ExpressionFault: there is no such function, or it takes another number of arguments.
    """
    function = FUNCTIONS.get(name)
    if function is None:
        raise _unknown(name)
    given = len(arguments)
    if given < function.least or (function.most is not None and given > function.most):
        raise ExpressionFault(
            Words(
                f"{name}() is written {function.shape}; here it has {given} {_values(given)}",
                f"{name}()은 {function.shape} 형식으로 씁니다. 여기에는 값이 {given}개 있습니다",
            ),
            word=f"{name}(",
        )
    return function.make(arguments, nodes)


def _values(count: int) -> str:
    return "value" if count == 1 else "values"


def _unknown(name: str) -> ExpressionFault:
    hint = _INSTEAD.get(name)
    known = ", ".join(sorted(FUNCTIONS))
    en = f"there is no function {name}(); "
    ko = f"{name}() 함수는 없습니다. "
    if hint:
        return ExpressionFault(Words(f"{en}{hint[0]}", f"{ko}{hint[1]}"), word=f"{name}(")
    return ExpressionFault(Words(f"{en}there are: {known}", f"{ko}쓸 수 있는 함수: {known}"), word=f"{name}(")


def _use(what: str, en: str, ko: str) -> tuple[str, str]:
    return f"for {en} use {what}", f"{ko}에는 {what}을(를) 씁니다"


# What people know from JMESPath.
_INSTEAD: Final[Mapping[str, tuple[str, str]]] = {
    "sum": _use("total()", "money", "금액"),
    "to_number": _use("num()", "numbers", "숫자"),
    "not_null": _use("first()", "the first that is there", "첫 번째 값"),
    "to_string": _use("text()", "texts", "텍스트"),
    "lower_case": _use("lower()", "small letters", "소문자"),
    "upper_case": _use("upper()", "capitals", "대문자"),
    "concat": _use("join('', [a, b])", "texts in one", "텍스트 연결"),
}


def _nothing(_value: Any, _names: Mapping[str, Any]) -> Any:
    return None


def _if(arguments: Sequence[Closure], _nodes: Sequence[Node]) -> Closure:
    condition, then, otherwise = (*arguments, _nothing)[:3]
    false = texts.is_false

    def choose(value: Any, names: Mapping[str, Any]) -> Any:
        return otherwise(value, names) if false(condition(value, names)) else then(value, names)

    return choose


def _first(arguments: Sequence[Closure], _nodes: Sequence[Node]) -> Closure:
    missing = texts.is_missing

    def first(value: Any, names: Mapping[str, Any]) -> Any:
        for argument in arguments:
            found = argument(value, names)
            if not missing(found):
                return found
        return None

    return first


def _find(arguments: Sequence[Closure], _nodes: Sequence[Node]) -> Closure:
    rows, field, wanted = arguments

    def find(value: Any, names: Mapping[str, Any]) -> Any:
        return texts.find(rows(value, names), field(value, names), wanted(value, names))

    return find


def _match(arguments: Sequence[Closure], nodes: Sequence[Node]) -> Closure:
    text, pattern = arguments[0], nodes[1]
    if pattern["type"] != "literal" or not isinstance(pattern["value"], str):
        raise ExpressionFault(
            Words(
                "the pattern of match() must be written out, as in match(name, '[0-9]+')",
                "match()의 패턴은 match(name, '[0-9]+')처럼 직접 적어야 합니다",
            ),
            word="match(",
        )
    search = texts.pattern(pattern["value"])

    def match(value: Any, names: Mapping[str, Any]) -> Any:
        return search(text(value, names))

    return match


def _plain(
    function: Callable[..., Any],
) -> Callable[[Sequence[Closure], Sequence[Node]], Closure]:
    """Build calls of a function of values alone."""

    def make(arguments: Sequence[Closure], _nodes: Sequence[Node]) -> Closure:
        if len(arguments) == 1:
            (only,) = arguments
            return lambda value, names: function(only(value, names))

        return lambda value, names: function(*[one(value, names) for one in arguments])

    return make


def _money(
    function: Callable[..., Any],
) -> Callable[[Sequence[Closure], Sequence[Node]], Closure]:
    """Build calls of a function that reads amounts as the order writes them."""

    def make(arguments: Sequence[Closure], _nodes: Sequence[Node]) -> Closure:
        return lambda value, names: function(amounts.reader(names), *[one(value, names) for one in arguments])

    return make


FUNCTIONS: Final[Mapping[str, Function]] = {
    "add": Function("add(amount, amount, …)", 1, None, _money(amounts.add)),
    "sub": Function("sub(amount, amount, …)", 2, None, _money(amounts.sub)),
    "mul": Function("mul(amount, number)", 2, 2, _money(amounts.mul)),
    "div": Function("div(amount, number)", 2, 2, _money(amounts.div)),
    "neg": Function("neg(amount)", 1, 1, _money(amounts.neg)),
    "abs": Function("abs(amount)", 1, 1, _money(amounts.absolute)),
    "total": Function("total(amounts, …)", 1, None, _money(amounts.total)),
    "max": Function("max(amount, amount, …)", 2, None, _money(amounts.largest)),
    "min": Function("min(amount, amount, …)", 2, None, _money(amounts.smallest)),
    "minor": Function("minor(amount)", 1, 1, _money(amounts.minor)),
    "num": Function("num(value)", 1, 1, _plain(amounts.num)),
    "if": Function("if(condition, then, else)", 2, 3, _if),
    "first": Function("first(a, b, …)", 1, None, _first),
    "words": Function("words(a, b, …)", 1, None, _plain(texts.words)),
    "text": Function("text(value)", 1, 1, _plain(texts.text)),
    "upper": Function("upper(text)", 1, 1, _plain(texts.upper)),
    "lower": Function("lower(text)", 1, 1, _plain(texts.lower)),
    "trim": Function("trim(text)", 1, 1, _plain(texts.trim)),
    "unescape": Function("unescape(text)", 1, 1, _plain(texts.unescape)),
    "replace": Function("replace(text, old, new)", 3, 3, _plain(texts.replace)),
    "split": Function("split(text, separator)", 2, 2, _plain(texts.split)),
    "join": Function("join(separator, texts)", 2, 2, _plain(texts.join)),
    "starts_with": Function("starts_with(text, start)", 2, 2, _plain(texts.starts_with)),
    "ends_with": Function("ends_with(text, end)", 2, 2, _plain(texts.ends_with)),
    "contains": Function("contains(list or text, value)", 2, 2, _plain(texts.contains)),
    "length": Function("length(list or text)", 1, 1, _plain(texts.length)),
    "keys": Function("keys(object)", 1, 1, _plain(texts.keys)),
    "values": Function("values(object)", 1, 1, _plain(texts.values)),
    "merge": Function("merge(object, object, …)", 2, None, _plain(texts.merge)),
    "entries": Function("entries(object)", 1, 1, _plain(texts.entries)),
    "list": Function("list(value)", 1, 1, _plain(texts.listed)),
    "find": Function("find(list, 'field', value)", 3, 3, _find),
    "once": Function("once(list, 'field')", 2, 2, _plain(texts.once)),
    "segment": Function("segment(address)", 1, 1, _plain(texts.segment)),
    "match": Function("match(text, 'pattern')", 2, 2, _match),
    "json": Function("json(text)", 1, 1, _plain(texts.json)),
}
