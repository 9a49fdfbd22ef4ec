"""What the sandbox's Locally knows: its orders in the order of their last change, and what it was told."""

import random
import string
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tillbridge_locally.sandbox.money import Movement

_LETTERS = string.ascii_uppercase + string.digits
_TICK = timedelta(microseconds=1)


@dataclass(slots=True)
class Told:
    """One thing that a point of sale said about an item."""

    item: str
    verdict: str
    message: str
    key: str
    answer: int
    at: datetime


@dataclass(slots=True)
class Entry:
    """One order as Locally has it; the document may be damaged, the head never is.

    Attributes:
        taken: what it holds of the stores' shelves, by store and product (`shelf.py`).
        movements: what was done with the customer's money (`money.py`).
    """

    hash: str
    updated_at: datetime
    document: Any
    situation: str
    told: list[Told] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    taken: "Counter[tuple[str, str]]" = field(default_factory=Counter)
    movements: list["Movement"] = field(default_factory=list)

    @property
    def cart(self) -> dict[str, Any]:
        """The cart, or an empty one where the document is damaged beyond it."""
        cart = self.document.get("cart") if isinstance(self.document, dict) else None
        return cart if isinstance(cart, dict) else {}

    def items(self) -> Iterator[dict[str, Any]]:
        """Yield the items that can be named."""
        items = self.cart.get("items")
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and "id" in item:
                yield item


class Store:
    """Every order, and the clock that stamps changes: no two changes share a stamp unless asked for.

    Attributes:
        ahead: how far its clock is ahead of the computer's.
        whole_seconds: whether it stamps changes with the second only.
    """

    def __init__(self, seed: int, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self.ahead = timedelta()
        self.whole_seconds = False
        self.reset(seed)

    def reset(self, seed: int) -> None:
        """Forget everything, and make hashes anew from `seed`."""
        self.entries: dict[str, Entry] = {}
        self._random = random.Random(seed)  # noqa: S311  # repeatable hashes, no secrets
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Return this Locally's clock, UTC."""
        return self._now() + self.ahead

    def stamp(self) -> datetime:
        """Return a time of change that no other change has, but for whole seconds."""
        if self.whole_seconds:
            return self.now().replace(microsecond=0)
        self._last = max(self.now(), self._last + _TICK)
        return self._last

    def add(self, document: Any, *, situation: str, placed_at: datetime | None = None) -> Entry:
        """Take a new order; hash and times that its cart lacks are given to it."""
        cart = document.get("cart") if isinstance(document, dict) else None
        head = cart if isinstance(cart, dict) else {}
        updated_at = _moment(head.get("updated_at")) or placed_at or self.stamp()
        order_hash = head.get("hash") if isinstance(head.get("hash"), str) else None
        order_hash = order_hash or self.free_hash()
        head.setdefault("hash", order_hash)
        head.setdefault("ordered_at", text(placed_at or updated_at))
        head.setdefault("updated_at", text(updated_at))
        entry = Entry(hash=order_hash, updated_at=updated_at, document=document, situation=situation)
        self.entries[order_hash] = entry
        return entry

    def touch(self, entry: Entry, *, updated_at: datetime | None = None) -> None:
        """Stamp a change of an order."""
        entry.updated_at = updated_at or self.stamp()
        if entry.cart:
            entry.cart["updated_at"] = text(entry.updated_at)

    def after(self, moment: datetime, order_hash: str) -> list[Entry]:
        """Return the orders that changed after a place in the list, the oldest change first."""
        later = [one for one in self.entries.values() if (one.updated_at, one.hash) > (moment, order_hash)]
        return sorted(later, key=lambda one: (one.updated_at, one.hash))

    def free_hash(self) -> str:
        """Return a hash that no order has."""
        while True:
            order_hash = "".join(self._random.choices(_LETTERS, k=6))
            if order_hash not in self.entries:
                return order_hash


def text(moment: datetime) -> str:
    """Write a time as this Locally does: UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def word(value: Any) -> str:
    """Return a field's text; what is damaged has none."""
    return value if isinstance(value, str) else ""


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
