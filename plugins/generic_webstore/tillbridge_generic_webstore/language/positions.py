"""Where in a TOML file each key stands: `tomllib` yields the values and forgets their lines.

The text has been read by `tomllib` before, so it is valid, and nothing is checked here.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tillbridge_generic_webstore.language.mistakes import Path

_BLANK: Final = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRING: Final = re.compile(
    r'"""(?:\\.|(?!""")[^\\])*"{3,5}'
    r"|'''(?:(?!''').)*'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_PLAIN: Final = re.compile(r"[^,\]}\n#]+")  # numbers, true and false, dates


@dataclass(frozen=True, slots=True)
class Positions:
    """The line of each key of a file, and of each place in its lists.

    Attributes:
        lines: by path, from 1.
    """

    lines: Mapping[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Return the line of a path; of what is not there, that of the table it would be in; 0 if unknown."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1 if self.lines else 0)


def find_positions(text: str) -> Positions:
    """Return where each key of a TOML text stands; `tomllib` has read the same text without a complaint."""
    return Positions(_Scanner(text.replace("\r\n", "\n")).scan())


class _Scanner:
    """Goes through a text once, from key to key."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._counts: dict[Path, int] = {}
        self._found: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        """Return the line of each path."""
        table: Path = ()
        self._skip()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip()
        return self._found

    def _skip(self) -> None:
        """Pass blanks, line ends and comments."""
        match = _BLANK.match(self._text, self._at)
        assert match is not None
        self._at = match.end()

    def _take(self, sign: str) -> bool:
        """Pass a sign if it is next."""
        self._skip()
        if not self._text.startswith(sign, self._at):
            return False
        self._at += len(sign)
        return True

    def _note(self, path: Path, at: int) -> None:
        self._found.setdefault(path, bisect_right(self._ends, at - 1) + 1)

    def _header(self) -> Path:
        start = self._at
        many = self._text.startswith("[[", start)
        self._at += 2 if many else 1
        keys = self._keys()
        self._at += 2 if many else 1
        path: Path = ()
        for place, (key, at) in enumerate(keys):
            path = (*path, key)
            self._note(path, at)
            if many and place == len(keys) - 1:
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
                self._note(path, start)
        return path

    def _keys(self) -> list[tuple[str, int]]:
        """Read a key with its dots: each part, and where it begins."""
        found = []
        while True:
            self._skip()
            start = self._at
            match = _STRING.match(self._text, start) or _BARE_KEY.match(self._text, start)
            assert match is not None
            self._at = match.end()
            found.append((_plain(match[0]), start))
            if not self._take("."):
                return found

    def _pair(self, table: Path) -> None:
        path = table
        for key, at in self._keys():
            path = (*path, key)
            self._note(path, at)
        self._take("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._take("["):
            self._list(path)
        elif self._take("{"):
            while not self._take("}"):
                self._pair(path)
                self._take(",")
        else:
            self._skip()
            match = _STRING.match(self._text, self._at) or _PLAIN.match(self._text, self._at)
            assert match is not None
            self._at = match.end()

    def _list(self, path: Path) -> None:
        place = 0
        while not self._take("]"):
            self._note((*path, place), self._at)
            self._value((*path, place))
            self._take(",")
            place += 1


def _plain(key: str) -> str:
    """Return a key without its quotes."""
    if key[0] not in "\"'":
        return key
    text: str = tomllib.loads(f"key = {key}")["key"]
    return text
