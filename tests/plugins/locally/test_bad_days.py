"""Whatever Locally does on a bad day: nothing is lost, nothing doubled, and staff read what is wrong."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update

from plugins.locally.bad_days import BadDay
from tillbridge.db import tables
from tillbridge.model.messages import Cause
from tillbridge.model.words import Words
from tillbridge_locally.sandbox.process import Sandbox

HANGUL = re.compile("[가-힣]")
# What nobody at a counter should have to read.
JARGON = re.compile(r"Traceback|Error\b|Exception|httpx|msgspec|urllib|errno|<html|None", re.IGNORECASE)


@pytest.fixture
def day(sqlite_url: str, sandbox: Sandbox) -> Iterator[BadDay]:
    """A shop on SQLite: what happens on the network is the same for every database."""
    day = BadDay(sqlite_url, sandbox, key=Fernet.generate_key().decode())
    yield day
    sandbox.recover()
    day.close()


@pytest.fixture
def any_day(database_url: str, sandbox: Sandbox) -> Iterator[BadDay]:
    """The same shop on either database: what a list does meets what is kept."""
    day = BadDay(database_url, sandbox, key=Fernet.generate_key().decode())
    yield day
    sandbox.recover()
    day.close()


def assert_plain(words: Words | None) -> None:
    """Both languages, for people."""
    assert words is not None
    assert HANGUL.search(words.ko)
    assert not HANGUL.search(words.en)
    assert not JARGON.search(words.en), words.en
    assert not JARGON.search(words.ko), words.ko


STORM = "has a fault of its own"
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "rate limit, no wish": ({"kind": "status", "status": 429}, "is busy and asks for patience"),
    "rate limit, a second": ({"kind": "status", "status": 429, "retry_after": 1}, "left alone for 1 second."),
    "rate limit, an hour": ({"kind": "status", "status": 429, "retry_after": 3600}, "left alone for 1 hour."),
    "storm of 500": ({"kind": "status", "status": 500}, STORM),
    "storm of 503": ({"kind": "status", "status": 503, "retry_after": 120}, "left alone for 2 minutes."),
    "dropped before": ({"kind": "drop", "when": "before"}, "broke off"),
    "dropped in between": ({"kind": "drop", "when": "during"}, "broke off"),
    "dropped after": ({"kind": "drop", "when": "after"}, "broke off"),
    "cut-off JSON": ({"kind": "cut", "length": 200}, "cannot be read"),
    "EUC-KR": ({"kind": "encoding", "letters": "cp949"}, "not written in UTF-8"),
    "UTF-16": ({"kind": "encoding", "letters": "utf-16"}, "cannot be read"),
    "packed, it says": ({"kind": "packing", "packing": "gzip"}, "damaged or cut off"),
    "packed otherwise": ({"kind": "packing", "packing": "br"}, "not asked for"),
    "a sign-in page": ({"kind": "page"}, "cannot be read"),
    "endless": ({"kind": "endless"}, "larger than the 1 MiB allowed"),
    "gzip bomb": ({"kind": "bomb", "mebibytes": 64}, "larger than the 1 MiB allowed"),
}


@pytest.mark.row("S1")
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_loses_no_order_and_doubles_none_and_is_shown_in_words(day: BadDay, name: str) -> None:
    """It begins at the second page: what came before stays, and the rest comes when it is over."""
    fault, said = FAULTS[name]
    day.place(2)
    day.poll()
    day.place(5)
    day.sandbox.fault("slow", path="/orders", seconds=0)  # the first page comes
    day.sandbox.fault(path="/orders", times=0, **fault)

    result = day.poll()

    assert_plain(result.trouble)
    assert said in str(result.trouble)
    assert result.trouble == day.health.trouble
    assert timedelta() < day.rest() <= timedelta(days=1)
    day.recover()
    day.assert_whole()


@pytest.mark.row("S1")
def test_a_body_that_drips_ends_at_the_deadline_and_loses_no_order(day: BadDay) -> None:
    """Three orders are some 2,000 bytes: a hundred seconds' worth of dripping, each byte in good time."""
    day.place(3)
    day.restart(total_deadline=0.4)
    day.sandbox.fault("drip", path="/orders", every=0.05, times=0)

    result = day.poll()

    assert_plain(result.trouble)
    assert "in the time allowed" in str(result.trouble) or "not complete after" in str(result.trouble)
    day.restart()
    day.recover()
    day.assert_whole()


@pytest.mark.row("S1")
def test_refused_connections_lose_no_order(day: BadDay) -> None:
    """The port is closed for a while, and opens again."""
    day.place(2)
    day.poll()
    day.place(2)
    day.sandbox.turn(open_=False)

    result = day.poll()

    assert_plain(result.trouble)
    assert "cannot be reached" in str(result.trouble)
    day.recover()
    day.assert_whole()


SENSELESS = ["-5", "soon", "", "1e9", "Wed, 21 Oct 2015 07:28:00 GMT"]
FAR = ["31536000", "1" + "0" * 30, "Fri, 31 Dec 9999 23:59:59 GMT"]


