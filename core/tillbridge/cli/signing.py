"""Who acts, as a command line says it."""

import getpass
from contextlib import suppress
from typing import Annotated, TypeAlias

import typer

from tillbridge.orders.order_state import Signature

WHO: TypeAlias = Annotated[str, typer.Option(help="Who acts; by default the system's user.")]


REASON: TypeAlias = Annotated[str, typer.Option(help="Why; it stands in the order's timeline.")]
REFUSAL: TypeAlias = Annotated[
    str,
    typer.Option(
        "--reason",
        help="Why; it stands in the order's timeline, and goes to the webstore as it is: "
        "the customer may read it.",
    ),
]


def sign(who: str, reason: str) -> Signature:
    """Return the signature of whoever runs the command."""
    name = who
    if not name:
        with suppress(OSError, KeyError, ImportError):  # a container's user may have no name
            name = getpass.getuser()
    return Signature(name or "command line", reason)
