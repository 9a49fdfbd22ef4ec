"""Reads a list by the orders' IDs: what comes after the last one seen, where no list knows what has changed.

Every poll asks for what comes after the newest ID. Every so often the list is read again from the beginning
of a window: an order that changed is found there, and one that was written under a smaller ID than was seen.
Where rows only name orders, each that may still change (it is not fulfilled, cancelled or refunded) is asked
for then.

What the cursor holds of the window's orders is in `known.py`: only what is new or other is handed on. An ID
does not count as the newest before its order is a minute old: one with a smaller ID may not be there yet.
Pages are not counted: the next one begins after the last ID, and the list ends where nothing comes after it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from tillbridge.plugin import Connection, Retryable, Words
from tillbridge_generic_webstore.calling.heads import Head, RowReading, as_id
from tillbridge_generic_webstore.calling.known import Again, Fetch, KnownOrders, Seen, read, written
from tillbridge_generic_webstore.calling.paging import ListPage
from tillbridge_generic_webstore.calling.since import LATE, Chunk, Listed, clock_of, no_times
from tillbridge_generic_webstore.calling.templates import Template
from tillbridge_generic_webstore.settings import setting_values

_MOST: Final = 2_000
_TOLD: Final = frozenset({"cursor", "link", "next"})


@dataclass(frozen=True)
class Ids:
    """How a list is read by IDs.

    Attributes:
        again: how changes are found.
        first: after which ID the list begins.
        place: where a row has the ID that the list is asked by; None: it is the order's.
    """

    again: Again
    first: Template
    place: RowReading | None

    def place_of(self, head: Head) -> str | None:
        """Return the ID by which the list goes on after a row."""
        return head.order_id if self.place is None else as_id(self.place.of(head.content))


@dataclass(slots=True)
class _Known:
    """What earlier polls have read: the cursor.

    Attributes:
        after: after which ID there may be what nobody has seen.
        mark: after which ID the window begins.
        looked_at: when the window was read last.
        rows: its orders.
    """

    after: str
    mark: str
    looked_at: datetime
    rows: dict[str, Seen] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: str | None, connection: Connection, first: str) -> "_Known":
        """Read a cursor; one that cannot be read is no reason to miss an order."""
        now = connection.now()
        if cursor is None:
            return cls(first, first, now)
        try:
            said: Any = json.loads(cursor)
            rows = read(said["rows"])
            looked_at = datetime.fromisoformat(said["looked_at"]).astimezone(UTC)
            return cls(str(said["after"]), str(said["mark"]), looked_at, rows)
        except (ValueError, KeyError, TypeError, AttributeError):
            connection.log.warning("The cursor cannot be read; the list is read from the beginning.")
            return cls(first, first, now)

    def text(self) -> str:
        """Return the cursor; of more orders than it holds the window begins later.

        So does what nobody has seen: else what is not held would be new at every poll.
        """
        held, rows = list(self.rows.items()), dict(list(self.rows.items())[-_MOST:])
        mark, after = self.mark, self.after
        if len(held) > _MOST:
            mark = held[-_MOST - 1][1].place
            after = after if any(one.place == after for one in rows.values()) else mark
        looked_at = self.looked_at.isoformat()
        said = {"after": after, "mark": mark, "looked_at": looked_at, "rows": written(rows)}
        return json.dumps(said, separators=(",", ":"))


def by_ids(
    listed: Listed, connection: Connection, cursor: str | None, rule: Ids, fetch: Fetch | None
) -> Iterator[Chunk]:
    """Yield what is new, and what of the window has changed.

    Args:
        listed: the list.
        connection: whose webstore.
        cursor: what the poll before gave.
        rule: how it is read.
        fetch: where rows only name orders: what asks for them.

    Raises:
        Retryable: the list does not come by ascending IDs, or no row says when its order was placed.
    """
    first = rule.first.text(setting_values(connection.settings)) or ""
    walk = _Walk(listed, connection, rule, _Known.of(cursor, connection, first), fetch)
    at = walk.begins
    while True:
        begun = at
        for page in _pages(listed, connection, at):
            heads = listed.page(connection, page)
            at = walk.along(page, heads, at)
            yield Chunk(list(walk.changed(heads)), walk.cursor())
        if at == begun:  # nothing came, or what was asked from
            break
    yield Chunk([], walk.cursor(ended=True))


def page_after(listed: Listed, connection: Connection, after: str) -> ListPage:
    """Return the page of a list that begins after an ID."""
    return next(_pages(listed, connection, after))


def ascend(places: Sequence[str]) -> bool:
    """Say whether IDs ascend, as far as they are numbers; of others nobody knows their order."""
    if not all(one.isascii() and one.isdecimal() for one in places):
        return True
    return all(int(one) <= int(other) for one, other in pairwise(places))


def _pages(listed: Listed, connection: Connection, after: str) -> Iterator[ListPage]:
    if listed.pager.paging.by in _TOLD:
        return listed.pager.pages(connection, {"since": after})
    return iter([listed.pager.page(connection, {"since": after}, 0)])


class _Walk:
    """One poll of a list by its IDs.

    Attributes:
        begins: after which ID it asks first.
    """

    def __init__(
        self, listed: Listed, connection: Connection, rule: Ids, known: _Known, fetch: Fetch | None
    ) -> None:
        self._listed, self._connection, self._rule, self._known = listed, connection, rule, known
        self._now = self._clock = connection.now()
        self._looks = not timedelta() <= self._now - known.looked_at < rule.again.every
        self._orders = KnownOrders(connection, rule.again, self._looks, fetch, rule.place_of, known.rows)
        self._window = max(self._now - rule.again.back, connection.orders_from)
        self.begins = known.after = known.mark if self._looks else known.after
        self._is_old = known.after == known.mark  # as long as all that came lies before the window
        self._is_settled = True  # as long as all that came is old enough to count
        self._is_told = listed.pager.paging.by in _TOLD

    def along(self, page: ListPage, heads: Sequence[Head], at: str) -> str:
        """Return after which ID the list goes on behind a page that was asked for from one.

        Raises:
            Retryable: the IDs do not ascend, or no row says when its order was placed, or has an ID.
        """
        service = page.answer.response.service
        self._clock = clock_of(page.answer, self._connection)
        places = [place for head in heads if (place := self._rule.place_of(head)) is not None]
        if not ascend([at, *places] if at.isdecimal() else places):
            raise _not_ascending(service)
        if heads and self._listed.heads.has_time and all(head.at is None for head in heads):
            raise no_times(service)
        if not places and len(heads) >= self._listed.pager.size and not self._is_told:
            raise _no_ids(service)
        return places[-1] if places else at

    def changed(self, heads: Sequence[Head]) -> Iterator[Head]:
        """Yield the orders that are new or other than they were, and note what is seen."""
        for head, seen, now in self._orders.changed(heads):
            self._note(head, seen)
            if now is not None:
                yield now

    def cursor(self, *, ended: bool = False) -> str | None:
        """Return where the next poll may start once everything up to now is kept.

        None within a look: only its end says that the window was looked through.
        """
        if self._looks and not ended:
            return None
        return replace(self._known, looked_at=self._now if self._looks else self._known.looked_at).text()

    def _note(self, head: Head, seen: Seen | None) -> None:
        """Remember an order, and move on the two ends of what is to be read again."""
        at = self._orders.seconds(head) if seen is None else seen.at
        place = self._rule.place_of(head)
        self._is_old = self._is_old and at < self._window.timestamp()
        self._is_settled = self._is_settled and at <= (self._clock - LATE).timestamp()
        if place is not None and self._is_settled:
            self._known.after = place
            if self._is_old:
                self._known.mark = place
                self._known.rows.pop(head.order_id or "", None)
                return
        if seen is not None and head.order_id is not None:
            self._known.rows[head.order_id] = seen


def _no_ids(service: str) -> Retryable:
    return Retryable(
        Words(
            f"None of a whole page of orders that {service} listed has an ID where the profile looks for it, "
            "so the list cannot be read on. Correct order.id, names, group_by or since.at in the profile.",
            f"{service}에서 받은 한 페이지의 모든 주문에 프로필이 지정한 ID가 없어 목록을 계속 읽을 수 "
            "없습니다. 프로필의 order.id, names, group_by 또는 since.at을 고쳐 주세요.",
        )
    )


def _not_ascending(service: str) -> Retryable:
    return Retryable(
        Words(
            f"{service}'s list of orders does not go on by ascending IDs after the one that was asked from, "
            "which would hide some. It is read again; if this stays, let the profile's query name the "
            "webstore's own parameter, and ask for that order.",
            f"{service} 주문 목록이 요청한 ID 다음부터 오름차순으로 오지 않아 주문이 누락될 수 있습니다. "
            "다시 읽습니다. 계속되면 프로필의 query에 적은 매개변수 이름과 정렬을 고쳐 주세요.",
        )
    )
