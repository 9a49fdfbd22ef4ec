"""How lists go on and end, and where the next poll may start: each quirk of a webstore's list."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import respx

from plugins.generic_webstore.connecting import NOW, Connected, connected, profile
from tillbridge.plugin import Retryable
from tillbridge.testing.clock import FrozenClock

URL = "https://shop.example/api"
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DATE = {"Date": "Sun, 01 Mar 2026 09:00:00 GMT"}
Params = httpx.QueryParams
Connect = Callable[..., Connected]


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def connect(clock: FrozenClock) -> Iterator[Connect]:
    """A function that connects by a profile whose [orders] are these."""
    opened = []

    def made(*, orders_from: datetime = NOW - HOUR, **orders: Any) -> Connected:
        table = {"get": "orders", "rows": "orders", "query": {"since": "{since}"}, **orders}
        one = connected(profile(orders=table), {"url": URL}, clock, orders_from=orders_from)
        opened.append(one)
        return one.__enter__()

    yield made
    for one in opened:
        one.__exit__(None, None, None)


def row(number: int, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    moment = NOW - HOUR / 2 + number * SECOND if at is None else at
    return {"id": number, "updated": moment.isoformat(), "placed": moment.isoformat(), **more}


def answer(rows: list[dict[str, Any]], headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"orders": rows, **more}, headers={**DATE, **(headers or {})})


def listing(web: respx.MockRouter, reply: Callable[[Params], httpx.Response]) -> respx.Route:
    route = web.get(url__startswith=f"{URL}/orders")
    route.mock(side_effect=lambda request: reply(request.url.params))
    return route


def ids(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


PAGED: dict[str, Any] = {
    "query": {"since": "{since}", "page": "{page}"},
    "paging": {"by": "page", "size": 2},
    "since": {"sorted": False},
}


def test_a_last_page_that_is_shown_for_ever_ends_the_list(web: respx.MockRouter, connect: Connect) -> None:
    pages = [[row(1), row(2)], [row(3), row(4)]]
    listing(web, lambda asked: answer(pages[min(int(asked["page"]), 2) - 1]))

    assert connect(**PAGED).poll()[0] == ids(1, 4)


def test_a_list_that_moves_down_by_a_whole_page_is_read_on(web: respx.MockRouter, connect: Connect) -> None:
    """Seen at django-oscar: the page that comes is the one before once more, and is not the end."""
    pages = [[row(5), row(4)], [row(3), row(2)], [row(3), row(2)], [row(1)]]
    listing(web, lambda asked: answer(pages[int(asked["page"]) - 1]))

    assert connect(**PAGED).poll()[0] == ["5", "4", "3", "2", "1"]


def test_a_page_beyond_the_last_may_be_refused(web: respx.MockRouter, connect: Connect) -> None:
    listing(
        web,
        lambda asked: answer([row(1), row(2)]) if asked["page"] == "1" else httpx.Response(404, json={}),
    )

    assert connect(**PAGED).poll()[0] == ids(1, 2)


def test_a_list_without_any_row_is_one_page(web: respx.MockRouter, connect: Connect) -> None:
    """Also of a list of numbered pages: who looks at its first page finds one."""
    listing(web, lambda _: answer([]))
    shop = connect(paging={"by": "page", "size": 2}, query={"page": "{page}"})

    assert [[]] == [page.rows for page in shop.lister.listed.pager.pages(shop.connection, {})]


def test_an_empty_answer_may_say_that_there_is_nothing(web: respx.MockRouter, connect: Connect) -> None:
    listing(web, lambda _: httpx.Response(204))

    assert connect().poll() == ([], None)


def test_an_absent_envelope_is_an_error_unless_it_is_declared(
    web: respx.MockRouter, connect: Connect
) -> None:
    listing(web, lambda _: httpx.Response(200, json=[]))

    assert connect(empty=[]).poll() == ([], None)
    with pytest.raises(Retryable, match='rows "orders"'):
        connect().poll()


def test_a_failure_in_an_answer_of_200_is_an_error(web: respx.MockRouter, connect: Connect) -> None:
    listing(web, lambda _: answer([], errors=[{"message": "not allowed"}]))

    with pytest.raises(Retryable, match="not allowed"):
        connect(error="errors[0].message").poll()


CURSOR: dict[str, Any] = {
    "query": {"since": "{since}", "cursor": "{cursor}"},
    "paging": {"by": "cursor", "at": "next", "size": 2},
}


def test_the_next_page_may_be_asked_for_by_another_request(web: respx.MockRouter, connect: Connect) -> None:
    """A webstore that takes a cursor only where no filter stands beside it."""
    web.post(f"{URL}/orders/search").mock(
        side_effect=lambda asked: (
            answer([row(2)], next=None)
            if json.loads(asked.content) == {"paging": {"cursor": "b", "limit": 2}}
            else answer([row(1)], next="b")
        )
    )
    following = {"post": "orders/search", "body": {"paging": {"cursor": "{cursor}", "limit": "{size}"}}}
    paging = {"by": "cursor", "at": "next", "size": 2, "request": following}
    body = {"filter": {"from": "{since}"}, "paging": {"limit": "{size}"}}

    shop = connect(get=None, post="orders/search", query={}, body=body, paging=paging)

    assert shop.poll()[0] == ids(1, 2)


def test_a_list_by_cursor_moves_ours_with_each_page(web: respx.MockRouter, connect: Connect) -> None:
    pages = {"": answer([row(1), row(2)], next="b"), "b": answer([row(3)], next=None)}
    listing(web, lambda asked: pages[asked.get("cursor", "")])

    found = [(len(page.orders), page.cursor) for page in connect(**CURSOR).pages()]

    assert found == [
        (2, (NOW - HOUR / 2 + 2 * SECOND).isoformat()),
        (1, (NOW - HOUR / 2 + 3 * SECOND).isoformat()),
    ]


def test_a_cursor_that_comes_again_is_an_error(web: respx.MockRouter, connect: Connect) -> None:
    listing(web, lambda _: answer([row(1)], next="b"))

    with pytest.raises(Retryable, match="stands still"):
        connect(**CURSOR).poll()


def cursors(web: respx.MockRouter, count: int) -> respx.Route:
    """A list that honours its limit, and leaves `next` out at its end."""

    def reply(asked: Params) -> httpx.Response:
        first, most = int(asked.get("cursor", "0")), int(asked.get("limit", "2"))
        rows = [row(number) for number in range(1, count + 1)][first : first + most]
        more: dict[str, Any] = {"next": first + most} if first + most < count else {}
        return answer(rows, **more, ok=True)

    return listing(web, reply)


LIMITED: dict[str, Any] = {
    **CURSOR,
    "query": {"since": "{since}", "cursor": "{cursor}", "limit": "{size}"},
}
MISPLACED: dict[str, Any] = {**LIMITED, "paging": {"by": "cursor", "at": "nxt", "size": 2}}


def test_a_cursor_that_is_looked_for_in_the_wrong_place_is_an_error_after_the_page(
    web: respx.MockRouter, connect: Connect
) -> None:
    cursors(web, 3)
    pages = (one := connect(**MISPLACED)).lister.pages(one.connection, None)

    first = next(pages)
    with pytest.raises(Retryable, match="nxt found no next page; the answer has orders, next, ok") as raised:
        next(pages)

    assert [raw.order_id for raw in first.orders] == ids(1, 2)
    assert raised.value.words.en.startswith("Orders would be lost: ")


def test_what_the_answer_has_is_named_as_far_down_as_the_path_leads(
    web: respx.MockRouter, connect: Connect
) -> None:
    listing(
        web,
        lambda asked: answer([row(1), row(2)][: int(asked["limit"])], meta={"ok": True, "next": "b"}),
    )
    paging = {"by": "cursor", "at": "meta.nxt", "size": 2}

    with pytest.raises(Retryable, match=r"meta\.nxt found no next page; the answer has meta: ok, next\."):
        connect(**{**LIMITED, "paging": paging}).poll()


def test_a_full_last_page_may_leave_the_cursor_out(web: respx.MockRouter, connect: Connect) -> None:
    """As Square does: a smaller page of the same list has one, so that the place is right."""
    route = cursors(web, 2)

    assert connect(**LIMITED).poll()[0] == ids(1, 2)
    assert [call.request.url.params["limit"] for call in route.calls] == ["2", "1"]


def test_a_cursor_that_was_found_once_is_not_looked_for_again(
    web: respx.MockRouter, connect: Connect
) -> None:
    route = cursors(web, 4)

    assert connect(**LIMITED).poll()[0] == ids(1, 4)
    assert len(route.calls) == len("12")


def test_a_webstore_that_gives_no_smaller_page_is_believed(web: respx.MockRouter, connect: Connect) -> None:
    cursors(web, 2)

    assert connect(**CURSOR).poll()[0] == ids(1, 2)


def test_a_smaller_page_that_is_refused_says_nothing(web: respx.MockRouter, connect: Connect) -> None:
    listing(
        web,
        lambda asked: answer([row(1), row(2)]) if asked["limit"] == "2" else httpx.Response(422, json={}),
    )

    assert connect(**LIMITED).poll()[0] == ids(1, 2)


def test_a_page_that_is_not_full_is_asked_for_no_smaller_one(web: respx.MockRouter, connect: Connect) -> None:
    route = cursors(web, 1)

    assert connect(**LIMITED).poll()[0] == ids(1, 1)
    assert len(route.calls) == 1


@pytest.mark.parametrize(
    "address",
    [f"{URL}/orders?token=b", "/api/orders?token=b", "http://shop.example/api/orders?token=b"],
)
def test_the_next_address_is_followed_on_the_same_host(
    web: respx.MockRouter, connect: Connect, address: str
) -> None:
    """Relative ones too, and plain ones of a shop that does not know of its TLS."""
    listing(
        web,
        lambda asked: answer([row(2)]) if asked.get("token") == "b" else answer([row(1)], next=address),
    )

    assert connect(paging={"by": "next", "at": "next"}).poll()[0] == ids(1, 2)


def test_the_next_address_elsewhere_is_not_asked(web: respx.MockRouter, connect: Connect) -> None:
    listing(web, lambda _: answer([row(1)], next="https://elsewhere.example/orders"))

    with pytest.raises(Exception, match=r"elsewhere\.example was to be asked"):
        connect(paging={"by": "next", "at": "next"}).poll()


def test_a_link_header_is_followed(web: respx.MockRouter, connect: Connect) -> None:
    link = {"Link": f'<{URL}/orders?p=0>; rel="previous", <{URL}/orders?p=2>; rel="next"'}
    listing(web, lambda asked: answer([row(2)]) if asked.get("p") == "2" else answer([row(1)], link))

    assert connect(paging={"by": "link"}).poll()[0] == ids(1, 2)


def test_a_list_in_another_order_moves_the_cursor_no_further_than_its_first_page(
    web: respx.MockRouter, connect: Connect, clock: FrozenClock
) -> None:
    """What changed behind a page that was read shows on none."""

    def reply(asked: Params) -> httpx.Response:
        if asked["page"] == "1":
            return answer([row(1), row(2, NOW - 30 * MINUTE)])
        clock.advance(30)
        return answer([row(3, NOW + 5 * MINUTE)], {"Date": "Sun, 01 Mar 2026 09:00:30 GMT"})

    listing(web, reply)

    found = [page.cursor for page in connect(**PAGED).pages()]

    assert found == [None, (NOW - MINUTE).isoformat()]


def test_a_list_that_is_not_in_the_order_that_is_claimed_is_said_to_be_so(
    web: respx.MockRouter, connect: Connect
) -> None:
    listing(web, lambda _: answer([row(2), row(1)]))
    pages = (one := connect(paging={"by": "none"})).lister.pages(one.connection, None)

    first = next(pages)
    with pytest.raises(Retryable, match="not in the order that the profile says"):
        next(pages)

    assert ([raw.order_id for raw in first.orders], first.cursor) == (["2", "1"], None)


def test_a_list_without_a_time_is_said_to_have_none(web: respx.MockRouter, connect: Connect) -> None:
    listing(web, lambda _: answer([{"id": 1}]))

    with pytest.raises(Retryable, match="None of the orders"):
        connect(paging={"by": "none"}).poll()


def test_a_webstore_s_own_clock_is_what_it_is_asked_from_next(
    web: respx.MockRouter, connect: Connect
) -> None:
    """The first page's: what changes while the others are read comes with the next poll."""
    clocks = {"1": "2026-03-01T08:59:00+00:00", "2": "2026-03-01T08:59:30+00:00"}
    pages = {"1": [row(1), row(2)], "2": [row(3)]}
    route = listing(
        web, lambda asked: answer(pages[asked["page"]], {"X-Page-Generated": clocks[asked["page"]]})
    )
    one = connect(**{**PAGED, "since": {"header": "X-Page-Generated", "overlap": "0s"}})

    seen, cursor = one.poll()
    one.poll(cursor)

    assert (seen, cursor) == (ids(1, 3), "2026-03-01T08:59:00+00:00")
    assert route.calls[2].request.url.params["since"] == "2026-03-01T08:59:00Z"


