"""Whatever is asked, in whatever sequence and however often: stock adds up, and no order is sold twice."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from databases import sqlite_url
from pos.till import START, Shop, attempt, make_shop, won
from tillbridge.db.database import Database
from tillbridge.db.metadata import metadata
from tillbridge.pos.contract import Opened, Refused, SaleAction, SaleState
from tillbridge.pos.details import (
    ItemPick,
    NewItem,
    NewPrice,
    Payment,
    PaymentKind,
    Return,
    ReturnedItem,
    SomeItems,
)
from tillbridge.pos.embedded import EmbeddedPos, tables
from tillbridge.testing.clock import FrozenClock

KEYS = st.builds(attempt, st.sampled_from("AB"), st.integers(1, 3))
ACTS = st.one_of(
    st.tuples(st.just("open"), KEYS, st.integers(1, 3)),
    st.tuples(st.sampled_from(list(SaleAction)), KEYS, st.integers(1, 2)),
    st.tuples(st.just("till"), KEYS, st.just(0)),
)
GONE = (SaleState.OPEN, SaleState.FINISHED)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A file with a shop in it that nothing was sold in yet."""
    file = tmp_path_factory.mktemp("shop") / "shop.sqlite3"
    database = Database(sqlite_url(file))
    with database.write("tables") as connection:
        metadata.create_all(connection)
    make_shop(database)
    database.close()
    return file


@contextmanager
def fresh_shop(template: Path) -> Iterator[Shop]:
    """Open a copy of the shop in the template."""
    with TemporaryDirectory() as folder:
        database = Database(sqlite_url(shutil.copyfile(template, Path(folder) / "shop.sqlite3")))
        yield Shop(EmbeddedPos(database, FrozenClock(START)), FrozenClock(START), "C1", "P1", "P2")
        database.close()


def act(shop: Shop, name, key, number) -> object:
    """Do one act; the number is a quantity, or tells two changes of one kind apart."""
    if name == "open":
        return shop.open(shop.draft(key, shop.item(quantity=str(number))))
    if name == "till":
        facts = shop.pos.find_sales([key.order_key]).get(key.order_key)
        if facts and facts.state in (SaleState.OPEN, SaleState.EMPTIED):
            shop.pos.finish_at_till(facts.sale_id, reason="taken")
        return None
    return shop.change(name, key, by=f"{name} {key} {number}", detail=detail(name, number))


def detail(action, number):
    """What is said with an action; of two that differ in their number one removes a part."""
    details = {
        SaleAction.REMOVE_ITEMS: SomeItems(picks=(ItemPick(web_line="1", quantity=Decimal(1)),)),
        SaleAction.ADD_ITEM: NewItem(
            product_id="P1", quantity=Decimal(number), price=won(1_100), tax_rate=Decimal(10)
        ),
        SaleAction.SET_PRICE: NewPrice(pick=ItemPick(web_line="1"), gross=won(5_000)),
        SaleAction.RETURN: Return(
            items=(ReturnedItem(item="1", quantity=Decimal(1), to_stock=number == 1),),
        ),
        SaleAction.PAY: Payment(kind=PaymentKind.CASH, amount=won(5_000)),
    }
    return None if action is SaleAction.REMOVE_ITEMS and number > 1 else details.get(action)


def live_sales(database: Database) -> list[str]:
    with database.read() as connection:
        query = select(tables.sales.c.order_key).where(tables.sales.c.state != SaleState.VOID)
        return list(connection.execute(query).scalars())


def sold(database: Database) -> Decimal:
    """Return how many pieces are gone by the sales themselves."""
    sales, items = tables.sales, tables.sale_items
    with database.read() as connection:
        query = (
            select(func.sum(items.c.quantity_e4))
            .join(sales, sales.c.id == items.c.sale_id)
            .where(sales.c.state.in_(GONE), items.c.removed_at.is_(None))
        )
        back = select(func.sum(tables.return_items.c.quantity_e4)).where(tables.return_items.c.to_stock)
        gone, returned = (connection.execute(one).scalar() or 0 for one in (query, back))
        return Decimal(gone - returned) / 10_000


@settings(max_examples=60)
@given(acts=st.lists(ACTS, max_size=14))
def test_stock_adds_up_and_no_order_has_two_sales(template, acts):
    """On hand = sum of movements = opening stock - what live sales have, after every act."""
    with fresh_shop(template) as shop:
        for one in acts:
            act(shop, *one)
            live = live_sales(shop.pos.database)

            assert len(set(live)) == len(live)
            assert shop.on_hand() == shop.moved() == 10 - sold(shop.pos.database)


@settings(max_examples=40)
@given(acts=st.lists(ACTS, max_size=10))
def test_an_answer_never_changes_but_to_voided(template, acts):
    """Each opening and each change asked again says what it said; a void sale's attempt says so instead."""
    with fresh_shop(template) as shop:
        first: dict[str, object] = {}
        for one in acts:
            answer = act(shop, *one)
            key = f"{one[0]} {one[1]}" if one[0] == "open" else str(one)
            known = first.setdefault(key, answer)
            if isinstance(known, Opened) and isinstance(answer, Refused):
                assert "voided" in answer.words.en
                first[key] = answer
            else:
                assert known == answer
