"""Webhooks by command: a connection's address, and taking them while `tillbridge run` is running."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from tillbridge.cli.orders_as import Zones, time_text
from tillbridge.cli.session import session_of
from tillbridge.cli.signing import WHO, sign
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.runtime.embedded import RunEvent
from tillbridge.webhooks import WebhookDoor, WebhookState

connection_app = typer.Typer(help="One connection to a webstore.", no_args_is_help=True)
_EXTRA: Final = frozenset({"starlette", "uvicorn", "anyio"})


@connection_app.command("webhook")
def webhook(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The connection's name.")],
    *,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Make a new address; the old one ends at once.")
    ] = False,
    off: Annotated[bool, typer.Option("--off", help="Have no address any more.")] = False,
    at: Annotated[
        str, typer.Option(metavar="URL", help="Under which this computer is reached: https://shop.example.")
    ] = "",
    who: WHO = "",
) -> None:
    """Show the address to enter at the webstore, and how its webhooks are; the first time it is made.

    Whoever has the address can knock at it: keep it like a password.
    """
    session = session_of(context)
    if off and rotate:
        raise InputError(
            Words("Say --rotate or --off, not both.", "--rotate와 --off 중 하나만 지정해 주세요.")
        )
    signature = sign(who, "")
    with session.engine() as engine:
        if off:
            engine.close_webhook(name, signature.who)
            session.say(
                session.words(
                    f"{name} has no webhook address any more; its orders are found by polling.",
                    f"{name} 연결의 웹훅 주소를 없앴습니다. 주문은 주기적 확인으로 가져옵니다.",
                )
            )
            if session.as_json:
                session.give({"connection": name, "address": None})
            return
        door = engine.open_webhook(name, signature.who, rotate=rotate)
        state = next((one for one in engine.webhooks() if one.connection == name), None)
        zone = Zones(engine.pos.stores()).of(None)
    address = at.rstrip("/") + door.path
    if session.as_json:
        session.give({"connection": name, "address": address, **state_data(state)})
        return
    session.say(address)
    for words in _told(door, state, lambda moment: time_text(moment, zone, session.language)):
        session.say(words.say(session.language))


def _told(
    door: WebhookDoor, state: WebhookState | None, moment: Callable[[datetime], str]
) -> Iterator[Words]:
    yield Words(
        "Enter it at the webstore, behind the address under which this computer is reached, and keep it like "
        "a password. It is served by: tillbridge run --listen HOST:PORT",
        "이 컴퓨터에 접속하는 주소 뒤에 붙여 웹스토어에 입력하고, 비밀번호처럼 보관해 주세요. "
        "tillbridge run --listen HOST:PORT가 실행 중일 때 작동합니다.",
    )
    if state is None:
        return
    if state.heard_at is None:
        since = moment(door.opened_at)
        yield Words(f"No webhook came yet, since {since}.", f"{since}부터 아직 웹훅을 받지 못했습니다.")
    else:
        heard = moment(state.heard_at)
        yield Words(f"The last webhook came at {heard}.", f"마지막 웹훅: {heard}")
    if state.waiting:
        yield Words(
            f"{state.waiting} of the orders that they named wait to be fetched.",
            f"웹훅으로 알게 된 주문 {state.waiting}건을 가져오는 중입니다.",
        )
    if state.missed:
        yield Words(
            f"New orders found by polling since then: {state.missed}.",
            f"그 뒤 주기적 확인으로 찾은 신규 주문: {state.missed}건",
        )
    if state.refused and state.why:
        yield Words(
            f"Requests refused since then: {state.refused}. {state.why.en}",
            f"그 뒤 거부한 요청: {state.refused}건. {state.why.ko}",
        )


def state_data(state: WebhookState | None) -> dict[str, Any]:
    """Return how a connection's webhooks are, for scripts."""
    return {
        "opened_at": state.opened_at.isoformat() if state else None,
        "heard_at": state.heard_at.isoformat() if state and state.heard_at else None,
        "waiting": state.waiting if state else 0,
        "missed": state.missed if state else 0,
        "refused": state.refused if state else 0,
        "refused_why": state.why.en if state and state.why else None,
        "refused_why_ko": state.why.ko if state and state.why else None,
    }


@contextmanager
def taking_webhooks(
    engine: Engine, address: str, heard: Callable[[str], None], tell: Callable[[RunEvent], None]
) -> Iterator[None]:
    """Take webhooks at an address until the end of the block; at "" nothing is taken.

    Raises:
        InputError: the address cannot be listened at, or what that needs is not installed.
    """
    if not address:
        yield
        return
    try:
        # The web server is loaded where it is wanted: it is an extra, and takes its time.
        from tillbridge.api.serving import listening  # noqa: PLC0415  # see above
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise InputError(
            Words(
                "--listen needs a web server that is not installed: pip install 'tillbridge[web]'",
                "--listen에 필요한 웹 서버가 설치되어 있지 않습니다: pip install 'tillbridge[web]'",
            )
        ) from None
    with listening(engine, address, heard) as url:
        words = Words(f"Taking webhooks at {url}/webhooks/…", f"웹훅을 받는 주소: {url}/webhooks/…")
        tell(RunEvent(at=engine.context.clock.now(), what="listening", words=words))
        yield
