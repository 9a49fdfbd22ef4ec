"""Opens a workbook (XLSX) with openpyxl so that nothing of it grows in memory, and refuses what would."""

import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZipFile

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.reading.kinds import damaged
from tillbridge.pos.embedded.imports.reading.spool import TextSpool
from tillbridge.pos.embedded.imports.reading.table import UNCALCULATED

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Unpacked, a workbook of a million full rows has less; sheets seldom shrink to less than a fiftieth.
_LARGEST: Final = 4 << 30
_LARGE: Final = 64 << 20
_DENSEST: Final = 250


@contextmanager
def open_workbook(path: Path) -> Iterator[Any]:
    """Open a workbook for reading row by row.

    Raises:
        InputError: it is damaged, also while it is read, or would fill the disk.
    """
    texts = TextSpool()
    try:
        _refuse_bombs(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that are not read: charts, rules, extensions
            reader = _Reader(path, texts)
            try:
                reader.read()
                yield reader.wb
            finally:
                reader.close()
    except InputError:
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        raise damaged(path) from error
    # What a damaged part makes openpyxl raise is not foreseeable: it is a damaged file all the same.
    except Exception as error:
        raise damaged(path) from error
    finally:
        texts.close()


def rows(sheet: Any, most: int | None) -> Iterator[tuple[int, list[Any]]]:
    """Yield the number and the cells of each row that is there, up to the row `most`; gaps are None."""
    book, last = sheet.parent, 0
    with sheet._get_source() as source:  # noqa: SLF001  # openpyxl's own rows do not tell a formula from nothing
        parser = _Parser(
            source,
            sheet._shared_strings,  # noqa: SLF001  # as above
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001  # as above
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001  # as above
        )
        for line, found in parser.parse():
            if most is not None and line > most:
                return
            if line <= last or not found:
                continue
            last = line
            cells: list[Any] = [None] * max(cell["column"] for cell in found)
            for cell in found:
                cells[cell["column"] - 1] = ReadOnlyCell(sheet, **cell)
            yield line, cells


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's parser, which tells a formula without a stored result from an empty cell."""

    def parse_cell(self, element: ET.Element) -> dict[str, Any]:
        """Read a cell. A result that is an empty text has the type of a text."""
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            cell["value"] = UNCALCULATED
        return cell


def _refuse_bombs(path: Path) -> None:
    with ZipFile(path) as archive:
        parts = archive.infolist()
    whole = sum(part.file_size for part in parts)
    dense = any(part.file_size > _LARGE and part.file_size > _DENSEST * part.compress_size for part in parts)
    if dense or whole > _LARGEST:
        raise InputError(
            Words(
                f"{path.name} would be {whole >> 20} MB unpacked, far more than a product file is. It was "
                "not read. Export it again as CSV (UTF-8).",
                f"{path.name}: 압축을 풀면 {whole >> 20}MB로 제품 파일로 보기 어려워 읽지 않았습니다. "
                "CSV(UTF-8)로 다시 내보내 주세요.",
            )
        )
    if any(part.flag_bits & 1 for part in parts):
        raise damaged(path)


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's reader, with the workbook's texts on disk: its own list of them grows with the file."""

    def __init__(self, path: Path, texts: TextSpool) -> None:
        # By its content, not by its name: openpyxl would refuse other endings.
        self._stream = path.open("rb")  # `close` ends it
        super().__init__(self._stream, read_only=True, data_only=True, keep_links=False)
        self._texts = texts

    def close(self) -> None:
        """Close the file."""
        self.archive.close()
        self._stream.close()

    def read_strings(self) -> None:
        """Read the table of texts."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                _read_texts(source, self._texts)
        self.shared_strings = self._texts


def _read_texts(source: IO[bytes], texts: TextSpool) -> None:
    events = ET.iterparse(source, events=("start", "end"))  # noqa: S314  # expat refuses what grows; the size is bounded above
    _, root = next(events)
    for event, node in events:
        if event == "end" and node.tag == f"{_MAIN}si":
            # Runs of different fonts are one text; how it is pronounced (rPh) is none of it.
            parts = [
                part.text or ""
                for child in node
                if child.tag in (f"{_MAIN}t", f"{_MAIN}r")
                for part in child.iter(f"{_MAIN}t")
            ]
            texts.add("".join(parts))
            root.clear()
