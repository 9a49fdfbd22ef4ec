"""The database: nothing is lost between two writers, and a till never starves beside an importer."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from inspect import unwrap

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, make_url, select, text, update
from sqlalchemy.exc import StatementError

from tillbridge.db import database as module
from tillbridge.db.database import Database, FifoLock
from tillbridge.db.types import Quantity, UtcDateTime
from tillbridge.model.errors import InputError

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("count", Integer, nullable=False, default=0),
    Column("at", UtcDateTime),
    Column("quantity", Quantity),
)


@pytest.fixture
def database(empty_database_url):
    database = Database(empty_database_url)
    with database.write("test") as connection:
        things.create(connection)
        connection.execute(insert(things), [{"id": 1, "count": 0}])
    yield database
    database.close()


def test_two_threads_that_read_and_write_lose_no_update(database):
    def count():
        for _ in range(40):
            with database.write("count") as connection:
                query = select(things.c.count).where(things.c.id == 1).with_for_update()
                now = connection.execute(query).scalar_one()
                connection.execute(update(things).where(things.c.id == 1).values(count=now + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as connection:
        assert 160 == connection.execute(select(things.c.count)).scalar_one()


def test_a_unit_that_fails_leaves_nothing_behind(database):
    def work(connection):
        connection.execute(update(things).values(count=7))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.unit("test", work)

    with database.read() as connection:
        assert 0 == connection.execute(select(things.c.count)).scalar_one()


def test_a_deadlock_repeats_the_unit(empty_postgres_url):
    """Two units that lock two rows crosswise: PostgreSQL ends one, and it is done again."""
    database = Database(empty_postgres_url)
    with database.write("test") as connection:
        things.create(connection)
        connection.execute(insert(things), [{"id": 1, "count": 0}, {"id": 2, "count": 0}])
    met = threading.Barrier(2, timeout=10)
    tries = []

    def cross(first, second):
        def work(connection):
            tries.append(first)
            connection.execute(update(things).where(things.c.id == first).values(count=things.c.count + 1))
            if len(tries) <= 2:
                met.wait()
            connection.execute(update(things).where(things.c.id == second).values(count=things.c.count + 1))

        database.unit("cross", work)

    threads = [threading.Thread(target=cross, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as connection:
        assert [2, 2] == list(connection.execute(select(things.c.count).order_by(things.c.id)).scalars())
    assert len(tries) > 2
    database.close()


def test_a_moment_comes_back_in_utc_with_its_zone(database):
    seoul = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=9)))
    with database.write("test") as connection:
        connection.execute(update(things).values(at=seoul))

    with database.read() as connection:
        found = connection.execute(select(things.c.at)).scalar_one()
    assert datetime(2026, 3, 2, 1, 0, tzinfo=UTC) == found
    assert UTC is found.tzinfo


def test_a_time_without_a_zone_is_refused(database):
    with pytest.raises(StatementError, match="needs its zone"), database.write("test") as connection:
        connection.execute(update(things).values(at=datetime(2026, 3, 2)))  # noqa: DTZ001  # the point of it


def test_a_quantity_comes_back_exactly(database):
    with database.write("test") as connection:
        connection.execute(update(things).values(quantity=Decimal("0.3300")))

    with database.read() as connection:
        assert "0.33" == str(connection.execute(select(things.c.quantity)).scalar_one())


def test_the_fifo_lock_is_given_in_the_order_in_which_it_was_asked_for():
    lock, order, asked = FifoLock(), [], threading.Semaphore(0)

    def take(number):
        asked.release()
        with lock:
            order.append(number)

    with lock:
        threads = []
        for number in range(5):
            thread = threading.Thread(target=take, args=(number,))
            thread.start()
            asked.acquire()
            while len(lock._waiting) <= number:
                pass
            threads.append(thread)
    for thread in threads:
        thread.join()

    assert [0, 1, 2, 3, 4] == order


@pytest.mark.parametrize(
    "url", ["mysql://root:secret@host/db", "sqlite://", "sqlite:///:memory:", "no url", "postgresql://host"]
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url):
    with pytest.raises(InputError) as refused:
        Database(url)

    assert "sqlite:///file.db" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_sqlite_is_set_up_for_a_till(monkeypatch, empty_sqlite_url):
    """Outside of tests, which need not survive a power cut."""
    monkeypatch.setattr(module, "_sqlite_engine", unwrap(module._sqlite_engine))
    database = Database(empty_sqlite_url)
    with database.read() as connection:
        found = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    database.close()

    assert ["wal", 2, 1] == found


def _levels(database):
    """Return how far commits wait for the disk: of one that need not last, and of a usual one after it."""
    with database.write("looked", lasting=False) as connection:
        first = connection.execute(text("PRAGMA synchronous")).scalar()
    with database.write("kept") as connection:
        return first, connection.execute(text("PRAGMA synchronous")).scalar()


def test_a_write_that_need_not_last_does_not_wait_for_the_disk_and_the_next_one_does(
    monkeypatch, empty_sqlite_url
):
    monkeypatch.setattr(module, "_sqlite_engine", unwrap(module._sqlite_engine))
    database = Database(empty_sqlite_url)
    found = _levels(database)
    database.close()

    assert found == (1, 2)


def test_on_postgresql_only_the_write_that_need_not_last_does_not_wait_for_the_disk(empty_postgres_url):
    url = make_url(empty_postgres_url).update_query_dict({"options": "-csynchronous_commit=on"})
    database = Database(url.render_as_string(hide_password=False))
    show = text("SHOW synchronous_commit")
    with database.write("looked", lasting=False) as connection:
        first = connection.execute(show).scalar()
    with database.write("kept") as connection:
        then = connection.execute(show).scalar()
    database.close()

    assert (first, then) == ("off", "on")
