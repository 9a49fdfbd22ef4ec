"""A profile as a whole: what a webstore's page of TOML may hold."""

from pydantic import Field

from tillbridge_generic_webstore.language.connecting import Connect, Listings, Orders, Setting
from tillbridge_generic_webstore.language.kinds import Part
from tillbridge_generic_webstore.language.ordering import Defaults, LineFields, OrderFields
from tillbridge_generic_webstore.language.pushing import Push, Webhook


class Profile(Part):
    """How one webstore system is spoken to, and how its orders are read."""

    title: str = Field(min_length=1)
    about: str = ""
    settings: dict[str, Setting] = Field(default_factory=dict)
    defaults: Defaults = Field(default_factory=Defaults)
    connect: Connect
    orders: Orders
    order: OrderFields
    lines: LineFields
    listings: Listings | None = None
    push: Push | None = None
    webhook: Webhook | None = None
