"""The cursor probe: what would lose orders is found before one is lost."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import respx

from plugins.generic_webstore.connecting import NOW, PRESETS, compiled_connection
from plugins.generic_webstore.counters import desk
from plugins.generic_webstore.naver import ID, SECRET, Store, product_order
from plugins.generic_webstore.woo.server import WooServer
from plugins.generic_webstore.woo.shop import WooShop
from tillbridge.plugin import HttpRefused, Misconfigured, Retryable
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.checking import check
from tillbridge_generic_webstore.probe import Fault, Finding, probe

DAY = timedelta(days=1)
TEXT = (PRESETS / "woocommerce.toml").read_text("utf-8")

_CURSOR = """
title = "Webstore"
[settings]
url = { ask = "Address", kind = "url" }
[defaults]
zone = "UTC"
[connect]
base = "{url}"
[orders]
get = "orders"
rows = "orders"
query = { since = "{since}", limit = "{size}", cursor = "{cursor}" }
paging = { by = "cursor", at = "nxt", size = 50 }
[order]
id = "id"
placed = "placed"
updated = "updated"
currency = "currency"
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


def _findings(reply: Callable[[httpx.Request], httpx.Response], clock: FrozenClock) -> Sequence[Finding]:
    """What is found at a webstore that answers so."""
    with respx.mock(assert_all_called=False) as web:
        web.get(url__startswith="https://shop.example/orders").mock(side_effect=reply)
        with compiled_connection(_CURSOR, {"url": "https://shop.example"}, clock) as (connection, compiled):
            return probe(connection, compiled)


@pytest.fixture
def probed(woo: WooServer, shop: WooShop, clock: FrozenClock) -> Any:
    """A function that probes a shop of three orders by the preset, with one text replaced by another."""
    for days in (3, 2, 1):
        shop.order(at=NOW - days * DAY)

    def probing(old: str = "", new: str = "") -> list[Fault]:
        assert old in TEXT
        with compiled_connection(TEXT.replace(old, new), woo.settings, clock) as (connection, compiled):
            return [one.fault for one in probe(connection, compiled)]

    return probing


def test_the_preset_is_sound_and_the_bound_is_known_to_be_left_out(probed: Any) -> None:
    assert probed() == [Fault.EXCLUSIVE]


def test_without_an_overlap_the_bound_that_is_left_out_is_grave(probed: Any) -> None:
    assert probed('overlap = "2s"', 'overlap = "0s"') == [Fault.NO_OVERLAP]


def test_a_misspelt_filter_is_found(probed: Any) -> None:
    assert probed("modified_after", "modified_since") == [Fault.IGNORED]


def test_a_time_that_is_read_as_the_shop_s_own_is_found(probed: Any) -> None:
    """Without the flag the shop in Sydney takes the time for its own, eleven hours ahead."""
    assert probed('dates_are_gmt = "true", ', "") == [Fault.EARLY]


def test_a_zone_and_the_flag_together_are_found(probed: Any) -> None:
    assert probed('format = "%Y-%m-%dT%H:%M:%S"', 'format = "%Y-%m-%dT%H:%M:%SZ"') == [Fault.LATE]


def test_a_list_in_the_wrong_order_is_found(probed: Any) -> None:
    assert Fault.UNSORTED in probed('order = "asc"', 'order = "desc"')


def test_a_page_that_is_smaller_than_asked_for_is_found(probed: Any) -> None:
    """The real one refuses a size that it does not give; others give fewer without a word."""
    assert probed('per_page = "{size}"', 'per_page = "2"') == [Fault.FEWER, Fault.EXCLUSIVE]


def test_a_time_that_is_read_in_the_wrong_zone_is_found(probed: Any, shop: WooShop) -> None:
    shop.order(at=NOW)

    assert Fault.FUTURE in probed('updated = "date_modified_gmt"', 'updated = "date_modified"')


