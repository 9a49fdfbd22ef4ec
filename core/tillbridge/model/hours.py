"""A store's business hours: the week, holidays, special days and closures, and when it is open by them.

The week is written as OpenStreetMap's `opening_hours` ("Mo-Fr 10:00-13:00,14:00-19:00; Sa 10:00-17:00;
PH off") and read by opening-hours-py. Days that differ from the week (`PH` rules, special days, closures) are
laid over it here: the library leaves half of a night shift standing on a day that is off, and its own
calendar of holidays has gaps (`tillbridge.model.holidays`).
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import opening_hours
from opening_hours import ParserError  # type: ignore[attr-defined]  # the package's stub leaves it out
from pydantic import AfterValidator, Field, model_validator

from tillbridge.model.base import Frozen, Text, UtcDatetime

_TIME: Final = r"([01]?\d|2\d):[0-5]\d"
_TIMES: Final = re.compile(rf"off|{_TIME}-{_TIME}(,{_TIME}-{_TIME})*")
_DAYS: Final = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?"
_HOLIDAYS: Final = re.compile(rf"(?:{_DAYS},)*PH(?:,{_DAYS})*:?\s+(?P<times>(?:off|closed|\d).*)")
_QUOTED: Final = re.compile(r'"[^"]*"')
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Without the place's coordinates the library would make up when the sun rises.
_UNKNOWABLE: Final = re.compile(r"\b(SH|sunrise|sunset|dawn|dusk)\b")
EXAMPLE: Final = "Mo-Fr 10:00-13:00,14:00-19:00; Sa 10:00-17:00; PH off"


def _readable_week(text: str) -> str:
    text = " ".join(text.split())
    try:
        parsed(text, "UTC")
    except ParserError as error:
        place = re.search(r"1:(\d+)", str(error))
        at = f" from character {place[1]} on" if place else ""
        raise ValueError(f"{text!r} cannot be read{at}; an example is {EXAMPLE}") from None
    bare = _QUOTED.sub("", text)
    if found := _UNKNOWABLE.search(bare):
        raise ValueError(f"{found[0]} cannot be known; say the times, and special days for the rest")
    if "PH" in bare and not _all_holidays_read(bare):
        raise ValueError('PH stands in a rule that is not understood; write it as in "PH off"')
    return text


def _all_holidays_read(bare: str) -> bool:
    rules = [rule.strip() for rule in re.split(r";|\|\|", bare)]
    return "||" not in bare and all("PH" not in rule or _read_as_a_day(rule) for rule in rules)


def _read_as_a_day(rule: str) -> bool:
    match = _HOLIDAYS.fullmatch(rule)
    return match is not None and opening_hours.validate(f"2026 Jan 01 {match['times']}")


def _readable_times(text: str) -> str:
    text = re.sub(r"\s", "", text)
    if not _TIMES.fullmatch(text) or not opening_hours.validate(f"2026 Jan 01 {text}"):
        raise ValueError(f'{text!r} are no times of a day; examples are "11:00-15:00" and "off"')
    return text


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
            raise ValueError("a closure ends after it begins")
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
