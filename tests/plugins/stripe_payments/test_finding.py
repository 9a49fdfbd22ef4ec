"""Payments are found by what an order's payload names, by what was known, or by what the webstore noted."""

from dataclasses import replace
from datetime import timedelta

import pytest

import tillbridge_stripe_payments as plugin
from plugins.stripe_payments.double import Stripe
from plugins.stripe_payments.samples import Connect, order
from tillbridge.plugin import Connection, Rejected, WebPayment, WebPaymentState
from tillbridge.testing.clock import FrozenClock

MINE = {"order_id": "1001"}


def numbers(found: list[WebPayment]) -> list[str]:
    return [one.id for one in found]


@pytest.mark.row("S23")
def test_the_payment_that_the_payload_names_is_read(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(89_000)["id"]

    found = plugin.record_payment(connection, order(references=(number,)))

    assert [(one.id, one.state) for one in found] == [(number, WebPaymentState.HELD)]


def test_a_charge_leads_to_its_payment(connection: Connection, stripe: Stripe) -> None:
    intent = stripe.ledger.pay(89_000)

    found = plugin.record_payment(connection, order(references=(intent["latest_charge"],)))

    assert numbers(list(found)) == [intent["id"]]


def test_a_charge_of_the_old_kind_is_left_to_people(connection: Connection, stripe: Stripe) -> None:
    intent = stripe.ledger.pay(89_000)
    stripe.ledger.charges[intent["latest_charge"]]["payment_intent"] = None

    with pytest.raises(Rejected, match="of the old kind"):
        plugin.record_payment(connection, order(references=(intent["latest_charge"],)))


def test_a_payment_that_bears_the_order_is_found(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    number = stripe.ledger.pay(89_000, metadata=MINE)["id"]
    stripe.ledger.pay(89_000, metadata={"order_id": "1002"})
    stripe.ledger.pay(89_000)
    clock.advance(3600)

    assert numbers(list(plugin.record_payment(connection, order()))) == [number]


def test_each_payment_of_an_order_is_found_the_oldest_first(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    declined = stripe.ledger.pay(
        89_000, status="requires_payment_method", metadata=MINE, error={"type": "card_error"}
    )["id"]
    clock.advance(60)
    held = stripe.ledger.pay(89_000, metadata=MINE)["id"]
    clock.advance(3600)

    found = plugin.record_payment(connection, order())

    assert [(one.id, one.state) for one in found] == [
        (declined, WebPaymentState.FAILED),
        (held, WebPaymentState.HELD),
    ]


def test_a_payment_that_is_too_new_for_the_search_is_found_in_the_list(
    connection: Connection, stripe: Stripe
) -> None:
    number = stripe.ledger.pay(89_000, metadata=MINE)["id"]

    assert numbers(list(plugin.record_payment(connection, order()))) == [number]


def test_a_payment_that_was_made_long_after_its_order_is_found_at_once(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    """The first was declined and is in the search's index; what came a moment ago is not."""
    declined = stripe.ledger.pay(
        89_000, status="requires_payment_method", metadata=MINE, error={"type": "card_error"}
    )["id"]
    clock.advance(3 * 3600)
    held = stripe.ledger.pay(89_000, metadata=MINE)["id"]

    assert numbers(list(plugin.record_payment(connection, order()))) == [declined, held]


def test_an_account_without_search_is_listed(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    for place in range(150):
        stripe.ledger.pay(1_000, metadata={"order_id": str(place)})
    number = stripe.ledger.pay(89_000, metadata=MINE)["id"]
    stripe.searches = False
    clock.advance(12 * 3600)

    assert numbers(list(plugin.record_payment(connection, order()))) == [number]


def test_an_order_without_a_payment_has_none(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    stripe.ledger.pay(89_000, metadata={"order_id": "1002"})
    clock.advance(3600)

    assert list(plugin.record_payment(connection, order())) == []


def test_what_was_known_is_read_again(connection: Connection, stripe: Stripe, clock: FrozenClock) -> None:
    number = stripe.ledger.pay(89_000)["id"]
    known = plugin.fetch_payment(connection, number)
    stripe.ledger.cancel(number)
    clock.advance(3600)

    found = plugin.record_payment(connection, replace(order(), known=(known,)))

    assert [(one.id, one.state) for one in found] == [(number, WebPaymentState.RELEASED)]


def test_two_webstores_of_one_account_do_not_mix_their_orders(
    connect: Connect, stripe: Stripe, clock: FrozenClock
) -> None:
    stripe.ledger.pay(1_000, metadata=MINE | {"site_url": "https://b.example"})
    number = stripe.ledger.pay(89_000, metadata=MINE | {"site_url": "https://a.example"})["id"]
    clock.advance(3600)
    one = connect(shop_metadata="site_url=https://a.example")

    assert numbers(list(plugin.record_payment(one, order()))) == [number]


def test_an_order_may_be_noted_by_its_number(connect: Connect, stripe: Stripe, clock: FrozenClock) -> None:
    number = stripe.ledger.pay(89_000, metadata={"order": "#1001"})["id"]
    clock.advance(3600)

    found = plugin.record_payment(connect(order_metadata="order", order_named_by="number"), order())

    assert numbers(list(found)) == [number]


def test_an_order_with_strange_signs_is_searched_for_as_it_is(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    number = stripe.ledger.pay(89_000, metadata={"order_id": "o'1\\ AND 한"})["id"]
    clock.advance(3600)

    assert numbers(list(plugin.record_payment(connection, order("o'1\\ AND 한")))) == [number]


def test_a_reference_of_another_service_is_not_asked_for(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    clock.advance(timedelta(hours=1).total_seconds())

    assert list(plugin.record_payment(connection, order(references=("PAYID-1", "")))) == []
    assert stripe.calls == ["GET /v1/payment_intents/search", "GET /v1/payment_intents"]
