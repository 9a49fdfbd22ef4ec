"""Commands about connections: what can be connected, connecting, and how each connection is."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from tillbridge import plugins
from tillbridge.cli.asking import ask_missing
from tillbridge.cli.connections_as import connection_data
from tillbridge.cli.delivering import Where, check_agreeing, with_files
from tillbridge.cli.given import read_pairs, read_secrets
from tillbridge.cli.kept import kept_words
from tillbridge.cli.orders_as import Zones, time_text
from tillbridge.cli.paid_by import CapturedAt, PaidBy, Wanted, say_served
from tillbridge.cli.policies import (
    AcceptHours,
    Cancelled,
    NoShow,
    Overdue,
    PickUpDays,
    answering_rules,
    by_the_service,
    waiting_rules,
)
from tillbridge.cli.previews import preview_data, preview_words
from tillbridge.cli.refused import giving_anew, say_unusual
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import WHO, sign
from tillbridge.cli.web_hours import hours_at_connecting
from tillbridge.cli.when import BEGINNING, read_when
from tillbridge.connections import NewConnection, close_client
from tillbridge.connections import changing as reconnecting
from tillbridge.connections.files import described, fields_of, secret_fields
from tillbridge.connections.log import LogEntry
from tillbridge.engine import Engine
from tillbridge.intake import Preview
from tillbridge.model.errors import InputError
from tillbridge.model.exchange import ConnectionCheck
from tillbridge.model.words import Words
from tillbridge.provider import Provider

# Settings of every connection, whatever its provider; each is an option of its own, too.
_ORDERS_FROM: Final = "orders_from"
_POLL_MINUTES: Final = "poll_minutes"
_SHORTEST_POLL: Final = 10
_LONGEST_POLL: Final = 7 * 24 * 60


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the command line says about when; "" and None where it says nothing."""

    orders_from: str
    every: float | None
    settings: dict[str, str]


_Change = Annotated[
    bool, typer.Option("--replace", help="Change the connection of this name; what is not given stays.")
]
_Minutes = Annotated[float | None, typer.Option(help="Minutes between polls; 5 unless it says otherwise.")]


def connect(  # noqa: PLR0913  # one option for each thing that makes a connection
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="One of `tillbridge providers`.")],
    *,
    name: Annotated[str, typer.Option(help="What staff will call it.")],
    settings: Annotated[list[str], typer.Option("--set", help="key=value; may come several times.")] = [],  # noqa: B006  # typer copies it
    secrets: Annotated[
        list[str],
        typer.Option("--secret", help="key=env:NAME, key=@FILE or key=- (standard input)."),
    ] = [],  # noqa: B006  # typer copies it
    orders_from: Annotated[
        str,
        typer.Option(help="Orders placed before are not sold: now (default), all, 7d, 24h, a date, a time."),
    ] = "",
    store: Annotated[str, typer.Option(help="The default store's code; by default the first store.")] = "",
    location: Annotated[
        list[str], typer.Option(help="WEB=STORE: the webstore's location is this store.")
    ] = [],  # noqa: B006  # typer copies it
    match_by: Annotated[
        list[str], typer.Option(help="A customer rule to switch on, for example phone_and_name.")
    ] = [],  # noqa: B006  # typer copies it
    every: _Minutes = None,
    files: Where = "",
    accept_hours: AcceptHours = None,
    overdue: Overdue = None,
    pick_up_days: PickUpDays = None,
    no_show: NoShow = "",
    cancelled: Cancelled = None,
    payments: PaidBy = "",
    capture: CapturedAt = None,
    change: _Change = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    who: WHO = "",
) -> None:
    """Connect an account: check its settings, try it, show what would come, and keep it."""
    session = session_of(context)
    name = _name(name)
    asked = _when_from_settings(with_files(read_pairs(settings, option="--set"), files), orders_from, every)
    given, paid = read_secrets(secrets), Wanted(payments, capture)
    said = {
        "default_store": store,
        "locations": read_pairs(location, option="--location"),
        "match_by": match_by,
        "poll_seconds": round((asked.every or 0) * 60),
        "cancelled": cancelled,
    }
    with session.engine() as engine:
        paid.require_fit(engine, provider, name, change=change)
        waits = waiting_rules(pick_up_days, no_show)
        answers = answering_rules(accept_hours, overdue)
        old = replace(_old(engine, provider, name, change=change), **answers, **waits)
        if asked.orders_from or not change:
            said["orders_from"] = _orders_from(engine, asked.orders_from or "now", store)
        merged, secret = {**old.settings, **asked.settings}, {**old.secrets, **given}
        ask_missing(session, engine.context.plugins.provider(provider), merged, secret)
        only_said: dict[str, Any] = {key: value for key, value in said.items() if value}
        new = replace(old, settings=merged, secrets=secret, **only_said)
        new = by_the_service(engine.context.plugins.provider(provider), new, old if change else None, answers)
        ask = session.interactive and not yes
        _connect(session, engine, new, _How(ask=ask, change=change, paid=paid, who=sign(who, "").who))


