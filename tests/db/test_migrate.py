"""The schema: made by migrations, the same as the tables that the code uses, and never guessed."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from tillbridge.db import migrate
from tillbridge.db.database import Database
from tillbridge.db.metadata import metadata
from tillbridge.model.errors import DatabaseUnready


@pytest.fixture
def empty(empty_database_url):
    database = Database(empty_database_url)
    yield database
    database.close()


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(empty):
    migrate.upgrade_database(empty)

    with empty.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, metadata)


def test_upgrading_twice_changes_nothing(empty):
    migrate.upgrade_database(empty)
    migrate.upgrade_database(empty)

    migrate.require_current(empty)


def test_a_database_of_the_first_revision_keeps_what_is_in_it(empty):
    config = migrate._config()
    with empty.write("test") as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO pos_vendors (name, name_key) VALUES ('하나', '하나')"))
    with pytest.raises(DatabaseUnready, match="older tillbridge"):
        migrate.require_current(empty)
    migrate.upgrade_database(empty)

    migrate.require_current(empty)
    with empty.read() as connection:
        assert ["하나"] == list(connection.execute(text("SELECT name FROM pos_vendors")).scalars())


def test_a_database_without_tables_is_named_with_what_to_do(empty):
    with pytest.raises(DatabaseUnready, match="tillbridge init"):
        migrate.require_current(empty)


def test_a_database_of_a_newer_program_is_refused(empty):
    migrate.upgrade_database(empty)
    with empty.write("test") as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseUnready, match="newer tillbridge"):
        migrate.require_current(empty)
    with pytest.raises(DatabaseUnready, match="newer tillbridge"):
        migrate.upgrade_database(empty)
