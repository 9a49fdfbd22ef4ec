"""Real orders of other systems go the whole road: each is refused in words or kept, none is a crash."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from payloads import payload_files, payload_name
from shop import SEOUL
from tillbridge import connections
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.model.exchange import RawOrder
from tillbridge.model.status import Status
from tillbridge.settle.payloads import Fetched, Span, keep
from tillbridge.testing.pos import MemoryPos

LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)


@pytest.fixture
def engine(sqlite_url, clock):
    """An engine with a Locally connection that is never asked: the test brings the payloads."""
    key = Fernet.generate_key().decode()
    engine = Engine(sqlite_url, Options(pos=MemoryPos([SEOUL]), clock=clock, key=key))
    settings = {"company_id": "7", "currency": "KRW", "country": "KR"}
    new = NewConnection(
        provider="locally",
        name="Locally",
        settings=settings,
        secrets={"api_token": "t"},
        orders_from=LONG_AGO,
    )
    connections.save(engine.context, new, connections.prepare(engine.context, new))
    yield engine
    engine.close()


@pytest.mark.parametrize("file", [*payload_files(), *payload_files(suffix=".xml")], ids=payload_name)
def test_an_order_of_another_system_is_refused_in_words_or_kept(engine, clock, file):
    now = clock.now()
    raw = RawOrder(order_id=file.stem, parts={"order": file.read_bytes()})

    keep(engine.context, 1, Fetched(orders=[raw], span=Span(now, now), source="poll"))
    engine.settle()

    with engine.context.database.read() as database:
        (row,) = database.execute(text("SELECT handled, not_an_order FROM payloads")).all()
    orders = engine.orders()
    assert row.handled
    assert row.not_an_order or [Status.SALE_PROCESSING_FAILED] == [one.status for one in orders]
    for found in orders:
        assert found.reasons[0].en
        assert found.reasons[0].ko
        assert json.dumps(found.reasons[0].path)
