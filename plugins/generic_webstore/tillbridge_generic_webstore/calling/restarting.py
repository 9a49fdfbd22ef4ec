"""Reads a list that is sorted by its time of change, and begins anew at the newest time seen.

Paging on in such a list loses orders: one that changes while it is read moves to the end, and what stood
behind it moves up, over the edge of a page that was read. Asking again from the newest time seen loses none.
Only where more than a whole page shares one moment is it paged inside of that; each page is then held against
the one before, read once more, so that nothing moved over their edge.

A poll that has passed the moment at which it began ends at a page of orders that it has seen since: they
change faster than they are read, and the next poll has them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from tillbridge.plugin import Connection, Retryable, Words
from tillbridge_generic_webstore.calling.heads import Head
from tillbridge_generic_webstore.calling.paging import ListPage
from tillbridge_generic_webstore.calling.since import (
    Chunk,
    Listed,
    clock_of,
    in_order,
    kept,
    newest_of,
    no_times,
    out_of_order,
    start,
)

_SHIFTS: Final = 20


def restarting(listed: Listed, connection: Connection, cursor: str | None) -> Iterator[Chunk]:
    """Yield what changed since the cursor, the oldest change first."""
    begun = start(connection, cursor)
    walk = _Walk(listed, connection, begun)
    late = _Late()
    while True:
        page = walk.read()
        heads = listed.page(connection, page)
        clock = clock_of(page.answer, connection)
        newest = newest_of(heads)
        if not in_order(heads):
            yield Chunk(walk.fresh(heads), None)
            raise out_of_order(page.answer.response.service)
        if walk.has_shifted():
            yield Chunk(walk.fresh(heads), None)
            walk.begin_again(page)
            continue
        yield Chunk(walk.fresh(heads), None if newest is None else kept(newest, clock, begun))
        if len(page.rows) < listed.pager.size or late.only_repeats(heads, clock):
            return
        if newest is None:
            raise no_times(page.answer.response.service)
        if not walk.go_on(page, newest):
            return


class _Walk:
    """Where in the list a poll is."""

    def __init__(self, listed: Listed, connection: Connection, begun: datetime) -> None:
        self._listed = listed
        self._connection = connection
        self._at = begun
        self._number = 0  # of the page within what is asked from `_at`
        self._before: list[bytes] | None = None
        self._seen: dict[bytes, datetime | None] = {}
        self._shifts = 0

    def read(self) -> ListPage:
        """Return the page that comes now."""
        return self._page(self._number)

    def go_on(self, page: ListPage, newest: datetime) -> bool:
        """Step on after a full page; return whether there is anything to step to."""
        if newest > self._at:
            self._at, self._number, self._before = newest, 0, None
            return True
        if page.rows == self._before:
            return False  # the last page once more
        self._number, self._before = self._number + 1, page.rows
        return True

    def has_shifted(self) -> bool:
        """Say whether the page before this one is not what it was: something may have moved over its edge."""
        return self._number > 0 and self._page(self._number - 1).rows != self._before

    def begin_again(self, page: ListPage) -> None:
        """Read what lies within one moment from its first page again.

        Raises:
            Retryable: it changes faster than it can be read.
        """
        self._shifts += 1
        if self._shifts > _SHIFTS:
            raise _too_fast(page.answer.response.service)
        self._number, self._before = 0, None

    def fresh(self, heads: list[Head]) -> list[Head]:
        """Leave out rows that this poll has seen as they are."""
        found = [head for head in heads if head.content not in self._seen]
        overlap = self._at - self._listed.since.overlap - timedelta(seconds=1)
        self._seen = {
            content: at for content, at in self._seen.items() if at is None or at >= overlap or self._number
        }
        self._seen.update((head.content, head.at) for head in found)
        return found

    def _page(self, number: int) -> ListPage:
        values = self._listed.since.values(self._connection, self._at)
        return self._listed.pager.page(self._connection, values, number)


class _Late:
    """The orders that changed since a poll began, so that it need not run after them for ever."""

    def __init__(self) -> None:
        self._began: datetime | None = None
        self._seen: set[str] = set()

    def only_repeats(self, heads: list[Head], clock: datetime) -> bool:
        """Say whether a page holds nothing but changes since the poll began, of orders seen since."""
        self._began = self._began or clock
        began = self._began
        late = [head.order_id for head in heads if head.order_id and head.at is not None and head.at > began]
        repeats = bool(heads) and len(late) == len(heads) and self._seen.issuperset(late)
        self._seen.update(late)
        return repeats


def _too_fast(service: str) -> Retryable:
    return Retryable(
        Words(
            f"More orders changed at {service} in one moment than fit a page, and they go on changing. "
            "They are read again later.",
            f"{service}에서 같은 시각에 한 페이지보다 많은 주문이 계속 바뀌고 있습니다. 나중에 다시 "
            "읽습니다.",
        )
    )
