"""What an import did, and which lines it refused, in words for staff."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from tillbridge.model.errors import TillbridgeError
from tillbridge.model.words import Language, Words


@dataclass(frozen=True, slots=True)
class LineNote:
    """Something to know about a line that was taken.

    Attributes:
        line_number: in the file, from 1; of a row that spans lines, the first.
        field: in a report the title of the value's column as the file has it; until then what it was read
            as ("gtin", "price"); "" for the whole line.
        value: as it stands in the file.
        reason: what there is to know.
    """

    line_number: int
    field: str
    value: str
    reason: Words


@dataclass(frozen=True, slots=True)
class RefusedLine(LineNote):
    """A line of which nothing was taken; `reason` says why."""


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
    """

    dry_run: bool = False
    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    notes: list[LineNote] = field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()

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
        report.refused += [replace(one, field=title(one)) for one in self.refused]
        report.notes += [replace(one, field=title(one)) for one in self.notes]
