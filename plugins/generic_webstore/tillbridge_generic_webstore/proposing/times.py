"""Tells what is a time, and in which of the forms that profiles know."""

import re
from typing import Any, Final

_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(?P<zone>Z| ?[+-]\d\d:?\d\d)?")
_RFC: Final = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} .+")
_DAY: Final = len("2026-03-01")
_SECONDS: Final = 2
_EPOCH: Final = range(1_000_000_000, 10_000_000_000)
_EPOCH_MS: Final = range(1_000_000_000_000, 10_000_000_000_000)


def is_time(value: Any) -> bool:
    """Say whether a value is a time in one of the forms that profiles know."""
    return time_form(value) is not None


def time_form(value: Any) -> str | None:
    """Return a time's form: "iso", "iso without zone", "epoch", "epoch_ms" or "rfc2822"; None for none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return "epoch" if value in _EPOCH else "epoch_ms" if value in _EPOCH_MS else None
    if not isinstance(value, str):
        return None
    if match := _ISO.fullmatch(value):
        return "iso" if match["zone"] else "iso without zone"
    return "rfc2822" if _RFC.fullmatch(value) else None


def asked_as(value: Any) -> str:
    """Return how `since.format` says a time as it is written here; "" where the usual form does."""
    form = time_form(value)
    if form in ("epoch", "epoch_ms"):
        return form
    if form != "iso without zone" or ":" not in value or "." in value:
        return ""
    return f"%Y-%m-%d{value[_DAY]}%H:%M:%S" if value.count(":") == _SECONDS else ""