def test_a_newest_order_in_the_future_is_found_behind_the_first_page(clock: FrozenClock) -> None:
    """Rows and filter in the same wrong zone agree with each other: only that the newest is ahead tells."""
    times = [NOW - 2 * DAY, NOW - DAY, NOW + timedelta(minutes=27)]
    rows = [
        {"id": number, "placed": at.isoformat(), "updated": at.isoformat()} for number, at in enumerate(times)
    ]

    def reply(request: httpx.Request) -> httpx.Response:
        since = datetime.fromisoformat(request.url.params["since"])
        found = [one for one, at in zip(rows, times, strict=True) if at >= since]
        return httpx.Response(200, json={"orders": found[:2], "nxt": None})

    assert [one.fault for one in _findings(reply, clock)] == [Fault.FUTURE]


def test_a_shop_without_an_order_is_said_to_be_untried(woo: WooServer, clock: FrozenClock) -> None:
    with compiled_connection(TEXT, woo.settings, clock) as (connection, compiled):
        answer = check(connection, compiled)

    assert answer.account == woo.url
    assert [note.en.partition(",")[0] for note in answer.notes] == ["WooCommerce has no order yet"]


def test_a_check_says_whose_account_it_is_and_no_more_where_all_is_well(
    woo: WooServer, shop: WooShop, clock: FrozenClock
) -> None:
    shop.order(at=NOW - DAY)

    with compiled_connection(TEXT, woo.settings, clock) as (connection, compiled):
        assert check(connection, compiled).notes == ()


def test_a_check_refuses_what_would_lose_orders(woo: WooServer, shop: WooShop, clock: FrozenClock) -> None:
    shop.order(at=NOW - DAY)
    text = TEXT.replace('overlap = "2s"', 'overlap = "0s"')

    with (
        compiled_connection(text, woo.settings, clock) as (connection, compiled),
        pytest.raises(Misconfigured, match="Orders would be lost"),
    ):
        check(connection, compiled)


def test_a_check_refuses_a_key_that_the_shop_refuses(woo: WooServer, clock: FrozenClock) -> None:
    with (
        compiled_connection(TEXT, {**woo.settings, "key": "ck_no"}, clock) as (connection, compiled),
        pytest.raises(HttpRefused),
    ):
        check(connection, compiled)


def test_a_check_says_that_no_webstore_of_the_kind_is_at_an_address(
    woo: WooServer, clock: FrozenClock
) -> None:
    """Nothing was asked for yet that could have been deleted."""
    address = f"{woo.url}/blog"

    with (
        compiled_connection(TEXT, {**woo.settings, "url": address}, clock) as (connection, compiled),
        pytest.raises(Misconfigured) as raised,
    ):
        check(connection, compiled)

    said = raised.value.words.en
    assert said.startswith(f"No API of WooCommerce answers at {address}/wp-json/wc/v3 (GET ")
    assert "deleted" not in said


def test_a_list_that_is_read_by_spans_is_asked_as_polls_ask_it(clock: FrozenClock) -> None:
    """Its rows have no time of change, and a longer span would be refused: neither says that anything is "
    "wrong."""
    store = Store()
    store.add(product_order("A"), at=NOW - timedelta(hours=1))
    text = (PRESETS / "naver.toml").read_text("utf-8")
    with desk() as server:
        server.answer = store.answer
        settings = {"client_id": ID, "client_secret": SECRET, "url": server.url}
        with compiled_connection(text, settings, clock) as (connection, compiled):
            assert probe(connection, compiled) == []


def test_a_cursor_that_is_looked_for_in_the_wrong_place_is_found(clock: FrozenClock) -> None:
    """A webstore that honours the limit, and names the next page under `next`: the profile says `nxt`."""
    day = {"placed": (NOW - DAY).isoformat(), "updated": (NOW - DAY).isoformat()}
    rows = [{"id": number, **day} for number in (1, 2, 3)]

    def reply(request: httpx.Request) -> httpx.Response:
        most = int(request.url.params["limit"])
        found = [] if datetime.fromisoformat(request.url.params["since"]) > NOW - DAY else rows[:most]
        return httpx.Response(200, json={"orders": found, "next": "b"})

    (found,) = _findings(reply, clock)

    assert found.fault is Fault.NO_CURSOR
    assert found.is_grave
    assert "nxt found no next page; the answer has orders, next." in found.words.en


