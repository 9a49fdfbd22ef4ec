"""Stock is counted by hand: what is there takes the place of what the ledger said."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders import HELMET
from tillbridge.db.database import Database
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.stores import Store
from tillbridge.pos.embedded import EmbeddedPos, NewProduct, StockCount
from tillbridge.pos.embedded.stock import MoveReason
from tillbridge.testing.clock import FrozenClock

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def pos(database_url):
    database = Database(database_url)
    pos = EmbeddedPos(database, FrozenClock(NOW))
    pos.add_store(Store(code="seoul", name="서울점", timezone="Asia/Seoul", currency="KRW", country="KR"))
    pos.add_product(NewProduct(description="헬멧", gtin=HELMET, on_hand={"seoul": Decimal(10)}))
    yield pos
    database.close()


def count(pos, pieces, **more):
    values = {"product_id": "P1", "store": "seoul", "who": "지은", "reason": "재고 조사"}
    return pos.count_stock(StockCount(pieces=Decimal(pieces), **{**values, **more}))


@pytest.mark.row("S30")
def test_what_was_counted_is_on_hand_and_the_ledger_says_who_and_why(pos):
    assert 10 == count(pos, 12)

    assert 12 == pos.stock_total("seoul")
    last = pos.stock_movements("P1")[-1]
    assert (2, MoveReason.COUNTED, "지은", "재고 조사") == (last.quantity, last.reason, last.who, last.note)


def test_a_count_that_finds_what_the_ledger_says_moves_nothing(pos):
    count(pos, 10)

    assert 1 == len(pos.stock_movements("P1"))


@pytest.mark.parametrize(
    ("pieces", "more", "error"),
    [
        ("-1", {}, InputError),
        ("0.00001", {}, InputError),
        ("1", {"product_id": "P9"}, NotFound),
        ("1", {"store": "busan"}, NotFound),
    ],
)
def test_a_count_that_cannot_be_is_refused(pos, pieces, more, error):
    with pytest.raises(error):
        count(pos, pieces, **more)
    assert 10 == pos.stock_total("seoul")
