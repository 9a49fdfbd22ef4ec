"""One statement for many rows: prepared once, with nothing between the rows and the driver.

SQLAlchemy's own `executemany` costs more for each row than SQLite needs to write it. On SQLite the
driver's `executemany` gets plain tuples. On PostgreSQL, where each row of an `executemany` is a message of
its own, all rows travel as one JSON text that the server unfolds (`json_to_recordset`); they are taken in
their sequence, so that rows which come sorted are also locked sorted. Faults arrive as SQLAlchemy's own.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Dialect, LargeBinary, Table
from sqlalchemy.dialects import registry
from sqlalchemy.types import TypeEngine

from tillbridge.db.types import Quantity, UtcDateTime, plain_quantity

Rows = Sequence[Sequence[Any]]
_POSTGRESQL: Final[Dialect] = registry.load("postgresql.psycopg")()


class _Many:
    """A statement over the columns of one table; `run` takes rows with a value for each of them."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        types = [(at, table.c[name].type) for at, name in enumerate(self._columns)]
        self._for_sqlite = [(at, made) for at, kind in types if (made := _form(kind, _moment))]
        self._for_postgresql = [(at, made) for at, kind in types if (made := _form(kind, _moment_with_zone))]
        self.on_sqlite = ""
        self.on_postgresql = ""

    def run(self, database: Connection, rows: Rows) -> None:
        """Run the statement for every row, in their sequence; for no row, not at all."""
        if not rows:
            return
        if database.dialect.name == "sqlite":
            database.exec_driver_sql(self.on_sqlite, _formed(rows, self._for_sqlite))
            return
        names = self._columns
        formed = _formed(rows, self._for_postgresql)
        text = msgspec.json.encode([dict(zip(names, row, strict=True)) for row in formed]).decode()
        database.exec_driver_sql(self.on_postgresql, (text,))


class InsertMany(_Many):
    """INSERT; `keys` say which rows are there already, and `then` what is done about one.

    Args:
        table: where to.
        columns: those that each row has, in this sequence.
        keys: the columns of a unique key; without it, a row that is there already is an error.
        then: SQL for SET where a row is there already; "" keeps it as it is. The new row is `excluded`.
    """

    def __init__(
        self, table: Table, columns: Sequence[str], *, keys: Sequence[str] = (), then: str = ""
    ) -> None:
        super().__init__(table, columns)
        tail = ""
        if keys:
            tail = f" ON CONFLICT ({', '.join(keys)}) DO {f'UPDATE SET {then}' if then else 'NOTHING'}"
        head = f"INSERT INTO {table.name} ({', '.join(columns)})"
        self.on_sqlite = f"{head} VALUES ({', '.join('?' * len(columns))}){tail}"
        values = ", ".join(_unfolded(table, name) for name in columns)
        # "WHERE true" tells the parser of both that ON CONFLICT belongs to the INSERT.
        rows = f"SELECT {values} FROM {_recordset(table, columns)} WHERE true"  # noqa: S608  # names of our own tables
        self.on_postgresql = f"{head} {rows}{tail}"


class UpdateMany(_Many):
    """UPDATE of the rows that `keys` name; each row has the values of `columns`, then those of `keys`.

    Args:
        table: what is updated.
        columns: those that get new values.
        keys: the columns of a unique key.
        beside: more SQL for SET, the same for every row.
    """

    def __init__(
        self, table: Table, columns: Sequence[str], keys: Sequence[str], *, beside: str = ""
    ) -> None:
        every = (*columns, *keys)
        super().__init__(table, every)
        more = [beside] if beside else []
        own = ", ".join([*(f"{name} = ?" for name in columns), *more])
        where = " AND ".join(f"{name} = ?" for name in keys)
        self.on_sqlite = f"UPDATE {table.name} SET {own} WHERE {where}"  # noqa: S608  # names of our own tables
        new = ", ".join([*(f"{name} = {_unfolded(table, name)}" for name in columns), *more])
        same = " AND ".join(f"{table.name}.{name} = r.{name}" for name in keys)
        self.on_postgresql = f"UPDATE {table.name} SET {new} FROM {_recordset(table, every)} WHERE {same}"  # noqa: S608  # as above


def _recordset(table: Table, columns: Sequence[str]) -> str:
    types = ", ".join(f"{name} {_travelling(table.c[name].type)}" for name in columns)
    return f"json_to_recordset(%s::json) AS r({types})"


def _travelling(kind: TypeEngine[Any]) -> str:
    """Return the type in which a value leaves its JSON text; bytes travel as text in base 64."""
    return "text" if isinstance(kind, LargeBinary) else kind.compile(_POSTGRESQL)


def _unfolded(table: Table, name: str) -> str:
    return f"decode(r.{name}, 'base64')" if isinstance(table.c[name].type, LargeBinary) else f"r.{name}"


Form = Callable[[Any], Any]


def _formed(rows: Rows, forms: Sequence[tuple[int, Form]]) -> list[tuple[Any, ...]]:
    if not forms:
        return [tuple(row) for row in rows]
    made = []
    for row in rows:
        values = list(row)
        for at, form in forms:
            if values[at] is not None:
                values[at] = form(values[at])
        made.append(tuple(values))
    return made


def _form(kind: TypeEngine[Any], moment: Form) -> Form | None:
    """Return what brings a value into the form in which SQLAlchemy's own types read it back."""
    if isinstance(kind, UtcDateTime):
        return moment
    return plain_quantity if isinstance(kind, Quantity) else None


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    return _written(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


def _moment_with_zone(moment: datetime) -> str:
    return f"{_moment(moment)}+00"


# A page's rows share a few moments. Only those in UTC are looked up by what they equal: in other zones
# both passes of an hour that comes twice (`fold`) are equal.
@lru_cache(maxsize=1024)
def _written(utc: datetime) -> str:
    return utc.replace(tzinfo=None).isoformat(" ", "microseconds")
