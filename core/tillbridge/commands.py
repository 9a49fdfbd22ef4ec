"""Commands that plugins add to the program, and what such a command is given to work with."""

import importlib.metadata
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from tillbridge.model.errors import PluginError
from tillbridge.model.words import Language, Words
from tillbridge.provider import Connection, Provider

GROUP: Final = "tillbridge.commands"
_OWN: Final = "tillbridge"
_Kind = TypeVar("_Kind")

_log = logging.getLogger("tillbridge.commands")


class CommandLine(ABC):
    """What a command of a plugin works with; `command_line` returns it.

    Attributes:
        language: in which people read; `Words.say(language)` is the sentence.
        as_json: `--json` was given: the answer is `give`n, and nothing else is printed.
    """

    language: Language
    as_json: bool

    @property
    @abstractmethod
    def interactive(self) -> bool:
        """Whether a person can be asked: both ends are a terminal, and no JSON is wanted."""

    @abstractmethod
    def words(self, en: str, ko: str) -> str:
        """Return the sentence in the chosen language."""

    @abstractmethod
    def say(self, *parts: Any) -> None:
        """Print texts or rich's tables for people; nothing where the answer is JSON."""

    @abstractmethod
    def give(self, data: Any) -> None:
        """Print `data` as JSON."""

    @abstractmethod
    def connection(self, name: str) -> AbstractContextManager[Connection]:
        """Open a connection of the shop by its name, as hooks get it.

        Raises:
            DatabaseUnready: there is no database here.
            NotFound: there is no connection of that name.
            InputError: its plugin is gone, its settings no longer fit, or its secrets cannot be opened.
        """

    @abstractmethod
    def trial(
        self,
        provider: Provider,
        *,
        settings: Sequence[str] = (),
        secrets: Sequence[str] = (),
        orders_from: datetime,
    ) -> AbstractContextManager[Connection]:
        """Open a connection that is not kept: it has no stores and no files, and needs no database.

        What is required and not given is asked for at a terminal, as `tillbridge connect` does.

        Args:
            provider: whose settings these are, and how it is reached.
            settings: `key=value`, as `--set` gives them.
            secrets: `key=env:NAME`, `key=@FILE` or `key=-`, as `--secret` gives them.
            orders_from: UTC.

        Raises:
            InputError: a setting is unknown, missing or wrong.
            Misconfigured: the address or a header cannot be used.
        """


class _Context(Protocol):
    """As much of typer's context as is needed here: a host of the library need not import typer."""

    def find_object(self, object_type: type[_Kind], /) -> _Kind | None: ...


def command_line(context: _Context) -> CommandLine:
    """Return what a command works with, from the `typer.Context` that typer hands it.

    Raises:
        LookupError: the command was not called by tillbridge.
    """
    found = context.find_object(CommandLine)  # type: ignore[type-abstract]  # it is looked up, not made
    if found is None:
        raise LookupError("This command runs as a part of tillbridge only.")
    return found


@dataclass(frozen=True, slots=True)
class Guest:
    """A command that a plugin adds.

    Attributes:
        name: as in `tillbridge NAME`.
        holder: the package that brings it, with its version.
        read: imports it; may raise anything.
    """

    name: str
    holder: str
    read: Callable[[], object]

    def load(self) -> object:
        """Import the command.

        Raises:
            PluginError: that failed.
        """
        try:
            return self.read()
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a module's top level may raise anything, a call of sys.exit too
            said = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": ")
            raise PluginError(
                Words(
                    f"The command {self.name!r} of {self.holder} could not be loaded: {said}. "
                    "Install what it needs, update it, or uninstall it.",
                    f"{self.holder}의 명령 {self.name!r}을(를) 불러오지 못했습니다: {said}. "
                    "필요한 패키지를 설치하거나, 업데이트 또는 제거해 주세요.",
                )
            ) from error


def guests() -> Mapping[str, Guest]:
    """Return the commands that installed plugins add, by name; of two with one name the later is left out."""
    found: dict[str, Guest] = {}
    points = importlib.metadata.entry_points(group=GROUP)
    # In a sequence that does not depend on the machine, tillbridge's own first.
    for guest in _guests(sorted(points, key=_rank)):
        if guest.name in found:
            _log.warning(
                "the command %r of %s is left out: %s has it",
                guest.name,
                guest.holder,
                found[guest.name].holder,
            )
        else:
            found[guest.name] = guest
    return found


def _guests(points: list[importlib.metadata.EntryPoint]) -> Iterator[Guest]:
    for point in points:
        package = point.dist
        yield Guest(point.name, f"{package.name} {package.version}" if package else point.value, point.load)


def _is_own(point: importlib.metadata.EntryPoint) -> bool:
    return point.dist is not None and point.dist.name == _OWN


def _rank(point: importlib.metadata.EntryPoint) -> tuple[bool, str, str, str]:
    return not _is_own(point), point.name, point.value, point.dist.name if point.dist else ""
