"""Webhooks by a profile: verified on the raw bytes, then read only for which order they are about.

The order itself is always fetched. What is not signed can at worst have an order fetched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from tillbridge.plugin import (
    Connection,
    PayloadError,
    WebhookHint,
    WebhookRequest,
    WebhookResponse,
    WebhookResult,
    Words,
)
from tillbridge_generic_webstore.calling.answers import decode
from tillbridge_generic_webstore.calling.calls import Place
from tillbridge_generic_webstore.calling.templates import as_text
from tillbridge_generic_webstore.expressions import Expression, ValueFault
from tillbridge_generic_webstore.expressions.texts import is_false
from tillbridge_generic_webstore.hearing.guards import Guard, compile_guard
from tillbridge_generic_webstore.hearing.jws import WebToken
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.pushing import Ping

_NAMES: Final = ("_headers", "_query")
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST_EVENT: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinging:
    """A request that only tries the address."""

    form: str | None
    when: Expression | None
    answer: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearer:
    """What a webstore's own requests are known by, and what they are about.

    Attributes:
        title: the webstore's name.
        guard: what verifies them; None where the webstore signs nothing.
        order: over the body, the orders' IDs.
        event_id: the webstore's own ID of the event.
        when: whether a request is about orders.
        ping: what only tries the address.
    """

    title: str
    guard: Guard | None
    order: Expression
    event_id: Expression | None
    when: Expression | None
    ping: Pinging | None

    def receive(self, connection: Connection, request: WebhookRequest) -> WebhookResult:
        """Say which orders are to be fetched because of a request.

        Raises:
            Misconfigured: the connection has no secret to know it by.
            Rejected: the webstore did not send it.
            PayloadError: it names no order.
        """
        if self._is_form_ping(request):
            return WebhookResult()
        if self.guard is not None:
            self.guard.verify(connection, request)
        body = self._body(request)
        names = {
            "_headers": {name.lower(): value for name, value in request.headers.items()},
            "_query": dict(request.query),
        }
        try:
            return self._result(body, names)
        except ValueFault as fault:
            raise PayloadError(fault.words, path=self.order.source) from fault

    def _is_form_ping(self, request: WebhookRequest) -> bool:
        """Whether it has one field of a form and nothing else; it need not be signed: nothing follows."""
        if self.ping is None or self.ping.form is None or not _is_form(request):
            return False
        return [name for name, _ in _pairs(request.body)] == [self.ping.form]

    def _body(self, request: WebhookRequest) -> Any:
        content = request.body
        try:
            if isinstance(self.guard, WebToken):
                content = self.guard.body(request)
            elif _is_form(request):
                return dict(_pairs(content))
            return decode(content) if content.strip() else None
        except ValueError as error:
            raise self._unreadable() from error

    def _result(self, body: Any, names: Mapping[str, Any]) -> WebhookResult:
        ping = self.ping
        if ping is not None and ping.when is not None and not is_false(ping.when(body, names)):
            said = ping.answer(body, names) if ping.answer else None
            return WebhookResult(
                response=WebhookResponse(body=b"" if said is None else as_text(said).encode())
            )
        event = self.event_id(body, names) if self.event_id else None
        event_id = as_text(event)[:_LONGEST_EVENT] if not is_false(event) else None
        if self.when is not None and is_false(self.when(body, names)):
            return WebhookResult(event_id=event_id)
        found = self.order(body, names)
        ids = [_id(one) for one in (found if isinstance(found, list) else [found])]
        named = tuple(WebhookHint(one) for one in dict.fromkeys(ids) if one)
        if not named:
            raise self._unreadable(form=_sent_as_form(names))
        return WebhookResult(hints=named, event_id=event_id)

    def _unreadable(self, *, form: bool = False) -> PayloadError:
        if form:
            words = Words(
                f"A webhook of {self.title}'s names no order; it is kept. It was read as a form, as its "
                f"Content-Type says ({_FORM}); JSON needs application/json. The poll finds the order.",
                f"{self.title} 웹훅에 주문이 표시되어 있지 않습니다. Content-Type({_FORM})에 따라 폼으로 "
                "읽었습니다. JSON이면 application/json이어야 합니다. 내용은 보관했고, 주문은 주기적 확인으로 "
                "찾습니다.",
            )
            return PayloadError(words, path=self.order.source)
        words = Words(
            f"A webhook of {self.title}'s names no order; it is kept. The poll finds the order.",
            f"{self.title} 웹훅에 주문이 표시되어 있지 않습니다. 내용은 보관했고, 주문은 주기적 확인으로 "
            "찾습니다.",
        )
        return PayloadError(words, path=self.order.source)


def _id(value: Any) -> str:
    """Return an order's ID as text; "" for what can be none."""
    return "" if value is None or isinstance(value, bool | dict | list) else as_text(value)


def _is_form(request: WebhookRequest) -> bool:
    return _names_form(request.headers.get("Content-Type", ""))


def _sent_as_form(names: Mapping[str, Any]) -> bool:
    """Say the same of what expressions see, whose headers are in small letters."""
    return _names_form(names["_headers"].get("content-type", ""))


def _names_form(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == _FORM


def _pairs(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def compile_hearer(profile: Profile, mistakes: Mistakes) -> Hearer | None:
    """Make ready how a profile's webstore is heard; None where it sends nothing by itself.

    What is wrong is added to `mistakes`.
    """
    webhook = profile.webhook
    if webhook is None:
        return None
    place = Place(profile, ("webhook",), (), mistakes)
    order = place.expression(webhook.order, "order", names=_NAMES)
    event_id = place.expression(webhook.event_id, "event_id", names=_NAMES)
    when = place.expression(webhook.when, "when", names=_NAMES)
    guard = compile_guard(webhook, profile, mistakes)
    ping = _pinging(webhook.ping, profile, mistakes) if webhook.ping else None
    if order is None:
        return None  # the tables' own check says that it is missing
    return Hearer(title=profile.title, guard=guard, order=order, event_id=event_id, when=when, ping=ping)


def _pinging(ping: Ping, profile: Profile, mistakes: Mistakes) -> Pinging:
    place = Place(profile, ("webhook", "ping"), (), mistakes)
    return Pinging(
        form=ping.form,
        when=place.expression(ping.when, "when", names=_NAMES),
        answer=place.expression(ping.answer, "answer", names=_NAMES),
    )
