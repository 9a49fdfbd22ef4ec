"""Reads a CSV file row by row, in constant memory: encoding, delimiter, header, damaged rows."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from tillbridge.model.base import clean_text
from tillbridge.model.errors import InputError
from tillbridge.model.identifiers import normalise_name
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.reading.fields import Field, SheetRow
from tillbridge.pos.embedded.imports.report import LineRefusal, RefusedLine

_BOM: Final = b"\xef\xbb\xbf"
_DELIMITERS: Final = ",;\t"
_LONGEST_CELL: Final = 2_000
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open file behind its header.

    Attributes:
        header: the columns' titles as they stand.
        columns: the field of each column, None where the title says nothing.
        rows: yields each row, or why it cannot be read; empty rows are left out.
        lines: how many lines the file has.
    """

    header: Sequence[str]
    columns: Sequence[str | None]
    rows: Iterator[SheetRow | RefusedLine]
    lines: int

    @property
    def unknown(self) -> tuple[str, ...]:
        """The titles that say nothing."""
        return tuple(
            title for title, name in zip(self.header, self.columns, strict=True) if name is None and title
        )

    def title(self, name: str) -> str:
        """Return the title of a field's first column; "" if it has none."""
        return self.header[self.columns.index(name)] if name in self.columns else ""

    def require(self, fields: Sequence[Field], *names: str) -> None:
        """Check that there is a column of at least one of these fields.

        Raises:
            InputError: there is none; it names the columns that came and those that would do.
        """
        if any(name in self.columns for name in names):
            return
        asked = [one for one in fields if one.name in names]
        came = ", ".join(self.header)
        en = " or ".join(f"“{one.usual[0]}”" for one in asked)
        ko = ", ".join(f"“{one.usual[1]}”" for one in asked)
        raise InputError(
            Words(
                f"A column is missing: {en}. The file has: {came}.",
                f"필요한 열이 없습니다({ko} 중 하나). 파일에 있는 열: {came}"
                if len(asked) > 1
                else f"필요한 열이 없습니다: {ko}. 파일에 있는 열: {came}",
            )
        )


