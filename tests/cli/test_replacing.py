"""Changing a connection: a new key or setting for the same account, and what stays."""

import pytest

from tillbridge import connections
from tillbridge.engine import Engine
from tillbridge.model.errors import Misconfigured


def secret_of(name="web"):
    with Engine("sqlite:///tillbridge.db") as engine:
        (row,) = connections.rows(engine.context, name)
        return engine.open(row).guest.settings.token.get_secret_value()


def replace(shop, *more):
    return shop("connect", "memory", "--name", "web", "--replace", *more)


def test_a_new_key_takes_the_place_of_the_old_one_and_the_rest_stays(shop, lately, monkeypatch):
    monkeypatch.setenv("NEW", "second")
    shop.webstore.offer(lately("A1"))
    shop.connect("--every", "7")
    shop("poll")
    (before,) = shop("connections", "--json").data

    answer = replace(shop, "--secret", "token=env:NEW")

    (after,) = shop("connections", "--json").data
    assert (0, "") == (answer.code, answer.err)
    assert "second" == secret_of()
    for key in ("orders_from", "poll_seconds", "account", "settings"):
        assert before[key] == after[key]
    assert None is after["due_at"]
    assert 0 == shop("poll", "--json").data["web"]["new"]


def test_trouble_is_gone_with_the_new_key(shop, lately):
    def refuse(_):
        raise Misconfigured("Wrong key.")

    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop.webstore.before = refuse
    shop("poll")
    assert "--replace" in shop("connections").text
    shop.webstore.before = lambda _: None

    replace(shop)

    assert None is shop("connections", "--json").data[0]["trouble"]


def test_a_key_that_is_refused_is_not_kept(shop, monkeypatch):
    def refuse(_):
        raise Misconfigured("Wrong key.")

    monkeypatch.setenv("NEW", "second")
    shop.connect()
    shop.webstore.before = refuse

    answer = replace(shop, "--secret", "token=env:NEW")

    assert (4, "Wrong key.\n") == (answer.code, answer.err)
    assert "open sesame" == secret_of()


def test_another_account_is_refused(shop):
    shop.connect()

    answer = replace(shop, "--set", "shop=s2")

    assert 2 == answer.code
    assert "the account s2, but web is connected to s1" in answer.err


def test_an_earlier_start_is_taken(shop, lately):
    shop("connect", "memory", "--name", "web", "--set", "shop=s1")
    shop.webstore.offer(lately("A1"))

    replace(shop, "--orders-from", "all")

    assert 1 == shop("poll", "--json").data["web"]["sold"]


@pytest.mark.parametrize(
    ("name", "shop_set", "said"),
    [("web", "s2", "The name 'web' is taken"), ("other", "s1", "s1 is connected already, as 'web'")],
)
def test_what_is_taken_is_named_before_anything_is_tried(shop, name, shop_set, said):
    shop.connect()
    shop.webstore.before = pytest.fail

    answer = shop("connect", "memory", "--name", name, "--set", f"shop={shop_set}")

    assert (2, "") == (answer.code, answer.out)
    assert said in answer.err
    assert "tillbridge connect memory --name web --replace" in answer.err


def test_only_what_there_is_can_be_changed(shop):
    assert (2, True) == ((answer := replace(shop)).code, "no connection named 'web'" in answer.err)


def test_each_change_is_signed_with_before_and_after_and_shows_no_secret(shop, monkeypatch):
    monkeypatch.setenv("NEW", "second")
    shop.connect("--every", "7")

    replace(shop, "--every", "10", "--no-show", "3", "--secret", "token=env:NEW", "--who", "지은")
    replace(shop, "--no-show", "ask", "--who", "민수")
    replace(shop)

    assert [
        ("지은", "every: 420 s → 600 s; no-show: ask → 3; token: changed"),
        ("민수", "no-show: 3 → ask"),
    ] == [(one["who"], one["en"]) for one in shop("connections", "--history", "web", "--json").data]
    assert "지은: every: 420 s → 600 s; no-show: ask → 3; token: 변경됨" in (
        shop("connections", "--history", "web", "--lang", "ko").text
    )
    assert "Nothing was changed" not in shop("connections", "--history", "web").text


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--no-show=never", "--no-show is ask, or a number of days"),
        ("--no-show=400", "--no-show is ask, or a number of days"),
        ("--pick-up-days=-1", "--pick-up-days is between 0 (no date) and 365"),
    ],
)
def test_rules_of_waiting_that_cannot_be_meant_are_refused(shop, option, said):
    shop.connect()

    answer = replace(shop, option)

    assert 2 == answer.code
    assert said in " ".join(answer.err.split())


def test_what_is_said_of_goods_that_wait_is_kept_and_shown(shop):
    shop.connect("--pick-up-days", "7", "--no-show", "3")

    (one,) = shop("connections", "--json").data
    assert (7, 3) == (one["pick_up_days"], one["no_show"])
