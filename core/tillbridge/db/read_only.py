"""Opens a database so that nothing is changed by it, nothing is left behind, and nothing waits for long."""

import sqlite3
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from tillbridge.db.database import Database, checked_url

# How many of its own steps SQLite makes between two looks at the time.
_STEPS: Final = 20_000


def open_read_only(url: str, *, patience: float, statement_seconds: float) -> Database:
    """Open the database at `url` for reading; nothing is asked of it yet.

    Args:
        url: as for `Database`.
        patience: seconds to wait for a connection, or for another program's lock.
        statement_seconds: after so many, a read is interrupted.

    Raises:
        InputError: the URL is not of a database that tillbridge can use.
        ModuleNotFoundError: the driver for PostgreSQL is not installed.
    """
    parsed = checked_url(url)
    make = _sqlite if parsed.get_backend_name() == "sqlite" else _postgresql
    return Database(url, engine=make(parsed, patience, statement_seconds))


def read_only_uri(file: Path) -> str:
    """Return the URI by which SQLite reads a file and makes none beside it.

    A reader of a WAL database makes the files "-wal" and "-shm", and cannot take them away again. Where
    nobody has it open (there is no "-wal"), SQLite is told that the file stands still, and makes none.
    """
    return f"file:{quote(str(file.absolute()))}?mode=ro{'' if in_use(file) else '&immutable=1'}"


def in_use(file: Path) -> bool:
    """Say whether somebody has the file open, or died with it open."""
    return any(Path(f"{file}{ending}").exists() for ending in ("-wal", "-journal"))


def _sqlite(url: URL, patience: float, statement_seconds: float) -> Engine:
    file = Path(str(url.database))

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            read_only_uri(file), uri=True, timeout=patience, check_same_thread=False, isolation_level=None
        )

    # A connection for each read: whether the file stands still is asked anew each time.
    engine = create_engine(
        "sqlite:///" + str(url.database), creator=connect, poolclass=NullPool, hide_parameters=True
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        end = time.monotonic() + statement_seconds
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        connection.exec_driver_sql("BEGIN")

    return engine


def _postgresql(url: URL, patience: float, statement_seconds: float) -> Engine:
    # Without an encoding a database of SQL_ASCII answers in bytes, which nothing here could read.
    arguments: dict[str, Any] = {"client_encoding": "utf8"}
    if "connect_timeout" not in url.query:
        arguments["connect_timeout"] = max(2, round(patience))
    engine = create_engine(url, connect_args=arguments, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _hold(dbapi_connection: Any, _: object) -> None:
        # Not as start-up options: connection poolers refuse those.
        dbapi_connection.autocommit = True
        dbapi_connection.execute(f"SET statement_timeout = {round(statement_seconds * 1000)}")
        dbapi_connection.execute(f"SET lock_timeout = {round(patience * 1000)}")
        dbapi_connection.execute("SET default_transaction_read_only = on")
        dbapi_connection.autocommit = False

    return engine
