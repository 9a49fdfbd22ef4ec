"""Orders of a list whose rows are their lines: the rows of one order are put together.

An order is then its first row, with all of its rows under `rows`. Where the list shows whole orders, their
rows stand together, and it is read on to the last row of each: a page's edge may run through an order. Rows
of an order that has ended already, or whose times differ, show that the list has only some of an order's
rows; that is an error, for half an order would be sold. Orders are handed on once the list was read to its
end (`lister.py`).

A list may move while it is read. Rows of the page before that come again do not count; where pages are
counted, the page before is read once more, so that none moved up over its edge. Where they are not, a page
that begins with rows of an order as the page before ended is an error: two items may be alike.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from tillbridge.plugin import Retryable, Words
from tillbridge_generic_webstore.calling.heads import RowReading, as_id
from tillbridge_generic_webstore.calling.paging import ListPage

ROWS: Final = "rows"
_OBJECT: Final = dict[str, msgspec.Raw]
_LONGEST_SHOWN: Final = 40


@dataclass(frozen=True)
class Grouping:
    """Which rows are one order.

    Attributes:
        key: what the rows of an order have in common: its ID.
        at: by what the list is asked, which is then the order's own; None where nothing of the kind is known.
    """

    key: RowReading
    at: RowReading | None = None

    def read_on(
        self, pages: Iterator[ListPage], once_more: Callable[[int], ListPage] | None = None
    ) -> Iterator[ListPage]:
        """Turn pages of rows into pages of whole orders; one that a page's edge cuts comes with the next.

        Args:
            pages: the list.
            once_more: reads one of its pages again, 0 being the first; None where they are not counted.

        Raises:
            Retryable: the rows of an order do not stand together, or have several times; or the list moves.
        """
        groups = _Groups(self, once_more)
        page = None
        is_empty = True
        for page in pages:
            whole = groups.take(page)
            if whole:
                is_empty = False
                yield ListPage(page.answer, whole)
        if page is not None:
            last = groups.close(page)
            if last or is_empty:
                yield ListPage(page.answer, last)

    def all_of(self, rows: Sequence[bytes]) -> list[bytes]:
        """Return the orders of rows that are all there are, wherever the rows of each stand."""
        own: dict[str | None, list[bytes]] = {}
        for row in rows:
            own.setdefault(as_id(self.key.of(row)), []).append(row)
        return [together(one) for one in own.values()]

    def is_whole(self, content: bytes) -> bool:
        """Say whether something is an order that was put together."""
        try:
            held: dict[str, Any] = msgspec.json.decode(content, type=_OBJECT)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        return ROWS in held and as_id(self.key.of(content)) is not None

    def of_order(self, rows: Sequence[bytes], order_id: str) -> bytes | None:
        """Return an order of the rows that are its own; None where none is."""
        own = [row for row in rows if as_id(self.key.of(row)) == order_id]
        return together(own) if own else None


@dataclass(slots=True)
class _Groups:
    """The orders of a list, while it is read."""

    grouping: Grouping
    once_more: Callable[[int], ListPage] | None = None
    read: int = 0
    order_id: str | None = None
    rows: list[bytes] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    before: Sequence[bytes] = ()

    def take(self, page: ListPage) -> list[bytes]:
        """Return the orders that end within a page's rows; rows of the page before do not count again."""
        found: list[bytes] = []
        for row in page.rows[self._again(page) :]:
            order_id = as_id(self.grouping.key.of(row))
            if order_id is None or order_id != self.order_id:
                found += self.close(page)
            if order_id in self.ended:
                raise _apart(page, order_id)
            self.order_id = order_id
            self.rows.append(row)
        self.before = page.rows
        self.read += 1
        return found

    def _again(self, page: ListPage) -> int:
        """Return how many of a page's rows are of the page before: the list has moved down by so many."""
        rows, before = page.rows, self.before
        sizes = range(min(len(rows), len(before)), 0, -1)
        again = next((size for size in sizes if rows[:size] == before[-size:]), 0)
        ids = {as_id(self.grouping.key.of(row)) for row in rows[:again]}
        if again and ids != {self.order_id}:
            return again
        if self.once_more is not None:
            if before and self.once_more(self.read - 1).rows[-1:] != before[-1:]:
                raise _moved(page)
        elif again and self.order_id is not None:
            raise _alike(page, self.order_id)
        return 0

    def close(self, page: ListPage) -> list[bytes]:
        """End the order whose rows have come; return it, if there is one."""
        if not self.rows:
            return []
        rows, self.rows = self.rows, []
        if self.order_id is not None:
            self.ended.add(self.order_id)
        at = self.grouping.at
        if at is not None and len({repr(at.of(row)) for row in rows}) > 1:
            raise _several_times(page, self.order_id)
        return [together(rows)]


