"""Fetching against the sandbox: nothing lost between pages, in one second, or by a clock that is wrong."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

import tillbridge_locally
from plugins.locally.samples import encoded
from tillbridge.plugin import Connection, Misconfigured, OrderPage, Rejected, Retryable
from tillbridge_locally.sandbox.process import Sandbox

Connect = Callable[..., Connection]


def fetched(connection: Connection, cursor: str | None = None) -> list[OrderPage]:
    return list(tillbridge_locally.fetch_orders(connection, cursor))


def ids(pages: list[OrderPage]) -> list[str | None]:
    return [order.order_id for page in pages for order in page.orders]


def moved(pages: list[OrderPage], cursor: str | None = None) -> str | None:
    """The cursor that the engine holds after these pages."""
    kept = [page.cursor for page in pages if page.cursor is not None]
    return kept[-1] if kept else cursor


def place(sandbox: Sandbox, stamp: datetime, *, order_hash: str | None = None) -> str:
    """An order that was changed last at `stamp`."""
    order_hash = order_hash or sandbox.place(situation="known_ropis")
    sandbox.change(order_hash, updated_at=stamp.isoformat())
    return order_hash


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


@pytest.mark.row("S1")
def test_all_orders_come_page_by_page(sandbox: Sandbox, connected: Connect) -> None:
    """Seven orders in pages of three, the oldest change first."""
    placed = [place(sandbox, ago(1000 - index)) for index in range(7)]
    pages = fetched(connected(page_size=3))

    assert [3, 3, 1] == [len(page.orders) for page in pages]
    assert placed == ids(pages)


def test_an_order_is_kept_byte_for_byte(sandbox: Sandbox, connected: Connect) -> None:
    """The list and the single order give the same bytes."""
    connection = connected()
    order_hash = sandbox.place(situation="known_bopis")
    [page] = fetched(connection)

    assert dict(tillbridge_locally.fetch_order(connection, order_hash).parts) == dict(page.orders[0].parts)
    assert encoded(json.loads(page.orders[0].parts["order"])) == page.orders[0].parts["order"]


def test_orders_of_one_moment_are_not_lost_between_pages(sandbox: Sandbox, connected: Connect) -> None:
    """Five orders with one time stamp, in pages of two."""
    stamp = ago(600)
    placed = {place(sandbox, stamp) for _ in range(5)}
    pages = fetched(connected(page_size=2))

    assert sorted(placed) == ids(pages)


def test_reading_goes_on_after_a_kill_between_pages(sandbox: Sandbox, connected: Connect) -> None:
    """The cursor of any page continues behind it, even in the middle of one moment."""
    stamp = ago(600)
    placed = sorted(place(sandbox, stamp) for _ in range(5))
    connection = connected(page_size=2)
    first = next(iter(tillbridge_locally.fetch_orders(connection, None)))

    assert placed[2:] == ids(fetched(connection, first.cursor))


def test_nothing_new_is_an_empty_page_that_keeps_the_cursor(sandbox: Sandbox, connected: Connect) -> None:
    place(sandbox, ago(600))
    connection = connected()
    cursor = moved(fetched(connection))

    assert [([], None)] == [(list(page.orders), page.cursor) for page in fetched(connection, cursor)]


def test_an_order_that_appears_late_is_fetched(sandbox: Sandbox, connected: Connect) -> None:
    """Stamped a minute ago, visible only now: behind the newest seen, and not lost."""
    connection = connected()
    place(sandbox, ago(1))
    cursor = moved(fetched(connection))
    late = place(sandbox, ago(60))

    assert late in ids(fetched(connection, cursor))


def test_a_stamp_from_the_future_hides_nothing(sandbox: Sandbox, connected: Connect) -> None:
    """One order of the year 2099 does not pull the cursor past the orders of today."""
    connection = connected()
    future = place(sandbox, datetime(2099, 1, 1, tzinfo=UTC))
    cursor = moved(fetched(connection))
    today = sandbox.place(situation="known_ropis")

    assert [today, future] == ids(fetched(connection, cursor))


def test_an_order_that_changes_while_it_is_read_comes_again(sandbox: Sandbox, connected: Connect) -> None:
    """Changed behind the reader, it stands at the end of the list."""
    first, second, third = (place(sandbox, ago(1000 - index)) for index in range(3))
    pages = tillbridge_locally.fetch_orders(connected(page_size=1), None)
    seen = [order.order_id for order in next(pages).orders]
    sandbox.change(first, cart={"last_name": "박"})

    assert [first, second, third, first] == seen + [order.order_id for page in pages for order in page.orders]


def test_the_first_fetch_starts_where_the_shop_says(sandbox: Sandbox, connected: Connect) -> None:
    place(sandbox, ago(7200))
    young = place(sandbox, ago(600))

    assert [young] == ids(fetched(connected(orders_from=ago(3600))))


def test_other_stores_orders_are_left_out(sandbox: Sandbox, connected: Connect) -> None:
    place(sandbox, ago(600))

    assert [] == ids(fetched(connected(store_ids="999")))


def test_a_cursor_that_cannot_be_read_loses_nothing(sandbox: Sandbox, connected: Connect) -> None:
    order_hash = place(sandbox, ago(600))

    assert [order_hash] == ids(fetched(connected(), "what is this"))


def test_a_wrong_key_stops_the_connection(connected: Connect) -> None:
    with pytest.raises(Misconfigured, match="credentials"):
        fetched(connected(api_token="wrong"))


def test_a_cut_off_page_leaves_the_pages_before_it(sandbox: Sandbox, connected: Connect) -> None:
    """The second page breaks; after it, the third poll begins behind the first page."""
    placed = [place(sandbox, ago(1000 - index)) for index in range(4)]
    connection = connected(page_size=2)
    pages: Iterator[OrderPage] = tillbridge_locally.fetch_orders(connection, None)
    first = next(pages)
    sandbox.fault("cut", length=40)

    with pytest.raises(Retryable, match="cannot be read"):
        next(pages)
    assert placed[2:] == ids(fetched(connection, first.cursor))


def test_a_long_wait_that_locally_asks_for_is_passed_on(sandbox: Sandbox, connected: Connect) -> None:
    sandbox.fault("status", status=429, retry_after=90)

    with pytest.raises(Retryable) as caught:
        fetched(connected())
    assert caught.value.until is not None
    assert caught.value.until > datetime.now(UTC) + timedelta(seconds=60)


@pytest.mark.parametrize("order_id", ["NOSUCH", "../../sandbox/orders", "", "QE3QL6?x=1"])
def test_an_order_that_is_not_there(connected: Connect, order_id: str) -> None:
    with pytest.raises(Rejected):
        tillbridge_locally.fetch_order(connected(), order_id)


def test_a_poll_under_arrivals_ends(sandbox: Sandbox, connected: Connect) -> None:
    """Orders that arrive while it reads are read as well, each at least once."""
    pages = tillbridge_locally.fetch_orders(connected(page_size=2), None)
    for _ in range(3):
        sandbox.do("POST", "/sandbox/arrive", {"n": 2})
    seen = list(itertools.islice(pages, 20))

    assert 6 == len(set(ids(seen)))
