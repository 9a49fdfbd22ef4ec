"""A preset at work against a webstore of a test's own: fetch, parse, listings and pushes, over real HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from plugins.generic_webstore.connecting import PRESETS, opened
from shop import SEOUL
from tillbridge.http import Kept
from tillbridge.model.exchange import Receipt, Said, StatusDelivery
from tillbridge.model.webhooks import Headers
from tillbridge.plugin import (
    Connection,
    Listing,
    NotAnOrder,
    Offer,
    OrderPage,
    RawOrder,
    WebhookRequest,
    WebOrder,
)
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling.compiling import compile_lister
from tillbridge_generic_webstore.calling.lister import Lister
from tillbridge_generic_webstore.calling.listings import ListingReader, compile_listings
from tillbridge_generic_webstore.hearing import Hearer, compile_hearer
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.mapping import Mapper
from tillbridge_generic_webstore.reaching import Reach, compile_reach
from tillbridge_generic_webstore.settings import ProfileSettings, public_values, settings_model
from tillbridge_generic_webstore.telling import Teller, compile_teller


@dataclass
class AtWork:
    """A preset and a connection by it."""

    lister: Lister
    mapper: Mapper
    teller: Teller | None
    hearer: Hearer | None
    connection: Connection
    clock: FrozenClock
    reader: ListingReader | None = None
    parsed: dict[str, WebOrder | NotAnOrder] = field(default_factory=dict)

    def poll(self, cursor: str | None = None) -> tuple[list[RawOrder], str | None]:
        """Read everything that is new: the orders as they came, and the cursor that is kept in the end."""
        found: list[RawOrder] = []
        page: OrderPage
        for page in self.lister.pages(self.connection, cursor):
            found += page.orders
            cursor = page.cursor or cursor
        return found, cursor

    def orders(self) -> dict[str, WebOrder | NotAnOrder]:
        """Return all orders by their IDs, as the last time that each came says."""
        return {raw.order_id or "": self.parse(raw) for raw in self.poll()[0]}

    def parse(self, raw: RawOrder) -> WebOrder | NotAnOrder:
        return self.mapper.parse(raw, public_values(self.connection.settings))

    def one(self, order_id: str) -> WebOrder | NotAnOrder:
        return self.parse(self.lister.fetch_one(self.connection, order_id))

    def listed(self) -> list[Listing]:
        """Read everything that the webstore lists."""
        assert self.reader is not None
        return [one for page in self.reader.pages(self.connection, None) for one in page.listings]

    def tell(self, order_id: str, said: Said, **more: Any) -> Receipt:
        assert self.teller is not None
        delivery = StatusDelivery(key=f"k-{order_id}-{said}", order_id=order_id, said=said, **more)
        return self.teller.push_status(self.connection, delivery)

    def push_stock(self, *offers: Offer) -> Mapping[str, Receipt]:
        assert self.teller is not None
        return self.teller.push_inventory(self.connection, offers)

    def push_prices(self, *offers: Offer) -> Mapping[str, Receipt]:
        assert self.teller is not None
        return self.teller.push_prices(self.connection, offers)

    def hear(self, body: bytes, **headers: str) -> list[str]:
        """Return the IDs of the orders that a webhook has fetched."""
        assert self.hearer is not None
        named = {"content-type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        request = WebhookRequest(
            method="POST", headers=Headers(list(named.items())), body=body, received_at=self.clock.now()
        )
        return [hint.order_id for hint in self.hearer.receive(self.connection, request).hints]


@contextmanager
def at_work(
    name: str,
    settings: Mapping[str, str],
    clock: FrozenClock,
    *,
    orders_from: datetime,
    hosts: Mapping[str, str] | None = None,
    kept: Kept | None = None,
    folder: Path | None = None,
) -> Iterator[AtWork]:
    """Put a preset to work.

    Args:
        name: the preset's.
        settings: as a user enters them.
        clock: the test's.
        orders_from: from when orders are wanted.
        hosts: addresses in the preset, and what stands in for them: the test's own server.
        kept: what a connection keeps.
        folder: where the profile is, where it is no preset.
    """
    text = ((folder or PRESETS) / f"{name}.toml").read_text("utf-8")
    for theirs, ours in (hosts or {}).items():
        assert theirs in text
        text = text.replace(theirs, ours)
    with profile_at_work(text, settings, clock, orders_from=orders_from, kept=kept, name=name) as made:
        yield made


@contextmanager
def profile_at_work(
    text: str,
    settings: Mapping[str, str],
    clock: FrozenClock,
    *,
    orders_from: datetime,
    kept: Kept | None = None,
    name: str = "shop",
) -> Iterator[AtWork]:
    """Put a profile to work, by its text; all else as for a preset."""
    made = _made(text, name)
    filled = made.model.model_validate(settings)
    http = made.reach.http(filled)
    with opened(http, filled, clock, orders_from=orders_from, kept=kept, store=SEOUL) as connection:
        yield AtWork(made.lister, made.mapper, made.teller, made.hearer, connection, clock, made.reader)


@dataclass(frozen=True)
class _Made:
    """A preset, compiled."""

    lister: Lister
    mapper: Mapper
    teller: Teller | None
    hearer: Hearer | None
    reader: ListingReader | None
    reach: Reach
    model: type[ProfileSettings]


@lru_cache(maxsize=128)
def _made(text: str, name: str) -> _Made:
    compiled, mistakes = load_profile(text, f"{name}.toml"), Mistakes()
    profile = compiled.profile
    lister, reach = compile_lister(profile, mistakes), compile_reach(profile, mistakes)
    teller, hearer = compile_teller(profile, mistakes), compile_hearer(profile, mistakes)
    reader = compile_listings(profile, mistakes)
    assert [f"{one.place}: {one.words.en}" for one in mistakes] == []
    assert lister is not None
    return _Made(lister, compiled.mapper, teller, hearer, reader, reach, settings_model(name, profile))
