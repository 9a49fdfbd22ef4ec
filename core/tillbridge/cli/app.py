"""Puts the commands together, and reads the options that may stand before or after each of them."""

from functools import cache
from typing import Annotated, Any

import typer
import typer.main

from tillbridge import __version__
from tillbridge.cli import (
    afterwards,
    answering,
    connecting,
    contacting,
    delivering,
    demonstrating,
    differing,
    doctoring,
    exporting,
    files,
    guiding,
    hearing,
    listing,
    merging,
    noticing,
    opening,
    order_customers,
    order_products,
    ordering,
    paying,
    repairing,
    replaying,
    repointing,
    selling,
    setup,
    trying,
    working,
)
from tillbridge.cli.guests import Program
from tillbridge.cli.session import DATABASE_VARIABLE, DEFAULT_DATABASE, LANGUAGE_VARIABLE, session_of
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words


@cache
def command() -> Any:
    """Return the whole program as one command, made once: parts add themselves to groups that they share."""
    app = typer.Typer(
        cls=Program,
        add_completion=False,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["--help", "-h"]},
        help="Bring web orders into the shop's point of sale: matched, sold and off the stock, exactly once.",
        epilog="--database, --json, --lang and --debug may stand before or after the command.",
    )
    app.callback()(_options)
    app.add_typer(setup.store_app, name="store")
    app.add_typer(files.catalogue_app, name="catalogue")
    app.add_typer(files.customers_app, name="customers")
    for part in (afterwards, contacting, differing, guiding, order_customers, order_products, repointing):
        part.add_to(ordering.order_app)
    app.add_typer(ordering.order_app, name="order")
    app.add_typer(repairing.binding_app, name="binding")
    app.add_typer(selling.sale_app, name="sale")
    delivering.add_to(exporting.export_app)
    listing.add_to(exporting.export_app)
    app.add_typer(exporting.export_app, name="export")
    paying.add_to(app, hearing.connection_app)
    trying.add_to(app)
    app.add_typer(hearing.connection_app, name="connection")
    for name, function in opening.STORE_COMMANDS.items():
        setup.store_app.command(name)(function)
    answering.add_to(ordering.order_app, setup.store_app)
    merging.add_to(order_products.product_app)
    app.add_typer(order_products.product_app, name="product")
    modules = (
        setup,
        connecting,
        working,
        noticing,
        ordering,
        repairing,
        replaying,
        doctoring,
        demonstrating,
    )
    for module in modules:
        for name, function in module.COMMANDS.items():
            app.command(name)(function)
    return typer.main.get_command(app)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  # typer's own form of a callback
    if wanted:
        typer.echo(f"tillbridge {__version__}")
        raise typer.Exit


def _options(
    context: typer.Context,
    *,
    database: Annotated[
        str,
        typer.Option(
            envvar=DATABASE_VARIABLE,
            help="The database: sqlite:///FILE or postgresql://USER@HOST/NAME. "
            "By default a file in the current folder.",
        ),
    ] = DEFAULT_DATABASE,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer with JSON on the standard output, and nothing else.")
    ] = False,
    lang: Annotated[
        str, typer.Option(envvar=LANGUAGE_VARIABLE, help="en or ko; by default the locale's.")
    ] = "",
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
    version: Annotated[  # noqa: ARG001  # its callback does the work
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    session = session_of(context)
    if lang and lang not in ("en", "ko"):
        raise InputError(
            Words(
                f"--lang {lang!r} is not known: en or ko.",
                f"--lang {lang!r}은(는) 지원하지 않습니다: en 또는 ko를 지정해 주세요.",
            )
        )
    session.database, session.as_json, session.debug = database, as_json, debug
    if lang == "ko":
        session.language = "ko"
    elif lang == "en":
        session.language = "en"
