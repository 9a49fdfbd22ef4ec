"""Business hours as people read them."""

import pytest

from tillbridge.model.hours_words import hours_words


@pytest.mark.parametrize(
    ("text", "korean"),
    [
        ("Mo-Sa 10:00-20:00; PH off", "월-토 10:00-20:00; 공휴일 휴무"),
        ("Mo,We,Fr 09:00-18:00", "월,수,금 09:00-18:00"),
        ("24/7", "연중무휴"),
        ("Mo-Su 10:00-20:00; 2026 Nov 26 11:00-15:00", "월-일 10:00-20:00; 2026년 11월 26일 11:00-15:00"),
        ("Dec 24 off", "12월 24일 휴무"),
        ("Mo 10:00-12:00; closed 2026-11-27 10:00 - 2026-11-27 15:00",
         "월 10:00-12:00; 휴업 2026-11-27 10:00 - 2026-11-27 15:00"),
        ('Mo off "Mo closed"', '월 휴무 "Mo closed"'),
    ],
)  # fmt: skip
def test_in_korean_days_and_words_are_korean_and_remarks_stay(text: str, korean: str) -> None:
    assert (text, korean) == (hours_words(text).en, hours_words(text).ko)
