"""The database: an engine set up right for SQLite and PostgreSQL, and its units of work."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from tillbridge.model.errors import DatabaseUnready, InputError
from tillbridge.model.words import Words

Result = TypeVar("Result")

# PostgreSQL ends a transaction with these where two units met; repeating the unit is the cure.
_REPEATABLE = frozenset({"40P01", "40001"})
_TRIES = 8
USUAL = "tillbridge_synchronous"
"""Where a pooled SQLite connection keeps how far its commits wait for the disk; with `_LEVEL` beside it."""
_LEVEL = "tillbridge_synchronous_now"
_BUSY_SECONDS = 10.0
# SQLite's own 2 MiB hold less than the indexes that a page of orders touches; read again for each of them.
_CACHE_KIB = 16_000
# Pages of 4 KiB. The same index pages change with every page of orders: they are copied back once for many.
_CHECKPOINT_PAGES = 8_000


class FifoLock:
    """A lock that is given in the order it was asked for.

    SQLite lets waiting writers race, and a till that writes now and then starves beside an
    importer; with this lock inside the process it does not.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


def _no_probe(_: str) -> None:
    pass


class Database:
    """One database, for the engine's tables and the embedded POS's.

    Args:
        url: "sqlite:///path/to/file.db" or "postgresql://user@host/name".
        probe: called with a point's name as a transaction is about to begin, before it commits and
            after; tests stop the program there.
        engine: what to connect by in the place of the usual one (`tillbridge.db.read_only`).

    Raises:
        InputError: the URL is not of a database that tillbridge can use.

    The first use of a PostgreSQL database that is not in UTF8 raises `DatabaseUnready`.
    """

    def __init__(
        self, url: str, *, probe: Callable[[str], None] = _no_probe, engine: Engine | None = None
    ) -> None:
        self.url = checked_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.probe = probe
        usual = _sqlite_engine if self.is_sqlite else _postgresql_engine
        self.engine = engine or usual(self.url)
        # SQLite reads one state anyway; PostgreSQL would give each statement of a read its own.
        level = None if self.is_sqlite else "REPEATABLE READ"
        self._reading = self.engine.execution_options(isolation_level=level) if level else self.engine
        self._writers: Any = FifoLock() if self.is_sqlite else nullcontext()

    @property
    def folder(self) -> Path:
        """The folder of an SQLite file, where its lock files and its key stand."""
        return Path(str(self.url.database)).resolve().parent

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading one consistent state."""
        with self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, name: str, *, lasting: bool = True) -> Iterator[Connection]:
        """Give a connection for one transaction; it commits at the end, or not at all.

        Args:
            name: of the unit, as in "settle.attempts"; the probe hears it.
            lasting: whether a commit outlives a power cut. What only says when something was looked at need
                not, and costs no wait for the disk then; what was committed before it is as safe as ever.
        """
        self.probe(f"begin {name}")
        with self._writers, self.engine.connect() as connection:
            writing = connection.execution_options(tillbridge_write=True, tillbridge_lasting=lasting)
            with writing.begin():
                if not (lasting or self.is_sqlite):
                    writing.exec_driver_sql("SET LOCAL synchronous_commit TO off")
                yield writing
                self.probe(f"before commit {name}")
        self.probe(f"after commit {name}")

    def unit(self, name: str, work: Callable[[Connection], Result], *, lasting: bool = True) -> Result:
        """Run `work` in one transaction (see `write`); again where the database asks for it."""
        for _ in range(_TRIES - 1):
            try:
                with self.write(name, lasting=lasting) as connection:
                    return work(connection)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _REPEATABLE:
                    raise
        with self.write(name, lasting=lasting) as connection:
            return work(connection)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def checked_url(url: str) -> URL:
    """Return where the database is.

    Raises:
        InputError: the URL is not of a database that tillbridge can use.
    """
    allowed = "sqlite:///file.db, postgresql://user:password@host/name"
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise InputError(_bad_url(allowed)) from None
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql") or not parsed.database or parsed.database == ":memory:":
        raise InputError(_bad_url(allowed))
    return parsed.set(drivername="postgresql+psycopg") if backend == "postgresql" else parsed


def _bad_url(allowed: str) -> Words:
    # The URL may hold a password, so it is not repeated here.
    return Words(
        f"The database URL cannot be used. Allowed are: {allowed}. "
        "It comes from --database or TILLBRIDGE_DATABASE.",
        f"데이터베이스 URL을 사용할 수 없습니다. 사용할 수 있는 형식: {allowed}. "
        "--database 또는 TILLBRIDGE_DATABASE를 확인해 주세요.",
    )


def _sqlite_engine(url: URL) -> Engine:
    # Parameters are what customers told the shop, and faults are logged; so on PostgreSQL.
    engine = create_engine(
        url, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _prepare(dbapi_connection: Any, record: Any) -> None:
        # The driver's own transactions begin late and lose updates between two threads.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        record.info[USUAL] = "FULL"
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        cursor.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("tillbridge_write"):
            connection.exec_driver_sql("BEGIN")
            return
        _synchronise(connection, connection.info[USUAL] if options["tillbridge_lasting"] else "NORMAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _synchronise(connection: Connection, level: str) -> None:
    """Say how far a commit waits for the disk; SQLite takes it between two transactions only."""
    if connection.info.get(_LEVEL, connection.info[USUAL]) != level:
        connection.exec_driver_sql(f"PRAGMA synchronous={level}")
        connection.info[_LEVEL] = level


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)

    # First of all: SQLAlchemy's own look at the server fails where text comes as bytes.
    @event.listens_for(engine, "connect", insert=True)
    def _refuse_other_letters(dbapi_connection: Any, _: object) -> None:
        encoding = dbapi_connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            dbapi_connection.close()
            raise DatabaseUnready(_other_letters(encoding))

    return engine


def _other_letters(encoding: str) -> Words:
    return Words(
        f"The PostgreSQL database keeps text as {encoding}, which cannot hold every name. Only UTF8 is "
        "allowed. Make a new database and name it in --database or TILLBRIDGE_DATABASE: "
        "createdb --encoding=UTF8 --template=template0 NAME",
        f"PostgreSQL 데이터베이스의 문자 인코딩이 {encoding}입니다. UTF8만 사용할 수 있습니다. 새 "
        "데이터베이스를 만들어 --database 또는 TILLBRIDGE_DATABASE에 지정해 주세요: "
        "createdb --encoding=UTF8 --template=template0 이름",
    )
