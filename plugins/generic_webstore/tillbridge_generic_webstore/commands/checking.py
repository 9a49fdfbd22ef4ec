"""`profile check`: every mistake of a profile at once, each with its line; and what is still a guess."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from tillbridge.plugin import CommandLine, Words, command_line
from tillbridge_generic_webstore.finding import find_profile
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.language.mistakes import Mistake, ProfileFaultyError, told
from tillbridge_generic_webstore.language.profile import Profile

_GUESS: Final = re.compile(r"#\s*CHECK\b(?::\s*(?P<asks>.*))?")
"""What `profile new` writes behind a guess; the head of its files explains the word, and is none."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A profile's mistakes; its guesses by their lines; whether more may follow; what it leaves open."""

    file: str
    mistakes: Sequence[Mistake]
    guesses: Sequence[tuple[int, str]]
    more: bool = False
    notes: Sequence[Words] = ()


def check(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Profiles: files, or names.")],
) -> None:
    """Say what is wrong with profiles: every mistake at once, with its line."""
    line = command_line(context)
    found = [_checked(one.text, one.file) for one in map(find_profile, files)]
    if line.as_json:
        line.give([_data_of(one) for one in found])
    for one in found:
        _say(line, one)
    if any(one.mistakes for one in found):
        raise typer.Exit(1)


def _checked(text: str, file: str) -> _Checked:
    guesses = list(guesses_of(text))
    try:
        made = load_profile(text, file)
    except ProfileFaultyError as error:
        return _Checked(file, error.mistakes, guesses, more=error.more)
    return _Checked(file, [], guesses, notes=[] if guesses else list(_notes(made.profile)))


def _notes(profile: Profile) -> Iterator[Words]:
    """Yield what a profile without a mistake leaves to staff."""
    order = profile.order
    if order.money is None and (order.kind or order.kind_else != "ropis"):
        yield _MONEY


_MONEY: Final = Words(
    "order.money is not said: whether the webstore has charged a paid order that is cancelled is then left "
    "to staff to find out.",
    "order.money가 없습니다. 결제된 주문이 취소되면 웹스토어에서 청구했는지 직원이 직접 확인해야 합니다.",
)


def guesses_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line of each guess that `profile new` marked and nobody has taken away, and what it asks."""
    for number, written in enumerate(text.splitlines(), start=1):
        if mark := _GUESS.search(written):
            yield number, mark["asks"] or written[: mark.start()].strip()


def _say(line: CommandLine, checked: _Checked) -> None:
    file, count, guesses = checked.file, len(checked.mistakes), len(checked.guesses)
    for one in checked.mistakes:
        line.say(told(file, one).say(line.language))
    for number, asks in checked.guesses:
        line.say(
            line.words(
                f"{file}:{number} is still a guess (CHECK): {asks}",
                f"{file}:{number} 아직 추측한 값입니다(CHECK): {asks}",
            )
        )
    if not count:
        line.say(line.words(f"{file}: no mistake.", f"{file}: 문제가 없습니다."))
    elif checked.more:
        mistakes = "mistake" if count == 1 else "mistakes"
        line.say(
            line.words(
                f"{file}: {count} {mistakes}; more may follow once this is mended.",
                f"{file}: 문제 {count}건. 고친 뒤에 다른 문제가 더 나올 수 있습니다.",
            )
        )
    elif count > 1:
        line.say(line.words(f"{file}: {count} mistakes.", f"{file}: 문제 {count}건."))
    for note in checked.notes:
        line.say(note.say(line.language))
    if guesses:
        line.say(_left(guesses).say(line.language))


def _left(guesses: int) -> Words:
    lines = "line says" if guesses == 1 else "lines say"
    return Words(
        f"{guesses} {lines} CHECK: look at each, and take the word away.",
        f"CHECK 표시가 {guesses}곳 남아 있습니다. 하나씩 확인하고 표시를 지워 주세요.",
    )


def _data_of(checked: _Checked) -> dict[str, Any]:
    return {
        "file": checked.file,
        "mistakes": [_data(one) for one in checked.mistakes],
        "more": checked.more,
        "notes": [{"message": one.en, "message_ko": one.ko} for one in checked.notes],
        "guesses": [{"line": number, "asks": asks} for number, asks in checked.guesses],
    }


def _data(mistake: Mistake) -> dict[str, Any]:
    return {
        "line": mistake.line,
        "path": mistake.place,
        "message": mistake.words.en,
        "message_ko": mistake.words.ko,
    }


COMMANDS: Final[dict[str, Callable[..., None]]] = {"check": check}
