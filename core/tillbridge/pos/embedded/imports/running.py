"""Runs an import: chunk by chunk, one transaction each, with or without committing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final, Generic, Protocol, TypeVar

from sqlalchemy import Connection, func, select

from tillbridge.db.database import Database
from tillbridge.db.pieces import pieces
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.notes import LineNote, RefusedLine
from tillbridge.pos.embedded.imports.reading.fields import SheetRow
from tillbridge.pos.embedded.imports.reading.sheet import Sheet
from tillbridge.pos.embedded.imports.reading.table import Progress, Stage
from tillbridge.pos.embedded.imports.report import ImportReport, Key, LineRefusal, Outcome
from tillbridge.pos.embedded.imports.seen import Seen
from tillbridge.pos.embedded.units import repeated

_CHUNK: Final = 1_000
# "pos impt" in ASCII; no other lock of a database has this number.
_IMPORTER: Final = int.from_bytes(b"pos impt")

_NO_LINES: Final = Words(
    "The file has a header and no lines below it, so nothing was imported.",
    "파일에 열 이름만 있고 그 아래에 줄이 없어 가져온 내용이 없습니다.",
)


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
        repeats: says of a line that it is about what an earlier one, the second, was about.
    """

    keys: Mapping[str, int]
    seen: Callable[[Collection[str]], dict[str, int]]
    repeats: Callable[[int, int], Words]

    def lines_of(self, numbers: Sequence[int]) -> dict[int, int]:
        """Return the line that led to each of these numbers of products or customers, if any did."""
        lines = self.seen([f"={number}" for number in numbers])
        return {int(key.removeprefix("=")): line for key, line in lines.items()}


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
    report = _report(sheet, dry_run=dry_run)
    with Seen() as seen:
        for chunk in pieces(sheet.rows(), _CHUNK):
            report.rows += len(chunk)
            by_line, done = _by_line(chunk), Outcome()
            rows, before = _fresh(_read(chunk, importer, done), by_line, seen, done)
            outcome = _write(database, rows, importer, before, dry_run=dry_run)
            outcome.refused += done.refused
            outcome.add_to(report, partial(_title, sheet, by_line))
            seen.add(outcome.touched)
            if progress:
                last = chunk[-1]
                line = last.line if isinstance(last, SheetRow) else last.line_number
                progress(Stage.IMPORTING, line, sheet.lines)
    if not report.rows:
        report.notes.extend([LineNote(sheet.header.line, "", "", _NO_LINES)])
    return report


def _report(sheet: Sheet, *, dry_run: bool) -> ImportReport:
    return ImportReport(
        dry_run=dry_run,
        unknown_columns=sheet.header.unknown,
        encoding=sheet.how.encoding,
        delimiter=sheet.how.delimiter,
        sheet=sheet.how.sheet,
        read_as=sheet.how.words,
        header_line=sheet.header.line,
        mapping=sheet.header.mapped,
    )


def _by_line(chunk: Sequence[SheetRow | RefusedLine]) -> dict[int, SheetRow]:
    return {row.line: row for row in chunk if isinstance(row, SheetRow)}


def _title(sheet: Sheet, rows: Mapping[int, SheetRow], one: LineNote) -> str:
    """Return the title of the column that a note is about, as the file has it."""
    row = rows.get(one.line_number)
    return (row.title(one.field, one.value) if row else "") or sheet.title(one.field)


def _read(chunk: Sequence[SheetRow | RefusedLine], importer: Importer[Row], done: Outcome) -> list[Row]:
    rows: list[Row] = []
    for given in chunk:
        if isinstance(given, RefusedLine):
            done.refused.append(given)
            continue
        try:
            rows.append(importer.read(given))
        except LineRefusal as refusal:
            done.refused.append(refusal.at(given.line))
    return rows


def _fresh(
    rows: Sequence[Row], by_line: Mapping[int, SheetRow], seen: Seen, done: Outcome
) -> tuple[list[Row], Before]:
    """Leave out rows that have a key of an earlier line, and remember the keys of the others."""
    repeats = _repeats(by_line, seen)
    asked = {key for row in rows for key in (*(one.key for one in row.own_keys), *row.other_keys)}
    known = seen.lines(asked)
    earlier, new, kept = dict(known), {}, []
    for row in rows:
        double = next((one for one in row.own_keys if one.key in earlier), None)
        if double:
            words = repeats(row.line, earlier[double.key])
            done.refused.append(RefusedLine(row.line, double.field, double.value, words))
            continue
        for key in (*(one.key for one in row.own_keys), *row.other_keys):
            if key not in earlier:
                earlier[key] = new[key] = row.line
        kept.append(row)
    seen.add(new)

    return kept, Before(earlier, seen.lines, repeats)


def _repeats(rows: Mapping[int, SheetRow], seen: Seen) -> Callable[[int, int], Words]:
    """Return what says of a line that it is about what an earlier one was about."""
    said = {line: sha256(repr(sorted(row.cells.items())).encode()).hexdigest() for line, row in rows.items()}
    seen.add({f"#{line}:{digest}": line for line, digest in said.items()})

    def repeats(line: int, first: int) -> Words:
        en = f"The same as on line {first}; only the first of the two counts."
        ko = f"{first}번째 줄과 같은 항목이라 먼저 나온 줄만 반영합니다."
        if seen.lines([f"#{first}:{said[line]}"]):
            return Words(en, ko)
        return Words(f"{en} They differ.", f"{ko} 두 줄의 내용이 서로 다릅니다.")

    return repeats


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
