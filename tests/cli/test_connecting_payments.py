"""Connecting Stripe by command: its settings are asked for, its key is tried, and what comes next is said."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import tillbridge_stripe_payments
from cli.conftest import Answer, Program
from plugins.stripe_payments.double import KEY, Stripe, serving
from tillbridge import plugins
from tillbridge.testing.webstore import NAME, MemoryWebstore

pytestmark = pytest.mark.row("S23")


@pytest.fixture
def webstore(monkeypatch, made: MemoryWebstore) -> MemoryWebstore:
    """The webstore in memory, and Stripe's plugin beside it."""
    load = plugins.load

    def load_both(*_: Any, **more: Any) -> plugins.Plugins:
        return load([], extra={NAME: made, "stripe_payments": tillbridge_stripe_payments}, **more)

    monkeypatch.setattr(plugins, "load", load_both)
    monkeypatch.setenv("STRIPE_KEY", KEY)
    return made


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    with serving(lambda: datetime.now(UTC)) as server:
        yield server


def connect(program: Program, stripe: Stripe, *more: str, mode: str = "test") -> Answer:
    settings = ("--set", "account=acct_1", "--set", f"mode={mode}", "--set", f"base_url={stripe.url}")
    secret = ("--secret", "secret_key=env:STRIPE_KEY")
    return program("connect", "stripe", "--name", "stripe", *settings, *secret, "--yes", *more)


def test_a_payment_service_is_connected_and_says_what_comes_next(shop: Program, stripe: Stripe) -> None:
    answer = connect(shop, stripe)

    assert answer.code == 0, answer.err
    assert "Connected to: acct_1" in answer.out + answer.err
    assert "This is a test key: no money moves." in answer.out + answer.err
    assert "tillbridge connection payments WEBSTORE --by stripe" in answer.out + answer.err
    assert "open orders" not in answer.out + answer.err


def test_it_serves_a_webstore_from_then_on(shop: Program, stripe: Stripe) -> None:
    shop.connect("--yes")
    connect(shop, stripe)

    served = shop("connection", "payments", "web", "--by", "stripe", "--capture", "pick-up")

    assert served.code == 0, served.err
    assert shop("poll").code == 0


def test_a_live_key_for_trying_out_is_refused_and_not_shown(
    shop: Program, stripe: Stripe, monkeypatch
) -> None:
    monkeypatch.setenv("STRIPE_KEY", "rk_live_51Tillbridge")

    answer = connect(shop, stripe)

    told = answer.out + answer.err
    assert (answer.code != 0, stripe.calls) == (True, [])
    assert ("This is a live key" in told, "rk_live_51Tillbridge" in told) == (True, False)


def test_polling_it_by_name_says_that_there_is_nothing_to_poll(shop: Program, stripe: Stripe) -> None:
    connect(shop, stripe)

    answer = shop("poll", "--connection", "stripe")

    assert answer.code != 0
    assert "stripe brings no orders" in answer.out + answer.err
