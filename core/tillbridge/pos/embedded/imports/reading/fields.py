"""What a file may say of each row, and what one row says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a file may say of each row.

    Attributes:
        name: the importer's own name of it.
        titles: what its column may be called, as `normalise_name` has it with spaces for "_" and "-".
        usual: the titles to ask for, in English and Korean.
        several: whether more than one column may say it.
    """

    name: str
    titles: frozenset[str]
    usual: tuple[str, str]
    several: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row; `line` is the first line of the file that it stands on.

    Attributes:
        cells: what is not empty, trimmed, by field, in the order of the columns.
        titles: of the columns of these cells, likewise.
    """

    line: int
    cells: Mapping[str, Sequence[str]]
    titles: Mapping[str, Sequence[str]]

    def get(self, name: str) -> str:
        """Return the cell of a field that has one column; "" if it is empty or there is none."""
        return next(iter(self.cells.get(name, ())), "")

    def title(self, name: str, value: str) -> str:
        """Return the title of the column that has this value of a field; "" if none has."""
        pairs = zip(self.cells.get(name, ()), self.titles.get(name, ()), strict=True)
        return next((title for cell, title in pairs if value in cell), "")

    def all(self, name: str) -> Sequence[str]:
        """Return every cell of a field that is not empty."""
        return self.cells.get(name, ())
