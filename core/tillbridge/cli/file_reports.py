"""Shows what an import did: for people, for scripts, and as a file of the refused lines."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.text import Text

from tillbridge.cli.healed import said_healed
from tillbridge.cli.session import Session
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

if TYPE_CHECKING:
    from tillbridge.pos.embedded.imports import ImportReport, LineNote

# More are in the report file; a screen of them helps nobody.
_SHOWN: Final = 20


def tell(session: Session, done: "ImportReport", report: Path | None, *, healed: int) -> None:
    """Answer with what an import did and how many waiting orders it healed; code 1 if lines were refused."""
    if report is not None:
        _write_report(session, report, done)
    if session.as_json:
        session.give(_report_data(done) | {"healed": healed})
    else:
        _show_report(session, done)
        if healed:
            session.say(said_healed(healed).say(session.language))
    if done.refused:
        raise typer.Exit(1)


def mapping_words(mapping: Mapping[str, str]) -> Words:
    """Say what a vendor's own titles are read as."""
    read = {title: name for title, name in mapping.items() if name != "-"}
    pairs = ", ".join(f"“{title}” = {name}" for title, name in read.items()) or "-"
    return Words(f"Columns as they were mapped: {pairs}.", f"지정된 열: {pairs}")


def _report_data(done: "ImportReport") -> dict[str, Any]:
    return {
        "dry_run": done.dry_run,
        "rows": done.rows,
        "added": done.added,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "refused": [_line_data(one) for one in done.refused],
        "notes": [_line_data(one) for one in done.notes],
        "unknown_columns": list(done.unknown_columns),
        "encoding": done.encoding or None,
        "delimiter": done.delimiter or None,
        "sheet": done.sheet or None,
        "header_line": done.header_line,
        "mapping": dict(done.mapping),
    }


def _line_data(one: "LineNote") -> dict[str, Any]:
    return {
        "line": one.line_number,
        "field": one.field,
        "value": one.value,
        "reason": one.reason.en,
        "reason_ko": one.reason.ko,
    }


def _show_report(session: Session, done: "ImportReport") -> None:
    if done.dry_run:
        session.say(session.words("Nothing is kept; this would happen:", "저장하지 않았습니다. 예상 결과:"))
    _show_reading(session, done)
    session.say(
        session.words(
            f"{done.rows} {'line' if done.rows == 1 else 'lines'}: {done.added} added, "
            f"{done.updated} updated, {done.unchanged} unchanged, {len(done.refused)} refused.",
            f"{done.rows}줄: 추가 {done.added}, 변경 {done.updated}, 그대로 {done.unchanged}, "
            f"거절 {len(done.refused)}.",
        )
    )
    if not done.rows:
        session.say(
            session.words("The file has no lines beside its column names.", "파일에 열 이름만 있습니다.")
        )
    for one in done.refused[:_SHOWN]:
        session.say(f"  {_line_text(session, one)}")
    for note in done.notes[:_SHOWN] if done.rows else ():
        taken = session.words("(taken)", "(가져옴)")
        session.say(Text(f"  {_line_text(session, note)} {taken}", style="dim"))
    if len(done.refused) > _SHOWN:
        session.say(
            session.words(
                f"  … and {len(done.refused) - _SHOWN} more; --report FILE.csv writes them all.",
                f"  … 외 {len(done.refused) - _SHOWN}건. --report FILE.csv로 모두 저장할 수 있습니다.",
            )
        )
    if len(done.notes) > _SHOWN:
        session.say(
            session.words(
                f"  … and {len(done.notes) - _SHOWN} more notes on lines that were taken; --json has all.",
                f"  … 가져온 줄에 대한 안내 외 {len(done.notes) - _SHOWN}건. --json으로 모두 볼 수 있습니다.",
            )
        )


def _show_reading(session: Session, done: "ImportReport") -> None:
    line = done.header_line
    where = (
        Words(f", column names on line {line}", f", 열 이름은 {line}번째 줄") if line > 1 else Words("", "")
    )
    session.say(
        session.words(f"Read as {done.read_as.en}{where.en}.", f"읽은 형식: {done.read_as.ko}{where.ko}")
    )
    if done.mapping:
        session.say(mapping_words(done.mapping).say(session.language))
    if done.unknown_columns:
        names, hint = ", ".join(done.unknown_columns), f'--map "{done.unknown_columns[0]}=…"'
        session.say(
            session.words(
                f"Columns that were not read: {names}. If one is needed: {hint}",
                f"읽지 않은 열: {names}. 필요하면 이렇게 지정해 주세요: {hint}",
            )
        )


def _line_text(session: Session, one: "LineNote") -> str:
    where = session.words(f"line {one.line_number}", f"{one.line_number}번째 줄")
    field = f", {one.field}" if one.field else ""
    return f"{where}{field}: {one.reason.say(session.language)}"


def _write_report(session: Session, path: Path, done: "ImportReport") -> None:
    try:
        done.write_refused(path, session.language)
    except OSError as error:
        raise InputError(
            Words(
                f"The report cannot be written to {path} ({type(error).__name__}); the import is done.",
                f"보고서를 {path}에 저장하지 못했습니다({type(error).__name__}). 가져오기는 완료되었습니다.",
            )
        ) from error
