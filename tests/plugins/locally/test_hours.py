"""Locally's display hours are read where they say one thing only; what may mean more is said, not guessed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tillbridge_locally
from tillbridge.model.hours import Hours
from tillbridge.model.opening import Place, open_spans
from tillbridge.plugin import Connection, WebHours
from tillbridge_locally.hours import HoursTextError, Span, read_hours, weekday, write_day, write_week
from tillbridge_locally.sandbox.process import Sandbox

pytestmark = pytest.mark.row("S17")
Connect = Callable[..., Connection]
STORE = "20301"
MONDAY = datetime(2026, 3, 2, tzinfo=ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("7am-8pm", "07:00-20:00"),  # the published one
        ("7 AM - 8 PM", "07:00-20:00"),
        ("7:30 AM – 8 PM", "07:30-20:00"),
        ("7.30am to 8pm", "07:30-20:00"),
        ("7:30 a.m. — 8:15 p.m.", "07:30-20:15"),
        ("7a-8p", "07:00-20:00"),
        ("7am-12pm, 1pm-8pm", "07:00-12:00,13:00-20:00"),
        ("1pm-8pm; 7am-noon", "07:00-12:00,13:00-20:00"),
        ("7am-12pm and 1pm-8pm", "07:00-12:00,13:00-20:00"),
        ("7am-12pm / 1pm-8pm", "07:00-12:00,13:00-20:00"),
        ("noon-midnight", "12:00-24:00"),
        ("7am-12am", "07:00-24:00"),
        ("12am-7am", "00:00-07:00"),
        ("12am-12am", "00:00-24:00"),
        ("6pm-2am", "18:00-02:00"),
        ("Open 7am-8pm", "07:00-20:00"),
        ("10:00-20:00", "10:00-20:00"),
        ("10-20", "10:00-20:00"),
        ("09:00-12:00", "09:00-12:00"),
        ("00:00-08:00", "00:00-08:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("22:00-02:00", "22:00-02:00"),
        ("오전 10시 ~ 오후 8시", "10:00-20:00"),
        ("오전 10:30~오후 8:00", "10:30-20:00"),
        ("오전 10시 30분부터 오후 8시까지", "10:30-20:00"),
        ("10시-20시", "10:00-20:00"),
        ("정오-오후 6시", "12:00-18:00"),
        ("10:00~20:00", "10:00-20:00"),
        ("Closed", "off"),
        ("  CLOSED ", "off"),
        ("휴무", "off"),
        ("정기휴무", "off"),
        ("24 hours", "00:00-24:00"),
        ("Open 24 hours", "00:00-24:00"),
        ("24/7", "00:00-24:00"),
        ("24시간 영업", "00:00-24:00"),
    ],
)
def test_a_days_hours_are_read(text: str, written: str) -> None:
    assert written == write_day(read_hours(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "open",
        "by appointment",
        "call us",
        "7am",
        "7am-",
        "9-5",  # until five in the morning, or in the afternoon?
        "9:00-6:00",
        "8:00-11:00",
        "09:00-05:00",
        "7-8pm",  # from seven in the morning?
        "10am-8",
        "7am-7am",  # a whole day, or nothing?
        "noon-noon",
        "10:00-10:00",
        "13am-8pm",
        "0am-8pm",
        "7:75am-8pm",
        "7am-25:00",
        "25:00-26:00",
        "7am-1pm, 12pm-8pm",  # at once
        "6pm-2am, 1am-3am",
        "7am-8pm (summer)",
        "Mon-Fri 7am-8pm",
        "7am-12pm-8pm",
        "am 7pm-8pm",
        "1234567am-8pm",
    ],
)
def test_what_may_mean_more_than_one_thing_is_not_read(text: str) -> None:
    with pytest.raises(HoursTextError):
        read_hours(text)


@pytest.mark.parametrize(
    ("label", "index", "day"),
    [
        ("Monday", 0, 0),
        ("Sun.", 0, 6),
        ("화요일", 5, 1),
        ("토", None, 5),
        ("", 2, 2),
        ("", 7, None),
        ("?", "1", None),
        ("", True, None),
    ],
)
def test_a_day_is_known_by_its_name_before_its_index(label: str, index: object, day: int | None) -> None:
    """What index 0 is, Locally does not publish: assumed is Monday."""
    assert day == weekday(label, index)


def test_equal_days_are_written_together() -> None:
    days = ["07:00-20:00"] * 5 + ["off", "off"]

    assert "Mo-Fr 07:00-20:00; Sa-Su off" == write_week(days)
    assert "Mo off; Tu-Su 10:00-20:00" == write_week(["off", *["10:00-20:00"] * 6])


def _said(minutes: int, style: str) -> str:
    """Write a time as a webstore may."""
    hour, minute = divmod(minutes % 1440, 60)
    if style == "24":
        return f"{minutes // 60 if minutes <= 1440 else hour:02d}:{minute:02d}"
    half = "am" if hour < 12 else "pm"
    twelve = hour % 12 or 12
    if style == "korean":
        return f"{'오전' if half == 'am' else '오후'} {twelve}시" + (f" {minute}분" if minute else "")
    plain = f"{twelve}" if not minute else f"{twelve}:{minute:02d}"
    return f"{plain} {half.upper()}" if style == "long" else f"{plain}{half}"


@st.composite
def _days(draw: st.DrawFn) -> tuple[tuple[Span, ...], str]:
    """A day's hours, and a text that says them."""
    style = draw(st.sampled_from(["short", "long", "korean"]))
    times = sorted(draw(st.sets(st.integers(0, 95), min_size=0, max_size=4)))
    times = [15 * one for one in times[: len(times) // 2 * 2]]
    spans = tuple(Span(start, end) for start, end in zip(times[::2], times[1::2], strict=True))
    sign = draw(st.sampled_from(["-", " – ", " to ", "~"]))
    said = ", ".join(f"{_said(one.start, style)}{sign}{_said(one.end, style)}" for one in spans)
    return spans, said or "Closed"


@given(week=st.lists(_days(), min_size=7, max_size=7))
def test_hours_that_are_said_are_read_and_written_as_the_same_hours(
    week: list[tuple[tuple[Span, ...], str]],
) -> None:
    """Read from the text, written as `opening_hours`, and read back by the library that counts due times."""
    assert [spans for spans, _ in week] == [read_hours(said) for _, said in week]
    text = write_week([write_day(spans) for spans, _ in week])

    expected = [
        (day * 1440 + one.start, day * 1440 + one.end) for day, (spans, _) in enumerate(week) for one in spans
    ]
    until = MONDAY + timedelta(days=7)
    found = [
        (int((one.start - MONDAY).total_seconds()) // 60, int((one.end - MONDAY).total_seconds()) // 60)
        for one in _until(Hours(week=text), until)
    ]
    assert expected == found


def _until(hours: Hours, end: datetime):
    for one in open_spans(hours, Place("UTC", "KR"), MONDAY.astimezone(UTC)):
        if one.start >= end:
            return
        yield one


def asked(connected: Connect, **settings: object) -> WebHours:
    return tillbridge_locally.fetch_hours(connected(**settings))[STORE]


def change(sandbox: Sandbox, **fields: object) -> None:
    sandbox.do("PATCH", f"/sandbox/stores/{STORE}", fields)


def test_hook_fetch_hours_asks_locally_for_its_stores(connected: Connect) -> None:
    hours = asked(connected)

    assert ("Sandbox", "Mo-Sa 10:00-20:00; Su 12:00-18:00", False, None) == (
        hours.name,
        hours.week,
        hours.closed,
        hours.unread,
    )
    assert "Monday: 10am-8pm" == hours.shown[0]


def test_only_the_stores_that_are_wanted_are_told_of(connected: Connect) -> None:
    assert {STORE} == set(tillbridge_locally.fetch_hours(connected(store_ids=STORE)))


def test_a_temporary_closure_is_told(sandbox: Sandbox, connected: Connect) -> None:
    change(sandbox, closed=True)

    assert asked(connected).closed


@pytest.mark.parametrize(
    ("week", "said"),
    [
        (["9-5"] * 7, "the hours of Monday are “9-5” at Locally, which may mean more than one thing"),
        (["10am-8pm"] * 6, "Locally does not say when it is open on Sunday"),
        ([], "Locally does not say when it is open on Monday"),
        (["10am-8pm"] * 6 + [""], "Locally does not say when it is open on Sunday"),
    ],
)
def test_a_week_of_which_a_day_cannot_be_read_is_none(
    sandbox: Sandbox, connected: Connect, week: list[str], said: str
) -> None:
    change(sandbox, week=[*week, *[""] * (7 - len(week))] if len(week) == 6 else week or [""] * 7)

    hours = asked(connected)

    assert hours.unread
    assert ("", said, True) == (hours.week, hours.unread.en, "로컬리" in hours.unread.ko)
