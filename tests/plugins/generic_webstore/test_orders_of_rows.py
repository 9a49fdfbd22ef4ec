"""Lists whose rows are the lines of orders: put together, and never sold half."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.generic_webstore.connecting import NOW, Connected, compiled_connection, connected, profile
from plugins.generic_webstore.counters import Asked, Desk, desk
from tillbridge.plugin import Rejected, Retryable, WebOrder
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.language.checks import check
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.mapping import compile_mapping
from tillbridge_generic_webstore.probe import probe
from tillbridge_generic_webstore.trying import read_payload, try_order

HOUR = timedelta(hours=1)
SHAPE: dict[str, Any] = {
    "order": {
        "id": "order",
        "placed": "placed",
        "updated": "changed",
        "currency": "'EUR'",
        "total": "add(total(rows[].amount), total(once(rows, 'parcel')[].fee))",
        "standing": [{"of": "rows[].state", "every": True, "map": {"new": "open", "off": "cancelled"}}],
        "charges": [{"kind": "shipping", "each": "once(rows, 'parcel')", "gross": "fee", "tax_rate": "`0`"}],
    },
    "lines": {
        "from": "rows",
        "id": "line",
        "name": "title",
        "quantity": "count",
        "amount": "amount",
        "includes_tax": "`true`",
        "tax_rate": "`0`",
    },
}
BY_CHANGE: dict[str, Any] = {
    "get": "rows",
    "query": {"since": "{since}", "page": "{page}", "size": "{size}"},
    "rows": "rows[]",
    "group_by": "order",
    "paging": {"by": "since", "size": 2},
    "one": {"get": "rows", "query": {"order": "{id}"}, "rows": "rows[]"},
}
NEWEST: dict[str, Any] = {
    "get": "rows",
    "query": {"page": "{page}", "size": "{size}"},
    "rows": "rows[]",
    "group_by": "order",
    "paging": {"by": "page", "size": 3},
    "since": {"none": "stop at known"},
}


def row(order: str, line: int, hours: float = 1, **more: Any) -> dict[str, Any]:
    """A row of an order that was placed some hours ago; the usual one costs 10.00, and its parcel 3.00."""
    placed = (NOW - hours * HOUR).isoformat()
    usual = {
        "title": f"Bell {line}",
        "count": 1,
        "amount": "10.00",
        "parcel": 1,
        "fee": "3.00",
        "state": "new",
    }
    return {"order": order, "line": line, "placed": placed, "changed": placed, **usual, **more}


class Report:
    """A webstore that lists rows: by page, from a time of change on, or those of an order."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.newest_first = False

    def answer(self, asked: Asked) -> tuple[int, Any]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        rows = self.rows
        if "order" in query:
            return 200, {"rows": [one for one in rows if one["order"] == query["order"]]}
        if since := query.get("since"):
            rows = [
                one for one in rows if datetime.fromisoformat(one["changed"]) >= datetime.fromisoformat(since)
            ]
        if not self.newest_first:
            rows = sorted(rows, key=lambda one: str(one["changed"]))
        size, page = int(query["size"]), int(query["page"])
        return 200, {"rows": rows[(page - 1) * size : page * size]}


@pytest.fixture
def server() -> Iterator[Desk]:
    with desk() as made:
        yield made


@pytest.fixture
def report(server: Desk) -> Report:
    made = Report()
    server.answer = made.answer
    return made


@pytest.fixture
def connect(server: Desk) -> Iterator[Callable[[dict[str, Any]], Connected]]:
    opened = []

    def made(orders: dict[str, Any]) -> Connected:
        one = connected(
            profile(orders=orders, **SHAPE),
            {"url": server.url},
            FrozenClock(NOW),
            orders_from=NOW - 24 * HOUR,
        )
        opened.append(one)
        return one.__enter__()

    yield made
    for one in opened:
        one.__exit__(None, None, None)


def read(shop: Connected, cursor: str | None = None) -> dict[str, WebOrder]:
    """Read the orders that a poll brings."""
    mapper = compile_mapping(profile(orders=BY_CHANGE, **SHAPE), Mistakes())
    found = {}
    for page in shop.lister.pages(shop.connection, cursor):
        for raw in page.orders:
            order = mapper.parse(raw, {})
            assert isinstance(order, WebOrder)
            found[order.id] = order
    return found


