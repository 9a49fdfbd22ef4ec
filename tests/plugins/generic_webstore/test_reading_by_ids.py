"""A list that is asked by the last ID: new orders are found by it, and changes by looking again."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.generic_webstore.connecting import NOW, Connected, compiled_connection, connected, profile
from plugins.generic_webstore.counters import Asked, Desk, desk
from tillbridge.plugin import Misconfigured, Retryable
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling import by_ids as reading
from tillbridge_generic_webstore.checking import check as check_connection
from tillbridge_generic_webstore.language.checks import check
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.probe import Fault, probe

DAY = timedelta(days=1)
BY_ID: dict[str, Any] = {
    "get": "orders",
    "query": {"since_id": "{since}", "limit": "{size}"},
    "rows": "orders[]",
    "paging": {"by": "since", "size": 2},
    "since": {"from": "id", "window": "30d", "every": "15m"},
}
NAMES: dict[str, Any] = {
    **BY_ID,
    "rows": "ids[]",
    "names": "@",
    "one": {"get": "many", "query": {"ids": "{ids}"}, "rows": "orders[]", "batch": 10},
}
STANDING = {
    "order": {
        "id": "id",
        "placed": "placed",
        "currency": "'EUR'",
        "total": "total",
        "standing": [{"of": "status", "map": {"open": "open", "sent": "fulfilled", "off": "cancelled"}}],
    }
}


class Shelf:
    """A webstore that lists by ascending ID what comes after one, whole or by its ID; it knows no change."""

    def __init__(self) -> None:
        self.orders: dict[int, dict[str, Any]] = {}
        self.parameter = "since_id"
        self.descends = False
        self.missing: set[int] = set()

    def place(self, number: int, at: datetime, **more: Any) -> None:
        self.orders[number] = {
            "id": number,
            "placed": at.isoformat(),
            "status": "open",
            "total": "1.00",
            **more,
        }

    def answer(self, asked: Asked) -> tuple[int, Any]:
        split = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        if split.path == "/many":
            wanted = [int(one) for one in query["ids"].split(",")]
            there = self.orders.keys() - self.missing
            return 200, {"orders": [self.orders[one] for one in wanted if one in there]}
        after, size = int(query.get(self.parameter, 0)), int(query["limit"])
        found = sorted((one for one in self.orders if one > after), reverse=self.descends)[:size]
        return 200, {"orders": [self.orders[one] for one in found], "ids": found}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def server() -> Iterator[Desk]:
    with desk() as made:
        yield made


@pytest.fixture
def shelf(server: Desk) -> Shelf:
    made = Shelf()
    server.answer = made.answer
    return made


@pytest.fixture
def connect(server: Desk, clock: FrozenClock) -> Iterator[Callable[..., Connected]]:
    opened = []

    def made(orders: dict[str, Any], *, orders_from: datetime = NOW - 20 * DAY) -> Connected:
        one = connected(
            profile(orders=orders, **STANDING), {"url": server.url}, clock, orders_from=orders_from
        )
        opened.append(one)
        return one.__enter__()

    yield made
    for one in opened:
        one.__exit__(None, None, None)


def asked_for(server: Desk, name: str = "since_id") -> list[str]:
    """What the list was asked by, or orders by their IDs."""
    found = [parse_qs(urlsplit(one.path).query).get(name, [""])[0] for one in server.asked]
    return [one for one in found if one]


def test_orders_come_by_their_ids_to_the_last_page(shelf: Shelf, server: Desk, connect: Any) -> None:
    for number in range(1, 6):
        shelf.place(number, NOW - DAY)

    assert connect(BY_ID).poll()[0] == ["1", "2", "3", "4", "5"]
    assert asked_for(server) == ["0", "2", "4", "5"]


def test_the_next_poll_asks_after_the_last_order(
    shelf: Shelf, server: Desk, clock: FrozenClock, connect: Any
) -> None:
    shelf.place(7, NOW - DAY)
    shop = connect(BY_ID)
    _, cursor = shop.poll()
    server.asked.clear()
    shelf.place(8, NOW)
    clock.advance(60)

    assert shop.poll(cursor)[0] == ["8"]
    assert asked_for(server) == ["7", "8"]


def test_an_order_that_is_written_late_under_a_smaller_id_is_not_missed(
    shelf: Shelf, clock: FrozenClock, connect: Any
) -> None:
    """Numbers are given before orders are there: the newest does not count until it is a minute old."""
    shelf.place(7, NOW - DAY)
    shelf.place(9, NOW)
    shop = connect(BY_ID)
    seen, cursor = shop.poll()
    shelf.place(8, NOW)
    clock.advance(60)

    assert (seen, shop.poll(cursor)[0]) == (["7", "9"], ["8"])


def test_an_order_that_is_cancelled_is_found_by_looking_again(
    shelf: Shelf, clock: FrozenClock, connect: Any
) -> None:
    shelf.place(1, NOW - 3 * DAY)
    shelf.place(2, NOW - 2 * DAY)
    shelf.place(3, NOW - DAY)
    shop = connect(BY_ID)
    _, cursor = shop.poll()
    shelf.orders[2]["status"] = "off"

    early, cursor = shop.poll(cursor)
    clock.advance(15 * 60)
    late, cursor = shop.poll(cursor)

    assert (early, late, shop.poll(cursor)[0]) == ([], ["2"], [])


def test_a_look_begins_where_the_window_does(
    shelf: Shelf, server: Desk, clock: FrozenClock, connect: Any
) -> None:
    shelf.place(1, NOW - 9 * DAY)
    shelf.place(2, NOW - 8 * DAY)
    shelf.place(3, NOW - DAY)
    shop = connect({**BY_ID, "since": {**BY_ID["since"], "window": "7d"}})
    _, cursor = shop.poll()
    server.asked.clear()
    clock.advance(15 * 60)

    shop.poll(cursor)

    assert asked_for(server) == ["2", "3"]


def test_orders_from_before_the_connection_are_passed_over(shelf: Shelf, connect: Any) -> None:
    shelf.place(1, NOW - 3 * DAY)
    shelf.place(2, NOW - DAY)

    assert connect(BY_ID, orders_from=NOW - 2 * DAY).poll()[0] == ["2"]


def test_a_setting_may_say_after_which_order_to_begin(shelf: Shelf, server: Desk, connect: Any) -> None:
    shelf.place(500, NOW - DAY)

    assert connect({**BY_ID, "since": {"from": "id", "first": "499"}}).poll()[0] == ["500"]
    assert asked_for(server) == ["499", "500"]


def test_each_page_moves_the_cursor_while_a_long_list_is_read_first(shelf: Shelf, connect: Any) -> None:
    for number in range(1, 6):
        shelf.place(number, NOW - DAY)
    shop = connect(BY_ID)

    first = shop.pages()[0]

    assert [one.order_id for one in first.orders] == ["1", "2"]
    assert shop.poll(first.cursor)[0] == ["3", "4", "5"]


def test_names_are_asked_for_many_at_once(shelf: Shelf, server: Desk, connect: Any) -> None:
    for number in (1, 2, 3):
        shelf.place(number, NOW - DAY)

    assert connect(NAMES).poll()[0] == ["1", "2", "3"]
    assert asked_for(server, "ids") == ["1,2", "3"]


def test_of_named_orders_those_that_may_change_are_asked_for_again(
    shelf: Shelf, server: Desk, clock: FrozenClock, connect: Any
) -> None:
    for number, status in ((1, "open"), (2, "sent"), (3, "open")):
        shelf.place(number, NOW - DAY, status=status)
    shop = connect({**NAMES, "paging": {"by": "since", "size": 10}})
    _, cursor = shop.poll()
    shelf.orders[3]["status"] = "off"
    server.asked.clear()

    early, cursor = shop.poll(cursor)
    clock.advance(15 * 60)
    late, cursor = shop.poll(cursor)

    assert (early, late) == ([], ["3"])
    assert asked_for(server, "ids") == ["1,3"]


def test_a_named_order_that_is_no_more_does_not_come_again(
    shelf: Shelf, clock: FrozenClock, connect: Any
) -> None:
    shelf.place(1, NOW - DAY)
    shop = connect(NAMES)
    _, cursor = shop.poll()
    del shelf.orders[1]
    shelf.place(2, NOW - DAY)
    clock.advance(15 * 60)

    assert shop.poll(cursor)[0] == ["2"]


def test_a_named_order_that_is_missing_for_once_is_still_looked_after(
    shelf: Shelf, clock: FrozenClock, connect: Any
) -> None:
    shelf.place(1, NOW - DAY)
    shop = connect(NAMES)
    _, cursor = shop.poll()
    shelf.missing = {1}
    clock.advance(15 * 60)
    _, cursor = shop.poll(cursor)
    shelf.missing = set()
    shelf.orders[1]["status"] = "off"
    clock.advance(15 * 60)

    assert shop.poll(cursor)[0] == ["1"]


def test_a_named_order_that_comes_late_comes(shelf: Shelf, clock: FrozenClock, connect: Any) -> None:
    """It comes first as the row that names it, which shows that it could not be read."""
    shelf.place(1, NOW - DAY)
    shelf.missing = {1}
    shop = connect(NAMES)
    early, cursor = shop.poll()
    shelf.missing = set()
    clock.advance(15 * 60)

    assert (early, shop.poll(cursor)[0]) == (["1"], ["1"])


def test_an_order_that_is_missing_does_not_hold_up_a_long_list(
    shelf: Shelf, clock: FrozenClock, connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More come behind it than the cursor holds."""
    monkeypatch.setattr(reading, "_MOST", 3)
    for number in range(1, 12):
        shelf.place(number, NOW - DAY)
    shelf.missing = {2}
    shop = connect(NAMES)
    _, cursor = shop.poll()
    clock.advance(60)

    assert shop.poll(cursor)[0] == []


