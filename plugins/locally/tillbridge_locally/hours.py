"""Reads the hours that Locally shows to shoppers ("7am-8pm") and writes them as `opening_hours`. Pure.

Locally publishes the form of one day (`{"bil_hrs": "7am-8pm", "label", "day_index"}`) and nothing more, so
everything is read that says one thing only, in English or Korean. What may mean two things ("9-5", "7-8pm")
is not read, and neither is the week that it belongs to.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NOON: Final = 12 * 60
_DAY: Final = 24 * 60
_CLOSED: Final = frozenset(
    {"closed", "closed all day", "off", "휴무", "휴무일", "정기휴무", "정기 휴무", "휴점", "영업 안 함"}
)
_ALWAYS: Final = frozenset(
    {"24 hours", "24 hrs", "24hrs", "24h", "24/7", "all day", "24시간", "24시간 영업", "연중무휴 24시간"}
)
_PARTED: Final = re.compile(r"\s*(?:[,;/&\n]|\band\b|및|그리고)\s*")
_SPAN_SIGN: Final = re.compile(r"\s*(?:[-‐‑‒–—―~〜]|\bto\b|\buntil\b|\btill\b|부터)\s*")
_CLOCK: Final = re.compile(
    r"(?:(?P<before>오전|오후|am|pm)\s*)?"
    r"(?P<hour>\d{1,2})"
    r"(?:\s*[:.]\s*(?P<minute>\d{2})|\s*시(?:\s*(?P<korean>\d{1,2})\s*분)?)?"
    r"\s*(?P<after>[ap]\.?\s?m\.?|[ap])?"
)
_HALVES: Final = {"오전": "a", "오후": "p"}
_NAMED: Final = {"noon": _NOON, "12 noon": _NOON, "정오": _NOON, "midnight": 0, "12 midnight": 0, "자정": 0}
_WEEKDAYS: Final = {
    name: day
    for day, names in enumerate(
        (
            ("monday", "mon", "월요일", "월"),
            ("tuesday", "tue", "tues", "화요일", "화"),
            ("wednesday", "wed", "수요일", "수"),
            ("thursday", "thu", "thur", "thurs", "목요일", "목"),
            ("friday", "fri", "금요일", "금"),
            ("saturday", "sat", "토요일", "토"),
            ("sunday", "sun", "일요일", "일"),
        )
    )
    for name in names
}


class HoursTextError(ValueError):
    """A text says nothing certain about hours."""


class Span(NamedTuple):
    """From when to when a store is open, in minutes since the day began; beyond 1440 is the next day."""

    start: int
    end: int


class _Clock(NamedTuple):
    """A time as it is written.

    Attributes:
        minutes: since midnight, by the half of the day that it names, or as it stands.
        certain: whether it names its half of the day.
        zero: whether its hour begins with a zero, as on a clock of 24 hours.
    """

    minutes: int
    certain: bool
    zero: bool = False


def weekday(label: str, day_index: object) -> int | None:
    """Return which day is meant, 0 for Monday: by its name, else by its index (assumed: 0 is Monday)."""
    named = _WEEKDAYS.get(_plain(label).rstrip("."))
    if named is not None:
        return named
    if type(day_index) is int and 0 <= day_index < len(DAYS):
        return day_index
    return None


def read_hours(text: str) -> tuple[Span, ...]:
    """Return when a day's hours say that it is open; nothing for a day on which it is closed.

    Raises:
        HoursTextError: it is empty, or may mean more than one thing.
    """
    plain = _plain(text)
    said = plain.removeprefix("open").lstrip(": ").removesuffix("영업").rstrip() or plain
    if plain in _CLOSED or said in _CLOSED:
        return ()
    if plain in _ALWAYS or said in _ALWAYS:
        return (Span(0, _DAY),)
    spans = sorted(_span(part) for part in _PARTED.split(said) if part)
    if not spans or any(one.end > after.start for one, after in pairwise(spans)):
        raise HoursTextError(text)
    if len(spans) > 1 and spans[-1].end > spans[0].start + _DAY:
        raise HoursTextError(text)
    return tuple(spans)


def write_day(spans: Sequence[Span]) -> str:
    """Return a day's hours as in `opening_hours`: "07:00-12:00,13:00-20:00", or "off"."""
    return ",".join(f"{_time(one.start)}-{_time(one.end)}" for one in spans) or "off"


def write_week(days: Sequence[str]) -> str:
    """Return the week of seven days, from Monday on: "Mo-Fr 07:00-20:00; Sa-Su off"."""
    rules = []
    for times, some in groupby(enumerate(days), key=lambda one: one[1]):
        first, *rest = [DAYS[day] for day, _ in some]
        rules.append(f"{first}-{rest[-1]} {times}" if rest else f"{first} {times}")
    return "; ".join(rules)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _time(minutes: int) -> str:
    minutes = minutes - _DAY if minutes > _DAY else minutes
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _span(text: str) -> Span:
    ends = _SPAN_SIGN.split(text.removesuffix("까지").strip())
    if len(ends) != 2:  # noqa: PLR2004  # from and to
        raise HoursTextError(text)
    start, end = (_clock(one) for one in ends)
    if not _tell(start, end):
        raise HoursTextError(text)
    opens, closes = start.minutes % _DAY, end.minutes % _DAY or _DAY
    if opens == closes:
        raise HoursTextError(text)
    return Span(opens, closes if closes > opens else closes + _DAY)


def _tell(start: _Clock, end: _Clock) -> bool:
    """Say whether both times can mean one thing only."""
    if start.certain and end.certain:
        return True
    if start.certain or end.certain:
        return False
    # A clock of 24 hours shows itself by an afternoon, by the hour 0, or by a zero before what ends later.
    hours = (start.minutes // 60, end.minutes // 60)
    return max(hours) > 12 or 0 in hours or (start.zero and start < end)  # noqa: PLR2004  # a clock with halves


def _clock(text: str) -> _Clock:
    if text in _NAMED:
        return _Clock(_NAMED[text], certain=True)
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise HoursTextError(text)
    hour, minute = int(match["hour"]), int(match["minute"] or match["korean"] or 0)
    halves = {_HALVES.get(one, one)[0] for one in (match["before"], match["after"]) if one is not None}
    if minute > 59 or len(halves) > 1:  # noqa: PLR2004  # a clock's minutes
        raise HoursTextError(text)
    if halves:
        return _Clock(_of_half(hour, minute, halves.pop(), text), certain=True)
    if hour * 60 + minute > _DAY:
        raise HoursTextError(text)
    return _Clock(hour * 60 + minute, certain=False, zero=match["hour"].startswith("0"))


def _of_half(hour: int, minute: int, half: str, text: str) -> int:
    if not 1 <= hour <= 12:  # noqa: PLR2004  # a clock with halves
        raise HoursTextError(text)
    return hour % 12 * 60 + minute + (_NOON if half == "p" else 0)
