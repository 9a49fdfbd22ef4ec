"""The program as a group of commands: its own, and those of plugins, each loaded when it is called.

Plugins' commands are looked for only where none of the program's own has the name, or where help is asked.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import typer
import typer.core
import typer.main

from tillbridge.cli.session import session_of
from tillbridge.commands import Guest, guests
from tillbridge.model.errors import PluginError
from tillbridge.model.words import Words


class Program(typer.core.TyperGroup):
    """All commands. One of a plugin that is faulty is named, and harms no other."""

    @cached_property
    def _guests(self) -> Mapping[str, Guest]:
        return guests()

    @cached_property
    def _loaded(self) -> dict[str, Any]:
        return {}

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, the program's own first; typer asks for them only where help is wanted."""
        own = super().list_commands(ctx)
        for name in own:
            if name in self._guests:
                session_of(ctx).complain(_taken(self._guests[name]))
        return [*own, *(name for name in self._guests if name not in own)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by its name; one that cannot be loaded is shown with the reason."""
        own = super().get_command(ctx, cmd_name)
        if own is not None or cmd_name not in self._guests:
            return own
        try:
            return self._load(cmd_name)
        except PluginError as error:
            return _placeholder(cmd_name, error.words.say(session_of(ctx).language))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is called.

        Raises:
            PluginError: it is a plugin's, and cannot be loaded.
        """
        name = args[0]
        if name not in self.commands and name in self._guests:
            session_of(ctx).guest = self._guests[name].holder
            return name, self._load(name), args[1:]
        return super().resolve_command(ctx, args)

    def _load(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = _command(self._guests[name])
        return self._loaded[name]


def _command(guest: Guest) -> Any:
    app = guest.load()
    if not isinstance(app, typer.Typer):
        raise PluginError(
            Words(
                f"The command {guest.name!r} of {guest.holder} is no typer.Typer, but {type(app).__name__}.",
                f"{guest.holder}의 명령 {guest.name!r}은(는) "
                f"typer.Typer가 아니라 {type(app).__name__}입니다.",
            )
        )
    try:
        return _within(guest.name, app)
    except Exception as error:
        raise PluginError(
            Words(
                f"The command {guest.name!r} of {guest.holder} cannot be used: {error}.",
                f"{guest.holder}의 명령 {guest.name!r}을(를) 사용할 수 없습니다: {error}.",
            )
        ) from error


def _within(name: str, app: typer.Typer) -> Any:
    """Return an app as a group of the program, as typer makes it of one that is added."""
    around = typer.Typer(add_completion=False)
    around.add_typer(app, name=name)
    return typer.main.get_group(around).commands[name]


def _placeholder(name: str, said: str) -> Any:
    app = typer.Typer(help=said)
    app.callback(invoke_without_command=True)(_nothing)
    return _within(name, app)


def _nothing() -> None:
    """Stand in for a command that cannot be loaded."""


def _taken(guest: Guest) -> Words:
    return Words(
        f"The command {guest.name!r} of {guest.holder} is left out: tillbridge has one of that name.",
        f"{guest.holder}의 명령 {guest.name!r}은(는) tillbridge에 같은 이름의 명령이 있어 제외했습니다.",
    )
