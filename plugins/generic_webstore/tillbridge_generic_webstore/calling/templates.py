"""Texts with {placeholders}: in paths, queries, headers and bodies; checked when a profile is loaded.

A text that is exactly one placeholder keeps the value's type. A null drops its key, and a table that is
empty because of that; within a text it drops the text. `"{null}"` is a null that stands. `{keys}` puts a
list with commas between, `{keys:|}` with what stands behind the colon. `{{` and `}}` are braces.
"""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

import msgspec
from pydantic import SecretStr

from tillbridge.plugin import Rejected, Words
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path

Values = Mapping[str, Any]
"""What placeholders stand for: JSON values, moments and secrets have been turned into text before."""

_PIECE: Final = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)(?::([^{}]*))?\}|[{}]")
_SHOWN: Final = 12
_GOES_UP: Final = frozenset({".", ".."})
_NULL_NAME: Final = "{null}"
_NULL: Final = msgspec.Raw(b"null")


@dataclass(frozen=True, slots=True)
class _Placeholder:
    name: str
    between: str = ","


_Pieces = tuple[str | _Placeholder, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders.

    Attributes:
        source: as the profile has it.
        names: the placeholders in it.
    """

    source: str
    names: frozenset[str]
    _pieces: _Pieces

    @property
    def is_lone(self) -> bool:
        """Whether it is exactly one placeholder, whose value keeps its type."""
        return len(self._pieces) == 1 and isinstance(self._pieces[0], _Placeholder)

    def fill(self, values: Values) -> Any:
        """Return the value of a lone placeholder, else a text; None where a value in it is null or absent."""
        if self.is_lone:
            (piece,) = self._pieces
            assert isinstance(piece, _Placeholder)
            return plain(values.get(piece.name))
        return self.text(values)

    def text(self, values: Values) -> str | None:
        """Return a text, whatever the types; None where a value in it is null or absent."""
        return self._joined(values, _as_text)

    def path(self, values: Values, *, raw: Collection[str] = ()) -> str | None:
        """Return an address: what is filled in cannot lead anywhere else, unless it is the whole of it.

        A lone placeholder is an address that the webstore gave; the HTTP client asks it on its own host only.

        Args:
            values: what is filled in.
            raw: placeholders that are addresses themselves.

        Raises:
            Rejected: a value that would go up in the path.
        """
        return self.text(values) if self.is_lone else self._joined(values, _as_path, raw)

    def _joined(self, values: Values, turned: Any, raw: Collection[str] = ()) -> str | None:
        parts = []
        for piece in self._pieces:
            if isinstance(piece, str):
                parts.append(piece)
                continue
            value = plain(values.get(piece.name))
            if value is None:
                return None
            parts.append((_as_text if piece.name in raw else turned)(value, piece.between))
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Tree:
    """JSON whose texts are templates."""

    names: frozenset[str]
    _root: Any

    def fill(self, values: Values) -> Any:
        """Return the JSON; keys whose value is null are left out, and what is empty because of that."""
        return _filled(self._root, values)


def compile_template(source: str, allowed: Collection[str], path: Path, mistakes: Mistakes) -> Template:
    """Read a template; what is wrong with it is added to `mistakes`."""
    pieces: list[str | _Placeholder] = []
    end = 0
    for found in _PIECE.finditer(source):
        pieces.append(source[end : found.start()])
        end = found.end()
        whole, name = found.group(0), found.group(1)
        if whole in ("{{", "}}"):
            pieces.append(whole[0])
        elif name is None:
            mistakes.add(path, _stray(source, found.start()))
        else:
            if name not in allowed:
                mistakes.add(path, _unknown(name, allowed))
            pieces.append(_Placeholder(name, "," if found.group(2) is None else found.group(2)))
    pieces.append(source[end:])
    kept = _merged(pieces)
    names = frozenset(piece.name for piece in kept if isinstance(piece, _Placeholder))
    return Template(source=source, names=names, _pieces=kept)


def compile_tree(tree: Any, allowed: Collection[str], path: Path, mistakes: Mistakes) -> Tree:
    """Read JSON whose texts are templates."""
    names: set[str] = set()
    root = _compiled(tree, allowed, path, (mistakes, names))
    return Tree(names=frozenset(names), _root=root)


def whole(value: str | None) -> int | None:
    """Return an ID as a number, for webstores that take it as nothing else; None for one that is none."""
    return int(value) if value is not None and value.isascii() and value.isdecimal() else None


def names_in(tree: Any) -> Iterator[str]:
    """Yield the placeholders of a text, or of JSON's texts, without making anything ready of them."""
    if isinstance(tree, str):
        yield from (found[1] for found in _PIECE.finditer(tree) if found[1])
    elif isinstance(tree, dict):
        for one in tree.values():
            yield from names_in(one)
    elif isinstance(tree, list | tuple):
        for one in tree:
            yield from names_in(one)


def plain(value: Any) -> Any:
    """Return a value as it is sent: a secret's own text."""
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def as_text(value: Any, between: str = ",") -> str:
    """Return a value as text: numbers as JSON writes them, lists with something between."""
    return _as_text(plain(value), between)


def _merged(pieces: Sequence[str | _Placeholder]) -> _Pieces:
    kept: list[str | _Placeholder] = []
    for piece in pieces:
        if isinstance(piece, str) and kept and isinstance(kept[-1], str):
            kept[-1] += piece
        elif piece != "":
            kept.append(piece)
    return tuple(kept)


def _compiled(tree: Any, allowed: Collection[str], path: Path, into: tuple[Mistakes, set[str]]) -> Any:
    mistakes, names = into
    if tree == _NULL_NAME:
        return _NULL
    if isinstance(tree, str):
        made = compile_template(tree, allowed, path, mistakes)
        names |= made.names
        return made
    if isinstance(tree, dict):
        return {key: _compiled(value, allowed, (*path, key), into) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_compiled(value, allowed, (*path, at), into) for at, value in enumerate(tree)]
    return tree


def _filled(node: Any, values: Values) -> Any:
    if isinstance(node, Template):
        return node.fill(values)
    if isinstance(node, dict):
        made = {key: _filled(value, values) for key, value in node.items()}
        kept = {key: value for key, value in made.items() if value is not None}
        return None if made and not kept else kept
    if isinstance(node, list):
        filled = [_filled(value, values) for value in node]
        kept_items = [value for value in filled if value is not None]
        return None if filled and not kept_items else kept_items
    return node


def _as_text(value: Any, between: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple):
        return between.join(_as_text(one, between) for one in value)
    return str(value)


def _as_path(value: Any, between: str) -> str:
    text = _as_text(value, between)
    if text in _GOES_UP:
        raise Rejected(
            Words(f'"{text}" cannot stand in an address.', f'"{text}"은(는) 주소에 사용할 수 없습니다.')
        )
    return quote(text, safe="")


def _stray(source: str, at: int) -> Words:
    sign = source[at]
    return Words(
        f'"{sign}" at character {at + 1} opens or closes no placeholder; for itself write {sign * 2}',
        f'{at + 1}번째 글자 "{sign}"의 짝이 없습니다. 글자 그대로 쓰려면 {sign * 2}로 적어 주세요',
    )


def _unknown(name: str, allowed: Collection[str]) -> Words:
    near = difflib.get_close_matches(name, list(allowed), n=1)
    known = sorted(allowed)
    shown = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "") or "-"
    hint_en = f" Did you mean {{{near[0]}}}?" if near else ""
    hint_ko = f" 혹시 {{{near[0]}}}인가요?" if near else ""
    return Words(
        f"{{{name}}} is no placeholder here ({shown}).{hint_en}",
        f"{{{name}}}은(는) 여기서 쓸 수 있는 자리표시자가 아닙니다({shown}).{hint_ko}",
    )
