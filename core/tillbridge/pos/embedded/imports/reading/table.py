"""What every kind of file is read as: rows of texts, each with the line that it stands on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.notes import RefusedLine

HEAD_ROWS: Final = 20
"""Within how many rows the header is looked for."""


UNCALCULATED: Final = "\0="
"""In the place of a formula's result that the workbook does not hold."""


class NumberText(str):
    """A number that a spreadsheet holds as a number: with a point, whatever the country."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RawRow:
    """The values of one row as they stand; `line` is the first line that it stands on."""

    line: int
    values: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(value.strip() for value in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class HowRead:
    """As what a file was read.

    Attributes:
        encoding: of a text file; "" for a spreadsheet.
        delimiter: of a text file; "" for a spreadsheet.
        sheet: the name of a spreadsheet's sheet; "" for a text file.
        words: all of it, for people.
        others: the names of the other sheets that can be seen.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    words: Words
    others: Sequence[str] = ()


class Stage(Enum):
    """What is done with a file's lines just now."""

    READING = "reading"
    IMPORTING = "importing"


Progress = Callable[[Stage, int, int | None], None]
"""Hears what is done, the line that was reached, and how many lines there are if that is known."""


class Table(Protocol):
    """A file that is open: its rows can be read again and again.

    Attributes:
        lines: how many it has.
        how: as what it is read.
        is_ragged: rows may be shorter or longer than the header, and nothing is wrong with them.
    """

    lines: int
    how: HowRead
    is_ragged: bool

    def rows(self) -> Iterator[RawRow | RefusedLine]:
        """Yield every row that is not empty, or why it cannot be read."""
