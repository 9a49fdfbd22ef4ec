"""Business hours by command: said, shown, closed for a while; and by when orders must be answered."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from orders import order

WEEK = "Mo-Su 00:00-24:00"
pytestmark = pytest.mark.row("S17")


def test_a_store_says_that_its_hours_are_not_known(shop):
    answer = shop("store", "hours", "seoul")
    assert "not known: no due time is counted" in answer.text
    assert shop("store", "hours", "seoul", "--json").data["week"] is None


def test_hours_are_set_and_shown(shop):
    answer = shop(
        "store",
        "hours",
        "seoul",
        "Mo-Sa 10:00-20:00; PH off",
        "--special",
        "2031-12-24=10:00-15:00",
        "--json",
    )
    assert ("Mo-Sa 10:00-20:00; PH off", "") == (answer.data["week"], answer.data["region"])
    assert [{"day": "2031-12-24", "times": "10:00-15:00", "note": ""}] == answer.data["special"]
    assert "2031-12-24 10:00-15:00" in shop("store", "hours", "seoul").text
    assert "월-토 10:00-20:00; 공휴일 휴무" in shop("store", "hours", "seoul", "--lang", "ko").text
    assert "Mo-Sa" in shop("store", "list").text


def test_a_special_day_is_taken_back(shop):
    shop("store", "hours", "seoul", WEEK, "--special", "2031-12-24=off")
    assert [] == shop("store", "hours", "seoul", "--usual", "2031-12-24", "--json").data["special"]
    assert "is no special day" in shop("store", "hours", "seoul", "--usual", "2031-12-24").err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Mo-Fr 9-17",), "These are no business hours. “9-17” in “Mo-Fr 9-17” is not understood"),
        (("off",), "does not open within a year"),
        (("--special", "2031-12-24=off"), "The store's week is not known yet"),
        ((WEEK, "--special", "2031-12-24=ten"), "“ten” are no times of a day"),
        ((WEEK, "--special", "2031-13-24=off"), "“2031-13-24” is no day; an example is 2026-12-24"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_changed(shop, arguments, said):
    answer = shop("store", "hours", "seoul", *arguments)
    assert 0 != answer.code
    assert said in " ".join(answer.err.split())
    assert shop("store", "hours", "seoul", "--json").data["week"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Mo-Fr 9-17",), "영업시간을 읽을 수 없습니다. ‘Mo-Fr 9-17’의 ‘9-17’ 부분을 이해할 수 없습니다."),
        ((WEEK, "--special", "2031-12-24=ten"), "‘ten’은 영업시간이 아닙니다."),
        ((WEEK, "--special", "2031-13-24=off"), "‘2031-13-24’는 날짜가 아닙니다."),
        ((f"{WEEK}; PH off", "--region", "XYZ"), "KR에 'XYZ' 지역이 없음."),
    ],
)
def test_in_korean_it_is_said_in_korean(shop, arguments, said):
    answer = shop("store", "hours", "seoul", *arguments, "--lang", "ko")
    assert said in " ".join(answer.err.split())


def test_a_store_that_never_opens_is_not_added(program):
    program("init")
    answer = program("store", "add", "M", "--country", "KR", "--hours", "off")
    assert "does not open within a year" in " ".join(answer.err.split())
    assert [] == program("store", "list", "--json").data


def test_a_store_there_is_not_is_named_with_those_that_there_are(shop):
    assert "There is no store busan. There are: seoul." in shop("store", "hours", "busan").err


def test_a_store_is_closed_for_a_while_and_opened_again(shop):
    shop("store", "hours", "seoul", WEEK)
    assert "is closed until" in shop("store", "close", "seoul", "--until", "3h", "--reason", "누수").text
    closed = shop("store", "hours", "seoul", "--json").data
    assert (False, ["누수"]) == (closed["open"], [one["reason"] for one in closed["closures"]])
    assert datetime.fromisoformat(closed["opens_at"]) > datetime.now(UTC) + timedelta(hours=2)
    shop("store", "reopen", "seoul")
    assert shop("store", "hours", "seoul", "--json").data["open"]


def test_a_store_without_hours_is_not_closed_for_a_while(shop):
    assert "tillbridge store hours seoul HOURS" in shop("store", "close", "seoul", "--until", "3h").err


def test_orders_show_how_much_time_is_left(shop):
    shop("store", "hours", "seoul", WEEK)
    shop.webstore.offer(order("A1", placed_at=datetime.now(UTC) - timedelta(hours=2)))
    shop.connect()
    shop("poll")

    (shown,) = shop("orders", "--json").data
    assert "half gone" == shown["accept_stage"]
    assert 6600 < shown["accept_seconds_left"] <= 7200
    assert WEEK == shown["accept_hours"]
    assert re.search(r"\(1 h 5\d min left\)", shop("orders").text)
    assert re.search(r"\(1시간 5\d분 남음\)", shop("orders", "--lang", "ko").text)
    assert "Answer by" in shop("order", "show", "A1").text


def test_an_order_tells_that_its_due_time_cannot_be_known(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")

    shown = shop("order", "show", "A1", "--json").data
    assert shown["accept_by"] is None
    assert "business hours of seoul are not known" in shown["no_due_time"]
    assert "영업시간을 알 수 없습니다" in shop("order", "show", "A1", "--lang", "ko").text
    assert "are not known" in shop("order", "deadline", "A1").text


def test_changed_hours_leave_the_due_time_until_it_is_counted_anew(shop, lately):
    shop("store", "hours", "seoul", WEEK)
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")
    before = shop("order", "deadline", "A1", "--json").data["accept_by"]
    closed = shop("store", "close", "seoul", "--until", "3h").text
    assert "stay as they were counted before (1): A1." in closed

    shown = shop("order", "show", "A1", "--json").data
    assert (before, True) == (shown["accept_by"], "it would be: " in shown["by_new_hours"])
    assert [] == [one["what"] for one in shown["timeline"] if "hours" in one["what"]]
    assert "id:1 --recount" in shop("order", "show", "A1").text
    assert "새로 계산하려면" in shop("order", "deadline", "A1", "--lang", "ko").text
    after = shop("order", "deadline", "A1", "--recount", "--reason", "누수", "--json").data["accept_by"]
    late = datetime.fromisoformat(after) - datetime.fromisoformat(before)
    assert timedelta(hours=2, minutes=59) < late <= timedelta(hours=3)


@pytest.fixture
def closed_meanwhile(shop, lately):
    """A1 and A2 wait for an answer, and their store is closed for three hours."""
    shop("store", "hours", "seoul", WEEK)
    for one in ("A1", "A2"):
        shop.webstore.offer(lately(one))
    shop.connect()
    shop("poll")
    return shop, shop("store", "close", "seoul", "--until", "3h").text


def test_time_that_is_left_by_other_hours_is_said_to_be(closed_meanwhile):
    """They were counted while the store was to be open: of its opening hours nothing is left."""
    shop, _ = closed_meanwhile

    for said in (shop("orders").text, shop("order", "show", "A1").text, shop("order", "deadline", "A1").text):
        assert re.search(r"\(1 h 5\d min left by the hours it was counted by\)", said)
    assert "계산할 때의 영업시간 기준" in shop("orders", "--lang", "ko").text


def test_the_due_times_of_a_store_are_counted_anew_at_once(closed_meanwhile):
    shop, said = closed_meanwhile
    assert "tillbridge store recount seoul" in said
    before = {one["id"]: one["accept_by"] for one in shop("orders", "--json").data}

    answer = shop("store", "recount", "seoul", "--reason", "누수", "--json").data

    after = {one["id"]: one["accept_by"] for one in shop("orders", "--json").data}
    assert [(one, before[one], after[one]) for one in before] == [
        (one["id"], one["before"], one["after"]) for one in answer
    ]
    late = datetime.fromisoformat(after[2]) - datetime.fromisoformat(before[2])
    assert timedelta(hours=2, minutes=59) < late <= timedelta(hours=3)
    (entry,) = [
        one for one in shop("order", "show", "A2", "--json").data["timeline"] if "anew" in one["what"]
    ]
    assert "누수" in entry["en"]
    assert "No due time becomes another one." in shop("store", "recount", "seoul").text


def test_due_times_of_a_store_that_there_is_not_are_not_counted(shop):
    assert "There is no store busan." in shop("store", "recount", "busan").err


def test_a_connection_says_within_how_many_hours_and_what_happens_then(shop):
    shop.connect("--accept-hours", "1.5", "--overdue", "reject")
    (one,) = shop("connections", "--json").data
    assert (1.5, "reject") == (one["accept_hours"], one["overdue"])
    shop("connect", "memory", "--name", "web", "--replace", "--accept-hours", "0", "--yes")
    (one,) = shop("connections", "--json").data
    assert (0, "reject") == (one["accept_hours"], one["overdue"])


@pytest.mark.parametrize("hours", ["-1", "1001"])
def test_a_number_of_hours_that_cannot_be_meant_is_refused(shop, hours):
    answer = shop.connect("--accept-hours", hours)
    assert "between 0 (no limit) and 1000 hours" in " ".join(answer.err.split())
