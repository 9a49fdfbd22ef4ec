"""Webhooks that a JSON Web Signature signs (RFC 7515): in a header over the body, or the body is one itself.

The profile names the one algorithm that is good, so that no token chooses its own. The key is a setting (a
secret, or a public key as PEM), or stands at an address of the webstore's (a JWK Set: `jwks.py`).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from tillbridge.plugin import Connection, Misconfigured, Rejected, WebhookRequest, Words
from tillbridge_generic_webstore.calling.answers import decode
from tillbridge_generic_webstore.calling.calls import CompiledCall, Place
from tillbridge_generic_webstore.calling.moments import read_moment, read_span
from tillbridge_generic_webstore.calling.templates import Template, as_text
from tillbridge_generic_webstore.expressions import Expression, ValueFault
from tillbridge_generic_webstore.hearing.jwks import Keys
from tillbridge_generic_webstore.hearing.secret import no_secret
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.pushing import Jwt
from tillbridge_generic_webstore.settings import setting_values

_USUAL: Final = timedelta(minutes=5)
_PARTS: Final = 3


@dataclass(frozen=True, kw_only=True)
class WebToken:
    """How a request is known by its token; the other attributes are those of `language.pushing.Jwt`."""

    title: str
    form: Jwt
    key: Template | None
    keys_at: CompiledCall | None
    body_hash: Expression | None
    tolerance: timedelta
    keys: Keys = field(default_factory=Keys, repr=False, compare=False)

    def verify(self, connection: Connection, request: WebhookRequest) -> None:
        """Let a request pass that the webstore has signed.

        Raises:
            Misconfigured: the connection has no key to know it by, or one that is none.
            Rejected: it has another signature, none, or an old one; or it is of another body.
        """
        claims = self._claims(connection, request)
        if self._signs_body:
            if not hmac.compare_digest(claims, request.body):
                raise Rejected(_wrong(self.title))
            return
        said = self._decoded(claims)
        self._require_now(said, request.received_at)
        if self.body_hash is not None:
            self._require_body(said, request.body)

    def body(self, request: WebhookRequest) -> bytes:
        """Return what a request says, once it was verified: its body, or the claims of the token that it is.

        Raises:
            ValueError: it is no token.
        """
        if self.form.header is not None:
            return request.body
        parts = self._token(request).split(b".")
        return _unpadded(parts[1]) if len(parts) == _PARTS else b""

    @property
    def _signs_body(self) -> bool:
        """Whether what the token signs is the body, and not claims about it."""
        return self.form.header is not None and self.body_hash is None

    def _claims(self, connection: Connection, request: WebhookRequest) -> bytes:
        """Return what the token signs, its signature being good."""
        token, own = self._token(request), self._own_key(connection)
        detached = None
        if self._signs_body:
            token, detached = _attached(token, request.body)
        import jwt  # noqa: PLC0415  # 0.4 s to load: only where a webhook needs it

        try:
            head = jwt.get_unverified_header(token.decode("ascii"))
            key = own or self._key_of_theirs(connection, head.get("kid"))
            found = jwt.PyJWS().decode_complete(
                token, key, algorithms=[self.form.algorithm], detached_payload=detached
            )
        except (jwt.InvalidKeyError, jwt.PyJWKError) as error:
            raise Misconfigured(_no_key_at_all(self.title, self.form.algorithm)) from error
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Rejected(_wrong(self.title)) from error
        content: bytes = found["payload"]
        return content

    def _token(self, request: WebhookRequest) -> bytes:
        if self.form.header is None:
            return request.body.strip()
        given = request.headers.get(self.form.header, "").strip()
        if not given.startswith(self.form.prefix):
            return b""
        return given[len(self.form.prefix) :].strip().encode("latin-1", "replace")

    def _key_of_theirs(self, connection: Connection, name: Any) -> Any:
        """Return the key of a name that the webstore shows."""
        assert self.keys_at is not None
        found = self.keys.find(connection, self.keys_at, name, self.form.algorithm)
        if found is None:
            raise Rejected(_wrong(self.title))
        return found

    def _own_key(self, connection: Connection) -> str | None:
        """Return the key that is a setting; None where the webstore shows its own."""
        if self.key is None:
            return None
        text = self.key.text(setting_values(connection.settings))
        if not text:
            raise Misconfigured(no_secret(self.title, self.key, from_file=True))
        return text.replace("\\n", "\n") if "-----BEGIN" in text else text

    def _decoded(self, claims: bytes) -> Mapping[str, Any]:
        try:
            said = decode(claims)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise Rejected(_wrong(self.title))
        return said

    def _require_now(self, claims: Mapping[str, Any], now: datetime) -> None:
        """Refuse a token that has ended, has not begun, or was made long ago and has no end."""
        ends, begins, made = (read_moment(claims.get(name), "epoch", None) for name in ("exp", "nbf", "iat"))
        if ends is None and made is not None:
            ends = made
        if (ends is not None and now - self.tolerance > ends) or (
            begins is not None and now + self.tolerance < begins
        ):
            raise Rejected(_old(self.title))

    def _require_body(self, claims: Mapping[str, Any], body: bytes) -> None:
        """Refuse a body that is another than the one whose hash the token has."""
        assert self.body_hash is not None
        try:
            said = self.body_hash(claims)
        except ValueFault:
            said = None
        digest = hashlib.sha256(body).digest()
        good = (
            digest.hex(),
            base64.b64encode(digest).decode(),
            base64.urlsafe_b64encode(digest).decode().rstrip("="),
        )
        given = as_text(said).encode() if isinstance(said, str) else b""
        if not any(hmac.compare_digest(given, one.encode()) for one in good):
            raise Rejected(_wrong(self.title))


def compile_web_token(form: Jwt, profile: Profile, mistakes: Mistakes) -> WebToken:
    """Make ready what verifies requests by their tokens; what is wrong is added to `mistakes`."""
    place = Place(profile, ("webhook", "jwt"), (), mistakes)
    keys_at = None
    if form.jwks is not None:
        address = place.template(form.jwks, "jwks")
        keys_at = CompiledCall("GET", address, place.base(), is_address=form.jwks.startswith(("{", "http")))
    return WebToken(
        title=profile.title,
        form=form,
        key=None if form.key is None else place.template(form.key, "key"),
        keys_at=keys_at,
        body_hash=place.expression(form.body_hash, "body_hash"),
        tolerance=read_span(form.tolerance) or _USUAL,
    )


def _attached(token: bytes, body: bytes) -> tuple[bytes, bytes | None]:
    """Put the body into a token that leaves it out; or beside it, where it is signed as it is."""
    head, _, rest = token.partition(b".")
    payload, _, signature = rest.partition(b".")
    if _is_plain(head):
        return token, body
    if payload or not signature:
        return token, None
    return b".".join((head, base64.urlsafe_b64encode(body).rstrip(b"="), signature)), None


def _is_plain(head: bytes) -> bool:
    """Say whether a token's body is signed without being written in base64 (RFC 7797)."""
    try:
        said = decode(_unpadded(head))
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("b64") is False


def _unpadded(text: bytes) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _no_key_at_all(title: str, algorithm: str) -> Words:
    return Words(
        f"The key by which {title}'s webhooks are known is none for {algorithm}. A public key begins with "
        "-----BEGIN PUBLIC KEY-----.",
        f"{title} 웹훅을 확인하는 키가 {algorithm}에 맞지 않습니다. 공개 키는 -----BEGIN PUBLIC KEY-----로 "
        "시작합니다.",
    )


def _wrong(title: str) -> Words:
    return Words(
        f"A webhook came for {title} whose token is not signed with {title}'s key. If that was changed "
        "there, enter the new one.",
        f"{title} 웹훅의 토큰 서명이 {title}의 키와 맞지 않습니다. 키를 바꾸었다면 새 키를 입력해 주세요.",
    )


def _old(title: str) -> Words:
    return Words(
        f"A webhook of {title}'s has a token that does not hold now: it may be an old one, sent again. See "
        "whether this computer's clock is right.",
        f"{title} 웹훅의 토큰이 지금은 유효하지 않습니다. 예전 요청이 다시 왔을 수 있습니다. 이 컴퓨터의 "
        "시계가 맞는지 확인해 주세요.",
    )