def test_what_stands_for_nothing_does_not_end_an_order(
    server: Desk, shelf: Shelf, clock: FrozenClock
) -> None:
    shape: dict[str, Any] = {
        "order": {**STANDING["order"], "standing": [{"of": "ended", "map": "cancelled"}]},
        "defaults": {"nothing": ["0000-00-00"]},
    }
    shelf.place(1, NOW - DAY, ended="0000-00-00")
    made = connected(profile(orders=NAMES, **shape), {"url": server.url}, clock, orders_from=NOW - 20 * DAY)
    with made as shop:
        _, cursor = shop.poll()
        shelf.orders[1]["ended"] = "2026-03-01"
        clock.advance(15 * 60)

        assert shop.poll(cursor)[0] == ["1"]


def test_a_list_that_does_not_ascend_stops(shelf: Shelf, connect: Any) -> None:
    shelf.place(1, NOW - DAY)
    shelf.place(2, NOW - DAY)
    shelf.descends = True

    with pytest.raises(Retryable, match="ascending IDs"):
        connect(BY_ID).poll()


def test_a_whole_page_without_ids_is_not_the_end(shelf: Shelf, server: Desk, connect: Any) -> None:
    """Behind it nothing would ever be read."""
    for number in range(1, 6):
        shelf.place(number, NOW - DAY)
    nameless = [{**shelf.orders[number], "id": None} for number in (3, 4)]

    def answer(asked: Asked) -> tuple[int, Any]:
        return (200, {"orders": nameless}) if "since_id=2" in asked.path else shelf.answer(asked)

    server.answer = answer

    with pytest.raises(Retryable, match="None of a whole page"):
        connect(BY_ID).poll()


