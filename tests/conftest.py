"""Fixtures that every test may ask for: databases of both kinds, and the real order payloads."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from cryptography.fernet import Fernet

import databases
import payloads
from databases import Postgres, in_full
from orders import HELMET, PUMP
from shop import Shop
from tillbridge.testing.clock import FrozenClock

pytest_plugins = ["rows", "sampling"]

# Based on hypothesis's own choice (it knows CI); a shared machine's slow moment is no failure.
hypothesis.settings.register_profile("house", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def nothing_is_synced() -> Iterator[None]:
    """SQLite files in this process survive no power cut, for the whole run."""
    with databases.hurried():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole run (in a parallel run: one for each process)."""
    if os.environ.get(databases.NO_POSTGRES) == "1":
        pytest.skip(f"{databases.NO_POSTGRES}=1")
    try:
        with databases.serve(os.environ.get(databases.SERVER_URL)) as server:
            yield server
    except databases.NoPostgresError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that holds the newest schema and no rows."""
    # Imported here: tests that need no schema run without the core's database layer.
    from tillbridge.db import migrate  # noqa: PLC0415

    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    return databases.make_sqlite_template(file, migrate.upgrade)


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> Iterator[str]:
    """The name of a PostgreSQL database that holds the newest schema and no rows."""
    # Imported here: tests that need no schema run without the core's database layer.
    from tillbridge.db import migrate  # noqa: PLC0415

    with postgres.database() as url:
        migrate.upgrade(in_full(url))
        assert url.database
        yield url.database


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return databases.sqlite_url(tmp_path / "empty.sqlite3")


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """A PostgreSQL database without a table."""
    with postgres.database() as url:
        yield in_full(url)


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A SQLite file of this test's own, at the newest schema."""
    file = shutil.copyfile(sqlite_template, tmp_path / "tillbridge.sqlite3")
    return databases.sqlite_url(file)


@pytest.fixture(scope="session")
def postgres_reused(postgres: Postgres, postgres_template: str) -> Iterator[databases.Reused]:
    """PostgreSQL databases at the newest schema that tests use one after the other."""
    reused = databases.Reused(postgres, postgres_template)
    yield reused
    reused.close()


@pytest.fixture
def postgres_url(postgres_reused: databases.Reused) -> Iterator[str]:
    """A PostgreSQL database of this test's own, at the newest schema."""
    with postgres_reused.database() as url:
        yield in_full(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """A database without a table, of each kind in turn."""
    name = {"sqlite": "empty_sqlite_url", "postgresql": "empty_postgres_url"}[database_kind]
    return str(request.getfixturevalue(name))


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """A database of this test's own at the newest schema, of each kind in turn."""
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[database_kind]
    return str(request.getfixturevalue(name))


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands at noon in Seoul until the test moves it."""
    return FrozenClock(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))


@pytest.fixture
def shop(database_url: str, clock: FrozenClock) -> Iterator[Shop]:
    """A shop with two products, a customer and a connection to a webstore in memory."""
    shop = Shop(database_url, clock, key=Fernet.generate_key().decode())
    shop.stock("P1", HELMET, 10)
    shop.stock("P2", PUMP, 10)
    shop.customer("C1", "minsu@example.com")
    shop.connect()
    yield shop
    shop.close()


@pytest.fixture
def order_payloads() -> Path:
    """The folder of real order payloads, one folder a system; the test skips where it is absent."""
    if not payloads.ORDERS.is_dir():
        pytest.skip(payloads.ABSENT)
    return payloads.ORDERS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was not tested for want of the payloads, also when it is nothing."""
    skipped = terminalreporter.getreports("skipped")
    count = sum(payloads.ABSENT in str(report.longrepr) for report in skipped)
    terminalreporter.line(f"{count} tests skipped because {payloads.ABSENT}")
