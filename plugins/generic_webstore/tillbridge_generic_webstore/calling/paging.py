"""How a list goes on: by page, offset, link, cursor or the next address; and where it ends.

A page that is shorter than asked for ends a list, an empty one does, and one that is the page before twice
more (Magento shows its last page for ever; once more it comes in a list that has moved down by a page).
Where a webstore gives fewer than asked for, the cursor probe tells (`probe.py`): the size must then be set to
what it gives.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tillbridge.plugin import Connection, HttpRejected, Retryable, Words
from tillbridge_generic_webstore.calling.answers import Answer
from tillbridge_generic_webstore.calling.calls import CompiledCall, Place, compile_call
from tillbridge_generic_webstore.calling.ending import NoCursorError, is_absent, no_cursor
from tillbridge_generic_webstore.calling.rows import RowsError, RowsPath
from tillbridge_generic_webstore.calling.templates import Values
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.expressions.texts import is_false
from tillbridge_generic_webstore.language.connecting import Paging
from tillbridge_generic_webstore.settings import public_values

PLACEHOLDERS: Final = frozenset({"size", "page", "offset", "cursor"})
_LINK: Final = re.compile(r"<([^<>]*)>([^<>]*)")
_NEXT: Final = re.compile(r";\s*rel\s*=\s*\"?next\"?", re.IGNORECASE)
_NO_SUCH_PAGE: Final = 404
_LAST: Final = 2
_COUNTED: Final = frozenset({"page", "offset", "since"})


class TooDeepError(Exception):
    """A list goes on, and the webstore shows no more of it.

    Args:
        service: the webstore's name.
    """

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list.

    Attributes:
        answer: as it came.
        rows: the bytes of each row.
    """

    answer: Answer
    rows: list[bytes]


