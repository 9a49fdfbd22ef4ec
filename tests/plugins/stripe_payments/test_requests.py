"""Every request that the plugin can make is one that Stripe describes; what is read, too."""

import inspect
import types
import typing
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.stripe_payments import openapi
from tillbridge_stripe_payments import form, objects, requests
from tillbridge_stripe_payments.requests import Request, idempotency_key

PI = "pi_3MtwBwLkdIwHu7ix28a3tqPa"
SPAN: dict[str, Any] = {"since": 1_772_409_600, "until": 1_772_496_000}
EVERY: list[tuple[str, Request]] = [
    ("fetch_intent", requests.fetch_intent(PI)),
    ("fetch_charge", requests.fetch_charge("ch_3MtwBwLkdIwHu7ix28a3tqPa")),
    ("search_intents", requests.search_intents({"order_id": "1001", "site_url": "https://shop.example"})),
    ("search_intents", requests.search_intents({"order_id": "1001"}, page="next")),
    ("list_intents", requests.list_intents(**SPAN)),
    ("list_intents", requests.list_intents(**SPAN, after=PI)),
    ("refunds_of", requests.refunds_of(PI)),
    ("refunds_of", requests.refunds_of(PI, after="re_1")),
    ("list_balance", requests.list_balance(**SPAN)),
    ("list_balance", requests.list_balance(**SPAN, after="txn_1")),
    ("fetch_account", requests.fetch_account()),
    *(("probes", one) for one in requests.probes().values()),
    ("capture", requests.capture(PI, 89_000, key="k")),
    ("cancel", requests.cancel(PI, key="k")),
    ("refund", requests.refund(PI, 9_000, delivery="d-1", key="k")),
]
# What is newer than the description; `facts/stripe.md` and Stripe's changelog have it.
NEWER = {
    ("payment_method_details_card", "capture_before"),  # the hold's end, for each payment
}
READ = {
    objects.Error: "api_errors",
    objects.Card: "payment_method_details_card",
    objects.Method: "payment_method_details",
    objects.Charge: "charge",
    objects.Intent: "payment_intent",
    objects.Refund: "refund",
    objects.BalanceTransaction: "balance_transaction",
    objects.Account: "account",
    objects.Business: "account_business_profile",
    objects.Dashboard: "account_dashboard_settings",
    objects.AccountSettings: "account_settings",
    objects.Event: "event",
    objects.EventData: "notification_event_data",
}
needs_description = pytest.mark.skipif(not openapi.FILE.exists(), reason="Stripe's description is not here")


def test_the_samples_are_of_every_function_that_makes_a_request() -> None:
    made = {
        name
        for name, one in vars(requests).items()
        if isinstance(one, types.FunctionType)
        and not name.startswith("_")
        and one.__module__ == requests.__name__
    }

    assert {name for name, _ in EVERY} == made - {"idempotency_key"}


@needs_description
@pytest.mark.parametrize(("name", "request_made"), EVERY)
def test_a_request_is_one_that_stripe_describes(name: str, request_made: Request) -> None:
    assert openapi.faults(request_made) == []


@needs_description
@pytest.mark.parametrize(
    "request_made",
    [
        Request("POST", "", {"amount_to_capture": "89000"}, None, "/v1/payment_intents/{intent}/capture"),
        Request("POST", "", {"amount": 1}, None, "/v1/payment_intents/{intent}/capture"),
        Request("POST", "", {"cancellation_reason": "bored"}, None, "/v1/payment_intents/{intent}/cancel"),
        Request("GET", "", {}, None, "/v1/payment_intents/search"),
        Request("GET", "", {}, None, "/v1/payment_intent"),
    ],
)
def test_what_stripe_does_not_describe_is_found(request_made: Request) -> None:
    assert len(openapi.faults(request_made)) == 1


@needs_description
@pytest.mark.parametrize(("kind", "name"), READ.items())
def test_what_is_read_of_an_answer_is_what_stripe_describes(kind: type[msgspec.Struct], name: str) -> None:
    newer = {field for of, field in NEWER if of == name}

    assert set(kind.__struct_fields__) - openapi.described_fields(name) == newer


def test_every_object_that_is_read_is_held_against_the_description() -> None:
    structs = {
        one for one in vars(objects).values() if inspect.isclass(one) and issubclass(one, msgspec.Struct)
    }
    # They are of several kinds: an error's envelope, a page of anything, and what several objects have.
    apart = {objects.ErrorAnswer, objects.Page, objects.Source, objects.EventObject, msgspec.Struct}

    assert structs - apart == set(READ)


def test_no_number_of_a_card_has_a_place() -> None:
    every = {field for one in READ for field in one.__struct_fields__}

    assert every.isdisjoint(
        {"last4", "exp_month", "exp_year", "fingerprint", "billing_details", "number", "iin"}
    )


def test_whatever_writes_has_a_key_except_the_probes() -> None:
    assert {name for name, one in EVERY if one.method == "POST" and one.key is None} == {"probes"}


def test_a_form_has_brackets_for_what_stands_inside() -> None:
    sent = form.encoded({"amount": 9, "metadata": {"a b": "한&="}, "expand": ["x", "y"], "live": False})

    assert parse_qsl(sent.decode()) == [
        ("amount", "9"),
        ("metadata[a b]", "한&="),
        ("expand[]", "x"),
        ("expand[]", "y"),
        ("live", "false"),
    ]


def test_a_search_escapes_what_the_webstore_wrote() -> None:
    made = requests.search_intents({"order": "o'1\\"})

    assert made.params["query"] == "metadata['order']:'o\\'1\\\\'"


def test_an_id_cannot_leave_its_place_in_the_path() -> None:
    assert (
        requests.cancel("pi_1/../../refunds", key="k").path
        == "/v1/payment_intents/pi_1%2F..%2F..%2Frefunds/cancel"
    )


def test_a_key_is_the_same_for_the_same_act() -> None:
    assert idempotency_key("7:capture:1", "capture") == "tillbridge:7:capture:1:capture"


def test_the_next_try_after_one_that_failed_for_good_has_a_key_of_its_own() -> None:
    assert idempotency_key("7", "capture", 2) == "tillbridge:7:capture:2"


@given(delivery=st.text(max_size=400), action=st.sampled_from(["capture", "cancel", "refund"]))
def test_every_key_is_one_that_a_header_can_carry(delivery: str, action: str) -> None:
    key = idempotency_key(delivery, action)

    assert (len(key) <= 255, key.isascii(), key.isprintable()) == (True, True, True)


@given(st.lists(st.text(max_size=300), unique=True, min_size=2, max_size=2))
def test_keys_of_different_deliveries_differ(deliveries: list[str]) -> None:
    one, other = deliveries

    assert idempotency_key(one, "capture") != idempotency_key(other, "capture")


def test_no_amount_is_ever_a_float() -> None:
    hints = [typing.get_type_hints(one) for one in READ]

    assert float not in {hint for each in hints for hint in each.values()}
