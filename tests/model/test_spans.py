"""How long something lasted is rounded down, and how long something must wait is rounded up."""

from datetime import timedelta

import pytest

from tillbridge.model.spans import lasting, waiting


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 second"),
        (45, "45 seconds"),
        (59.5, "1 minute"),
        (60, "1 minute"),
        (100, "2 minutes"),
        (3_600, "1 hour"),
        (3_541, "1 hour"),
        (3_601, "2 hours"),
        (86_400, "1 day"),
        (82_900, "1 day"),
    ],
)
def test_a_wait_is_told_no_shorter_than_it_is(seconds, said):
    assert said == waiting(timedelta(seconds=seconds)).en


def test_a_wait_is_told_in_korean():
    assert "2분" == waiting(timedelta(seconds=100)).ko


def test_what_lasted_is_told_no_longer_than_it_did():
    assert "1 minute" == lasting(timedelta(seconds=100)).en
