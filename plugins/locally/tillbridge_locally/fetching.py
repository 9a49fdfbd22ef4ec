"""Brings orders in, page by page, and says where the next poll may start.

Locally's list is ordered by (updated_at, hash), both of its own making; we ask for what stands after a
position. Three things may stand behind a position already passed, and a lost order is worse than one
that comes twice:

- orders of the same moment: the hash is part of the position, so a page may end between two of them;
- an order that appears late, stamped before a neighbour that was visible sooner: the cursor stays
  `overlap_seconds` behind the clock;
- every order at all, once a stamp from the future has pulled the cursor ahead: the cursor never passes
  the clock, and of Locally's clock and ours the slower one counts, so that a clock of theirs that ran
  ahead and is set right again loses nothing either.

So the cursor is the smaller of two places: the last entry seen, and the clock less the overlap. It is
never made of the clock alone: a page without orders keeps the old one. Within one poll the last entry
counts, so that a poll always gets on; an entry that comes again at its own place does no harm. A poll that
has passed the moment at which it began ends at a page of orders that it has seen since: they change faster
than they are read, and the next poll has them.

A kept cursor that lies ahead of our clock (both clocks were wrong when it was made) would hide all that
comes until then: it is taken for the clock's.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from tillbridge.plugin import Connection, HttpRejected, OrderPage, RawOrder, Rejected, Retryable, Words
from tillbridge_locally.mapping import PART
from tillbridge_locally.settings import settings_of
from tillbridge_locally.transport import ListEntry, Position, Transport

_HASH: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_GONE: Final = frozenset({404, 410})


def fetch_pages(connection: Connection, cursor: str | None) -> Iterator[OrderPage]:
    """Yield Locally's new and changed orders after `cursor`, the oldest change first."""
    transport = Transport(connection)
    position = _start(connection, cursor)
    late = _Late()
    while True:
        page = transport.list_after(position)
        places = [entry.place for entry in page.entries if entry.place is not None]
        in_order = all(one <= next_one for one, next_one in pairwise([position, *places]))
        known = places[-1] if places and in_order else None
        yield OrderPage(
            orders=[_raw(entry) for entry in page.entries],
            cursor=_kept(known, page.server_time, connection) if known else None,
        )
        if not in_order:
            raise _out_of_order()
        if not page.more or late.only_repeats(places, page.server_time):
            return
        if known is None or known == position:
            raise _stands_still()
        position = known


class _Late:
    """The orders that changed since a poll began, so that it need not run after them for ever."""

    def __init__(self) -> None:
        self._began: datetime | None = None
        self._seen: set[str] = set()

    def only_repeats(self, places: Sequence[Position], server_time: datetime) -> bool:
        """Say whether a page holds nothing but changes since the poll began, of orders seen since."""
        self._began = self._began or server_time
        late = [place.hash for place in places if place.updated_at > self._began]
        repeats = bool(places) and len(late) == len(places) and self._seen.issuperset(late)
        self._seen.update(late)
        return repeats


def is_hash(text: str) -> bool:
    """Say whether this can be an order's hash: nothing in it leads to another address."""
    return _HASH.fullmatch(text) is not None


def fetch_one(connection: Connection, order_id: str) -> RawOrder:
    """Return one order as it is now.

    Raises:
        Rejected: Locally has no such order, or this can be no order's hash.
    """
    if not is_hash(order_id):
        raise Rejected(
            Words(
                en=f'"{order_id[:40]}" cannot be an order at Locally.',
                ko=f'"{order_id[:40]}"은(는) 로컬리 주문 ID일 수 없습니다.',
            )
        )
    try:
        content = Transport(connection).cart(order_id)
    except HttpRejected as error:
        if error.status not in _GONE:
            raise
        raise Rejected(
            Words(en=f"Locally has no order {order_id}.", ko=f"로컬리에 {order_id} 주문이 없습니다.")
        ) from error
    return RawOrder(order_id=order_id, parts={PART: content})


def _raw(entry: ListEntry) -> RawOrder:
    return RawOrder(order_id=entry.place.hash if entry.place else None, parts={PART: entry.content})


def _start(connection: Connection, cursor: str | None) -> Position:
    """Return where to begin; a cursor that cannot be read is no reason to miss an order."""
    if cursor is not None:
        moment, _, order_hash = cursor.partition(" ")
        try:
            updated_at = datetime.fromisoformat(moment)
        except ValueError:
            updated_at = None
        if updated_at is not None and updated_at.tzinfo is not None:
            return min(Position(updated_at, order_hash), _behind(connection.now(), connection))
        connection.log.warning("The cursor %r cannot be read; the list is read from the beginning.", cursor)
    return Position(connection.orders_from, "")


def _kept(last: Position, server_time: datetime, connection: Connection) -> str:
    place = min(last, _behind(min(server_time, connection.now()), connection))
    return f"{place.updated_at.isoformat()} {place.hash}"


def _behind(clock: datetime, connection: Connection) -> Position:
    """Return the place that lies the overlap behind a clock."""
    return Position(clock - timedelta(seconds=settings_of(connection).overlap_seconds), "")


def _out_of_order() -> Retryable:
    return Retryable(
        Words(
            en="Locally's list of orders is out of order, which could hide some. It is read again.",
            ko="로컬리 주문 목록의 순서가 어긋나 있어 누락을 막기 위해 처음부터 다시 읽습니다.",
        )
    )


def _stands_still() -> Retryable:
    return Retryable(
        Words(
            en="Locally's list of orders stands still: it has more, but shows none. It is read again.",
            ko="로컬리 주문 목록이 더 있다고 하지만 주문이 보이지 않습니다. 다시 읽습니다.",
        )
    )
