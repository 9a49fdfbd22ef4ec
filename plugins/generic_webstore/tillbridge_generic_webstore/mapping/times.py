"""Times as webstores write them, read into UTC: a time without a zone is never guessed."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from tillbridge.plugin import Words
from tillbridge_generic_webstore.expressions import ValueFault, read_number
from tillbridge_generic_webstore.expressions.faults import shown
from tillbridge_generic_webstore.expressions.numbers import EXACT

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLION: Final = 1_000_000
# "2024-09-04 07:22:09 +0000": no space belongs before the offset.
_OFFSET: Final = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_FRACTION: Final = re.compile(r"(\.\d{6})\d+")
_SHIFT: Final = re.compile(r"[+-]\d\d:?\d\d")

_Read = Callable[[Any], datetime | None]


def _from_iso(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        try:
            return datetime.fromisoformat(_FRACTION.sub(r"\1", _OFFSET.sub("", value.strip())))
        except ValueError:
            return None


def _from_epoch(scale: int) -> _Read:
    def read(value: Any) -> datetime | None:
        try:
            number = read_number(value)
        except ValueFault:
            return None
        if number is None:
            return None
        try:
            return _EPOCH + timedelta(microseconds=int(EXACT.multiply(number, Decimal(_MILLION // scale))))
        except OverflowError:
            return None

    return read


def _from_mail(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _from_signs(form: str) -> _Read:
    def read(value: Any) -> datetime | None:
        text = str(value) if type(value) is int else value
        if not isinstance(text, str):
            return None
        try:
            # The zone is the profile's, where none is written.
            return datetime.strptime(text, form)  # noqa: DTZ007  # see above
        except ValueError:
            return None

    return read


_READERS: Final[Mapping[str, _Read]] = {
    "iso": _from_iso,
    "epoch": _from_epoch(1),
    "epoch_ms": _from_epoch(1000),
    "rfc2822": _from_mail,
}


class TimeReader:
    """Reads the times of one profile.

    Args:
        forms: how they are written; of several the first that fits.
    """

    def __init__(self, forms: Sequence[str]) -> None:
        self._forms = tuple(forms)
        self._readers = tuple(_READERS.get(form) or _from_signs(form) for form in forms)

    def read(self, value: Any, zone: tzinfo | None) -> datetime | None:
        """Return a time in UTC; None where there is none (null, "", a date of zeros).

        Args:
            value: what the payload says.
            zone: for times that carry none.

        Raises:
            ValueFault: it is no time, or none says its zone.
        """
        if type(value) is dict:
            value, zone = _apart(value, zone)
        if value is None or value == "" or (type(value) is str and value.startswith("0000-00-00")):
            return None
        moment = None
        for reader in self._readers:
            moment = reader(value)
            if moment is not None:
                break
        if moment is None:
            raise self._no_time(value)
        if moment.tzinfo is None:
            if zone is None:
                raise _no_zone(value)
            moment = moment.replace(tzinfo=zone)
        try:
            return moment.astimezone(UTC)
        except OverflowError as error:  # the year 1, moved before its beginning
            raise self._no_time(value) from error

    def _no_time(self, value: Any) -> ValueFault:
        forms = ", ".join(self._forms)
        return ValueFault(
            Words(
                f"{shown(value)} is no time as defaults.time has it ({forms}).",
                f"{shown(value)}: defaults.time({forms})의 시각 형식이 아닙니다.",
            )
        )


def _apart(value: Mapping[str, Any], zone: tzinfo | None) -> tuple[Any, tzinfo | None]:
    """Return a time, and the zone that stands beside it, as PHP writes both: {"date": …, "timezone": …}."""
    date, name = value.get("date"), value.get("timezone")
    if not isinstance(date, str) or not isinstance(name, str):
        return value, zone
    if _SHIFT.fullmatch(name):
        return f"{date}{name}", zone
    named = zone_named(name)
    if named is None:
        raise ValueFault(
            Words(
                f"{shown(name)}, the zone of {shown(date)}, is no time zone.",
                f"{shown(date)}의 시간대 {shown(name)}을(를) 알 수 없습니다.",
            )
        )
    return date, named


def _no_zone(value: Any) -> ValueFault:
    return ValueFault(
        Words(
            f"{shown(value)} has no zone, so that nobody can say when it was: set defaults.zone.",
            f"{shown(value)}에 시간대가 없어 언제인지 알 수 없습니다. defaults.zone을 적어 주세요.",
        )
    )


@lru_cache(maxsize=64)
def zone_named(name: str) -> tzinfo | None:
    """Return a time zone by its name; None where there is none of it."""
    if name in {"UTC", "Z"}:
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a name that is a folder, or leads out of the zones
        return None
