"""Says in words which setting of a connection is missing or wrong, what came, and what is allowed."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tillbridge.model.words import Words
from tillbridge.setting_forms import FORM_FAULT

_SHOWN: Final = 60
Say = Callable[[str, Mapping[str, Any]], Words]


def _simply(en: str, ko: str) -> Say:
    """Make a sentence of what came and what is allowed."""
    return lambda got, _: Words(f"{en}{got and f'; {got} came'}", f"{ko}{got and f' (받은 값: {got})'}")


def _missing(_got: str, _context: Mapping[str, Any]) -> Words:
    return Words("is missing", "값이 없습니다")


def _limit(en: str, ko: str, key: str) -> Say:
    def say(got: str, context: Mapping[str, Any]) -> Words:
        end = context.get(key)
        return _simply(f"{en} {end}", ko.format(end))(got, context)

    return say


def _expected(got: str, context: Mapping[str, Any]) -> Words:
    allowed = context.get("expected")
    ours = str(allowed).replace(" or ", ", ")
    return _simply(f"must be {allowed}", f"다음 중 하나여야 합니다: {ours}")(got, context)


def _pattern(got: str, context: Mapping[str, Any]) -> Words:
    form = context.get("pattern")
    return _simply(f"must be of the form {form}", f"{form} 형식이어야 합니다")(got, context)


def _form(got: str, context: Mapping[str, Any]) -> Words:
    form: Words = context["form"]
    return _simply(f"must be {form.en}", f"형식이 맞지 않습니다. 필요한 형식: {form.ko}")(got, context)


_WHOLE: Final = _simply("must be a whole number", "정수여야 합니다")
_NUMBER: Final = _simply("must be a number", "숫자여야 합니다")
_FLAG: Final = _simply("must be true or false", "true 또는 false여야 합니다")
_URL: Final = _simply("must be an address such as https://host", "https://host 형식의 주소여야 합니다")
_SHORT: Final = _limit("must have a length of at least", "길이가 {} 이상이어야 합니다", "min_length")
_LONG: Final = _limit("must have a length of at most", "길이가 {} 이하여야 합니다", "max_length")
_SAY: Final[Mapping[str, Say]] = {
    "missing": _missing,
    "string_pattern_mismatch": _pattern,
    FORM_FAULT: _form,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_parsing": _NUMBER,
    "decimal_parsing": _NUMBER,
    "bool_parsing": _FLAG,
    "enum": _expected,
    "literal_error": _expected,
    "greater_than": _limit("must be more than", "{}보다 커야 합니다", "gt"),
    "greater_than_equal": _limit("must be at least", "{} 이상이어야 합니다", "ge"),
    "less_than": _limit("must be less than", "{}보다 작아야 합니다", "lt"),
    "less_than_equal": _limit("must be at most", "{} 이하여야 합니다", "le"),
    "string_too_short": _SHORT,
    "too_short": _SHORT,
    "string_too_long": _LONG,
    "too_long": _LONG,
    "url_parsing": _URL,
    "url_scheme": _URL,
}


def setting_faults(title: str, error: ValidationError, secret: AbstractSet[str]) -> Words:
    """Return every fault in one sentence; what came for a secret is not repeated.

    Args:
        title: the provider's.
        error: what pydantic found.
        secret: the names of settings that are secrets.
    """
    said = [_one(fault, secret) for fault in error.errors(include_url=False)]
    return Words(
        f"The settings for {title} do not fit. {'; '.join(one.en for one in said)}.",
        f"{title} 설정이 맞지 않습니다. {'; '.join(one.ko for one in said)}.",
    )


def taken(name: str, title: str) -> Words:
    """Say that a connection's name or its account is taken."""
    return Words(
        f"There is a connection named {name!r} already, or this {title} account is connected already. "
        "See `tillbridge connections`.",
        f"{name!r} 이름의 연결이 이미 있거나, 이 {title} 계정이 이미 연결되어 있습니다. "
        "`tillbridge connections`로 확인해 주세요.",
    )


def _one(fault: ErrorDetails, secret: AbstractSet[str]) -> Words:
    name = ".".join(map(str, fault["loc"])) or "settings"
    hidden = not fault["loc"] or fault["loc"][0] in secret
    got = "" if hidden else repr(fault["input"])[:_SHOWN]
    say = _SAY.get(fault["type"])
    if say is None:
        # A provider's own check says it in its own words.
        return Words(f"{name}: {fault['msg']}", f"{name}: {fault['msg']}")
    words = say(got, fault.get("ctx", {}))
    option = "--secret" if hidden and fault["loc"] else "--set"
    return Words(f"{option} {name} {words.en}", f"{option} {name}: {words.ko}")
