"""`profile check`: every mistake of a profile at once, each with its line."""

from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from tillbridge.plugin import CommandLine, command_line
from tillbridge_generic_webstore.finding import find_profile
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.language.mistakes import Mistake, ProfileFaultyError, told


def check(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Profiles: files, or names.")],
) -> None:
    """Say what is wrong with profiles: every mistake at once, with its line."""
    line = command_line(context)
    found = [(one.file, _mistakes(one.text, one.file)) for one in map(find_profile, files)]
    if line.as_json:
        line.give([{"file": file, "mistakes": [_data(one) for one in mistakes]} for file, mistakes in found])
    for file, mistakes in found:
        _say(line, file, mistakes)
    if any(mistakes for _, mistakes in found):
        raise typer.Exit(1)


def _mistakes(text: str, file: str) -> list[Mistake]:
    try:
        load_profile(text, file)
    except ProfileFaultyError as error:
        return list(error.mistakes)
    return []


def _say(line: CommandLine, file: str, mistakes: list[Mistake]) -> None:
    for one in mistakes:
        line.say(told(file, one).say(line.language))
    count = len(mistakes)
    if not count:
        line.say(line.words(f"{file}: no mistake.", f"{file}: 문제가 없습니다."))
    elif count > 1:
        line.say(line.words(f"{file}: {count} mistakes.", f"{file}: 문제 {count}건."))


def _data(mistake: Mistake) -> dict[str, Any]:
    return {
        "line": mistake.line,
        "path": mistake.place,
        "message": mistake.words.en,
        "message_ko": mistake.words.ko,
    }


COMMANDS: Final[dict[str, Callable[..., None]]] = {"check": check}
