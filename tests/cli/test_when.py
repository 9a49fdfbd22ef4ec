"""What --orders-from takes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tillbridge.cli.when import read_when
from tillbridge.model.errors import InputError

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", NOW),
        ("all", datetime(1970, 1, 1, tzinfo=UTC)),
        ("7d", datetime(2026, 11, 11, 3, 0, tzinfo=UTC)),
        ("24h", datetime(2026, 11, 17, 3, 0, tzinfo=UTC)),
        ("90m", datetime(2026, 11, 18, 1, 30, tzinfo=UTC)),
        ("2026-11-16", datetime(2026, 11, 15, 15, 0, tzinfo=UTC)),
        ("2026-11-16T09:00", datetime(2026, 11, 16, 0, 0, tzinfo=UTC)),
        ("2026-11-16T09:00+02:00", datetime(2026, 11, 16, 7, 0, tzinfo=UTC)),
        ("2026-11-16T09:00:00z", datetime(2026, 11, 16, 9, 0, tzinfo=UTC)),
        ("99999w", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_the_stores_zone(text, moment):
    assert moment == read_when(text, now=NOW, zone=SEOUL)


@pytest.mark.parametrize("text", ["", "soon", "7", "-3d", "2026-13-01", "2026-11-19", "16.11.2026"])
def test_what_is_no_time_or_in_the_future_is_refused_with_what_is_allowed(text):
    with pytest.raises(InputError) as caught:
        read_when(text, now=NOW, zone=SEOUL)

    assert repr(text) in caught.value.words.en
    assert repr(text) in caught.value.words.ko
