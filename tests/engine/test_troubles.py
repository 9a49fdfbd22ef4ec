"""A trouble is told once when it begins and once when it is over, whatever happens in between."""

import logging
from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import text

from orders import order
from tillbridge.db import migrate
from tillbridge.db.database import Database
from tillbridge.events import Turn
from tillbridge.model.errors import Misconfigured, Retryable
from tillbridge.model.status import Status
from tillbridge.model.words import Words
from tillbridge.runtime.embedded import RunEvent, Runner


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What the log holds at INFO and above."""
    caplog.set_level(logging.INFO, logger="tillbridge")
    return caplog


def levels(told: pytest.LogCaptureFixture) -> list[str]:
    return [record.levelname for record in told.records]


def away(shop, at: str, error: Exception | None = None) -> None:
    """Let one call of the webstore fail, each time in other words."""
    count = iter(range(1000))
    shop.webstore.offer(order("A1"))  # what there is to be fetched

    def fail(call: str) -> None:
        if call == at:
            raise error or Retryable(
                Words(f"The webstore is away ({next(count)}).", "웹스토어에 연결할 수 없습니다.")
            )

    shop.webstore.before = fail


def well(shop) -> None:
    shop.webstore.before = lambda _: None


def test_many_failing_polls_are_told_once_down_and_once_up(shop, told):
    """With the connection's name and the cause; and at the end since when it was."""
    away(shop, "fetch_orders")
    for _ in range(30):
        shop.poll()
        shop.clock.advance(240)
    well(shop)
    shop.poll()

    assert ["WARNING", "INFO"] == levels(told)
    down, up = told.messages
    assert "web: The webstore is away (0)." == down
    assert "web: The connection works again, after 2 hours. It began at 2026-03-02T03:00:00+00:00." == up


def test_staff_read_the_newest_words_and_since_when(shop):
    away(shop, "fetch_orders")
    begun = shop.clock.now()
    for _ in range(3):
        shop.poll()
        shop.clock.advance(300)

    (one,) = shop.engine.connections()
    assert "The webstore is away (2)." == one.trouble.en
    assert begun == one.trouble_since


def test_other_processes_do_not_tell_it_again(shop, told):
    """Each poll in an engine of its own, as a scheduler would run `tillbridge poll`."""
    away(shop, "fetch_orders")
    for _ in range(5):
        with shop.another() as engine:
            engine.poll()
    well(shop)
    for _ in range(2):
        with shop.another() as engine:
            engine.poll()

    assert ["WARNING", "INFO"] == levels(told)


def test_a_cause_of_another_kind_is_told_once_more(shop, told):
    """Away, then refused credentials, then away again: the second kind is news, the third time is not."""
    for error in (None, Misconfigured("The key is refused."), None, Misconfigured("The key is refused.")):
        away(shop, "fetch_orders", error)
        shop.poll()
    well(shop)
    shop.poll()

    assert ["WARNING", "WARNING", "INFO"] == levels(told)


def test_failing_deliveries_are_told_once_down_and_once_up(shop, told):
    """While the list itself can be read well."""
    shop.webstore.offer(order("A1"))
    shop.webstore.offer(order("A2"))
    shop.poll()
    away(shop, "push_status")
    shop.set("A1", Status.IN_PROCESS)
    shop.set("A2", Status.IN_PROCESS)
    for _ in range(8):
        shop.poll()
        shop.clock.advance(300)

    (one,) = shop.engine.connections()
    assert one.trouble.en.startswith("The webstore is away")
    well(shop)
    shop.clock.advance(7200)
    shop.poll()

    assert ["WARNING", "INFO"] == levels(told)
    down, up = told.messages
    assert down.startswith("web: Decisions are not passed on yet: The webstore is away")
    assert up.startswith("web: No decision waits because of a fault any more, after 2 hours.")
    assert ["A1", "A2"] == sorted(one.order_id for one in shop.webstore.told)


def test_a_till_that_cannot_be_read_is_told_once_down_and_once_up(shop, told, monkeypatch):
    def fails(*_args):
        raise RuntimeError("a host's own")

    with monkeypatch.context() as patched:
        patched.setattr(type(shop.pos), "sales_changed", fails)
        for _ in range(10):
            shop.engine.tick()
            shop.clock.advance(2)
    for _ in range(3):
        shop.engine.tick()

    assert ["WARNING", "INFO"] == levels(told)
    assert told.messages[0].startswith("till: What changed at the till could not be read")
    assert told.messages[1].startswith("till: What changes at the till is read again, after 20 seconds.")


