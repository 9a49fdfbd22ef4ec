"""Recognises what spreadsheets do to part numbers and barcodes, and says what was found and how to mend it.

Digits that are lost are never guessed. What only looks otherwise (="0123", '0123, 8809101000016.0) is read
as what it was.
"""

import re
from dataclasses import dataclass
from typing import Final

from tillbridge.model.words import Words

_MEND: Final = Words(
    "Format the column as text, put the number in again, and export again.",
    "해당 열을 텍스트 서식으로 바꾸고 번호를 다시 입력한 뒤 내보내 주세요.",
)
_FORMULA: Final = re.compile(r'="?([^"]*)"?')
_POINT_ZERO: Final = re.compile(r"([0-9]{3,})[.,]0+")
_EXPONENT: Final = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+([0-9]{1,3})")
_ERROR: Final = re.compile(r"#(?:N/A|VALUE!|REF!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|#{4,}")
_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH: Final = "|".join(_MONTHS)
_DAY_MONTH: Final = re.compile(rf"([0-9]{{1,2}})-({_MONTH})(?:-[0-9]{{2,4}})?", re.IGNORECASE)
_MONTH_DAY: Final = re.compile(rf"({_MONTH})-([0-9]{{1,2}})", re.IGNORECASE)
_DATE: Final = re.compile(
    r"(?:19|20)[0-9]{2}([-./]) ?([0-9]{1,2})\1 ?([0-9]{1,2})\.?(?: [0-9:]+)?"
    r"|[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{2}|[0-9]{4})"
    r"|[0-9]{1,2}월 ?[0-9]{1,2}일"
)
_PERHAPS_DATE: Final = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_DIGITS: Final = 15
# "8.80123E+12" has so many digits; what a program writes out of it has zeros behind them.
_KEPT: Final = 6
_BARCODE: Final = range(12, 15)
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Damaged:
    """A number that a spreadsheet has damaged so that it is none any more.

    Attributes:
        field: what it was to be.
        raw: as it stands in the file.
        words: what was found, what is likely meant, and how to mend the file.
    """

    field: str
    raw: str
    words: Words


def unwrapped(text: str) -> str:
    """Return a number without what spreadsheets and programs put around it; nothing of it is lost."""
    if text.startswith("="):
        found = _FORMULA.fullmatch(text)
        text = found[1] if found else text
    if len(text) > 1 and text[0] in "'\u2018\u2019":
        text = text[1:]
    found = _POINT_ZERO.fullmatch(text)
    return found[1] if found else text


def unwrapped_words(raw: str, plain: str) -> Words:
    """Say that a number was read as another text than the one that stands there."""
    return Words(
        f"{raw!r} is written as a spreadsheet writes it; it is read as {plain}. {_MEND.en}",
        f"{raw!r}: 스프레드시트가 바꿔 쓴 번호라 {plain}(으)로 읽었습니다. {_MEND.ko}",
    )


def damage_of(field: str, text: str) -> Damaged | None:
    """Return what a spreadsheet did to a number, if digits or the number itself were lost."""
    said = _error(text) or _shortened(text) or _dated(text) or _rounded(field, text)
    if said is None:
        return None
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return Damaged(field, text, Words(f"{shown!r} {said.en} {_MEND.en}", f"{shown!r}: {said.ko} {_MEND.ko}"))


def is_error(text: str) -> bool:
    """Tell whether a cell holds what a spreadsheet writes where a formula has no result."""
    return text.startswith("#") and _ERROR.fullmatch(text) is not None


def may_be_date(text: str) -> bool:
    """Tell whether a part number looks like a month and a day: it may be one, and may be none."""
    return _PERHAPS_DATE.fullmatch(text) is not None


def date_words(text: str) -> Words:
    """Say that a part number may have become a date."""
    return Words(
        f"{text!r} may be a date that a spreadsheet made of a part number. If it is: {_MEND.en}",
        f"{text!r}: 스프레드시트가 부품 번호를 날짜로 바꾼 것일 수 있습니다. 그렇다면 {_MEND.ko}",
    )


def _error(text: str) -> Words | None:
    if not is_error(text):
        return None
    return Words(
        "is an error of a spreadsheet's formula (or a column too narrow) in the place of a number.",
        "번호 대신 스프레드시트의 수식 오류(또는 너무 좁은 열)가 들어 있습니다.",
    )


def _shortened(text: str) -> Words | None:
    found = _EXPONENT.fullmatch(text)
    if found is None:
        return None
    start, count = found[1] + (found[2] or ""), int(found[3]) + 1
    return Words(
        "is a number that a spreadsheet has shortened, and digits are lost: it had "
        f"{count} digits and began with about {start}.",
        f"스프레드시트가 번호를 지수 표기로 바꾸면서 숫자가 사라졌습니다. 원래 약 {start}(으)로 시작하는 "
        f"{count}자리 번호입니다.",
    )


def _dated(text: str) -> Words | None:
    meant = _meant(text)
    if meant is None:
        return None
    en = f", probably {meant}" if meant else ""
    ko = f"(아마 {meant})" if meant else ""
    return Words(
        f"is a date that a spreadsheet has made of a number{en}.",
        f"스프레드시트가 번호{ko}를 날짜로 바꾸었습니다.",
    )


def _meant(text: str) -> str | None:
    """Return what a date probably was; "" if that cannot be told, None if it is no date."""
    found = _MONTH_DAY.fullmatch(text)
    if found:
        number = _MONTHS.index(found[1].lower()) + 1
        return f"{number}-{found[2]} / {found[1].upper()}{found[2]}"
    found = _DAY_MONTH.fullmatch(text)
    if found:
        number = _MONTHS.index(found[2].lower()) + 1
        return f"{number}-{found[1]} / {found[1]}-{number} / {found[2].upper()}{found[1]}"
    found = _DATE.fullmatch(text)
    if not found:
        return None
    return f"{int(found[2])}-{int(found[3])}" if found[2] else ""


def _rounded(field: str, text: str) -> Words | None:
    if not (text.isascii() and text.isdigit()):
        return None
    long = len(text) > _DIGITS and not text[_DIGITS:].strip("0")
    barcode = field == "gtin" and len(text) in _BARCODE and 0 < len(text.rstrip("0")) <= _KEPT
    if not (long or barcode):
        return None
    return Words(
        "ends in zeros that a spreadsheet has put in the place of its last digits, which are lost.",
        "스프레드시트가 뒷자리를 0으로 바꾸어 원래 숫자가 사라졌습니다.",
    )