def test_rows_of_one_order_are_one_order_with_a_fee_for_each_parcel(report: Report, connect: Any) -> None:
    report.rows = [row("A", 1), row("A", 2), row("A", 3, parcel=2, fee="2.00"), row("B", 4)]

    found = read(connect(BY_CHANGE))

    assert [(one.id, len(one.lines), str(one.total.decimal)) for one in found.values()] == [
        ("A", 3, "35.00"),
        ("B", 1, "13.00"),
    ]


def test_an_order_of_which_one_row_has_changed_comes_whole(report: Report, connect: Any) -> None:
    report.rows = [row("A", 1, hours=20, changed=(NOW - 90 * HOUR).isoformat()), row("A", 2, hours=20)]

    assert [len(one.lines) for one in read(connect(BY_CHANGE)).values()] == [2]


def test_one_order_is_asked_for_with_all_of_its_rows(report: Report, connect: Any) -> None:
    report.rows = [row("A", 1), row("B", 2), row("A", 3)]
    shop = connect(BY_CHANGE)

    raw = shop.lister.fetch_one(shop.connection, "A")

    assert json.loads(raw.parts["order"]) == {**report.rows[0], "rows": [report.rows[0], report.rows[2]]}
    with pytest.raises(Rejected, match="no order C"):
        shop.lister.fetch_one(shop.connection, "C")


def test_many_orders_are_asked_for_at_once(report: Report, server: Desk, connect: Any) -> None:
    report.rows = [row("A", 1), row("B", 2), row("A", 3), row("C", 4)]
    one = {"post": "rows", "body": {"orders": "{ids}"}, "rows": "rows[]", "batch": 2}

    def answer(asked: Asked) -> tuple[int, Any]:
        if asked.method == "GET":
            return report.answer(asked)
        return 200, {"rows": [each for each in report.rows if each["order"] in asked.body["orders"]]}

    server.answer = answer

    found = read(connect({**BY_CHANGE, "paging": {"by": "since", "size": 10}, "one": one}))

    assert {name: len(order.lines) for name, order in found.items()} == {"A": 2, "B": 1, "C": 1}
    assert [body for method, _, body in server.calls if method == "POST"] == [
        {"orders": ["A", "B"]},
        {"orders": ["C"]},
    ]


def test_an_order_that_a_page_s_edge_cuts_is_read_on_to_its_end(report: Report, connect: Any) -> None:
    """Seven rows on pages of three; the edges run through B and through C."""
    report.newest_first = True
    report.rows = [row("A", 1), row("A", 2), *(row("B", number, 2) for number in (3, 4, 5))]
    report.rows += [row("C", number, 3) for number in (6, 7)]

    found = read(connect(NEWEST))

    assert {name: [line.id for line in one.lines] for name, one in found.items()} == {
        "A": ["1", "2"],
        "B": ["3", "4", "5"],
        "C": ["6", "7"],
    }


def test_an_order_longer_than_pages_is_whole(report: Report, connect: Any) -> None:
    report.newest_first = True
    report.rows = [row("A", number) for number in range(8)]

    assert [len(one.lines) for one in read(connect(NEWEST)).values()] == [8]


def test_a_change_of_one_row_brings_the_whole_order_again(report: Report, connect: Any) -> None:
    report.newest_first = True
    report.rows = [row("A", 1), row("A", 2), row("B", 3, 2)]
    shop = connect({**NEWEST, "since": {"none": "stop at known", "every": "0s"}})
    _, cursor = shop.poll()
    report.rows[1]["state"] = "off"

    found = read(shop, cursor)

    assert [(one.id, len(one.lines)) for one in found.values()] == [("A", 2)]


def test_rows_that_come_twice_because_the_list_moves_count_once(
    report: Report, server: Desk, connect: Any
) -> None:
    """Two rows are placed on top between the first page and the second."""
    report.newest_first = True
    report.rows = [row("A", 1), row("A", 2), row("B", 3, 2), row("B", 4, 2), row("C", 5, 3)]

    def answer(asked: Asked) -> tuple[int, Any]:
        found = report.answer(asked)
        if len(report.rows) < 6:
            report.rows[:0] = [row("D", 8, 0.5), row("D", 9, 0.5)]
        return found

    server.answer = answer

    found = read(connect(NEWEST))

    assert {name: [line.id for line in one.lines] for name, one in found.items()} == {
        "A": ["1", "2"],
        "B": ["3", "4"],
        "C": ["5"],
    }


