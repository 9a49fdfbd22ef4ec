"""Locks that the holder's death releases: OS file locks beside SQLite, advisory locks in PostgreSQL.

There is no lease by age: a slow worker keeps its lock, a dead one has none.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, text

from tillbridge.db.database import Database

_KEPT = 2
EPHEMERAL = "ephemeral:"
"""Begins the names of locks that are used once: their files do not stay."""


class Locks:
    """Named locks of one database, across threads, processes and (PostgreSQL) machines."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folder: Path | None = None
        # Apart from the pool that work draws from: held locks would use it up.
        self._sessions = None if database.is_sqlite else _session_maker(database)

    def close(self) -> None:
        """Give everything back; a lock that is still held ends with its holder's session."""
        if self._sessions:
            self._sessions.dispose()

    @contextmanager
    def attempt(self, name: str) -> Iterator[bool]:
        """Try to take the lock `name` without waiting; yield whether it was got."""
        held = self._advisory(self._sessions, name) if self._sessions else self._file(name)
        with held as got:
            yield got

    def is_free(self, name: str) -> bool:
        """Say whether nobody holds the lock `name` now."""
        with self.attempt(name) as got:
            return got

    @contextmanager
    def _file(self, name: str) -> Iterator[bool]:
        self._folder = self._folder or _made_folder(self._database)
        path = self._folder / f"{_digest(name).hex()}.lock"
        # Not per thread and not shared: two holders in one process exclude each other as well.
        lock = FileLock(path, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            if name.startswith(EPHEMERAL):
                path.unlink(missing_ok=True)
            lock.release()

    @staticmethod
    @contextmanager
    def _advisory(sessions: Engine, name: str) -> Iterator[bool]:
        number = int.from_bytes(_digest(name), signed=True)
        with sessions.connect() as session:
            got = bool(session.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}))
            try:
                yield got
            finally:
                if got:
                    _unlock(session, number)


def _made_folder(database: Database) -> Path:
    file = Path(str(database.url.database)).resolve()
    folder = file.with_name(f"{file.name}-locks")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _unlock(session: Connection, number: int) -> None:
    """Give a lock back; a session that cannot is closed, for it would carry the lock on to its next user."""
    unlocked = False
    with suppress(Exception):  # the session may be gone, and the lock with it
        unlocked = bool(session.scalar(text("SELECT pg_advisory_unlock(:n)"), {"n": number}))
    if not unlocked:
        session.invalidate()


def _session_maker(database: Database) -> Engine:
    """Return where lock sessions come from; a few stay open, since opening one costs more than a poll."""
    return create_engine(
        database.url, pool_size=_KEPT, max_overflow=-1, pool_pre_ping=True, isolation_level="AUTOCOMMIT"
    )


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()
