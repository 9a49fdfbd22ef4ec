"""Stripe's events say which payment to read, and nothing else of them is believed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import tillbridge_stripe_payments as plugin
from plugins.stripe_payments.samples import SECRET, Connect
from plugins.stripe_payments.test_signatures import header
from tillbridge.plugin import Connection, Headers, Misconfigured, PayloadError, Rejected, WebhookRequest

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def event(about: dict[str, Any], **more: Any) -> bytes:
    sent = {"id": "evt_1", "type": "x", "created": 1, "livemode": False, "data": {"object": about}}
    return json.dumps(sent | more).encode()


def request(body: bytes, signature: str | None = None, *, at: datetime = NOW) -> WebhookRequest:
    sent = header(body, secret=SECRET) if signature is None else signature
    return WebhookRequest(
        method="POST", headers=Headers([("stripe-signature", sent)]), body=body, received_at=at
    )


def named(connection: Connection, body: bytes) -> list[str]:
    return [hint.payment_id for hint in plugin.receive_webhook(connection, request(body)).hints]


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"object": "payment_intent", "id": "pi_1"}, ["pi_1"]),
        ({"object": "charge", "id": "ch_1", "payment_intent": "pi_1"}, ["pi_1"]),
        ({"object": "refund", "id": "re_1", "payment_intent": "pi_1"}, ["pi_1"]),
        ({"object": "dispute", "id": "dp_1", "payment_intent": "pi_1"}, ["pi_1"]),
        ({"object": "charge", "id": "ch_1", "payment_intent": None}, []),
        ({"object": "payout", "id": "po_1"}, []),
        ({"object": "payment_intent", "id": "pi_" + "1" * 400}, []),
        ({"object": "payment_intent", "id": "https://elsewhere.example"}, []),
    ],
)
def test_an_event_names_the_payment_that_it_is_about(
    connection: Connection, about: dict[str, Any], expected: list[str]
) -> None:
    assert named(connection, event(about)) == expected


def test_an_event_has_stripes_own_number(connection: Connection) -> None:
    assert plugin.receive_webhook(connection, request(event({}, id="evt_7"))).event_id == "evt_7"


@pytest.mark.parametrize("more", [{"livemode": True}, {"account": "acct_2"}])
def test_an_event_of_another_mode_or_account_is_kept_and_names_nothing(
    connection: Connection, more: dict[str, Any]
) -> None:
    assert named(connection, event({"object": "payment_intent", "id": "pi_1"}, **more)) == []


def test_what_stripe_did_not_sign_is_refused_before_it_is_read(connection: Connection) -> None:
    with pytest.raises(Rejected, match="does not fit"):
        plugin.receive_webhook(connection, request(b"{", header(b"{", secret="whsec_other")))


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b"\xff", b'{"id": "evt_1", "object": "v2.core.event"}'])
def test_what_cannot_be_read_is_damage(connection: Connection, body: bytes) -> None:
    with pytest.raises(PayloadError, match="cannot be read") as damaged:
        plugin.receive_webhook(connection, request(body))

    assert damaged.value.__context__ is None


def test_without_a_signing_secret_nothing_is_taken(connect: Connect) -> None:
    body = event({})

    with pytest.raises(Misconfigured, match="has no signing secret"):
        plugin.receive_webhook(connect(webhook_secret=None), request(body, header(body, secret="")))


def test_a_clock_that_is_behind_is_logged(connection: Connection, caplog: pytest.LogCaptureFixture) -> None:
    plugin.receive_webhook(connection, request(event({}), at=NOW - timedelta(minutes=10)))

    assert "clock is 600 seconds behind Stripe's" in caplog.text


def test_of_an_event_nothing_of_a_card_or_a_person_is_kept(connection: Connection) -> None:
    card = {"brand": "visa", "last4": "4242", "exp_year": 2030, "fingerprint": "Xt5EWLLDS7FJjR1c"}
    charge = {
        "object": "charge",
        "id": "ch_1",
        "payment_intent": "pi_1",
        "amount": 89_000,
        "status": "succeeded",
        "billing_details": {"name": "김하늘", "email": "haneul.kim@example.com"},
        "receipt_email": "haneul.kim@example.com",
        "description": "김하늘 4242",
        "payment_method_details": {"type": "card", "card": card},
        "latest_charge": {"payment_method_details": {"card": card}},
    }
    body = event(charge, api_version="2025-04-30.basil", request={"id": "req_1"})

    kept = plugin.receive_webhook(connection, request(body)).kept

    assert kept is not None
    assert json.loads(kept) == {
        "id": "evt_1",
        "type": "x",
        "created": 1,
        "livemode": False,
        "api_version": "2025-04-30.basil",
        "data": {
            "object": {
                "object": "charge",
                "id": "ch_1",
                "payment_intent": "pi_1",
                "amount": 89_000,
                "status": "succeeded",
            }
        },
    }