@contextmanager
def open_sheet(path: Path, fields: Sequence[Field]) -> Iterator[Sheet]:
    """Open a CSV file and read its header.

    UTF-8 with or without byte order mark; the delimiter (comma, semicolon, tab) is the one by which
    most of the header's titles are known.

    Raises:
        InputError: the file cannot be opened or is empty, or two columns say the same; while rows
            are read, also that a line is not UTF-8.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InputError(
            Words(
                f"{path} cannot be read: {error.strerror}.",
                f"{path} 파일을 읽을 수 없습니다: {error.strerror}",
            )
        ) from error
    with stream:
        count = sum(1 for _ in stream)
        stream.seek(0)
        lines = _decoded(stream, path)
        first = next(lines, "")
        header, columns, delimiter = _read_header(first, fields, path)
        yield Sheet(header, columns, _rows(lines, header, columns, delimiter), count)


def _decoded(stream: BinaryIO, path: Path) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        try:
            yield line.removeprefix(_BOM if number == 1 else b"").decode("utf-8")
        except UnicodeDecodeError:
            raise InputError(
                Words(
                    f"{path.name}, line {number} is not in UTF-8. Save the file as CSV in UTF-8.",
                    f"{path.name} 파일의 {number}번째 줄이 UTF-8이 아닙니다. "
                    "CSV(UTF-8) 형식으로 저장해 주세요.",
                )
            ) from None


def _read_header(line: str, fields: Sequence[Field], path: Path) -> tuple[list[str], list[str | None], str]:
    names = {title: one for one in fields for title in one.titles}

    def read(delimiter: str) -> list[str]:
        return [clean_text(title) for title in next(csv.reader([line], delimiter=delimiter), [])]

    def known(delimiter: str) -> tuple[int, int]:
        titles = read(delimiter)
        return sum(_folded(title) in names for title in titles), len(titles)

    delimiter = max(_DELIMITERS, key=known)
    header = read(delimiter)
    if not any(header):
        raise InputError(
            Words(
                f"{path.name} has no header in its first line.",
                f"{path.name} 파일의 첫 줄에 열 이름이 없습니다.",
            )
        )
    found = [names.get(_folded(title)) for title in header]
    _refuse_doubles(header, found)
    return header, [one.name if one else None for one in found], delimiter


def _folded(title: str) -> str:
    return normalise_name(title.replace("_", " ").replace("-", " "))


def _refuse_doubles(header: Sequence[str], found: Sequence[Field | None]) -> None:
    first: dict[str, str] = {}
    for title, one in zip(header, found, strict=True):
        if one is None or one.several:
            continue
        if one.name in first:
            both = f"“{first[one.name]}”, “{title}”"
            raise InputError(
                Words(
                    f"Two columns say the same: {both}. Leave one out or rename it.",
                    f"같은 뜻의 열이 두 개입니다: {both}. 하나를 지우거나 이름을 바꿔 주세요.",
                )
            )
        first[one.name] = title


def _rows(
    lines: Iterable[str], header: Sequence[str], columns: Sequence[str | None], delimiter: str
) -> Iterator[SheetRow | RefusedLine]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 2  # the header was read apart
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The reader goes on with the next line.
            yield _unreadable(line, reader.line_num + 1, error)
            continue
        if not any(value.strip() for value in values):
            continue
        try:
            cells = _cells(values, columns)
            yield SheetRow(line, cells, _titles(values, header, columns))
        except LineRefusal as refusal:
            yield refusal.at(line)


def _unreadable(first: int, last: int, error: csv.Error) -> RefusedLine:
    en = f"Up to line {last} it" if last > first else "It"
    ko = f"{last}번째 줄까지 " if last > first else ""
    words = Words(
        f"{en} cannot be read as CSV ({error}); a quotation mark is probably not closed or not doubled.",
        f"{ko}CSV로 읽을 수 없습니다({error}). 따옴표가 닫혔는지, 값 안의 따옴표를 두 번 썼는지 "
        "확인해 주세요.",
    )
    return RefusedLine(first, "", "", words)


def _cells(values: Sequence[str], columns: Sequence[str | None]) -> dict[str, list[str]]:
    if any(value.strip() for value in values[len(columns) :]):
        raise LineRefusal(
            Words(
                f"The line has {len(values)} values, the header {len(columns)} columns; "
                "a delimiter inside a value is probably not quoted.",
                f"값이 {len(values)}개인데 열은 {len(columns)}개입니다. "
                "값 안의 구분 기호를 따옴표로 묶지 않은 것 같습니다.",
            )
        )
    if len(values) < len(columns):
        raise LineRefusal(
            Words(
                f"The line has {len(values)} of {len(columns)} columns; it may be cut off.",
                f"열 {len(columns)}개 중 {len(values)}개만 있습니다. 줄이 중간에 잘렸을 수 있습니다.",
            )
        )
    cells: dict[str, list[str]] = {}
    for name, value in zip(columns, values, strict=False):
        text = clean_text(value) if name else ""
        if name and text:
            if len(text) > _LONGEST_CELL:
                raise LineRefusal(
                    Words(
                        f"The value is longer than {_LONGEST_CELL} characters.",
                        f"값이 {_LONGEST_CELL}자를 넘습니다.",
                    ),
                    field=name,
                    value=f"{text[:_SHOWN]}…",
                )
            cells.setdefault(name, []).append(text)
    return cells


def _titles(
    values: Sequence[str], header: Sequence[str], columns: Sequence[str | None]
) -> dict[str, list[str]]:
    titles: dict[str, list[str]] = {}
    for name, title, value in zip(columns, header, values, strict=False):
        if name and clean_text(value):
            titles.setdefault(name, []).append(title)
    return titles
