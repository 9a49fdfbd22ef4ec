"""Secrets: encrypted at rest, opened by their own connection only, shown nowhere."""

import logging
import stat
import traceback
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from orders import PLACED, order
from tillbridge.connections import NewConnection
from tillbridge.db.database import Database
from tillbridge.model.errors import InputError
from tillbridge.secrets import SecretBox, find_key

PLANTED = "sk-planted-4711"


@pytest.fixture
def box():
    return SecretBox(Fernet.generate_key().decode())


def test_a_secret_is_opened_by_its_owner(box):
    sealed = box.seal({"token": PLANTED}, owner="a")

    assert {"token": PLANTED} == box.open(sealed, owner="a")
    assert PLANTED.encode() not in sealed


def test_a_secret_copied_to_another_row_is_worthless(box):
    with pytest.raises(InputError, match="another connection"):
        box.open(box.seal({"token": PLANTED}, owner="a"), owner="b")


def test_another_key_is_refused_in_words(box):
    other = SecretBox(Fernet.generate_key().decode())

    with pytest.raises(InputError, match="TILLBRIDGE_KEY"):
        other.open(box.seal({"token": PLANTED}, owner="a"), owner="a")


def test_the_key_file_stands_beside_the_database_for_its_owner_only(empty_sqlite_url, monkeypatch):
    monkeypatch.delenv("TILLBRIDGE_KEY", raising=False)
    database = Database(empty_sqlite_url)
    first = find_key(database)
    path = Path(f"{database.url.database}.key")

    assert first == find_key(database)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    database.close()


def test_a_key_file_that_others_can_read_is_refused(empty_sqlite_url, monkeypatch):
    monkeypatch.delenv("TILLBRIDGE_KEY", raising=False)
    database = Database(empty_sqlite_url)
    find_key(database)
    Path(f"{database.url.database}.key").chmod(0o644)

    with pytest.raises(InputError, match="chmod 600"):
        find_key(database)
    database.close()


def test_postgresql_takes_its_key_from_the_environment_only(empty_postgres_url, monkeypatch):
    monkeypatch.delenv("TILLBRIDGE_KEY", raising=False)
    database = Database(empty_postgres_url)

    with pytest.raises(InputError, match="TILLBRIDGE_KEY"):
        find_key(database)
    database.close()


def test_a_planted_secret_is_shown_nowhere(shop, caplog):
    """Not in logs, reprs, views, errors or any table."""
    caplog.set_level(logging.DEBUG)
    new = NewConnection(
        provider="memory", name="two", settings={"shop": "s2"}, secrets={"token": PLANTED}, orders_from=PLACED
    )
    shop.engine.connect(new)
    shop.webstore.offer(order("A1"))
    shop.engine.poll()
    try:
        shop.engine.connect(new)
    except InputError as error:
        told = "".join(traceback.format_exception(error))

    with shop.engine.context.database.read() as database:
        rows = database.execute(text("SELECT * FROM connections")).all()
    everything = repr(new) + repr(shop.engine.connections()) + caplog.text + told + repr(rows)
    assert PLANTED not in everything
    assert ["token"] == shop.engine.connections()[1].secrets


def test_a_secret_given_as_a_setting_is_refused(shop):
    with pytest.raises(InputError, match="give it with --secret"):
        shop.connect(name="two", settings={"shop": "s2", "token": PLANTED})


def test_a_second_connection_to_an_account_is_refused(shop):
    with pytest.raises(InputError, match="connected already"):
        shop.connect(name="two", settings={"shop": "s1"})


def test_an_unknown_setting_is_named_with_the_known_ones(shop):
    said = r"Memory has no setting shopp\. Did you mean shop\? Settings: shop\. Secrets: token\."
    with pytest.raises(InputError, match=said):
        shop.connect(name="two", settings={"shopp": "s2"})
