"""By when an order must be answered: business time, over nights, holidays and changes of the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.model.deadlines import Deadline, Stage, deadline, left_words
from tillbridge.model.hours import Hours
from tillbridge.model.opening import Place, Span, open_spans

KOREA = Place("Asia/Seoul", "KR")
NEW_YORK = Place("America/New_York", "US")
pytestmark = pytest.mark.row("S17")


def must(spans, allowed) -> Deadline:
    """The deadline, where there is one."""
    found = deadline(spans, allowed)
    assert found is not None
    return found


def due(week, place, placed, hours=4):
    """When it is due, as the store's clock shows it."""
    zone = ZoneInfo(place.zone)
    start = datetime.fromisoformat(placed).replace(tzinfo=zone)
    found = deadline(open_spans(Hours(week=week), place, start), timedelta(hours=hours))
    return found.due_at.astimezone(zone).isoformat(" ", "minutes") if found else None


class TestDue:
    def test_four_hours_of_one_day(self):
        assert "2026-11-26 15:00+09:00" == due("Mo-Sa 10:00-20:00", KOREA, "2026-11-26T11:00")

    def test_a_lunch_break_does_not_count(self):
        assert "2026-11-26 16:00+09:00" == due("Mo-Sa 10:00-13:00,14:00-20:00", KOREA, "2026-11-26T11:00")

    def test_an_order_placed_while_the_shop_is_closed_starts_when_it_opens(self):
        assert "2026-11-27 14:00+09:00" == due("Mo-Sa 10:00-20:00", KOREA, "2026-11-26T21:00")

    def test_what_is_left_in_the_evening_counts_on_the_next_morning(self):
        assert "2026-11-30 11:00+09:00" == due("Mo-Sa 10:00-20:00", KOREA, "2026-11-28T17:00")

    def test_an_order_of_a_saturday_goes_over_the_spring_change_of_clocks(self):
        assert "2026-03-09 10:30-04:00" == due(
            "Sa 10:00-13:00,14:00-17:00; Mo 10:00-18:00", NEW_YORK, "2026-03-07T12:30"
        )

    def test_an_hour_that_is_skipped_does_not_count(self):
        assert "2026-03-08 04:00-04:00" == due("24/7", NEW_YORK, "2026-03-07T23:00")

    def test_an_hour_that_comes_twice_counts_twice(self):
        assert "2026-11-01 06:00-05:00" == due("22:00-06:00", NEW_YORK, "2026-10-31T23:00", hours=8)

    def test_a_night_shift_counts_as_one(self):
        assert "2026-11-27 03:00+09:00" == due("22:00-06:00", KOREA, "2026-11-26T23:00")

    def test_chuseok_is_skipped(self):
        assert "2026-09-28 13:00+09:00" == due("Mo-Sa 10:00-20:00; PH off", KOREA, "2026-09-23T19:00")

    def test_independence_day_is_skipped_when_it_is_observed(self):
        assert "2026-07-06 12:00-04:00" == due("Mo-Fr 09:00-17:00; PH off", NEW_YORK, "2026-07-02T16:00")

    def test_a_shop_that_never_opens_has_none(self):
        assert due("off", KOREA, "2026-11-26T11:00") is None

    def test_a_shop_that_is_not_open_as_long_within_a_year_has_none(self):
        assert due("2026 Nov 26 10:00-12:00", KOREA, "2026-11-26T09:00") is None


class TestStages:
    """Four hours, from noon until two and from three until five."""

    known = Deadline(
        (
            Span(datetime(2026, 11, 26, 12, tzinfo=UTC), datetime(2026, 11, 26, 14, tzinfo=UTC)),
            Span(datetime(2026, 11, 26, 15, tzinfo=UTC), datetime(2026, 11, 26, 17, tzinfo=UTC)),
        )
    )

    @pytest.mark.parametrize(
        ("moment", "stage", "minutes_left"),
        [
            ("11:59", Stage.NOT_STARTED, 240),
            ("12:00", Stage.RUNNING, 240),
            ("13:59", Stage.RUNNING, 121),
            ("14:00", Stage.HALF, 120),
            ("14:30", Stage.HALF, 120),
            ("15:59", Stage.HALF, 61),
            ("16:00", Stage.THREE_QUARTERS, 60),
            ("16:29", Stage.THREE_QUARTERS, 31),
            ("16:30", Stage.LAST_MINUTES, 30),
            ("16:59", Stage.LAST_MINUTES, 1),
            ("17:00", Stage.OVERDUE, 0),
            ("23:00", Stage.OVERDUE, 0),
        ],
    )
    def test_each_begins_at_its_minute(self, moment, stage, minutes_left):
        now = datetime.fromisoformat(f"2026-11-26T{moment}").replace(tzinfo=UTC)
        assert (stage, timedelta(minutes=minutes_left)) == (self.known.stage(now), self.known.left(now))

    def test_a_short_deadline_does_not_warn_before_the_shop_opens(self):
        short = must(self.known.spans, timedelta(minutes=20))
        assert Stage.NOT_STARTED is short.stage(datetime(2026, 11, 26, 11, tzinfo=UTC))
        assert Stage.LAST_MINUTES is short.stage(datetime(2026, 11, 26, 12, tzinfo=UTC))


