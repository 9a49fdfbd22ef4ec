"""`profile record`: a live webstore's orders, kept as a test."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from tillbridge.plugin import CommandLine, InputError, RawOrder, Words, command_line
from tillbridge_generic_webstore.commands.living import Given, live, sample
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.finding import find_profile
from tillbridge_generic_webstore.recording.keeping import Kept, files_of, keep, outcome
from tillbridge_generic_webstore.recording.redacting import Redactor
from tillbridge_generic_webstore.settings import public_values, secret_values
from tillbridge_generic_webstore.webstores import loaded

_ORDERS: Final = 20


def record(  # noqa: PLR0913  # one option for each thing that may be said
    context: typer.Context,
    profile: Annotated[str, typer.Argument(metavar="PROFILE", help="A file, or a profile's name.")],
    folder: Annotated[Path, typer.Argument(help="Where the orders and their test are written.")],
    *,
    connection: Annotated[str, typer.Option(help="A connection whose settings are used.")] = "",
    settings: Annotated[list[str], typer.Option("--set", help="key=value; may come several times.")] = [],  # noqa: B006  # typer copies it
    secrets: Annotated[list[str], typer.Option("--secret", help="key=env:NAME, key=@FILE or key=-.")] = [],  # noqa: B006  # typer copies it
    orders: Annotated[int, typer.Option(help="How many orders at most.", min=1)] = _ORDERS,
) -> None:
    """Keep orders of a live webstore as a test: names, addresses, numbers and secrets are replaced."""
    line = command_line(context)
    file = find_profile(profile)
    compiled = loaded(file.text, file.file)
    with live(line, file, compiled, Given(connection, settings, secrets)) as opened:
        found = sample(opened, compiled, orders).orders
        public = public_values(opened.settings)
        hidden = [one.get_secret_value() for one in secret_values(opened.settings)]
    kept = _redacted(compiled, file.name, found, public, hidden)
    # The webstore's address is nobody's business in a test, unless an order's fields are made of it.
    said = {name: value for name, value in public.items() if f"_settings.{name}" in file.text}
    try:
        test = keep(folder, compiled, profile if file.preset else file.file, kept, said)
    except OSError as error:
        raise InputError(
            Words(
                f"{folder} cannot be written to ({type(error).__name__}).",
                f"{folder}에 저장할 수 없습니다({type(error).__name__}).",
            )
        ) from error
    _say(line, test, kept)


def _redacted(
    compiled: CompiledProfile,
    name: str,
    orders: Sequence[RawOrder],
    settings: Mapping[str, str],
    secrets: Sequence[str],
) -> list[Kept]:
    redactor = Redactor(compiled.profile, secrets)
    for raw in orders:
        redactor.learn_order(raw.parts)
    kept = []
    for number, raw in enumerate(orders, start=1):
        clean = RawOrder(raw.order_id, {part: redactor.redact(one) for part, one in raw.parts.items()})
        stem = f"{name}-{number}"
        kept.append(Kept(f"{stem}.json", dict(files_of(stem, clean)), outcome(compiled, clean, settings)))
    return kept


def _say(line: CommandLine, test: Path, kept: Sequence[Kept]) -> None:
    if line.as_json:
        line.give({"test": str(test), "orders": {one.name: one.outcome for one in kept}})
    for one in kept:
        line.say(f"{one.name}: {one.outcome}")
    line.say(
        line.words(
            f"{len(kept)} orders are kept. Look through them before you pass them on, and run: pytest {test}",
            f"주문 {len(kept)}건을 저장했습니다. 공유하기 전에 내용을 확인하고 실행해 보세요: pytest {test}",
        )
    )


COMMANDS: Final[dict[str, Callable[..., None]]] = {"record": record}
