"""The real django-oscar is told stock and prices by its preset, and what it has then is read back there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

import tillbridge_generic_webstore
from plugins.generic_webstore.connecting import Connected, connected, preset
from plugins.generic_webstore.counters import compiled_of, offer
from plugins.generic_webstore.oscar.running import BELL, HELMET, PUMP, STAFF, Oscar, running
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.exports import ExportRules, ExportSettings, ExportWay
from tillbridge.model.exchange import Outcome
from tillbridge.model.money import Money
from tillbridge.model.offers import Limits
from tillbridge.model.stores import Store
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.secrets import new_key
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling.listings import compile_listings
from tillbridge_generic_webstore.telling import compile_teller

pytestmark = pytest.mark.row("S15")
SEOUL = Store(code="seoul", name="서울점", timezone="Asia/Seoul", currency="EUR", country="KR")
OSCAR = preset("oscar")
TELLER = compiled_of(compile_teller, OSCAR)
READER = compiled_of(compile_listings, OSCAR)


@pytest.fixture(scope="module")
def oscar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oscar]:
    """A shop of this module's own: its stock is told."""
    with running(tmp_path_factory.mktemp("oscar-pushes")) as shop:
        yield shop


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime.now(UTC))


@pytest.fixture
def web(oscar: Oscar, clock: FrozenClock) -> Iterator[Connected]:
    with connected(OSCAR, {"url": oscar.url, **STAFF}, clock, orders_from=clock.now()) as made:
        yield made


def available(oscar: Oscar, product: int) -> tuple[int, str]:
    """What the shop sells of a product, and for how much."""
    found = oscar.stock(product)
    return found["num_in_stock"] - (found["num_allocated"] or 0), found["price"]


def test_items_are_listed_with_the_number_of_their_stock(web: Connected) -> None:
    listed = [one for page in READER.pages(web.connection, None) for one in page.listings]
    helmet = next(one for one in listed if one.id == f"{HELMET}")

    assert ["4006381333931", "HEL-1"] == [one.value for one in helmet.identifiers]
    assert (f"{HELMET}", "Helmet", True) == (helmet.extra["stock_record"], helmet.title, helmet.active)


def test_hook_push_inventory_leaves_what_is_promised_to_orders_in_oscars_stock(
    oscar: Oscar, web: Connected
) -> None:
    """Oscar allocates what was ordered, and takes it off its stock only when it is sent."""
    oscar.order({BELL: 3})
    told = offer(f"{BELL}", 8, Money(1_095, "EUR"), extra={"stock_record": f"{BELL}"})
    receipts = TELLER.push_inventory(web.connection, [told])

    assert [Outcome.ACCEPTED] == [one.outcome for one in receipts.values()]
    assert (8, "10.95") == available(oscar, BELL)


def test_an_item_that_oscar_does_not_know_is_refused_alone(oscar: Oscar, web: Connected) -> None:
    known = offer(f"{PUMP}", 4, extra={"stock_record": f"{PUMP}"})
    receipts = TELLER.push_inventory(web.connection, [offer("99", 1, extra={"stock_record": "99"}), known])

    assert [Outcome.REFUSED, Outcome.ACCEPTED] == [one.outcome for one in receipts.values()]
    assert 4 == available(oscar, PUMP)[0]


@pytest.fixture
def engine(sqlite_url: str, oscar: Oscar, clock: FrozenClock) -> Iterator[Engine]:
    """A shop with a helmet and a pump in its built-in point of sale, connected by the preset alone."""
    loaded = plugins.load([], extra={"generic_webstore": tillbridge_generic_webstore})
    made = Engine(sqlite_url, Options(clock=clock, key=new_key(), plugins=loaded))
    pos = made.pos
    assert isinstance(pos, EmbeddedPos)
    pos.add_store(SEOUL)
    for name, gtin, pieces, price in (
        ("헬멧", "04006381333931", 7, 4_500),
        ("펌프", "08801234567893", 9, 2_100),
    ):
        on_hand = {"seoul": Decimal(pieces)}
        pos.add_product(NewProduct(description=name, gtin=gtin, on_hand=on_hand, price=Money(price, "EUR")))
    pos.add_customer(NewCustomer(name="Ada Byron", emails=("ada@example.com",)))
    try:
        made.connect(
            NewConnection(
                provider="oscar",
                name="web",
                settings={"url": oscar.url, "user": STAFF["user"]},
                secrets={"password": STAFF["password"]},
                orders_from=clock.now(),
            )
        )
        limits = Limits(price_percent=0, pieces=0, emptied_percent=0)
        rules = ExportRules(limits=limits)
        made.set_export("web", ExportSettings(every=timedelta(hours=1), rules=rules))
        yield made
    finally:
        made.close()


def test_what_the_shop_has_is_what_oscar_sells_also_after_an_order_there(
    engine: Engine, oscar: Oscar
) -> None:
    (result,) = engine.export("web", ExportWay())
    told = [available(oscar, HELMET), available(oscar, PUMP)]
    oscar.order({HELMET: 2})
    engine.export("web", ExportWay())

    assert (None, [(7, "45.00"), (9, "21.00")]) == (result.trouble, told)
    assert (5, "45.00") == available(oscar, HELMET)
