"""Connections that nobody polls, that are in trouble, or whose webstore does not answer."""

import threading
from datetime import timedelta

import pytest

from stub_plugins import offering, provider
from tillbridge import plugins
from tillbridge.model.errors import Misconfigured, Rejected, Retryable
from tillbridge.provider import FilesUse
from tillbridge.testing.storefront import MemoryStorefront
from tillbridge.testing.webstore import NAME


def test_a_connection_that_nobody_polls_is_overdue(patient):
    patient.sell()
    patient.clock.advance(11 * 60)

    found = patient.finding("connections.overdue")

    assert "not polled for 11 minutes; it should be every 5 minutes" in found.wrong.en
    assert found.remedy.en.endswith("tillbridge run")


def test_a_connection_that_was_never_polled_is_overdue_by_its_age(in_file):
    in_file.clock.advance(11 * 60)

    assert {"connections.overdue"} == in_file.codes()


def test_a_webstore_that_said_when_to_come_back_is_not_overdue(in_file):
    in_file.sell()
    in_file.webstore.before = lambda _: raising(
        Retryable("Closed", until=in_file.clock.now() + timedelta(hours=2))
    )
    in_file.sell("A2")
    in_file.webstore.before = lambda _: None
    in_file.clock.advance(60 * 60)

    assert {"connections.trouble"} == in_file.codes()


def raising(error: BaseException) -> None:
    raise error


def test_a_connection_that_is_switched_off_is_left_alone(in_file):
    in_file.sql("UPDATE connections SET enabled = 0")
    in_file.clock.advance(24 * 60 * 60)

    assert set() == in_file.codes()


def test_a_trouble_that_stands_is_told(patient):
    patient.sql(
        "INSERT INTO troubles (subject, connection_id, activity, since, en, ko, told) "
        "SELECT 'poll:' || id, id, 'poll', created_at, 'The key is refused.', '키가 거부되었습니다.', "
        "'settings' FROM connections"
    )

    found = patient.finding("connections.trouble")

    assert "The key is refused." in found.wrong.en
    assert "키가 거부되었습니다." in found.wrong.ko
    assert "tillbridge poll --connection web" in found.remedy.en


def test_a_secret_that_stands_in_plain_is_told_and_not_shown(in_file):
    in_file.sql("""UPDATE connections SET settings = '{"shop": "s1", "token": "sk-plain"}'""")

    found = in_file.finding("connections.plain_secret")

    assert "holds in plain: token" in found.wrong.en
    assert "--replace --secret token=-" in found.remedy.en
    assert "sk-plain" not in str(found)


@pytest.mark.row("S1")
def test_webhooks_that_seem_not_to_arrive_are_told(patient):
    with patient.engine() as engine:
        engine.open_webhook("web")
    patient.sql("UPDATE webhook_doors SET missed = 3")

    found = patient.finding("connections.webhook")

    assert "web: no webhook told of the last 3 new orders" in found.wrong.en
    assert "tillbridge connection webhook web" in found.remedy.en


def test_settings_that_fit_no_more_are_told(patient):
    patient.sql("""UPDATE connections SET settings = '{"shopp": "s1"}'""")

    assert "no setting shopp" in patient.finding("connections.unusable").wrong.en


def test_a_provider_that_is_gone_is_named(patient):
    patient.plugins = plugins.load([], extra={"other": offering(provider())})

    assert f"needs the provider {NAME}" in patient.finding("connections.provider").wrong.en


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Misconfigured("wrong key"), "connections.refused"),
        (Rejected("no such shop"), "connections.refused"),
        (Retryable("down"), "connections.away"),
        (ZeroDivisionError(), "connections.plugin"),
        (SystemExit(), "connections.plugin"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, BaseException) else one,
)
def test_what_a_webstore_says_to_the_check_is_told(in_file, error, code):
    in_file.webstore.before = lambda _: raising(error)

    assert {code} == in_file.codes()


def test_offline_no_webstore_is_asked(in_file):
    in_file.webstore.before = lambda _: raising(Retryable("down"))

    assert set() == in_file.codes(live=False)


def test_a_webstore_that_hangs_holds_up_nobody(in_file):
    in_file.connect("two", "s2")
    end = threading.Event()
    in_file.webstore.before = lambda _: end.wait(30)

    found = [one for one in in_file.examined(call_seconds=0.2).findings if one.code == "connections.slow"]
    end.set()

    assert ["web", "two"] == [one.figures["name"] for one in found]


def test_webstores_are_asked_at_the_same_time(in_file):
    """Both checks have begun before either ends."""
    in_file.connect("two", "s2")
    both = threading.Barrier(2, timeout=5)
    in_file.webstore.before = lambda _: both.wait()

    assert set() == in_file.codes()


def test_without_a_connection_there_is_nothing_to_look_at(in_file):
    in_file.sql("DELETE FROM connections")

    (checked,) = [one for one in in_file.examined().checks if one.name == "connections"]

    assert "none yet" in checked.notes[0].en


@pytest.mark.parametrize(
    ("error", "code"),
    [(Retryable("It is down."), "connections.trouble"), (Misconfigured("wrong key"), "connections.refused")],
)
def test_a_webstore_that_is_down_is_told_once(in_file, error, code):
    """Its polls failed and its check fails: of the two findings the graver one stays."""
    in_file.webstore.before = lambda _: raising(error)
    in_file.sell()

    assert {code} == in_file.codes()


def test_a_trouble_of_one_connection_stays_beside_anothers(in_file):
    in_file.connect("two", "s2")
    in_file.sql(
        "INSERT INTO troubles (subject, connection_id, activity, since, en, ko, told) "
        "SELECT 'poll:' || id, id, 'poll', created_at, 'Refused.', '거부', 'settings' FROM connections "
        "WHERE name = 'two'"
    )
    calls = iter([Misconfigured("wrong key")])
    in_file.webstore.before = lambda _: raising(error) if (error := next(calls, None)) else None

    found = in_file.examined().checks
    (checked,) = [one for one in found if one.name == "connections"]

    assert "connections.trouble" in [one.code for one in checked.findings]


@pytest.mark.row("S15")
def test_a_place_for_files_that_cannot_be_written_is_told_beside_other_trouble(in_file):
    in_file.plugins = plugins.load([], extra={NAME: MemoryStorefront(files=FilesUse.OPTIONAL)})
    in_file.sql("""UPDATE connections SET settings = '{"shop": "s1", "files": "/nowhere/at/all"}'""")
    in_file.sql(
        "INSERT INTO troubles (subject, connection_id, activity, since, en, ko, told) "
        "SELECT 'poll:' || id, id, 'poll', created_at, 'It is away.', '연결할 수 없습니다.', 'waiting' "
        "FROM connections"
    )

    assert "/nowhere/at/all is not there" in in_file.finding("connections.files").wrong.en
    assert {"connections.files", "connections.trouble"} <= in_file.codes()