@pytest.mark.parametrize(
    ("since", "asked"),
    [
        ({}, "2026-03-01T07:59:58Z"),
        ({"overlap": "1m"}, "2026-03-01T07:59:00Z"),
        ({"format": "epoch"}, "1772351998"),
        ({"format": "epoch_ms"}, "1772351998000"),
        ({"format": "%Y-%m-%d %H:%M:%S", "zone": "Asia/Seoul"}, "2026-03-01 16:59:58"),
        ({"format": "%Y-%m-%dT%H:%M:%S%z", "zone": "Asia/Seoul"}, "2026-03-01T16:59:58+0900"),
    ],
)
def test_the_time_is_written_as_the_webstore_reads_it(
    web: respx.MockRouter, connect: Connect, since: dict[str, str], asked: str
) -> None:
    route = listing(web, lambda _: answer([]))

    connect(paging={"by": "none"}, since=since).poll()

    assert route.calls.last.request.url.params["since"] == asked


def test_an_hour_that_the_clock_shows_twice_is_asked_from_its_first(
    web: respx.MockRouter, connect: Connect
) -> None:
    """In New York on 2025-11-02 half past one comes twice; the webstore may take it for the second."""
    route = listing(web, lambda _: answer([]))
    first = datetime.fromisoformat("2025-11-02T05:30:02+00:00")

    connect(
        orders_from=first,
        paging={"by": "none"},
        since={"format": "%Y-%m-%d %H:%M", "zone": "America/New_York"},
    ).poll()

    assert route.calls.last.request.url.params["since"] == "2025-11-02 00:30"


