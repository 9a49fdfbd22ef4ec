"""The preset of WooCommerce against a shop that behaves as the real one does: no order is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from plugins.generic_webstore.connecting import (
    NOW,
    PRESETS,
    Connected,
    compiled_connection,
    connected,
    preset,
)
from plugins.generic_webstore.counters import compiled_of
from plugins.generic_webstore.woo.products import add_product
from plugins.generic_webstore.woo.server import WooServer
from plugins.generic_webstore.woo.shop import WooShop
from tillbridge.http import HttpRefused
from tillbridge.model.orders import Standing
from tillbridge.plugin import Rejected, WebOrder
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.mapping import compile_mapping

TEXT = (PRESETS / "woocommerce.toml").read_text("utf-8")
MAPPER = compiled_of(compile_mapping, preset("woocommerce"))
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def web(woo: WooServer, clock: FrozenClock) -> Iterator[Connected]:
    with connected(preset("woocommerce"), woo.settings, clock, orders_from=NOW - HOUR) as made:
        yield made


def place(shop: WooShop, count: int, *, every: timedelta = SECOND) -> list[str]:
    """Place orders from half an hour ago on; return their IDs."""
    return [str(shop.order(at=NOW - HOUR / 2 + at * every)["id"]) for at in range(count)]


def test_orders_come_by_oauth_over_plain_http_page_by_page(shop: WooShop, web: Connected) -> None:
    placed = place(shop, 250)

    seen, cursor = web.poll()

    assert seen == placed
    assert cursor == (NOW - HOUR / 2 + 249 * SECOND).isoformat()


def test_a_change_within_the_cursor_s_own_second_is_not_lost(
    shop: WooShop, web: Connected, clock: FrozenClock
) -> None:
    """The filter excludes its bound, and times have a grain of one second."""
    place(shop, 3)
    _, cursor = web.poll()
    shop.order(at=NOW - HOUR / 2 + 2 * SECOND)

    seen, _ = web.poll(cursor)

    assert "5004" in seen


def test_orders_that_change_while_pages_are_read_hide_no_others(shop: WooShop, web: Connected) -> None:
    """Each change moves an order to the end, and those behind it up, over the edge of a page."""
    placed = place(shop, 250)

    def change() -> None:
        if len(shop.lists) == 1:
            for number in placed[:5]:
                shop.touch(int(number), at=NOW, status="completed")

    shop.between = change

    seen, _ = web.poll()

    assert set(seen) == set(placed)


def test_a_whole_page_that_shares_one_second_is_read_to_its_end(shop: WooShop, web: Connected) -> None:
    placed = place(shop, 250, every=timedelta(0))

    seen, cursor = web.poll()

    assert seen == placed
    assert cursor == (NOW - HOUR / 2).isoformat()


def test_an_order_that_leaves_such_a_second_while_it_is_read_hides_no_other(
    shop: WooShop, web: Connected
) -> None:
    placed = place(shop, 150, every=timedelta(0))

    def change() -> None:
        if len(shop.lists) == 2:  # the first asks from before that second, the second from within it
            shop.touch(int(placed[0]), at=NOW)

    shop.between = change

    seen, _ = web.poll()

    assert set(seen) == set(placed)


def test_the_time_is_asked_for_in_gmt_without_a_zone(shop: WooShop, web: Connected) -> None:
    """With a Z and the flag together the shop in Sydney would find nothing."""
    web.poll((NOW - MINUTE).isoformat())

    (asked,) = shop.lists
    assert (asked["modified_after"], asked["dates_are_gmt"]) == ("2026-03-01T08:58:58", "true")


def test_the_cursor_stays_behind_the_clock(shop: WooShop, web: Connected) -> None:
    """An order may appear behind its own time stamp."""
    shop.order(at=NOW - 3 * SECOND)

    _, cursor = web.poll()

    assert cursor == (NOW - MINUTE).isoformat()


def test_a_stamp_from_the_future_does_not_pull_the_cursor_ahead(shop: WooShop, web: Connected) -> None:
    shop.order(at=NOW + HOUR)

    _, cursor = web.poll()

    assert cursor == (NOW - MINUTE).isoformat()


def test_a_poll_without_news_keeps_its_cursor_and_asks_once(shop: WooShop, web: Connected) -> None:
    (page,) = web.pages((NOW - HOUR).isoformat())

    assert (page.orders, page.cursor, len(shop.lists)) == ([], None, 1)


def test_an_order_in_the_trash_is_not_listed_but_comes_as_cancelled_where_it_is_asked_for(
    shop: WooShop, web: Connected
) -> None:
    """WooCommerce sends order.deleted for it."""
    number = shop.order()["id"]
    shop.touch(number, status="trash")

    found = MAPPER.parse(web.lister.fetch_one(web.connection, str(number)), {})

    assert isinstance(found, WebOrder)
    assert found.standing is Standing.CANCELLED
    assert web.poll()[0] == []


def test_an_order_that_was_deleted_is_gone(web: Connected) -> None:
    with pytest.raises(Rejected, match=r"WooCommerce has no order 77\."):
        web.lister.fetch_one(web.connection, "77")


def test_one_order_comes_as_the_list_has_it(shop: WooShop, web: Connected) -> None:
    number = str(shop.order()["id"])

    raw = web.lister.fetch_one(web.connection, number)

    ((listed,),) = [page.orders for page in web.pages()]
    assert raw == listed


def test_a_key_that_is_refused_is_said_to_be(woo: WooServer, clock: FrozenClock) -> None:
    settings = {**woo.settings, "secret": "cs_wrong"}

    with (
        connected(preset("woocommerce"), settings, clock) as web,
        pytest.raises(HttpRefused, match="WooCommerce refused the credentials"),
    ):
        web.poll()


def test_another_address_than_the_site_s_own_is_refused(woo: WooServer, clock: FrozenClock) -> None:
    """The signature is of the address: the shop computes it from its own."""
    settings = {**woo.settings, "url": woo.url.replace("127.0.0.1", "localhost")}

    with connected(preset("woocommerce"), settings, clock) as web, pytest.raises(HttpRefused):
        web.poll()


def test_an_answer_of_something_else_than_orders_is_an_error(woo: WooServer, web: Connected) -> None:
    """It would else look like a shop without orders."""
    woo.faults.append((200, b'{"code": "maintenance"}'))

    with pytest.raises(Exception, match=r'rows "\[\]": @ is no list but an object'):
        web.poll()


def test_more_variations_than_fit_a_page_are_all_listed(
    woo: WooServer, shop: WooShop, clock: FrozenClock
) -> None:
    """The next page's address repeats the signature of the request before."""
    add_product(shop, 22, name="Pump")
    for number in range(2201, 2351):
        add_product(shop, number, parent=22)

    with compiled_connection(TEXT, woo.settings, clock) as (connection, compiled):
        assert compiled.listings is not None
        pages = list(compiled.listings.pages(connection, None))

    assert [one.id for page in pages for one in page.listings] == [str(one) for one in range(2201, 2351)]
