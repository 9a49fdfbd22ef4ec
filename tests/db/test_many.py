"""One statement for many rows: what comes back is what SQLAlchemy's own types would have kept."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError

from tillbridge.db.database import Database
from tillbridge.db.many import InsertMany, UpdateMany
from tillbridge.db.types import Quantity, UtcDateTime

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(40)),
    Column("at", UtcDateTime),
    Column("quantity", Quantity),
    Column("body", LargeBinary),
    UniqueConstraint("name"),
)
NEW_YORK = ZoneInfo("America/New_York")
SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MOMENTS = InsertMany(things, ("id", "at"))
NAMES = InsertMany(things, ("id", "name"))


@pytest.fixture
def database(empty_database_url):
    database = Database(empty_database_url)
    with database.write("test") as connection:
        things.create(connection)
    yield database
    database.close()


def run(database, statement, *rows):
    with database.write("test") as connection:
        statement.run(connection, rows)


def kept(database, name):
    with database.read() as connection:
        return list(connection.execute(select(things.c[name]).order_by(things.c.id)).scalars())


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("name", ["서울", 'it\'s "so"', "a\\b\n", "🙂", "", None]),
        ("quantity", [Decimal("1.50"), Decimal("1E+2"), None]),
        ("body", [b"", b"\x00\xff", None]),
        ("at", [NOON, NOON + timedelta(microseconds=1), None]),
    ],
    ids=["texts", "quantities", "bytes", "moments"],
)
def test_values_come_back_as_they_went_in(database, column, values):
    run(database, InsertMany(things, ("id", column)), *enumerate(values))

    assert values == kept(database, column)


def test_no_row_is_no_statement(database):
    run(database, NAMES)

    assert [] == kept(database, "id")


@pytest.mark.parametrize("zone", [UTC, SEOUL, timezone(timedelta(hours=-5))])
def test_a_moment_is_kept_in_utc_whatever_its_zone(database, zone):
    run(database, MOMENTS, (1, NOON.astimezone(zone)))

    assert [NOON] == kept(database, "at")


def test_a_moment_whose_zone_has_seconds_is_kept_to_the_second(database):
    """Seoul's own time was 8:27:52 before Greenwich's until 1908."""
    run(database, MOMENTS, (1, datetime(1900, 1, 1, 12, tzinfo=SEOUL)))

    assert [datetime(1900, 1, 1, 3, 32, 8, tzinfo=UTC)] == kept(database, "at")


def test_the_two_passes_of_a_repeated_hour_are_two_moments(database):
    """Python calls them equal; half past one comes twice when summer time ends."""
    first = datetime(2025, 11, 2, 1, 30, tzinfo=NEW_YORK)
    run(database, MOMENTS, (1, first), (2, first.replace(fold=1)))

    assert [
        datetime(2025, 11, 2, 5, 30, tzinfo=UTC),
        datetime(2025, 11, 2, 6, 30, tzinfo=UTC),
    ] == kept(database, "at")


def test_a_time_without_a_zone_is_refused(database):
    """PostgreSQL would read it in the server's own zone."""
    with pytest.raises(ValueError, match="a time needs its zone"):
        run(database, MOMENTS, (1, datetime(2026, 3, 2, 12)))  # noqa: DTZ001  # that is what is tested

    assert [] == kept(database, "at")


def test_a_time_without_a_zone_is_refused_in_an_update_too(database):
    run(database, MOMENTS, (1, NOON))
    with pytest.raises(ValueError, match="a time needs its zone"):
        run(database, UpdateMany(things, ("at",), ("id",)), (datetime(2026, 3, 2, 12), 1))  # noqa: DTZ001  # as above

    assert [NOON] == kept(database, "at")


def test_a_row_that_is_there_already_is_an_error_without_keys(database):
    run(database, NAMES, (1, "a"))
    with pytest.raises(IntegrityError):
        run(database, NAMES, (2, "b"), (1, "c"))

    assert ["a"] == kept(database, "name")


def test_a_row_that_is_there_already_stays_as_it_is(database):
    run(database, NAMES, (1, "a"))
    run(database, InsertMany(things, ("id", "name"), keys=("id",)), (1, "b"), (2, "c"))

    assert ["a", "c"] == kept(database, "name")


def test_a_row_that_is_there_already_gets_what_is_said(database):
    run(database, NAMES, (1, "a"))
    run(database, InsertMany(things, ("id", "name"), keys=("id",), then="name = excluded.name"), (1, "b"))

    assert ["b"] == kept(database, "name")


def test_an_update_changes_the_rows_that_its_keys_name(database):
    run(database, NAMES, (1, "a"), (2, "b"), (3, "c"))
    run(
        database, UpdateMany(things, ("name", "at"), ("id",)), ("x", NOON, 2), (None, None, 3), ("y", None, 9)
    )

    assert ["a", "x", None] == kept(database, "name")
    assert [None, NOON, None] == kept(database, "at")
