"""Runs an import: chunk by chunk, one transaction each, with or without committing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from sqlalchemy import Connection, func, select

from tillbridge.db.database import Database
from tillbridge.db.pieces import pieces
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.report import ImportReport, Key, LineRefusal, Outcome, RefusedLine
from tillbridge.pos.embedded.imports.seen import Seen
from tillbridge.pos.embedded.imports.sheet import Sheet, SheetRow
from tillbridge.pos.embedded.units import repeated

_CHUNK: Final = 1_000
# "pos impt" in ASCII; no other lock of a database has this number.
_IMPORTER: Final = int.from_bytes(b"pos impt")

Progress = Callable[[int, int | None], None]


class Keyed(Protocol):
    """A row that was read, with the keys that no other row of its file may have."""

    @property
    def line(self) -> int:
        """The line it begins on."""

    @property
    def own_keys(self) -> Sequence[Key]:
        """Its keys with their fields; a second row that has one of them is refused."""

    @property
    def other_keys(self) -> Sequence[str]:
        """Keys that it has as well, but shares with others."""


Row = TypeVar("Row", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Importer(Generic[Row]):
    """How one kind of file is imported.

    Attributes:
        name: of the unit of work.
        read: makes a row of what the file has, or raises `LineRefusal`.
        write: puts a chunk of rows into the database.
    """

    name: str
    read: Callable[[SheetRow], Row]
    write: Callable[[Connection, Sequence[Row], "Before"], Outcome]


@dataclass(frozen=True, slots=True)
class Before:
    """What stood on earlier lines of the file.

    Attributes:
        keys: the first line of each key that rows of this chunk have too.
        seen: returns those of these keys that earlier chunks touched, with their lines.
        lines_of: the line that led to each of these numbers of products or customers, if any did.
    """

    keys: Mapping[str, int]
    lines_of: Callable[[Sequence[int]], dict[int, int]]
    seen: Callable[[Collection[str]], dict[str, int]]


class _Undone(Exception):
    """Carries an outcome out of a transaction that is not to be committed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def run_import(
    database: Database, sheet: Sheet, importer: Importer[Row], *, dry_run: bool, progress: Progress | None
) -> ImportReport:
    """Import a sheet and return what was done.

    A dry run rolls each chunk back and still reports the same: whatever two rows of a file have in
    common, and what a row took from the database, is settled by what was seen in the file.
    """
    report = ImportReport(dry_run=dry_run, unknown_columns=sheet.unknown)
    with Seen() as seen:
        for chunk in pieces(sheet.rows, _CHUNK):
            report.rows += len(chunk)
            rows, before = _fresh(_read(chunk, importer, report), seen, report)
            outcome = _write(database, rows, importer, before, dry_run=dry_run)
            outcome.add_to(report)
            seen.add(outcome.touched)
            if progress:
                last = chunk[-1]
                progress(last.line if isinstance(last, SheetRow) else last.line_number, sheet.lines)
    report.refused.sort(key=lambda one: one.line_number)
    report.notes.sort(key=lambda one: one.line_number)
    return report


def _read(
    chunk: Sequence[SheetRow | RefusedLine], importer: Importer[Row], report: ImportReport
) -> list[Row]:
    rows: list[Row] = []
    for given in chunk:
        if isinstance(given, RefusedLine):
            report.refused.append(given)
            continue
        try:
            rows.append(importer.read(given))
        except LineRefusal as refusal:
            report.refused.append(refusal.at(given.line))
    return rows


def _fresh(rows: Sequence[Row], seen: Seen, report: ImportReport) -> tuple[list[Row], Before]:
    """Leave out rows that have a key of an earlier line, and remember the keys of the others."""
    asked = {key for row in rows for key in (*(one.key for one in row.own_keys), *row.other_keys)}
    known = seen.lines(asked)
    earlier, new, kept = dict(known), {}, []
    for row in rows:
        double = next((one for one in row.own_keys if one.key in earlier), None)
        if double:
            words = repeats(earlier[double.key])
            report.refused.append(RefusedLine(row.line, double.field, double.value, words))
            continue
        for key in (*(one.key for one in row.own_keys), *row.other_keys):
            if key not in earlier:
                earlier[key] = new[key] = row.line
        kept.append(row)
    seen.add(new)

    def lines_of(numbers: Sequence[int]) -> dict[int, int]:
        lines = seen.lines([f"={number}" for number in numbers])
        return {int(key.removeprefix("=")): line for key, line in lines.items()}

    return kept, Before(earlier, lines_of, seen.lines)


def repeats(line: int) -> Words:
    """Say that a line is about what an earlier one was about."""
    return Words(f"The same as on line {line}.", f"{line}번째 줄과 같은 항목입니다.")


def _write(
    database: Database, rows: Sequence[Row], importer: Importer[Row], before: Before, *, dry_run: bool
) -> Outcome:
    def work(connection: Connection) -> Outcome:
        if connection.dialect.name != "sqlite":
            # Two imports at once would each find a product missing and add it.
            connection.execute(select(func.pg_advisory_xact_lock(_IMPORTER)))
        outcome = importer.write(connection, rows, before)
        if dry_run:
            raise _Undone(outcome)
        return outcome

    if not rows:
        return Outcome()
    try:
        return repeated(database, importer.name, work)
    except _Undone as undone:
        return undone.outcome