def listed(clock: FrozenClock, text: str, reply: Callable[[httpx.Request], Any]) -> list[Fault]:
    """What is found of a webstore whose list answers so."""
    with respx.mock(assert_all_called=False) as web:
        web.get(url__startswith="https://shop.example/orders").mock(
            side_effect=lambda request: httpx.Response(200, json=reply(request))
        )
        with compiled_connection(text, {"url": "https://shop.example"}, clock) as (connection, compiled):
            return [one.fault for one in probe(connection, compiled)]


def five(request: httpx.Request) -> list[dict[str, Any]]:
    """Five orders of which a page shows two at most, from an offset on."""
    if request.url.params["since"] > NOW.isoformat():
        return []
    times = [NOW - DAY + timedelta(seconds=number) for number in range(5)]
    rows = [
        {"id": number, "placed": at.isoformat(), "updated": at.isoformat()} for number, at in enumerate(times)
    ]
    first = int(request.url.params.get("offset", "0"))
    return rows[first : first + 2]


@pytest.mark.parametrize("by", ["since", "offset"])
def test_fewer_at_a_time_than_asked_for_are_found_where_a_list_goes_on_by_an_offset(
    clock: FrozenClock, by: str
) -> None:
    """What follows begins behind what came: behind what was asked for there may be nothing."""
    text = _CURSOR.replace('by = "cursor", at = "nxt"', f'by = "{by}"').replace(
        'cursor = "{cursor}"', 'offset = "{offset}"'
    )
    text = text if by == "since" else text.replace("[order]", "[orders.since]\nsorted = false\n[order]")

    assert Fault.FEWER in listed(clock, text, lambda request: {"orders": five(request)})


@pytest.mark.parametrize(("total", "faults"), [(5, [Fault.PART]), (2, [])])
def test_a_list_that_is_read_whole_and_counts_more_than_it_holds_is_told(
    clock: FrozenClock, total: int, faults: list[Fault]
) -> None:
    text = _CURSOR.replace('by = "cursor", at = "nxt"', 'by = "none"').replace(', cursor = "{cursor}"', "")

    found = listed(clock, text, lambda request: {"orders": five(request), "meta": {"total_count": total}})

    assert [one for one in found if one is Fault.PART] == faults


def test_of_a_list_of_items_it_is_said_what_becomes_of_items(clock: FrozenClock) -> None:
    """No order is lost by it: items beyond its first page would be told nothing."""
    listings = """
[listings]
get = "items"
query = { limit = "{size}", cursor = "{cursor}" }
rows = "items"
paging = { by = "cursor", at = "nxt", size = 2 }
id = "id"
"""

    def reply(request: httpx.Request) -> httpx.Response:
        rows = [{"id": number} for number in (1, 2, 3)]
        return httpx.Response(200, json={"items": rows[: int(request.url.params["limit"])], "next": "b"})

    text = _CURSOR.replace("[order]", f"{listings}[order]")
    with respx.mock(assert_all_called=False) as web:
        web.get(url__startswith="https://shop.example/items").mock(side_effect=reply)
        with compiled_connection(text, {"url": "https://shop.example"}, clock) as (connection, compiled):
            assert compiled.listings is not None
            with pytest.raises(Retryable) as raised:
                list(compiled.listings.pages(connection, None))

    said = raised.value.words.en
    assert said.startswith("Items would be left out, and told neither stock nor price: ")
    assert said.endswith("Correct listings.paging.at in the profile.")
    assert "Orders" not in said
