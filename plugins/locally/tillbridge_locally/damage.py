"""Says in words what is damaged in a payload, and where, in the payload's own names."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tillbridge.plugin import PayloadError, Words

_SHOWN: Final = 40
# The whole payload when nothing in it can be named.
ROOT: Final = "order"

Say = Callable[[str, Mapping[str, Any]], Words]


def _simply(en: str, ko: str) -> Say:
    return lambda got, _: Words(en=f"{en}; it is {got}.", ko=f"{ko} 받은 값: {got}.")


def _too_long(_got: str, context: Mapping[str, Any]) -> Words:
    longest = context.get("max_length")
    return Words(en=f"The text is longer than {longest} characters.", ko=f"텍스트가 {longest}자를 넘습니다.")


_MISSING = Words(en="It is missing.", ko="값이 없습니다.")
_TEXT = _simply("It must be a text", "텍스트여야 합니다.")
_NUMBER = _simply("It must be a number", "숫자여야 합니다.")
_NO_SUCH_NUMBER = _simply("It is no usable number", "사용할 수 없는 숫자입니다.")
_OBJECT = _simply("It must be an object with fields", "필드가 있는 객체여야 합니다.")
_LIST = _simply("It must be a list", "목록이어야 합니다.")
_TOO_EXACT = _simply(
    "It has more digits than a quantity or an amount can have", "자릿수가 너무 많은 숫자입니다."
)

_SAY: Final[Mapping[str, Say]] = {
    "missing": lambda _got, _context: _MISSING,
    "text_type": _TEXT,
    "string_type": _TEXT,
    "number_type": _NUMBER,
    "decimal_type": _NUMBER,
    "finite_number": _NO_SUCH_NUMBER,
    "decimal_max_digits": _TOO_EXACT,
    "decimal_max_places": _TOO_EXACT,
    "decimal_whole_digits": _TOO_EXACT,
    "flag_type": _simply("It must be true or false (1 or 0)", "true 또는 false(1 또는 0)여야 합니다."),
    "moment_type": _simply(
        "It must be a time as in 2026-01-31T09:30:00+09:00",
        "2026-01-31T09:30:00+09:00 형식의 시각이어야 합니다.",
    ),
    "moment_zone": _simply(
        "The time has no zone, so that nobody can say when it was", "시간대가 없어 언제인지 알 수 없습니다."
    ),
    "string_pattern_mismatch": _simply(
        "It must be 1 to 64 letters, digits, - or _", "영문자, 숫자, -, _ 1~64자로 되어 있어야 합니다."
    ),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "too_short": lambda _got, _context: Words(en="The list is empty.", ko="목록이 비어 있습니다."),
    "string_too_long": _too_long,
    "too_long": _too_long,
    "greater_than": lambda got, context: Words(
        en=f"It must be more than {context.get('gt')}; it is {got}.",
        ko=f"{context.get('gt')}보다 커야 합니다. 받은 값: {got}.",
    ),
    "greater_than_equal": lambda got, context: Words(
        en=f"It must not be less than {context.get('ge')}; it is {got}.",
        ko=f"{context.get('ge')} 이상이어야 합니다. 받은 값: {got}.",
    ),
}


def damaged(path: str, words: Words) -> PayloadError:
    """Return the error for one damaged place; its words begin with the place."""
    return PayloadError(Words(en=f"{path}: {words.en}", ko=f"{path}: {words.ko}"), path=path)


def payload_error(error: ValidationError, *, under: str = "") -> PayloadError:
    """Translate what pydantic found: the first damaged place, and how many more there are.

    Args:
        error: what pydantic raised.
        under: where the validated value stands in the payload.
    """
    details = error.errors(include_url=False)
    first = details[0]
    said = words_of(first)
    more = len(details) - 1
    if more:
        said = Words(
            en=f"{said.en} {more} more {'place is' if more == 1 else 'places are'} damaged.",
            ko=f"{said.ko} 그 밖에 {more}곳이 더 손상되었습니다.",
        )
    return damaged(path_of(first["loc"], under=under), said)


def words_of(detail: ErrorDetails) -> Words:
    """Say one of pydantic's findings in words."""
    say = _SAY.get(detail["type"])
    got = shown(detail["input"])
    if say is None:
        return Words(en=f"It cannot be used; it is {got}.", ko=f"사용할 수 없는 값입니다. 받은 값: {got}.")
    return say(got, detail.get("ctx", {}))


def path_of(loc: tuple[int | str, ...], *, under: str = "") -> str:
    """Write a place as the payload names it: `cart.items[2].qty`."""
    path = under
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path or ROOT


def shown(value: object) -> str:
    """Return a received value short enough for a sentence; a large one is only named by its kind."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return _short(str(value))
        case str():
            return f'"{_short(value)}"'
        case list():
            return "[…]"
        case dict():
            return "{…}"
    return "?"


def _short(text: str) -> str:
    clean = "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: _SHOWN + 1]
    )
    return clean if len(clean) <= _SHOWN else f"{clean[:_SHOWN]}…"
