"""Takes Locally's webhooks: thin, one an item, with a token of the company's own in a header.

Published are the body (`upc`, `order_id`, `status`, `order_url`) and the header. Nothing of the body is
believed but which order it is about: that is fetched, from an address built from the connection's own.
"""

import hmac
from typing import Final

import msgspec

from tillbridge.plugin import (
    Connection,
    Misconfigured,
    PayloadError,
    Rejected,
    WebhookHint,
    WebhookRequest,
    WebhookResult,
    Words,
)
from tillbridge_locally.fetching import is_hash
from tillbridge_locally.settings import settings_of

HEADER: Final = "locally-webhook-token"


class _Event(msgspec.Struct):
    order_id: str


def receive(connection: Connection, request: WebhookRequest) -> WebhookResult:
    """Say which order an event is about.

    Raises:
        Misconfigured: the connection has no `webhook_token`.
        Rejected: the event has another one.
        PayloadError: it names no order.
    """
    _verify(connection, request)
    try:
        event = msgspec.json.decode(request.body, type=_Event)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable() from error
    if not is_hash(event.order_id):
        raise _unreadable()
    return WebhookResult(hints=(WebhookHint(event.order_id),))


def _verify(connection: Connection, request: WebhookRequest) -> None:
    token = settings_of(connection).webhook_token
    if token is None:
        raise Misconfigured(
            Words(
                en=(
                    "Locally sends webhooks, but the connection has no webhook_token to know them by. Enter "
                    "the one that Locally Station shows: --secret webhook_token=-"
                ),
                ko=(
                    "로컬리에서 웹훅을 보내지만 연결에 확인용 webhook_token이 없습니다. "
                    "로컬리 스테이션에 표시된 값을 입력해 주세요: --secret webhook_token=-"
                ),
            )
        )
    # Headers come as Latin-1, whatever was meant: the bytes are compared.
    given = request.headers.get(HEADER, "").encode("latin-1", "replace")
    if not hmac.compare_digest(given, token.get_secret_value().encode()):
        raise Rejected(
            Words(
                en=(
                    "A webhook came with another webhook_token than the connection's. If it was changed at "
                    "Locally, enter the new one: --secret webhook_token=-"
                ),
                ko=(
                    "연결의 webhook_token과 다른 값으로 웹훅이 왔습니다. 로컬리에서 값을 바꾸었다면 "
                    "새 값을 입력해 주세요: --secret webhook_token=-"
                ),
            )
        )


def _unreadable() -> PayloadError:
    words = Words(
        en="A webhook of Locally's names no order; it is kept. The poll finds the order.",
        ko=("로컬리 웹훅에 주문이 표시되어 있지 않습니다. 내용은 보관했고, 주문은 주기적 확인으로 찾습니다."),
    )
    return PayloadError(words, path="order_id")
