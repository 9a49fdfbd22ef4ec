"""A database that cannot be used: exit code 5 and one sentence that says what to do, without SQL."""

import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy.exc import DatabaseError, OperationalError

from databases import in_full
from tillbridge.db import database


def refused(answer, *said):
    assert 5 == answer.code
    assert 1 == len(answer.err.strip().splitlines())
    for part in said:
        assert part in answer.err
    for part in ("Traceback", "PRAGMA", "SELECT", "sqlite3"):
        assert part not in answer.err


def test_a_file_that_is_no_database_is_named(program):
    Path("tillbridge.db").write_text("This is a diary.\n" * 100)

    refused(program("orders"), "tillbridge.db is no tillbridge database.")
    refused(program("init", "--lang", "ko"), "tillbridge 데이터베이스가 아닙니다.")


def test_a_folder_that_is_missing_is_named(program):
    refused(program("init", "--database", "sqlite:///no/such.db"), "no/such.db", "its folder exists")


def test_a_folder_is_no_database(program, folder):
    (folder / "tillbridge.db").mkdir()

    refused(program("orders"), "cannot be opened")


def test_a_database_that_another_program_holds_is_busy(shop, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    holder = sqlite3.connect("tillbridge.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    refused(shop("store", "add", "MAPO", "--country", "KR"), "another program holds it")
    holder.close()


@pytest.mark.parametrize(
    ("kind", "cause", "said"),
    [
        (OperationalError, "attempt to write a readonly database", "may write the file"),
        (OperationalError, "database or disk is full", "Make room"),
        (OperationalError, "disk I/O error", "the disk is well"),
        (DatabaseError, "database disk image is malformed", "backup"),
        (OperationalError, "something new", "something new"),
    ],
)
def test_each_cause_has_its_remedy(program, monkeypatch, kind, cause, said):
    def fail(_):
        raise kind("SELECT 1", {}, Exception(cause))

    monkeypatch.setattr("tillbridge.engine.Engine.init", fail)

    refused(program("init"), said)


def test_a_postgresql_server_that_is_away_is_said(program):
    url = "postgresql://shop:open-sesame@127.0.0.1:1/shop"

    answer = program("orders", "--database", url)

    refused(answer, "PostgreSQL server", "whether it is running")
    assert "open-sesame" not in answer.err


@pytest.fixture
def ascii_url(postgres) -> Iterator[str]:
    """A PostgreSQL database that keeps bytes, and knows of no letters."""
    url = postgres.url.set(database=f"tillbridge_test_{uuid.uuid4().hex[:16]}")
    name = sql.Identifier(url.database)
    postgres._run(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'SQL_ASCII'").format(name))
    yield in_full(url)
    postgres.drop(url)


@pytest.mark.parametrize("command", ["init", "orders", "poll", "run"])
def test_a_postgresql_database_of_another_encoding_is_refused_saying_what_is_allowed(
    program, ascii_url, command
):
    answer = program(command, "--database", ascii_url)

    refused(answer, "keeps text as SQL_ASCII", "Only UTF8 is allowed", "createdb --encoding=UTF8 --template")


def test_a_postgresql_database_of_another_encoding_is_refused_in_korean(program, ascii_url):
    answer = program("init", "--database", ascii_url, "--lang", "ko")

    refused(answer, "문자 인코딩이 SQL_ASCII입니다", "UTF8만")
