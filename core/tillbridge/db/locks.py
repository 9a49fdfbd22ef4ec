"""Locks that the holder's death releases: OS file locks beside SQLite, advisory locks in PostgreSQL.

There is no lease by age: a slow worker keeps its lock, a dead one has none.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import text

from tillbridge.db.database import Database

EPHEMERAL = "ephemeral:"
"""Begins the names of locks that are used once: their files do not stay."""


class Locks:
    """Named locks of one database, across threads, processes and (PostgreSQL) machines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def attempt(self, name: str) -> Iterator[bool]:
        """Try to take the lock `name` without waiting; yield whether it was got."""
        held = self._file(name) if self._database.is_sqlite else self._advisory(name)
        with held as got:
            yield got

    def is_free(self, name: str) -> bool:
        """Say whether nobody holds the lock `name` now."""
        with self.attempt(name) as got:
            return got

    @contextmanager
    def _file(self, name: str) -> Iterator[bool]:
        path = self._folder() / f"{_digest(name).hex()}.lock"
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

    def _folder(self) -> Path:
        database = Path(str(self._database.url.database)).resolve()
        folder = database.with_name(f"{database.name}-locks")
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    @contextmanager
    def _advisory(self, name: str) -> Iterator[bool]:
        number = int.from_bytes(_digest(name), signed=True)
        # A session of its own: a pooled one would carry the lock on after us.
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
            got = bool(session.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}))
            try:
                yield got
            finally:
                if got:
                    with suppress(Exception):  # the session may be gone, and the lock with it
                        session.scalar(text("SELECT pg_advisory_unlock(:n)"), {"n": number})


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()
