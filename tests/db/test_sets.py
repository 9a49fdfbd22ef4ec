"""A column compared with a whole set: what is equal is found, and nothing else, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, insert, select, text
from sqlalchemy.dialects import postgresql

from tillbridge.db.database import Database
from tillbridge.db.sets import among
from tillbridge.db.types import Quantity, UtcDateTime

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("code", String(8), index=True),
    Column("note", Text, index=True),
    Column("quantity", Quantity),
    Column("at", UtcDateTime),
)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def database(empty_database_url):
    database = Database(empty_database_url)
    with database.write("test") as connection:
        things.create(connection)
    yield database
    database.close()


def keep(database, column, *values):
    with database.write("test") as connection:
        for number, value in enumerate(values):
            connection.execute(insert(things).values({"id": number, column: value}))


def found(database, column, values):
    one = things.c[column]
    with database.read() as connection:
        query = select(one).where(among(connection, one, values)).order_by(things.c.id)
        return list(connection.execute(query).scalars())


def test_nothing_is_among_nothing(database):
    keep(database, "code", "a", None)

    assert [] == found(database, "code", [])


def test_what_is_among_very_many_is_found(database):
    """Databases take some ten thousand parameters at most."""
    keep(database, "code", "7", "none", "99999")

    assert ["7", "99999"] == found(database, "code", {str(number) for number in range(100_000)})


def test_what_is_given_twice_is_found_once(database):
    keep(database, "code", "a")

    assert ["a"] == found(database, "code", ["a", "a"])


def test_none_is_among_nothing_and_hides_nothing(database):
    keep(database, "code", "a", None)

    assert ["a"] == found(database, "code", ["a", None])
    assert [] == found(database, "code", [None])


@pytest.mark.parametrize("column", ["code", "note"])
@pytest.mark.parametrize("value", ["서울", "🙂", "it's", 'a"b', "{a,b}", "a\\b", "NULL", "", " ", "%s"])
def test_a_text_is_found_whatever_its_letters(database, column, value):
    keep(database, column, value, "other")

    assert [value] == found(database, column, [value])


def test_a_text_in_other_letters_is_another_text(database):
    keep(database, "code", "Ab", "é")

    assert [] == found(database, "code", ["ab", "AB", "Ab ", "e\u0301"])


def test_a_text_that_is_longer_than_its_column_is_not_found_by_its_beginning(database):
    keep(database, "code", "12345678")

    assert [] == found(database, "code", ["123456789"])


def test_a_number_is_found(database):
    keep(database, "code", *"abc")

    assert [0, 2] == found(database, "id", [0, 2, 9])


def test_a_number_that_is_too_great_for_its_column_is_not_found(database):
    keep(database, "code", *"abc")

    assert [1] == found(database, "id", [1, 2**31, 2**62, -(2**31) - 1])


def test_a_quantity_is_found_however_it_is_written(database):
    keep(database, "quantity", Decimal("1.5"), Decimal(2))

    assert [Decimal("1.5")] == found(database, "quantity", [Decimal("1.50"), None])


def test_a_moment_is_found_in_any_zone(database):
    keep(database, "at", NOON, NOON + timedelta(seconds=1))

    assert [NOON] == found(database, "at", [NOON.astimezone(timezone(timedelta(hours=9)))])


@pytest.mark.parametrize("column", ["code", "note", "id"])
@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_postgresql_uses_the_columns_index(database, column):
    one = things.c[column]
    with database.read() as connection:
        query = select(things.c.id).where(among(connection, one, [1] if column == "id" else ["a"]))
        asked = query.compile(dialect=postgresql.psycopg.dialect())
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.exec_driver_sql(f"EXPLAIN {asked}", asked.params).scalars().all()

    assert any("Index Cond" in step for step in plan), plan


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("column", ["code", "note", "id"])
def test_sqlite_uses_the_columns_index(database, column):
    one = things.c[column]
    with database.read() as connection:
        query = select(things.c.id).where(among(connection, one, [1] if column == "id" else ["a"]))
        asked = query.compile(connection.engine)
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", ("[]",))]

    assert plan[0].startswith("SEARCH things USING"), plan
