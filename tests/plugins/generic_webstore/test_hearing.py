"""A profile's webhooks: known by their signature or token, believed only in which order they name."""

import base64
import hmac
import json
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from plugins.generic_webstore.counters import compiled, connection, mistakes_of
from tillbridge.plugin import Headers, Misconfigured, PayloadError, Rejected, WebhookRequest
from tillbridge_generic_webstore.hearing import compile_hearer

pytestmark = pytest.mark.row("S1")
SECRET = "s3cret-비밀"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WOO = {
    "hmac": {"header": "X-WC-Webhook-Signature", "key": "{webhook_secret}"},
    "order": "id",
    "event_id": '_headers."x-wc-webhook-delivery-id"',
    "when": "_headers.\"x-wc-webhook-resource\" == 'order'",
    "ping": {"form": "webhook_id"},
}
ORDER = {"X-WC-Webhook-Resource": "order", "X-WC-Webhook-Delivery-ID": "d-1"}


def signed(body, *, over=None, digest="sha256", encode="base64"):
    made = hmac.new(SECRET.encode(), body if over is None else over, digest).digest()
    return made.hex() if encode == "hex" else base64.b64encode(made).decode()


def hear(webhook, body, headers=None, *, secret=SECRET, query=None, at=AT, **settings):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = WebhookRequest(
        method="POST",
        headers=Headers((headers or {}).items()),
        body=content,
        query=query or {},
        received_at=at,
    )
    given = {"webhook_secret": SecretStr(secret) if secret else None, **settings}
    return compiled(compile_hearer, webhook=webhook).receive(connection("", **given), request)


def orders(result):
    return [hint.order_id for hint in result.hints]


def test_hook_receive_webhook_names_the_order_of_a_signed_request():
    body = b'{"id": 727, "total": "29.35"}'
    result = hear(WOO, body, {**ORDER, "X-WC-Webhook-Signature": signed(body)})

    assert (["727"], "d-1", 200) == (orders(result), result.event_id, result.response.status)


@pytest.mark.parametrize(
    "signature", ["", "AAAA", "not base64!", signed(b'{"id": 728}'), signed(b'{"id": 727}')[:-4], "é"]
)
def test_another_signature_is_refused(signature):
    with pytest.raises(Rejected, match="X-WC-Webhook-Signature is not signed"):
        hear(WOO, b'{"id": 727}', {**ORDER, "X-WC-Webhook-Signature": signature})


def test_a_request_without_a_signature_is_refused():
    with pytest.raises(Rejected):
        hear(WOO, {"id": 727}, ORDER)


def test_without_the_secret_nothing_can_be_known_and_the_message_says_what_to_enter():
    with pytest.raises(Misconfigured, match="--secret webhook_secret=-"):
        hear(WOO, {"id": 727}, ORDER, secret=None)


def test_the_body_is_verified_before_it_is_read():
    with pytest.raises(Rejected):
        hear(WOO, b"<xml>", ORDER)


def test_what_is_signed_and_cannot_be_read_is_kept():
    with pytest.raises(PayloadError, match="names no order"):
        hear(WOO, b"<xml>", {**ORDER, "X-WC-Webhook-Signature": signed(b"<xml>")})


@pytest.mark.parametrize(
    "body", [b"{}", b'{"id": null}', b'{"id": {"a": 1}}', b'{"id": true}', b'{"id": []}']
)
def test_a_body_without_an_order_is_kept(body):
    with pytest.raises(PayloadError):
        hear(WOO, body, {**ORDER, "X-WC-Webhook-Signature": signed(body)})


def test_what_is_not_about_orders_has_nothing_fetched():
    body = b'{"id": 5}'
    headers = {"X-WC-Webhook-Resource": "product", "X-WC-Webhook-Signature": signed(body)}

    assert [] == orders(hear(WOO, body, headers))


def test_json_that_says_it_is_a_form_is_told_to_have_been_read_as_one():
    body = b'{"id": 727}'
    form = {**ORDER, "Content-Type": "application/x-www-form-urlencoded"}

    with pytest.raises(PayloadError, match=r"read as a form, as its Content-Type says") as caught:
        hear(WOO, body, {**form, "X-WC-Webhook-Signature": signed(body)})
    assert "폼으로 읽었습니다" in caught.value.words.ko


def test_woocommerces_unsigned_ping_is_answered_well_and_is_no_order():
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    result = hear(WOO, b"webhook_id=12", form)

    assert ([], 200) == (orders(result), result.response.status)


def test_an_unsigned_form_with_more_than_the_ping_is_refused():
    form = {"Content-Type": "application/x-www-form-urlencoded", **ORDER}
    with pytest.raises(Rejected):
        hear(WOO, b"webhook_id=12&id=727", form)


