"""Webhooks that a JSON Web Token signs: over the body, as the body, with its hash; and keys by address."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from pydantic import SecretStr

from plugins.generic_webstore.counters import Desk, compiled, connection, desk, mistakes_of
from tillbridge.plugin import Headers, Misconfigured, PayloadError, Rejected, WebhookRequest, WebhookResult
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.hearing import compile_hearer
from tillbridge_generic_webstore.language.checks import check

pytestmark = pytest.mark.row("S1")
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
SHARED = "a shared secret of at least 32 signs"
BODY = b'{"order": {"id": "727"}}'


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def b64(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def pem(key: Any) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    made: bytes = key.public_key().public_bytes(serialization.Encoding.PEM, form)
    return made.decode()


def sign(key: Any, signed: bytes) -> bytes:
    """Sign as the RFC says, without the library under test."""
    if isinstance(key, str):
        return hmac.new(key.encode(), signed, "sha256").digest()
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    one, other = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return one.to_bytes(32) + other.to_bytes(32)


def token(key: Any, payload: bytes, *, plain: bool = False, kid: str | None = None, alg: str = "") -> bytes:
    """A token; `plain`: the payload is signed without being written in base64."""
    usual = "HS256" if isinstance(key, str) else "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    head: dict[str, Any] = {"alg": alg or usual} | ({"kid": kid} if kid else {})
    head |= {"b64": False, "crit": ["b64"]} if plain else {}
    first = b64(json.dumps(head).encode())
    second = payload if plain else b64(payload)
    return b".".join((first, second, b64(sign(key, first + b"." + second))))


def detached(made: bytes) -> str:
    """A token without its body, as it stands in a header."""
    first, _, rest = made.decode().partition(".")
    return f"{first}..{rest.rpartition('.')[2]}"


def hear(
    webhook: dict[str, Any], body: bytes, header: str = "", *, at: datetime = AT, **given: Any
) -> WebhookResult:
    request = WebhookRequest(method="POST", headers=Headers([("X-Token", header)]), body=body, received_at=at)
    hearer = compiled(compile_hearer, webhook={"order": "order.id", **webhook})
    result: WebhookResult = hearer.receive(given.pop("connection", None) or connection("", **given), request)
    return result


def orders(result: WebhookResult) -> list[str]:
    return [hint.order_id for hint in result.hints]


def by(algorithm: str, **more: Any) -> dict[str, Any]:
    return {"jwt": {"algorithm": algorithm, "key": "{webhook_secret}", **more}}


@pytest.mark.parametrize("plain", [False, True], ids=["written in base64", "as it is"])
def test_a_token_in_a_header_signs_the_body_that_it_leaves_out(rsa_key: Any, *, plain: bool) -> None:
    header = detached(token(rsa_key, BODY, plain=plain))
    webhook = by("RS256", header="X-Token")

    assert orders(hear(webhook, BODY, header, webhook_secret=SecretStr(pem(rsa_key)))) == ["727"]
    with pytest.raises(Rejected, match="not signed"):
        hear(webhook, BODY.replace(b"727", b"728"), header, webhook_secret=SecretStr(pem(rsa_key)))


def test_a_token_in_a_header_may_hold_the_body_itself(curve_key: Any) -> None:
    header = "Bearer " + token(curve_key, BODY).decode()
    webhook = by("ES256", header="X-Token", prefix="Bearer ")

    assert orders(hear(webhook, BODY, header, webhook_secret=SecretStr(pem(curve_key)))) == ["727"]
    with pytest.raises(Rejected):
        hear(webhook, b'{"order": {"id": "1"}}', header, webhook_secret=SecretStr(pem(curve_key)))


def test_a_body_that_is_a_token_says_what_its_claims_say(rsa_key: Any) -> None:
    claims = json.dumps({"exp": NOW + 60, "data": json.dumps({"order": 727})}).encode()
    webhook = {**by("RS256"), "order": "json(data).order"}

    result = hear(webhook, token(rsa_key, claims), webhook_secret=SecretStr(pem(rsa_key)))

    assert orders(result) == ["727"]


def test_a_token_may_hold_the_body_s_hash(curve_key: Any) -> None:
    webhook = by("ES256", header="X-Token", body_hash="request_body_sha256")
    key = SecretStr(pem(curve_key))
    claims = {"iat": NOW - 10, "request_body_sha256": hashlib.sha256(BODY).hexdigest()}
    header = token(curve_key, json.dumps(claims).encode()).decode()

    assert orders(hear(webhook, BODY, header, webhook_secret=key)) == ["727"]
    with pytest.raises(Rejected, match="not signed"):
        hear(webhook, BODY + b" ", header, webhook_secret=key)


def test_a_secret_that_both_sides_know_signs_too() -> None:
    header = detached(token(SHARED, BODY))

    assert orders(hear(by("HS256", header="X-Token"), BODY, header, webhook_secret=SecretStr(SHARED))) == [
        "727"
    ]


@pytest.mark.parametrize("times", [{"exp": NOW - 301}, {"nbf": NOW + 301}, {"iat": NOW - 301}])
def test_a_token_that_does_not_hold_now_is_refused(times: dict[str, int]) -> None:
    body = token(SHARED, json.dumps({**times, "order": {"id": 7}}).encode())

    with pytest.raises(Rejected, match="does not hold now"):
        hear(by("HS256"), body, webhook_secret=SecretStr(SHARED))


def test_a_token_cannot_choose_how_it_is_signed(rsa_key: Any) -> None:
    """The public key is no secret: who signs with it as if it were one is not believed."""
    key = pem(rsa_key)
    forged = token(key, b'{"order": {"id": 7}}')
    unsigned = b".".join((b64(b'{"alg":"none"}'), b64(b'{"order": {"id": 7}}'), b""))

    for body in (forged, unsigned):
        with pytest.raises(Rejected):
            hear(by("RS256"), body, webhook_secret=SecretStr(key))


@pytest.mark.parametrize("body", [b"", b"{}", b"a.b.c", b"....", b"\xff.\xfe.\xfd", b'{"order": {"id": 7}}'])
def test_what_is_no_token_is_refused(rsa_key: Any, body: bytes) -> None:
    with pytest.raises(Rejected):
        hear(by("RS256"), body, webhook_secret=SecretStr(pem(rsa_key)))


def test_a_token_about_no_order_is_kept() -> None:
    with pytest.raises(PayloadError, match="names no order"):
        hear(by("HS256"), token(SHARED, b"{}"), webhook_secret=SecretStr(SHARED))


def test_without_a_key_nothing_can_be_known_and_a_text_is_none() -> None:
    with pytest.raises(Misconfigured, match="--secret webhook_secret=-"):
        hear(by("RS256"), b"a.b.c", webhook_secret=None)
    with pytest.raises(Misconfigured, match="BEGIN PUBLIC KEY"):
        hear(by("RS256"), token(SHARED, b"{}", alg="RS256"), webhook_secret=SecretStr("my secret"))


@pytest.fixture
def server() -> Iterator[Desk]:
    with desk() as made:
        yield made


def jwk(key: rsa.RSAPrivateKey, name: str) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    n, e = (b64(one.to_bytes((one.bit_length() + 7) // 8)).decode() for one in (numbers.n, numbers.e))
    return {"kty": "RSA", "kid": name, "n": n, "e": e, "alg": "RS256", "use": "sig"}


JWKS = {"jwt": {"algorithm": "RS256", "jwks": "{url}keys.json", "header": "X-Token"}}


def test_keys_are_asked_for_once_and_again_for_one_that_is_new(rsa_key: Any, server: Desk) -> None:
    names = ["first"]
    server.answer = lambda _: (200, {"keys": [{"kty": "odd"}, *(jwk(rsa_key, name) for name in names)]})
    hearer = compiled(compile_hearer, webhook={"order": "order.id", **JWKS})
    clock = FrozenClock(AT)
    shop = connection(server.url, clock)

    def heard(kid: str) -> list[str]:
        header = detached(token(rsa_key, BODY, kid=kid))
        request = WebhookRequest(
            method="POST", headers=Headers([("X-Token", header)]), body=BODY, received_at=AT
        )
        return orders(hearer.receive(shop, request))

    assert heard("first") == heard("first") == ["727"]
    assert len(server.asked) == 1
    names.append("second")
    with pytest.raises(Rejected):  # asked a moment ago
        heard("second")
    clock.advance(60)
    assert (heard("second"), len(server.asked)) == (["727"], 2)
    shop.http.close()


def test_a_key_that_was_withdrawn_is_good_for_an_hour_at_most(rsa_key: Any, server: Desk) -> None:
    names = ["first", "second"]
    server.answer = lambda _: (200, {"keys": [jwk(rsa_key, name) for name in names]})
    clock = FrozenClock(AT)
    shop = connection(server.url, clock)
    hearer = compiled(compile_hearer, webhook={"order": "order.id", **JWKS})
    assert orders(hearer.receive(shop, named(rsa_key, "first"))) == ["727"]
    names.remove("first")
    clock.advance(3600)

    with pytest.raises(Rejected):
        hearer.receive(shop, named(rsa_key, "first"))
    shop.http.close()


def test_known_keys_are_good_while_the_webstore_shows_none(rsa_key: Any, server: Desk) -> None:
    server.answer = lambda _: (200, {"keys": [jwk(rsa_key, "first")]})
    clock = FrozenClock(AT)
    shop = connection(server.url, clock)
    hearer = compiled(compile_hearer, webhook={"order": "order.id", **JWKS})
    hearer.receive(shop, named(rsa_key, "first"))
    server.answer = lambda _: (403, {})
    clock.advance(3600)

    assert orders(hearer.receive(shop, named(rsa_key, "first"))) == ["727"]
    asked = len(server.asked)
    with pytest.raises(Rejected):
        hearer.receive(shop, named(rsa_key, "other"))
    assert len(server.asked) == asked
    shop.http.close()


def named(key: Any, name: str) -> WebhookRequest:
    """A request whose token names its key."""
    header = detached(token(key, BODY, kid=name))
    return WebhookRequest(method="POST", headers=Headers([("X-Token", header)]), body=BODY, received_at=AT)


def test_a_key_that_the_webstore_does_not_show_is_refused(rsa_key: Any, server: Desk) -> None:
    server.answer = lambda _: (200, {"keys": []})

    with pytest.raises(Rejected):
        hear(JWKS, BODY, detached(token(rsa_key, BODY, kid="x")), connection=server.connection())


@pytest.mark.parametrize(
    ("jwt", "place", "said"),
    [
        ({"algorithm": "RS256"}, "webhook.jwt", "needs key or jwks, and no other: what RS256 is known by"),
        (
            {"algorithm": "HS256", "jwks": "keys"},
            "webhook.jwt",
            "needs key, and no other: what HS256 is known by",
        ),
        (
            {"algorithm": "RS256", "key": "{webhook_secret}", "body_hash": "sha"},
            "webhook.jwt.body_hash",
            "goes with header: without it the body is the token",
        ),
    ],
)
def test_what_is_wrong_with_a_token_s_table_is_said(jwt: dict[str, Any], place: str, said: str) -> None:
    found = mistakes_of(check, webhook={"jwt": jwt, "order": "id"})

    assert [one for one in found if one[0].startswith("webhook")] == [(place, said)]
