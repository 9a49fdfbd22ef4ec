"""Business hours from a webstore: a store without any has them at connecting, others only at a wish."""

import pytest

from tillbridge.model.errors import Retryable
from tillbridge.model.web_hours import WebHours
from tillbridge.model.words import Words

pytestmark = pytest.mark.row("S17")
WEEK = "Mo-Sa 10:00-20:00; Su off"
UNREAD = Words("the hours of Monday are “9-5”", "월요일 영업시간 ‘9-5’의 뜻이 분명하지 않습니다")


def shows(shop, location="", **more):
    values = {"name": "Web", "week": WEEK, "shown": ["Monday: 10am-8pm"], **more}
    shop.webstore.hours[location] = WebHours(**values)


def hours(shop):
    return shop("store", "hours", "seoul", "--json").data["week"]


def test_a_store_without_hours_has_the_webstores_at_connecting(shop):
    shows(shop)

    answer = shop.connect()

    assert WEEK == hours(shop)
    assert f"seoul has the webstore's business hours now: {WEEK}" in answer.text


def test_a_store_with_hours_keeps_them_and_is_told_what_differs(shop):
    shop("store", "hours", "seoul", "Mo-Fr 09:00-18:00; PH off")
    shows(shop)

    answer = shop.connect()

    assert "Mo-Fr 09:00-18:00; PH off" == hours(shop)
    assert f"The webstore shows other business hours for seoul: {WEEK}." in answer.text


def test_hours_that_cannot_be_read_are_said_and_nothing_is_made_up(shop):
    shows(shop, week="", unread=UNREAD)

    answer = shop.connect()

    assert hours(shop) is None
    assert "The webstore's business hours cannot be read: the hours of Monday are “9-5”." in answer.text


def test_a_store_of_which_nobody_says_the_hours_is_told_at_connecting(shop):
    assert "The business hours of seoul are not known" in shop.connect().text


def test_a_webstore_that_does_not_answer_for_its_hours_is_connected_all_the_same(shop):
    def away(call):
        if call == "fetch_hours":
            raise Retryable("The webstore is away.")

    shop.webstore.before = away

    answer = shop.connect()

    assert (0, True) == (answer.code, "could not be asked for: The webstore is away." in answer.text)


def test_a_temporary_closure_is_said_with_the_command_for_it(shop):
    shows(shop, closed=True)

    assert "shows seoul as closed for the time being. If it is: tillbridge store close seoul" in (
        shop.connect().text
    )


def test_scripts_are_told_what_was_taken(shop):
    shows(shop)

    (told,) = shop.connect("--json").data["hours"]

    assert ("seoul", WEEK, True, False) == (told["store"], told["week"], told["saved"], told["closed"])


@pytest.fixture
def connected(shop):
    shop.connect()
    shows(shop)
    return shop


def test_a_proposal_is_shown_and_changes_nothing(connected):
    answer = connected("store", "hours", "seoul", "--from", "web")

    assert hours(connected) is None
    assert "Monday: 10am-8pm" in answer.out
    assert f'To take them: tillbridge store hours seoul "{WEEK}"' in answer.text


def test_a_proposal_is_taken_at_a_wish_and_special_days_stay(connected):
    connected("store", "hours", "seoul", "Mo-Fr 09:00-18:00", "--special", "2099-12-24=10:00-15:00")

    connected("store", "hours", "seoul", "--from", "web", "--save")

    kept = connected("store", "hours", "seoul", "--json").data
    assert (WEEK, ["2099-12-24"]) == (kept["week"], [one["day"] for one in kept["special"]])


def test_a_proposal_that_the_store_has_is_said_to_be_so(connected):
    connected("store", "hours", "seoul", WEEK)

    assert (
        "The webstore shows the hours that seoul has"
        in connected("store", "hours", "seoul", "--from", "web").text
    )


def test_what_cannot_be_read_is_not_taken(connected):
    shows(connected, week="", unread=UNREAD)

    answer = connected("store", "hours", "seoul", "--from", "web", "--save")

    assert (2, True) == (answer.code, "cannot be read" in answer.err)


def test_a_week_by_which_the_store_never_opens_is_not_taken(connected):
    shows(connected, week="Mo-Su off")

    assert 2 == connected("store", "hours", "seoul", "--from", "web", "--save").code
    assert hours(connected) is None


def test_a_plugins_week_that_is_none_is_not_taken(connected):
    shows(connected, week="whenever")

    answer = connected("store", "hours", "seoul", "--from", "web", "--json")

    assert answer.data["week"] is None
    assert "whenever" in answer.data["unread"]


def test_two_locations_of_one_store_that_differ_are_no_proposal(connected):
    shows(connected, "2", name="Other", week="Mo-Su 10:00-20:00")

    answer = connected("store", "hours", "seoul", "--from", "web")

    assert "Web, Other are all the store seoul, and have different hours" in answer.err + answer.text


def test_a_store_that_the_webstore_does_not_have_is_told(connected):
    connected("store", "add", "busan", "--country", "KR")

    answer = connected("store", "hours", "busan", "--from", "web")

    assert (2, True) == (answer.code, "shows no hours for the store busan" in answer.err)


@pytest.mark.parametrize(
    "more", [["--save"], ["Mo-Fr 09:00-18:00", "--from", "web"], ["--from", "web", "--region", "CA"]]
)
def test_what_does_not_go_together_is_refused(connected, more):
    assert 2 == connected("store", "hours", "seoul", *more).code
