"""Commands that make the ground: the database, and the stores."""

import os
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer
from babel.core import get_global
from babel.numbers import get_territory_currencies
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import make_url

from tillbridge.cli.local_pos import embedded
from tillbridge.cli.opening import hours_fault
from tillbridge.cli.session import session_of, shown_url
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.secrets import KEY_VARIABLE, new_key

_ZONES_SHOWN: Final = 30
store_app = typer.Typer(help="The shop's locations, each with its own stock.", no_args_is_help=True)


def init(
    context: typer.Context,
    *,
    show_new_key: Annotated[
        bool,
        typer.Option("--show-new-key", help=f"Print a fresh key for {KEY_VARIABLE}, and do nothing else."),
    ] = False,
) -> None:
    """Make the database, or bring it up to date; harmless where it is."""
    session = session_of(context)
    if show_new_key:
        key = new_key()
        session.say(key)
        if session.as_json:
            session.give({"key": key})
        return
    Engine.init(session.database)
    url = shown_url(session.database)
    session.say(session.words(f"The database is ready: {url}", f"데이터베이스가 준비되었습니다: {url}"))
    if _lacks_key(session.database):
        session.say(
            session.words(
                f"Before you connect a webstore, set {KEY_VARIABLE} to the key for stored secrets: make one "
                "with `tillbridge init --show-new-key`, and keep it in a safe place.",
                f"웹스토어를 연결하기 전에 비밀 값을 저장할 키를 {KEY_VARIABLE}에 지정해 주세요. "
                "`tillbridge init --show-new-key`로 만들어 안전한 곳에 보관해 주세요.",
            )
        )
    if session.as_json:
        session.give({"database": url})


def _lacks_key(url: str) -> bool:
    """Say whether the key can only come from the environment, and does not."""
    return make_url(url).get_backend_name() != "sqlite" and not os.environ.get(KEY_VARIABLE)


@store_app.command("add")
def add_store(  # noqa: PLR0913  # one option for each thing that makes a store
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="What other commands call it, for example MAIN.")],
    *,
    country: Annotated[str, typer.Option(help="Two letters (ISO 3166), for example KR.")],
    name: Annotated[str, typer.Option(help="What people call it; by default the code.")] = "",
    timezone: Annotated[
        str, typer.Option(help="For example Asia/Seoul; needed where the country has several.")
    ] = "",
    currency: Annotated[str, typer.Option(help="Three letters (ISO 4217); by default the country's.")] = "",
    hours: Annotated[
        str, typer.Option(help='When it is open, as in "Mo-Sa 10:00-20:00; PH off"; see `store hours`.')
    ] = "",
    tax: Annotated[
        str, typer.Option(help="included (in shelf prices) or added (to them at the till).")
    ] = "included",
    tax_rate: Annotated[str, typer.Option(help="In percent, of what is sold at the counter: 10.")] = "",
) -> None:
    """Add a store. The first one is the default store."""
    session = session_of(context)
    country = country.strip().upper()
    store = _store(
        {
            "code": code,
            "name": name or code,
            "country": country,
            "timezone": timezone or _zone(country),
            "currency": (currency or _currency(country)).upper(),
            "tax_mode": tax,
            "tax_rate": tax_rate or None,
            "hours": {"week": hours} if hours else None,
        }
    )
    with session.engine() as engine:
        embedded(engine).add_store(store)
    session.say(
        session.words(
            f"Store {store.code} is added: {store.timezone}, {store.currency}, tax {store.tax_mode}.",
            f"매장 {store.code}을(를) 추가했습니다: {store.timezone}, {store.currency}, "
            f"세금 {'포함' if store.tax_mode == 'included' else '별도'}.",
        )
    )
    if session.as_json:
        session.give(_store_data(store))


@store_app.command("list")
def list_stores(context: typer.Context) -> None:
    """List the stores, the default one first."""
    session = session_of(context)
    with session.engine() as engine:
        stores = engine.pos.stores()
    if session.as_json:
        session.give([_store_data(store) for store in stores])
        return
    table = Table(
        session.words("Store", "매장"),
        session.words("Name", "이름"),
        session.words("Time zone", "시간대"),
        session.words("Currency", "통화"),
        session.words("Country", "국가"),
        session.words("Business hours", "영업시간"),
    )
    for store in stores:
        table.add_row(
            store.code,
            store.name,
            store.timezone,
            store.currency,
            store.country,
            Text(store.hours.week if store.hours else "-"),
        )
    session.say(table)


def _store(given: dict[str, Any]) -> Store:
    try:
        return Store.model_validate(given)
    except ValidationError as error:
        said = [_fault(one) for one in error.errors(include_url=False)]
        raise InputError(
            Words(
                f"This is no store. {'; '.join(one.en for one in said)}",
                f"매장 정보가 올바르지 않습니다. {'; '.join(one.ko for one in said)}",
            )
        ) from None


def _fault(one: ErrorDetails) -> Words:
    name, came = ".".join(map(str, one["loc"])), str(one["input"])
    if name == "timezone":
        return Words(
            f"--timezone: {came!r} is no IANA time zone; an example is Asia/Seoul.",
            f"--timezone: {came!r}은(는) IANA 시간대가 아닙니다. 예: Asia/Seoul",
        )
    plain = f"{name}: {one['msg'].removeprefix('Value error, ')}"
    return hours_fault(one) or Words(plain, plain)


def _store_data(store: Store) -> dict[str, Any]:
    shown = {"code", "name", "timezone", "currency", "country", "tax_mode"}
    known = store.model_dump(mode="json", include=shown)
    return known | {"hours": store.hours.week if store.hours else None}


def _usual_first(zones: list[str]) -> list[str]:
    """Put the zones with the plainest names first: those of one place within a region come last."""
    return sorted(zones, key=lambda zone: (zone.count("/"), zone))


def _zone(country: str) -> str:
    """Return the country's only time zone.

    Raises:
        InputError: it has several, or is not known.
    """
    zones = sorted(zone for zone, land in get_global("zone_territories").items() if land == country)
    # "ZZ" is what the tables call no country at all.
    zones = [] if country == "ZZ" else zones
    if len(zones) == 1:
        return str(zones[0])
    if not zones:
        raise InputError(
            Words(
                f"There is no country {country!r}: two letters as in ISO 3166 are needed, for example KR.",
                f"{country!r} 국가가 없습니다. ISO 3166의 두 글자 코드를 지정해 주세요(예: KR).",
            )
        )
    known = ", ".join(_usual_first(zones)[:_ZONES_SHOWN]) + (", …" if len(zones) > _ZONES_SHOWN else "")
    raise InputError(
        Words(
            f"Say the store's time zone with --timezone; {country} has: {known}.",
            f"--timezone으로 매장의 시간대를 지정해 주세요. {country}의 시간대: {known}",
        )
    )


def _currency(country: str) -> str:
    found = get_territory_currencies(country)
    if len(found) == 1:
        return str(found[0])
    raise InputError(
        Words("Say the store's currency with --currency.", "--currency로 매장의 통화를 지정해 주세요.")
    )


COMMANDS: Final[dict[str, Callable[..., None]]] = {"init": init}
