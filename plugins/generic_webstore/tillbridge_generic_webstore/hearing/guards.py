"""How a webstore's own requests are known: by a signature over their raw bytes, or by a secret in them."""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from tillbridge.plugin import Connection, Misconfigured, Rejected, WebhookRequest, Words
from tillbridge_generic_webstore.calling.answers import decode
from tillbridge_generic_webstore.calling.calls import Place
from tillbridge_generic_webstore.calling.moments import read_moment, read_span
from tillbridge_generic_webstore.calling.templates import Template, as_text
from tillbridge_generic_webstore.expressions import Expression, ValueFault
from tillbridge_generic_webstore.hearing.jws import WebToken, compile_web_token
from tillbridge_generic_webstore.hearing.secret import no_secret
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.pushing import Hmac, Webhook
from tillbridge_generic_webstore.settings import setting_values

_BODY: Final = "\0body\0"
"""Stands for the body while a text is filled in: no header and no setting holds it."""
_MILLISECONDS: Final = 10**11
"""Seconds since 1970 are below, milliseconds above."""
_USUAL: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How a request is signed; the other attributes are those of `language.pushing.Hmac`."""

    title: str
    form: Hmac
    key: Template
    over: Template
    tolerance: timedelta
    let: Mapping[str, Expression] = field(default_factory=dict)

    def verify(self, connection: Connection, request: WebhookRequest) -> None:
        """Let a request pass that the webstore has signed.

        Raises:
            Misconfigured: the connection has no secret to know it by.
            Rejected: it has another signature, none, or an old one.
        """
        settings = setting_values(connection.settings)
        key = self.key.text(settings)
        if not key:
            raise Misconfigured(no_secret(self.title, self.key))
        time, signatures = self._given(request)
        if self.form.timestamp or self.form.fields:
            self._require_now(request, time)
        signed = self._signed({**settings, **self._named(request)}, request.body, time)
        wanted = hmac.new(key.encode(), signed, self.form.hash).digest()
        # Each is compared, so that how long it takes says nothing.
        good = [hmac.compare_digest(wanted, self._decoded(one)) for one in signatures]
        if not any(good):
            raise Rejected(_wrong(self.title, self.form.header))

    def _given(self, request: WebhookRequest) -> tuple[str, Sequence[str]]:
        """Return the time and the signatures of a request, as it says them."""
        header = request.headers.get(self.form.header, "")
        fields = self.form.fields
        if fields is None:
            time = request.headers.get(self.form.timestamp, "") if self.form.timestamp else ""
            return time, header.split() or [""]
        pairs = [part.strip().partition("=") for part in header.split(",")]
        times = [value for name, _, value in pairs if name == fields.time]
        return times[0] if times else "", [value for name, _, value in pairs if name == fields.signature]

    def _named(self, request: WebhookRequest) -> dict[str, Any]:
        """Return what of the request is signed beside its body, by the names that the profile gives it."""
        if not self.let:
            return {}
        try:
            body = decode(request.body)
            headers = {name.lower(): value for name, value in request.headers.items()}
            found = {name: one(body, {"_headers": headers}) for name, one in self.let.items()}
        except (ValueError, ValueFault):
            found = {}
        if any(value is None or isinstance(value, dict | list) for value in found.values()) or not found:
            raise Rejected(_wrong(self.title, self.form.header))
        return {name: as_text(value) for name, value in found.items()}

    def _signed(self, settings: Mapping[str, Any], body: bytes, time: str) -> bytes:
        """Return the bytes that are signed: the body's own, which need be no text."""
        text = self.over.text({**settings, "timestamp": time, "body": _BODY}) or ""
        return text.encode().replace(_BODY.encode(), body)

    def _decoded(self, text: str) -> bytes:
        given = text.strip()
        if not given.startswith(self.form.prefix):
            return b""
        given = given[len(self.form.prefix) :]
        try:
            if self.form.encode == "hex":
                return bytes.fromhex(given)
            return base64.b64decode(given, validate=True)
        except (ValueError, binascii.Error):
            return b""

    def _require_now(self, request: WebhookRequest, time: str) -> None:
        form = "iso"
        if time.strip().isdecimal():
            form = "epoch_ms" if int(time) > _MILLISECONDS else "epoch"
        moment = read_moment(time, form, None)
        if moment is None or abs(request.received_at - moment) > self.tolerance:
            raise Rejected(_old(self.title))


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A secret that comes with each request; `optional`: a connection that has none takes all requests."""

    title: str
    token: Template
    header: str | None
    query: str | None
    optional: bool = False

    def verify(self, connection: Connection, request: WebhookRequest) -> None:
        """Let a request pass that has the secret.

        Raises:
            Misconfigured: the connection has none to compare it with.
            Rejected: it has another one, or none.
        """
        token = self.token.text(setting_values(connection.settings))
        if not token and self.optional:
            return
        if not token:
            raise Misconfigured(no_secret(self.title, self.token))
        if self.header:
            # Headers come as Latin-1, whatever was meant: the bytes are compared.
            given = request.headers.get(self.header, "").encode("latin-1", "replace")
        else:
            given = request.query.get(self.query or "", "").encode()
        if not hmac.compare_digest(given, token.encode()):
            raise Rejected(_wrong(self.title, self.header or self.query or ""))


Guard = Signature | Token | WebToken


def compile_guard(webhook: Webhook, profile: Profile, mistakes: Mistakes) -> Guard | None:
    """Make ready what verifies requests; None where the webstore signs nothing."""
    if webhook.jwt is not None:
        return compile_web_token(webhook.jwt, profile, mistakes)
    if webhook.hmac is not None:
        form = webhook.hmac
        place = Place(profile, ("webhook", "hmac"), (), mistakes)
        signed = Place(profile, ("webhook", "hmac"), ("body", "timestamp", *form.let), mistakes)
        let = {
            name: place.expression(one, "let", name, names=("_headers",)) for name, one in form.let.items()
        }
        return Signature(
            title=profile.title,
            form=form,
            key=place.template(form.key, "key"),
            over=signed.template(form.over, "over"),
            tolerance=read_span(form.tolerance) or _USUAL,
            let={name: one for name, one in let.items() if one is not None},
        )
    if webhook.token is not None:
        place = Place(profile, ("webhook",), (), mistakes)
        return Token(
            title=profile.title,
            token=place.template(webhook.token, "token"),
            header=webhook.token_header,
            query=webhook.token_query,
            optional=webhook.unsigned,
        )
    return None


def _wrong(title: str, header: str) -> Words:
    return Words(
        f"A webhook came for {title} whose {header} is not signed with the connection's secret. If that was "
        "changed there, enter the new one.",
        f"{title} 웹훅의 {header} 서명이 연결에 저장된 비밀값과 맞지 않습니다. 값을 바꾸었다면 새 값을 "
        "입력해 주세요.",
    )


def _old(title: str) -> Words:
    return Words(
        f"A webhook of {title}'s has no time, or one that is too far from now: it may be an old one, sent "
        "again. See whether this computer's clock is right.",
        f"{title} 웹훅에 시각이 없거나 현재와 너무 다릅니다. 예전 요청이 다시 왔을 수 있습니다. 이 컴퓨터의 "
        "시계가 맞는지 확인해 주세요.",
    )
