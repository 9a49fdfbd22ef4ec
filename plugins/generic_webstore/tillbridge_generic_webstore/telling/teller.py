"""What a profile can tell its webstore, made ready once: the hooks ask this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tillbridge.plugin import (
    Connection,
    Misconfigured,
    Offer,
    Outcome,
    Receipt,
    Resolution,
    Retryable,
    Said,
    StatusDelivery,
)
from tillbridge_generic_webstore.expressions import ValueFault
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.ordering import MoneyForm
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.telling.compiling import Compiling
from tillbridge_generic_webstore.telling.entries import Entry
from tillbridge_generic_webstore.telling.outline import SAID, Outline, outline_of
from tillbridge_generic_webstore.telling.status import Status
from tillbridge_generic_webstore.telling.taxes import PriceTax, compile_tax, merged
from tillbridge_generic_webstore.telling.values import Item, item_of
from tillbridge_generic_webstore.telling.words import no_way, refused, silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """What a webstore is told by its profile.

    Attributes:
        title: the webstore's name.
        money: how it writes amounts.
        statuses: by what is told.
        entries: of "stock", "price" and "offers".
        outline: what the provider declares of it.
        tax: how it is asked whether its prices include tax; None: it is not.
    """

    title: str
    money: str | MoneyForm
    statuses: Mapping[str, Status]
    entries: Mapping[str, Sequence[Entry]]
    outline: Outline
    tax: PriceTax | None = None

    def push_status(self, connection: Connection, delivery: StatusDelivery) -> Receipt:
        """Tell what became of an order.

        Raises:
            Retryable, Misconfigured: as the HTTP client does.
        """
        name = _name_of(delivery)
        found = self.statuses.get(name)
        return refused(silent(self.title, name)) if found is None else found.tell(connection, delivery)

    def push_inventory(self, connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:
        """Tell how many pieces there are, and what they cost where that goes together.

        Raises:
            Retryable, Misconfigured: as the HTTP client does, where nothing was told before.
        """
        entries = self.entries.get("offers") or self.entries.get("stock", ())
        if self.tax is None:
            return self._push(connection, entries, offers)
        given, unlike = self.tax.split(connection, list(offers))
        return merged(self._push(connection, entries, given), unlike)

    def push_prices(self, connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:
        """Tell what offers cost; as `push_inventory`."""
        unlike: Mapping[str, Receipt] = {}
        if self.tax is not None:
            given, unlike = self.tax.split(connection, list(offers))
            offers = [one for one in given if one.key not in unlike]
        return {**self._push(connection, self.entries.get("price", ()), offers), **unlike}

    def _push(
        self, connection: Connection, entries: Sequence[Entry], offers: Sequence[Offer]
    ) -> Mapping[str, Receipt]:
        receipts: dict[str, Receipt] = {}
        taken: dict[int, list[Item]] = {}
        for offer in offers:
            item = item_of(offer, self.money)
            try:
                entry = next((at for at, one in enumerate(entries) if one.takes(item)), None)
            except ValueFault as fault:
                receipts[item.key] = refused(fault.words)
                continue
            if entry is None:
                receipts[item.key] = refused(no_way(self.title))
            else:
                taken.setdefault(entry, []).append(item)
        told = False
        for at, items in taken.items():
            for batch in entries[at].batches(items):
                try:
                    receipts |= _told(connection, entries[at], batch)
                except (Retryable, Misconfigured):
                    if not told:
                        raise
                    return receipts  # what was accepted stays so; the rest is told later
                told = True
        return receipts


def _told(connection: Connection, entry: Entry, items: Sequence[Item]) -> Mapping[str, Receipt]:
    try:
        return entry.tell(connection, items)
    except ValueFault as fault:
        return {item.key: Receipt(Outcome.UNKNOWN, fault.words) for item in items}


def _name_of(delivery: StatusDelivery) -> str:
    """Return what the profile calls this."""
    if delivery.said is Said.RESOLVED:
        return "completed" if delivery.resolution is Resolution.PICKED_UP else "not_picked_up"
    return next(name for name, said in SAID.items() if delivery.said in said)


def compile_teller(profile: Profile, mistakes: Mistakes) -> Teller | None:
    """Make ready what a profile tells its webstore; None where it tells it nothing.

    What is wrong is added to `mistakes`.
    """
    if profile.push is None:
        return None
    made = Compiling(profile, profile.push, mistakes)
    teller = Teller(
        title=profile.title,
        money=profile.defaults.money,
        statuses=made.statuses(),
        entries=made.entries(),
        outline=outline_of(profile),
        tax=compile_tax(profile, profile.push, mistakes),
    )
    made.check_lines()
    made.check_listings()
    return teller
