"""What the webstore changed since an order was sold, by command."""

import pytest

from orders import PUMP, line


@pytest.fixture
def changed(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")
    shop.webstore.offer(lately("A1", line("1"), line("2", gtin=PUMP, title="펌프")))
    shop("poll")
    return shop


def test_a_difference_is_shown_with_what_can_be_done(changed):
    said = changed("order", "difference", "A1").text

    assert "₩100,000" in said
    assert "tillbridge order as-sold id:1" in said
    assert "현재 웹스토어" in changed("order", "difference", "A1", "--lang", "ko").text


def test_a_difference_as_json_has_the_keys_that_scripts_rely_on(changed):
    answer = changed("order", "difference", "A1", "--json").data

    assert {"version": 2, "sold": True, "to_decide": True, "standing": "open"}.items() <= answer.items()
    assert {"path": "total", "before": "₩50,000", "after": "₩100,000"}.items() <= answer["changes"][1].items()


def test_a_sale_is_left_as_it_is_once(changed):
    assert 0 == changed("order", "as-sold", "A1", "--reason", "안내함", "--who", "지은").code
    assert not changed("orders", "--json").data[0]["changed_after_sale"]

    assert 3 == changed("order", "as-sold", "A1").code


def test_an_order_that_did_not_change_says_so(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")

    assert "The order is as it was." in shop("order", "difference", "A1").text
    assert shop("order", "difference", "A1", "--json").data is None


def test_what_happens_with_cancelled_orders_is_said_when_connecting_and_changed_later(shop):
    shop.connect()
    assert "close" == shop("connections", "--json").data[0]["cancelled"]

    shop("connect", "memory", "--name", "web", "--replace", "--cancelled", "ask")

    assert "ask" == shop("connections", "--json").data[0]["cancelled"]
    shop("connect", "memory", "--name", "web", "--replace", "--every", "7")
    assert "ask" == shop("connections", "--json").data[0]["cancelled"]


def test_a_sale_is_made_anew_by_one_command_which_says_what_goes_with_the_old_one(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")
    shop("sale", "add", "A1", "00727602259178", "--price", "11000", "--tax-rate", "10")
    shop.webstore.offer(lately("A1", note="다른 시간에 수령"))
    shop("poll")

    said = shop("order", "status", "A1", "Process Sale").text

    assert "A1: New" in said
    assert "Added at the counter, and carried over to the new sale" in said
