"""A store's business hours: the week, holidays, special days and closures, and when it is open by them.

The week is written as OpenStreetMap's `opening_hours` ("Mo-Fr 10:00-13:00,14:00-19:00; Sa 10:00-17:00;
PH off") and read by opening-hours-py. Days that differ from the week (`PH` rules, special days, closures) are
laid over it here: the library leaves half of a night shift standing on a day that is off, and its own
calendar of holidays has gaps (`tillbridge.model.holidays`).
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import opening_hours
from opening_hours import ParserError  # type: ignore[attr-defined]  # the package's stub leaves it out
from pydantic import AfterValidator, Field, model_validator

from tillbridge.model.base import Frozen, Text, UtcDatetime
from tillbridge.model.words import Words

_TIME: Final = r"([01]?\d|2\d):[0-5]\d"
_TIMES: Final = re.compile(rf"off|{_TIME}-{_TIME}(,{_TIME}-{_TIME})*")
_DAYS: Final = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?"
_HOLIDAYS: Final = re.compile(rf"(?:{_DAYS},)*PH(?:,{_DAYS})*:?\s+(?P<times>(?:off|closed|\d).*)")
_QUOTED: Final = re.compile(r'"[^"]*"')
_DATES: Final = re.compile(
    r"\b(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+(?P<day>\d{1,2})(?![\d:])"
    r"(?:\s*-\s*(?P<last>\d{1,2})(?![\d:]))?"
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Without the place's coordinates the library would make up when the sun rises.
_UNKNOWABLE: Final = re.compile(r"\b(SH|sunrise|sunset|dawn|dusk)\b")
EXAMPLE: Final = "Mo-Fr 10:00-13:00,14:00-19:00; Sa 10:00-17:00; PH off"


_SHOWN: Final = 40


class HoursError(ValueError):
    """Why something is no business hours, in words; pydantic keeps it in its own error."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def _readable_week(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise HoursError(
            Words(f"The hours are empty; an example is {EXAMPLE}", f"영업시간이 비어 있습니다. 예: {EXAMPLE}")
        )
    try:
        parsed(text, "UTC")
    except ParserError as error:
        raise HoursError(_not_understood(text, str(error))) from None
    bare = _QUOTED.sub("", text)
    if found := _UNKNOWABLE.search(bare):
        raise HoursError(
            Words(
                f"“{found[0]}” cannot be known; say the times, and special days for the rest",
                f"‘{found[0]}’은(는) 알 수 없습니다. 시각을 직접 쓰고 나머지는 특별 영업일로 지정해 주세요",
            )
        )
    if found := next((one for one in _DATES.finditer(bare) if _no_day(one)), None):
        raise HoursError(
            Words(f"“{found[0]}” is no day of the calendar", f"‘{found[0]}’은(는) 달력에 없는 날짜입니다")
        )
    if "PH" in bare and (rule := _unread_holidays(bare)):
        raise HoursError(
            Words(
                f"“{rule}” says something of holidays that is not understood; write it as in “PH off” or "
                "“PH 11:00-15:00”",
                f"‘{rule}’에서 공휴일(PH) 부분을 이해할 수 없습니다. "
                "‘PH off’ 또는 ‘PH 11:00-15:00’처럼 써 주세요",
            )
        )
    return text


def _no_day(named: re.Match[str]) -> bool:
    """Say whether a month has no such days: the library reads "Feb 30" as every day."""
    longest = monthrange(2024, _MONTHS.index(named["month"]) + 1)[1]  # a leap year
    return any(not 0 < int(day) <= longest for day in (named["day"], named["last"]) if day)


