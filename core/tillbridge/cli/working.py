"""Commands that do the main job: one poll now, or the work of the whole day."""

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.hearing import taking_webhooks
from tillbridge.cli.orders_as import Zones
from tillbridge.cli.previews import preview_data, preview_words
from tillbridge.cli.session import Session, session_of
from tillbridge.engine import Engine
from tillbridge.intake import PollResult
from tillbridge.model.words import Words
from tillbridge.runtime.embedded import RunEvent, Runner

_COUNTS: Final = {
    "new": Words("New", "신규"),
    "changed": Words("Changed", "변경"),
    "sold": Words("Sold", "판매"),
    "waiting": Words("Waiting", "확인 대기"),
    "failed": Words("Failed", "실패"),
}


def poll(
    context: typer.Context,
    *,
    connection: Annotated[str, typer.Option(help="Only this connection.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what a poll would do; nothing is kept.")
    ] = False,
) -> None:
    """Check for orders now: fetch, match, sell; then send what waits to be sent."""
    session = session_of(context)
    with session.engine() as engine:
        if dry_run:
            _preview(session, engine, connection or None)
            return
        if not connection:
            _hint_if_none(session, engine)
        results = engine.poll(connection or None)
        engine.deliver(connection or None)
        engine.follow_till()
    if session.as_json:
        session.give({result.connection: _result_data(result) for result in results})
    else:
        session.say(_result_table(session, results))
    if any(result.trouble for result in results):
        raise typer.Exit(1)


def _preview(session: Session, engine: Engine, name: str | None) -> None:
    found = engine.preview(name)
    if session.as_json:
        session.give({connection: preview_data(seen) for connection, seen in found.items()})
    zone = Zones(engine.pos.stores()).of(None)
    for connection, seen in found.items():
        session.say(Text(connection, style="bold"))
        for words in preview_words(seen, zone):
            session.say(f"  {words.say(session.language)}")
    if any(seen.trouble for seen in found.values()):
        raise typer.Exit(1)


def _result_data(result: PollResult) -> dict[str, Any]:
    return {
        "fetched": result.fetched,
        **{name: getattr(result.counts, name) for name in _COUNTS},
        "trouble": result.trouble.en if result.trouble else None,
        "trouble_ko": result.trouble.ko if result.trouble else None,
        "busy": result.busy,
    }


def _result_table(session: Session, results: list[PollResult]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(session.words("Connection", "연결"))
    table.add_column(session.words("Fetched", "가져옴"), justify="right")
    for heading in _COUNTS.values():
        table.add_column(heading.say(session.language), justify="right")
    table.add_column(session.words("Trouble", "문제"))
    busy = session.words("another program is polling it", "다른 프로그램에서 확인 중입니다")
    for result in results:
        numbers = [str(getattr(result.counts, name)) for name in _COUNTS]
        trouble = result.trouble.say(session.language) if result.trouble else busy if result.busy else ""
        table.add_row(Text(result.connection), str(result.fetched), *numbers, Text(trouble))
    return table


def run(
    context: typer.Context,
    *,
    listen: Annotated[
        str,
        typer.Option(metavar="HOST:PORT", help="Also take webhooks there, for a reverse proxy to pass on."),
    ] = "",
) -> None:
    """Poll every connection when it is due, deliver, and follow the till, until stopped (Ctrl-C)."""
    session = session_of(context)
    stop = threading.Event()
    with session.engine() as engine, stopped_by_signals(stop):
        _hint_if_none(session, engine)
        zone = Zones(engine.pos.stores()).of(None)

        def tell(event: RunEvent) -> None:
            if session.as_json:
                sys.stdout.write(json.dumps(_event_data(event), ensure_ascii=False) + "\n")
                sys.stdout.flush()
                return
            moment = event.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
            whose = f" {event.connection}:" if event.connection else ""
            session.say(f"{moment}{whose} {event.words.say(session.language)}")

        _tell_troubles(engine, tell)
        runner = Runner(engine, on_event=tell, stop=stop)
        with taking_webhooks(engine, listen, runner.heard, tell):
            runner.run()


def _hint_if_none(session: Session, engine: Engine) -> None:
    if not engine.connections():
        session.say(
            session.words(
                "There is no connection yet. See `tillbridge providers` and `tillbridge connect --help`.",
                "아직 연결이 없습니다. `tillbridge providers`와 `tillbridge connect --help`를 확인해 주세요.",
            )
        )


def _tell_troubles(engine: Engine, tell: Callable[[RunEvent], None]) -> None:
    """Tell what is wrong from before: a connection that is not due yet would be silent about it."""
    for one in engine.connections():
        if one.trouble:
            now = engine.context.clock.now()
            tell(RunEvent(at=now, what="trouble", words=one.trouble, connection=one.name))


def _event_data(event: RunEvent) -> dict[str, Any]:
    return {
        "at": event.at.isoformat(),
        "event": event.what,
        "connection": event.connection,
        "message": event.words.en,
        "message_ko": event.words.ko,
        **event.data,
    }


@contextmanager
def stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set `stop` instead of ending the program where it stands."""

    def ask_to_stop(*_: object) -> None:
        stop.set()

    kept = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


COMMANDS: Final[dict[str, Callable[..., None]]] = {"poll": poll, "run": run}
