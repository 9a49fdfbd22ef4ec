"""Reads a list that shows the newest first and knows no filter: down to what is known.

Every poll reads from the top until a page holds an order that is known; every so often it looks through all
of the window, for orders that changed since. What is known stands in the cursor: of each order within the
window a check sum of its row, so that only what is new or changed is fetched whole. Such a list shifts while
it is read: an order placed meanwhile was on no page, is not known, and comes with the next poll.

The cursor is given with the last page only. What was placed before its `covered` has been read by earlier
polls, or is not wanted.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tillbridge.plugin import Connection
from tillbridge_generic_webstore.calling.ending import NoCursorError
from tillbridge_generic_webstore.calling.heads import Head
from tillbridge_generic_webstore.calling.known import Fetch, IsOver, total
from tillbridge_generic_webstore.calling.since import Chunk, Listed, in_order, out_of_order, times

_MOST: Final = 5_000
_OVER: Final = "!"


@dataclass(frozen=True, slots=True)
class Window:
    """How far back changes are looked for, and how often.

    Attributes:
        back: from now.
        every: how long such a look is enough.
    """

    back: timedelta
    every: timedelta


@dataclass(slots=True)
class _Known:
    """What earlier polls have read: the cursor."""

    covered: datetime
    looked_at: datetime | None = None
    rows: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: str | None, connection: Connection) -> "_Known":
        """Read a cursor; one that cannot be read is no reason to miss an order."""
        if cursor is None:
            return cls(covered=connection.orders_from)
        try:
            said: Any = json.loads(cursor)
            rows = {str(key): str(value) for key, value in said["rows"].items()}
            covered, looked_at = (datetime.fromisoformat(said[name]) for name in ("covered", "looked_at"))
            return cls(covered.astimezone(UTC), looked_at.astimezone(UTC), rows)
        except (ValueError, KeyError, TypeError, AttributeError):
            connection.log.warning("The cursor cannot be read; the list is read from the beginning.")
            return cls(covered=connection.orders_from)

    def text(self) -> str:
        """Return the cursor."""
        assert self.looked_at is not None
        held = dict(list(self.rows.items())[:_MOST])
        said = {
            "covered": self.covered.isoformat(),
            "looked_at": self.looked_at.isoformat(),
            "rows": held,
        }
        return json.dumps(said, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Named:
    """How orders are asked for that rows only name.

    Attributes:
        fetch: asks for them.
        is_over: whether an order can change no more; one that is over is not asked for again.
    """

    fetch: Fetch
    is_over: IsOver


def newest_first(
    listed: Listed, connection: Connection, cursor: str | None, window: Window, named: Named | None = None
) -> Iterator[Chunk]:
    """Yield what is new or changed, the newest first; where rows only name orders, these whole."""
    known = _Known.of(cursor, connection)
    now = connection.now()
    looks = known.looked_at is None or now - known.looked_at >= window.every or known.looked_at > now
    seen: dict[str, str] = {}
    held: Chunk | None = None
    try:
        for page in listed.pages(connection, {}):
            if held is not None:
                yield held
            heads = listed.page(connection, page)
            if not in_order(heads, newest_first=True):
                yield Chunk(heads, None)
                raise out_of_order(page.answer.response.service)
            fresh = _changed(heads, known, seen) if named is None else []
            if named is not None:
                fresh = _changed_of_named(connection, named, heads, (known, seen), looks=looks)
            held = Chunk(fresh, None)
            if _is_enough(heads, known, looks=looks):
                break
    except NoCursorError:
        if held is not None:
            yield held
        raise
    if held is not None:
        yield Chunk(held.heads, _after(known, seen, now, window if looks else None))


def _changed(heads: list[Head], known: _Known, seen: dict[str, str]) -> list[Head]:
    """Return the rows that are new or other than they were, and note what is seen."""
    found = []
    for head in heads:
        if head.order_id is None:
            found.append(head)
            continue
        now = total(head)
        before = seen.get(head.order_id) or known.rows.get(head.order_id)
        is_older = head.at is not None and head.at < known.covered
        if before is None and is_older:
            continue
        seen[head.order_id] = now
        if now != before:
            found.append(head)
    return found


def _changed_of_named(
    connection: Connection,
    named: Named,
    heads: list[Head],
    rows: tuple[_Known, dict[str, str]],
    *,
    looks: bool,
) -> list[Head]:
    """Return the orders that rows name and that are new or other than they were.

    What is noted of each is its row's check sum, its own, and a mark once it is over.
    """
    known, seen = rows
    before = {head.order_id: known.rows.get(head.order_id) for head in heads if head.order_id is not None}
    older = {head.order_id for head in heads if head.at is not None and head.at < known.covered}
    wanted = [
        head
        for head in heads
        if head.order_id is not None
        and head.order_id not in seen
        and not (before[head.order_id] is None and head.order_id in older)
        and _may_differ(total(head), before[head.order_id], looks=looks)
    ]
    ids = list(dict.fromkeys(head.order_id for head in wanted if head.order_id is not None))
    whole = named.fetch(connection, ids) if ids else {}
    found = [head for head in heads if head.order_id is None]
    for head in wanted:
        order_id = head.order_id or ""
        now = whole.get(order_id, head)  # one that is refused is kept as its row: it is shown that it is
        # What is missing now may be there again, and have been cancelled meanwhile.
        over = _OVER if order_id in whole and named.is_over(connection, now.content) else ""
        note, noted = f"{total(head)}:{total(now)}", seen.get(order_id) or before[order_id] or ""
        seen[order_id] = note + over
        if noted.removesuffix(_OVER).rpartition(":")[2] != total(now) and not (
            noted and order_id not in whole
        ):
            found.append(now)
    for order_id, kept in before.items():
        if kept is not None:
            seen.setdefault(order_id, kept)
    return found


def _may_differ(row: str, before: str | None, *, looks: bool) -> bool:
    if before is None or before.partition(":")[0] != row:
        return True
    return looks and not before.endswith(_OVER)


def _is_enough(heads: list[Head], known: _Known, *, looks: bool) -> bool:
    if any(at < known.covered for at in times(heads)):
        return True
    return not looks and any(head.order_id in known.rows for head in heads)


def _after(known: _Known, seen: dict[str, str], now: datetime, window: Window | None) -> str:
    """Return the cursor after the last page."""
    if window is None:
        return _Known(known.covered, known.looked_at, {**seen, **_without(known.rows, seen)}).text()
    return _Known(max(known.covered, now - window.back), now, seen).text()


def _without(rows: dict[str, str], seen: dict[str, str]) -> dict[str, str]:
    return {order_id: total for order_id, total in rows.items() if order_id not in seen}