def test_rows_of_an_order_that_stand_apart_stop_the_list(report: Report, connect: Any) -> None:
    report.newest_first = True
    report.rows = [row("A", 1), row("B", 2), row("A", 3)]

    with pytest.raises(Retryable, match="rows of order A do not stand together"):
        connect(NEWEST).poll()


def test_nothing_comes_of_a_list_that_shows_an_order_twice_far_apart(report: Report, connect: Any) -> None:
    """The first rows of A were whole pages ago by then."""
    report.newest_first = True
    report.rows = [row("A", 1), *(row(name, 1) for name in "BCDEFGHIJ"), row("A", 2)]
    shop = connect(NEWEST)
    pages = shop.lister.pages(shop.connection, None)

    with pytest.raises(Retryable, match="rows of order A do not stand together"):
        next(pages)


PLACED: dict[str, Any] = {
    **NEWEST,
    "query": {"since": "{since}", "page": "{page}", "size": "{size}"},
    "since": {"from": "placed"},
}


def test_rows_of_an_order_with_several_times_stop_a_list_that_is_asked_by_them(
    report: Report, connect: Any
) -> None:
    report.rows = [row("A", 1, 1), row("A", 2, 2)]

    with pytest.raises(Retryable, match="rows of order A have several times"):
        connect(PLACED).poll()


def test_a_page_that_begins_as_the_page_before_ended_stops_a_list_that_cannot_be_asked_again(
    report: Report, server: Desk, connect: Any
) -> None:
    """Two items that are alike, or one that came twice: nobody knows, and half an order would be sold."""
    report.rows = [row("A", 1, 3), row("A", 2, 3), row("B", 3, 2), row("B", 3, 2), row("C", 5)]

    def answer(asked: Asked) -> tuple[int, Any]:
        status, said = report.answer(asked)
        return status, {**said, "next": "/rows?page=2&size=3" if "page=1" in asked.path else None}

    server.answer = answer
    query = {**PLACED["query"], "page": "1"}
    orders = {**PLACED, "query": query, "paging": {"by": "next", "at": "next", "size": 3}}

    with pytest.raises(Retryable, match="rows of order B as the page before ended"):
        connect(orders).poll()


def test_a_list_that_moves_up_while_it_is_read_is_read_again(
    report: Report, server: Desk, connect: Any
) -> None:
    """X goes when the first page was read: A's third row then stands on it."""
    report.newest_first = True
    report.rows = [row("X", 0, 0.5), *(row("A", number) for number in (1, 2, 3, 4)), row("B", 5, 2)]

    def answer(asked: Asked) -> tuple[int, Any]:
        found = report.answer(asked)
        report.rows = [one for one in report.rows if one["order"] != "X"]
        return found

    server.answer = answer
    shop = connect(NEWEST)

    with pytest.raises(Retryable, match="has moved while it was read"):
        shop.poll()
    assert {name: len(one.lines) for name, one in read(shop).items()} == {"A": 4, "B": 1}


def test_rows_that_are_alike_are_all_handed_on_where_the_list_has_not_moved(
    report: Report, connect: Any
) -> None:
    """They may be summed up (lines.group_by); where each needs its own ID, the order is shown as faulty."""
    report.rows = [row("A", number) for number in (1, 1, 2, 2, 1, 4)]
    shop = connect(PLACED)

    ((raw,),) = [page.orders for page in shop.lister.pages(shop.connection, None) if page.orders]

    assert [one["line"] for one in json.loads(raw.parts["order"])["rows"]] == [1, 1, 2, 2, 1, 4]


