"""Public holidays by country and region, by the `holidays` library.

opening-hours-py has a calendar of its own, which lacks holidays that fall on a weekend, most substitute days
and election days (Korea, United States and Japan, tried): a shop that opens on Saturdays needs them.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from tillbridge.model.words import Words


class UnknownCalendarError(ValueError):
    """No holidays are known for this country, or it has no such region; `words` say which."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@lru_cache(maxsize=256)
def holidays_of(country: str, region: str, year: int) -> Mapping[date, Words]:
    """Return a year's public holidays with their names.

    Args:
        country: two letters (ISO 3166).
        region: as in "CA" for California, or "" for those of the whole country.
        year: of the common calendar.

    Raises:
        UnknownCalendarError: no holidays are known there; the message names the regions that are.
    """
    english = _calendar(country, region, year, "en_US")
    korean = _calendar(country, region, year, "ko")
    # Sorted: a calendar keeps its days as they were found.
    return {day: Words(name, korean.get(day, name)) for day, name in sorted(english.items())}


def _calendar(country: str, region: str, year: int, language: str) -> Mapping[date, str]:
    # Loading a country's calendar takes a tenth of a second: only shops that close on holidays need one.
    from holidays import country_holidays  # noqa: PLC0415  # see above

    try:
        known: Any = country_holidays(country)
    except NotImplementedError as error:
        words = Words(
            f"no public holidays are known for the country {country!r}",
            f"{country!r} 국가의 공휴일을 알 수 없음",
        )
        raise UnknownCalendarError(words) from error
    if region and region not in known.subdivisions:
        regions = ", ".join(known.subdivisions) or "-"
        words = Words(
            f"{country} has no region {region!r}; there are: {regions}",
            f"{country}에 {region!r} 지역이 없음. 있는 지역: {regions}",
        )
        raise UnknownCalendarError(words)
    spoken = language if language in known.supported_languages else None
    found = country_holidays(country, subdiv=region or None, years=year, expand=False, language=spoken)
    return dict(found)
