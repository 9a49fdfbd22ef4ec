"""Payments by command: who serves a connection, what the service has, taking, refunding, a day."""

from datetime import UTC, datetime, timedelta

import pytest

from cli.conftest import LATELY
from orders import HELMET, line, order, won
from tillbridge import plugins
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.plugins import loading
from tillbridge.testing.payments import PAYMENTS, MemoryPayments
from tillbridge.testing.webstore import NAME


@pytest.fixture
def service() -> MemoryPayments:
    return MemoryPayments(now=lambda: datetime.now(UTC))


@pytest.fixture
def paid(shop, service, monkeypatch):
    """A shop whose webstore is served by a payment service, with A1, a helmet for 50,000 that is held."""
    both = loading.load([], extra={NAME: shop.webstore, PAYMENTS: service})
    monkeypatch.setattr(plugins, "load", lambda *_, **__: both)
    shop.connect()
    shop("connect", PAYMENTS, "--name", "pay")
    card = Tender(kind=TenderKind.CARD, amount=won(50_000))
    values = {"kind": OrderKind.BOPIS, "paid": True, "tenders": (card,), "placed_at": LATELY}
    shop.webstore.offer(order("A1", line("h", gtin=HELMET), **values))
    service.hold("A1", won(50_000), capture_before=datetime.now(UTC) + timedelta(days=5))
    return shop


def test_who_serves_a_connection_is_said_and_shown(paid):
    assert "No payment service serves web" in paid("connection", "payments", "web").text
    answer = paid("connection", "payments", "web", "--by", "pay", "--capture", "pick-up")

    assert "pay takes the money for web, when it is picked up." == answer.text
    assert {"connection": "web", "service": "pay", "itself": False, "capture": "pick-up"} == paid(
        "connection", "payments", "web", "--json"
    ).data
    assert "No payment service serves web" in paid("connection", "payments", "web", "--off").text


@pytest.fixture
def bare(shop, service, monkeypatch):
    """A shop with a payment service, and no webstore yet."""
    both = loading.load([], extra={NAME: shop.webstore, PAYMENTS: service})
    monkeypatch.setattr(plugins, "load", lambda *_, **__: both)
    shop("connect", PAYMENTS, "--name", "pay")
    return shop


def test_a_webstore_names_its_payment_service_as_it_is_connected(bare):
    made = bare.connect("--payments", "pay", "--capture", "pick-up")

    assert "pay takes the money for web, when it is picked up." in made.text
    served = bare("connection", "payments", "web", "--json").data
    assert ("pay", "pick-up") == (served["service"], served["capture"])


def test_a_payment_service_that_is_none_is_refused_before_anything_is_kept(bare):
    nobody = bare.connect("--payments", "nobody")
    none = bare.connect("--capture", "pick-up")

    assert "There is no connection named 'nobody'" in nobody.err
    assert "--payments NAME" in none.err
    assert ["pay"] == [one["name"] for one in bare("connections", "--json").data]


def test_a_payment_service_is_served_by_no_other(bare):
    answer = bare("connect", PAYMENTS, "--name", "more", "--set", "account=b", "--payments", "pay")

    assert "more brings no orders" in answer.err


def test_who_takes_the_money_is_changed_with_the_connection(bare):
    bare.connect("--payments", "pay")

    bare("connect", NAME, "--name", "web", "--replace", "--capture", "pick-up", "--yes")

    served = bare("connection", "payments", "web", "--json").data
    assert ("pay", "pick-up") == (served["service"], served["capture"])


def test_what_others_do_in_the_account_is_counted_and_no_difference(paid, service):
    service.hold("", won(300))
    service._capture("pi_2", won(300))
    day = (service.moves[0].at + timedelta(hours=9)).date().isoformat()

    answer = paid("payments", "reconcile", "pay", "--day", day)

    assert 0 == answer.code
    assert "name no order of a webstore here: 1" in answer.text


def test_what_is_held_is_taken_and_refunded_by_command(paid, service):
    paid("connection", "payments", "web", "--by", "pay", "--capture", "pick-up")
    paid("poll")
    (held,) = paid("payments", "show", "A1", "--json").data["payments"]
    assert ("held", 50_000, 0) == (held["state"], held["authorised_minor"], held["captured_minor"])
    assert "Accept the order first." in paid("payments", "take", "A1").err

    paid("order", "accept", "A1")
    assert "taken" in paid("payments", "take", "A1").text
    refused = paid("payments", "refund", "A1", "50001", "--reason", "긁힘")
    paid("payments", "refund", "A1", "1000", "--reason", "긁힘")

    assert (3, "Only ₩50,000 of what was taken is left to be refunded.") == (
        refused.code,
        " ".join(refused.err.split()),
    )
    assert won(49_000) == service.payments["pi_1"].kept


def test_a_day_that_differs_ends_with_exit_code_1(paid, service):
    paid("connection", "payments", "web", "--by", "pay")
    paid("poll")
    paid("order", "accept", "A1")
    paid("poll")
    days = {(one.at + timedelta(hours=9)).date().isoformat() for one in service.moves}
    (day,) = days
    assert 0 == paid("payments", "reconcile", "pay", "--day", day).code

    service.refund_there("pi_1", won(1_000))
    answer = paid("payments", "reconcile", "pay", "--day", day)

    assert 1 == answer.code
    assert "Order A1, pi_1: Refunded: ₩1,000 there, ₩0 here." in answer.text
    assert 1 == len(paid("payments", "reconcile", "pay", "--day", day, "--json").data["differences"])


def test_a_day_that_is_none_is_said(paid):
    assert "is no day, as in 2026-11-26" in paid("payments", "reconcile", "pay", "--day", "gestern").err
