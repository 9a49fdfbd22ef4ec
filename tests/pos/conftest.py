"""Fixtures of the embedded POS: a database of each kind with its tables, and a small shop in it."""

from collections.abc import Iterator

import pytest

from pos.till import Shop, make_shop
from tillbridge.db.database import Database
from tillbridge.db.metadata import metadata


@pytest.fixture
def pos_database(empty_database_url: str) -> Iterator[Database]:
    """A database with empty tables, of each kind in turn."""
    database = Database(empty_database_url)
    metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def shop(pos_database: Database) -> Shop:
    """A store with ten helmets, a pump and a customer."""
    return make_shop(pos_database)
