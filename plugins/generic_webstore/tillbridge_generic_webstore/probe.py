"""Tries how a webstore's list of orders is asked, before an order is lost by it.

A list that is asked from a time on can be wrong in ways that no answer shows: the filter is ignored, the
webstore reads the time in another zone, it leaves out the very second that is asked for, or gives fewer
orders at a time than it is asked for. So an order that is there is asked for from times at which it must
come, and from such at which it must not. Reads only; some five calls.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tillbridge.plugin import Connection, HttpRejected, Words
from tillbridge_generic_webstore.calling.ending import counted
from tillbridge_generic_webstore.calling.heads import Head
from tillbridge_generic_webstore.calling.lister import Lister
from tillbridge_generic_webstore.calling.paging import ListPage
from tillbridge_generic_webstore.calling.since import in_order, times
from tillbridge_generic_webstore.calling.spans import Spans
from tillbridge_generic_webstore.calling.templates import Values
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.findings import Fault, Finding, future, no_time, nothing, part
from tillbridge_generic_webstore.probe_ids import findings_of_ids

__all__ = ["Fault", "Finding", "probe"]

_FAR: Final = datetime(2099, 1, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
_GRAIN: Final = timedelta(seconds=1)
_BACK: Final = (timedelta(days=30), timedelta(days=3650))
_SKEW: Final = timedelta(minutes=5)
_COUNTED: Final = frozenset({"page", "offset", "since"})
_TOLD: Final = frozenset({"cursor", "next"})


def probe(connection: Connection, compiled: CompiledProfile) -> Sequence[Finding]:
    """Try how the list of orders is asked; return what is wrong with it, or worth knowing.

    Raises:
        ProviderError: the webstore is away, or refuses.
    """
    lister = compiled.lister
    if lister.ids is not None:
        return list(findings_of_ids(connection, lister, lister.ids))
    return list(_Probe(connection, lister).findings())


class _Probe:
    def __init__(self, connection: Connection, lister: Lister) -> None:
        self._connection = connection
        self._listed = lister.listed
        self._exact = replace(lister.listed.since, overlap=timedelta())
        self._filters = lister.window is None
        self._spans = lister.spans
        self._title = lister.title
        self._began = connection.now()

    def findings(self) -> Iterator[Finding]:
        """Yield what is found."""
        if self._spans is not None:
            # Its rows have no time to be held against the filter; what can be tried is that it answers.
            for _ in self._asked_by_spans(self._spans):
                pass
            return
        page = self._sample()
        heads = self._listed.page(self._connection, page)
        dated = [head for head in heads if head.at is not None and head.order_id is not None]
        if not dated:
            yield no_time(self._title, "order.updated", "since.at") if heads else nothing(self._title)
            return
        yield from self._of_page(page, heads)
        if not self._filters or self._listed.since.header is not None:
            return
        if self._asked(_FAR):
            yield self._ignored()
            return
        # A page with the oldest first does not show the newest, which tells of a wrong zone.
        soon = self._began + _SKEW
        if max(times(heads)) <= soon < max(times(self._heads(soon)), default=soon):
            yield future(self._title)
        known = dated[0] if self._listed.since.sorted else max(dated, key=_time)
        yield from self._of_filter(known, _time(known))

    def _of_page(self, page: ListPage, heads: Sequence[Head]) -> Iterator[Finding]:
        if max(times(heads)) > self._began + _SKEW:
            yield future(self._title)
        newest_first = not self._filters
        if (newest_first or self._listed.since.sorted) and not in_order(heads, newest_first=newest_first):
            yield self._unsorted(newest_first=newest_first)
        pager = self._listed.pager
        if pager.paging.by in _COUNTED and len(page.rows) < pager.size:
            # The next page begins behind what came, however many were asked for.
            behind = {**self._values(), "offset": len(page.rows)}
            rest = _rows(lambda: pager.page(self._connection, behind, 1))
            if set(rest) - set(page.rows):
                yield self._fewer(len(page.rows), pager.size)
        elif pager.paging.by == "none" and (total := counted(page.answer, len(page.rows))):
            yield part(self._title, len(page.rows), total)
        elif pager.paging.by in _TOLD and (lost := pager.lost(self._connection, self._values(), page)):
            yield Finding(Fault.NO_CURSOR, lost.words)

    def _values(self) -> Values:
        """Return what the sample was asked by."""
        return self._exact.values(self._connection, self._from) if self._filters else {}

    def _of_filter(self, known: Head, at: datetime) -> Iterator[Finding]:
        # Of rows that are lines of an order each has its own time.
        row = (known.order_id, at)
        if row not in self._asked(at - _HOUR):
            yield self._late()
            return
        if row in self._asked(at + _HOUR):
            yield self._early()
        elif row not in self._asked(at):
            yield self._exclusive()

    def _asked_by_spans(self, spans: Spans) -> Iterator[ListPage]:
        """Yield the first page of each pass, of the last hour."""
        length = _HOUR if spans.most is None else min(_HOUR, spans.most)
        times = self._exact.values(self._connection, self._began - length, self._began)
        for values in spans.passes:
            yield next(self._listed.pager.pages(self._connection, {**values, **times}))

    def _sample(self) -> ListPage:
        """Return a page of the list that holds orders, if there are any."""
        page = None
        for back in _BACK if self._filters else _BACK[:1]:
            self._from = self._began - back
            page = self._page(self._from)
            if page.rows:
                break
        assert page is not None
        return page

    def _page(self, moment: datetime) -> ListPage:
        values = self._exact.values(self._connection, moment) if self._filters else {}
        return next(self._listed.pager.pages(self._connection, values))

    def _asked(self, moment: datetime) -> set[tuple[str | None, datetime | None]]:
        """Return the rows of the first page from a time on; a refused question brings none."""
        return {(head.order_id, head.at) for head in self._heads(moment)}

    def _heads(self, moment: datetime) -> Sequence[Head]:
        return self._listed.read(self._connection, _rows(lambda: self._page(moment)))

    def _ignored(self) -> Finding:
        return Finding(
            Fault.IGNORED,
            Words(
                f"{self._title} ignores how its list is asked: orders came back from the year 2099. See "
                "whether the profile's query names the webstore's own parameter.",
                f"{self._title}에서 조회 조건을 무시합니다. 2099년 이후를 조회했는데도 주문이 왔습니다. "
                "프로필의 "
                "query에 적은 매개변수 이름이 맞는지 확인해 주세요.",
            ),
        )

    def _late(self) -> Finding:
        return Finding(
            Fault.LATE,
            Words(
                f"Orders would be lost: asked from an hour before an order, {self._title} does not list it. "
                "It "
                "reads the time in another zone than the profile says: correct since.zone or since.format.",
                f"주문이 누락될 수 있습니다. 주문 한 시간 전부터 조회했는데 {self._title} 목록에 그 주문이 "
                "없습니다. 시각을 프로필과 다른 시간대로 읽고 있으니 since.zone이나 since.format을 고쳐 "
                "주세요.",
            ),
        )

    def _early(self) -> Finding:
        return Finding(
            Fault.EARLY,
            Words(
                f"{self._title} lists an order that is an hour older than what was asked for: it reads the "
                "time in another zone than the profile says, so that each poll brings hours again. Correct "
                "since.zone.",
                f"{self._title}에서 조회 시각보다 한 시간 이른 주문이 왔습니다. 시각을 프로필과 다른 "
                "시간대로 "
                "읽어 매번 몇 시간 치를 다시 가져오게 됩니다. since.zone을 고쳐 주세요.",
            ),
            is_grave=False,
        )

    def _exclusive(self) -> Finding:
        if self._listed.since.overlap < _GRAIN:
            return Finding(
                Fault.NO_OVERLAP,
                Words(
                    f"Orders would be lost: {self._title} leaves out the very time that is asked for. Say "
                    'since.overlap = "2s".',
                    f"주문이 누락될 수 있습니다. {self._title}은(는) 조회 시각과 같은 시각의 주문을 "
                    "제외합니다. "
                    'since.overlap = "2s"를 적어 주세요.',
                ),
            )
        return Finding(
            Fault.EXCLUSIVE,
            Words(
                f"{self._title} leaves out the very time that is asked for; the overlap makes up for it.",
                f"{self._title}은(는) 조회 시각과 같은 시각의 주문을 제외하지만, 겹침 구간(overlap)으로 "
                "보완됩니다.",
            ),
            is_grave=False,
        )

    def _fewer(self, given: int, wanted: int) -> Finding:
        return Finding(
            Fault.FEWER,
            Words(
                f"Orders would be lost: {self._title} gives {given} orders at a time where {wanted} are "
                "asked "
                f"for, and has more. Say paging.size = {given}.",
                f"주문이 누락될 수 있습니다. {wanted}건을 요청했지만 {self._title}은(는) 한 번에 {given}건만 "
                f"보냅니다. paging.size = {given}(으)로 적어 주세요.",
            ),
        )

    def _unsorted(self, *, newest_first: bool) -> Finding:
        en = "newest" if newest_first else "oldest change"
        ko = "최신순" if newest_first else "변경 시각이 오래된 순"
        return Finding(
            Fault.UNSORTED,
            Words(
                f"Orders would be lost: {self._title} does not list the {en} first. Let the profile's query "
                "ask for that order, or say since.sorted = false.",
                f"주문이 누락될 수 있습니다. {self._title} 목록이 {ko}이 아닙니다. 프로필의 query에서 정렬을 "
                "지정하거나 since.sorted = false를 적어 주세요.",
            ),
        )


def _rows(ask: Callable[[], ListPage]) -> list[bytes]:
    """Return the rows of a page; of one that is refused, none."""
    try:
        return ask().rows
    except HttpRejected:
        return []


def _time(head: Head) -> datetime:
    assert head.at is not None
    return head.at
