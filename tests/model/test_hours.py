"""Business hours: what is refused when they are set, and when a store is open by them."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shop import SEOUL
from tillbridge.model import opening, stores
from tillbridge.model.errors import InputError
from tillbridge.model.holidays import holidays_of
from tillbridge.model.hours import Closure, Hours, SpecialDay
from tillbridge.model.opening import HORIZON, Place, open_spans, text_of
from tillbridge.model.stores import Store

KOREA = Place("Asia/Seoul", "KR")
NEW_YORK = Place("America/New_York", "US")


def opened(week, place, start, count, **more):
    """The first spans as the store's clock shows them."""
    zone = ZoneInfo(place.zone)
    found = open_spans(Hours(week=week, **more), place, datetime.fromisoformat(start).replace(tzinfo=zone))
    return [
        f"{one.start.astimezone(zone):%m-%d %H:%M}/{one.end.astimezone(zone):%m-%d %H:%M}"
        for one in islice(found, count)
    ]


@pytest.mark.row("S17")
class TestTheWeek:
    def test_a_lunch_break_parts_a_day(self):
        assert ["11-26 10:00/11-26 13:00", "11-26 14:00/11-26 19:00"] == opened(
            "Mo-Fr 10:00-13:00,14:00-19:00", KOREA, "2026-11-26T09:00", 2
        )

    def test_a_span_that_the_start_falls_into_begins_with_it(self):
        assert ["11-26 15:30/11-26 19:00"] == opened("Mo-Fr 10:00-19:00", KOREA, "2026-11-26T15:30", 1)

    def test_a_night_shift_goes_on_after_midnight(self):
        assert ["11-28 00:30/11-28 06:00"] == opened("Fr 22:00-06:00", KOREA, "2026-11-28T00:30", 1)

    def test_a_shop_that_never_closes_is_open_for_as_long_as_one_looks(self):
        start = datetime(2026, 11, 26, tzinfo=UTC)
        (only,) = open_spans(Hours(week="24/7"), KOREA, start)
        assert start == only.start
        assert only.end >= start + HORIZON

    def test_the_library_is_asked_no_further_than_one_looks(self, monkeypatch):
        """Where nothing ever changes it would look through every year to 9999, for a second."""
        asked = []

        class Asked:
            def intervals(self, start, end):
                asked.append(end - start)
                return ()

        monkeypatch.setattr(opening, "parsed", lambda *_: Asked())
        assert [] == list(
            open_spans(Hours(week="Mo-Su 00:00-24:00"), KOREA, datetime(2026, 11, 26, tzinfo=UTC))
        )
        assert [True] == [HORIZON < one < HORIZON + timedelta(days=7) for one in asked]

    def test_the_hour_that_comes_twice_is_not_lost_when_an_order_falls_into_its_first(self):
        """In the night in which clocks are set back, 01:30 New York time comes twice."""
        start = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
        assert start == next(open_spans(Hours(week="24/7"), NEW_YORK, start)).start

    def test_an_opening_in_the_hour_that_clocks_skip_is_the_next_hour(self):
        assert ["03-08 03:00/03-08 05:00"] == opened("02:30-05:00", NEW_YORK, "2026-03-08T00:00", 1)


@pytest.mark.row("S17")
class TestHolidays:
    def test_chuseok_is_off_with_the_days_around_it(self):
        assert ["09-23 19:00/09-23 20:00", "09-28 10:00/09-28 20:00"] == opened(
            "Mo-Sa 10:00-20:00; PH off", KOREA, "2026-09-23T19:00", 2
        )

    def test_a_holiday_on_a_saturday_is_off_too(self):
        """2026-10-03, and its substitute on Monday; the library's own calendar knows neither Saturday."""
        assert ["10-06 10:00/10-06 20:00"] == opened(
            "Mo-Sa 10:00-20:00; PH off", KOREA, "2026-10-03T09:00", 1
        )

    def test_an_observed_american_holiday_is_off(self):
        assert ["07-06 09:00/07-06 17:00"] == opened(
            "Mo-Fr 09:00-17:00; PH off", NEW_YORK, "2026-07-03T00:00", 1
        )

    def test_holidays_may_have_hours_of_their_own(self):
        assert ["12-25 11:00/12-25 15:00", "12-26 10:00/12-26 20:00"] == opened(
            "Mo-Sa 10:00-20:00; PH 11:00-15:00", KOREA, "2026-12-25T00:00", 2
        )

    def test_holidays_that_share_a_rule_with_days_of_the_week_follow_it(self):
        assert ["12-25 12:00/12-25 17:00"] == opened(
            "Mo-Sa 10:00-20:00; Su,PH 12:00-17:00", KOREA, "2026-12-25T00:00", 1
        )

    def test_holidays_are_off_wherever_their_rule_stands(self):
        """OpenStreetMap lets the later rule win, and people write it first all the same."""
        assert ["12-26 10:00/12-26 20:00"] == opened(
            "PH off; Mo-Sa 10:00-20:00", KOREA, "2026-12-25T00:00", 1
        )

    def test_without_a_word_of_holidays_they_are_days_like_others(self):
        assert ["12-25 10:00/12-25 20:00"] == opened("Mo-Sa 10:00-20:00", KOREA, "2026-12-25T00:00", 1)

    def test_a_region_has_holidays_of_its_own(self):
        germany = Place("Europe/Berlin", "DE")
        week = "Mo-Fr 09:00-18:00; PH off"
        assert ["01-06 09:00/01-06 18:00"] == opened(week, germany, "2026-01-06T00:00", 1)
        assert ["01-07 09:00/01-07 18:00"] == opened(week, germany, "2026-01-06T00:00", 1, region="BY")

    def test_a_holiday_has_its_name_in_both_languages(self):
        chuseok = holidays_of("KR", "", 2026)[date(2026, 9, 25)]
        assert ("Chuseok", "추석") == (chuseok.en, chuseok.ko)

    def test_a_holiday_takes_its_whole_night_shift_with_it(self):
        """The library alone would open at midnight for the half of a shift that never began."""
        friday = SpecialDay(day=date(2026, 11, 27), times="off")
        assert ["12-04 22:00/12-05 06:00"] == opened(
            "Fr 22:00-06:00", KOREA, "2026-11-26T00:00", 1, special=(friday,)
        )

    def test_the_night_before_a_day_that_is_off_ends_as_ever(self):
        saturday = SpecialDay(day=date(2026, 11, 28), times="off")
        assert ["11-27 22:00/11-28 06:00"] == opened(
            "Fr 22:00-06:00", KOREA, "2026-11-26T00:00", 1, special=(saturday,)
        )


