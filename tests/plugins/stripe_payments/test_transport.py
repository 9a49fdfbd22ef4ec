"""Stripe's own rules of trying again, and what it refuses in words."""

import logging
from collections.abc import Iterator

import httpx
import pytest
import respx

from plugins.stripe_payments.double import Stripe
from plugins.stripe_payments.samples import Connect, connected
from tillbridge.http import HttpResponse
from tillbridge.plugin import Connection, Misconfigured, Rejected, Retryable
from tillbridge.testing.clock import FrozenClock
from tillbridge_stripe_payments import requests
from tillbridge_stripe_payments.objects import Intent
from tillbridge_stripe_payments.settings import again
from tillbridge_stripe_payments.transport import FailedForGood, Forbidden, Refused, ask

STRIPE = "https://api.stripe.com"
FETCH = requests.fetch_intent("pi_1")
CAPTURE = requests.capture("pi_1", 1, key="k")


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=STRIPE) as router:
        yield router


@pytest.fixture
def to_stripe(clock: FrozenClock) -> Iterator[Connection]:
    """A connection to Stripe's own address, which a test answers for."""
    with connected(clock) as made:
        yield made


def answer(status: int, said: str | None = None) -> HttpResponse:
    headers = httpx.Headers({"Stripe-Should-Retry": said} if said else {})
    return HttpResponse(service="Stripe", call="GET /", status=status, headers=headers, content=b"")


@pytest.mark.parametrize(
    ("status", "said", "rule"),
    [
        (409, None, True),
        (500, None, True),
        (503, None, True),
        (429, None, False),
        (400, None, None),
        (402, None, None),
        (429, "true", True),
        (400, "true", True),
        (409, "false", False),
        (500, "false", False),
        (500, "perhaps", True),
    ],
)
def test_stripes_header_decides_and_else_its_own_rules(status: int, said: str | None, rule: object) -> None:
    assert again(answer(status, said)) is rule