def _old(engine: Engine, provider: str, name: str, *, change: bool) -> NewConnection:
    """Return what is to be changed, or a connection of which nothing is said yet."""
    if change:
        return reconnecting.stored(engine.context, provider, name)
    reconnecting.refuse_taken_name(engine.context, name)
    return NewConnection(provider=provider, name=name, settings={}, orders_from=BEGINNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How a connection is kept.

    Attributes:
        ask: staff confirm it.
        change: it is there, and is changed.
        paid: who takes its orders' money.
    """

    ask: bool
    change: bool
    paid: Wanted
    who: str


def _connect(session: Session, engine: Engine, new: NewConnection, how: _How) -> None:
    ask, change = how.ask, how.change
    refuse = reconnecting.refuse_other_account if change else reconnecting.refuse_taken
    refuse(engine.context, new)
    provider = engine.context.plugins.provider(new.provider)
    say_unusual(session, provider, {**new.settings, **new.secrets})
    with nullcontext() if change else giving_anew(provider):
        new, (opened, checked, seen) = check_agreeing(session, engine, new, ask=ask)
    # Most of what a changed connection would fetch is here already.
    shown = None if change or not opened.provider.brings_orders else seen
    _show(session, engine, checked, shown)
    if ask:
        question = session.words("Keep this connection?", "이 연결을 저장할까요?")
        if change:
            question = session.words("Change the connection?", "이 연결을 변경할까요?")
        typer.confirm(question, abort=True)
    if change:
        close_client(opened)
        reconnecting.save(engine.context, new, opened, how.who)
    else:
        engine.keep(new, opened)
    session.say(kept_words(opened.provider, new.name, change=change).say(session.language))
    if how.paid:
        say_served(session, how.paid.serve(engine, new.name, how.who))
    hours = [] if change else hours_at_connecting(session, engine, new.name, new.provider)
    if session.as_json:
        session.give(
            {
                "name": new.name,
                "provider": new.provider,
                "account": checked.account if checked else opened.account_key,
                "orders_from": new.orders_from.isoformat(),
                "preview": preview_data(seen),
                "hours": hours,
                "payments": engine.payments_served(new.name).service,
            }
        )


def _name(name: str) -> str:
    if name.strip():
        return name.strip()
    raise InputError(Words("--name is empty.", "--name이 비어 있습니다."))


def _when_from_settings(settings: dict[str, str], orders_from: str, every: float | None) -> _Asked:
    """Take what every connection has out of --set; the provider knows nothing of it."""
    from_settings = settings.pop(_ORDERS_FROM, "")
    minutes = settings.pop(_POLL_MINUTES, "")
    try:
        chosen = float(minutes) if minutes and every is None else every
    except ValueError:
        chosen = 0.0
    if chosen is not None and not _SHORTEST_POLL / 60 <= chosen <= _LONGEST_POLL:
        raise InputError(
            Words(
                f"A connection is polled every {_SHORTEST_POLL} seconds at most and once a week at least; "
                "--every (or --set poll_minutes=) is in minutes.",
                f"확인 간격은 {_SHORTEST_POLL}초에서 일주일 사이여야 합니다. "
                "--every(또는 --set poll_minutes=)는 분 단위입니다.",
            )
        )
    return _Asked(orders_from=orders_from or from_settings, every=chosen, settings=settings)


def _orders_from(engine: Engine, text: str, store: str) -> datetime:
    zone = Zones(engine.pos.stores()).of(store)
    return read_when(text, now=engine.context.clock.now(), zone=zone)


def _show(session: Session, engine: Engine, checked: ConnectionCheck | None, seen: Preview | None) -> None:
    if checked:
        session.say(session.words(f"Connected to: {checked.account}", f"연결된 계정: {checked.account}"))
        for note in checked.notes:
            session.say(f"  {Words.of(note).say(session.language)}")
    for words in preview_words(seen, Zones(engine.pos.stores()).of(None)) if seen else ():
        session.say(words.say(session.language))


def connections(
    context: typer.Context,
    *,
    history: Annotated[
        str, typer.Option(metavar="NAME", help="Show what was changed of one of them, by whom.")
    ] = "",
) -> None:
    """List the connections, and how each is."""
    session = session_of(context)
    with session.engine() as engine:
        zone = Zones(engine.pos.stores()).of(None)
        if history:
            _show_log(session, engine.connection_log(history), zone)
            return
        found = engine.connections()
    if session.as_json:
        session.give([connection_data(one) for one in found])
        return
    if not found:
        session.say(
            session.words(
                "There is no connection yet. See `tillbridge providers` and `tillbridge connect --help`.",
                "아직 연결이 없습니다. `tillbridge providers`와 `tillbridge connect --help`를 확인해 주세요.",
            )
        )
        return
    language = session.language
    table = Table(
        session.words("Connection", "연결"),
        session.words("Service", "서비스"),
        session.words("Account", "계정"),
        session.words("Orders from", "주문 시작 시각"),
        session.words("Every", "간격"),
        session.words("Last well", "마지막 정상 확인"),
        session.words("Trouble", "문제"),
    )
    for one in found:
        minutes = f"{one.poll_seconds / 60:g}"
        start = session.words("all", "전체")
        table.add_row(
            Text(one.name),
            one.title,
            Text(one.account),
            start if one.orders_from <= BEGINNING else time_text(one.orders_from, zone, language),
            session.words(f"{minutes} min", f"{minutes}분"),
            time_text(one.well_at, zone, language) or "-",
            Text(one.trouble.say(language) if one.trouble else ""),
        )
    session.say(table)
    if any(one.trouble for one in found):
        session.say(
            session.words(
                "Settings and secrets are changed with: tillbridge connect PROVIDER --name NAME --replace "
                "--set KEY=VALUE --secret KEY=-",
                "설정이나 비밀 값은 다음 명령으로 변경합니다: tillbridge connect PROVIDER --name NAME "
                "--replace --set KEY=VALUE --secret KEY=-",
            )
        )


def _show_log(session: Session, log: list[LogEntry], zone: ZoneInfo) -> None:
    if session.as_json:
        said = [
            {"at": one.at.isoformat(), "who": one.who, "en": one.words.en, "ko": one.words.ko} for one in log
        ]
        session.give(said)
        return
    for one in log:
        session.say(
            f"{time_text(one.at, zone, session.language)}  {one.who}: {one.words.say(session.language)}"
        )
    if not log:
        session.say(session.words("Nothing was changed.", "변경된 내용이 없습니다."))


def providers(context: typer.Context) -> None:
    """List what can be connected, each with its settings, and what is wrong with plugins."""
    session = session_of(context)
    found = plugins.load()
    if session.as_json:
        session.give(
            {
                "providers": [_provider_data(one) for one in found.providers.values()],
                "problems": [
                    {"plugin": one.plugin, "refused": one.refused, "en": one.words.en, "ko": one.words.ko}
                    for one in found.problems
                ],
            }
        )
    for provider in found.providers.values():
        capabilities = ", ".join(sorted(provider.capabilities))
        session.say(Text.assemble((provider.name, "bold"), f"  {provider.title} ({capabilities})"))
        session.say(_settings_table(session, provider))
    for problem in found.problems:
        session.say(Text(problem.words.say(session.language), style="red" if problem.refused else "yellow"))
    if any(problem.refused for problem in found.problems):
        raise typer.Exit(1)


def _settings_of(provider: Provider) -> list[dict[str, Any]]:
    secret = secret_fields(provider)
    return [
        {
            "name": name,
            "secret": name in secret,
            "required": field.is_required(),
            "default": None if field.is_required() or field.default is None else _plain(field.default),
            "description": described(field).en,
            "description_ko": described(field).ko,
        }
        for name, field in fields_of(provider).items()
    ]


def _plain(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _provider_data(provider: Provider) -> dict[str, Any]:
    return {
        "name": provider.name,
        "title": provider.title,
        "capabilities": sorted(provider.capabilities),
        "sandbox": provider.sandbox or None,
        "settings": _settings_of(provider),
    }


def _settings_table(session: Session, provider: Provider) -> Table:
    table = Table(box=None, padding=(0, 2), show_header=False)
    for one in _settings_of(provider):
        option = f"--secret {one['name']}=" if one["secret"] else f"--set {one['name']}="
        need = (
            session.words("required", "필수")
            if one["required"]
            else session.words(f"default: {one['default'] or '-'}", f"기본값: {one['default'] or '-'}")
        )
        table.add_row(
            Text(option, no_wrap=True), need, Text(session.words(one["description"], one["description_ko"]))
        )
    return table


COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "connect": connect,
    "connections": connections,
    "providers": providers,
}
