"""The contact log by command."""

import pytest


@pytest.fixture
def sold(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")
    return shop


@pytest.mark.row("S29")
def test_a_contact_is_written_down_and_shown_in_the_list(sold):
    answer = sold(
        "order", "contact", "A1", "call", "no-answer", "--note", "부재중", "--again", "2h", "--who", "지은"
    )
    assert 0 == answer.code

    (order,) = sold("orders", "--json").data

    expected = {"who": "지은", "channel": "call", "outcome": "no answer", "note": "부재중"}
    assert expected.items() <= order["last_contact"].items()
    assert "Call: no answer; again" in sold("orders").text
    assert "최근 연락" in sold("order", "show", "A1", "--lang", "ko").text


def test_words_are_taken_in_korean_too(sold):
    answer = sold("order", "contact", "A1", "문자", "보냄", "--json")

    assert ("sms", "sent") == (answer.data["channel"], answer.data["outcome"])


def test_the_log_is_listed_with_the_orders_customer_where_nobody_else_is_named(sold):
    assert "Nobody was contacted" in sold("order", "contacts", "A1").text
    sold("order", "contact", "A1", "call", "reached")
    sold("order", "contact", "A1", "e-mail", "sent", "--to", "minsu@example.com")

    assert ["call", "email"] == [one["channel"] for one in sold("order", "contacts", "A1", "--json").data]
    listed = sold("order", "contacts", "A1").text
    assert "김민수" in listed
    assert "minsu@example.com" in listed
    assert 2 == len(sold("order", "show", "A1", "--json").data["contacts"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pigeon", "reached"), "There is no way to contact somebody 'pigeon'. There are: call, sms"),
        (("call", "fine"), "There is no outcome of a contact 'fine'. There are: reached, agreed"),
        (("call", "reached", "--again", "yesterday"), "--again 'yesterday' is no time that lies ahead"),
    ],
)
def test_what_is_not_understood_is_said_with_what_is(sold, words, said):
    answer = sold("order", "contact", "A1", *words)

    assert 2 == answer.code
    assert said in " ".join(answer.err.split())
