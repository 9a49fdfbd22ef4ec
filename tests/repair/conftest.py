"""A shop with the built-in point of sale, where customers and products can be searched and added."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from cryptography.fernet import Fernet

from orders import HELMET, PUMP
from shop import SEOUL, Shop
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct


class Desk(Shop):
    """A shop whose point of sale is the built-in one, in the same database."""

    @property
    def till(self) -> EmbeddedPos:
        assert isinstance(self.engine.pos, EmbeddedPos)
        return self.engine.pos

    def pieces(self, product_id: str) -> Decimal:
        found = self.till.catalogue(product_id)
        assert found is not None
        return found.on_hand.get("seoul", Decimal(0))


@pytest.fixture
def desk(database_url, clock) -> Iterator[Desk]:
    """A store with ten helmets (P1), ten pumps (P2) and Kim Minsu (C1), connected to a webstore in memory."""
    desk = Desk(database_url, clock, key=Fernet.generate_key().decode(), pos=None)
    desk.till.add_store(SEOUL)
    for name, gtin in (("헬멧", HELMET), ("펌프", PUMP)):
        desk.till.add_product(NewProduct(description=name, gtin=gtin, on_hand={"seoul": Decimal(10)}))
    desk.till.add_customer(NewCustomer(name="김민수", emails=("minsu@example.com",)))
    desk.connect()
    yield desk
    desk.close()
