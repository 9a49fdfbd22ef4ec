"""Which of two readings of an order is newer."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tillbridge.model.versions import Age, Seen

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def seen(start: int, end: int, **more):
    """A reading from `start` to `end`, in seconds after noon."""
    return Seen(NOON + timedelta(seconds=start), NOON + timedelta(seconds=end), **more)


def test_the_webstores_revision_decides_before_every_time():
    """Revision 8 is newer than 7, though it was read and dated earlier."""
    old = seen(50, 60, revision=7, updated_at=NOON + timedelta(hours=1))

    assert Age.NEWER is seen(0, 1, revision=8, updated_at=NOON).age(old)
    assert Age.OLDER is seen(90, 91, revision=6, updated_at=NOON + timedelta(hours=2)).age(old)


def test_the_webstores_updated_at_decides_before_our_own_times():
    assert Age.OLDER is seen(90, 91, updated_at=NOON).age(seen(0, 1, updated_at=NOON + timedelta(seconds=1)))


def test_without_a_word_of_the_webstore_a_request_after_the_answer_is_newer():
    assert Age.NEWER is seen(11, 12).age(seen(0, 10))
    assert Age.OLDER is seen(0, 10).age(seen(11, 12))


def test_requests_that_overlap_are_not_ordered():
    assert Age.UNCLEAR is seen(5, 20).age(seen(0, 10))
    assert Age.UNCLEAR is seen(0, 10).age(seen(10, 20))


def test_two_changes_in_one_second_of_the_webstore_are_told_apart_by_our_own_times():
    second = {"updated_at": NOON}

    assert Age.NEWER is seen(20, 21, **second).age(seen(0, 10, **second))
    assert Age.UNCLEAR is seen(5, 21, **second).age(seen(0, 10, **second))


def test_an_equal_reading_that_overlaps_widens_the_interval():
    assert seen(0, 20) == seen(5, 20).joined(seen(0, 10))


def test_an_equal_older_reading_leaves_the_mark_where_it_is():
    assert seen(11, 12) == seen(0, 10).joined(seen(11, 12))


spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: seen(min(pair), max(pair)))


@given(spans, spans)
def test_two_readings_never_both_claim_to_be_newer(one, other):
    opposite = {Age.NEWER: Age.OLDER, Age.OLDER: Age.NEWER, Age.UNCLEAR: Age.UNCLEAR}

    assert opposite[one.age(other)] is other.age(one)
