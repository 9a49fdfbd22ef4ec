"""A webstore in memory that also takes stock and prices, as it is told to behave."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.listings import Listing, ListingPage
from tillbridge.model.offers import Exporting, Offer
from tillbridge.model.words import Words
from tillbridge.plugin import hookimpl
from tillbridge.provider import Capability, Connection, FilesUse, Provider
from tillbridge.testing.webstore import MemoryWebstore

FEED = "offers.csv"
_CHANGES = frozenset({Capability.INVENTORY})


@dataclass(slots=True)
class MemoryStorefront(MemoryWebstore):
    """A webstore in memory that shows what it was told.

    Attributes:
        takes: how it takes stock and prices: INVENTORY, PRICES, SNAPSHOT; EXPORT_CHECK for pending answers,
            LISTINGS for a product list.
        exporting: as its provider says.
        files: whether it takes its whole as a file, where its connection says.
        leaves_out: says of an offer of the whole why it has no place for it, or None.
        answer: returns the receipt of an offer; what is not accepted is not shown.
        answers: of tickets that are asked about.
        shown: by `Offer.key`, what it shows.
        calls: the keys of the offers of each call.
        listings: what it lists, where it `takes` LISTINGS; a page of `page_size` at a time.
    """

    takes: frozenset[Capability] = _CHANGES
    exporting: Exporting = field(default_factory=Exporting)
    files: FilesUse = FilesUse.NONE
    leaves_out: Callable[[Offer], Words | None] = lambda _: None
    answer: Callable[[Offer], Receipt] = lambda _: Receipt(Outcome.ACCEPTED)
    answers: dict[str, Receipt] = field(default_factory=dict)
    shown: dict[str, Offer] = field(default_factory=dict)
    calls: list[list[str]] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)

    @hookimpl
    def providers(self) -> list[Provider]:
        """Offer the webstore's provider with what it takes."""
        (usual,) = MemoryWebstore.providers(self)
        can = usual.capabilities | self.takes
        return [replace(usual, capabilities=can, exporting=self.exporting, files=self.files)]

    @hookimpl
    def push_inventory(self, connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:  # noqa: ARG002  # the hook's own parameters
        """Show pieces (and prices, where they come together)."""
        return self._take("push_inventory", offers)

    @hookimpl
    def push_prices(self, connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:  # noqa: ARG002  # the hook's own parameters
        """Show prices."""
        return self._take("push_prices", offers)

    @hookimpl
    def push_snapshot(self, connection: Connection, offers: Iterator[Offer]) -> Receipt:
        """Show this and nothing else."""
        self.before("push_snapshot")
        whole = {offer.key: offer for offer in offers}
        if connection.files is not None:
            lines = (f"{offer.key},{offer.quantity}\n".encode() for offer in whole.values())
            connection.files.put(FEED, lines)
        self.calls.append(list(whole))
        receipt = self.answer(next(iter(whole.values()))) if whole else Receipt(Outcome.ACCEPTED)
        left_out = {key: why for key, offer in whole.items() if (why := self.leaves_out(offer))}
        whole = {key: offer for key, offer in whole.items() if key not in left_out}
        if receipt.outcome is Outcome.ACCEPTED:
            self.shown.clear()
            self.shown |= whole
        return replace(receipt, left_out=left_out)

    @hookimpl
    def check_export(self, connection: Connection, tickets: Sequence[str]) -> Mapping[str, Receipt]:  # noqa: ARG002  # the hook's own parameters
        """Tell what became of tickets."""
        self.before("check_export")
        return {ticket: self.answers[ticket] for ticket in tickets if ticket in self.answers}

    @hookimpl
    def fetch_listings(self, connection: Connection, cursor: str | None) -> Iterator[ListingPage]:  # noqa: ARG002  # the hook's own parameters
        """Send what is listed, from the place on that the cursor is."""
        for start in range(int(cursor or 0), len(self.listings), self.page_size):
            self.before("fetch_listings")
            end = start + self.page_size
            yield ListingPage(self.listings[start:end], str(end))

    def _take(self, call: str, offers: Sequence[Offer]) -> dict[str, Receipt]:
        self.before(call)
        self.calls.append([offer.key for offer in offers])
        receipts = {offer.key: self.answer(offer) for offer in offers}
        for offer in offers:
            if receipts[offer.key].outcome is Outcome.ACCEPTED:
                self.shown[offer.key] = self._merged(offer)
        return receipts

    def _merged(self, offer: Offer) -> Offer:
        before = self.shown.get(offer.key, offer)
        quantity = before.quantity if offer.quantity is None else offer.quantity
        return replace(offer, quantity=quantity, price=offer.price or before.price)
