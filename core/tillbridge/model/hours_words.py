"""Business hours as people read them: in English as they are written, in Korean with its days and words."""

import re
from typing import Final

from tillbridge.model.words import Words

_DAYS: Final = dict(zip(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), "월화수목금토일", strict=True))
_OTHERS: Final = {"PH": "공휴일", "off": "휴무", "closed": "휴업", "open": "영업", "24/7": "연중무휴"}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH: Final = "|".join(_MONTHS)
_DATE: Final = re.compile(rf"\b(?:(?P<year>\d{{4}}) )?(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?![\d:])")
_WORD: Final = re.compile(rf"24/7|\b(?:{'|'.join((*_DAYS, *_OTHERS))})\b")
_QUOTED: Final = re.compile(r'("[^"]*")')


def hours_words(text: str) -> Words:
    """Return hours in words; a quoted remark stays as it is."""
    parts = _QUOTED.split(text)
    korean = (part if part.startswith('"') else _WORD.sub(_word, _DATE.sub(_date, part)) for part in parts)
    return Words(text, "".join(korean))


def _date(found: re.Match[str]) -> str:
    day = f"{_MONTHS.index(found['month']) + 1}월 {int(found['day'])}일"
    return f"{found['year']}년 {day}" if found["year"] else day


def _word(found: re.Match[str]) -> str:
    return _DAYS.get(found[0]) or _OTHERS[found[0]]