def test_what_one_fault_does_to_several_activities_is_told_once(shop, told, monkeypatch):
    """A point of sale that answers nothing fails every beat's settling and every poll, in the same words."""
    shop.webstore.offer(order("A1"))

    def fails(*_args):
        raise RuntimeError("a host's own")

    with monkeypatch.context() as patched:
        for call in (
            "stores",
            "find_products",
            "find_customers",
            "open_sales",
            "find_sales",
            "sales_changed",
        ):
            patched.setattr(type(shop.pos), call, fails)
        for _ in range(10):
            shop.engine.tick()
            shop.clock.advance(60)
    shop.clock.advance(7200)
    shop.engine.tick()
    shop.engine.tick()

    assert ["web", "till"] == [one.getMessage().split(":")[0] for one in told.records if one.levelno > 20]
    assert Status.NEW is shop.status("A1")
    assert shop.engine.connections()[0].trouble is None


def test_what_nobody_foresaw_is_told_once_with_its_traceback_in_the_log(shop, told, monkeypatch):
    def fails(*_args, **_more):
        raise RuntimeError("unforeseen")

    with monkeypatch.context() as patched:
        patched.setattr("tillbridge.intake.poll", fails)
        for _ in range(3):
            shop.poll()
    shop.poll()

    assert ["WARNING", "INFO"] == levels(told)
    assert told.records[0].exc_info is not None
    assert "unforeseen" not in told.messages[0]


def test_a_runner_tells_what_the_log_tells(shop):
    """Thirty beats of changing words: one line when it begins, one when it is over."""
    away(shop, "fetch_orders")
    events: list[RunEvent] = []
    runner = Runner(shop.engine, on_event=events.append, wait=lambda _: None)
    beats = iter(range(30))

    def wait(_seconds: float) -> None:
        for thread in runner._working.values():
            thread.join()
        shop.clock.advance(120)
        if (beat := next(beats)) == 20:
            well(shop)
        if beat == 28:
            runner.stop.set()

    runner._wait = wait
    runner.run()

    turns = [(one.what, one.words.en) for one in events if one.what in {"trouble", "well again"}]
    assert ["trouble", "well again"] == [what for what, _ in turns]
    assert turns[1][1].startswith("The connection works again, after ")
    assert [] == shop.engine.context.listeners


def test_who_listens_hears_of_each_turn_once(shop):
    heard: list[Turn] = []
    shop.engine.context.listeners.append(heard.append)
    away(shop, "fetch_orders")
    shop.poll()
    shop.poll()
    well(shop)
    shop.poll()

    assert [("web", "poll", False), ("web", "poll", True)] == [
        (one.connection, one.activity, one.well) for one in heard
    ]
    assert "연결이 다시 정상입니다(0초 만에 복구)." == heard[1].words.ko


@pytest.fixture
def older(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database of the first revision."""
    database = Database(empty_database_url)
    upgrade = command.upgrade
    with monkeypatch.context() as patched:
        patched.setattr(command, "upgrade", lambda config, _: upgrade(config, "0001"))
        migrate.upgrade_database(database)
    yield database
    database.close()


def test_a_trouble_of_an_older_database_is_kept(older: Database) -> None:
    with older.write("test") as connection:
        connection.execute(
            text(
                "INSERT INTO connections (name, provider, account_key, settings, secrets, default_store, "
                "locations, match_by, orders_from, poll_seconds, created_at, trouble_en, trouble_ko) VALUES "
                "('web', 'memory', 's1', '{}', '', 'seoul', '{}', '[]', '2026-03-02 03:00:00', 300, "
                "'2026-03-02 03:00:00', 'It is away.', '연결할 수 없습니다.')"
            )
        )

    migrate.upgrade_database(older)

    with older.read() as connection:
        (row,) = connection.execute(text("SELECT subject, activity, en, ko FROM troubles")).all()
    assert ("poll:1", "poll", "It is away.", "연결할 수 없습니다.") == tuple(row)