@dataclass(frozen=True)
class Pager:
    """Reads one list of a profile.

    Attributes:
        call: what asks for it.
        rows: where its rows are.
        paging: how it goes on.
        at: where an answer holds the next cursor or address.
        empty_status: statuses that say that there is nothing.
        empty: what the whole answer is where there is nothing; None: nothing is declared.
        empty_when: over the answer, that there is nothing.
        values: what the next page is asked with beside {cursor}: placeholders, read from the answer.
        following: what asks for the pages after the first; None: the same as for that.
        of_items: whether it is the list of what the webstore sells; else of its orders.
    """

    call: CompiledCall
    rows: RowsPath
    paging: Paging
    at: Expression | None = None
    empty_status: tuple[int, ...] = ()
    empty: Any = None
    empty_when: Expression | None = None
    values: Mapping[str, Expression] = field(default_factory=dict)
    following: CompiledCall | None = None
    of_items: bool = False

    @property
    def size(self) -> int:
        """How many rows are asked for at a time."""
        return self.paging.size

    @property
    def is_counted(self) -> bool:
        """Whether its pages are numbered, so that it can be read on from any of them."""
        return self.paging.by in _COUNTED

    def pages(self, connection: Connection, values: Values, start: int = 0) -> Iterator[ListPage]:
        """Yield the list from its beginning to its end; an empty list is one page without rows.

        `start` is the page of a counted list to begin with, from 0.

        Raises:
            ProviderError: as any call; `Retryable` where an answer has no rows, or the list stands still.
        """
        if self.is_counted:
            yield from self._counted(connection, values, start)
        elif self.paging.by == "none":
            yield self._read(self._ask(connection, {**self._first(), **values}))
        else:
            yield from self._told(connection, values)

    def page(self, connection: Connection, values: Values, number: int) -> ListPage:
        """Return one page of a list that is paged by number or offset; `number` is 0 for the first."""
        counted = {
            "size": self.size,
            "page": self.paging.first + number,
            "offset": number * self.size,
            "cursor": None,
        }
        return self._read(self._ask(connection, {**counted, **values}))

    def _ask(self, connection: Connection, values: Values, *, more: bool = False) -> Answer:
        """Ask for a page; a status that says that there is none may be one of a refusal (404).

        `more`: it is one after the first.
        """
        call = self.following if more and self.following is not None else self.call
        try:
            return call.send(connection, values, repeatable=True)
        except HttpRejected as error:
            if error.status not in self.empty_status:
                raise
            return Answer(error.response)

    def _first(self) -> Values:
        return {"size": self.size, "page": self.paging.first, "offset": 0, "cursor": None}

    def _counted(self, connection: Connection, values: Values, number: int) -> Iterator[ListPage]:
        before: list[bytes] | None = None
        repeats = 0
        while True:
            try:
                page = self.page(connection, values, number)
            except HttpRejected as error:
                if number and error.status == _NO_SUCH_PAGE:
                    return
                raise
            repeats = repeats + 1 if before and page.rows == before else 0
            if before and (not page.rows or repeats == _LAST):
                return
            if not repeats:
                yield page
            if len(page.rows) < self.size:
                return
            before = page.rows
            number += 1
            if self.paging.most is not None and number * self.size > self.paging.most:
                raise TooDeepError(page.answer.response.service)

    def _told(self, connection: Connection, values: Values) -> Iterator[ListPage]:
        """Follow what each answer says of the next."""
        answer = self._ask(connection, {**self._first(), **values})
        been: set[str] = set()
        while True:
            page = self._read(answer)
            yield page
            if answer.response.status in self.empty_status:
                return
            following = self._next(answer, connection)
            more = self._more(answer)
            if following is None and not more:
                lost = None if been or len(page.rows) < self.size else self.lost(connection, values, page)
                if lost is not None:
                    raise lost
                return
            mark = repr((following, sorted(more.items())))
            if mark in been:
                raise _stands_still(answer)
            been.add(mark)
            if self.paging.by == "cursor" or following is None:
                given = {**self._first(), **values, "cursor": following, **more}
                answer = self._ask(connection, given, more=True)
            else:
                answer = self.call.follow(connection, following, values)

    def lost(self, connection: Connection, values: Values, page: ListPage) -> NoCursorError | None:
        """Return what is wrong where a first page names no next one, and a smaller one does not either.

        None where it is the last, or nobody can tell; asks the webstore only where its key is not there.
        """
        if self.at is None or len(page.rows) < _LAST or not is_absent(self.at, page.answer):
            return None
        try:
            answer = self.call.send(connection, {**self._first(), **values, "size": 1}, repeatable=True)
            rows = self._read(answer).rows
        except HttpRejected:
            return None  # it takes no such size
        if not 0 < len(rows) < len(page.rows) or not is_absent(self.at, answer):
            return None
        return no_cursor(self.at, page.answer, len(page.rows), of_items=self.of_items)

    def _next(self, answer: Answer, connection: Connection) -> str | None:
        if self.paging.by == "link":
            return linked(answer.response.headers.get("Link", ""))
        if self.at is None or answer.is_empty:
            return None
        found = self.at(answer.json, {"_settings": public_values(connection.settings)})
        if found is None or found is False or found == "":
            return None
        return str(found)

    def _more(self, answer: Answer) -> dict[str, Any]:
        """Return what an answer says the next page is asked with."""
        if answer.is_empty or not self.values:
            return {}
        found = {name: one(answer.json) for name, one in self.values.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _read(self, answer: Answer) -> ListPage:
        if answer.response.status in self.empty_status or answer.is_empty:
            return ListPage(answer, [])
        answer.checked()
        if self.empty is not None and answer.json == self.empty:
            return ListPage(answer, [])
        if self.empty_when is not None and not is_false(self.empty_when(answer.json)):
            return ListPage(answer, [])
        return ListPage(answer, cut(self.rows, answer))


def compile_following(table: Paging, place: Place) -> CompiledCall | None:
    """Compile what asks for the pages after the first of the list at a place; None where the list does."""
    if table.request is None:
        return None
    return compile_call(table.request, replace(place, path=(*place.path, "paging", "request")))


def cut(rows: RowsPath, answer: Answer) -> list[bytes]:
    """Return the rows of an answer.

    Raises:
        Retryable: they are not where the profile says.
    """
    try:
        return rows.cut(answer.content)
    except RowsError as error:
        raise _no_rows(answer, error) from error


def linked(header: str) -> str | None:
    """Return the next page's address in a Link header, or None."""
    for found in _LINK.finditer(header):
        if _NEXT.search(found.group(2)):
            return found.group(1)
    return None


def _no_rows(answer: Answer, error: RowsError) -> Retryable:
    service, call = answer.response.service, answer.response.call
    return Retryable(
        Words(
            f"{service} answered {call} with something else than was asked for: {error.words.en}.",
            f"{service}에서 {call} 요청에 예상과 다른 응답을 보냈습니다. {error.words.ko}.",
        )
    )


def _stands_still(answer: Answer) -> Retryable:
    service, call = answer.response.service, answer.response.call
    return Retryable(
        Words(
            f"{service}'s list at {call} stands still: its next page is one that was read. It is read again.",
            f"{service}의 {call} 목록이 앞으로 나아가지 않습니다. 이미 읽은 페이지를 다음 페이지로 "
            "알려 왔습니다. 다시 읽습니다.",
        )
    )
