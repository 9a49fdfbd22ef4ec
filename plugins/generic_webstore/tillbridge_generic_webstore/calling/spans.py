"""Reads a list by spans of time, where the list knows when something happened and its rows do not say it.

The cursor is the clock: what a webstore was asked for up to a moment need not be asked for again. A span is
no longer than the webstore takes at a time; each is read in every pass (a list that can be asked by the day
of payment, of dispatch, of cancellation is asked by each of them), and the cursor moves once a span is read
in all of them. Where a list goes on no deeper than so many rows, a span that has more is read in halves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tillbridge.plugin import Connection, Retryable, Words
from tillbridge_generic_webstore.calling.heads import Head
from tillbridge_generic_webstore.calling.paging import TooDeepError
from tillbridge_generic_webstore.calling.since import Chunk, Listed, clock_of, kept, start

_SHORTEST: Final = timedelta(seconds=2)


@dataclass(frozen=True)
class Spans:
    """How a list is read by spans.

    Attributes:
        most: how much a call may ask for; None: as much as there is.
        passes: the values of placeholders with which each span is read, once each.
    """

    most: timedelta | None = None
    passes: Sequence[Mapping[str, str]] = ({},)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One reading of a span.

    Attributes:
        since: its beginning.
        until: its end.
        values: what the pass puts into the request.
    """

    since: datetime
    until: datetime
    values: Mapping[str, str]


def by_spans(listed: Listed, connection: Connection, cursor: str | None, spans: Spans) -> Iterator[Chunk]:
    """Yield what happened since the cursor."""
    begun = start(connection, cursor)
    at, now = begun, connection.now()
    while True:
        until = now if spans.most is None else min(at + spans.most, now)
        reader = _Reader(listed, connection)
        for values in spans.passes:
            for heads in reader.read(_Asked(at, until, values)):
                yield Chunk(heads, None)
        yield Chunk([], kept(until, reader.clock or now, begun))
        if until >= now:
            return
        at = until


class _Reader:
    """Reads one span, in all its passes; a row that came in an earlier pass as it is comes once."""

    def __init__(self, listed: Listed, connection: Connection) -> None:
        self._listed = listed
        self._connection = connection
        self._seen: set[bytes] = set()
        self.clock: datetime | None = None
        """The time at the first answer, of the webstore's clock and ours the slower one."""

    def read(self, asked: _Asked) -> Iterator[list[Head]]:
        """Yield the rows of one pass, page by page."""
        try:
            yield from self._pages(asked)
        except TooDeepError as error:
            length = asked.until - asked.since
            if length < _SHORTEST:
                raise _too_many(error.service) from None
            middle = asked.since + length / 2
            yield from self.read(_Asked(asked.since, middle, asked.values))
            yield from self.read(_Asked(middle, asked.until, asked.values))

    def _pages(self, asked: _Asked) -> Iterator[list[Head]]:
        for page in self._listed.pager.pages(self._connection, self._values(asked)):
            if self.clock is None:
                self.clock = clock_of(page.answer, self._connection)
            fresh = [row for row in page.rows if row not in self._seen]
            self._seen.update(fresh)
            yield self._listed.read(self._connection, fresh, page.answer.content)

    def _values(self, asked: _Asked) -> dict[str, Any]:
        times = self._listed.since.values(self._connection, asked.since, asked.until)
        return {**asked.values, **times}


def _too_many(service: str) -> Retryable:
    return Retryable(
        Words(
            f"{service} has more orders in one moment than its list shows. They are asked for again later.",
            f"{service}에 같은 시각의 주문이 목록에서 조회할 수 있는 것보다 많습니다. 나중에 다시 "
            "요청합니다.",
        )
    )
