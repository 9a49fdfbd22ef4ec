"""Opens a file, whatever kind it is, and reads it row by row by the fields of its columns."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from tillbridge.model.base import clean_text
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.notes import RefusedLine
from tillbridge.pos.embedded.imports.options import FileOptions
from tillbridge.pos.embedded.imports.reading.delimited import Delimited
from tillbridge.pos.embedded.imports.reading.fields import Field, SheetRow
from tillbridge.pos.embedded.imports.reading.header import Header, TitleMapping, Vocabulary, listed
from tillbridge.pos.embedded.imports.reading.kinds import Kind, kind_of
from tillbridge.pos.embedded.imports.reading.spreadsheet import Spreadsheet
from tillbridge.pos.embedded.imports.reading.table import (
    HEAD_ROWS,
    UNCALCULATED,
    HowRead,
    NumberText,
    RawRow,
    Table,
)
from tillbridge.pos.embedded.imports.report import LineRefusal

_LONGEST_CELL: Final = 2_000
_SHOWN: Final = 40
_SAMPLES: Final = 3
_NO_RESULT: Final = Words(
    "The formula has no stored result. Open the file in the spreadsheet program, save it, and import it "
    "again.",
    "수식의 계산 결과가 저장되어 있지 않습니다. 스프레드시트 프로그램에서 파일을 열어 저장한 뒤 다시 가져와 "
    "주세요.",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open file behind its header.

    Attributes:
        header: its titles, and what they mean.
        how: as what the file is read.
        lines: how many it has.
    """

    header: Header
    how: HowRead
    lines: int
    _table: Table

    def rows(self) -> Iterator[SheetRow | RefusedLine]:
        """Yield each row below the header, or why it cannot be read; as often as it is asked for."""
        for row in self._table.rows():
            if isinstance(row, RefusedLine):
                if row.line_number > self.header.line:
                    yield row
            elif row.line > self.header.line:
                yield self._read(row)

    def has(self, name: str) -> bool:
        """Tell whether a column says this."""
        return name in self.header.columns

    def title(self, name: str) -> str:
        """Return the title of a field's first column; "" if it has none."""
        return self.header.titles[self.header.columns.index(name)] if self.has(name) else ""

    def samples(self) -> Mapping[str, list[str]]:
        """Return by title the first values of each column."""
        found: dict[str, list[str]] = {title: [] for title in self.header.titles if title}
        for row in islice(self._table.rows(), HEAD_ROWS * 2):
            if isinstance(row, RefusedLine) or row.line <= self.header.line:
                continue
            for title, value in zip(self.header.titles, row.values, strict=False):
                text = clean_text(value)
                if title and text and len(found[title]) < _SAMPLES and text not in found[title]:
                    found[title].append(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
        return found

    def require(self, fields: Sequence[Field], *names: str) -> None:
        """Check that there is a column of at least one of these fields.

        Raises:
            InputError: there is none; it names the columns that came and those that would do.
        """
        if any(self.has(name) for name in names):
            return
        asked = [one for one in fields if one.name in names]
        came = listed(self.header.titles)
        en = " or ".join(f"“{one.usual[0]}”" for one in asked)
        ko = ", ".join(f"“{one.usual[1]}”" for one in asked)
        hint = f'--map "TITLE={asked[0].name}"'
        elsewhere = _elsewhere(self.how)
        raise InputError(
            Words(
                f"A column is missing: {en}. The file has: {came}. If one of them is meant, say {hint}."
                f"{elsewhere.en}",
                f"필요한 열이 없습니다({ko} 중 하나). 파일에 있는 열: {came}. 해당하는 열이 있으면 "
                f"{hint}(으)로 지정해 주세요.{elsewhere.ko}"
                if len(asked) > 1
                else f"필요한 열이 없습니다: {ko}. 파일에 있는 열: {came}. 해당하는 열이 있으면 "
                f"{hint}(으)로 지정해 주세요.{elsewhere.ko}",
            )
        )

    def _read(self, row: RawRow) -> SheetRow | RefusedLine:
        values, columns = row.values, self.header.columns
        if self._table.is_ragged:
            values = [*values, *[""] * (len(columns) - len(values))][: len(columns)]
        try:
            return SheetRow(row.line, _cells(values, columns), _titles(values, self.header.titles, columns))
        except LineRefusal as refusal:
            return refusal.at(row.line)


@contextmanager
def open_sheet(
    path: Path,
    fields: Sequence[Field],
    options: FileOptions,
    remembered: Mapping[str, str],
    *,
    head_only: bool = False,
) -> Iterator[Sheet]:
    """Open a file and read its header.

    Args:
        path: of a text file with a delimiter, or of a spreadsheet (XLSX).
        fields: what it may say.
        options: how to read it, where it should not be found out.
        remembered: what titles of earlier files of the same origin mean.
        head_only: only its header and first rows are wanted; a workbook is slow to read.

    Raises:
        InputError: the file cannot be opened or is empty or of another kind, or two columns say the same.
    """
    vocabulary = Vocabulary(fields, TitleMapping(options.mapping, remembered))
    with _open_table(path, options, vocabulary, head_only=head_only) as table:
        rows = (row for row in table.rows() if isinstance(row, RawRow))
        found = vocabulary.find(list(islice(rows, HEAD_ROWS)))
        if found is None:
            elsewhere = _elsewhere(table.how)
            raise InputError(
                Words(
                    f"{path.name} is empty: it has no header.{elsewhere.en}",
                    f"{path.name} 파일이 비어 있습니다. 열 이름이 없습니다.{elsewhere.ko}",
                )
            )
        yield Sheet(vocabulary.read(found), table.how, table.lines, table)


@contextmanager
def _open_table(
    path: Path, options: FileOptions, vocabulary: Vocabulary, *, head_only: bool
) -> Iterator[Table]:
    try:
        kind = kind_of(path)
        _refuse_unfit(path, kind, options)
        if kind is Kind.TEXT:
            yield Delimited(
                path, encoding=options.encoding, delimiter=options.delimiter, score=vocabulary.score
            )
            return
        most = HEAD_ROWS * 2 if head_only else None
        with Spreadsheet(path, wanted=options.sheet, most=most, progress=options.progress) as table:
            yield table
    except OSError as error:
        raise InputError(
            Words(
                f"{path} cannot be read: {error.strerror or error}.",
                f"{path} 파일을 읽을 수 없습니다: {error.strerror or error}",
            )
        ) from error


def _refuse_unfit(path: Path, kind: Kind, options: FileOptions) -> None:
    """Refuse what was said of another kind of file: ignored, it would look as if it had been heeded."""
    of_texts = {"--encoding": options.encoding, "--delimiter": options.delimiter}
    for option in (name for name, value in of_texts.items() if value and kind is Kind.XLSX):
        raise InputError(
            Words(
                f"{option} is for text files (CSV), and {path.name} is a workbook (XLSX). Leave it out.",
                f"{option}은(는) 텍스트 파일(CSV)에만 쓸 수 있는데 {path.name}은(는) 통합 문서(XLSX)입니다. "
                "빼고 실행해 주세요.",
            )
        )
    if options.sheet and kind is Kind.TEXT:
        raise InputError(
            Words(
                f"--sheet is for workbooks (XLSX), and {path.name} is a text file. Leave it out.",
                f"--sheet는 통합 문서(XLSX)에만 쓸 수 있는데 {path.name}은(는) 텍스트 파일입니다. "
                "빼고 실행해 주세요.",
            )
        )


def _elsewhere(how: HowRead) -> Words:
    """Say which sheet it is and which others there are, where there are any: it may be a cover sheet."""
    if not how.others:
        return Words("", "")
    first, known = how.others[0], ", ".join(f"“{one}”" for one in how.others)
    way = f'--sheet "{first}"' if " " in first else f"--sheet {first}"
    return Words(
        f" This is the sheet “{how.sheet}”; the file has also: {known}. To read another one, say {way}.",
        f" 읽은 시트는 “{how.sheet}”이며, 다른 시트도 있습니다: {known}. 다른 시트를 읽으려면 {way}(으)로 "
        "지정해 주세요.",
    )


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
        if not name:
            continue
        if value == UNCALCULATED:
            raise LineRefusal(_NO_RESULT, field=name)
        text = value if isinstance(value, NumberText) else clean_text(value)
        if not text:
            continue
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
