"""Says when the company's stores are open, by what Locally shows to shoppers."""

from collections.abc import Mapping
from typing import Any, Final

from tillbridge.plugin import Connection, WebHours, Words
from tillbridge_locally.hours import DAYS, HoursTextError, read_hours, weekday, write_day, write_week
from tillbridge_locally.settings import settings_of
from tillbridge_locally.transport import CompanyStore, Transport

_LONGEST: Final = 60
_KOREAN: Final = ("월", "화", "수", "목", "금", "토", "일")
_ENGLISH: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def hours_of(connection: Connection) -> Mapping[str, WebHours]:
    """Ask Locally for the stores whose orders are wanted."""
    wanted = settings_of(connection).store_ids
    stores = Transport(connection).company().stores
    return {store.id: _hours(store) for store in stores if not wanted or store.id in wanted}


def _hours(store: CompanyStore) -> WebHours:
    shown: list[str] = []
    days: dict[int, str] = {}
    unread: Words | None = None
    for one in _listed(store.display_dow):
        label, text = _text(one.get("label")), _text(one.get("bil_hrs"))
        shown.append(f"{label or one.get('day_index')}: {text or '-'}")
        day = weekday(label, one.get("day_index"))
        if day is None:
            unread = unread or _unknown_day(label)
            continue
        try:
            times = write_day(read_hours(text))
        except HoursTextError:
            unread = unread or _unclear(day, text)
            continue
        if days.setdefault(day, times) != times:
            unread = unread or _twice(day)
    missing = next((day for day in range(len(DAYS)) if day not in days), None)
    if missing is not None:
        unread = unread or _missing(missing)
    return WebHours(
        name=store.name or store.id,
        week="" if unread else write_week([days[day] for day in range(len(DAYS))]),
        shown=shown,
        closed=store.is_tmp_closed in (1, True, "1"),
        unread=unread,
    )


def _listed(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def _unclear(day: int, text: str) -> Words:
    if not text:
        return _missing(day)
    return Words(
        en=f"the hours of {_ENGLISH[day]} are “{text}” at Locally, which may mean more than one thing",
        ko=f"로컬리의 {_KOREAN[day]}요일 영업시간 ‘{text}’의 뜻이 분명하지 않습니다",
    )


def _missing(day: int) -> Words:
    return Words(
        en=f"Locally does not say when it is open on {_ENGLISH[day]}",
        ko=f"로컬리에 {_KOREAN[day]}요일 영업시간이 없습니다",
    )


def _twice(day: int) -> Words:
    return Words(
        en=f"Locally has two different hours for {_ENGLISH[day]}",
        ko=f"로컬리에 {_KOREAN[day]}요일 영업시간이 두 가지로 되어 있습니다",
    )


def _unknown_day(label: str) -> Words:
    return Words(
        en=f"Locally names a day “{label}” that is not known",
        ko=f"로컬리의 요일 이름 ‘{label}’을(를) 알 수 없습니다",
    )