def test_a_list_that_is_asked_by_the_order_s_own_time_needs_no_further_call(
    report: Report, server: Desk, connect: Any
) -> None:
    report.rows = [row("A", 1, 2), row("A", 2, 2), row("B", 3), row("B", 4)]
    orders = {name: one for name, one in PLACED.items() if name != "one"}

    assert {name: len(one.lines) for name, one in read(connect(orders)).items()} == {"A": 2, "B": 2}
    pages = [parse_qs(urlsplit(path).query)["page"] for _, path, _ in server.calls]
    assert pages == [["1"], ["2"], ["1"]]  # once more: it has not moved


def test_a_row_without_an_order_is_kept_and_stops_no_other(report: Report, connect: Any) -> None:
    report.newest_first = True
    nameless = {**row("A", 1), "order": None}
    report.rows = [row("A", 1), nameless, row("B", 2, 2)]

    assert connect(NEWEST).poll()[0] == ["A", None, "B"]


def test_the_probe_looks_at_rows(report: Report, server: Desk) -> None:
    report.rows = [row("A", number, 1 + number) for number in range(5)]

    with compiled_connection(TEXT, {"url": server.url}, FrozenClock(NOW)) as (connection, compiled):
        assert probe(connection, compiled) == []


@pytest.mark.parametrize(
    ("orders", "place", "said"),
    [
        (
            {**BY_CHANGE, "one": None},
            "orders.group_by",
            "a list that is asked by when rows change shows some of an order's rows: add one, how",
        ),
        (
            {**BY_CHANGE, "names": "order"},
            "orders.group_by",
            "names and group_by stand together; a list names orders, or holds their lines",
        ),
        (
            {**PLACED, "paging": {"by": "since"}},
            "orders.paging.by",
            "with group_by a list is read on to an order's last row",
        ),
        (
            {**NEWEST, "parts": {"people": {"beside": "people[]", "for": "person"}}},
            "orders.parts.people.beside",
            "with group_by an order may come in two answers",
        ),
        (
            {**BY_CHANGE, "one": {"get": "rows/{id}", "batch": 10}},
            "orders.one.batch",
            "batch needs {ids}: where the IDs of several orders go",
        ),
        (
            {**BY_CHANGE, "one": {"get": "rows/{ids}"}},
            "orders.one",
            "{ids} needs batch: how many orders go in one request",
        ),
        (
            {**BY_CHANGE, "one": {"get": "rows/{ids}", "batch": 10, "as": "rows"}},
            "orders.one.as",
            "the rows of several orders cannot be one; say group_by, or leave batch out",
        ),
    ],
)
def test_what_cannot_go_together_is_said(orders: dict[str, Any], place: str, said: str) -> None:
    mistakes = Mistakes()
    check(profile(orders=orders, **SHAPE), mistakes)

    (mistake,) = mistakes
    assert (mistake.place, mistake.words.en.startswith(said)) == (place, True)


TEXT = """
title = "Report"
[settings]
url = { ask = "Address", kind = "url" }
[connect]
base = "{url}"
[orders]
get = "rows"
query = { since = "{since}", page = "{page}", size = "{size}" }
rows = "rows[]"
group_by = "order"
paging = { by = "since", size = 2 }
one = { get = "rows", query = { order = "{id}" }, rows = "rows[]" }
[order]
id = "order"
placed = "placed"
updated = "changed"
currency = "'EUR'"
total = "total(rows[].amount)"
standing = [{ of = "rows[].state", every = true, map = { new = "open", off = "cancelled" } }]
[lines]
from = "rows"
id = "line"
name = "title"
quantity = "count"
amount = "amount"
includes_tax = "`true`"
tax_rate = "`0`"
"""


def test_try_shows_orders_of_rows_and_a_recorded_one_is_read_again(tmp_path: Path) -> None:
    file, compiled = tmp_path / "rows.json", load_profile(TEXT, "report.toml")
    file.write_text(json.dumps({"rows": [row("A", 1, fee=0), row("B", 2, fee=0), row("A", 3, fee=0)]}))

    payload = read_payload(file, compiled, {})

    tried = [try_order(compiled, raw, {}) for raw in payload.orders]
    assert [(one.order.id, len(one.order.lines)) for one in tried if one.order] == [("A", 2), ("B", 1)]
    assert tried[0].unread == ["parcel", "fee"]
    again = tmp_path / "one.json"
    again.write_bytes(payload.orders[0].parts["order"])
    assert read_payload(again, compiled, {}).orders == payload.orders[:1]
