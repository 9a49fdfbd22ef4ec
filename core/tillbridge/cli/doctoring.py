"""The command that says what is wrong with everything, and what to do."""

import contextlib
import sys
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.session import Session, session_of
from tillbridge.doctor import Diagnosis, Examined, Finding, Standing, examine
from tillbridge.model.words import Words

_SIGNS: Final = {
    Standing.BROKEN: ("✗", "red", Words("broken", "고장")),
    Standing.LOOK: ("!", "yellow", Words("look at this", "확인 필요")),
    Standing.UNCHECKED: ("·", "dim", Words("not checked", "확인 못함")),
    Standing.GOOD: ("✓", "green", Words("good", "정상")),
}


def doctor(
    context: typer.Context,
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no webstore.")] = False,
) -> None:
    """Look at everything, and say what is wrong, what it means for the shop, and what to do."""
    session = session_of(context)
    # What a plugin prints while it is imported must not stand in the middle of an answer.
    with contextlib.redirect_stdout(sys.stderr):
        found = examine(session.database, live=not offline)
    if session.as_json:
        session.give(_data(found))
    else:
        _show(session, found)
    if found.standing is not Standing.GOOD:
        raise typer.Exit(1)


def _show(session: Session, found: Diagnosis) -> None:
    session.say(_overview(session, found))
    for finding in found.findings:
        session.say("")
        _tell(session, found, finding)
    session.say("")
    session.say(_sum(session, found))


def _overview(session: Session, found: Diagnosis) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for overflow in ("ellipsis", "ellipsis", "fold"):
        table.add_column(overflow=overflow)
    for one in found.checks:
        sign, colour, words = _SIGNS[one.standing]
        below = [session.words("see below", "아래 참고")] if one.findings else []
        notes = "; ".join([note.say(session.language) for note in one.notes] + below)
        table.add_row(
            Text(f"{sign} {words.say(session.language)}", style=colour, no_wrap=True),
            Text(one.title.say(session.language), no_wrap=True),
            Text(notes, style="dim"),
        )
    return table


def _tell(session: Session, found: Diagnosis, finding: Finding) -> None:
    title = next(one.title for one in found.checks if finding in one.findings)
    sign, colour, _ = _SIGNS[finding.standing]
    language = session.language
    head = Text.assemble(
        (f"{title.say(language)}: ", f"bold {colour}"), (finding.wrong.say(language), "bold")
    )
    block = Table.grid(padding=(0, 1, 0, 0))
    block.add_column()
    block.add_column(overflow="fold")  # by itself rich cuts lines of Korean off
    block.add_row(Text(sign, style=f"bold {colour}"), head)
    block.add_row("", Text(finding.means.say(language)))
    session.say(block)
    # Not in the grid: the terminal breaks this line itself, so that a command in it can be copied whole.
    session.say(f"  → {finding.remedy.say(language)}")


def _sum(session: Session, found: Diagnosis) -> Text:
    counts = {standing: sum(one.standing is standing for one in found.checks) for standing in _SIGNS}
    told = ", ".join(
        f"{count} {_SIGNS[standing][2].say(session.language)}"
        if session.language == "en"
        else f"{_SIGNS[standing][2].ko} {count}"
        for standing, count in counts.items()
        if count
    )
    return Text(told, style=f"bold {_SIGNS[found.standing][1]}")


def _data(found: Diagnosis) -> dict[str, Any]:
    return {"standing": found.standing, "checks": [_check_data(one) for one in found.checks]}


def _check_data(one: Examined) -> dict[str, Any]:
    return {
        "check": one.name,
        "title": one.title.en,
        "title_ko": one.title.ko,
        "standing": one.standing,
        "notes": [note.en for note in one.notes],
        "notes_ko": [note.ko for note in one.notes],
        "seconds": one.seconds,
        "findings": [_finding_data(finding) for finding in one.findings],
    }


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "standing": finding.standing,
        "wrong": finding.wrong.en,
        "wrong_ko": finding.wrong.ko,
        "means": finding.means.en,
        "means_ko": finding.means.ko,
        "do": finding.remedy.en,
        "do_ko": finding.remedy.ko,
        "figures": dict(finding.figures),
    }


COMMANDS: Final[dict[str, Callable[..., None]]] = {"doctor": doctor}
