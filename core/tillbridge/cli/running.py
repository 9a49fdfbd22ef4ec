"""Runs one command: finds the options that may stand anywhere, and turns errors into exit codes."""

import logging
import re
import sys
import traceback
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

import typer
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError

from tillbridge.cli.database_faults import database_fault
from tillbridge.cli.session import Session, guess_language
from tillbridge.cli.usage import usage_words
from tillbridge.model.errors import (
    DatabaseUnready,
    NotAllowed,
    PluginError,
    ProviderError,
    TillbridgeError,
)
from tillbridge.model.words import Words


class ExitCode(IntEnum):
    """What a script may rely on (docs/command-line.md)."""

    DONE = 0
    ATTENTION = 1
    USAGE = 2
    NOT_ALLOWED = 3
    PROVIDER = 4
    DATABASE = 5
    FAULT = 70


_HANDLER: Final = "tillbridge command line"
# What these say `run` prints as its events: troubles and faults.
_PRINTED: Final = ("tillbridge.troubles", "tillbridge.runtime")
_FLAGS: Final = frozenset({"--json", "--debug"})
_VALUED: Final = frozenset({"--database", "--lang"})
# The first that fits counts; what is no error of these is wrong input.
_CODES: Final[tuple[tuple[type[TillbridgeError], ExitCode], ...]] = (
    (NotAllowed, ExitCode.NOT_ALLOWED),
    (ProviderError, ExitCode.PROVIDER),
    (PluginError, ExitCode.PROVIDER),
    (DatabaseUnready, ExitCode.DATABASE),
    (TillbridgeError, ExitCode.USAGE),
)
# A statement that the database understands and refuses is a fault of this program.
_OURS: Final = (ProgrammingError, IntegrityError, DataError)
# typer carries click inside since 0.26 and beside itself before; this class is the same error in both.
_UsageError: Final[type[Exception]] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors become one sentence, never a traceback."""
    # Imported here: the commands import this module's exit codes.
    from tillbridge.cli.app import command  # noqa: PLC0415

    given = hoist(arguments) or ["--help"]
    session = Session(as_json="--json" in given, debug="--debug" in given, language=guess_language(given))
    _log_to_stderr(wanted=session.debug or "run" in given, whole=session.debug)
    try:
        code = command().main(given, prog_name="tillbridge", standalone_mode=False, obj=session)
    except Exception as error:  # noqa: BLE001  # the front door: whatever it is becomes a sentence and a code
        return _report(session, error)
    return code if isinstance(code, int) else ExitCode.DONE


def _log_to_stderr(*, wanted: bool, whole: bool) -> None:
    """Let warnings of the log be seen, or not: what a command prints says the same already.

    Args:
        wanted: whether any are.
        whole: whether those too that `run` prints as its events.
    """
    log = logging.getLogger("tillbridge")
    for handler in [one for one in log.handlers if one.get_name() == _HANDLER]:
        log.removeHandler(handler)
    handler = logging.StreamHandler(sys.stderr) if wanted else logging.NullHandler()
    handler.set_name(_HANDLER)
    handler.setLevel(logging.WARNING)
    if not whole:
        handler.addFilter(lambda record: record.name not in _PRINTED)
    log.addHandler(handler)


def hoist(arguments: Sequence[str]) -> list[str]:
    """Bring the options that may stand anywhere to the front, where the root command reads them."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in _FLAGS or (argument.split("=", 1)[0] in _VALUED and "=" in argument):
            front.append(argument)
        elif argument in _VALUED:
            front += [argument, *(value for value in [next(waiting, None)] if value is not None)]
        else:
            rest.append(argument)
    return front + rest


def _report(session: Session, error: Exception) -> int:
    if session.debug:
        traceback.print_exception(error, file=sys.stderr)
    code, name, words = _read(session, error)
    session.complain(words)
    if session.as_json:
        session.give({"error": {"code": name, "message": words.en, "message_ko": words.ko}})
    return code


def _read(session: Session, error: Exception) -> tuple[ExitCode, str, Words]:
    if isinstance(error, TillbridgeError):
        code = next(code for kind, code in _CODES if isinstance(error, kind))
        return code, _snake(type(error)), error.words
    if isinstance(error, _UsageError):
        return ExitCode.USAGE, "usage", usage_words(error)
    if isinstance(error, typer.Abort):
        return (
            ExitCode.ATTENTION,
            "stopped",
            Words("Stopped; nothing was changed.", "중단했습니다. 변경된 것이 없습니다."),
        )
    if isinstance(error, DatabaseError) and not isinstance(error, _OURS):
        return ExitCode.DATABASE, "database_away", database_fault(error, session.database)
    if session.guest:
        return ExitCode.PROVIDER, "plugin_error", _guest_fault(error, session.guest)
    return ExitCode.FAULT, "fault", _fault(error)


def _snake(kind: type[Exception]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


def _guest_fault(error: Exception, guest: str) -> Words:
    kind = type(error).__name__
    return Words(
        f"The command of {guest} has failed ({kind}). Run it "
        "again with --debug to see where, and report it there.",
        f"{guest}의 명령이 실패했습니다({kind}). --debug를 붙여 다시 실행하면 위치를 볼 수 있습니다. "
        "그 플러그인을 만든 곳에 알려 주세요.",
    )


def _fault(error: Exception) -> Words:
    kind = type(error).__name__
    return Words(
        f"tillbridge itself has failed ({kind}). Run the command again with --debug to see where, "
        "and report it.",
        f"tillbridge 내부 오류입니다({kind}). --debug를 붙여 다시 실행하면 위치를 볼 수 있습니다. "
        "이 내용을 알려 주세요.",
    )
