"""From when a list is asked, and where the next poll may start: what every way of reading a list shares.

The cursor is the newest time seen, and never passes the clock less a minute (of the webstore's clock and ours
the slower one counts): an order may appear behind its own time stamp. What is asked for lies the overlap
before the cursor: a filter may exclude its bound, and times may have a grain of a second.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from tillbridge.plugin import Connection, Misconfigured, Retryable, Words
from tillbridge_generic_webstore.calling.answers import Answer
from tillbridge_generic_webstore.calling.grouping import Grouping
from tillbridge_generic_webstore.calling.heads import Head, Heads
from tillbridge_generic_webstore.calling.moments import write_moment
from tillbridge_generic_webstore.calling.paging import ListPage, Pager
from tillbridge_generic_webstore.calling.templates import Template, Values
from tillbridge_generic_webstore.settings import setting_values

LATE: Final = timedelta(seconds=60)
"""How far the cursor stays behind the clock at least."""

PLACEHOLDERS: Final = frozenset({"since", "until"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """What was read in one go.

    Attributes:
        heads: the rows.
        cursor: where the next poll may start once these are kept; None: where this one did.
    """

    heads: Sequence[Head]
    cursor: str | None


@dataclass(frozen=True)
class SinceRule:
    """How a list is asked from a time on.

    Attributes:
        overlap: how much earlier than the cursor is asked.
        form: how the time is written; None: ISO 8601 with Z.
        zone: the zone that the webstore reads it in, a template of a zone's name.
        row_zone: the zone of rows' times that name none; None: they name it.
        sorted: whether the oldest change comes first.
        header: the header that holds the webstore's clock.
    """

    overlap: timedelta
    form: str | None = None
    zone: Template | None = None
    row_zone: Template | None = None
    sorted: bool = True
    header: str | None = None

    def values(
        self, connection: Connection, moment: datetime, until: datetime | None = None
    ) -> dict[str, str | int]:
        """Return what a list is asked by: {since}, the overlap already taken off, and {until}: else now."""
        zone = zone_of(self.zone, connection) or ZoneInfo("UTC")
        return {
            "since": write_moment(moment - self.overlap, self.form, zone),
            "until": write_moment(until or connection.now(), self.form, zone),
        }


@dataclass(frozen=True)
class Listed:
    """A list of orders that can be read.

    Attributes:
        pager: asks for its pages.
        heads: reads which order a row is, and when it changed.
        since: how it is asked from a time on.
        orders: reads the same of a whole order, its time being when it was placed.
        keeps_answers: whether something of an order stands beside the rows, so that heads keep their answer.
        grouping: where rows are the lines of whole orders: which are one order.
    """

    pager: Pager
    heads: Heads
    since: SinceRule
    orders: Heads
    keeps_answers: bool = False
    grouping: Grouping | None = None

    def pages(self, connection: Connection, values: Values) -> Iterator[ListPage]:
        """Yield the list's pages of orders, as `Pager.pages` does."""
        pages = self.pager.pages(connection, values)
        if self.grouping is None:
            return pages
        once_more = partial(self.pager.page, connection, values) if self.pager.is_counted else None
        return self.grouping.read_on(pages, once_more)

    def page(self, connection: Connection, page: ListPage) -> list[Head]:
        """Return the heads of a page's rows."""
        return self.read(connection, page.rows, page.answer.content)

    def read(self, connection: Connection, rows: Sequence[bytes], answer: bytes = b"") -> list[Head]:
        """Return the heads of rows.

        Args:
            connection: whose webstore.
            rows: the bytes of each.
            answer: what they came in.
        """
        zone = zone_of(self.since.row_zone, connection)
        held = answer if self.keeps_answers else b""
        return [self.heads.read(row, zone, held) for row in rows]

    def read_orders(self, connection: Connection, orders: Sequence[bytes]) -> list[Head]:
        """Return the heads of whole orders, whatever the list's rows are."""
        zone = zone_of(self.since.row_zone, connection)
        return [self.orders.read(one, zone) for one in orders]


def zone_of(template: Template | None, connection: Connection) -> ZoneInfo | None:
    """Return the zone that a template names; None for no template.

    Raises:
        Misconfigured: there is no such zone.
    """
    if template is None:
        return None
    name = template.text(setting_values(connection.settings)) or ""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise Misconfigured(
            Words(
                f'"{name}" is no time zone; correct it in the connection\'s settings (like Asia/Seoul).',
                f'"{name}"은(는) 시간대 이름이 아닙니다. 연결 설정에서 Asia/Seoul 같은 이름으로 고쳐 주세요.',
            )
        ) from error


def start(connection: Connection, cursor: str | None) -> datetime:
    """Return where to begin; a cursor that cannot be read is no reason to miss an order."""
    if cursor is not None:
        try:
            moment = datetime.fromisoformat(cursor)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None:
            # One that lies ahead of the clock was made when a clock was wrong, and would hide orders.
            return min(moment, connection.now() - LATE)
        connection.log.warning("The cursor %r cannot be read; the list is read from the beginning.", cursor)
    return connection.orders_from


def kept(newest: datetime, clock: datetime, begun: datetime) -> str:
    """Return the cursor for what was seen up to `newest`.

    Args:
        newest: the newest change that was seen.
        clock: of the webstore and ours the slower one, when the answer came.
        begun: where the poll began, before which nothing need be asked again.
    """
    return max(begun, min(newest, clock - LATE)).astimezone(UTC).isoformat()


def clock_of(answer: Answer, connection: Connection) -> datetime:
    """Return the time at an answer: of the webstore's clock and ours the slower one."""
    ours = connection.now()
    said = answer.response.headers.get("Date")
    if said is None:
        return ours
    try:
        theirs = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return ours
    return min(ours, theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))


def newest_of(heads: Sequence[Head]) -> datetime | None:
    """Return the newest change among rows."""
    return max(times(heads), default=None)


def times(heads: Sequence[Head]) -> Iterator[datetime]:
    """Yield the rows' times, as far as they can be read."""
    return (head.at for head in heads if head.at is not None)


def in_order(heads: Sequence[Head], *, newest_first: bool = False) -> bool:
    """Say whether rows come in the order that is claimed."""
    at = list(times(heads))
    return all((one >= other) if newest_first else (one <= other) for one, other in pairwise(at))


def out_of_order(service: str) -> Retryable:
    """Say that a list does not come in the order that the profile claims."""
    return Retryable(
        Words(
            f"{service}'s list of orders is not in the order that the profile says, which could hide "
            "some. It is read again; if this stays, say sorted = false under since.",
            f"{service} 주문 목록의 순서가 프로필에 적힌 것과 달라 주문이 누락될 수 있습니다. 다시 읽습니다. "
            "계속되면 프로필의 since에 sorted = false를 적어 주세요.",
        )
    )


def no_times(service: str) -> Any:
    """Say that no row of a page says when it changed."""
    return Retryable(
        Words(
            f"None of the orders that {service} listed says when it changed, where the profile looks for it, "
            "so the list cannot be read on. Correct order.updated or since in the profile.",
            f"{service}에서 받은 주문 중 프로필이 지정한 위치에 변경 시각이 있는 주문이 없어 목록을 계속 "
            "읽을 수 없습니다. 프로필의 order.updated 또는 since를 고쳐 주세요.",
        )
    )
