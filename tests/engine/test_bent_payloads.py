"""Bent payloads go the whole road, between healthy neighbours, on both databases.

Each order ends in one of its statuses, or as no order with its reason; a damaged one says where and what,
in both languages; the bytes that came are kept; the neighbours are sold once; nothing raises.
`TILLBRIDGE_LONG=1` tries many more.
"""

import copy
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from rich.console import Console
from sqlalchemy import select

from bending import Bend, bends, bent, torn, written
from orders import order
from payloads import ABSENT, ORDERS, payload_files
from plugins.locally.samples import KOREAN, VALID
from serving import ExactServer, serving
from shop import SEOUL, Shop
from tillbridge import connections
from tillbridge.cli.orders_as import Zones, detail_data, order_table
from tillbridge.connections import NewConnection
from tillbridge.db import tables
from tillbridge.engine import Engine, Options
from tillbridge.model.exchange import RawOrder
from tillbridge.model.reasons import ReasonCode
from tillbridge.model.status import Status
from tillbridge.replay import ReplayQuery, ReplayView
from tillbridge.settle import payloads
from tillbridge.settle.payloads import Fetched, Span
from tillbridge.testing.pos import MemoryPos

# The long run takes minutes a test where others work beside it.
pytestmark = [pytest.mark.row("S14"), pytest.mark.timeout(3600)]

LONG = os.environ.get("TILLBRIDGE_LONG") == "1"
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
HANGUL = re.compile("[가-힣]")
LISTED_FROM = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
# A page that no JSON reader takes as a whole is the connection's trouble, and is fetched again.
_UNREADABLE_PAGE = "cannot be read"


