"""Keeps what would grow with a file on disk: rows that were read once, and a workbook's table of texts."""

import json
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from tempfile import TemporaryFile
from typing import IO, Final

from tillbridge.pos.embedded.imports.reading.table import NumberText, RawRow

_CACHED: Final = 4_096


class RowSpool:
    """Rows on disk; they can be read as often as they are needed."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115  # `close` ends it
        self.last_line = 0

    def close(self) -> None:
        """Delete it."""
        self._file.close()

    def add(self, row: RawRow) -> None:
        """Keep a row."""
        numbers = [place for place, value in enumerate(row.values) if isinstance(value, NumberText)]
        self._file.write(json.dumps([row.line, list(row.values), numbers]).encode() + b"\n")
        self.last_line = row.line

    def rows(self) -> Iterator[RawRow]:
        """Yield every row that was kept."""
        self._file.flush()
        position = 0
        while True:
            # Another reader of the same rows may have moved the file meanwhile.
            self._file.seek(position)
            lines = self._file.readlines(1 << 20)
            if not lines:
                return
            position = self._file.tell()
            for text in lines:
                line, values, numbers = json.loads(text)
                for place in numbers:
                    values[place] = NumberText(values[place])
                yield RawRow(line, values)


class TextSpool(Sequence[str]):
    """Texts on disk, found by their number: a workbook of 200,000 rows may have a million."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115  # `close` ends it
        self._ends = array("Q", [0])
        self._cached = lru_cache(_CACHED)(self._text)

    def close(self) -> None:
        """Delete it."""
        self._file.close()

    def add(self, text: str) -> None:
        """Keep a text; its number is how many there were before."""
        written = self._file.write(text.encode("utf-8", "surrogatepass"))
        self._ends.append(self._ends[-1] + written)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:  # type: ignore[override]  # nobody asks for a slice
        return self._cached(number)

    def _text(self, number: int) -> str:
        if not 0 <= number < len(self):
            raise IndexError(f"there is no text {number} in the workbook")
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode("utf-8", "surrogatepass")
