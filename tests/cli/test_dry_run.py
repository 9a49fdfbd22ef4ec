"""`poll --dry-run`: what would happen, what could not be seen, and no failure that hides others' orders."""

import pytest

from tillbridge.model.errors import Misconfigured, Retryable
from tillbridge.model.words import Words

AWAY = Words("The webstore is away.", "웹스토어가 응답하지 않습니다.")


def break_off_after(shop, pages):
    """Let the webstore fail once it has sent so many pages."""
    left = iter(range(pages))

    def before(call):
        if call == "fetch_orders" and next(left, None) is None:
            raise Retryable(AWAY)

    shop.webstore.before = before


@pytest.fixture
def pages(shop, lately):
    """A connection to a webstore that breaks off after the first of three pages."""
    shop.connect()
    shop.webstore.page_size = 1
    for number in ("A1", "A2", "A3"):
        shop.webstore.offer(lately(number))
    break_off_after(shop, 1)
    return shop


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "It broke off after 1 order, so that there may be more: The webstore is away."),
        ("ko", "주문 1건까지 확인한 뒤 중단되어 주문이 더 있을 수 있습니다: 웹스토어가 응답하지 않습니다."),
    ],
)
def test_a_webstore_that_breaks_off_at_a_later_page_is_told(pages, lang, said):
    answer = pages("poll", "--dry-run", "--lang", lang)

    assert 1 == answer.code
    assert said in answer.text


def test_what_was_read_before_it_broke_off_is_shown(pages):
    assert "1 open order" in pages("poll", "--dry-run").text


def test_a_break_off_is_told_to_scripts_too(pages):
    answer = pages("poll", "--dry-run", "--json")

    assert 1 == answer.code
    expected = {"fetched": 1, "would_be": {"New": 1}, "trouble": AWAY.en, "trouble_ko": AWAY.ko}
    assert expected.items() <= answer.data["web"].items()


@pytest.fixture
def two(shop, lately):
    """Two connections, of which the first does not answer."""
    shop.connect()
    shop("connect", "memory", "--name", "zweite", "--set", "shop=s2", "--orders-from", "1d")
    shop.webstore.offer(lately("A1"))
    calls = iter([Misconfigured("Wrong token.")])

    def before(call):
        if call == "fetch_orders" and (error := next(calls, None)):
            raise error

    shop.webstore.before = before
    return shop


def test_a_connection_that_fails_hides_no_others_result(two):
    answer = two("poll", "--dry-run", "--json")

    assert (1, ["web", "zweite"]) == (answer.code, list(answer.data))
    assert (0, "Wrong token.") == (answer.data["web"]["fetched"], answer.data["web"]["trouble"])
    assert ({"New": 1}, None) == (answer.data["zweite"]["would_be"], answer.data["zweite"]["trouble"])


def test_a_connection_that_was_not_seen_at_all_is_not_said_to_have_no_orders(two):
    answer = two("poll", "--dry-run")

    assert 1 == answer.code
    assert "web It could not be looked at: Wrong token. zweite 1 open order" in answer.text


def test_a_fault_that_nobody_foresaw_hides_no_others_result(two):
    two.webstore.before = lambda _: None
    calls = iter([RuntimeError("boom")])

    def fail(call):
        if call == "fetch_orders" and (error := next(calls, None)):
            raise error

    two.webstore.before = fail

    answer = two("poll", "--dry-run", "--json")

    assert 1 == answer.code
    assert answer.data["web"]["trouble"]
    assert {"New": 1} == answer.data["zweite"]["would_be"]


def test_a_dry_run_in_which_nothing_fails_is_code_0(shop, lately):
    shop.connect()
    shop.webstore.offer(lately("A1"))

    answer = shop("poll", "--dry-run", "--json")

    assert (0, None) == (answer.code, answer.data["web"]["trouble"])
