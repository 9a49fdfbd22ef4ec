"""The shop's stores as Locally shows them: where they are, and when they are open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_USUAL: Final = ("10am-8pm",) * 6 + ("12pm-6pm",)
_SPAN: Final = re.compile(r"(\d{1,2})(?::(\d\d))?(am|pm)-(\d{1,2})(?::(\d\d))?(am|pm)")
_NOON: Final = 12
_HOUR: Final = 60


@dataclass(slots=True, kw_only=True)
class Place:
    """A store.

    Attributes:
        week: its hours from Monday on, as Locally writes them: "7am-8pm", or "Closed".
        closed: whether it is closed for the time being.
        gone: whether the company does not have it any more.
        lat, lng: where it is on the map.
    """

    id: str
    name: str
    street: str
    city: str
    postcode: str
    country: str
    phone: str = "02-0000-0100"
    week: Sequence[str] = _USUAL
    closed: bool = False
    gone: bool = False
    lat: str = "37.55100000"
    lng: str = "126.92400000"

    def hours(self, now: datetime) -> dict[str, Any]:
        """Return the fields that tell its hours; one whose hours cannot be told says so.

        Args:
            now: the time at the store, with its zone.
        """
        today = self.week[now.weekday()]
        return {
            "dow": now.weekday(),
            "display_dow": [
                {"bil_hrs": hours, "label": DAYS[index], "day_index": index}
                for index, hours in enumerate(self.week)
            ],
            "today_hours": today,
            "hours_known": int(any(self.week)),
            "is_open": int(not self.closed and _within(today, now)),
            "is_tmp_closed": int(self.closed),
        }


def place_of(text: str, country: str) -> Place:
    """Make a store of what a command line says: `20302=Name|street|city|postcode`.

    Raises:
        ValueError: it does not look like that.
    """
    number, sign, rest = text.partition("=")
    parts = rest.split("|")
    if not sign or len(parts) != 4:  # noqa: PLR2004  # name, street, city, postcode
        raise ValueError(f'{text!r} is no store; it must look like "20302=Name|street|city|postcode"')
    name, street, city, postcode = parts
    return Place(id=number, name=name, street=street, city=city, postcode=postcode, country=country)


def _within(hours: str, now: datetime) -> bool:
    """Say whether a moment is within plain hours; of others Locally would know, the sandbox does not."""
    span = _SPAN.fullmatch(hours.replace(" ", "").lower())
    if span is None:
        return False
    opens, closes = (
        _minutes(hour, minute, half) for hour, minute, half in (span.group(1, 2, 3), span.group(4, 5, 6))
    )
    return opens <= now.hour * _HOUR + now.minute < closes


def _minutes(hour: str, minute: str | None, half: str) -> int:
    return (int(hour) % _NOON + _NOON * (half == "pm")) * _HOUR + int(minute or 0)
