"""Hand-written SQL over the database's own driver: what the floor and the checks use."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks.scene import Place

Rows = Sequence[Sequence[Any]]


class Raw:
    """One connection of `sqlite3` or `psycopg`, set up as tillbridge sets up its own.

    Statements are written with `?` for a value.
    """

    def __init__(self, place: Place) -> None:
        self.is_sqlite = place.is_sqlite
        url = make_url(place.database_url)
        self._connection: Any
        if self.is_sqlite:
            self._connection = sqlite3.connect(str(url.database), isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(plain, autocommit=True)
        self._cursor = self._connection.cursor()

    def _said(self, statement: str) -> str:
        return statement if self.is_sqlite else statement.replace("?", "%s")

    def run(self, statement: str) -> None:
        """Run a statement that answers nothing."""
        self._cursor.execute(statement)

    def many(self, statement: str, rows: Rows) -> None:
        """Run a statement once for each row."""
        if rows:
            self._cursor.executemany(self._said(statement), rows)

    def insert(self, table: str, columns: str, rows: Rows, *, then: str = "") -> None:
        """Insert rows; `columns` are their names in one text, `then` what follows the values."""
        if not rows:
            return
        marks = ", ".join("?" * len(rows[0]))
        self.many(f"INSERT INTO {table} ({columns}) VALUES ({marks}) {then}", rows)  # noqa: S608  # no text from outside

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""
        return list(self._cursor.execute(self._said(statement), values).fetchall())

    def ask_in(self, statement: str, values: Iterable[Any]) -> list[Any]:
        """Return the rows of a query that ends with `IN`, for these values."""
        wanted = list(values)
        if self.is_sqlite:
            return self.ask(f"{statement} ({', '.join('?' * len(wanted))})", wanted)
        return self.ask(statement.removesuffix("IN") + "= ANY(?)", [wanted])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all of it, or nothing."""
        self._cursor.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        yield
        self._cursor.execute("COMMIT")

    def moment(self, at: datetime) -> object:
        """Return a time as tillbridge's tables hold it."""
        utc = at.astimezone(UTC)
        return utc.strftime("%Y-%m-%d %H:%M:%S.%f") if self.is_sqlite else utc

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()
