"""A store: one shop location, with its zone, currency and own stock."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from tillbridge.model.base import Frozen, Text
from tillbridge.model.currencies import exponent
from tillbridge.model.errors import InputError, Rejected
from tillbridge.model.holidays import UnknownCalendarError, holidays_of
from tillbridge.model.hours import Hours
from tillbridge.model.opening import Place, Span, open_spans
from tillbridge.model.orders import Address
from tillbridge.model.words import Words

_KOREA: Final = "KR"


@cache
def _zones() -> frozenset[str]:
    """Return every IANA name; listing them walks through the disk, and stores are read at every poll."""
    return frozenset(available_timezones())


class TaxMode(StrEnum):
    """Whether the store's shelf prices include tax."""

    INCLUDED = "included"
    ADDED = "added"


class Store(Frozen):
    """One shop location."""

    code: Text
    name: Text
    timezone: str
    """IANA name, as in "Asia/Seoul"."""
    currency: str
    country: Text
    """ISO 3166 code of two letters; local phone numbers are read by it."""
    tax_mode: TaxMode = TaxMode.INCLUDED
    tax_rate: Decimal | None = Field(default=None, ge=0, lt=100)
    """In percent, of what is sold at the counter; None if it was not said."""
    address: Address = Address()
    hours: Hours | None = None
    """None: nobody has said; nothing is made up of it."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in _zones():
            raise ValueError(f"{name!r} is no IANA time zone; an example is Asia/Seoul")
        return name

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, code: str) -> str:
        exponent(code)
        return code

    @property
    def zone(self) -> ZoneInfo:
        """The store's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def place(self) -> Place:
        """Where it is, as its hours are read."""
        return Place(self.timezone, self.country)

    def open_spans(self, start: datetime) -> Iterator[Span]:
        """Yield when it is open from `start` on; never, where its hours are unknown."""
        return open_spans(self.hours, self.place, start) if self.hours else iter(())

    def require_open(self, now: datetime) -> None:
        """Refuse hours by which it never opens, or whose holidays are not known; unknown hours are none.

        Raises:
            InputError: says which, and what to do.
        """
        if self.hours is None:
            return
        if self.hours.holiday_times is not None or self.hours.region:
            self._require_holidays(now.year)
        if next(self.open_spans(now), None) is None:
            raise InputError(
                Words(
                    f"By its hours ({self.hours.week}) the store {self.code} does not open within a year.",
                    f"{self.code} 매장은 이 영업시간({self.hours.week})으로는 1년 안에 여는 날이 없습니다.",
                )
            )

    def _require_holidays(self, year: int) -> None:
        assert self.hours is not None  # asked above
        try:
            holidays_of(self.country, self.hours.region, year)
        except UnknownCalendarError as error:
            raise InputError(
                Words(
                    f"The hours of {self.code} name holidays, but {error.words.en}. "
                    "Leave PH or the region out, and name the days one by one.",
                    f"{self.code} 매장의 영업시간에 쓴 공휴일 정보를 찾을 수 없습니다({error.words.ko}). "
                    "PH나 지역을 빼고 날짜별로 지정해 주세요.",
                )
            ) from None


def store_at(stores: Mapping[str, Store], location: str | None) -> Store | None:
    """Return the store that a webstore's location is, or None for one that nobody mapped beside others.

    Where no location is mapped at all there is but one store to think of.

    Args:
        stores: by the webstore's location; "" is the default one.
        location: as the webstore calls it; none: it has but one.
    """
    if not location or len(stores) == 1:
        return stores.get("")
    return stores.get(location)


def required_store(stores: Mapping[str, Store], location: str | None) -> Store:
    """Return the store that a webstore's location is.

    Raises:
        Rejected: nobody mapped it, and others are: which one it is would be a guess.
    """
    found = store_at(stores, location)
    if found is None:
        raise Rejected(no_store_at(location))
    return found


def no_store_at(location: str | None) -> Words:
    """Say that nobody mapped a location."""
    return Words(
        f"No store is set for the webstore's location {location!r}.",
        f"웹스토어 위치 {location!r}에 지정된 매장이 없습니다.",
    )


def written_at(store: Store | None, words: Words) -> str:
    """Return words that are written once, and stay: a sale's comment, a reason, the name of an item.

    A store in Korea reads Korean, with the English behind it for whoever does not; any other store English.
    Of a store that is not known both are written.
    """
    if store is None or store.country == _KOREA:
        return f"{words.ko} ({words.en})"
    return words.en
