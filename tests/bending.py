"""Bends JSON documents as broken services and careless hands do: a strategy for tests of damage.

`bends(document)` draws what is done to which places, `bent(document, …)` does it, `written` makes bytes
of it: also those that no JSON writer would make (numbers without end, halves of signs, a field twice).
`torn(content)` damages bytes. All of it shrinks to one small bend.
"""

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Place = tuple[int | str, ...]
DEEP = 3000


@dataclass(frozen=True)
class Raw:
    """JSON that is written as it stands; `times` repeats it, so that a failing test stays readable."""

    text: str
    times: int = 1
    end: str = ""

    @property
    def content(self) -> str:
        return self.text * self.times + self.end * self.times


@dataclass(frozen=True)
class Bend:
    """What is done to one place: `put` a value there, `drop` it, or let it stand `twice`."""

    place: Place
    do: str
    value: Any = None


@dataclass(frozen=True)
class Doubled:
    """A field that stands twice in its object."""

    first: Any
    second: Any


# Simple ones first: what fails shrinks towards the beginning.
WRONG: Sequence[Any] = (
    None,
    True,
    False,
    0,
    -1,
    "",
    " ",
    [],
    {},
    [None],
    {"": None},
    Raw("-0"),
    Raw("0.5"),
    Raw("1E2"),
    2**31,
    2**53 + 1,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    10**18,
    Raw("0.1000000000000000055511151231257827021181583404541015625"),
    Raw("1e-400"),
    Raw("1e400"),
    Raw("-1e99999999999999999999"),
    Raw("9", times=400),
    Raw("9", times=5000),
    Raw("NaN"),
    Raw("-Infinity"),
    "0",
    "-1",
    "1e9",
    "NaN",
    "null",
    "\x00",
    "A\x00B",
    "\x1b[31m",
    "\r\n\t\x07\x7f\x85",
    "\ud800",
    "김\udc00민수",
    "\ufeff",
    "\u202e321\u202c",
    "\u200b\u200d",
    "\u2028",
    "e\u0301" * 40,
    "👩‍🚲" * 20,
    "１２３",
    "٣",
    "'; DROP TABLE orders; --",
    "{{7*7}} %s %(id)s :id",
    "[red]x[/red]",
    "x" * 301,
    "가" * 2001,
    "1970-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00:00Z",
    "2026-03-02T10:15:00",
    "KRW",
    "WON",
    "../..",
    Raw("[", times=60, end="]"),
    Raw('{"a":', times=DEEP, end="}"),
    Raw("[", times=DEEP, end="]"),
)

_texts = st.text(st.characters(), max_size=30)
_numbers = st.integers() | st.floats() | st.decimals().map(lambda number: Raw(str(number)))
wrong: st.SearchStrategy[Any] = st.sampled_from(WRONG) | st.recursive(
    st.none() | st.booleans() | _numbers | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=6,
)


def places(document: Any, under: Place = ()) -> Iterator[Place]:
    """Yield the place of every value in a document, the whole first."""
    yield under
    inner: Iterable[tuple[int | str, Any]] = ()
    if isinstance(document, dict):
        inner = document.items()
    elif isinstance(document, list):
        inner = enumerate(document)
    for key, value in inner:
        yield from places(value, (*under, key))


def bends(document: Any, *, most: int = 3) -> st.SearchStrategy[list[Bend]]:
    """Draw one to `most` bends of a document, at any of its places but the whole."""
    place = st.sampled_from(list(places(document))[1:])
    put = st.builds(Bend, place, st.just("put"), wrong)
    drop = st.builds(Bend, place, st.just("drop"))
    twice = st.builds(Bend, place, st.just("twice"), wrong)
    return st.lists(put | drop | twice, min_size=1, max_size=most)


def bent(document: Any, wanted: Iterable[Bend]) -> Any:
    """Return a bent copy; a bend whose place another one has taken away does nothing."""
    made = copy.deepcopy(document)
    for bend in wanted:
        *way, last = bend.place
        holder = _reach(made, way)
        if _has(holder, last):
            _DO[bend.do](holder, last, bend.value)
    return made


def _reach(document: Any, way: Iterable[int | str]) -> Any:
    for key in way:
        if not _has(document, key):
            return None
        document = document[key]
    return document


def _has(holder: Any, key: int | str) -> bool:
    if isinstance(holder, list):
        return isinstance(key, int) and key < len(holder)
    return isinstance(holder, dict) and key in holder


def _put(holder: Any, key: Any, value: Any) -> None:
    holder[key] = value


def _drop(holder: Any, key: Any, _: Any) -> None:
    del holder[key]


def _double(holder: Any, key: Any, value: Any) -> None:
    if isinstance(holder, dict):
        holder[key] = Doubled(holder[key], value)
    else:
        holder.insert(key, holder[key])


_DO: dict[str, Callable[[Any, Any, Any], None]] = {"put": _put, "drop": _drop, "twice": _double}


def written(document: Any) -> bytes:
    """Return a document as JSON in UTF-8; half a sign becomes its escape."""
    return "".join(_pieces(document)).encode()


def _pieces(value: Any) -> Iterator[str]:
    match value:
        case Raw():
            yield value.content
        case dict():
            for place, (name, inner) in enumerate(value.items()):
                yield "," if place else "{"
                yield from _field(name, inner)
            yield "}" if value else "{}"
        case list() | tuple():
            for place, inner in enumerate(value):
                yield "," if place else "["
                yield from _pieces(inner)
            yield "]" if value else "[]"
        case str():
            yield _text(value)
        case Decimal():
            yield f"{value:f}"
        case _:
            yield json.dumps(value)


def _field(name: str, inner: Any) -> Iterator[str]:
    if isinstance(inner, Doubled):
        yield from _field(name, inner.first)
        yield ","
        yield from _field(name, inner.second)
    else:
        yield f"{_text(name)}:"
        yield from _pieces(inner)


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(text)
    return json.dumps(text, ensure_ascii=False)


def torn(content: bytes) -> st.SearchStrategy[bytes]:
    """Draw damaged bytes of a document: cut off, another encoding, something in the middle of it."""
    text = content.decode("utf-8", "replace")
    others = ("utf-16", "utf-16-le", "utf-32", "cp949", "euc-kr", "latin-1", "shift_jis")
    whole = [b"\xef\xbb\xbf" + content, content * 2, b"", b" ", b"null", b"\x00" * 8, b"<html>502</html>"]
    whole += [text.encode(name, "replace") for name in others]
    middles = (b"", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\\u0000", b"\\ud800", b",", b"}", b'"')
    somewhere = st.integers(0, len(content))
    return (
        st.builds(lambda end: content[:end], st.integers(0, len(content) - 1))
        | st.sampled_from(whole)
        | st.builds(
            lambda start, length, middle: content[:start] + middle + content[start + length :],
            somewhere,
            st.integers(0, 40),
            st.sampled_from(middles),
        )
        | st.binary(max_size=60)
    )
