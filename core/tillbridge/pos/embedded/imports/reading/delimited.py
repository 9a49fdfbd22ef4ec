"""Reads a text file with a delimiter (CSV, tab separated): rows of texts, damaged lines named."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.notes import RefusedLine
from tillbridge.pos.embedded.imports.reading.encodings import TextFile, encoding_words, is_damaged, open_text
from tillbridge.pos.embedded.imports.reading.table import HEAD_ROWS, HowRead, RawRow

_DELIMITERS: Final[dict[str, Words]] = {
    ",": Words("comma", "쉼표"),
    ";": Words("semicolon", "세미콜론"),
    "\t": Words("tab", "탭"),
    "|": Words("vertical bar", "세로줄"),
}
_NAMES: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "bar": "|"}
# Excel's own way to name the delimiter, in a line before the header.
_TOLD: Final = "sep="

Score = Callable[[Sequence[RawRow]], tuple[int, int]]
"""Says of the first rows how well their header is understood, and how many columns it has."""


class Delimited:
    """A text file whose encoding and delimiter are known.

    Attributes:
        lines: how many it has.
        how: as what it is read.
        is_ragged: a row that is shorter or longer than its header is damaged.
    """

    is_ragged = False

    def __init__(self, path: Path, *, encoding: str, delimiter: str, score: Score) -> None:
        self._text = open_text(path, encoding)
        self.lines = sum(1 for _ in self._text.lines())
        first = next(self._text.lines(), "")
        self._told = first.strip().lower().startswith(_TOLD)
        self._delimiter = _wanted(delimiter) or self._find(first, score)
        name, sign = encoding_words(self._text.encoding), _DELIMITERS.get(self._delimiter)
        sign = sign or Words.of(repr(self._delimiter))
        self.how = HowRead(
            encoding=self._text.encoding.removesuffix("-sig"),
            delimiter=self._delimiter,
            words=Words(f"text in {name.en}, {sign.en}", f"텍스트 {name.ko}, 구분 기호 {sign.ko}"),
        )

    def rows(self) -> Iterator[RawRow | RefusedLine]:
        """Yield every row that is not empty, or why it cannot be read."""
        return _rows(self._text, self._delimiter, skip=int(self._told))

    def _find(self, first: str, score: Score) -> str:
        told = first.strip("\ufeff \r\n")[len(_TOLD) :] if self._told else ""
        if len(told) == 1:
            return told
        start = list(islice(self._text.lines(), HEAD_ROWS * 2))

        def understood(delimiter: str) -> tuple[int, int]:
            rows = _rows(start, delimiter, skip=int(self._told))
            return score([row for row in rows if isinstance(row, RawRow)][:HEAD_ROWS])

        return max(_DELIMITERS, key=understood)


def _wanted(delimiter: str) -> str:
    sign = _NAMES.get(delimiter.strip().lower(), delimiter)
    if len(sign) > 1 or sign in ('"', "\n", "\r"):
        raise InputError(
            Words(
                f"--delimiter {delimiter!r} is none: one sign, or comma, semicolon, tab or pipe.",
                f"--delimiter {delimiter!r}은(는) 쓸 수 없습니다. 기호 하나 또는 comma, semicolon, tab, "
                "pipe를 지정해 주세요.",
            )
        )
    return sign


def _rows(text: TextFile | Iterable[str], delimiter: str, *, skip: int) -> Iterator[RawRow | RefusedLine]:
    lines = text.lines() if isinstance(text, TextFile) else iter(text)
    reader = csv.reader(islice(lines, skip, None), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + skip + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The reader goes on with the next line.
            yield _unreadable(line, reader.line_num + skip, error)
            continue
        row = RawRow(line, values)
        if row.is_empty:
            continue
        damaged = next((value for value in values if is_damaged(value)), None)
        yield row if damaged is None else _undecoded(line, damaged)


def _unreadable(first: int, last: int, error: csv.Error) -> RefusedLine:
    en = f"Up to line {last} it" if last > first else "It"
    ko = f"{last}번째 줄까지 " if last > first else ""
    words = Words(
        f"{en} cannot be read as CSV ({error}); a quotation mark is probably not closed or not doubled.",
        f"{ko}CSV로 읽을 수 없습니다({error}). 따옴표가 닫혔는지, 값 안의 따옴표를 두 번 썼는지 "
        "확인해 주세요.",
    )
    return RefusedLine(first, "", "", words)


def _undecoded(line: int, value: str) -> RefusedLine:
    shown = value.strip()
    words = Words(
        "A sign in it is damaged: it is none of the file's encoding. Mend the line, or say with --encoding "
        "in which encoding the file is.",
        "파일의 인코딩으로 읽을 수 없는 글자가 있습니다. 해당 줄을 고치거나 --encoding으로 인코딩을 지정해 "
        "주세요.",
    )
    return RefusedLine(line, "", shown.encode("utf-8", "replace").decode(), words)
