"""Which payment service takes the money for a webstore's orders: said at connecting, or afterwards."""

from dataclasses import dataclass
from typing import Annotated

import typer

from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import WHO, sign
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError
from tillbridge.model.payments import Capture
from tillbridge.model.words import Words
from tillbridge.paying.serving import CAPTURE_WORDS, Served

PaidBy = Annotated[
    str, typer.Option("--payments", help="The payment service's connection that takes its orders' money.")
]
CapturedAt = Annotated[Capture | None, typer.Option("--capture", help="When what is held is taken.")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says of who takes the money; "" and None where it says nothing."""

    service: str = ""
    capture: Capture | None = None

    def __bool__(self) -> bool:
        return bool(self.service or self.capture)

    def require_fit(self, engine: Engine, provider: str, name: str, *, change: bool) -> None:
        """Refuse what cannot be, before anything is kept.

        Raises:
            NotFound: there is no connection of the service's name.
            InputError: the webstore charges by itself, or the other connection is no payment service.
        """
        if self.service:
            engine.require_service(provider, name, self.service)
        if self.capture and not self.service and not (change and engine.payments_served(name).service):
            raise InputError(
                Words(
                    "Say which payment service takes the money: --payments NAME (of a connection).",
                    "--payments로 결제 서비스 연결의 이름을 지정해 주세요.",
                )
            )

    def serve(self, engine: Engine, name: str, who: str) -> Served:
        """Let the service take the money from now on.

        Raises:
            NotFound, InputError: as `require_fit`.
        """
        now = engine.payments_served(name)
        service = self.service or now.service or ""
        if not service:
            raise InputError(
                Words("Say with --by which payment service.", "--by로 결제 서비스를 지정해 주세요.")
            )
        return engine.serve_payments(name, service, self.capture or now.capture, who)


def connection_payments(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The webstore's connection.")],
    *,
    by: Annotated[str, typer.Option(help="The payment service's connection that serves it.")] = "",
    capture: CapturedAt = None,
    off: Annotated[bool, typer.Option("--off", help="Let no payment service serve it.")] = False,
    who: WHO = "",
) -> None:
    """Show which payment service takes the money for a connection's orders, and when; or say another."""
    session = session_of(context)
    wanted = Wanted(by, capture)
    if off and wanted:
        raise InputError(Words("Say --off alone.", "--off는 단독으로 지정해 주세요."))
    with session.engine() as engine:
        now = engine.payments_served(name)
        if off:
            now = engine.serve_payments(name, "", now.capture, sign(who, "").who)
        elif wanted:
            now = wanted.serve(engine, name, sign(who, "").who)
    if session.as_json:
        session.give(served_data(now))
        return
    say_served(session, now)


def served_data(now: Served) -> dict[str, object]:
    """Return who takes the money, for scripts."""
    return {
        "connection": now.connection,
        "service": now.service,
        "itself": now.itself,
        "capture": now.capture.value,
    }


def say_served(session: Session, now: Served) -> None:
    """Say who takes the money."""
    session.say(_words(now).say(session.language))


def _words(now: Served) -> Words:
    if now.itself:
        return Words(
            f"{now.connection} charges its customers by itself.",
            f"{now.connection} 웹스토어가 직접 결제를 청구합니다.",
        )
    if now.service is None:
        return Words(
            f"No payment service serves {now.connection}; name one with --by.",
            f"{now.connection} 연결에 결제 서비스가 없습니다. --by로 지정해 주세요.",
        )
    when = CAPTURE_WORDS[now.capture]
    return Words(
        f"{now.service} takes the money for {now.connection}, {when.en}.",
        f"{now.connection} 주문은 {now.service}에서 {when.ko} 결제합니다.",
    )
