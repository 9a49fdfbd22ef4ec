"""What an import did, and which lines it refused, in words for staff."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

from tillbridge.model.errors import TillbridgeError
from tillbridge.model.words import Language, Words
from tillbridge.pos.embedded.imports.lines import Lines
from tillbridge.pos.embedded.imports.notes import LineNote, RefusedLine

Note = TypeVar("Note", bound=LineNote)


class LineRefusal(TillbridgeError):
    """A line cannot be taken; the importer makes a `RefusedLine` of it."""

    def __init__(self, said: Words, *, field: str = "", value: str = "") -> None:
        super().__init__(said)
        self.field = field
        self.value = value

    def at(self, line_number: int) -> RefusedLine:
        """Return it as a line of the report."""
        return RefusedLine(line_number, self.field, self.value, self.words)


class Key(NamedTuple):
    """By what a row is known: as it is compared, with its field, and as it stands in the file."""

    key: str
    field: str
    value: str


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What an import did, or with `dry_run` would do.

    Attributes:
        rows: how many the file has, below its header and without empty ones.
        added, updated, unchanged: how many rows came to that; with the refused ones they are all.
        refused: the lines of which nothing was taken.
        notes: what there is to know about lines that were taken: repaired barcodes, shared e-mails.
        unknown_columns: columns whose name says nothing to the importer; they were not read.
        encoding, delimiter, sheet: as what the file was read; "" for what its kind does not have.
        read_as: the same, in words.
        header_line: where the header was found.
        mapping: titles whose meaning was given or remembered, with the name of the field or "-".
    """

    dry_run: bool = False
    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: Lines[RefusedLine] = field(default_factory=lambda: Lines(RefusedLine))
    notes: Lines[LineNote] = field(default_factory=lambda: Lines(LineNote))
    unknown_columns: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    read_as: Words = field(default_factory=lambda: Words("", ""))
    header_line: int = 1
    mapping: Mapping[str, str] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        """How many rows were taken."""
        return self.added + self.updated + self.unchanged

    def write_refused(self, path: Path, language: Language = "en") -> None:
        """Write the refused lines as CSV: line, field, value, reason."""
        # With a byte order mark, by which spreadsheets know UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("line", "field", "value", "reason"))
            for one in self.refused:
                writer.writerow((one.line_number, one.field, one.value, one.reason.say(language)))


@dataclass(slots=True)
class Outcome:
    """What one chunk of rows came to; it counts only once its transaction is committed.

    Attributes:
        touched: by key the line of what was there before and was changed or led to; a file remembers it.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    notes: list[LineNote] = field(default_factory=list)
    touched: dict[str, int] = field(default_factory=dict)

    def add_to(self, report: ImportReport, title: Callable[[LineNote], str]) -> None:
        """Count it in the report, with the titles of the file's columns."""
        report.added += self.added
        report.updated += self.updated
        report.unchanged += self.unchanged
        report.refused.extend(replace(one, field=title(one)) for one in _sorted(self.refused))
        report.notes.extend(replace(one, field=title(one)) for one in _sorted(self.notes))


def _sorted(notes: list[Note]) -> list[Note]:
    return sorted(notes, key=lambda one: one.line_number)
