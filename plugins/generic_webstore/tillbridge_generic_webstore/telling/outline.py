"""What a profile's provider declares of telling, read off its tables: nothing is made ready for it.

Every start of the program asks this of every profile, and few of them are told anything then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from tillbridge.plugin import Capability, Exporting, Said
from tillbridge_generic_webstore.calling.moments import read_span
from tillbridge_generic_webstore.calling.templates import names_in
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.pushing import OfferPush, Push, StatusPush, Telling
from tillbridge_generic_webstore.telling.values import LISTED, extras_of

SAID: Final[Mapping[str, frozenset[Said]]] = {
    "accepted": frozenset({Said.ACCEPTED}),
    "rejected": frozenset({Said.REJECTED}),
    "ready": frozenset({Said.READY}),
    "completed": frozenset({Said.RESOLVED, Said.PICKED_UP}),
    "not_picked_up": frozenset({Said.RESOLVED}),
    "refunded": frozenset({Said.REFUNDED}),
}
"""By what a profile calls it, what is told."""
REFUNDED: Final = "refunded"
"""What is told of a refund: of an amount, not of a state."""
BY_LINES: Final = ("accepted", "rejected", "ready")
"""Of what single lines may be told."""
_LEAST_BATCH: Final = 20
_ASKED: Final = (
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "query",
    "headers",
    "body",
    "variables",
    "form",
    "xml",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What can be told.

    Attributes:
        capabilities: which hooks the profile has something for.
        hears: what the webstore can be told of an order.
        hears_lines: whether it is told of single lines.
        exporting: how it takes stock and prices.
    """

    capabilities: frozenset[Capability] = frozenset()
    hears: frozenset[Said] = frozenset()
    hears_lines: bool = False
    exporting: Exporting = field(default_factory=Exporting)


def outline_of(profile: Profile) -> Outline:
    """Return what a profile without a mistake can tell."""
    push = profile.push
    if push is None:
        return Outline()
    given = dict(given_by(push))
    own = {name for name, (table, _) in given.items() if table.use is None}
    told = {name for name, (table, _) in given.items() if table.use is None or table.use in own}
    capabilities = {Capability.STATUS} if told else set()
    if push.offers or push.stock:
        capabilities.add(Capability.INVENTORY)
    if push.price:
        capabilities.add(Capability.PRICES)
    return Outline(
        capabilities=frozenset(capabilities),
        hears=frozenset().union(*(SAID[name] for name in told)),
        hears_lines=any(table.lines for name, (table, _) in given.items() if name in BY_LINES),
        exporting=Exporting(
            batch=max([_LEAST_BATCH, *(with_shared(push, one).size for one in _offers(push))]),
            together=bool(push.offers),
            by_listing=any(_asks_by_listing(profile, with_shared(push, one)) for one in _offers(push)),
            refresh=read_span(push.refresh) if push.refresh else None,
            expires=read_span(push.expires) if push.expires else None,
        ),
    )


def given_by(push: Push) -> Iterator[tuple[str, tuple[StatusPush, Path]]]:
    """Yield each thing that is told with its table; a table of its own goes before the common one."""
    table = push.status
    for name in get_args(Telling):
        own: StatusPush | None = getattr(push, name)
        if own is not None:
            yield name, (own, ("push", name))
        elif table is not None and name in table.map:
            yield name, (table.model_copy(update={"status": table.map[name]}), ("push", "status"))
    if push.refunded is not None:
        yield REFUNDED, (push.refunded, ("push", REFUNDED))


def with_shared(push: Push, offer: OfferPush) -> OfferPush:
    """Return an entry with what it has from a shared table, where it says nothing itself."""
    shared = push.shared.get(offer.use) if offer.use is not None else None
    if shared is None:
        return offer
    news = {name: getattr(shared, name) for name in shared.model_fields_set - offer.model_fields_set}
    return offer.model_copy(update=news)


def _offers(push: Push) -> Iterator[OfferPush]:
    for entries in (push.stock, push.price, push.offers):
        yield from entries


def _asks_by_listing(profile: Profile, offer: OfferPush) -> bool:
    """Say whether an entry names the webstore's own item."""
    calls: list[Any] = [offer, *offer.before]
    texts = [getattr(call, name) for call in calls for name in _ASKED]
    used = {name for text in (*texts, offer.item) for name in names_in(text)}
    return bool(used & (LISTED | extras_of(profile)))
