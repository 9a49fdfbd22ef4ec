"""A store: one shop location, with its zone, currency and own stock."""

from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from pydantic import field_validator

from tillbridge.model.base import Frozen, Text
from tillbridge.model.currencies import exponent
from tillbridge.model.orders import Address


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
    address: Address = Address()

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
