"""A real webstore: django-oscar with its REST API, in a process of its own, connected by its preset alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

import tillbridge_generic_webstore
from plugins.generic_webstore.connecting import Connected, connected, preset
from plugins.generic_webstore.oscar.running import BELL, HELMET, PUMP, STAFF, Oscar, id_of, running
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.model.status import Status
from tillbridge.model.stores import Store
from tillbridge.plugin import HttpRefused, IdentifierKind, Rejected
from tillbridge.pos.contract import CustomerHit, CustomerKey, CustomerKeyKind, ProductHit, ProductKey
from tillbridge.secrets import new_key
from tillbridge.testing.clock import FrozenClock
from tillbridge.testing.pos import MemoryPos

SEOUL = Store(code="seoul", name="서울점", timezone="Asia/Seoul", currency="EUR", country="KR")
QUARTER = 15 * 60


@pytest.fixture(scope="session")
def oscar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oscar]:
    """The shop, for the whole run; each test looks at what is ordered from its own beginning on."""
    with running(tmp_path_factory.mktemp("oscar")) as shop:
        yield shop


@pytest.fixture
def clock() -> FrozenClock:
    """The time as it is: oscar stamps its orders by its own clock."""
    return FrozenClock(datetime.now(UTC))


@pytest.fixture
def web(oscar: Oscar, clock: FrozenClock) -> Iterator[Connected]:
    with connected(preset("oscar"), {"url": oscar.url, **STAFF}, clock, orders_from=clock.now()) as made:
        yield made


def test_orders_come_with_their_lines_and_the_goods_behind_them(oscar: Oscar, web: Connected) -> None:
    placed = [oscar.order({HELMET: 1, PUMP: 2}), oscar.order({BELL: 1})]

    (page,) = web.pages()

    assert [raw.order_id for raw in page.orders] == [id_of(placed[1]), id_of(placed[0])]
    assert sorted(page.orders[1].parts) == ["lines", "order", "products", "stockrecords"]
    assert b'"upc":"4006381333931"' in page.orders[1].parts["products"]


def test_what_is_known_does_not_come_again(oscar: Oscar, web: Connected) -> None:
    oscar.order({BELL: 1})
    _, cursor = web.poll()
    new = oscar.order({BELL: 1})

    seen, cursor = web.poll(cursor)

    assert seen == [id_of(new)]
    assert web.poll(cursor)[0] == []


def test_orders_that_are_placed_while_pages_are_read_are_not_lost(oscar: Oscar, clock: FrozenClock) -> None:
    """The list shows the newest first, and shifts under whoever reads it."""
    small = preset("oscar").model_copy(deep=True)
    table = small.orders.model_copy(update={"paging": small.orders.paging.model_copy(update={"size": 2})})
    small = small.model_copy(update={"orders": table})
    placed = [id_of(oscar.order({BELL: 1})) for _ in range(5)]
    settings = {"url": oscar.url, **STAFF}
    with connected(small, settings, clock, orders_from=clock.now()) as web:
        seen: list[str | None] = []
        cursor = None
        for page in web.lister.pages(web.connection, None):
            seen += [raw.order_id for raw in page.orders]
            cursor = page.cursor or cursor
            if len(seen) == 2:
                placed += [id_of(oscar.order({BELL: 1})) for _ in range(2)]

        again, _ = web.poll(cursor)

    assert set(seen) | set(again) == set(placed)
    assert len(again) == 2


def test_a_change_of_an_order_that_is_known_comes_within_a_quarter_of_an_hour(
    oscar: Oscar, web: Connected, clock: FrozenClock
) -> None:
    """The list knows no filter by change: what stands in the window is looked through."""
    first = oscar.order({BELL: 1})
    _, cursor = web.poll()
    oscar.set_status(first, "Being processed")
    clock.advance(QUARTER)

    seen, cursor = web.poll(cursor)

    assert seen == [id_of(first)]
    clock.advance(QUARTER)
    assert web.poll(cursor)[0] == []


def test_one_order_comes_as_the_list_has_it(oscar: Oscar, web: Connected) -> None:
    number = id_of(oscar.order({PUMP: 1}))

    raw = web.lister.fetch_one(web.connection, number)

    ((listed,),) = [page.orders for page in web.pages()]
    assert raw == listed


def test_an_order_that_is_not_there_is_said_to_be_none(web: Connected) -> None:
    with pytest.raises(Rejected, match="django-oscar has no order 999999"):
        web.lister.fetch_one(web.connection, "999999")


def test_a_password_that_is_wrong_is_refused(oscar: Oscar, clock: FrozenClock) -> None:
    settings = {"url": oscar.url, "user": "staff", "password": "no"}

    with connected(preset("oscar"), settings, clock) as web, pytest.raises(HttpRefused):
        web.poll()


@pytest.fixture
def pos() -> MemoryPos:
    """A point of sale that knows the goods and the customer."""
    made = MemoryPos([SEOUL])
    for product, gtin in (("P1", "04006381333931"), ("P2", "08801234567893")):
        made.products[ProductKey(IdentifierKind.GTIN, gtin)].append(ProductHit(product, product))
        made.on_hand["seoul", product] = Decimal(100)
    hit = CustomerHit("C1", "C1")
    made.customers[CustomerKey(CustomerKeyKind.EMAIL, "ada@example.com")].append(hit)
    made.customers[CustomerKey(CustomerKeyKind.ID, "C1")] = [hit]
    return made


@pytest.fixture
def engine(
    sqlite_url: str,
    oscar: Oscar,
    clock: FrozenClock,
    pos: MemoryPos,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Engine]:
    """An engine that is connected to the shop by the preset alone."""
    monkeypatch.setenv("TILLBRIDGE_PROFILES", "/nonexistent")
    loaded = plugins.load([], extra={"generic_webstore": tillbridge_generic_webstore})
    made = Engine(sqlite_url, Options(pos=pos, clock=clock, key=new_key(), plugins=loaded))
    new = NewConnection(
        provider="oscar",
        name="oscar",
        settings={"url": oscar.url, "user": STAFF["user"]},
        secrets={"password": STAFF["password"]},
        orders_from=clock.now(),
    )
    try:
        made.connect(new)
        yield made
    finally:
        made.close()


@pytest.mark.row("S1")
def test_an_order_becomes_a_sale_and_its_cancellation_is_seen(
    engine: Engine, oscar: Oscar, pos: MemoryPos, clock: FrozenClock
) -> None:
    placed = oscar.order({HELMET: 1, PUMP: 2})
    engine.poll()
    sold = engine.order(id_of(placed))
    on_hand = pos.on_hand["seoul", "P2"]
    oscar.set_status(placed, "Cancelled")
    clock.advance(QUARTER)

    engine.poll()

    assert (sold.status, on_hand) == (Status.NEW, Decimal(98))
    assert engine.order(id_of(placed)).status is not Status.NEW
