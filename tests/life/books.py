"""The day's own books: what every order must have come to, kept by hand while things are done to it.

Nothing here asks the engine or Locally anything.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, NamedTuple

GONE: Final = frozenset({"denied", "cancelled"})


class Money(NamedTuple):
    """What became of a shopper's money, in won."""

    held: int = 0
    charged: int = 0
    released: int = 0
    refunded: int = 0


@dataclass(slots=True, kw_only=True)
class Item:
    """One item of an order.

    Attributes:
        id: Locally's.
        product: the shop's product, once it is known; None before.
        at_locally: where it stands there.
        in_shop: where it stands with staff.
    """

    id: str
    upc: str
    qty: int
    price: int
    product: str | None = None
    at_locally: str = "ordered"
    in_shop: str = "undecided"

    @property
    def amount(self) -> int:
        """What it costs."""
        return self.qty * self.price

    @property
    def stands(self) -> bool:
        """Whether it is still bought."""
        return self.at_locally not in GONE


@dataclass(slots=True, kw_only=True)
class Book:
    """What an order has come to.

    Attributes:
        hash: its name at Locally.
        store: the shop's code of the store.
        paid: bought, and not reserved.
        cart: what Locally calls it; "" as long as that follows from its items.
        sale: "none", "open", "finished", "closed_empty".
        here: what was paid at the counter.
        raced: staff did not wait until Locally had heard of the step before: what a later one makes needless
            it may have heard or not, so that only the end is known.
        chance: what is drawn for it alone, whoever else is quicker.
        fate: what was to become of it, in the names of its script's steps.
        ended: how it ended, as Locally was told: a reservation, or a paid order that was picked up.
    """

    hash: str
    store: str
    paid: bool
    items: Sequence[Item]
    status: str | None = None
    decision: str | None = None
    sale: str = "none"
    cart: str = ""
    here: int = 0
    raced: bool = False
    ended: str | None = None
    money: Money = field(default_factory=Money)
    fate: str = ""
    chance: Random = field(default_factory=Random, repr=False)

    def __post_init__(self) -> None:
        if self.paid:
            self.money = Money(held=self.total)

    @property
    def total(self) -> int:
        """What is still bought costs."""
        return sum(item.amount for item in self.standing)

    @property
    def standing(self) -> list[Item]:
        """The items that are still bought."""
        return [item for item in self.items if item.stands]

    @property
    def in_sale(self) -> Counter[str]:
        """What the order's sale holds: pieces by product."""
        held: Counter[str] = Counter()
        if self.sale in ("open", "finished"):
            for item in self.standing:
                held[item.product or "unknown"] += item.qty
        return held

    @property
    def waiting(self) -> Counter[str]:
        """What is spoken for without a sale: pieces by product."""
        spoken: Counter[str] = Counter()
        if self.sale == "none" and self.status in ("Customer ID Required", "Product Match Failed"):
            for item in self.standing:
                if item.product:
                    spoken[item.product] += item.qty
        return spoken

    @property
    def cart_status(self) -> str:
        """What Locally calls the order."""
        if self.cart:
            return self.cart
        states = {item.at_locally for item in self.items} - {"cancelled"}
        if states == {"denied"}:
            return "denied"
        if states == {"ordered"}:
            return "ordered"
        if states - {"denied"} == {"ready"}:
            return "ready"
        return "confirmed" if states <= {"confirmed", "ready"} else "partially_confirmed"

    # What the shopper does

    def edit(self, item: Item, qty: int) -> None:
        """The shopper wants more of an item, or less; 0: not at all."""
        before = item.amount
        item.qty, item.at_locally = (qty, "ordered") if qty else (item.qty, "cancelled")
        if self.paid:
            more = (item.amount if qty else 0) - before
            held, released = self.money.held + more, self.money.released + max(0, -more)
            self.money = self.money._replace(held=held, released=released)

    def call_off(self) -> None:
        """The shopper cancels the order: what was held is released, what was charged comes back."""
        for item in self.standing:
            self._no_money(item)
        self.cart = "cancelled"

    # What staff decide, and Locally hears

    def accept(self) -> None:
        """What stands is accepted; of a paid order it is charged."""
        self.decision = "accepted"
        for item in self.standing:
            if self.paid:
                left = self.money.held - item.amount
                self.money = self.money._replace(held=left, charged=self.money.charged + item.amount)
            item.at_locally, item.in_shop = "confirmed", "accepted"

    def deny(self, items: Iterable[Item]) -> None:
        """Items are rejected: what was held for them is released, what was charged comes back."""
        for item in list(items):
            self._no_money(item)
            item.at_locally, item.in_shop = "denied", "rejected"

    def ready(self, items: Iterable[Item]) -> None:
        """Items are ready to be picked up."""
        for item in items:
            item.at_locally, item.in_shop = "ready", "ready"

    def reject(self, status: str, sale: str) -> None:
        """The whole order is rejected."""
        self.decision = "rejected"
        self.deny(self.standing)
        self.status, self.sale = status, sale

    def hand_over(self) -> None:
        """The goods are handed over; a reservation is paid for here."""
        self.status, self.sale = "Completed", "finished"
        self.here = 0 if self.paid else self.total
        for item in self.standing:
            item.in_shop = "handed over"
        self.end("picked_up")

    def end(self, resolution: str) -> None:
        """A reservation has ended, or a paid order was picked up; Locally hears how."""
        self.ended = resolution
        if self.cart_status != "denied" and self.cart != "cancelled":
            self.cart = "picked_up" if resolution == "picked_up" else "not_picked_up"

    def _no_money(self, item: Item) -> None:
        if not self.paid:
            return
        if item.at_locally == "ordered":
            less, released = self.money.held - item.amount, self.money.released + item.amount
            self.money = self.money._replace(held=less, released=released)
        else:
            self.money = self.money._replace(refunded=self.money.refunded + item.amount)
