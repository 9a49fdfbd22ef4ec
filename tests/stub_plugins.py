"""Plugins made in a test: a complete one, of which any hook can be replaced or left out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from logging import getLogger
from types import ModuleType
from typing import Any, cast

from pydantic import BaseModel

from tillbridge import plugins
from tillbridge.http import HttpClient, HttpSettings
from tillbridge.model.money import Money
from tillbridge.model.orders import OrderKind, Standing, WebCustomer, WebOrder
from tillbridge.plugin import hookimpl
from tillbridge.plugins import Plugins
from tillbridge.provider import Capability, Connection, Provider

ALL = frozenset(
    {Capability.ORDERS, Capability.CHECK, Capability.ADMIN_URL, Capability.STATUS, Capability.WEBHOOKS}
)
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
Hook = Callable[..., Any]


class Settings(BaseModel):
    """What a connection to the stub's webstore needs."""

    shop: str


def http_settings(settings: Settings) -> HttpSettings:
    return HttpSettings(base_url=f"https://{settings.shop}.example", service="Stub")


def provider(**changes: Any) -> Provider:
    """A provider without a fault, but for `changes`."""
    given: dict[str, Any] = {
        "name": "stub",
        "title": "Stub",
        "settings": Settings,
        "account_key": lambda settings: settings.shop,
        "http": http_settings,
        "capabilities": frozenset(),
    }
    return Provider(**(given | changes))


def module(**hooks: Hook) -> ModuleType:
    """A plugin of these functions, each marked as the hook that its keyword names."""
    made = ModuleType("stub_plugin")
    for name, function in hooks.items():
        setattr(made, name, hookimpl(function))
    return made


def offering(*providers: Provider, **hooks: Hook) -> ModuleType:
    """A plugin with these providers."""
    return module(providers=lambda: list(providers), **hooks)


def load(**extra: object) -> Plugins:
    """Load these plugins and no installed one."""
    return plugins.load([], extra=extra)


def refusals(**extra: object) -> list[str]:
    """Load these plugins, and say why any of them is refused."""
    loaded = load(**extra)
    names = {one.name for one in loaded.loaded}
    refused = [problem for problem in loaded.problems if problem.refused]
    assert not names & {problem.plugin for problem in refused}
    return [problem.words.en for problem in refused]


def connection() -> Connection:
    """A connection that reaches nothing."""
    return Connection(
        name="stub",
        settings=Settings(shop="a"),
        http=cast("HttpClient", None),
        orders_from=NOW,
        now=lambda: NOW,
        store=lambda _: no_store(),
        log=getLogger("stub"),
    )


def no_store() -> Any:
    raise LookupError


def web_order() -> WebOrder:
    """A web order of nothing, for nobody."""
    return WebOrder(
        id="1001",
        number="#1001",
        kind=OrderKind.ROPIS,
        standing=Standing.OPEN,
        placed_at=NOW,
        currency="KRW",
        total=Money(0, "KRW"),
        lines=(),
        customer=WebCustomer(),
        paid=False,
    )


def no_pages(connection: Connection, cursor: str | None) -> Iterator[Any]:
    """Yield nothing."""
    yield from ()


def orders_plugin(**hooks: Hook) -> ModuleType:
    """A plugin whose provider "stub" brings orders; these hooks replace its own, which answer nothing."""
    silent: dict[str, Hook] = {
        "fetch_orders": no_pages,
        "fetch_order": lambda connection, order_id: None,
        "parse_order": lambda connection, raw: None,
    }
    return offering(provider(capabilities=frozenset({Capability.ORDERS})), **(silent | hooks))
