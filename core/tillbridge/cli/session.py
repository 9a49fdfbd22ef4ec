"""What every command works with: the database, the language, and the two ways of answering."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from tillbridge.commands import CommandLine
from tillbridge.connections import rows
from tillbridge.engine import Engine
from tillbridge.model.errors import DatabaseUnready
from tillbridge.model.words import Language, Words
from tillbridge.provider import Connection, Provider

if TYPE_CHECKING:
    from rich.console import RenderableType

DATABASE_VARIABLE: Final = "TILLBRIDGE_DATABASE"
LANGUAGE_VARIABLE: Final = "TILLBRIDGE_LANG"
DEFAULT_DATABASE: Final = "sqlite:///tillbridge.db"
# Where nobody looks at a screen, a table is not squeezed into 80 columns.
_PIPE_WIDTH: Final = 160
_UNBOUNDED: Final = 10_000
_PICTURE_WIDTH: Final = 150


@dataclass
class Session(CommandLine):
    """One run of the program.

    Attributes:
        database: the URL.
        as_json: the answer is data on the standard output, and nothing else is.
        debug: errors show where they come from.
        recording: what is printed is remembered, to be saved as a picture.
        guest: the package whose command runs; "" for tillbridge's own.
    """

    language: Language = "en"
    database: str = DEFAULT_DATABASE
    as_json: bool = False
    debug: bool = False
    recording: bool = False
    guest: str = ""

    @cached_property
    def console(self) -> Console:
        """The standard output."""
        if self.recording:
            return Console(highlight=False, record=True, width=_PICTURE_WIDTH)
        return _console(stderr=False)

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked."""
        return not self.as_json and sys.stdin.isatty() and sys.stdout.isatty()

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Open the engine.

        Raises:
            DatabaseUnready: there is no database, or it is of another version.
        """
        _refuse_missing(self.database)
        with Engine(self.database) as engine:
            yield engine

    @contextmanager
    def connection(self, name: str) -> Iterator[Connection]:
        """Open a connection of the shop, for a command of a plugin."""
        with self.engine() as engine:
            (row,) = rows(engine.context, name)
            yield engine.open(row).guest

    def trial(
        self,
        provider: Provider,
        *,
        settings: Sequence[str] = (),
        secrets: Sequence[str] = (),
        orders_from: datetime,
    ) -> AbstractContextManager[Connection]:
        """Open a connection that is not kept, for a command of a plugin."""
        # Imported here: it asks by this session.
        from tillbridge.cli.trials import open_trial  # noqa: PLC0415

        return open_trial(self, provider, settings, secrets, orders_from)

    def words(self, en: str, ko: str) -> str:
        """Return the sentence in the chosen language."""
        return Words(en, ko).say(self.language)

    def say(self, *parts: "RenderableType") -> None:
        """Print for people; silent where the answer is data."""
        if self.as_json:
            return
        for part in parts:
            if isinstance(part, str):
                # Names and titles come from outside: nothing in them is markup. The terminal breaks the
                # lines itself, so that a command that is shown can be copied whole.
                self.console.print(Text(part), soft_wrap=True)
            else:
                if isinstance(part, Table):
                    _wrap(part, self.console)
                self.console.print(part)

    def give(self, data: Any) -> None:
        """Print data for scripts."""
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()

    def complain(self, words: Words) -> None:
        """Print one sentence on the standard error."""
        _console(stderr=True).print(Text(words.say(self.language), style="red"), soft_wrap=True)


def session_of(context: typer.Context) -> Session:
    """Return the session of a command."""
    found = context.find_object(Session)
    assert found is not None
    return found


def guess_language(arguments: Sequence[str] = ()) -> Language:
    """Return the language to begin with: the option, the variable, else the locale's."""
    asked = [os.environ.get(LANGUAGE_VARIABLE, "")]
    for place, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            asked.insert(0, argument.removeprefix("--lang="))
        elif argument == "--lang":
            asked.insert(0, "".join(arguments[place + 1 : place + 2]))
    locale = next(
        (found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := os.environ.get(name))), ""
    )
    chosen = next((one for one in (*asked, locale) if one), "")
    return "ko" if chosen.lower().startswith("ko") else "en"


def _wrap(table: Table, console: Console) -> None:
    """Let a table break its texts where it is too wide; else words and letters would be left out."""
    wide = Measurement.get(console, console.options.update(max_width=_UNBOUNDED), table).minimum
    for column in table.columns:
        column.overflow = "fold"
        column.no_wrap = column.no_wrap and wide <= console.width


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    if hasattr(stream, "reconfigure"):
        # A terminal without Korean letters shows question marks instead of an error.
        stream.reconfigure(errors="replace")
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(stderr=stderr, highlight=False, width=_PIPE_WIDTH)
    return console


def _refuse_missing(url: str) -> None:
    """Refuse a SQLite file that is not there: connecting would make an empty one in the wrong place."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return  # the engine says it better
    if parsed.get_backend_name() != "sqlite" or not parsed.database or Path(parsed.database).exists():
        return
    raise DatabaseUnready(
        Words(
            f"There is no database {parsed.database} yet. Make it with `tillbridge init`, or say where it is "
            f"with --database or {DATABASE_VARIABLE}.",
            f"데이터베이스 {parsed.database}이(가) 아직 없습니다. `tillbridge init`으로 만들거나, "
            f"--database 또는 {DATABASE_VARIABLE}로 위치를 지정해 주세요.",
        )
    )


def shown_url(url: str) -> str:
    """Return a database URL without its password."""
    return make_url(url).render_as_string(hide_password=True)