@pytest.mark.row("S17")
class TestSpecialDaysAndClosures:
    def test_a_special_day_wins_over_a_holiday(self):
        eve = SpecialDay(day=date(2026, 12, 25), times="12:00-14:00", note="세일")
        assert ["12-25 12:00/12-25 14:00"] == opened(
            "Mo-Sa 10:00-20:00; PH off", KOREA, "2026-12-25T00:00", 1, special=(eve,)
        )

    def test_a_day_is_cut_out_of_a_shop_that_never_closes(self):
        day = SpecialDay(day=date(2026, 11, 27), times="off")
        assert ["11-26 12:00/11-27 00:00", "11-28 00:00/12-01 00:00"] == opened(
            "24/7",
            KOREA,
            "2026-11-26T12:00",
            2,
            special=(day, SpecialDay(day=date(2026, 12, 1), times="off")),
        )

    def test_a_closure_cuts_into_a_day(self):
        zone = ZoneInfo("Asia/Seoul")
        pipes = Closure(
            start=datetime(2026, 11, 26, 14, tzinfo=zone), until=datetime(2026, 11, 27, 12, tzinfo=zone)
        )
        assert ["11-26 10:00/11-26 14:00", "11-27 12:00/11-27 20:00"] == opened(
            "Mo-Sa 10:00-20:00", KOREA, "2026-11-26T09:00", 2, closures=(pipes,)
        )

    def test_a_special_shift_that_overlaps_the_night_before_counts_once(self):
        day = SpecialDay(day=date(2026, 11, 28), times="04:00-08:00")
        assert ["11-27 22:00/11-28 08:00"] == opened(
            "Fr 22:00-06:00", KOREA, "2026-11-27T12:00", 1, special=(day,)
        )

    def test_the_rules_that_hold_are_told_with_the_days_that_differ(self):
        hours = Hours(
            week="Mo-Sa 10:00-20:00; PH off",
            special=(SpecialDay(day=date(2026, 12, 24), times="10:00-15:00"),),
        )
        span = datetime(2026, 12, 24, 3, tzinfo=UTC), datetime(2026, 12, 26, 3, tzinfo=UTC)
        assert "Mo-Sa 10:00-20:00; PH off; 2026 Dec 24 10:00-15:00; 2026 Dec 25 off" == text_of(
            hours, KOREA, *span
        )


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("week", "said"),
        [
            ("", "The hours are empty; an example is Mo-Fr 10:00-13:00,14:00-19:00"),
            ("Mo-Fr 9-17", "“9-17” in “Mo-Fr 9-17” is not understood; times are written as in 09:00-18:00"),
            ("Mo-Fr 10:00-18:00; Sa 9-17; Su off", "“9-17” in “Sa 9-17” is not understood"),
            ("25:00-26:00", "“25:00-26:00” is not understood"),
            ("sunrise-sunset", "“sunrise” cannot be known"),
            ("Mo-Fr 10:00-18:00; SH off", "“SH” cannot be known"),
            ("Mo-Fr 10:00-18:00; PH -1 day off", "“PH -1 day off” says something of holidays"),
            ("Mo-Fr 10:00-18:00 || PH off", "says something of holidays that is not understood"),
        ],
    )
    def test_a_week_that_would_be_guessed_at_is_refused_in_words(self, week, said):
        with pytest.raises(ValidationError, match=said):
            Hours(week=week)

    def test_what_is_not_understood_is_said_in_korean_too(self):
        with pytest.raises(ValidationError) as refused:
            Hours(week="Mo-Fr 10:00-18:00; Sa 9-17")
        (one,) = refused.value.errors()
        assert (
            "‘Sa 9-17’의 ‘9-17’ 부분을 이해할 수 없습니다. 시각은 09:00-18:00처럼 씁니다. "
            "예: Mo-Fr 10:00-13:00,14:00-19:00; Sa 10:00-17:00; PH off"
        ) == one["ctx"]["error"].words.ko

    @pytest.mark.parametrize("times", ["", "10-12", "closed today", "10:00-12:00;11:00-13:00"])
    def test_a_special_day_has_times_or_is_off(self, times):
        with pytest.raises(ValidationError, match="no times of a day"):
            SpecialDay(day=date(2026, 1, 1), times=times)

    def test_a_closure_that_ends_before_it_begins_is_refused(self):
        moment = datetime(2026, 11, 26, tzinfo=UTC)
        with pytest.raises(ValidationError, match="ends after it begins"):
            Closure(start=moment, until=moment)

    @pytest.mark.row("S17")
    @pytest.mark.parametrize(
        "week", ["off", "2025 Jan 01-2025 Dec 31 10:00-18:00", "Mo-Fr 10:00-18:00 unknown"]
    )
    def test_a_store_that_never_opens_is_refused(self, week):
        store = SEOUL.model_copy(update={"hours": Hours(week=week)})
        with pytest.raises(InputError, match="does not open within a year"):
            store.require_open(datetime(2026, 11, 26, tzinfo=UTC))

    def test_holidays_of_a_country_that_has_no_calendar_are_refused(self):
        store = SEOUL.model_copy(update={"country": "XX", "hours": Hours(week="10:00-18:00; PH off")})
        with pytest.raises(InputError, match="no public holidays are known for the country 'XX'"):
            store.require_open(datetime(2026, 11, 26, tzinfo=UTC))

    def test_a_region_that_there_is_not_is_refused_with_those_that_there_are(self):
        store = SEOUL.model_copy(
            update={"country": "AU", "hours": Hours(week="10:00-18:00; PH off", region="XYZ")}
        )
        with pytest.raises(InputError, match="AU has no region 'XYZ'; there are: ACT, NSW"):
            store.require_open(datetime(2026, 11, 26, tzinfo=UTC))

    def test_unknown_hours_are_refused_nowhere(self):
        SEOUL.require_open(datetime(2026, 11, 26, tzinfo=UTC))


