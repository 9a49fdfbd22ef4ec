"""Connecting: checked, tried and shown before it is kept; and how connections are."""

import httpx
import pytest

from orders import line
from tillbridge.http import HttpRefused
from tillbridge.http.reading import HttpResponse
from tillbridge.model.errors import Misconfigured, Retryable
from tillbridge.model.orders import Standing, WebCustomer
from tillbridge.model.words import Words

STRANGER = WebCustomer(full_name="이영희", email="who@example.com")


def test_what_would_come_is_told_before_a_connection_is_kept(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.webstore.offer(lately("A2", customer=STRANGER))
    shop.webstore.offer(lately("A3", line(gtin="00605284574539")))
    shop.webstore.offer_bytes("A4", b"{")
    shop.webstore.offer(lately("A5", standing=Standing.CANCELLED))

    answer = shop.connect()

    assert 0 == answer.code
    assert "Connected to: s1" in answer.text
    assert "4 open orders since " in answer.text
    assert "1 would be sold, 1 would wait for a customer, 1 would wait for a product, " in answer.text
    assert "1 cannot be processed as they came." in answer.text
    assert "Besides, 1 closed or not paid yet would be put aside." in answer.text
    assert "web is connected." in answer.text


def test_older_orders_are_counted_and_the_way_to_them_is_named(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.webstore.offer(lately("A2"))

    answer = shop("connect", "memory", "--name", "web", "--set", "shop=s1")

    assert "No open orders now." in answer.text
    assert "2 more open but older: take them with --orders-from." in answer.text


def test_the_preview_speaks_korean(shop, lately):
    shop.webstore.offer(lately("A1"))

    answer = shop.connect("--lang", "ko")

    assert "처리할 주문 1건(" in answer.text
    assert "1건은 판매로 처리" in answer.text


def test_a_connection_as_json(shop, lately):
    shop.webstore.offer(lately("A1"))

    answer = shop.connect("--json")

    assert ("web", "memory", "s1") == tuple(answer.data[key] for key in ("name", "provider", "account"))
    assert {"New": 1} == answer.data["preview"]["would_be"]


@pytest.mark.parametrize(
    ("error", "code"), [(Retryable("It is away."), 4), (Misconfigured("Wrong token."), 4)]
)
def test_an_account_that_cannot_be_tried_is_not_kept(shop, error, code):
    def refuse(_: str) -> None:
        raise error

    shop.webstore.before = refuse

    answer = shop.connect()

    assert (4, f"{error}\n") == (answer.code, answer.err)
    assert [] == shop("connections", "--json").data


def test_a_key_that_is_refused_at_a_first_connection_is_given_anew_by_its_option(shop):
    """There is no connection yet whose settings could be changed; of one that is there, they are named."""

    def refuse(_: str) -> None:
        answer = HttpResponse(
            service="Memory", call="GET /orders", status=401, headers=httpx.Headers(), content=b""
        )
        raise HttpRefused(
            Words("Enter the key again in the settings.", "다시 입력해 주세요."), response=answer
        )

    shop.webstore.before = refuse

    answer = shop.connect()

    assert 4 == answer.code
    assert (
        "Memory refused the credentials for GET /orders (401). No connection is kept yet: "
        "give the right ones (--secret token=-)," in " ".join(answer.err.split())
    )
    assert [] == shop("connections", "--json").data


def test_a_wrong_setting_is_told_before_anything_is_tried(shop):
    answer = shop.connect("--set", "colour=red")

    assert 2 == answer.code
    assert "Memory has no setting colour." in answer.err


def test_a_secret_on_the_command_line_is_refused_and_not_repeated(shop):
    answer = shop.connect("--set", "token=hunter2")

    assert 2 == answer.code
    assert "token is a secret: give it with --secret" in answer.err
    assert "hunter2" not in answer.err + answer.out


def test_a_secret_comes_from_the_environment_and_is_never_shown(shop, monkeypatch, folder):
    monkeypatch.setenv("SHOP_TOKEN", "hunter2")

    answer = shop.connect("--secret", "token=env:SHOP_TOKEN")
    listed = shop("connections", "--json")

    assert 0 == answer.code
    assert ["token"] == listed.data[0]["secrets"]
    assert "hunter2" not in answer.out + answer.err + listed.out
    assert all(b"hunter2" not in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_an_account_is_connected_once(shop):
    shop.connect()

    answer = shop("connect", "memory", "--name", "again", "--set", "shop=s1")

    assert 2 == answer.code
    assert "connected already" in answer.err


def test_when_may_also_be_said_with_set(shop):
    shop("connect", "memory", "--name", "web", "--set", "orders_from=2026-03-02", "--set", "poll_minutes=15")

    (one,) = shop("connections", "--json").data

    assert "2026-03-01T15:00:00+00:00" == one["orders_from"]
    assert 900 == one["poll_seconds"]


def test_a_connection_is_polled_every_five_minutes_unless_it_says_otherwise(shop):
    shop.connect()
    shop("connect", "memory", "--name", "quick", "--set", "shop=s2", "--every", "0.5")

    assert [300, 30] == [one["poll_seconds"] for one in shop("connections", "--json").data]


@pytest.mark.parametrize("every", ["0.01", "-5", "99999"])
def test_an_interval_that_makes_no_sense_is_refused(shop, every):
    assert 2 == shop.connect("--every", every).code


def test_a_store_and_a_rule_that_do_not_exist_are_refused(shop):
    assert "There is no store busan." in shop.connect("--store", "busan").err
    assert "There is no store busan." in shop.connect("--location", "web-1=busan").err
    assert "There is no customer rule by_luck." in shop.connect("--match-by", "by_luck").err


@pytest.mark.parametrize(("answered", "code", "kept"), [("y\n", 0, 1), ("n\n", 1, 0)])
def test_at_a_terminal_a_person_confirms(shop, monkeypatch, answered, code, kept):
    monkeypatch.setattr("tillbridge.cli.session.Session.interactive", property(lambda self: not self.as_json))
    monkeypatch.setattr("typer.confirm", _answering(answered))

    assert code == shop.connect().code
    assert kept == len(shop("connections", "--json").data)


def test_yes_is_not_asked(shop, monkeypatch):
    monkeypatch.setattr("tillbridge.cli.session.Session.interactive", property(lambda _: True))
    monkeypatch.setattr("typer.confirm", lambda *_, **__: pytest.fail("it asked"))

    assert 0 == shop.connect("--yes").code


def _answering(answer):
    import typer  # noqa: PLC0415  # beside its use: only this replaces it

    def confirm(_, *, abort):
        if not answer.startswith("y") and abort:
            raise typer.Abort

    return confirm


def test_connections_show_what_is_wrong(shop, lately):
    shop.connect()
    shop.webstore.offer(lately("A1"))

    def away(_: str) -> None:
        raise Retryable("The webstore is away.")

    shop.webstore.before = away
    shop("poll")

    assert "The webstore is away." in shop("connections").text


def test_without_a_connection_the_next_step_is_named(shop):
    assert "tillbridge connect --help" in shop("connections").text


def test_without_a_store_nothing_can_be_connected(program):
    program("init")

    answer = program.connect()

    assert (2, True) == (answer.code, "There is no store yet." in answer.err)


def test_providers_show_their_settings_and_mark_secrets(program):
    answer = program("providers", "--json")

    (one,) = answer.data["providers"]
    assert ["memory", "Memory", ["check", "hours", "orders", "status", "webhooks"]] == [
        one["name"], one["title"], one["capabilities"]
    ]  # fmt: skip
    assert {"shop": False, "token": True} == {field["name"]: field["secret"] for field in one["settings"]}
    assert "open sesame" not in answer.out + program("providers").out


def test_providers_need_no_database(program, folder):
    assert 0 == program("providers").code
    assert [] == list(folder.iterdir())
