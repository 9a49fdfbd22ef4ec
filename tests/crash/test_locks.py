"""A lock is its holder's while it lives, and free when it is dead: across threads and processes."""

import threading
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import text

from crash.jobs import hold
from crash.processes import Worker, eventually
from tillbridge.db.database import Database
from tillbridge.db.locks import EPHEMERAL, Locks

pytestmark = pytest.mark.row("S5")


@pytest.fixture
def locks(database_url):
    with _both(database_url) as (_, locks):
        yield locks


@pytest.mark.parametrize("name", ["connection:1", f"{EPHEMERAL}outbox:run"])
def test_a_live_process_keeps_its_lock(locks, database_url, name):
    with Worker(hold, database_url, name) as holder:
        assert holder.hear() is True

        with locks.attempt(name) as got:
            assert not got
        assert not locks.is_free(name)


@pytest.mark.parametrize("name", ["connection:1", f"{EPHEMERAL}outbox:run"])
def test_a_killed_process_has_no_lock(locks, database_url, name):
    """PostgreSQL needs a moment to see that the other end of the line is gone; a file needs none."""
    with Worker(hold, database_url, name) as holder:
        holder.hear()
        holder.kill_after(0)

        if database_url.startswith("postgresql"):
            eventually(lambda: locks.is_free(name))
        with locks.attempt(name) as got:
            assert got


def test_another_thread_cannot_take_a_lock(locks):
    with locks.attempt("connection:1") as got:
        assert got
        tried = []
        thread = threading.Thread(target=lambda: tried.append(locks.is_free("connection:1")))
        thread.start()
        thread.join()

    assert [False] == tried
    assert locks.is_free("connection:1")


def test_a_thread_that_ends_badly_gives_its_lock_back(locks):
    def fail() -> None:
        with suppress(LookupError), locks.attempt("connection:1"):
            raise LookupError

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    assert locks.is_free("connection:1")


def test_one_process_can_hold_many_locks(locks, database_url):
    """The lock of one connection never stands in the way of another's."""
    with Worker(hold, database_url, "connection:1") as holder:
        holder.hear()

        with locks.attempt("connection:2") as second, locks.attempt("connection:3") as third:
            assert second
            assert third


def test_asking_whether_a_lock_is_free_does_not_keep_it(locks):
    assert locks.is_free("connection:1")

    with locks.attempt("connection:1") as got:
        assert got


def test_locks_taken_one_after_the_other_share_a_session(postgres_url):
    """Opening a session costs PostgreSQL more than all the rest of an idle poll."""
    with _both(postgres_url) as (database, locks):
        used = {_holder(database, locks, f"connection:{number}") for number in range(3)}

    assert 1 == len(used)


def test_a_session_that_was_ended_is_not_used_for_the_next_lock(postgres_url):
    """The server was restarted, say: the lock is gone with the session, and can be taken anew."""
    with _both(postgres_url) as (database, locks):
        with locks.attempt("connection:1") as got:
            assert got
            _end_sessions(database)

        with locks.attempt("connection:1") as got:
            assert got


@contextmanager
def _both(url):
    database = Database(url)
    locks = Locks(database)
    yield database, locks
    locks.close()
    database.close()


def _holder(database, locks, name):
    with locks.attempt(name) as got, database.read() as connection:
        assert got
        return connection.scalar(text("SELECT pid FROM pg_locks WHERE locktype = 'advisory'"))


def _end_sessions(database):
    holders = "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory'"
    with database.read() as connection:
        assert [True] == connection.scalars(text(holders)).all()


def test_a_lock_that_is_used_once_leaves_no_file(sqlite_url, tmp_path):
    with _both(sqlite_url) as (_, locks), locks.attempt(f"{EPHEMERAL}outbox:run") as got:
        assert got

    assert [] == list(tmp_path.glob("*-locks/*"))
