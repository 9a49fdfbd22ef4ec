"""The road is set-based: a page costs a fixed number of queries, whatever it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import event

from orders import PUMP, line, order
from tillbridge.model.orders import WebCustomer


@contextmanager
def counted(shop) -> Iterator[list[str]]:
    """Collect the statements that the engine's database is sent."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if statement != "BEGIN" and not statement.startswith("BEGIN "):
            statements.append(statement)

    engine = shop.engine.context.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def offer_page(shop, size: int, prefix: str) -> None:
    """A page in which every kind of order occurs: sold, without a customer, without a product, damaged."""
    stranger = WebCustomer(full_name="이영희", email="who@example.com")
    for number in range(size):
        name = f"{prefix}{number}"
        shop.webstore.offer(order(f"{name}s", line("1"), line("2", gtin=PUMP, quantity=Decimal(2))))
        shop.webstore.offer(order(f"{name}c", customer=stranger))
        shop.webstore.offer(order(f"{name}p", line("1", gtin="00605284574539")))
        shop.webstore.offer_bytes(f"{name}d", b"damaged")


@pytest.mark.parametrize("size", [20])
def test_a_page_of_eighty_orders_costs_as_many_queries_as_one_of_four(shop, size):
    shop.webstore.page_size = 1000
    shop.webstore.offer(order("first"))
    shop.poll()  # of what the first poll finds no webhook could have told, so that nobody looks for one
    offer_page(shop, 1, "small")
    with counted(shop) as few:
        shop.poll()
    offer_page(shop, size, "large")
    with counted(shop) as many:
        result = shop.poll()

    assert 4 * size == result.fetched
    assert len(few) == len(many)
    assert len(many) <= 50


def test_an_overlap_of_known_orders_costs_as_many_queries_as_one_known_order(shop):
    shop.webstore.overlap = 10_000
    shop.webstore.page_size = 1000
    offer_page(shop, 1, "a")
    shop.poll()
    with counted(shop) as few:
        shop.poll()
    offer_page(shop, 15, "b")
    shop.poll()
    with counted(shop) as many:
        shop.poll()

    assert len(few) == len(many)


def test_showing_a_hundred_orders_takes_four_queries(shop):
    """Orders, their lines, the last contacts, and which are short."""
    shop.webstore.page_size = 1000
    offer_page(shop, 25, "a")
    shop.poll()
    with counted(shop) as statements:
        shown = shop.engine.orders()

    assert 100 == len(shown)
    assert 4 == len([one for one in statements if one.startswith("SELECT")])
