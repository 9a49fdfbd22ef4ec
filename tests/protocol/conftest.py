"""Scenes for tests of the order protocol, on each kind of database."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from psycopg import sql
from sqlalchemy import make_url

import databases
from scene import Scene
from tillbridge.db.metadata import metadata
from tillbridge.testing.clock import FrozenClock

KEY = Fernet.generate_key().decode()


def new_scene(url: str, **wanted: Any) -> Scene:
    return Scene(url, FrozenClock(datetime(2026, 3, 2, 3, 0, tzinfo=UTC)), key=KEY, **wanted)


def empty(url: str) -> None:
    """Take every row out of a PostgreSQL database."""
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with psycopg.connect(databases.in_full(make_url(url).set(drivername="postgresql"))) as connection:
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(names)))


@pytest.fixture
def make_scene(database_url: str) -> Iterator[Callable[..., Scene]]:
    """Make the test's scene; a rule is taken out before, so that its engines run without it."""
    with ExitStack() as made:
        yield lambda **wanted: made.enter_context(closing(new_scene(database_url, **wanted)))


@pytest.fixture
def fresh_scene(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Any
) -> Callable[..., AbstractContextManager[Scene]]:
    """Make any number of scenes, each in a database of its own."""
    made: list[Any] = []

    def empty_database() -> str:
        if database_kind == "sqlite":
            file = tmp_path / f"{len(made)}.sqlite3"
            made.append(shutil.copyfile(request.getfixturevalue("sqlite_template"), file))
            return databases.sqlite_url(file)
        url = str(request.getfixturevalue("postgres_url"))
        empty(url)  # much quicker than a database for each
        return url

    @contextmanager
    def scene(**wanted: Any) -> Iterator[Scene]:
        with closing(new_scene(empty_database(), **wanted)) as one:
            yield one
        if database_kind == "sqlite":
            made[-1].unlink()

    return scene
