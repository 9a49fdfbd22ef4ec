"""Stripe's webhooks: signed by Stripe, and telling which payment to read; nothing else is believed."""

from typing import Any, Final

import msgspec

from tillbridge.plugin import (
    Connection,
    Misconfigured,
    PayloadError,
    WebhookHint,
    WebhookRequest,
    WebhookResult,
    Words,
)
from tillbridge_stripe_payments.objects import Event, EventObject
from tillbridge_stripe_payments.settings import settings_of
from tillbridge_stripe_payments.signatures import HEADER, TOLERANCE, verify

_PAYMENT: Final = "payment_intent"
_LONGEST: Final = 255
# What may be kept of an event; whatever is not named is left out, as it may be of a card or a person.
_EVENT: Final = frozenset({"id", "object", "type", "created", "livemode", "account", "api_version"})
_OBJECT: Final = frozenset(
    {"id", "object", "status", "created", "livemode", "currency", "payment_intent", "charge", "latest_charge"}
    | {"amount", "amount_capturable", "amount_captured", "amount_received", "amount_refunded"}
    | {"capture_method", "captured", "paid", "refunded", "canceled_at"}
    | {"cancellation_reason", "reason", "failure_reason"}
)


def receive(connection: Connection, request: WebhookRequest) -> WebhookResult:
    """Return which payment an event is about.

    Raises:
        Rejected: Stripe did not send it, or long ago.
        Misconfigured: the connection has no signing secret.
        PayloadError: it cannot be read.
    """
    settings = settings_of(connection)
    secret = settings.webhook_secret.get_secret_value().strip() if settings.webhook_secret else ""
    if not secret:  # with an empty one anybody could sign
        raise Misconfigured(
            Words(
                "Stripe sends webhooks, but the connection has no signing secret to check them by. Enter "
                "webhook_secret: Stripe shows it with the endpoint (it begins with whsec_).",
                "Stripe에서 웹훅을 보내고 있지만 연결에 서명 비밀 키가 없습니다. webhook_secret을 입력해 "
                "주세요. Stripe의 엔드포인트 화면에 표시됩니다(whsec_로 시작).",
            )
        )
    made = verify(request.headers.get(HEADER), request.body, secret=secret, now=request.received_at)
    if made > request.received_at + TOLERANCE:
        behind = round((made - request.received_at).total_seconds())
        connection.log.warning("This computer's clock is %d seconds behind Stripe's; set it.", behind)
    event = _read(request.body)
    ours = event.livemode == settings.live and event.account in (None, settings.account)
    number = _payment(event.data.object) if ours else None
    hints = [WebhookHint(payment_id=number)] if number else []
    return WebhookResult(hints=hints, event_id=event.id, kept=msgspec.json.encode(_shown(request.body)))


def _read(body: bytes) -> Event:
    try:
        return msgspec.json.decode(body, type=Event)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    # The parser's error quotes what came; it does not go on.
    raise PayloadError(
        Words(
            "Stripe's event cannot be read. If the endpoint sends “thin” events, make one that sends "
            "snapshots.",
            "Stripe 이벤트를 읽을 수 없습니다. 엔드포인트가 ‘thin’ 이벤트를 보내고 있다면 스냅샷 이벤트로 "
            "바꿔 주세요.",
        ),
        path="data.object",
    )


def _shown(body: bytes) -> dict[str, Any]:
    """Return what may be kept of an event: nothing of a card or a person."""
    sent: dict[str, Any] = msgspec.json.decode(body)
    about: dict[str, Any] = sent["data"]["object"]
    kept = {name: one for name, one in about.items() if name in _OBJECT and _is_plain(one)}
    event = {name: one for name, one in sent.items() if name in _EVENT and _is_plain(one)}
    return event | {"data": {"object": kept}}


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | bool)


def _payment(about: EventObject) -> str | None:
    """Return the payment that something belongs to: a charge, a refund or a dispute names it."""
    number = about.id if about.object == _PAYMENT else about.payment_intent
    return number if number and number.startswith("pi_") and len(number) <= _LONGEST else None
