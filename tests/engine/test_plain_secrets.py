"""A secret that an older program kept among the plain settings: its connection goes on, and it is sealed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, select, update

from orders import order
from shop import Shop
from tillbridge.connections import changing as reconnecting
from tillbridge.db import tables

PLAIN = "whsec_4711plain"


@pytest.fixture
def shop(database_url: str, clock: Any) -> Iterator[Shop]:
    """A shop whose connection was made with `--set token=…`, and once changed that way."""
    made = Shop(database_url, clock, key=Fernet.generate_key().decode())
    made.connect()
    table = tables.connections
    said = f"token: - → {PLAIN}"
    with made.engine.context.database.write("as an older program") as database:
        settings = json.dumps({"shop": "s1", "token": PLAIN})
        sealed = made.engine.context.secrets.seal({}, owner="memory:s1")
        database.execute(update(table).values(settings=settings, secrets=sealed))
        entry = {"connection_id": 1, "at": clock.now(), "who": "지은", "en": said, "ko": said}
        database.execute(insert(tables.connection_log).values(entry))
    yield made
    made.close()


def stored(shop: Shop) -> str:
    """All that the database holds of the connection, as text."""
    table, log = tables.connections, tables.connection_log
    with shop.engine.context.database.read() as database:
        row = database.execute(select(table.c.settings, table.c.secrets)).one()
        said = database.execute(select(log.c.en, log.c.ko)).all()
    return f"{tuple(row)} {[tuple(one) for one in said]}"


def test_its_connection_goes_on_with_it(shop: Shop) -> None:
    shop.webstore.offer(order("A1"))

    result = shop.poll()

    assert result.trouble is None
    assert "A1" == shop.engine.order("A1").number


def test_it_is_sealed_and_gone_from_the_history(shop: Shop) -> None:
    assert PLAIN in stored(shop)

    shop.poll()

    assert PLAIN not in stored(shop)
    with shop.engine.context.database.read() as database:
        row = database.execute(select(tables.connections)).one()
    assert {"token": PLAIN} == shop.engine.context.secrets.open(row.secrets, owner="memory:s1")
    assert {"shop": "s1"} == json.loads(row.settings)


def test_that_it_was_kept_in_plain_is_said_once(shop: Shop) -> None:
    shop.poll()
    shop.poll()

    told = [one.words.en for one in shop.engine.connection_log("web") if "kept in plain" in one.words.en]
    assert 1 == len(told)


def test_it_is_shown_nowhere_before_it_is_sealed(shop: Shop) -> None:
    (view,) = shop.engine.connections()

    assert {"shop": "s1"} == view.settings


def test_its_connection_can_be_changed(shop: Shop) -> None:
    kept = reconnecting.stored(shop.engine.context, "memory", "web")

    assert ({"shop": "s1"}, {"token": PLAIN}) == (kept.settings, kept.secrets)