def test_a_store_that_was_kept_before_there_were_hours_still_loads():
    kept = SEOUL.model_dump(mode="json")
    del kept["hours"]
    assert SEOUL == Store.model_validate(kept)
    assert stores.Store.model_validate(kept).hours is None


STARTS = st.integers(0, 1_000_000).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
WEEKS = (
    "Mo-Fr 10:00-13:00,14:00-19:00; Sa 10:00-17:00; PH off",
    "Mo-Su 22:00-06:00; PH off",
    "24/7; PH 08:00-12:00",
    "Fr-Sa 18:00-03:00; Su,PH 12:00-20:00",
)


@pytest.mark.row("S17")
@given(
    week=st.sampled_from(WEEKS),
    place=st.sampled_from([KOREA, NEW_YORK, Place("Europe/London", "GB")]),
    start=STARTS,
    days=st.lists(st.integers(-3, 30), max_size=4, unique=True),
    times=st.sampled_from(["off", "11:00-15:00", "20:00-02:00"]),
)
def test_spans_come_in_sequence_never_overlap_and_never_lie_before_the_start(week, place, start, days, times):
    special = tuple(SpecialDay(day=(start + timedelta(days=one)).date(), times=times) for one in days)
    found = list(islice(open_spans(Hours(week=week, special=special), place, start), 40))
    assert found
    assert found[0].start >= start
    assert all(one.start < one.end for one in found)
    assert all(before.end < after.start for before, after in pairwise(found))


@given(start=STARTS)
def test_looking_later_finds_the_same_spans(start):
    hours = Hours(week=WEEKS[1])
    wide = list(islice(open_spans(hours, NEW_YORK, start), 10))
    later = wide[0].start + (wide[0].end - wide[0].start) / 2
    near = list(islice(open_spans(hours, NEW_YORK, later), 10))
    assert wide[1:] == near[1:10]
    assert (later, wide[0].end) == near[0]


@pytest.mark.parametrize("week", ["Feb 30 10:00-12:00", "Mo-Fr 09:00-18:00; Jun 25-31 off", "Apr 31 off"])
def test_a_day_that_no_calendar_has_is_refused(week):
    with pytest.raises(ValidationError, match="is no day of the calendar"):
        Hours(week=week)


@pytest.mark.parametrize("week", ["Feb 29 off; Mo-Fr 09:00-18:00", "Jan 10:00-12:00", "Dec 24-31 off"])
def test_days_that_there_are_are_taken(week):
    assert week == Hours(week=week).week
