"""When a store is open: spans of time, with holidays, special days and closures laid over the week."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from tillbridge.model.holidays import UnknownCalendarError, holidays_of
from tillbridge.model.hours import Closure, Hours, dated, parsed

# How far ahead is looked: longer than any season. What does not open by then is never open.
HORIZON: Final = timedelta(days=370)
_DAY: Final = timedelta(days=1)
# Night shifts that began the day before count; and the library loses which of two equal hours was meant, in
# the night in which clocks are set back, unless it begins to look well before.
_BEFORE: Final = timedelta(days=2)


class Span(NamedTuple):
    """A span of time, UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is: its IANA zone and its country's two letters."""

    zone: str
    country: str

    @property
    def tz(self) -> ZoneInfo:
        """The zone."""
        return ZoneInfo(self.zone)


def open_spans(hours: Hours, place: Place, start: datetime) -> Iterator[Span]:
    """Yield when the store is open from `start` on, in sequence, for as long as `HORIZON`.

    A day that is off has no shift of its own, so that none goes on into the next night either; what began
    the day before ends as on any other day.

    Args:
        hours: the store's.
        place: of the store.
        start: with its zone; a span that it falls into begins with it.
    """
    start = start.astimezone(UTC)
    days = other_days(hours, place, start)
    week = _without(days, place.tz, _week(hours, place, start))
    own = (span for day, times in days.items() for span in _shifts(day, times, place))
    for span in _open(_joined(heapq.merge(week, own)), hours.closures):
        begin = max(span.start, start)
        if begin > start + HORIZON:
            return
        if begin < span.end:
            yield Span(begin, span.end)


def other_days(hours: Hours, place: Place, start: datetime) -> Mapping[date, str]:
    """Return the days, from just before `start` on, that are not as the week says; with their times."""
    first = start.astimezone(place.tz).date() - _BEFORE
    return _other_days(hours, place, first)


@lru_cache(maxsize=512)
def _other_days(hours: Hours, place: Place, first: date) -> Mapping[date, str]:
    last = first + HORIZON + _BEFORE
    found: dict[date, str] = {}
    if (times := hours.holiday_times) is not None:
        for year in range(first.year, last.year + 1):
            found |= dict.fromkeys(_holidays(place.country, hours.region, year), times)
    found |= {one.day: one.times for one in hours.special}
    return {day: found[day] for day in sorted(found) if first <= day <= last}


def _holidays(country: str, region: str, year: int) -> Iterable[date]:
    try:
        return holidays_of(country, region, year)
    except UnknownCalendarError:  # refused where hours are set; a host's store may have it all the same
        return ()


def text_of(hours: Hours, place: Place, first: datetime, last: datetime) -> str:
    """Return the rules that hold from `first` to `last`: the week, and the days that differ from it."""
    zone = place.tz
    begin, end = first.astimezone(zone).date(), last.astimezone(zone).date()
    rules = [
        dated(day, times) for day, times in other_days(hours, place, first).items() if begin <= day <= end
    ]
    shut = [
        f"closed {one.start.astimezone(zone):%Y-%m-%d %H:%M} - {one.until.astimezone(zone):%Y-%m-%d %H:%M}"
        for one in hours.closures
        if one.start < last and first < one.until
    ]
    return "; ".join((hours.week, *rules, *shut))


def _week(hours: Hours, place: Place, start: datetime) -> Iterator[Span]:
    """Yield when the store is open by its week alone."""
    begin = datetime.combine(start.astimezone(place.tz).date() - _BEFORE, time.min, tzinfo=place.tz)
    yield from _intervals(hours.week, place, begin, start + HORIZON + _BEFORE)


def _intervals(text: str, place: Place, begin: datetime, horizon: datetime) -> Iterator[Span]:
    # Without an end the library looks for the next change through all years to 9999: a second for "Mo-Su
    # 00:00-24:00", which has none. A day more than is asked for, since the end that it takes is wall time.
    end_of_look = horizon.astimezone(place.tz) + _DAY
    # An end is wall time; only UTC can be subtracted.
    for opens, closes, state, *_ in parsed(text, place.zone).intervals(begin, end_of_look):
        at = opens.astimezone(UTC)
        if at > horizon:
            return
        if str(state) == "open":
            end = cast("datetime | None", closes)  # the package's stub does not say that there may be none
            yield Span(at, min(end.astimezone(UTC), horizon) if end else horizon)


def _shifts(day: date, times: str, place: Place) -> Iterator[Span]:
    """Yield a day's own shifts; the last may end in the night after it."""
    begin = datetime.combine(day, time.min, tzinfo=place.tz)
    return _intervals(dated(day, times), place, begin, begin.astimezone(UTC) + 3 * _DAY)


def _without(days: Mapping[date, str], zone: ZoneInfo, spans: Iterable[Span]) -> Iterator[Span]:
    """Leave out the shifts that begin on one of the days; of what is longer than a day, the day itself."""
    for span in spans:
        if span.end - span.start > _DAY:
            yield from _cut(span, (_whole(day, zone) for day in days))
        elif span.start.astimezone(zone).date() not in days:
            yield span


def _whole(day: date, zone: ZoneInfo) -> Span:
    begin = datetime.combine(day, time.min, tzinfo=zone)
    end = datetime.combine(day + _DAY, time.min, tzinfo=zone)
    return Span(begin.astimezone(UTC), end.astimezone(UTC))


def _open(spans: Iterable[Span], closures: Iterable[Closure]) -> Iterator[Span]:
    shut = sorted(Span(one.start, one.until) for one in closures)
    for span in spans:
        yield from _cut(span, shut) if shut else (span,)


def _cut(span: Span, holes: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of a span; the holes come in sequence."""
    at = span.start
    for hole in holes:
        if hole.end <= at or hole.start >= span.end:
            continue
        if at < hole.start:
            yield Span(at, hole.start)
        at = hole.end
    if at < span.end:
        yield Span(at, span.end)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Join what overlaps or touches, so that no minute counts twice."""
    current: Span | None = None
    for span in spans:
        if current is None:
            current = span
        elif span.start <= current.end:
            current = Span(current.start, max(current.end, span.end))
        else:
            yield current
            current = span
    if current is not None:
        yield current
