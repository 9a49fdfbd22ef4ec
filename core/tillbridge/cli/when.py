"""Reads moments: of --orders-from (now, all, a while ago, a date), and those that lie ahead."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
FARTHEST: Final = timedelta(days=731)
"""What is promised later than that is a slip of the finger."""
_AGO: Final = re.compile(r"(\d{1,5})\s*([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_when(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that `text` means, in UTC.

    Args:
        text: "now", "all", "7d" or "24h" ago, "2026-11-16" (the start of that day in the store's
            zone), or an ISO time; one without a zone is in the store's.
        now: the time.
        zone: the store's.

    Raises:
        InputError: it is none of these, or in the future.
    """
    said = text.strip().lower()
    moment = _moment(said, now, zone)
    if moment is None:
        raise InputError(
            Words(
                f"--orders-from {text!r} is no time. Allowed: now, all, 7d or 24h (ago), 2026-11-16, "
                "2026-11-16T09:00, 2026-11-16T09:00+09:00.",
                f"--orders-from {text!r}은(는) 시각이 아닙니다. 사용할 수 있는 형식: now, all, "
                "7d 또는 24h(이전), 2026-11-16, 2026-11-16T09:00, 2026-11-16T09:00+09:00.",
            )
        )
    if moment > now:
        raise InputError(
            Words(
                f"--orders-from {text!r} is in the future; orders placed until then would be put aside.",
                f"--orders-from {text!r}은(는) 미래 시각이므로 사용할 수 없습니다.",
            )
        )
    return moment


def _moment(said: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    if said == "now":
        return now
    if said == "all":
        return BEGINNING
    try:
        if ago := _AGO.fullmatch(said):
            return max(now - timedelta(**{_UNITS[ago[2]]: int(ago[1])}), BEGINNING)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
            return datetime.combine(date.fromisoformat(said), time.min, tzinfo=zone).astimezone(UTC)
        read = datetime.fromisoformat(said.upper())
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_ahead(text: str, *, option: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment ahead that `text` means, in the store's zone.

    Args:
        text: "2h" or "3d" from now, "15:00" (the next time that the store's clocks show it), "2026-11-16"
            (the start of that day there), or an ISO time; one without a zone is in the store's.
        option: what asked for it, as in "--again".
        now: the time.
        zone: the store's.

    Raises:
        InputError: it is none of these, over, or beyond `FARTHEST`.
    """
    moment = _moment_ahead(text.strip().lower(), now, zone)
    if moment is None or moment <= now:
        raise InputError(
            Words(
                f"{option} {text!r} is no time that lies ahead. Allowed: 2h or 3d (from now), 15:00, "
                "2026-11-16, 2026-11-16T09:00, 2026-11-16T09:00+09:00.",
                f"{option} {text!r}은(는) 이후 시각이 아닙니다. 사용할 수 있는 형식: 2h 또는 3d(지금부터), "
                "15:00, 2026-11-16, 2026-11-16T09:00, 2026-11-16T09:00+09:00.",
            )
        )
    if moment > now + FARTHEST:
        raise InputError(
            Words(
                f"{option} {text!r} lies too far ahead: two years at most.",
                f"{option} {text!r}: 2년 이내의 시각을 지정해 주세요.",
            )
        )
    return moment.astimezone(zone)


def _moment_ahead(said: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        if ahead := _AGO.fullmatch(said):
            return now + timedelta(**{_UNITS[ahead[2]]: int(ahead[1])})
        if re.fullmatch(r"\d{1,2}:\d{2}", said):
            return _next(time.fromisoformat(said.zfill(5)), now, zone)
    except (ValueError, OverflowError):
        return None
    return None if said in ("now", "all") else _moment(said, now, zone)


def _next(shown: time, now: datetime, zone: ZoneInfo) -> datetime:
    today = now.astimezone(zone).date()
    found = datetime.combine(today, shown, tzinfo=zone)
    return found if found > now else datetime.combine(today + timedelta(days=1), shown, tzinfo=zone)
