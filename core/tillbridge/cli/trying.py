"""Serves a provider's sandbox on this computer, so that everything can be tried without an account."""

import runpy
import sys
from collections.abc import Callable
from typing import Annotated, Final

import typer

from tillbridge import plugins
from tillbridge.model.errors import NotFound
from tillbridge.model.words import Words

_AS_IT_IS: Final = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": ["-h"]}


def sandbox(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="Whose service it plays, as in: sandbox locally")],
) -> None:
    """Serve a sandbox of a service on this computer. What follows its name is the sandbox's: try --help.

    It prints one line of JSON once it is ready, and ends when its standard input closes.
    """
    module = _module(provider)
    sys.argv = [f"tillbridge sandbox {provider}", *context.args]
    runpy.run_module(module, run_name="__main__", alter_sys=False)


def _module(name: str) -> str:
    """Return the module that serves a provider's sandbox.

    Raises:
        NotFound: there is no such provider, or it has no sandbox; those that have one are named.
    """
    found = plugins.load().providers
    if name in found and found[name].sandbox:
        return found[name].sandbox
    those = ", ".join(sorted(one.name for one in found.values() if one.sandbox)) or "-"
    raise NotFound(
        Words(
            f"{name!r} has no sandbox. There are sandboxes of: {those}.",
            f"{name!r}의 샌드박스가 없습니다. 샌드박스가 있는 서비스: {those}.",
        )
    )


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    command: Callable[..., None] = sandbox
    app.command("sandbox", context_settings=_AS_IT_IS)(command)
