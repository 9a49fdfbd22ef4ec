"""A PostgreSQL server that is away, hangs, loses data, or gives too few rights."""

import socket
import uuid

import psycopg
import pytest
from psycopg import sql

from databases import in_full
from tillbridge.db import migrate
from tillbridge.doctor import Limits, examine

FAKE = """
CREATE SCHEMA fake;
CREATE FUNCTION fake.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION fake.current_setting(text) RETURNS text LANGUAGE sql AS
  $$ SELECT CASE $1 WHEN 'server_version_num' THEN '90624' ELSE pg_catalog.current_setting($1) END $$;
"""


@pytest.fixture
def server(on_server):
    with psycopg.connect(on_server.url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def test_a_server_that_is_away_is_said():
    (found,) = [
        one
        for one in examine("postgresql://shop:pw@127.0.0.1:1/shop").findings
        if one.code == "database.away"
    ]

    assert "pg_isready -h 127.0.0.1 -p 1" in found.remedy.en
    assert "refused" in found.wrong.en


def test_a_user_that_the_server_does_not_know_is_said(on_server):
    on_server.url = on_server.url.replace("postgres@", "stranger@")

    assert 'role "stranger" does not exist' in on_server.finding("database.away").wrong.en


def test_a_server_that_never_answers_holds_up_nobody():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://shop@127.0.0.1:{silent.getsockname()[1]}/shop"
        found = examine(url, limits=Limits(check_seconds=0.3))

    assert "doctor.late" in {one.code for one in found.findings}


def test_a_database_that_cannot_hold_korean_is_found(postgres):
    url = postgres.url.set(database=f"tillbridge_test_{uuid.uuid4().hex[:16]}")
    postgres._run(
        sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'SQL_ASCII'").format(
            sql.Identifier(url.database)
        )
    )
    try:
        found = examine(in_full(url))
    finally:
        postgres.drop(url)

    assert {"database.encoding", "migrations.none", "database.unsafe"} == {one.code for one in found.findings}


def test_a_server_that_does_not_wait_for_its_disk_is_found(on_server):
    """database.unsafe: the tests' own server is one."""
    found = on_server.finding("database.unsafe")

    assert "fsync, full_page_writes, synchronous_commit off" in found.wrong.en


def test_a_standby_of_an_old_version_is_found(on_server, server):
    server.execute(FAKE)
    name = sql.Identifier(server.info.dbname)
    server.execute(sql.SQL("ALTER DATABASE {} SET search_path = fake, pg_catalog, public").format(name))

    assert {"database.standby", "database.server_version"} == on_server.codes()
    assert "9.624" in on_server.finding("database.server_version").wrong.en


def test_missing_rights_are_found(on_server, server):
    role = f"clerk_{uuid.uuid4().hex[:8]}"
    name = sql.Identifier(role)
    server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
    server.execute(
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name)
    )
    server.execute(sql.SQL("REVOKE DELETE ON pos_stock FROM {}").format(name))
    on_server.url = on_server.url.replace("postgres@", f"{role}@")
    try:
        found = on_server.finding("database.rights")
    finally:
        server.execute(sql.SQL("DROP OWNED BY {}").format(name))
        server.execute(sql.SQL("DROP ROLE {}").format(name))

    assert "1 of the tables (pos_stock)" in found.wrong.en


def test_the_upgrade_of_an_empty_database_makes_it_well(empty_postgres_url, monkeypatch):
    monkeypatch.setenv("TILLBRIDGE_KEY", "x" * 44)
    migrate.upgrade(empty_postgres_url)

    assert "migrations.none" not in {one.code for one in examine(empty_postgres_url).findings}