def _not_understood(text: str, error: str) -> Words:
    """Say which part of a week is not understood: from where the library stumbled to the end of that rule."""
    place = re.search(r"1:(\d+)", error)
    start = int(place[1]) - 1 if place else 0
    rule_start = text.rfind(";", 0, start) + 1
    rule = text[rule_start:].partition(";")[0].strip()
    part = text[start:].partition(";")[0].strip() or rule
    where = part[:_SHOWN] if part == rule else f"{part[:_SHOWN]}” in “{rule[:_SHOWN]}"
    korean = f"‘{part[:_SHOWN]}’" if part == rule else f"‘{rule[:_SHOWN]}’의 ‘{part[:_SHOWN]}’"
    return Words(
        f"“{where}” is not understood; times are written as in 09:00-18:00, and an example is {EXAMPLE}",
        f"{korean} 부분을 이해할 수 없습니다. 시각은 09:00-18:00처럼 씁니다. 예: {EXAMPLE}",
    )


def _unread_holidays(bare: str) -> str:
    """Return the rule that speaks of holidays in a way that we do not read, or ""."""
    if "||" in bare:
        return bare
    rules = (rule.strip() for rule in bare.split(";"))
    return next((rule for rule in rules if "PH" in rule and not _read_as_a_day(rule)), "")


def _read_as_a_day(rule: str) -> bool:
    match = _HOLIDAYS.fullmatch(rule)
    return match is not None and opening_hours.validate(f"2026 Jan 01 {match['times']}")


def _readable_times(text: str) -> str:
    said = re.sub(r"\s", "", text)
    if not _TIMES.fullmatch(said) or not opening_hours.validate(f"2026 Jan 01 {said}"):
        raise HoursError(
            Words(
                f"“{text}” are no times of a day; examples are “11:00-15:00” and “off”",
                f"‘{text}’은(는) 영업시간이 아닙니다. 예: 11:00-15:00, off",
            )
        )
    return said


class SpecialDay(Frozen):
    """A day with hours of its own: a holiday on which the shop opens, a short Saturday, an inventory."""

    day: date
    times: Annotated[str, AfterValidator(_readable_times)]
    """As in "11:00-15:00,16:00-18:00", or "off"."""
    note: Text = ""


class Closure(Frozen):
    """A span in which the store is closed, whatever its hours say; until, UTC, it opens again."""

    start: UtcDatetime
    until: UtcDatetime
    reason: Text = ""

    @model_validator(mode="after")
    def _forwards(self) -> "Closure":
        if self.until <= self.start:
            raise HoursError(
                Words("A closure ends after it begins", "임시 휴업의 종료 시각은 시작 시각보다 뒤여야 합니다")
            )
        return self


class Hours(Frozen):
    """When a store is open."""

    week: Annotated[str, AfterValidator(_readable_week)]
    """OpenStreetMap's `opening_hours`. `PH` rules win over the days of the week, wherever they stand."""
    region: Text = ""
    """Of the country, for holidays that are not everywhere: "CA" for California, "BY" for Bavaria."""
    special: tuple[SpecialDay, ...] = Field(default=())
    closures: tuple[Closure, ...] = Field(default=())

    @property
    def holiday_times(self) -> str | None:
        """What the last `PH` rule says of public holidays; None: they are days like others."""
        found = None
        for rule in _rules(self.week):
            if match := _HOLIDAYS.fullmatch(rule):
                found = match["times"]
        return found


def _rules(week: str) -> Iterator[str]:
    """Yield the rules of a week; a ";" in a quoted remark parts nothing."""
    start = 0
    for mark in re.finditer(r'"[^"]*"|;', week):
        if mark[0] == ";":
            yield week[start : mark.start()].strip()
            start = mark.end()
    yield week[start:].strip()


@lru_cache(maxsize=512)
def parsed(text: str, zone: str) -> opening_hours.OpeningHours:
    """Return a text that is ready to be asked; reading one takes as long as a few questions.

    Raises:
        ParserError: it cannot be read.
    """
    return opening_hours.OpeningHours(text, timezone=ZoneInfo(zone))


def dated(day: date, times: str) -> str:
    """Return the rule of one day: "2026 Nov 26 11:00-15:00"."""
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d} {times}"
