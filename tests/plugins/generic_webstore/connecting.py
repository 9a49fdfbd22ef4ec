"""What the tests of profiles share: a profile's reading half, and a connection made of its settings."""

import logging
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tillbridge_generic_webstore
from tillbridge.http import HttpClient, HttpSettings, Kept
from tillbridge.model.stores import Store
from tillbridge.plugin import Connection, OrderPage
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling.compiling import compile_lister
from tillbridge_generic_webstore.calling.lister import Lister
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.reaching import compile_reach
from tillbridge_generic_webstore.settings import settings_model

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
PRESETS = Path(tillbridge_generic_webstore.__file__).with_name("presets")
STORE = Store(code="sydney", name="Sydney", timezone="Australia/Sydney", currency="AUD", country="AU")

# What every profile of these tests says of an order; how it is listed is what they are about.
ORDER = {
    "title": "Webstore",
    "settings": {"url": {"ask": "Address", "kind": "url"}},
    "defaults": {"zone": "UTC"},
    "connect": {"base": "{url}"},
    "order": {
        "id": "id",
        "placed": "placed",
        "updated": "updated",
        "currency": "currency",
        "total": "total",
        "standing": [{"of": "status", "map": {"open": "open"}}],
    },
    "lines": {
        "from": "lines",
        "id": "id",
        "name": "name",
        "quantity": "quantity",
        "net": "net",
        "tax": "tax",
    },
}


@dataclass(frozen=True)
class Connected:
    """A profile at work."""

    lister: Lister
    connection: Connection

    def pages(self, cursor: str | None = None) -> list[OrderPage]:
        return list(self.lister.pages(self.connection, cursor))

    def poll(self, cursor: str | None = None) -> tuple[list[str | None], str | None]:
        """Read everything: the orders' IDs as they came, and the cursor that is kept in the end."""
        seen: list[str | None] = []
        for page in self.lister.pages(self.connection, cursor):
            seen += [order.order_id for order in page.orders]
            cursor = page.cursor or cursor
        return seen, cursor


def preset(name: str) -> Profile:
    return Profile.model_validate(tomllib.loads((PRESETS / f"{name}.toml").read_text("utf-8")))


def profile(**tables: Any) -> Profile:
    """A profile of the usual order; `tables` replace its own."""
    return Profile.model_validate({**ORDER, **tables})


@contextmanager
def opened(
    http: HttpSettings,
    settings: Any,
    clock: FrozenClock,
    *,
    orders_from: datetime = NOW,
    kept: Kept | None = None,
    locations: Sequence[str] = (),
    store: Store = STORE,
) -> Iterator[Connection]:
    """A connection with a client of its own."""
    with HttpClient(http, clock=clock, kept=kept) as client:
        yield Connection(
            name="web",
            settings=settings,
            http=client,
            orders_from=orders_from,
            now=clock.now,
            store=lambda _: store,
            locations=locations,
            log=logging.getLogger("test"),
        )


@contextmanager
def connected(
    made: Profile, settings: Mapping[str, str], clock: FrozenClock, **given: Any
) -> Iterator[Connected]:
    """A profile's lister at work; `given` as `opened` takes it."""
    mistakes = Mistakes()
    lister, reach = compile_lister(made, mistakes), compile_reach(made, mistakes)
    assert [f"{one.place}: {one.words.en}" for one in mistakes] == []
    assert lister is not None
    filled = settings_model("test", made).model_validate(settings)
    with opened(reach.http(filled), filled, clock, **given) as connection:
        yield Connected(lister, connection)


@contextmanager
def compiled_connection(
    text: str, settings: Mapping[str, str], clock: FrozenClock, *, orders_from: datetime = NOW
) -> Iterator[tuple[Connection, CompiledProfile]]:
    """A profile as it is loaded, and a connection made of its settings."""
    compiled = load_profile(text, "shop.toml")
    filled = settings_model("test", compiled.profile).model_validate(settings)
    with opened(compiled.reach.http(filled), filled, clock, orders_from=orders_from) as connection:
        yield connection, compiled
