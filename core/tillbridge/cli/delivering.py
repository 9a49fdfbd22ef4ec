"""What `connect` asks of where files go, and the command that shows what was sent."""

from dataclasses import replace
from typing import Annotated

import typer
from rich.text import Text

from tillbridge.cli.found import plain_table
from tillbridge.cli.orders_as import Zones, time_text
from tillbridge.cli.session import Session, session_of
from tillbridge.connections import NewConnection, OpenConnection
from tillbridge.engine import Engine
from tillbridge.files import HostKeyUnknown
from tillbridge.intake import Preview
from tillbridge.model.errors import InputError
from tillbridge.model.exchange import ConnectionCheck
from tillbridge.model.words import Words

_FILES = "files"
_HOST_KEY = "files_host_key"
Where = Annotated[
    str,
    typer.Option(
        "--files",
        help="Where its files go: a folder, sftp://user@host/folder or https://host/folder/.",
    ),
]
Checked = tuple[OpenConnection, ConnectionCheck | None, Preview]


def with_files(settings: dict[str, str], where: str) -> dict[str, str]:
    """Return settings with what `--files` says; it may be said by `--set files=` as well."""
    if not where:
        return settings
    if _FILES in settings:
        raise InputError(
            Words(
                "--files and --set files= say the same thing: give one.",
                "--files와 --set files=는 같은 설정입니다. 하나만 지정해 주세요.",
            )
        )
    return {**settings, _FILES: where}


def check_agreeing(
    session: Session, engine: Engine, new: NewConnection, *, ask: bool
) -> tuple[NewConnection, Checked]:
    """Check a connection; where nobody agreed to its server's host key yet, a person at a terminal may.

    Raises:
        HostKeyUnknown: nobody can be asked, or another key was agreed to before: none is taken in silence.
    """
    try:
        return new, engine.check(new)
    except HostKeyUnknown as error:
        if not ask or new.settings.get(_HOST_KEY):
            raise
        session.say(error.words.say(session.language))
        question = session.words("Is it the same?", "같은 값인가요?")
        typer.confirm(question, abort=True)
        agreed = replace(new, settings={**new.settings, _HOST_KEY: error.fingerprint})
    return agreed, engine.check(agreed)


def sent_files(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The connection's name.")],
) -> None:
    """Show the files that were sent last, and where a copy of each stands."""
    session = session_of(context)
    with session.engine() as engine:
        found = engine.sent_files(name)
        zone = Zones(engine.pos.stores()).of(None)
    if session.as_json:
        session.give(
            [
                {
                    "name": one.name,
                    "at": one.at.isoformat(),
                    "bytes": one.size,
                    "lines": one.lines,
                    "copy": str(one.path),
                }
                for one in found
            ]
        )
        return
    if not found:
        session.say(session.words("No file was sent yet.", "아직 보낸 파일이 없습니다."))
        return
    headings = (
        Words("Sent", "전송 시각"),
        Words("File", "파일"),
        Words("Lines", "줄 수"),
        Words("Bytes", "바이트"),
        Words("Copy", "사본"),
    )
    table = plain_table(headings, session.language)
    for one in found:
        at = time_text(one.at, zone, session.language)
        table.add_row(at, Text(one.name), str(one.lines), str(one.size), Text(str(one.path), overflow="fold"))
    session.say(table)
    session.say(
        session.words(
            "Lines are the file's: its titles are one of them, and a product with two barcodes has two.",
            "줄 수는 파일의 줄 수입니다. 제목 줄도 포함되며, 바코드가 둘인 제품은 두 줄입니다.",
        )
    )


def add_to(export_app: typer.Typer) -> None:
    """Add the command to those of the export."""
    export_app.command("files")(sent_files)