def test_a_damaged_row_does_not_stop_its_page(web: respx.MockRouter, connect: Connect) -> None:
    bad = b'{"orders": [{"id": 1, "updated": "2026-03-01T08:30:00Z"}, {"id": "\xff"}, {"id": {}}]}'
    listing(web, lambda _: httpx.Response(200, content=bad))

    ((page),) = connect(paging={"by": "none"}).pages()

    assert [raw.order_id for raw in page.orders] == ["1", None, None]
    assert page.orders[1].parts["order"] == b'{"id": "\xff"}'


def test_numbers_are_kept_as_they_are_written(web: respx.MockRouter, connect: Connect) -> None:
    content = b'{"orders": [{"id": 642538970006401429, "updated": "2026-03-01T08:30:00Z", "total": 1.10}]}'
    listing(web, lambda _: httpx.Response(200, content=content))

    ((page),) = connect(paging={"by": "none"}).pages()

    (raw,) = page.orders
    assert raw.order_id == "642538970006401429"
    assert raw.parts["order"].endswith(b'"total": 1.10}')


PART: dict[str, Any] = {"paging": {"by": "none"}}


def test_a_part_is_asked_for_once_a_key_and_may_hang_on_an_earlier_one(
    web: respx.MockRouter, connect: Connect, clock: FrozenClock
) -> None:
    rows = [row(1, lines="/lines/1"), row(2, lines="/lines/2")]
    listing(web, lambda _: answer(rows))
    for number in (1, 2):
        web.get(f"{URL}/lines/{number}").respond(json=[{"product": "p1"}, {"product": f"q{number}"}])
    product = web.get(url__regex=f"{URL}/products/.*").mock(
        side_effect=lambda request: httpx.Response(200, json={"id": request.url.path.rpartition("/")[2]})
    )
    parts = {
        "lines": {"for": "lines", "path": "{key}", "rows": "[]"},
        "products": {"for": "_parts.lines[].product", "path": "products/{key}", "cache": "1d"},
    }
    one = connect(**PART, parts=parts)

    (page,) = one.pages()
    first = product.call_count
    one.pages()

    assert page.orders[1].parts["products"] == b'[{"id":"p1"},{"id":"q2"}]'
    assert (first, product.call_count) == (3, 3)
    clock.advance(25 * 3600)
    one.pages()
    assert product.call_count == 6