@pytest.mark.row("S1")
def test_an_absurd_wish_for_patience_is_heeded_for_a_day_at_most(day: BadDay) -> None:
    """A year, or a date in the year 9999, counts as a day; what is no time at all, or past, as no wish."""
    day.place(2)
    for wish in [*SENSELESS, *FAR]:
        day.sandbox.fault("status", path="/orders", status=429, retry_after=wish, times=0)

        result = day.poll()

        rest = day.rest()
        assert_plain(result.trouble)
        assert ("left alone for 1 day." in str(result.trouble)) is (wish in FAR)
        if wish in FAR:
            assert timedelta(hours=23, minutes=59) < rest <= timedelta(days=1)
        else:
            assert rest < timedelta(minutes=6)
        day.sandbox.recover()
    day.recover()
    day.assert_whole()


@pytest.mark.row("S1")
def test_the_same_order_on_two_pages_becomes_one_sale(any_day: BadDay) -> None:
    any_day.place(8)
    any_day.sandbox.behave(repeats=True)

    result = any_day.poll()

    assert result.trouble is None
    # Three a page, of which the first is the one before's last: 3 + 2 + 2 + 1 new ones.
    assert 11 == result.fetched
    any_day.assert_whole()


@pytest.mark.row("S1")
def test_orders_that_share_a_second_are_not_cut_apart_by_a_page(any_day: BadDay) -> None:
    """Seven of one second on pages of three; an eighth of the same second appears after they were read."""
    names = any_day.place(7)
    moment = (any_day.clock.now() - timedelta(seconds=30)).replace(microsecond=0).isoformat()
    for name in names:
        any_day.sandbox.change(name, updated_at=moment)
    assert any_day.poll().trouble is None

    (late,) = any_day.place()
    any_day.sandbox.change(late, updated_at=moment)
    assert any_day.poll().trouble is None

    any_day.assert_whole()


@pytest.mark.row("S1")
def test_pages_that_shift_while_they_are_read_lose_no_order(any_day: BadDay) -> None:
    """One order of each page changes as soon as it was served, and moves to the list's end."""
    any_day.place(8)
    any_day.sandbox.behave(restless=1)

    assert any_day.poll().trouble is None
    any_day.recover()

    any_day.assert_whole()


def test_a_list_that_changes_faster_than_it_is_read_does_not_hold_a_poll_for_ever(day: BadDay) -> None:
    """Every order of every page changes as soon as it was served: the list's end is never reached."""
    day.place(8)
    day.sandbox.behave(restless=3)

    assert day.poll().trouble is None

    day.recover()
    day.assert_whole()


@pytest.mark.row("S1")
def test_an_order_from_the_far_future_hides_none_that_comes_after_it(day: BadDay) -> None:
    (ahead,) = day.place()
    day.sandbox.change(ahead, updated_at="2099-01-01T00:00:00Z")
    day.poll()
    day.place(4)

    day.poll()

    day.assert_whole()


@pytest.mark.row("S1")
@pytest.mark.parametrize("cursor", ["2099-01-01T00:00:00+00:00 ZZZ", "9999-12-31T23:59:59+00:00 "])
def test_a_kept_cursor_from_the_far_future_hides_no_order(day: BadDay, cursor: str) -> None:
    """Both clocks were wrong when it was made; what comes now is stamped with the right time."""
    day.poll()
    with day.engine.context.database.write("test") as database:
        database.execute(update(tables.connections).values(cursor=cursor))
    day.place(4)

    assert day.poll().trouble is None

    day.assert_whole()


@pytest.mark.row("S1")
@pytest.mark.parametrize("hours", [5, -5])
def test_a_clock_of_theirs_that_is_hours_off_and_set_right_loses_no_order(day: BadDay, hours: int) -> None:
    day.sandbox.behave(hours_ahead=hours)
    day.place(4)
    assert day.poll().trouble is None
    day.sandbox.behave()
    day.place(4)

    assert day.poll().trouble is None

    day.assert_whole()


@pytest.mark.row("S1")
def test_a_clock_of_ours_that_is_set_back_lets_no_connection_rest_until_then(day: BadDay) -> None:
    """The shop's computer was five hours ahead; what it said of when to ask again is worth nothing."""
    day.clock.advance(5 * 3600)
    day.place(2)
    day.poll()
    day.clock.set_back(5 * 3600)
    day.place(2)

    (result,) = day.engine.poll_due()

    assert result.trouble is None
    day.assert_whole()
    assert [] == day.engine.poll_due()


@pytest.mark.row("S1")
def test_expired_credentials_that_come_back_bring_every_order(any_day: BadDay) -> None:
    """They expire between two polls; staff read what to mend, and check again when they have."""
    any_day.place(2)
    any_day.poll()
    any_day.place(4)
    any_day.sandbox.behave(refuses_key=True)

    result = any_day.poll()

    assert_plain(result.trouble)
    assert "Enter the key or password again" in str(result.trouble)
    assert timedelta(minutes=59) < any_day.rest() <= timedelta(hours=1)
    (message,) = _down(any_day)
    assert_plain(message)
    assert "Enter the key or password again" in message.en
    any_day.recover()
    any_day.assert_whole()
    assert [] == _down(any_day)


def _down(day: BadDay) -> list[Words]:
    return [one.words for one in day.engine.messages() if one.cause is Cause.CONNECTION_DOWN]
