"""Business hours that a webstore knows: proposed for the stores that its locations are, and no more."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.model.errors import InputError
from tillbridge.model.hours import Hours, HoursError
from tillbridge.model.stores import Store, store_at
from tillbridge.model.web_hours import WebHours
from tillbridge.model.words import Words
from tillbridge.provider import Capability


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursProposal:
    """What a webstore says of one store's hours.

    Attributes:
        store: as the point of sale has it.
        week: what its hours would be; "" where they cannot be read.
        shown: the webstore's own words.
        closed: whether the webstore shows it as closed for the time being.
        unread: why there is no `week`.
    """

    store: Store
    week: str
    shown: Sequence[str]
    closed: bool
    unread: Words | None

    @property
    def hours(self) -> Hours | None:
        """The hours that are proposed: the week is theirs, special days and closures stay the store's."""
        if not self.week:
            return None
        known = self.store.hours
        return known.model_copy(update={"week": self.week}) if known else Hours(week=self.week)

    @property
    def differs(self) -> bool:
        """Whether the store has other hours, or none."""
        return bool(self.week) and (self.store.hours is None or self.store.hours.week != self.week)


def proposals(context: Context, connection: OpenConnection) -> list[HoursProposal]:
    """Ask a webstore for the hours of its locations; return what they propose, store by store.

    Raises:
        InputError: it tells no hours.
        ProviderError: it is away, or refuses.
        PluginError: the plugin failed.
    """
    provider = connection.provider
    if Capability.HOURS not in provider.capabilities:
        raise InputError(
            Words(
                f"{provider.title} tells no business hours.",
                f"{provider.title}에서는 영업시간을 알 수 없습니다.",
            )
        )
    found = context.plugins.fetch_hours(provider.name, connection.guest)
    return list(_by_store(connection, found))


def _by_store(connection: OpenConnection, found: Mapping[str, WebHours]) -> Iterator[HoursProposal]:
    at: defaultdict[str, list[WebHours]] = defaultdict(list)
    for location, hours in found.items():
        if store := store_at(connection.stores, location):  # of one that nobody mapped nothing follows
            at[store.code].append(hours)
    stores = {store.code: store for store in connection.stores.values()}
    for code, some in at.items():
        yield _proposal(stores[code], some)


def _proposal(store: Store, some: Sequence[WebHours]) -> HoursProposal:
    weeks = {one.week for one in some}
    week, unread = (some[0].week, some[0].unread) if len(weeks) == 1 else ("", _several(store, some))
    if week:
        week, unread = _usable(week)
    return HoursProposal(
        store=store,
        week=week,
        shown=[text for one in some for text in one.shown],
        closed=any(one.closed for one in some),
        unread=unread,
    )


def _several(store: Store, some: Sequence[WebHours]) -> Words:
    names = ", ".join(one.name for one in some)
    return Words(
        f"{names} are all the store {store.code}, and have different hours",
        f"{names}이(가) 모두 {store.code} 매장인데 영업시간이 서로 다릅니다",
    )


def _usable(week: str) -> tuple[str, Words | None]:
    """Hold a plugin's week to what a store's may be."""
    try:
        return Hours(week=week).week, None
    except ValidationError as error:
        found = error.errors(include_url=False)[0].get("ctx", {}).get("error")
        return "", found.words if isinstance(found, HoursError) else Words.of(week)