def test_parts_go_in_batches_and_each_order_gets_its_own_rows(
    web: respx.MockRouter, connect: Connect
) -> None:
    rows = [row(number, items=[f"i{number}", "shared"]) for number in (1, 2, 3)]
    listing(web, lambda _: answer(rows))
    items = web.post(f"{URL}/items").mock(
        side_effect=lambda request: httpx.Response(
            200, json={"objects": [{"id": key} for key in json.loads(request.content)["ids"]]}
        )
    )
    table = {
        "for": "items",
        "post": "items",
        "body": {"ids": "{keys}"},
        "rows": "objects",
        "batch": 3,
    }

    (page,) = connect(**PART, parts={"items": table}).pages()

    assert [raw.parts["items"] for raw in page.orders] == [
        b'[{"id":"i1"},{"id":"shared"}]',
        b'[{"id":"i2"},{"id":"shared"}]',
        b'[{"id":"i3"},{"id":"shared"}]',
    ]
    assert [json.loads(call.request.content)["ids"] for call in items.calls] == [
        ["i1", "shared", "i2"],
        ["i3"],
    ]


def test_a_part_that_is_gone_or_refused_stops_no_other_order(web: respx.MockRouter, connect: Connect) -> None:
    listing(web, lambda _: answer([row(1, lines="1"), row(2, lines="2"), row(3, lines="3")]))
    web.get(f"{URL}/lines/1").respond(404)
    web.get(f"{URL}/lines/2").respond(422)
    web.get(f"{URL}/lines/3").respond(json=[{"a": 1}])

    (page,) = connect(**PART, parts={"lines": {"for": "lines", "path": "lines/{key}", "rows": "[]"}}).pages()

    assert [raw.parts.get("lines") for raw in page.orders] == [b"[]", None, b'[{"a":1}]']


