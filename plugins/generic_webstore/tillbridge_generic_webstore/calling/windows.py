"""Reads a list from a time on, from its first page to its last, in the webstore's own way of paging.

Where the webstore keeps the place (a cursor, a link) and the oldest change comes first, each page moves the
cursor. Where it does not, rows may move while they are read, so the cursor moves with the last page only; and
in a list that is sorted by something else, no further than to when the first page was asked for.

A webstore that names its own clock in a header is asked from that: the cursor is what the first page said.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tillbridge.plugin import Connection, Retryable, Words
from tillbridge_generic_webstore.calling.ending import NoCursorError
from tillbridge_generic_webstore.calling.heads import Head
from tillbridge_generic_webstore.calling.moments import read_header
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

_KEEPS_THE_PLACE: Final = frozenset({"cursor", "link", "next"})


def one_pass(listed: Listed, connection: Connection, cursor: str | None) -> Iterator[Chunk]:
    """Yield what changed since the cursor."""
    begun = start(connection, cursor)
    values = listed.since.values(connection, begun)
    marks = _Marks(listed, connection, begun)
    held: Chunk | None = None
    try:
        for page in listed.pages(connection, values):
            if held is not None:
                yield held
            heads = listed.page(connection, page)
            held = Chunk(heads, marks.after(page, heads))
            if listed.since.sorted and not in_order(heads):
                yield Chunk(heads, None)
                raise out_of_order(page.answer.response.service)
    except NoCursorError:
        if held is not None:
            yield held
        raise
    if held is not None:
        yield Chunk(held.heads, marks.at_the_end())


class _Marks:
    """What the cursor may become while a list is read."""

    def __init__(self, listed: Listed, connection: Connection, begun: datetime) -> None:
        self._since = listed.since
        self._keeps = listed.since.sorted and listed.pager.paging.by in _KEEPS_THE_PLACE
        self._connection = connection
        self._begun = begun
        self._newest: datetime | None = None
        self._first: datetime | None = None
        self._clock = begun
        self._said: datetime | None = None
        self._service = ""
        self._rows = False

    def after(self, page: ListPage, heads: list[Head]) -> str | None:
        """Return the cursor after a page that is not the last."""
        self._service = page.answer.response.service
        self._clock = clock_of(page.answer, self._connection)
        if self._first is None:
            self._first = self._clock
            if self._since.header is not None:
                self._said = self._header(page)
        self._rows = self._rows or bool(heads)
        newest = newest_of(heads)
        if newest is not None:
            self._newest = max(newest, self._newest or newest)
        return self._cursor() if self._keeps and self._since.header is None else None

    def at_the_end(self) -> str | None:
        """Return the cursor after the last page.

        Raises:
            Retryable: there were rows, and none says when it changed.
        """
        if self._said is not None:
            return min(self._said, self._connection.now()).isoformat()
        if self._rows and self._newest is None:
            raise no_times(self._service)
        return self._cursor()

    def _cursor(self) -> str | None:
        if self._newest is None:
            return None
        clock = self._clock if self._since.sorted or self._first is None else self._first
        return kept(self._newest, clock, self._begun)

    def _header(self, page: ListPage) -> datetime:
        name = self._since.header or ""
        said = page.answer.response.headers.get(name, "")
        moment = read_header(said)
        if moment is None:
            raise Retryable(
                Words(
                    f'{self._service} did not say its time in the header {name} ("{said[:40]}"), by which '
                    "its list is asked. It is asked again later.",
                    f"{self._service}의 응답에 목록 조회 기준이 되는 시각 헤더 {name}이(가) 없거나 읽을 수 "
                    f'없습니다("{said[:40]}"). 나중에 다시 요청합니다.',
                )
            )
        return moment
