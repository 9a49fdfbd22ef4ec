"""Reads a sheet of a workbook as rows of texts: numbers, dates, formulas as text files have them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.reading.spool import RowSpool
from tillbridge.pos.embedded.imports.reading.table import HowRead, NumberText, Progress, RawRow, Stage
from tillbridge.pos.embedded.imports.reading.workbook import open_workbook, rows

# A double holds so many digits surely; a spreadsheet keeps no more.
_DIGITS: Final = 15
_TOLD_EACH: Final = 5_000


class Spreadsheet:
    """One sheet of a workbook. It is read once, onto disk: a workbook is slow to read.

    Attributes:
        lines: the number of its last row.
        how: as what it is read.
        is_ragged: cells that are empty may not be there.
    """

    is_ragged = True

    def __init__(
        self, path: Path, *, wanted: str = "", most: int | None = None, progress: Progress | None = None
    ) -> None:
        self._spool = RowSpool()
        try:
            with open_workbook(path) as book:
                sheet, others = _choose(path, book, wanted)
                self._read(sheet, most, progress)
        except BaseException:
            self._spool.close()
            raise
        self.lines = self._spool.last_line
        more = Words(f"; not read: {', '.join(others)}", f", 읽지 않은 시트: {', '.join(others)}")
        self.how = HowRead(
            sheet=sheet.title,
            others=others,
            words=Words(
                f"spreadsheet, sheet “{sheet.title}”{more.en if others else ''}",
                f"스프레드시트, 시트 “{sheet.title}”{more.ko if others else ''}",
            ),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def rows(self) -> Iterator[RawRow]:
        """Yield every row that is not empty."""
        return self._spool.rows()

    def _read(self, sheet: Any, most: int | None, progress: Progress | None) -> None:
        lines = sheet.max_row
        # What a workbook says of its size is wrong in many exports, and cells beyond it would be lost.
        sheet.reset_dimensions()
        for line, cells in rows(sheet, most):
            values = ["" if cell is None else _text(cell) for cell in cells]
            while values and not values[-1]:
                values.pop()
            row = RawRow(line, values)
            if not row.is_empty:
                self._spool.add(row)
            if progress and line % _TOLD_EACH == 0:
                progress(Stage.READING, line, lines)


def _choose(path: Path, book: Any, wanted: str) -> tuple[Any, list[str]]:
    """Return the sheet to read, and the titles of the others that can be seen.

    It is the wanted one, else the one that was open when the workbook was saved, else the first that
    can be seen.
    """
    sheets = [one for one in book.worksheets if hasattr(one, "reset_dimensions")]
    visible = [one for one in sheets if one.sheet_state == "visible"]
    if wanted:
        found = next((one for one in sheets if one.title.strip() == wanted.strip()), None)
        if found is None:
            known = ", ".join(f"“{one.title}”" for one in sheets)
            raise InputError(
                Words(
                    f"{path.name} has no sheet “{wanted}”; it has: {known}.",
                    f"{path.name} 파일에 “{wanted}” 시트가 없습니다. 있는 시트: {known}",
                )
            )
    else:
        found = book.active if book.active in visible else next(iter(visible or sheets), None)
        if found is None:
            raise InputError(
                Words(f"{path.name} has no sheet of cells.", f"{path.name} 파일에 시트가 없습니다.")
            )
    return found, [one.title for one in visible if one is not found]


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    if type(value) is int:
        return _whole(value, cell.number_format)
    return str(value)


def _whole(value: int, shown_as: str) -> str:
    """Write a whole number, with the zeros before it that its format shows ("00000")."""
    digits = str(value)
    if shown_as.strip("0") == "" and len(shown_as) > len(digits):
        return shown_as[len(digits) :] + digits if value >= 0 else digits
    return NumberText(digits if len(digits) <= _DIGITS else _exponent(float(value)))


def _decimal(value: float) -> str:
    text = f"{value:.{_DIGITS}g}"
    if "e" not in text:
        return NumberText(text)
    if abs(value) >= 1:
        return NumberText(_exponent(value))
    return NumberText(f"{value:.20f}".rstrip("0").rstrip("."))


def _exponent(value: float) -> str:
    """Write a number of more digits than a spreadsheet keeps as it shows it: the others are lost."""
    return f"{value:.{_DIGITS - 1}E}"


def _moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    str: str,
    float: _decimal,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
}