def test_a_row_without_an_id_at_the_end_stops_nothing(shelf: Shelf, connect: Any) -> None:
    shelf.place(1, NOW - DAY)
    shelf.place(2, NOW - DAY)
    shelf.place(3, NOW - DAY, id=None)

    assert connect(BY_ID).poll()[0] == ["1", "2", None]


def test_a_cursor_that_cannot_be_read_is_no_reason_to_miss_an_order(shelf: Shelf, connect: Any) -> None:
    shelf.place(1, NOW - DAY)

    assert connect(BY_ID).poll("{}")[0] == ["1"]


TEXT = """
title = "Shelf"
[settings]
url = { ask = "Address", kind = "url" }
[connect]
base = "{url}"
[orders]
get = "orders"
query = { since_id = "{since}", limit = "{size}" }
rows = "orders[]"
paging = { by = "since", size = 2 }
since = { from = "id" }
[order]
id = "id"
placed = "placed"
currency = "'EUR'"
total = "total"
standing = [{ of = "status", map = { open = "open" } }]
[lines]
from = "lines"
id = "id"
name = "name"
quantity = "quantity"
net = "net"
tax = "tax"
"""


@pytest.fixture
def probed(server: Desk, clock: FrozenClock) -> Callable[..., list[Fault]]:
    """A function that probes the shelf, with one text of the profile replaced by another."""

    def probing(old: str = "", new: str = "") -> list[Fault]:
        text = TEXT.replace(old, new) if old else TEXT
        with compiled_connection(text, {"url": server.url}, clock) as (connection, compiled):
            return [one.fault for one in probe(connection, compiled)]

    return probing


def test_the_probe_finds_a_sound_list_sound(shelf: Shelf, probed: Any) -> None:
    for number in (1, 2, 3):
        shelf.place(number, NOW - DAY)

    assert probed() == []


