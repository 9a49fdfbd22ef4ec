"""Times as a webstore writes them: read from rows and headers, and written into what is asked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from tillbridge_generic_webstore.expressions import ValueFault
from tillbridge_generic_webstore.mapping.times import TimeReader

_ISO: Final = "%Y-%m-%dT%H:%M:%SZ"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SCALES: Final = {"epoch": 1, "epoch_ms": 1000}
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_HEADERS: Final = TimeReader(("iso", "rfc2822"))


def read_moment(value: Any, forms: str | Sequence[str], zone: ZoneInfo | None) -> datetime | None:
    """Return a time, UTC; None where it cannot be read, or has no zone and none is known.

    Args:
        value: as the webstore wrote it.
        forms: as `defaults.time` has them; of several the first that fits.
        zone: of times that name none.
    """
    try:
        return TimeReader((forms,) if isinstance(forms, str) else forms).read(value, zone)
    except ValueFault:
        return None


def write_moment(moment: datetime, form: str | None, zone: ZoneInfo) -> str | int:
    """Return a time as it is asked from: never later than `moment`, however the webstore understands it.

    Args:
        moment: UTC.
        form: strftime's, "epoch" or "epoch_ms"; None: ISO 8601 with Z.
        zone: that the webstore reads it in.
    """
    if form in _SCALES:
        return int((moment - _EPOCH) / timedelta(seconds=1) * _SCALES[form])
    if form is None:
        return moment.astimezone(UTC).strftime(_ISO)
    local = moment.astimezone(zone)
    if "%z" not in form and local.fold == 0 and local.utcoffset() != local.replace(fold=1).utcoffset():
        # The clock shows this hour twice that night; the webstore may take it for the second.
        local -= timedelta(hours=1)
    return local.strftime(form)


def read_header(value: str) -> datetime | None:
    """Return a time of a header, written in whichever way; UTC where it names no zone."""
    try:
        return _HEADERS.read(value, UTC)
    except ValueFault:
        return None


def read_span(text: str) -> timedelta | None:
    """Return a span like "2s", "15m", "1.5h" or "30d"; None where it is none."""
    number, unit = text.strip()[:-1], text.strip()[-1:]
    try:
        return timedelta(seconds=float(Decimal(number) * _UNITS[unit]))
    except (KeyError, InvalidOperation, ValueError, OverflowError):
        return None
