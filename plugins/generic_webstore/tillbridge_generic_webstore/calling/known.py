"""The orders that earlier polls have read: of a list that is read again only what has changed is handed on.

Of each order the cursor holds a check sum, when it was placed, and whether it is over (fulfilled, cancelled
or refunded). Where rows only name orders, each that is not over is asked for when the list is looked through.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tillbridge.plugin import Connection
from tillbridge_generic_webstore.calling.heads import Head

Fetch = Callable[[Connection, Sequence[str]], Mapping[str, Head]]
"""Returns whole orders by their IDs; what is refused, or is no more, is not among them."""


IsOver = Callable[[Connection, bytes], bool]
"""Says whether an order can change no more, of its bytes."""


@dataclass(frozen=True)
class Again:
    """How changes are found that no list knows: it is read again.

    Attributes:
        back: how far back, from now.
        every: how long such a look is enough.
        is_over: whether an order can change no more, of its bytes.
    """

    back: timedelta
    every: timedelta
    is_over: IsOver


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of an order.

    Attributes:
        total: its check sum.
        at: when it was placed, or seen first, in seconds since 1970.
        is_over: whether it is not asked for again.
        place: the ID by which its list goes on behind it; "" where that is no matter.
        row: the check sum of the row that named it; "" where rows are whole orders.
    """

    total: str
    at: int
    is_over: bool = False
    place: str = ""
    row: str = ""


@dataclass
class KnownOrders:
    """What is known of the orders of a window, and how a poll adds to it.

    Attributes:
        connection: whose.
        again: how they are looked after.
        looks: whether this poll looks through the window.
        fetch: where rows only name orders: what asks for them.
        place_of: the place of a row; None where that is no matter.
        rows: by the orders' IDs.
    """

    connection: Connection
    again: Again
    looks: bool
    fetch: Fetch | None
    place_of: Callable[[Head], str | None] | None = None
    rows: dict[str, Seen] = field(default_factory=dict)

    def changed(self, heads: Sequence[Head]) -> Iterator[tuple[Head, Seen | None, Head | None]]:
        """Yield each row with what is to be known of its order, and the order if it is new or has changed.

        What is to be known is None of a row that names no order.
        """
        asked = {} if self.fetch is None else self._asked(heads)
        for head in heads:
            yield (head, *self._seen(head, asked))

    def _asked(self, heads: Sequence[Head]) -> dict[str, Head | None]:
        """Return the orders that rows name and that must be asked for; None for what was refused."""
        assert self.fetch is not None
        wanted = list(dict.fromkeys(filter(None, map(self._wanted, heads))))
        found = self.fetch(self.connection, wanted) if wanted else {}
        return {one: found.get(one) for one in wanted}

    def _wanted(self, head: Head) -> str | None:
        """Return the order that a row names where it must be asked for: what is new, or may have changed."""
        known = self.rows.get(head.order_id or "")
        if known is None or known.row != total(head) or (self.looks and not known.is_over):
            return head.order_id
        return None

    def _seen(self, head: Head, asked: Mapping[str, Head | None]) -> tuple[Seen | None, Head | None]:
        if head.order_id is None:
            return None, head
        known = self.rows.get(head.order_id)
        if self.fetch is not None and head.order_id not in asked and known is not None:
            return known, None
        now = head if self.fetch is None else asked.get(head.order_id)
        seen = self._of(head, now, known)
        is_earlier = known is None and seen.at < self.connection.orders_from.timestamp()
        if is_earlier or (known is not None and known.total == seen.total):
            return seen, None
        return (
            seen,
            now or head,
        )  # one that is refused is kept as its row: it is shown that it could not be read

    def _of(self, head: Head, now: Head | None, known: Seen | None) -> Seen:
        """Return what is to be known of an order; `now` is None where it was refused."""
        place = (self.place_of(head) if self.place_of else None) or ""
        if self.fetch is None:
            return Seen(total(head), self.seconds(head, known), place=place)
        if now is None:
            before = total(head) if known is None else known.total
            # Not over: what is missing now may be there again, and have been cancelled meanwhile.
            return Seen(before, self.seconds(None, known), place=place, row=total(head))
        is_over = self.again.is_over(self.connection, now.content)
        return Seen(total(now), self.seconds(now, known), is_over, place, total(head))

    def seconds(self, head: Head | None, known: Seen | None = None) -> int:
        """Return an order's time: its own, or when it was seen first."""
        if head is not None and head.at is not None:
            return int(head.at.timestamp())
        return int(self.connection.now().timestamp()) if known is None else known.at


def total(head: Head) -> str:
    """Return a row's check sum."""
    return f"{zlib.crc32(head.content):08x}"


def written(rows: Mapping[str, Seen]) -> dict[str, Any]:
    """Return orders as a cursor holds them."""
    return {key: [one.total, one.at, int(one.is_over), one.place, one.row] for key, one in rows.items()}


def read(said: Any) -> dict[str, Seen]:
    """Read orders out of a cursor.

    Raises:
        ValueError, TypeError, AttributeError: they are none.
    """
    return {
        str(key): Seen(str(total), int(at), bool(over), str(place), str(row))
        for key, (total, at, over, place, row) in said.items()
    }