STARTS = st.integers(0, 1_000_000).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(start=STARTS, minutes=st.integers(1, 6000))
def test_the_business_time_until_it_is_due_is_exactly_what_is_allowed(start, minutes):
    hours = Hours(week="Mo-Fr 10:00-13:00,14:00-19:00; Sa 22:00-02:00; PH off")
    found = must(open_spans(hours, NEW_YORK, start), timedelta(minutes=minutes))
    assert timedelta(minutes=minutes) == found.allowed
    assert timedelta(0) == found.left(found.due_at)
    assert found.due_at - start >= found.allowed


@given(start=STARTS, minutes=st.integers(2, 3000))
def test_a_longer_allowance_is_never_due_earlier(start, minutes):
    def spans():
        return open_spans(Hours(week="Mo-Sa 10:00-20:00; PH off"), KOREA, start)

    longer = must(spans(), timedelta(minutes=minutes))
    assert must(spans(), timedelta(minutes=minutes - 1)).due_at < longer.due_at


@given(start=STARTS, steps=st.lists(st.integers(1, 400), min_size=2, max_size=30))
def test_the_stages_come_in_their_sequence_whenever_one_looks(start, steps):
    found = must(open_spans(Hours(week="Mo-Sa 10:00-20:00"), KOREA, start), timedelta(hours=4))
    sequence = list(Stage)
    now, places, left = start, [], []
    for step in steps:
        now += timedelta(minutes=step)
        places.append(sequence.index(found.stage(now)))
        left.append(found.left(now))
    assert sorted(places) == places
    assert sorted(left, reverse=True) == left


class TestNextChange:
    """Four hours over a lunch break: 11:00-13:00 and 14:00-16:00 of one day."""

    HOURS = must(
        open_spans(Hours(week="Mo-Sa 10:00-13:00,14:00-20:00"), KOREA, datetime(2026, 11, 26, 2, tzinfo=UTC)),
        timedelta(hours=4),
    )

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            ("01:00", "02:00"),
            ("02:00", "04:00"),
            ("04:00", "06:00"),
            ("06:00", "06:30"),
            ("06:30", "07:00"),
        ],
    )
    def test_it_is_the_next_moment_at_which_the_stage_is_another(self, now, expected):
        found = self.HOURS.next_change(self.at(now))

        assert self.at(expected) == found
        assert self.HOURS.stage(found) is not self.HOURS.stage(found - timedelta(seconds=1))

    def test_what_is_overdue_comes_to_no_other_stage(self):
        assert self.HOURS.next_change(self.at("07:00")) is None

    @staticmethod
    def at(moment):
        return datetime.fromisoformat(f"2026-11-26T{moment}+00:00")


class TestWhatIsLeftInWords:
    """Placed at 17:00 on a Thursday, in a shop that is open from 10 to 20."""

    def said(self, moment):
        zone = ZoneInfo(KOREA.zone)
        placed = datetime(2026, 11, 26, 17, tzinfo=zone)
        found = must(open_spans(Hours(week="Mo-Sa 10:00-20:00"), KOREA, placed), timedelta(hours=4))
        return left_words(found, datetime.fromisoformat(moment).replace(tzinfo=zone))

    def test_what_the_closed_shop_lengthens_is_called_opening_hours(self):
        words = self.said("2026-11-26T18:57")

        assert ("2 h 3 min of opening hours left", "영업시간 기준 2시간 3분 남음") == (words.en, words.ko)

    def test_what_was_counted_by_other_hours_is_said_to_be(self):
        zone = ZoneInfo(KOREA.zone)
        placed = datetime(2026, 11, 26, 10, tzinfo=zone)
        found = must(open_spans(Hours(week="Mo-Sa 10:00-20:00"), KOREA, placed), timedelta(hours=4))
        words = left_words(found, placed, by_other_hours=True)

        assert "4 h left by the hours it was counted by" == words.en

    def test_what_passes_by_the_clock_is_only_said_to_be_left(self):
        words = self.said("2026-11-27T10:20")

        assert ("40 min left", "40분 남음") == (words.en, words.ko)