def test_a_conflict_with_another_call_is_tried_again(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    number = stripe.ledger.pay(1000)["id"]
    stripe.faults = ["conflict"]

    taken = ask(connection, requests.capture(number, 1000, key="k"), Intent)

    assert (taken.status, len(clock.slept), stripe.seen) == ("succeeded", 1, ["k"])


def test_whoever_asks_too_often_asks_less(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(1000)["id"]
    stripe.faults = ["busy"]

    with pytest.raises(Retryable):
        ask(connection, requests.fetch_intent(number), Intent)

    assert len(stripe.calls) == 1


def test_a_wish_to_be_left_alone_is_heeded(
    to_stripe: Connection, web: respx.MockRouter, clock: FrozenClock
) -> None:
    web.get(FETCH.path).respond(429, headers={"Retry-After": "30"})

    with pytest.raises(Retryable) as busy:
        ask(to_stripe, FETCH, Intent)

    assert busy.value.until is not None
    assert (busy.value.until - clock.now()).total_seconds() == 30


def test_an_answer_that_was_lost_is_asked_for_again_by_its_key(
    connection: Connection, stripe: Stripe
) -> None:
    number = stripe.ledger.pay(1000)["id"]
    stripe.faults = ["lost"]

    taken = ask(connection, requests.capture(number, 600, key="k"), Intent)

    assert (taken.amount_received, stripe.seen) == (600, ["k", "k"])


def test_a_fault_that_stripe_keeps_under_its_key_is_known(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(1000)["id"]
    stripe.faults = ["broken"]

    with pytest.raises(FailedForGood):
        ask(connection, requests.capture(number, 600, key="k"), Intent)


def test_the_same_key_with_other_numbers_is_refused_in_words(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(1000)["id"]
    ask(connection, requests.capture(number, 600, key="k"), Intent)

    with pytest.raises(Refused, match="asked for this once before, with other numbers"):
        ask(connection, requests.capture(number, 700, key="k"), Intent)


def test_a_key_that_stripe_does_not_know_stops_the_connection(connect: Connect, stripe: Stripe) -> None:
    with pytest.raises(Misconfigured, match="does not know this key"):
        ask(connect(secret_key="rk_test_wrong"), requests.fetch_intent("pi_1"), Intent)


def test_a_lacking_permission_is_named_as_the_dashboard_calls_it(
    connection: Connection, stripe: Stripe
) -> None:
    stripe.allowed = {"payment_intent_read"}

    with pytest.raises(Forbidden, match="lacks the permission “PaymentIntents: Write”"):
        ask(connection, requests.capture("pi_1", 1, key="k"), Intent)


def test_a_permission_that_nobody_named_before_is_shown_as_stripe_names_it(
    to_stripe: Connection, web: respx.MockRouter
) -> None:
    said = "Having the 'rak_new_thing_read' permission would allow this request to continue."
    web.get(FETCH.path).respond(403, json={"error": {"type": "invalid_request_error", "message": said}})

    with pytest.raises(Forbidden, match="lacks the permission “new_thing_read”"):
        ask(to_stripe, FETCH, Intent)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds"},
            "not enough money",
        ),
        ({"type": "card_error", "code": "card_declined", "decline_code": "stolen_card"}, "gives no reason"),
        ({"type": "card_error", "code": "expired_card"}, "the card has expired"),
        ({"type": "card_error", "code": "authentication_required"}, "3-D Secure"),
        ({"type": "card_error", "code": "something_new"}, "declined it: the bank gives no reason"),
        (
            {"type": "invalid_request_error", "code": "charge_expired_for_capture"},
            "hold on the card has ended",
        ),
        (
            {"type": "invalid_request_error", "code": "balance_insufficient"},
            "too little money for this refund",
        ),
        ({"type": "invalid_request_error", "code": "charge_disputed"}, "disputes this payment"),
        ({"type": "invalid_request_error", "code": "resource_missing"}, "does not have this payment"),
        ({"type": "invalid_request_error", "code": "new", "param": "x"}, "invalid_request_error/new/x"),
        ({}, r"\(\?\)"),
    ],
)
def test_what_stripe_refuses_is_said_in_words(
    to_stripe: Connection, web: respx.MockRouter, error: dict[str, str], said: str
) -> None:
    web.post(CAPTURE.path).respond(402, json={"error": error})

    with pytest.raises(Rejected, match=said):
        ask(to_stripe, CAPTURE, Intent)


def test_neither_card_nor_message_of_an_error_goes_on(
    to_stripe: Connection, web: respx.MockRouter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    card = {"last4": "4242", "fingerprint": "Xt5EWLLDS7FJjR1c", "brand": "visa"}
    error = {
        "type": "card_error",
        "code": "card_declined",
        "message": "Card 4242 says no",
        "payment_method": card,
    }
    web.post(CAPTURE.path).respond(402, json={"error": error})

    with pytest.raises(Refused) as refused:
        ask(to_stripe, CAPTURE, Intent)

    told = "".join([str(refused.value), repr(vars(refused.value)), caplog.text])
    assert ("4242" in told, "Xt5E" in told) == (False, False)
    assert (refused.value.__context__, refused.value.__cause__) == (None, None)


def test_an_answer_that_is_cut_off_is_asked_for_again(to_stripe: Connection, web: respx.MockRouter) -> None:
    web.get(FETCH.path).respond(content=b'{"id": "pi_1", "last4": "42')

    with pytest.raises(Retryable, match=r"cannot be read.*27 bytes") as cut:
        ask(to_stripe, FETCH, Intent)

    assert cut.value.__context__ is None


def test_each_request_says_in_which_version_it_is(connection: Connection, stripe: Stripe) -> None:
    ask(connection, requests.fetch_intent(stripe.ledger.pay(1000)["id"]), Intent)

    assert stripe.headers[0]["Stripe-Version"] == "2025-04-30.basil"
