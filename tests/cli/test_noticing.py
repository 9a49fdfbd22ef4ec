"""What staff must see, by command."""

import pytest

from orders import HELMET, line


@pytest.mark.row("S2")
def test_messages_say_what_to_do_and_for_which_orders(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")

    said = shop("messages").text

    assert "1 new order waits to be accepted or rejected." in said
    assert "A1 (id:1)" in said
    assert "tillbridge order accept id:1" in said
    assert "수락 또는 거부할 신규 주문이 1건 있습니다." in shop("messages", "--lang", "ko").text


@pytest.mark.row("S3")
def test_messages_as_json_have_the_tiles_numbers_and_the_keys_that_scripts_rely_on(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")

    answer = shop("messages", "--json").data

    assert {"to_act": 1, "to_import": 0, "overdue": 0, "by_cause": {"new": 1, "hours unknown": 1}} == answer[
        "counts"
    ]
    message, hours = answer["messages"]
    assert "hours unknown" == hours["cause"]
    expected = {
        "cause": "new",
        "key": "new:",
        "count": 1,
        "command": "tillbridge order accept id:1",
    }
    assert expected.items() <= message.items()
    nothing_owed = {"owed_minor": None, "currency": None}
    assert [{"id": 1, "number": "A1", "connection": "web", **nothing_owed}] == message["orders"]


def test_a_shop_with_nothing_to_do_is_told_so(shop):
    assert "There is nothing to do." in shop("messages").text
    assert [] == shop("messages", "--json").data["messages"]


@pytest.mark.row("S30")
def test_an_order_that_is_short_says_so_in_the_list(shop, lately):
    shop.webstore.offer(lately("A1", line(gtin=HELMET, quantity=11)))
    shop.connect()
    shop("poll")

    (order,) = shop("orders", "--json").data

    assert [{"line": "1", "missing": 1}] == order["short"]
    assert "Short: 1 × 헬멧 (P1), sold as “item 1”." in shop("orders").text


@pytest.mark.row("S30")
def test_an_order_is_short_no_longer_when_its_goods_were_found(shop, lately):
    shop.webstore.offer(lately("A1", line(gtin=HELMET, quantity=11)))
    shop.connect()
    shop("poll")

    answer = shop("catalogue", "count", HELMET, "0", "--reason", "찾음", "--json").data

    assert {"product": "P1", "store": "seoul", "before": -1, "after": 0} == answer
    assert [] == shop("orders", "--json").data[0]["short"]


def test_a_count_that_is_no_number_is_refused(shop):
    assert "'many' is no number" in shop("catalogue", "count", HELMET, "many").err


def test_a_message_of_many_orders_names_the_first_of_them(shop, lately):
    for at in range(7):
        shop.webstore.offer(lately(f"A{at}"))
    shop.connect()
    shop("poll")

    said = shop("messages").text

    assert "A3 (id:4), A4 (id:5) and 2 more" in said
    assert 7 == len(shop("messages", "--json").data["messages"][0]["orders"])
