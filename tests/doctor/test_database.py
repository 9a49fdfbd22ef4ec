"""A database in a file that is not there, not readable, not whole, not free, or not in a good place."""

import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from databases import sqlite_url
from doctor.conftest import Patient, as_nobody
from tillbridge.db.database import Database
from tillbridge.doctor import examine, sqlite_file
from tillbridge.engine import Engine


def codes(url: str) -> set[str]:
    return {one.code for one in examine(url).findings}


def test_a_file_that_is_missing_is_named(folder):
    found = examine("sqlite:///no/such.db").findings

    assert ["database.missing"] == [one.code for one in found]
    assert "no/such.db" in found[0].wrong.en
    assert "tillbridge init" in found[0].remedy.en


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "not a url"])
def test_an_address_that_is_none_is_refused(url):
    assert "database.url" in codes(url)


def test_a_missing_driver_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    assert "database.driver" in codes("postgresql://u@127.0.0.1:1/x")


def test_a_folder_is_no_database(in_file):
    in_file.file.unlink()
    in_file.file.mkdir()

    assert {"database.unreadable"} == in_file.codes()


def test_a_file_that_may_not_be_read_is_found(open_folder):
    url = sqlite_url(open_folder / "tillbridge.db")
    Engine.init(url)
    (open_folder / "tillbridge.db").chmod(0o000)

    with as_nobody():
        assert {"database.unreadable"} == codes(url)


def test_a_file_that_may_not_be_written_is_found(open_folder):
    url = sqlite_url(open_folder / "tillbridge.db")
    Engine.init(url)
    for path, mode in ((open_folder / "tillbridge.db", 0o444), (open_folder, 0o555)):
        path.chmod(mode)

    with as_nobody():
        found = {one.code: one for one in examine(url).findings}

    assert str(open_folder / "tillbridge.db") in found["database.read_only"].wrong.en
    assert "no sale be made" in found["database.read_only"].means.en
    assert "orders wait at their webstores" in found["database.read_only"].means.en
    assert "looked up" not in found["database.read_only"].means.en
    assert f"findmnt -T {open_folder / 'tillbridge.db'}" in found["database.read_only"].remedy.en


def test_a_diary_is_no_database(in_file):
    in_file.file.write_text("This is a diary.\n" * 100)

    assert {"database.not_a_database"} == in_file.codes()


def test_an_empty_file_has_no_tables(in_file):
    in_file.file.write_bytes(b"")

    assert {"migrations.none"} == in_file.codes()


def test_half_a_file_is_damaged(in_file):
    content = in_file.file.read_bytes()
    in_file.file.write_bytes(content[: len(content) // 2])

    assert {"database.damaged"} == in_file.codes()


def test_overwritten_pages_are_damage(in_file):
    with in_file.file.open("r+b") as file:
        for page in range(8, 40):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)

    found = in_file.finding("database.damaged")

    assert "backup" in found.remedy.en


def test_a_program_that_holds_the_database_is_seen(in_file):
    holder = sqlite3.connect(in_file.file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    found = in_file.finding("database.locked", connect_seconds=0.05)
    holder.close()

    assert "orders and sales wait" in found.means.en


def test_a_disk_that_does_not_read_is_said(in_file, monkeypatch):
    def fail(_):
        raise OperationalError("SELECT 1", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Database, "read", fail)

    assert "disk I/O error" in in_file.finding("database.disk_fault").wrong.en


@pytest.mark.parametrize(
    ("mounts", "seen"),
    [
        ("/dev/a / ext4 rw 0 0\n10.0.0.1:/x {0} nfs4 rw 0 0\n", {"database.network"}),
        ("/dev/a / ext4 rw 0 0\n//nas/x {0} cifs rw 0 0\n/dev/b {0} xfs rw 0 0\n", set()),
        ("10.0.0.1:/x /elsewhere nfs4 rw 0 0\n/dev/a / ext4 rw 0 0\n", set()),
    ],
    ids=["on it", "hidden by a later mount", "beside it"],
)
def test_a_network_file_system_is_seen(in_file, tmp_path, monkeypatch, mounts, seen):
    listed = tmp_path / "mounts"
    listed.write_text(mounts.format(str(in_file.file.parent.resolve()).replace(" ", "\\040")))
    monkeypatch.setattr(sqlite_file, "MOUNTS", listed)

    assert seen == in_file.codes()


def test_a_system_that_lists_no_mounts_says_nothing(in_file, monkeypatch):
    monkeypatch.setattr(sqlite_file, "MOUNTS", Path("/no/such/list"))

    assert set() == in_file.codes()


def test_a_file_that_is_used_without_wal_is_seen(in_file):
    user = sqlite3.connect(in_file.file, isolation_level=None)
    assert ("delete",) == user.execute("PRAGMA journal_mode = DELETE").fetchone()
    user.execute("BEGIN")
    user.execute("UPDATE connections SET name = 'other'")

    found = in_file.codes(connect_seconds=0.05)
    user.close()

    assert "database.journal" in found


def test_rows_that_name_rows_that_are_gone_are_counted(in_file):
    in_file.sell()
    breaker = sqlite3.connect(in_file.file)
    breaker.execute("DELETE FROM pos_customers")
    breaker.commit()
    breaker.close()

    found = in_file.finding("database.orphans")

    assert "pos_sales: 1" in found.wrong.en


def test_what_looks_like_damage_once_is_looked_at_again(in_file, monkeypatch):
    """Another program that begins to write may be seen half way."""
    told = iter([["row 1 missing"], []])
    monkeypatch.setattr(sqlite_file, "_quick_check", lambda _: next(told))

    assert set() == in_file.codes()


def test_it_may_be_asked_from_many_threads(in_file: Patient):
    found: list[set[str]] = []
    threads = [threading.Thread(target=lambda: found.append(in_file.codes())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [set()] * 4 == found
