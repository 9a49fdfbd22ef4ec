"""An engine over the embedded POS, with what is in its shop."""

from collections.abc import Callable
from decimal import Decimal

from cryptography.fernet import Fernet

from orders import HELMET, PLACED, PUMP
from shop import SEOUL
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.model.orders import Address
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.testing.webstore import NAME, MemoryWebstore

HOME = Address(street=("성미산로 28",), city="서울", postcode="03980", country="KR")
STORE = Address(street=("강남대로 396",), city="서울", postcode="06241", country="KR")


class Till:
    """An engine over the embedded POS, with a helmet, a pump and Kim Minsu."""

    def __init__(self, url: str, clock, **options) -> None:
        self.clock = clock
        self.at_point: Callable[[str], None] = lambda _: None
        names = ("hears", "hears_lines", "charges_on_acceptance")
        told = {name: options.pop(name) for name in names if name in options}
        store = options.pop("store", SEOUL)
        self.webstore = MemoryWebstore(**told)
        loaded = plugins.load([], extra={NAME: self.webstore})
        key = Fernet.generate_key().decode()
        wanted = {"probe": self._pass, **options}
        self.engine = Engine(url, Options(clock=clock, plugins=loaded, key=key, **wanted))
        assert isinstance(self.engine.pos, EmbeddedPos)
        self.pos = self.engine.pos
        self.pos.add_store(store.model_copy(update={"address": STORE}))
        self.helmet = self.add("헬멧", HELMET, "HB-1")
        self.pump = self.add("펌프", PUMP, "PU-2")
        self.minsu = self.pos.add_customer(
            NewCustomer(name="김민수", emails=("minsu@example.com",), address=HOME)
        )
        self.engine.connect(
            NewConnection(provider=NAME, name="web", settings={"shop": "s1"}, orders_from=PLACED)
        )

    def _pass(self, point: str) -> None:
        self.at_point(point)

    def add(self, description: str, gtin: str, vpn: str) -> str:
        vpns = {"나라스포츠": vpn}
        return self.pos.add_product(
            NewProduct(description=description, gtin=gtin, vpns=vpns, on_hand={"seoul": Decimal(10)})
        )

    def on_hand(self, code: str) -> Decimal:
        found = self.pos.catalogue(code)
        assert found is not None
        return found.on_hand["seoul"]
