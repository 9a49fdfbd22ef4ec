"""Cuts an answer into its rows without reading them: the bytes of each stay as the webstore wrote them.

A rows path is a small language of its own, for expressions would decode: names with dots between, `[]` for
"each of this list", `*` for each value of an object, `@` for the answer itself. `data.orders.edges[].node` is
the node of each edge. A list at the path's end is its rows, with or without `[]`. A name with other signs
stands in quotes: `"hydra:member"`. Where a webstore may answer in several ways, they stand with `|` between:
the first that fits is taken (`results | []`: with paging, and without).
"""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from tillbridge.plugin import TillbridgeError, Words
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path

_TOKEN: Final = re.compile(r'\[\]|"((?:[^"\\]|\\.)+)"|([A-Za-z_@$][\w@$:-]*|\*)|(\.)')
_EACH: Final = "[]"
_VALUES: Final = "*"
_SHOWN: Final = 8
_HEAD: Final = 64
_OBJECT: Final = dict[str, msgspec.Raw]
_LIST: Final = list[msgspec.Raw]
_NULL: Final = msgspec.Raw(b"null")


class RowsError(TillbridgeError):
    """An answer does not have its rows where the profile says."""


@dataclass(frozen=True, slots=True)
class RowsPath:
    """Where an answer holds its rows.

    Attributes:
        source: as the profile has it.
        steps: names, and "[]".
        otherwise: where else they may be.
        of_xml: one element may stand where several might, and none where there are none: only the root must
            be there.
    """

    source: str
    steps: tuple[str, ...]
    otherwise: "RowsPath | None" = None
    of_xml: bool = False

    def cut(self, content: bytes) -> list[bytes]:
        """Return the bytes of each row.

        Raises:
            RowsError: they are not there, in words that say what is.
        """
        try:
            return [bytes(one) for one in self._cut(msgspec.Raw(content), 0)]
        except RowsError:
            if self.otherwise is None:
                raise
            with suppress(RowsError):
                return self.otherwise.cut(content)
            raise

    def _cut(self, raw: msgspec.Raw, at: int) -> list[msgspec.Raw]:
        if at == len(self.steps):
            return [] if self.of_xml and _begins(raw) == b"n" else [raw]
        step = self.steps[at]
        if step == _EACH:
            return [row for one in self._listed(raw, at) for row in self._cut(one, at + 1)]
        if step == _VALUES:
            return [row for one in self._values(raw, at) for row in self._cut(one, at + 1)]
        inner = self._named(raw, at)
        if at + 1 == len(self.steps) and _begins(inner) == b"[":
            return self._listed(inner, at + 1)
        return self._cut(inner, at + 1)

    def _listed(self, raw: msgspec.Raw, at: int) -> list[msgspec.Raw]:
        rows: list[msgspec.Raw] | None = _decoded(raw, _LIST)
        if rows is None and self.of_xml:
            return [] if _begins(raw) == b"n" else [raw]
        if rows is None:
            raise RowsError(self._no_list(raw, at))
        return rows

    def _values(self, raw: msgspec.Raw, at: int) -> list[msgspec.Raw]:
        # What has no keys is an empty list to PHP.
        if _begins(raw) == b"[":
            return self._listed(raw, at)
        held: dict[str, msgspec.Raw] | None = _decoded(raw, _OBJECT)
        if held is None:
            raise RowsError(self._no_object(raw, at))
        return list(held.values())

    def _named(self, raw: msgspec.Raw, at: int) -> msgspec.Raw:
        held: dict[str, msgspec.Raw] | None = _decoded(raw, _OBJECT)
        if self.of_xml and at and self.steps[at] not in (held or {}):
            return _NULL
        if held is None:
            raise RowsError(self._no_object(raw, at))
        name = self.steps[at]
        if self.of_xml and name in held:
            return held[name]
        if name not in held or _begins(held[name]) == b"n":
            raise RowsError(self._absent(held, at))
        return held[name]

    def _absent(self, held: dict[str, msgspec.Raw], at: int) -> Words:
        there = self._until(at + 1)
        if self.steps[at] in held:
            return Words(
                f'rows "{self.source}": {there} is null; if that means that there are none, say so with '
                "empty_when",
                f'rows "{self.source}": {there} 값이 null입니다. 주문이 없다는 뜻이면 empty_when에 '
                "적어 주세요",
            )
        has = ", ".join(list(held)[:_SHOWN]) or "-"
        return Words(
            f'rows "{self.source}": {there} is not in the answer; it has: {has}',
            f'rows "{self.source}": 응답에 {there}이(가) 없습니다. 응답에 있는 항목: {has}',
        )

    def _no_list(self, raw: msgspec.Raw, at: int) -> Words:
        en, ko = _kind(raw)
        there = self._until(at)
        return Words(
            f'rows "{self.source}": {there} is no list but {en}',
            f'rows "{self.source}": {there}은(는) 목록이 아니라 {ko}입니다',
        )

    def _no_object(self, raw: msgspec.Raw, at: int) -> Words:
        en, ko = _kind(raw)
        there, name = self._until(at), self.steps[at]
        return Words(
            f'rows "{self.source}": {there} holds no {name}, for it is {en}',
            f'rows "{self.source}": {there}은(는) {ko}이므로 {name}이(가) 없습니다',
        )

    def _until(self, at: int) -> str:
        text = ""
        for step in self.steps[:at]:
            text += step if step == _EACH else f".{step}" if text else step
        return text or "@"


