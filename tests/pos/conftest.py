"""Fixtures of the embedded POS: a database of each kind with its tables, and a small shop in it."""

from collections.abc import Iterator

import pytest

from pos.till import Shop, make_shop
from tillbridge.db.database import Database


@pytest.fixture
def pos_database(database_url: str) -> Iterator[Database]:
    """A database at the newest schema, of each kind in turn."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def shop(pos_database: Database) -> Shop:
    """A store with ten helmets, a pump and a customer."""
    return make_shop(pos_database)