def together(rows: Sequence[bytes]) -> bytes:
    """Return an order as JSON: what its first row has, and all of its rows, byte for byte, under `rows`."""
    try:
        first: dict[str, Any] = msgspec.json.decode(rows[0], type=_OBJECT)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        first = {}  # what is damaged is kept and shown
    return msgspec.json.encode({**first, ROWS: [msgspec.Raw(row) for row in rows]})


def _apart(page: ListPage, order_id: str | None) -> Retryable:
    service, shown = page.answer.response.service, (order_id or "")[:_LONGEST_SHOWN]
    return Retryable(
        Words(
            f"The rows of order {shown} do not stand together in {service}'s list, so that nobody knows when "
            "an order is whole. The list is read again; if this stays, let the profile's query sort it by "
            "order, or say one and since.from so that each order is asked for.",
            f"{service} 목록에서 주문 {shown}의 행이 서로 떨어져 있어 주문이 모두 왔는지 알 수 없습니다. "
            "목록을 다시 읽습니다. 계속되면 프로필의 query에서 주문별로 정렬하거나, 주문마다 조회하도록 "
            "one과 since.from을 적어 주세요.",
        )
    )


def _alike(page: ListPage, order_id: str) -> Retryable:
    service, shown = page.answer.response.service, order_id[:_LONGEST_SHOWN]
    return Retryable(
        Words(
            f"A page of {service}'s list begins with rows of order {shown} as the page before ended, so that "
            "nobody knows whether they are other items or the same. The list is read again; if this stays, "
            "ask for another size of pages, or say one and since.from so that each order is asked for.",
            f"{service} 목록의 한 페이지가 이전 페이지 끝과 똑같은 주문 {shown}의 행으로 시작합니다. "
            "다른 항목인지 같은 행이 다시 온 것인지 알 수 없습니다. 목록을 다시 읽습니다. 계속되면 페이지 "
            "크기를 바꾸거나, 주문마다 조회하도록 one과 since.from을 적어 주세요.",
        )
    )


def _moved(page: ListPage) -> Retryable:
    service = page.answer.response.service
    return Retryable(
        Words(
            f"{service}'s list of orders has moved while it was read, so that rows of an order may be "
            "missing. It is read again.",
            f"{service} 주문 목록이 읽는 동안 바뀌어 주문의 일부 행이 빠졌을 수 있습니다. 다시 읽습니다.",
        )
    )


def _several_times(page: ListPage, order_id: str | None) -> Retryable:
    service, shown = page.answer.response.service, (order_id or "")[:_LONGEST_SHOWN]
    return Retryable(
        Words(
            f"The rows of order {shown} have several times in {service}'s list, which is asked by them: it "
            "may show only some of an order's rows. Say since.from and one so that each order is asked for.",
            f"{service} 목록에서 주문 {shown}의 행마다 시각이 다릅니다. 이 시각으로 조회하므로 주문의 일부 "
            "행만 올 수 있습니다. 주문마다 조회하도록 since.from과 one을 적어 주세요.",
        )
    )
