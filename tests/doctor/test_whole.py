"""The doctor as a whole: silent about the healthy, harmless, unstoppable, and discreet."""

import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import asdict

import pytest
from sqlalchemy.exc import DBAPIError

from doctor.conftest import TOKEN
from tillbridge.db.read_only import open_read_only
from tillbridge.doctor import Standing, examine
from tillbridge.doctor.examining import CHECKS
from tillbridge.testing.pos import MemoryPos

KILLED = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("UPDATE connections SET name = 'after the crash'")
os._exit(9)
"""


def snapshot(folder):
    return {
        one.name: (one.read_bytes(), one.stat().st_mode) for one in sorted(folder.rglob("*")) if one.is_file()
    }


def test_nothing_is_said_of_a_healthy_shop(patient):
    patient.sell()

    assert set() == patient.codes()


def test_every_check_says_what_it_saw(in_file):
    found = in_file.examined()

    assert Standing.GOOD is found.standing
    assert {check.name for check in CHECKS} == {one.name for one in found.checks}
    assert {Standing.GOOD} == {one.standing for one in found.checks}


def test_nothing_is_made_where_nothing_is(folder):
    found = examine("sqlite:///tillbridge.db")

    assert Standing.BROKEN is found.standing
    assert [] == list(folder.iterdir())


def test_no_file_is_changed_made_or_left(in_file, folder):
    in_file.sell()
    before = snapshot(folder)

    in_file.examined()

    assert before == snapshot(folder)


def test_what_a_killed_program_left_stays_as_it_was(in_file, folder):
    in_file.sell()
    subprocess.run([sys.executable, "-c", KILLED, str(in_file.file)], check=False)
    before = snapshot(folder)
    assert f"{in_file.file.name}-wal" in before

    notes = [note.en for one in in_file.examined().checks for note in one.notes]

    after = snapshot(folder)
    index = f"{in_file.file.name}-shm"  # readers note in it how far they have read
    assert {**before, index: None} == {**after, index: None}
    assert any(note.startswith("after the crash:") for note in notes)


def test_a_database_in_use_is_left_to_its_user(in_file):
    """A second reader beside a running engine finds nothing wrong, and the engine goes on."""
    with in_file.engine() as engine:
        engine.poll()
        assert set() == in_file.codes()
        in_file.webstore.before = lambda _: None
        assert engine.poll()[0].trouble is None


def test_a_database_opened_for_reading_cannot_be_written(patient):
    database = open_read_only(patient.url, patience=2, statement_seconds=5)

    with pytest.raises(DBAPIError), database.write("test") as connection:
        connection.exec_driver_sql("DELETE FROM connections")
    database.close()


@pytest.mark.parametrize("hurt", ["wrong key", "webstore", "address"])
def test_no_secret_is_said(on_server, monkeypatch, hurt):
    """Neither the key, nor a webstore's secret, nor the database's password."""
    key = os.environ["TILLBRIDGE_KEY"]
    url = on_server.url.replace("postgres@", "postgres:open-sesame-1@")
    if hurt == "wrong key":
        monkeypatch.setenv("TILLBRIDGE_KEY", key := key[::-1])
    elif hurt == "address":
        url = "postgresql://shop:open-sesame-1@127.0.0.1:1/shop"
    else:

        def talk(_):
            raise ValueError(TOKEN, key)

        on_server.webstore.before = talk

    said = repr(asdict(examine(url, on_server.options())))

    assert [] == [secret for secret in (key, TOKEN, "open-sesame-1") if secret in said]


def test_a_secret_that_a_plugin_tells_is_starred(in_file):
    def talk(_):
        from tillbridge.plugin import Retryable, Words  # noqa: PLC0415  # as a plugin does

        raise Retryable(Words(f"{TOKEN} is busy", f"{TOKEN} 사용 중"))

    in_file.webstore.before = talk

    assert "*** is busy" in in_file.finding("connections.away").wrong.en


def test_a_check_that_fails_is_a_finding_and_stops_no_other(patient):
    """doctor.fault"""

    class LeavingPos(MemoryPos):
        def stores(self):
            raise SystemExit

    found = patient.examined(patient.options(pos=LeavingPos([])))

    assert ["doctor.fault"] == [one.code for one in found.findings if one.code != "database.unsafe"]
    assert "SystemExit" in found.findings[0].wrong.en + found.findings[-1].wrong.en
    assert len(CHECKS) == len(found.checks)


def test_a_check_that_hangs_is_given_up(in_file):
    """doctor.late"""
    end = threading.Event()

    class HangingPos(MemoryPos):
        def stores(self):
            end.wait(30)
            return []

    late = in_file.finding("doctor.late", in_file.options(pos=HangingPos([])), check_seconds=0.2)
    end.set()

    assert "“Point of sale” was not done after 0.2 seconds" in late.wrong.en


def test_a_statement_that_takes_too_long_is_interrupted(patient):
    database = open_read_only(patient.url, patience=2, statement_seconds=0.05)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    with pytest.raises(DBAPIError), database.read() as reading:
        reading.exec_driver_sql(endless)
    database.close()


def test_a_plugin_that_is_imported_for_ever_holds_up_nobody(in_file, monkeypatch):
    end = threading.Event()
    monkeypatch.setattr("tillbridge.plugins.load", lambda: end.wait(30))

    found = in_file.examined(in_file.options(plugins=None), check_seconds=0.2)
    end.set()

    standings = {one.name: one.standing for one in found.checks}
    assert Standing.LOOK is standings["plugins"]
    assert Standing.UNCHECKED is standings["connections"]
    assert Standing.GOOD is standings["key"]


def test_what_needs_something_broken_is_not_checked_and_says_so(in_file):
    in_file.file.write_text("This is a diary.\n" * 100)

    found = in_file.examined()

    unchecked = {one.name: one.notes[0].en for one in found.checks if one.standing is Standing.UNCHECKED}
    assert {"key", "migrations", "pos", "connections", "records", "waiting"} == set(unchecked)
    assert {"not checked: the database cannot be read"} == set(unchecked.values())


def test_a_crowd_of_readers_costs_the_host_no_lock(in_file):
    """A host asks from inside its own process: its own transaction stays locked against others."""
    holder = sqlite3.connect(in_file.file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    in_file.examined(connect_seconds=0.05)

    taker = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    other = subprocess.run(
        [sys.executable, "-c", taker, str(in_file.file)], capture_output=True, text=True, check=False
    )
    holder.close()

    assert "locked" in other.stderr


def test_a_host_asks_with_its_own_parts(in_file):
    found = in_file.examined(in_file.options(pos=MemoryPos([]), key="x" * 44))

    assert {"pos.no_store", "key.malformed"} <= {one.code for one in found.findings}
