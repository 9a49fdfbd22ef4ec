"""What the database says of its own faults names no customer."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tillbridge.db.database import Database


def test_a_database_fault_does_not_tell_what_was_to_be_written(database_url):
    """Faults are logged with their trace; a page's rows hold names and e-mail addresses."""
    database = Database(database_url)
    with pytest.raises(DBAPIError) as failed, database.write("test") as connection:
        connection.execute(text("INSERT INTO no_table VALUES (:email)"), {"email": "minsu@example.com"})
    database.close()

    assert "minsu" not in str(failed.value)
