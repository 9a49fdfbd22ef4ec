"""Locally's webhooks: known by their token, and believed in nothing but which order they are about."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import tillbridge_locally
from plugins.locally.samples import KOREAN, offline
from tillbridge.plugin import Headers, Misconfigured, PayloadError, Rejected, WebhookRequest, WebhookResult
from tillbridge_locally.settings import Settings

pytestmark = pytest.mark.row("S1")
TOKEN = "shared-string"
# The published example.
PUBLISHED = {
    "upc": "601842495575",
    "order_id": "QE3QL6",
    "status": "confirmed",
    "order_url": "https://www.locally.com/api/v2/cart/QE3QL6",
}


def receive(body: Any = PUBLISHED, *, token: str | None = TOKEN, ours: str | None = TOKEN) -> WebhookResult:
    settings = KOREAN | ({"webhook_token": ours} if ours else {})
    request = WebhookRequest(
        method="POST",
        headers=Headers([("Locally-Webhook-Token", token)] if token is not None else []),
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        received_at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    return tillbridge_locally.receive_webhook(offline(Settings.model_validate(settings)), request)


def test_hook_receive_webhook_reads_the_published_example() -> None:
    result = receive()

    assert (["QE3QL6"], None, 200) == (
        [hint.order_id for hint in result.hints],
        result.event_id,
        result.response.status,
    )


def test_an_address_in_it_is_not_looked_at() -> None:
    """The order is fetched from the connection's own host, whatever the event names."""
    result = receive(PUBLISHED | {"order_url": "http://169.254.169.254/latest/meta-data"})

    assert ["QE3QL6"] == [hint.order_id for hint in result.hints]
    assert "169" not in repr(result)


@pytest.mark.parametrize("token", [None, "", "shared-strin", "shared-string ", "SHARED-STRING", "공유", "é"])
def test_another_token_is_refused(token: str | None) -> None:
    with pytest.raises(Rejected, match="another webhook_token"):
        receive(token=token)


def test_a_token_of_other_letters_is_known_by_its_bytes() -> None:
    """A header's bytes come as Latin-1."""
    assert receive(token="공유".encode().decode("latin-1"), ours="공유").hints


def test_without_a_token_of_ours_nothing_is_believed() -> None:
    with pytest.raises(Misconfigured, match="no webhook_token"):
        receive(ours=None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        {},
        {"order_id": None},
        {"order_id": 31},
        {"order_id": ""},
        {"order_id": "../../company/4711"},
        {"order_id": "a" * 65},
        {"order_id": "QE3QL6\n"},
    ],
)
def test_what_names_no_order_is_told_and_the_order_is_not_asked_for(body: Any) -> None:
    with pytest.raises(PayloadError) as caught:
        receive(body)

    assert ("order_id", True) == (caught.value.path, "로컬리" in caught.value.words.ko)


def test_the_token_is_shown_nowhere() -> None:
    settings = Settings.model_validate(KOREAN | {"webhook_token": "hidden-hook"})

    assert "hidden-hook" not in repr(settings) + settings.model_dump_json()
