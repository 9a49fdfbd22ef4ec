"""Fixtures of the export's tests: a shop with the built-in POS, and webstores that take stock and prices."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import delete, insert, update

from orders import HELMET, PLACED, PUMP, order, won
from shop import SEOUL
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.exports import ExportRules, ExportSettings, ExportWay
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.offers import Buffers, Limits
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.pos.embedded import tables as pos_tables
from tillbridge.pos.embedded.counting import StockCount
from tillbridge.pos.embedded.shelf import mark_shelf
from tillbridge.testing.storefront import MemoryStorefront
from tillbridge.testing.webstore import NAME

BELIEVED = Limits(price_percent=0, pieces=0, emptied_percent=0)


class Front:
    """A shop in Seoul with helmets and pumps, and a webstore that shows them."""

    def __init__(self, url: str, clock: Any, key: str, **storefront: Any) -> None:
        self.url, self.clock, self.key = url, clock, key
        self.webstore = MemoryStorefront(**storefront)
        self.engine = self.another()
        pos = self.engine.pos
        assert isinstance(pos, EmbeddedPos)
        self.pos = pos
        self.pos.add_store(SEOUL)
        self.helmet = self.add("헬멧", HELMET, 10, 50_000)
        self.pump = self.add("펌프", PUMP, 5, 30_000)
        self.pos.add_customer(NewCustomer(name="김민수", emails=("minsu@example.com",)))
        self.engine.connect(
            NewConnection(provider=NAME, name="web", settings={"shop": "s1"}, orders_from=PLACED)
        )

    def another(self, *, without: bool = False, **options: Any) -> Engine:
        """Return an engine of the same shop; `without`: its webstore's plugin is not there."""
        loaded = plugins.load([], extra={} if without else {NAME: self.webstore})
        return Engine(self.url, Options(clock=self.clock, key=self.key, plugins=loaded, **options))

    def add(self, name: str, gtin: str, pieces: int | None, price: int, **more: Any) -> str:
        on_hand = {} if pieces is None else {"seoul": Decimal(pieces)}
        return self.pos.add_product(
            NewProduct(description=name, gtin=gtin, on_hand=on_hand, price=won(price), **more)
        )

    def rule(
        self, *, every: timedelta | None = None, limits: Limits = BELIEVED, buffers: Buffers | None = None
    ) -> None:
        rules = ExportRules(buffers=buffers or Buffers(), limits=limits)
        self.engine.set_export("web", ExportSettings(every=every, rules=rules))

    def export(self, **way: Any) -> Any:
        (result,) = self.engine.export("web", ExportWay(**way))
        assert result.trouble is None, result.trouble
        return result

    def pieces(self, product: str) -> int | None:
        return self.webstore.shown[f"/{product}"].quantity

    def buy(self, order_id: str = "A1", *lines: Any, **more: Any) -> None:
        self.clock.advance(60)  # readings that overlap are not ordered
        self.webstore.offer(order(order_id, *lines, **more))

    def count(self, product: str, pieces: int) -> None:
        self.pos.count_stock(
            StockCount(product_id=product, store="seoul", pieces=Decimal(pieces), who="지은")
        )

    def price(self, product: str, won_: int) -> None:
        """A price file says another price."""
        number = int(product.removeprefix("P"))
        products = pos_tables.products
        with self.engine.context.database.write("test") as database:
            mark_shelf(database, (number,))
            database.execute(update(products).where(products.c.id == number).values(price_minor=won_))

    def number(self, product: str, kind: IdentifierKind | None, value: str = "") -> None:
        """A product gets a number more; kind None: it loses all."""
        mine, table = int(product.removeprefix("P")), pos_tables.identifiers
        row = {"product_id": mine, "kind": kind, "value": value, "scope": "", "raw": value}
        with self.engine.context.database.write("test") as database:
            mark_shelf(database, (mine,))
            if kind is None:
                database.execute(delete(table).where(table.c.product_id == mine))
            else:
                database.execute(insert(table).values(row))


@pytest.fixture
def make_front(database_url: str, clock: Any) -> Iterator[Any]:
    """Return what makes a shop whose webstore takes what it is told to take."""
    made: list[Front] = []

    def make(**storefront: Any) -> Front:
        made.append(Front(database_url, clock, Fernet.generate_key().decode(), **storefront))
        return made[-1]

    yield make
    for one in made:
        one.engine.close()


@pytest.fixture
def front(make_front: Any) -> Front:
    """A shop whose webstore takes changes of stock, and is exported without limits."""
    front: Front = make_front()
    front.rule()
    return front
