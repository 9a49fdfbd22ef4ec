"""Asks a person at a terminal for the settings that a connection needs and the command did not give."""

import typer

from tillbridge.cli.session import Session
from tillbridge.connections.files import described, fields_of, secret_fields
from tillbridge.provider import FilesUse, Provider


def ask_missing(
    session: Session, provider: Provider, settings: dict[str, str], secrets: dict[str, str]
) -> None:
    """Ask for each required setting that is in neither mapping, and put the answer where it belongs.

    Secrets are not shown while they are typed. Where nobody can be asked, nothing happens: the check
    of the settings names what is missing.
    """
    if not session.interactive:
        return
    hidden = secret_fields(provider)
    for name, field in fields_of(provider).items():
        needed = field.is_required() or (name == "files" and provider.files is FilesUse.REQUIRED)
        if not needed or name in settings or name in secrets:
            continue
        if said := described(field).say(session.language):
            session.say(said)
        answer = str(typer.prompt(name, hide_input=name in hidden)).strip()
        (secrets if name in hidden else settings)[name] = answer
