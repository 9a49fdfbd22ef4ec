"""Databases of a furnished shop, as many copies as a test wants, and how much of the long proof is run."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, Table, create_engine, delete, func, insert, select, text

import databases
from crash.shops import Place, furnish
from databases import Postgres, in_full
from tillbridge.db import migrate, tables
from tillbridge.db.metadata import metadata
from tillbridge.pos.embedded import tables as pos_tables

# A function that lends a fresh copy of the furnished shop, the connection lock on or off.
Lend = Callable[..., AbstractContextManager[Place]]


@pytest.fixture(scope="session")
def long_run() -> bool:
    """Whether everything is tried, however long it takes."""
    return os.environ.get("TILLBRIDGE_LONG") == "1"


@pytest.fixture(scope="session")
def sqlite_shops(tmp_path_factory: pytest.TempPathFactory) -> Lend:
    """A function that lends a furnished shop in an SQLite file."""
    folder = tmp_path_factory.mktemp("sqlite-shops")

    def make(url: str) -> None:
        migrate.upgrade(url)
        furnish(url)

    template = databases.make_sqlite_template(folder / "template.db", make)
    numbers = count(1)

    @contextmanager
    def lend(*, lock: bool = True) -> Iterator[Place]:
        own = folder / str(next(numbers))
        own.mkdir()
        shutil.copyfile(template, own / "shop.db")
        try:
            yield Place(url=databases.sqlite_url(own / "shop.db"), webstore=own / "webstore", lock=lock)
        finally:
            shutil.rmtree(own)

    return lend


@pytest.fixture(scope="session")
def postgres_shops(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lend]:
    """A function that lends a furnished shop in the same PostgreSQL database, made anew."""
    folder = tmp_path_factory.mktemp("postgres-shops")
    numbers = count(1)
    with postgres.database() as url:
        migrate.upgrade(in_full(url))
        furnish(in_full(url))
        engine = create_engine(url)
        with engine.begin() as connection:
            rows = {table: list(connection.execute(select(table)).mappings()) for table in _tables()}

        @contextmanager
        def lend(*, lock: bool = True) -> Iterator[Place]:
            # Another database would take ten times as long to make.
            with engine.begin() as connection:
                _make_anew(connection, rows)
            webstore = folder / f"webstore-{next(numbers)}"
            yield Place(url=in_full(url), webstore=webstore, lock=lock)

        yield lend
        engine.dispose()


def _tables() -> list[Table]:
    assert tables.attempts.metadata is metadata is pos_tables.attempts.metadata
    return metadata.sorted_tables


def _make_anew(connection: Connection, rows: Mapping[Table, Sequence[Any]]) -> None:
    """Put these rows into every table, in the place of whatever is there."""
    connection.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )
    for table in reversed(list(rows)):
        connection.execute(delete(table))
    for table, kept in rows.items():
        if kept:
            connection.execute(insert(table), [dict(row) for row in kept])
        if kept and "id" in table.c:
            last = max(row["id"] for row in kept)
            connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


@pytest.fixture
def shops(request: pytest.FixtureRequest, database_kind: str) -> Lend:
    """A function that lends a furnished shop, on each kind of database in turn."""
    lend: Lend = request.getfixturevalue(
        {"sqlite": "sqlite_shops", "postgresql": "postgres_shops"}[database_kind]
    )
    return lend
