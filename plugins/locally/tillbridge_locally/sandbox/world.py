"""The sandbox as a whole: its store filled with a shop's orders, and what happens there while time passes."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tillbridge.testing.door import Faults
from tillbridge_locally.sandbox import money
from tillbridge_locally.sandbox.carts import ADDRESS_FIELDS, Line, Wish, add_up, delivery
from tillbridge_locally.sandbox.feeds import Feeds
from tillbridge_locally.sandbox.places import Place
from tillbridge_locally.sandbox.quirks import Quirks
from tillbridge_locally.sandbox.scenarios import ARRIVALS, CHANGES_LATER, SITUATIONS, ImpossibleError, Maker
from tillbridge_locally.sandbox.shelf import Shelf
from tillbridge_locally.sandbox.shop import Customer, Product, Shop
from tillbridge_locally.sandbox.store import Entry, Store
from tillbridge_locally.sandbox.visitors import Visitors

_RECENT: Final = timedelta(hours=3)
# Hears of an order that is new or changed, with the items that changed.
Listener = Callable[[Entry, Sequence[Mapping[str, Any]]], None]


class WishError(Exception):
    """What was asked of the sandbox makes no order; the message says why."""


@dataclass(slots=True)
class World:
    """Everything that the sandbox's doors work on.

    Attributes:
        orders: how many orders stand there at the start, or None for one of each situation.
        inbox: where the shop's feeds arrive, or None.
        faults: what goes wrong at Locally's door.
        quirks: how this Locally is odd; set by `behave`.
        places: the stores by ID, as they are now.
        shelf: what they have.
        feeds: what the shop says of that, and how old it is.
        visitors: who shops.
        listeners: called for every order that is new or changed.
        impossible: situations that the shop's files have nothing for, with the reason.
    """

    shop: Shop
    seed: int
    orders: int | None
    inbox: Path | None = None
    store: Store = field(init=False)
    maker: Maker = field(init=False)
    places: dict[str, Place] = field(init=False)
    shelf: Shelf = field(init=False)
    feeds: Feeds = field(init=False)
    visitors: Visitors = field(init=False)
    listeners: list[Listener] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    quirks: Quirks = field(default_factory=Quirks)
    impossible: dict[str, str] = field(default_factory=dict)
    _arrivals: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(self.seed)
        self.feeds = Feeds(
            folder=self.inbox,
            stores=lambda: [place.id for place in self.shop.places],
            now=self.store.now,
            shelf=lambda: self.shelf,
        )
        self.shelf = Shelf(self.shop, self.shop.places)
        self.reset(seed=self.seed, orders=self.orders)

    def reset(self, *, seed: int, orders: int | None) -> None:
        """Begin anew: the same seed gives the same orders, placed over the last three hours."""
        self.behave(Quirks())
        self.feeds.forget()
        self.store.reset(seed)
        self.faults.clear()
        self.impossible.clear()
        self.maker = Maker(self.shop, seed)
        self.places = {place.id: replace(place) for place in self.shop.places}
        self.visitors = Visitors()
        self.shelf = Shelf(self.shop, self.places.values(), self.feeds.is_on)
        self._arrivals = itertools.cycle(ARRIVALS)
        documents = list(itertools.islice(self._documents(orders), orders))
        count = len(documents)
        for index, (situation, document) in enumerate(documents):
            placed_at = self.store.now() - _RECENT * (count - index) / (count + 1)
            self.take(document, situation=situation, placed_at=placed_at)

    def take(self, document: Any, *, situation: str, placed_at: datetime | None = None) -> Entry:
        """Take a new order: its items go off the shelf, its money is held, and who listens hears of it."""
        entry = self.store.add(document, situation=situation, placed_at=placed_at)
        self._follow(entry)
        self._tell(entry, list(entry.items()))
        return entry

    def announce(
        self,
        entry: Entry,
        items: Sequence[Mapping[str, Any]] | None = None,
        *,
        updated_at: datetime | None = None,
    ) -> None:
        """Let everything follow from an order's change: shelf, money, time of change, and who listens.

        Args:
            entry: the order, changed already.
            items: those of its items that changed; None for all.
            updated_at: when it changed, instead of now.
        """
        self._follow(entry)
        self.store.touch(entry, updated_at=updated_at)
        self._tell(entry, list(entry.items()) if items is None else items)

    def _follow(self, entry: Entry) -> None:
        self.shelf.follow(entry)
        money.follow(entry, tax_inside=self.shop.tax_inside, now=self.store.now())

    def _tell(self, entry: Entry, items: Sequence[Mapping[str, Any]]) -> None:
        for listener in self.listeners:
            listener(entry, items)

    def behave(self, quirks: Quirks) -> None:
        """Be odd in these ways, and in no other."""
        self.feeds.look()  # by the clock as it was
        self.quirks = quirks
        self.store.ahead = timedelta(hours=quirks.hours_ahead)
        self.store.whole_seconds = quirks.whole_seconds

    def _documents(self, orders: int | None) -> Iterator[tuple[str, Any]]:
        names = SITUATIONS if orders is None else itertools.chain(SITUATIONS, itertools.cycle(ARRIVALS))
        for name in names:
            try:
                yield name, SITUATIONS[name](self.maker)
            except ImpossibleError as error:
                self.impossible[name] = str(error)

    def arrive(self, count: int) -> list[Entry]:
        """Let new orders arrive, as on an ordinary day."""
        return [self._arrival() for _ in range(count)]

    def _arrival(self) -> Entry:
        name = next(self._arrivals)
        return self.take(SITUATIONS[name](self.maker), situation=name)

    def change_the_changing(self) -> None:
        """Let the order that is meant to change get one more of its first item."""
        for entry in self.store.entries.values():
            if entry.situation == CHANGES_LATER:
                entry.cart["items"][0]["qty"] += 1
                add_up(entry.cart, self.shop)
                self.announce(entry)

    def place(self, body: Mapping[str, Any]) -> Entry:
        """Place an order as given: a whole one under "order", or the short form.

        Raises:
            WishError: the short form names what the shop's files do not have.
        """
        situation = str(body.get("situation", "placed"))
        if "order" in body:
            return self.take(body["order"], situation=situation)
        if "lines" not in body:
            if situation not in SITUATIONS:
                raise WishError(f"no situation {situation!r}; there are: {', '.join(SITUATIONS)}")
            try:
                return self.take(SITUATIONS[situation](self.maker), situation=situation)
            except ImpossibleError as error:
                raise WishError(str(error)) from error
        return self.take(self.maker.build(self._wish(body)), situation=situation)

    def _wish(self, body: Mapping[str, Any]) -> Wish:
        customer = self._customer(body.get("customer"))
        fields = dict(body.get("fields", {}))
        if isinstance(address := body.get("delivery"), Mapping):
            street, city, zip_ = (str(address.get(name, "")) for name in ADDRESS_FIELDS)
            fields = delivery(customer, street=street, city=city, zip_=zip_) | fields
        lines = [self._line(line) for line in body["lines"]]
        return Wish(lines=lines, customer=customer, kind=str(body.get("kind", "ropis")), fields=fields)

    def _customer(self, wanted: Any) -> Customer:
        """Take a customer of the shop by number or e-mail, a new one by fields, or anybody."""
        if wanted is None:
            return self.maker.customer()
        if isinstance(wanted, Mapping):
            names = Customer.__dataclass_fields__
            return Customer(**{name: str(wanted.get(name, "")) for name in names})
        found = self.shop.customer(str(wanted))
        if found is None:
            raise WishError(f"the shop has no customer {wanted!r}")
        return found

    def _line(self, wanted: Mapping[str, Any]) -> Line:
        """Take a product of the shop by UPC or part number; what is given beside it is what Locally says."""
        number = str(wanted.get("product") or wanted.get("upc") or wanted.get("part_number") or "")
        product = self.shop.product(number)
        if product is None:
            if "price" not in wanted:
                raise WishError(f"the shop has no product {number!r}; a line of another one needs its price")
            product = Product(
                vpn="", upc="", description="", price=Decimal(wanted["price"]), brand="", vendor=""
            )
        return Line(
            product, qty=wanted.get("qty", 1), upc=wanted.get("upc"), part_number=wanted.get("part_number")
        )