def compile_rows(source: str, path: Path, mistakes: Mistakes, *, of_xml: bool = False) -> RowsPath:
    """Read a rows path; what is wrong with it is added to `mistakes`."""
    first, bar, rest = source.partition("|")
    made = replace(_compiled(first.strip(), path, mistakes), of_xml=of_xml)
    return replace(made, otherwise=compile_rows(rest, path, mistakes, of_xml=of_xml)) if bar else made


def _compiled(text: str, path: Path, mistakes: Mistakes) -> RowsPath:
    steps: list[str] = []
    at = 1 if text.startswith("@") and (len(text) == 1 or text[1] in "[.") else 0
    wants_name = False
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or (wants_name and found.group(0) in (_EACH, ".")):
            mistakes.add(path, _unreadable(text, at))
            return RowsPath(text, ())
        whole = found.group(0)
        if whole == ".":
            wants_name = True
        else:
            if whole != _EACH and steps and not wants_name:
                mistakes.add(path, _unreadable(text, at))
                return RowsPath(text, ())
            steps.append(whole if whole == _EACH else found.group(1) or found.group(2))
            wants_name = False
        at = found.end()
    if wants_name or not text:
        mistakes.add(path, _unreadable(text, len(text)))
    return RowsPath(text, tuple(steps))


def _decoded(raw: msgspec.Raw, kind: Any) -> Any:
    """Return what stands there, or None where it is of another kind."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RowsError(_broken(raw)) from error


def _begins(raw: msgspec.Raw) -> bytes:
    return bytes(memoryview(raw)[:_HEAD]).lstrip()[:1]


def _broken(raw: msgspec.Raw) -> Words:
    size = len(memoryview(raw))
    if _begins(raw) == b"<":
        return Words(
            f"the answer is no JSON but a page of HTML or XML ({size} bytes)",
            f"응답이 JSON이 아니라 HTML 또는 XML 문서입니다({size}바이트)",
        )
    return Words(
        f"the answer is no complete JSON ({size} bytes)", f"응답이 온전한 JSON이 아닙니다({size}바이트)"
    )


def _kind(raw: msgspec.Raw) -> tuple[str, str]:
    kinds = {
        b"{": ("an object", "객체"),
        b"[": ("a list", "목록"),
        b'"': ("a text", "문자열"),
        b"": ("empty", "빈 값"),
        b"n": ("null", "null"),
    }
    return kinds.get(_begins(raw), ("something else", "다른 값"))


def _unreadable(source: str, at: int) -> Words:
    found = f'"{source[at]}"' if at < len(source) else "the end"
    found_ko = f'"{source[at]}"' if at < len(source) else "끝"
    return Words(
        f"unexpected {found} at character {at + 1}: a rows path has names with dots between, [], * and @",
        f"{at + 1}번째 글자 {found_ko}이(가) 잘못되었습니다. 행 경로에는 점으로 나눈 이름과 [], *, @만 "
        "쓸 수 있습니다",
    )
