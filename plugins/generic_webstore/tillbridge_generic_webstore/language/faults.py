"""Turns what pydantic found in a profile into sentences: what came, what is allowed, what was meant."""

import datetime as dt
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic_core import ErrorDetails

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.shapes import Shape, fields, keys_at, shapes_at, tables

_SHOWN: Final = 40
NEAR: Final = 0.72
"""How alike words must be for one to have been meant by the other."""
_PLACES: Final = 3
_KEY: Final = "[key]"
"""How pydantic says that a key of a table is what is wrong."""
_LIMITS: Final[Mapping[str, tuple[str, Words]]] = {
    "greater_than": ("gt", Words("must be more than {}", "{}보다 커야 합니다")),
    "greater_than_equal": ("ge", Words("must be at least {}", "{} 이상이어야 합니다")),
}
_EMPTY: Final = frozenset({"string_too_short", "too_short"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong.

    Attributes:
        path: where.
        words: what is said of it; None: it follows from another fault.
        meant: of a key that nobody knows, the one that was meant, if there is one.
    """

    path: Path
    words: Words | None
    meant: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """One error of pydantic's, and where it is.

    Attributes:
        path: in the file.
        fork: where a value may have several forms, of which this error is about one; None: it may not.
    """

    path: Path
    fork: Path | None
    error: ErrorDetails


def faults_of(data: Mapping[str, Any], errors: Sequence[ErrorDetails]) -> list[Fault]:
    """Return what is wrong with a profile's data, each place once."""
    # A list whose items are wrong counts as too short as well: only the items are told.
    found = [_place(data, error) for error in errors if error["type"] not in _EMPTY or not error["input"]]
    deeper = {one.fork for one in found if one.fork is not None and len(one.path) > len(one.fork)}
    said: dict[Path, Words | None] = {}
    for one in found:
        if one.fork is None or len(one.path) > len(one.fork):
            said.setdefault(one.path, _say(one.path, one.error))
        elif one.fork not in deeper:
            said.setdefault(one.fork, _wrong(shapes_at(one.fork), one.error["input"]))
    meant = {
        one.path: near
        for one in found
        if one.error["type"] == "extra_forbidden" or one.error["loc"][-1:] == (_KEY,)
        for near in _near(one.path)[:1]
    }
    misspelt = {(*path[:-1], near) for path, near in meant.items()}
    missing = {one.path for one in found if one.error["type"] == "missing"}
    return [
        Fault(path, None if path in missing & misspelt else words, meant.get(path, ""))
        for path, words in said.items()
    ]


def _place(data: Mapping[str, Any], error: ErrorDetails) -> _Found:
    """Follow pydantic's location through the data: what leads nowhere there names one form of several."""
    here: Any = data
    path: Path = ()
    fork: Path | None = None
    key: Any
    for place, key in enumerate(error["loc"]):
        last = place == len(error["loc"]) - 1
        if (isinstance(here, dict) and key in here) or (
            isinstance(here, list) and isinstance(key, int) and key < len(here)
        ):
            here = here[key]
            path = (*path, key)
        elif last and error["type"] == "missing":
            path = (*path, key)
        elif fork is None and key != _KEY:
            fork = path
    return _Found(path, fork, error)


def _say(path: Path, error: ErrorDetails) -> Words:
    kind, context = error["type"], error.get("ctx", {})
    if error["loc"][-1:] == (_KEY,):
        return _unknown(path)
    if kind == "extra_forbidden":
        return _unknown(path)
    if kind == "missing":
        return _missing(path)
    if kind in _EMPTY:
        return Words("is empty", "비어 있습니다")
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        limit = f"{context[name]:g}"
        return Words(
            f"{words.en.format(limit)}; {came(error['input'])} came",
            f"{words.ko.format(limit)}(입력한 값: {came(error['input'])})",
        )
    return _wrong(shapes_at(path), error["input"])


def _missing(path: Path) -> Words:
    if any(one.model or one.named is not None for one in shapes_at(path)):
        return Words("this table is missing", "이 테이블이 없습니다")
    return Words("is missing", "값이 없습니다")


def _unknown(path: Path) -> Words:
    key, allowed = str(path[-1]), keys_at(path[:-1])
    if near := _near(path):
        meant = " or ".join(near)
        return Words(
            f"there is no such key here; did you mean {meant}?",
            f"여기에는 이런 키가 없습니다. 혹시 {', '.join(near)}인가요?",
        )
    if homes := [place for place in _homes().get(key, ()) if place != _place_of(path[:-1])][:_PLACES]:
        listed = ", ".join(f"[{place}]" if place else "the top of the file" for place in homes)
        return Words(
            f"there is no such key here; it belongs into {listed}",
            "여기에는 이런 키가 없습니다. "
            f"{listed.replace('the top of the file', '파일 맨 위')}에 들어가는 키입니다",
        )
    return Words(
        f"there is no such key here; allowed are: {', '.join(allowed)}",
        f"여기에는 이런 키가 없습니다. 쓸 수 있는 키: {', '.join(allowed)}",
    )


def _near(path: Path) -> list[str]:
    """Return the keys that may have been meant, the likeliest first."""
    return difflib.get_close_matches(str(path[-1]), keys_at(path[:-1]), n=2, cutoff=NEAR)


@cache
def _homes() -> Mapping[str, Sequence[str]]:
    """Return, for each key, the tables of the language that have it."""
    found: dict[str, list[str]] = {}
    for place, model in tables():
        for key in fields(model):
            found.setdefault(key, []).append(place)
    return found


def _place_of(path: Path) -> str:
    return ".".join(str(key) for key in path if isinstance(key, str))


def _wrong(allowed: Sequence[Shape], value: Any) -> Words:
    """Say what came in the place of what is allowed."""
    choices = [choice for one in allowed for choice in one.choices]
    others = [one for one in allowed if not one.choices]
    if isinstance(value, str) and choices and not any(one.model for one in others):
        return unknown_word(value, choices)
    forms = list(_forms(allowed))
    return Words(
        f"must be {_either([one.en for one in forms], 'or')}; {came(value)} came",
        f"{_either([one.ko for one in forms], '또는')} 형식이어야 합니다(입력한 값: {came_ko(value)})",
    )


def _forms(allowed: Sequence[Shape]) -> Iterator[Words]:
    seen = set()
    for one in allowed:
        if one.words.en not in seen:
            seen.add(one.words.en)
            yield one.words


def _either(texts: Sequence[str], word: str) -> str:
    if len(texts) == 1:
        return texts[0]
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def unknown_word(value: str, allowed: Sequence[str]) -> Words:
    """Say that a word is none of those allowed, and which may have been meant."""
    listed = ", ".join(allowed)
    near = difflib.get_close_matches(value, allowed, n=1, cutoff=NEAR)
    meant = Words(f'; did you mean "{near[0]}"?', f' 혹시 "{near[0]}"인가요?') if near else Words("", "")
    return Words(
        f"{came(value)} is not allowed{meant.en} ({listed})",
        f"{came(value)}은(는) 쓸 수 없는 값입니다.{meant.ko} (쓸 수 있는 값: {listed})",
    )


def came(value: Any) -> str:
    """Write a value as TOML does, shortened; tables and lists by their kind."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date | dt.time):
        return f"the date {value}"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def came_ko(value: Any) -> str:
    """Write a value as `came` does, in Korean."""
    if isinstance(value, dict):
        return "테이블"
    if isinstance(value, list):
        return "목록"
    return f"날짜 {value}" if isinstance(value, dt.date | dt.time) else came(value)
