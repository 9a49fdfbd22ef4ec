"""The demonstration on the command line: orders come in, with status and why; then a morning is played."""

import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from tillbridge.cli.orders_as import Zones, order_table
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.working import stopped_by_signals
from tillbridge.demo.morning import Line, morning
from tillbridge.demo.shop import Demo, DemoPlan, set_up
from tillbridge.model.status import STATUS_WORDS, Status

_EVERY: Final = 5.0
_COMMANDS_TO_TRY: Final = (
    "orders --status 'Customer ID Required'",
    "order show 1",
    "messages",
    "catalogue show HB-R1-01A",
)


def demo(  # noqa: PLR0913  # one option for each thing that can be chosen
    context: typer.Context,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Only one round of orders, without the morning.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed makes the same orders.")] = 1,
    rounds: Annotated[
        int, typer.Option(min=0, help="Let orders arrive for so many rounds first; 0: until Ctrl-C.")
    ] = 1,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between rounds.")] = _EVERY,
    picture: Annotated[Path | None, typer.Option(help="Save what was shown as a picture (SVG), too.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Make the shop's files and database here; by default in a new folder.")
    ] = None,
) -> None:
    """See web orders become sales in an invented Korean bicycle shop, and its staff's morning with them."""
    session = session_of(context)
    session.recording = picture is not None
    rounds = 1 if once else rounds
    stop = threading.Event()
    with _folder(session, folder) as place, stopped_by_signals(stop):
        arrive = None if rounds == 1 else max(0.5, every / 2)
        plan = DemoPlan(folder=place, seed=seed, arrive=arrive, feeds=not once)
        with set_up(plan, lambda words: session.say(words.say(session.language))) as running:
            _rounds(session, running, stop, _Pace(rounds, every))
            story = [] if once else [_tell(session, line) for line in morning(running, place)]
            if session.as_json:
                session.give(_data(running) | {"story": story})
            _sum_up(session, running)
        _what_next(session, plan)
    if picture is not None and not session.as_json:
        session.console.save_svg(str(picture), title="tillbridge demo")


def _tell(session: Session, line: Line) -> dict[str, str]:
    """Show a line of the story, and return it as data."""
    said = line.words.say(session.language)
    session.say(Text(f"\n{said}", style="bold") if line.heading else f"  {said}")
    return {"en": line.words.en, "ko": line.words.ko}


class _Pace:
    """How often, and how many times."""

    def __init__(self, rounds: int, every: float) -> None:
        self.rounds = rounds
        self.every = every


def _rounds(session: Session, running: Demo, stop: threading.Event, pace: _Pace) -> None:
    zones = Zones(running.engine.pos.stores())
    done = 0
    while True:
        changed = running.poll()
        done += 1
        _show_round(session, zones, changed, done)
        if (pace.rounds and done >= pace.rounds) or stop.is_set():
            return
        if done == 1:
            _say_where_to_order(session, running.sandbox.page)
        if done == 1 and not pace.rounds:
            session.say(
                session.words(
                    "Orders keep arriving; Ctrl-C ends the demonstration.",
                    "주문이 계속 들어옵니다. 종료하려면 Ctrl-C를 눌러 주세요.",
                ),
            )
        if stop.wait(pace.every):
            return


def _say_where_to_order(session: Session, page: str) -> None:
    if page:
        session.say(
            session.words(
                f"Order something yourself, or let things go wrong: {page}",
                f"직접 주문하거나 장애를 일으켜 보세요: {page}",
            )
        )


def _show_round(session: Session, zones: Zones, changed: list[Any], number: int) -> None:
    if not changed:
        return
    heading = session.words(
        f"Round {number}: {len(changed)} {'order' if len(changed) == 1 else 'orders'} new or changed",
        f"{number}회차: 새로 들어오거나 변경된 주문 {len(changed)}건",
    )
    session.say(Text(f"\n{heading}", style="bold"))
    session.say(order_table(changed, zones, session.language))


def _sum_up(session: Session, running: Demo) -> None:
    counts: dict[Status, int] = {}
    for order in running.engine.orders():
        if order.status:
            counts[order.status] = counts.get(order.status, 0) + 1
    parts = [f"{STATUS_WORDS[status].say(session.language)} {count}" for status, count in counts.items()]
    session.say(Text("\n" + " · ".join(parts), style="bold"))
    pieces = running.stock_moved
    session.say(
        session.words(
            f"{pieces} pieces went off the stock, each sale once. Polling again would change nothing.",
            f"재고에서 {pieces}개가 차감되었습니다. 다시 확인해도 같은 주문은 한 번만 판매됩니다.",
        )
    )


def _data(running: Demo) -> dict[str, Any]:
    return {
        "orders": [
            {
                "id": order.id,
                "number": order.number,
                "status": order.status.value if order.status else None,
                "reason": order.reasons[0].en if order.reasons else None,
                "reason_ko": order.reasons[0].ko if order.reasons else None,
                "barcode": order.barcode,
            }
            for order in running.engine.orders()
        ],
        "stock_moved": running.stock_moved,
    }


def _what_next(session: Session, plan: DemoPlan) -> None:
    session.say(
        "",
        session.words(
            f"Everything is kept in {plan.folder}. Look around:",
            f"모든 자료는 {plan.folder}에 있습니다. 살펴보기:",
        ),
    )
    # `make demo` runs it without the environment being switched on.
    program = "tillbridge" if shutil.which("tillbridge") else str(Path(sys.executable).parent / "tillbridge")
    for words in _COMMANDS_TO_TRY:
        session.say(f"  {program} --database {plan.database} {words}")
    session.say(
        session.words(
            "Keep the shop open, and order in a browser as a shopper would:",
            "매장을 열어 두고 브라우저에서 고객처럼 주문하기:",
        ),
        f"  {program} demo --rounds 0",
    )


@contextmanager
def _folder(session: Session, wanted: Path | None) -> Iterator[Path]:
    """Give the folder to work in; one that nobody is told about does not stay."""
    if wanted is not None:
        yield wanted.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="tillbridge-demo-"))
    try:
        yield made
    finally:
        if session.as_json:
            shutil.rmtree(made, ignore_errors=True)


COMMANDS: Final[dict[str, Callable[..., None]]] = {"demo": demo}
