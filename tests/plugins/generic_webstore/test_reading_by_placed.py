"""A list that is asked by when orders were placed: new ones come at once, changes by looking again."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.generic_webstore.connecting import NOW, Connected, connected, profile
from plugins.generic_webstore.counters import Asked, Desk, desk
from tillbridge.plugin import Retryable
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling import by_placed

DAY = timedelta(days=1)
BY_PLACED: dict[str, Any] = {
    "get": "orders",
    "query": {"from": "{since}", "page": "{page}"},
    "rows": "orders[]",
    "paging": {"by": "page", "size": 2},
    "since": {"from": "placed", "window": "7d", "every": "15m"},
}


class Day:
    """A webstore that lists orders by when they were placed."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []

    def place(self, number: int, at: datetime, **more: Any) -> None:
        self.orders.append({"id": number, "placed": at.isoformat(), "status": "open", **more})

    def answer(self, asked: Asked) -> tuple[int, Any]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        since, page = datetime.fromisoformat(query["from"]), int(query["page"])
        rows = [one for one in self.orders if datetime.fromisoformat(one["placed"]) >= since]
        return 200, {"orders": rows[(page - 1) * 2 : page * 2]}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def server() -> Iterator[Desk]:
    with desk() as made:
        yield made


@pytest.fixture
def day(server: Desk) -> Day:
    made = Day()
    server.answer = made.answer
    return made


@pytest.fixture
def connect(server: Desk, clock: FrozenClock) -> Iterator[Callable[..., Connected]]:
    opened = []

    def made(*, orders_from: datetime = NOW - 20 * DAY, **orders: Any) -> Connected:
        made = profile(orders={**BY_PLACED, **orders})
        one = connected(made, {"url": server.url}, clock, orders_from=orders_from)
        opened.append(one)
        return one.__enter__()

    yield made
    for one in opened:
        one.__exit__(None, None, None)


def asked_from(server: Desk) -> list[str]:
    return [parse_qs(urlsplit(one.path).query)["from"][0] for one in server.asked]


def test_a_poll_asks_from_the_newest_order_on(
    day: Day, server: Desk, clock: FrozenClock, connect: Any
) -> None:
    for number in (1, 2, 3):
        day.place(number, NOW - DAY)
    shop = connect()
    seen, cursor = shop.poll()
    server.asked.clear()
    clock.advance(60)
    day.place(4, NOW)

    assert (seen, shop.poll(cursor)[0]) == (["1", "2", "3"], ["4"])
    assert set(asked_from(server)) == {"2026-02-28T08:59:58Z"}  # 2 s before the newest


def test_a_change_is_found_by_looking_again(day: Day, clock: FrozenClock, connect: Any) -> None:
    for number in (1, 2, 3):
        day.place(number, NOW - number * DAY)
    day.orders.reverse()
    shop = connect()
    _, cursor = shop.poll()
    day.orders[0]["status"] = "off"

    early, cursor = shop.poll(cursor)
    clock.advance(15 * 60)
    late, cursor = shop.poll(cursor)

    assert (early, late, shop.poll(cursor)[0]) == ([], ["3"], [])


def test_a_look_goes_back_as_far_as_the_window(
    day: Day, server: Desk, clock: FrozenClock, connect: Any
) -> None:
    day.place(1, NOW - 9 * DAY)
    day.place(2, NOW - DAY)
    shop = connect()
    _, cursor = shop.poll()
    server.asked.clear()
    clock.advance(15 * 60)

    assert shop.poll(cursor)[0] == []
    assert set(asked_from(server)) == {"2026-02-22T09:14:58Z"}


def test_a_window_of_more_orders_than_the_cursor_holds_begins_later(
    day: Day, clock: FrozenClock, connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each look would bring the ones that were forgotten again."""
    monkeypatch.setattr(by_placed, "_MOST", 2)
    for number in (1, 2, 3, 4):
        day.place(number, NOW - 2 * DAY + number * timedelta(hours=1))
    shop = connect()
    _, cursor = shop.poll()
    day.orders[3]["status"] = "off"
    clock.advance(15 * 60)

    assert shop.poll(cursor)[0] == ["4"]


def test_a_list_in_another_order_stops_unless_it_is_declared(day: Day, connect: Any) -> None:
    day.place(1, NOW - DAY)
    day.place(2, NOW - 2 * DAY)

    with pytest.raises(Retryable, match="order that the profile says"):
        connect().poll()
    assert connect(since={**BY_PLACED["since"], "sorted": False}).poll()[0] == ["1", "2"]


def test_rows_without_a_time_stop_the_list(server: Desk, connect: Any) -> None:
    server.answer = lambda _: (200, {"orders": [{"id": 1}]})

    with pytest.raises(Retryable, match="says when it changed"):
        connect().poll()


def test_a_cursor_of_another_way_of_reading_is_no_reason_to_miss_an_order(day: Day, connect: Any) -> None:
    day.place(1, NOW - DAY)

    assert connect().poll((NOW - timedelta(hours=1)).isoformat())[0] == ["1"]