@pytest.mark.parametrize("digest", ["sha256", "sha1", "sha512"])
@pytest.mark.parametrize("encode", ["base64", "hex"])
def test_a_signature_may_be_made_and_written_in_several_ways(digest, encode):
    webhook = {
        "hmac": {
            "hash": digest,
            "encode": encode,
            "header": "X-Hub",
            "key": "{webhook_secret}",
            "prefix": "v=",
        },
        "order": "data.order",
    }
    body = b'{"data": {"order": "A1"}}'
    headers = {"X-Hub": "v=" + signed(body, digest=digest, encode=encode)}

    assert ["A1"] == orders(hear(webhook, body, headers))
    with pytest.raises(Rejected):
        hear(webhook, body, {"X-Hub": headers["X-Hub"].removeprefix("v=")})


def test_the_address_may_be_signed_with_the_body():
    """Square signs the address that it was given, then the body."""
    address = "https://till.example/webhooks/abc"
    webhook = {
        "hmac": {
            "header": "x-square-hmacsha256-signature",
            "key": "{webhook_secret}",
            "over": "{webhook_url}{body}",
        },
        "order": "data.object.order_updated.order_id",
        "event_id": "event_id",
    }
    body = b'{"event_id": "e1", "data": {"object": {"order_updated": {"order_id": "O9"}}}}'
    headers = {"x-square-hmacsha256-signature": signed(body, over=address.encode() + body)}
    result = hear(webhook, body, headers, webhook_url=address)

    assert (["O9"], "e1") == (orders(result), result.event_id)


def test_bytes_that_are_no_text_are_signed_as_they_came():
    webhook = {"hmac": {"header": "X-S", "key": "{webhook_secret}"}, "order": "_query.id"}
    body = b'{"a": "\xff"}'

    with pytest.raises(PayloadError):  # the signature is good, the body is no JSON
        hear(webhook, body, {"X-S": signed(body)}, query={"id": "7"})


STRIPED = {
    "hmac": {
        "header": "X-Signed",
        "key": "{webhook_secret}",
        "encode": "hex",
        "over": "{timestamp}.{body}",
        "fields": {"time": "t", "signature": "v1"},
    },
    "order": "id",
}


def striped(at, body=b'{"id": 7}'):
    time = str(int(at.timestamp()))
    good = signed(body, over=time.encode() + b"." + body, encode="hex")
    return {"X-Signed": f"t={time},v1={'0' * 64}, v1={good},v0=1"}


def test_time_and_signatures_may_stand_in_one_header():
    assert ["7"] == orders(hear(STRIPED, b'{"id": 7}', striped(AT)))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_of_another_time_is_refused(minutes):
    at = AT.replace(hour=2, minute=30 + minutes)

    with pytest.raises(Rejected, match="too far from now"):
        hear(STRIPED, b'{"id": 7}', striped(at), at=AT.replace(hour=2, minute=30))


def test_the_time_may_have_a_header_of_its_own():
    webhook = {
        "hmac": {
            "header": "X-S",
            "key": "{webhook_secret}",
            "over": "{timestamp}{body}",
            "timestamp": "X-T",
            "tolerance": "1h",
        },
        "order": "id",
    }
    time = "2026-03-02T00:10:00Z"
    good = signed(b"", over=time.encode() + b'{"id": 7}')

    assert ["7"] == orders(hear(webhook, b'{"id": 7}', {"X-S": good, "X-T": time}))
    with pytest.raises(Rejected, match="has no time"):
        hear(webhook, b'{"id": 7}', {"X-S": good})


@pytest.mark.parametrize("place", ["token_header", "token_query"])
def test_a_token_is_compared_as_a_whole(place):
    webhook = {"token": "{webhook_secret}", place: "X-Token", "order": "orders[].id"}
    secret = "plain-token"

    def sent(token):
        there = {"X-Token": token}
        ways = {"headers": there} if place == "token_header" else {"query": there}
        return hear(webhook, {"orders": [{"id": 1}, {"id": 2}, {"id": 1}]}, secret=secret, **ways)

    assert ["1", "2"] == orders(sent(secret))
    for wrong in ("", "plain-toke", "plain-token ", "é"):
        with pytest.raises(Rejected):
            sent(wrong)


def test_an_unsigned_webhook_is_a_hint_where_the_profile_allows_it():
    assert ["A1"] == orders(hear({"unsigned": True, "order": "code"}, {"code": "A1", "total": "0.00"}))


def test_a_form_is_read_as_json_would_be():
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}

    assert ["55"] == orders(hear({"unsigned": True, "order": "order_id"}, b"order_id=55&x=1", form))


def test_a_ping_in_the_body_is_answered_with_what_it_asks_for():
    webhook = {
        "unsigned": True,
        "order": "id",
        "ping": {"when": "type == 'challenge'", "answer": "challenge"},
    }
    result = hear(webhook, {"type": "challenge", "challenge": "abc"})

    assert ([], b"abc") == (orders(result), result.response.body)


def test_a_webhook_that_names_what_there_is_not_is_a_mistake_of_the_profile():
    webhook = {
        "hmac": {"header": "X", "key": "{webhook_secrets}", "over": "{bodi}"},
        "order": "_header.id",
        "when": "nope(id)",
    }
    places = [place for place, _ in mistakes_of(compile_hearer, webhook=webhook)]

    assert ["webhook.hmac.key", "webhook.hmac.over", "webhook.order", "webhook.when"] == sorted(places)
