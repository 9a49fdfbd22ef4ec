"""What --orders-from and the options of moments ahead take."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tillbridge.cli.when import read_ahead, read_when
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


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2h", datetime(2026, 11, 18, 5, 0, tzinfo=UTC)),
        ("3d", datetime(2026, 11, 21, 3, 0, tzinfo=UTC)),
        ("15:00", datetime(2026, 11, 18, 6, 0, tzinfo=UTC)),
        ("9:30", datetime(2026, 11, 19, 0, 30, tzinfo=UTC)),
        ("2026-11-19", datetime(2026, 11, 18, 15, 0, tzinfo=UTC)),
        ("2026-11-18T13:00", datetime(2026, 11, 18, 4, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_ahead_is_read_in_the_stores_zone(text, moment):
    found = read_ahead(text, option="--again", now=NOW, zone=SEOUL)

    assert moment == found
    assert SEOUL == found.tzinfo


@pytest.mark.parametrize("text", ["", "now", "all", "0h", "25:00", "2026-11-18", "soon", "99999999w"])
def test_what_does_not_lie_ahead_is_refused_with_the_options_name(text):
    with pytest.raises(InputError) as caught:
        read_ahead(text, option="--again", now=NOW, zone=SEOUL)

    assert f"--again {text!r}" in caught.value.words.en
    assert f"--again {text!r}" in caught.value.words.ko


def test_a_moment_that_is_centuries_ahead_is_a_slip_of_the_finger():
    with pytest.raises(InputError, match="two years at most"):
        read_ahead("99999d", option="--expected", now=NOW, zone=SEOUL)
