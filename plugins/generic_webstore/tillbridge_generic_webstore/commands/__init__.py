"""`tillbridge profile`: what an author of a profile needs, from the first line to a running connection."""

from typing import Final

import typer

from tillbridge_generic_webstore.commands import checking, creating, describing, listing, recording, trying

app: Final = typer.Typer(
    no_args_is_help=True,
    help="Write, check and try profiles: a page of TOML that connects a webstore (docs/profiles.md).",
)
for _module in (listing, creating, checking, trying, recording, describing):
    for _name, _function in _module.COMMANDS.items():
        app.command(_name)(_function)
