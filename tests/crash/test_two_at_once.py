"""Two processes on one connection, without the connection lock: the same orders, once."""

from collections import Counter
from decimal import Decimal

import pytest

from crash.facts import gather
from crash.jobs import poll_once
from crash.outside import FileWebstore
from crash.processes import Worker, event
from orders import PUMP, line, order

ORDERS = 300


@pytest.mark.row("S5")
@pytest.mark.slow
def test_two_processes_that_poll_the_same_orders_sell_each_once(shops):
    with shops(lock=False) as place:
        wanted = [
            order(f"A{number}", line("1"), line("2", gtin=PUMP, quantity=Decimal(2)))
            for number in range(1, ORDERS + 1)
        ]
        FileWebstore(place.webstore).reach(1, [(one.id, one.model_dump_json().encode()) for one in wanted])
        start = event()
        with Worker(poll_once, place, start) as first, Worker(poll_once, place, start) as second:
            assert ["ready", "ready"] == [first.hear(), second.hear()]
            start.set()
            results = [first.hear(), second.hear()]
            assert [0, 0] == [first.end(), second.end()]

        # Both were at it, and neither met a fault.
        assert all(fetched and trouble is None for fetched, trouble in results)
        found = gather(place.url)
        assert {"New"} == {one.status for one in found.orders.values()}
        assert Counter({1: ORDERS}) == Counter(len(one.sales) for one in found.orders.values())
        assert {1: Decimal(1000 - ORDERS), 2: Decimal(1000 - 2 * ORDERS), 3: Decimal(1000)} == found.stock
        assert () == found.loose
