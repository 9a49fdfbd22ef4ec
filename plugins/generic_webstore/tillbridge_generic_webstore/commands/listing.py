"""`profile list`: what can be connected by a profile, and what each can do."""

from collections.abc import Callable
from typing import Any, Final

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.plugin import command_line
from tillbridge_generic_webstore.providers import provider_of
from tillbridge_generic_webstore.webstores import Webstore, find, folder


def list_(context: typer.Context) -> None:
    """List the webstores that can be connected by a profile: the shop's own, and the presets."""
    line = command_line(context)
    found = find()
    webstores = [(one, sorted(provider_of(one).capabilities)) for one in found.webstores.values()]
    if line.as_json:
        line.give(
            {
                "profiles": [_data(one, can) for one, can in webstores],
                "problems": [{"en": one.en, "ko": one.ko} for one in found.problems],
            }
        )
    table = Table(
        line.words("Name", "이름"),
        line.words("Webstore", "웹스토어"),
        line.words("File", "파일"),
        line.words("Can", "기능"),
    )
    for one, can in webstores:
        table.add_row(one.name, Text(one.profile.title), Text(_file(one)), ", ".join(can))
    line.say(table)
    for problem in found.problems:
        line.say(Text(problem.say(line.language), style="red"))
    if found.problems:
        raise typer.Exit(1)


def _is_own(webstore: Webstore) -> bool:
    return (folder() / f"{webstore.name}.toml").is_file()


def _file(webstore: Webstore) -> str:
    return str(folder() / f"{webstore.name}.toml") if _is_own(webstore) else "-"


def _data(webstore: Webstore, can: list[Any]) -> dict[str, Any]:
    return {
        "name": webstore.name,
        "title": webstore.profile.title,
        "file": _file(webstore) if _is_own(webstore) else None,
        "capabilities": can,
    }


COMMANDS: Final[dict[str, Callable[..., None]]] = {"list": list_}
