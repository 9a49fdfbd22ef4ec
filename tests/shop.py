"""A shop for tests: an engine over a real database, a webstore in memory and a POS in memory."""

from decimal import Decimal
from typing import Any

from orders import PLACED
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.status import Status
from tillbridge.model.stores import Store
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import CustomerHit, CustomerKey, CustomerKeyKind, ProductHit, ProductKey
from tillbridge.testing.pos import MemoryPos
from tillbridge.testing.webstore import NAME, MemoryWebstore

SEOUL = Store(code="seoul", name="서울점", timezone="Asia/Seoul", currency="KRW", country="KR")
STAFF = Signature("지은")
WITH_REASON = Signature("지은", "품절")


class Shop:
    """An engine with a store in Seoul, and short ways to say what happens."""

    def __init__(self, url: str, clock: Any, *, key: str, **options: Any) -> None:
        self.url, self.clock, self.key = url, clock, key
        self.webstore = MemoryWebstore()
        self.pos = MemoryPos([SEOUL])
        self.engine = self.another(**options)

    def another(self, **options: Any) -> Engine:
        """Another engine on the same database, webstore and POS: a second worker, or one after a crash."""
        probe = options.get("probe")
        loaded = plugins.load([], extra={NAME: self.webstore}, **({"probe": probe} if probe else {}))
        usual = {"pos": self.pos, "clock": self.clock, "key": self.key, "plugins": loaded}
        return Engine(self.url, Options(**{**usual, **options}))

    def close(self) -> None:
        self.engine.close()

    def stock(self, product_id: str, gtin: str, pieces: int) -> None:
        self.pos.products[ProductKey(IdentifierKind.GTIN, gtin)].append(ProductHit(product_id, product_id))
        self.pos.on_hand["seoul", product_id] = Decimal(pieces)

    def customer(self, customer_id: str, email: str) -> None:
        hit = CustomerHit(customer_id, customer_id)
        self.pos.customers[CustomerKey(CustomerKeyKind.EMAIL, email)].append(hit)
        self.pos.customers[CustomerKey(CustomerKeyKind.ID, customer_id)] = [hit]

    def connect(self, **more: Any) -> None:
        values = {"provider": NAME, "name": "web", "settings": {"shop": "s1"}, "orders_from": PLACED}
        self.engine.connect(NewConnection(**{**values, **more}))

    def poll(self) -> Any:
        (result,) = self.engine.poll()
        return result

    def status(self, order_id: str) -> Status | None:
        return self.engine.order(order_id).status

    def set(self, order_id: str, status: Status, reason: str = "", **more: Any) -> Status | None:
        number = self.engine.order(order_id).id
        return self.engine.set_status(number, status, Signature(STAFF.who, reason), **more)

    def on_hand(self, product_id: str) -> Decimal:
        return self.pos.on_hand["seoul", product_id]