def tried(examples: int) -> Callable[[Any], Any]:
    return hypothesis.settings(
        max_examples=examples * 20 if LONG else examples,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


class Road:
    """An engine with one connection, and what came over it. (No dataclass: hypothesis would print it all.)"""

    def __init__(self, engine: Engine, pos: MemoryPos, clock: Any, server: ExactServer | None = None) -> None:
        self.engine, self.pos, self.clock, self.server = engine, pos, clock, server

    def keep(self, *orders: tuple[str | None, bytes]) -> None:
        """Bring a page of payloads into the queue, as a poll does, and settle it."""
        now = self.clock.now()
        raw = [RawOrder(order_id, {"order": body}) for order_id, body in orders]
        page = Fetched(orders=raw, span=Span(now, now), source="poll")
        payloads.keep(self.engine.context, 1, page)
        self.engine.settle()

    def count(self) -> int:
        """Return how many payloads are kept: a number for orders that are new."""
        with self.engine.context.database.read() as database:
            return len(database.execute(select(tables.payloads.c.id)).all())

    def names(self, kinds: str) -> list[str]:
        """Return the IDs of orders that are not there yet."""
        return [f"{kind}{self.count():06}" for kind in kinds]

    def find(self, webstore_id: str) -> int | None:
        """Return the ID of an order; none for what is no order."""
        with self.engine.context.database.read() as database:
            query = select(tables.orders.c.id).where(tables.orders.c.webstore_id == webstore_id)
            return database.execute(query).scalar_one_or_none()

    def newest(self, count: int) -> list[Any]:
        with self.engine.context.database.read() as database:
            query = select(tables.payloads).order_by(tables.payloads.c.id.desc()).limit(count)
            return list(reversed(database.execute(query).all()))


def held(road: Road, row: Any, body: bytes) -> None:
    """Hold the end of a bent payload to what is promised."""
    assert row.handled, "it waits for ever"
    assert {"order": body} == dict(payloads.unpack(row.webstore_id, row.parts).parts)
    found = road.find(row.webstore_id)
    if row.not_an_order is not None:
        assert (None, True) == (found, bool(row.not_an_order))
        nothing_changes(road.engine, row.webstore_id)
        return
    assert found is not None
    view = road.engine.order_by_id(found)
    assert view.status in set(Status) - {Status.PROCESS_SALE}
    assert (view.status is Status.NEW) == (view.barcode is not None)
    for reason in view.reasons:
        assert reason.code is not ReasonCode.UNEXPECTED, reason.en
        assert reason.en
        assert HANGUL.search(reason.ko), reason.ko
        if reason.code is ReasonCode.PAYLOAD_DAMAGED:
            assert Status.SALE_PROCESSING_FAILED is view.status
            assert reason.path
            assert reason.en.startswith(f"{reason.path}: ")
            assert reason.ko.startswith(f"{reason.path}: ")
    shown(road.engine, view)
    nothing_changes(road.engine, f"id:{found}")


def nothing_changes(engine: Engine, name: str) -> None:
    """Replayed with the very same code, a payload is what it was."""
    told: list[ReplayView] = []
    summary = engine.replay(ReplayQuery(orders=[name]), tell=told.append)
    assert ({}, [False]) == (summary.troubles, [one.differs for one in told]), told


def shown(engine: Engine, view: Any) -> None:
    """Show the order as the command line does: as data and as a table."""
    data = detail_data(view, engine.timeline(view.id), None)
    json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    console = Console(width=200, file=io.StringIO())
    console.print(order_table([view], Zones(engine.pos.stores()), "en"))
    console.print(order_table([view], Zones(engine.pos.stores()), "ko"))


def sold_once(road: Road, *names: str) -> None:
    for name in names:
        view = road.engine.order_by_id(road.find(name) or 0)
        assert (Status.NEW, ()) == (view.status, view.reasons), view.reasons
        living = [key for key in road.pos.sales if key.order_key.endswith(f":{name}")]
        assert 1 == len(living)


# Locally: its real parser, and its list over real HTTP

SOME = "B000000"


def cart(name: str) -> dict[str, Any]:
    document = copy.deepcopy(VALID)
    document["cart"]["hash"] = name
    return document


@pytest.fixture
def road(database_url, clock) -> Iterator[Road]:
    """A Korean shop at Locally that knows the valid order's customer and products."""
    with serving() as server:
        pos = MemoryPos([SEOUL])
        shop = Shop.__new__(Shop)
        shop.pos = pos
        shop.stock("P1", "00601842495575", 10**6)
        shop.stock("P2", "00727602259178", 10**6)
        shop.customer("C1", "haneul.kim@example.com")
        engine = Engine(database_url, Options(pos=pos, clock=clock, key=Fernet.generate_key().decode()))
        connect_locally(engine, server.url)
        yield Road(engine, pos, clock, server)
        engine.close()


def connect_locally(engine: Engine, url: str) -> None:
    settings = {name: KOREAN[name] for name in ("company_id", "currency", "country")}
    new = NewConnection(
        provider="locally",
        name="Locally",
        settings={**settings, "base_url": url},
        secrets={"api_token": "t"},
        orders_from=LONG_AGO,
    )
    connections.save(engine.context, new, connections.prepare(engine.context, new))


@given(bends(cart(SOME)))
@tried(30)
def test_a_bent_order_of_locallys_ends_in_words_beside_healthy_ones(road: Road, wanted: list[Bend]) -> None:
    first, name, second = road.names("GBH")
    body = written(bent(cart(name), wanted))

    road.keep((first, written(cart(first))), (name, body), (second, written(cart(second))))

    held(road, road.newest(3)[1], body)
    sold_once(road, first, second)


@given(torn(written(cart(SOME))))
@tried(20)
def test_an_order_of_locallys_with_torn_bytes_ends_in_words(road: Road, body: bytes) -> None:
    first, name = road.names("GB")
    body = body.replace(SOME.encode(), name.encode())

    road.keep((first, written(cart(first))), (name, body))

    held(road, road.newest(2)[1], body)
    sold_once(road, first)


@given(bends(cart(SOME)))
@tried(20)
def test_a_bent_order_in_locallys_list_stops_nobody_else(road: Road, wanted: list[Bend]) -> None:
    number = road.count()
    first, name, second = road.names("GBH")
    body = written(bent(cart(name), wanted))
    assert road.server is not None
    road.server.content = listed(
        number, {first: written(cart(first)), name: body, second: written(cart(second))}
    )

    (result,) = road.engine.poll()

    if result.trouble is not None:
        assert _UNREADABLE_PAGE in result.trouble.en
        assert number == road.count()
        return
    held(road, road.newest(3)[1], body)
    sold_once(road, first, second)


def listed(number: int, bodies: Mapping[str, bytes]) -> bytes:
    """Locally's list with these orders, all changed after what was listed before."""
    entries = [
        b'{"hash":"%s","updated_at":"%s","order":%s}'
        % (name.encode(), (LISTED_FROM + timedelta(seconds=number + place)).isoformat().encode(), body)
        for place, (name, body) in enumerate(bodies.items())
    ]
    time = (LISTED_FROM + timedelta(hours=5)).isoformat().encode()
    return b'{"success":true,"data":{"server_time":"%s","more":false,"orders":[%s]}}' % (
        time,
        b",".join(entries),
    )


# Real orders of other systems, read by Locally's parser

FOREIGN = payload_files() if ORDERS.is_dir() else []


@pytest.mark.skipif(not FOREIGN, reason=ABSENT)
@given(st.data())
@tried(20)
def test_a_bent_order_of_another_system_is_refused_in_words(road: Road, data: st.DataObject) -> None:
    document = json.loads(data.draw(st.sampled_from(FOREIGN), label="file").read_bytes())
    wanted = data.draw(bends(document), label="bends")
    first, name = road.names("GB")
    body = written({"cart": bent(document, wanted), "user": document})

    road.keep((first, written(cart(first))), (name, body))

    held(road, road.newest(2)[1], body)
    sold_once(road, first)


# The webstore in memory: payloads in the model's own form


def modelled(name: str) -> dict[str, Any]:
    return dict(json.loads(order(name, revision=1).model_dump_json()))


@given(bends(modelled(SOME)))
@tried(30)
def test_a_bent_order_of_the_webstore_in_memory_ends_in_words(shop: Shop, wanted: list[Bend]) -> None:
    road = Road(shop.engine, shop.pos, shop.clock)
    first, name, second = road.names("GBH")
    body = written(bent(modelled(name), wanted))
    shop.webstore.offer(order(first))
    shop.webstore.offer_bytes(name, body)
    shop.webstore.offer(order(second))

    result = shop.poll()

    assert result.trouble is None
    held(road, road.newest(3)[1], body)
    sold_once(road, first, second)