def test_a_part_may_have_pages(web: respx.MockRouter, connect: Connect) -> None:
    listing(web, lambda _: answer([row(1)]))
    web.get(f"{URL}/lines/1", params={"p": "2"}).respond(json={"results": [{"a": 2}], "next": None})
    web.get(f"{URL}/lines/1").respond(json={"results": [{"a": 1}], "next": f"{URL}/lines/1?p=2"})
    table = {"for": "id", "path": "lines/{key}", "rows": "results", "next": "next"}

    (page,) = connect(**PART, parts={"lines": table}).pages()

    assert page.orders[0].parts["lines"] == b'[{"a":1},{"a":2}]'


def test_a_part_s_pages_may_stand_in_a_link_header(web: respx.MockRouter, connect: Connect) -> None:
    listing(web, lambda _: answer([row(1)]))
    web.get(f"{URL}/lines/1", params={"p": "2"}).respond(json=[{"a": 2}])
    link = {"Link": f'<{URL}/lines/1?p=2>; rel="next"'}
    web.get(f"{URL}/lines/1").respond(json=[{"a": 1}], headers=link)

    (page,) = connect(**PART, parts={"lines": {"for": "id", "path": "lines/{key}", "rows": "[]"}}).pages()

    assert page.orders[0].parts["lines"] == b'[{"a":1},{"a":2}]'