def test_the_probe_finds_a_parameter_that_is_ignored(shelf: Shelf, probed: Any) -> None:
    shelf.parameter = "after"
    for number in (1, 2, 3):
        shelf.place(number, NOW - DAY)

    assert probed() == [Fault.IGNORED]


def test_the_probe_finds_ids_that_descend(shelf: Shelf, probed: Any) -> None:
    shelf.descends = True
    for number in (1, 2, 3):
        shelf.place(number, NOW - DAY)

    assert probed() == [Fault.UNSORTED]


def test_the_probe_finds_times_and_ids_that_are_looked_for_in_the_wrong_place(
    shelf: Shelf, probed: Any
) -> None:
    shelf.place(1, NOW - DAY)

    assert probed('placed = "placed"', 'placed = "made"') == [Fault.NO_TIME]
    assert probed('id = "id"\nplaced', 'id = "number"\nplaced') == [Fault.NO_ID]


def test_the_probe_finds_times_in_the_future(shelf: Shelf, probed: Any) -> None:
    shelf.place(1, NOW + DAY)

    assert probed() == [Fault.FUTURE]


def test_connecting_says_that_an_ignored_parameter_loses_orders(
    shelf: Shelf, server: Desk, clock: FrozenClock
) -> None:
    shelf.parameter = "after"
    for number in (1, 2, 3):
        shelf.place(number, NOW - DAY)

    with (
        compiled_connection(TEXT, {"url": server.url}, clock) as (connection, compiled),
        pytest.raises(Misconfigured, match="asked for orders after 2"),
    ):
        check_connection(connection, compiled)


@pytest.mark.parametrize(
    ("orders", "place", "said"),
    [
        (
            {**BY_ID, "paging": {"by": "page"}, "query": {"since_id": "{since}", "page": "{page}"}},
            "orders.paging.by",
            'a list that is asked by IDs goes on after the last one: by = "since"',
        ),
        (
            {**BY_ID, "since": {"from": "id", "header": "Date"}},
            "orders.since.header",
            "a list that is asked by IDs needs no clock",
        ),
        (
            {**BY_ID, "group_by": "order"},
            "orders.group_by",
            "a list that is asked by when rows change shows some of an order's rows: add one, how",
        ),
    ],
)
def test_what_cannot_go_together_is_said(orders: dict[str, Any], place: str, said: str) -> None:
    mistakes = Mistakes()
    check(profile(orders=orders), mistakes)

    (mistake,) = mistakes
    assert (mistake.place, mistake.words.en.startswith(said)) == (place, True)


def test_rows_of_orders_may_have_ids_of_their_own(server: Desk, connect: Any) -> None:
    """The list goes on by the row's ID; each order that a row is of is asked for whole."""
    rows = [{"row": number, "order": order} for number, order in ((11, "A"), (12, "B"), (13, "A"))]

    def answer(asked: Asked) -> tuple[int, Any]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        if "order" in query:
            return 200, {"orders": [one for one in rows if one["order"] == query["order"]]}
        after = int(query["since_id"])
        return 200, {"orders": [one for one in rows if int(str(one["row"])) > after][:2]}

    server.answer = answer
    orders = {
        **BY_ID,
        "since": {"from": "id", "at": "row"},
        "group_by": "order",
        "one": {"get": "orders", "query": {"order": "{id}"}, "rows": "orders[]"},
    }

    seen, _ = connect(orders).poll()

    assert sorted(one or "" for one in seen) == ["A", "B"]
    assert asked_for(server) == ["0", "12", "13"]


def test_orders_that_a_list_of_the_newest_first_names_are_asked_for_again(
    shelf: Shelf, server: Desk, clock: FrozenClock, connect: Any
) -> None:
    for number, status in ((1, "open"), (2, "sent"), (3, "open")):
        shelf.place(number, NOW - DAY, status=status)
    shelf.descends = True
    orders = {**NAMES, "query": {"limit": "10"}, "paging": {"by": "none"}, "since": {"none": "stop at known"}}
    shop = connect(orders)
    seen, cursor = shop.poll()
    shelf.orders[3]["status"] = "off"
    shelf.place(4, NOW)
    server.asked.clear()

    early, cursor = shop.poll(cursor)
    clock.advance(15 * 60)
    late, cursor = shop.poll(cursor)

    assert (seen, early, late, shop.poll(cursor)[0]) == (["3", "2", "1"], ["4"], ["3"], [])
    assert asked_for(server, "ids") == ["4", "4,3,1"]
