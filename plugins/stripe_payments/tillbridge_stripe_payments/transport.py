"""Asks Stripe, and turns what it refuses into words; the only module that uses the connection's client."""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import msgspec

from tillbridge.plugin import (
    Connection,
    HttpFailed,
    HttpRefused,
    HttpRejected,
    HttpResponse,
    Misconfigured,
    Rejected,
    Retryable,
    Words,
)
from tillbridge_stripe_payments import form, refusals
from tillbridge_stripe_payments.objects import Error, ErrorAnswer, Page
from tillbridge_stripe_payments.requests import Request

T = TypeVar("T")
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_FORBIDDEN: Final = 403
_BROKEN: Final = 500
_REPLAYED: Final = "Idempotent-Replayed"
# A day of the largest shop has fewer; a list that never ends must not keep a till busy.
_MOST_PAGES: Final = 500


class Refused(Rejected):
    """Stripe will not do this; `code` is why, in Stripe's own word, and `status` HTTP's number."""

    def __init__(self, said: Words, *, code: str, status: int) -> None:
        super().__init__(said)
        self.code = code
        self.status = status


class Unreadable(Retryable):
    """An answer is not what was asked for."""


class Forbidden(Misconfigured):
    """The key may not do this, or is none; `error` is what Stripe says, `status` HTTP's number."""

    def __init__(self, said: Words, *, error: Error, status: int) -> None:
        super().__init__(said)
        self.error = error
        self.status = status


class FailedForGood(Retryable):
    """Stripe broke at this request, and keeps that answer under its key: the same key never gets another."""


def ask(connection: Connection, request: Request, kind: type[T]) -> T:
    """Send a request and return its answer.

    Raises:
        Retryable: Stripe is away, busy or broken, or is working on the same payment.
        FailedForGood: as above, and the key is used up.
        Refused: Stripe says no.
        Forbidden: the key is none, or lacks a permission.
    """
    return read(_sent(connection, request), kind)


def pages(
    connection: Connection, first: Request, following: Callable[[str], Request], kind: type[T]
) -> Iterator[T]:
    """Yield everything on a list.

    Args:
        connection: to Stripe.
        first: asks for its first page.
        following: asks for the page behind the one whose last ID this is.
        kind: what the list holds; it has an `id`.

    Raises:
        As `ask`.
    """
    request = first
    for _ in range(_MOST_PAGES):
        page: Page[Any] = ask(connection, request, Page[kind])  # type: ignore[valid-type]  # made at run time
        yield from page.data
        if not page.has_more or not page.data:
            return
        request = following(page.data[-1].id)
    raise Retryable(
        Words(
            "Stripe's list does not end; it is read again later.",
            "Stripe 목록이 끝나지 않아 나중에 다시 읽습니다.",
        )
    )


def read(response: HttpResponse, kind: type[T]) -> T:
    """Return what an answer holds.

    Raises:
        Unreadable: it is not what was asked for.
    """
    try:
        return msgspec.json.decode(response.content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    # The parser's error quotes the answer; it does not go on.
    raise Unreadable(
        Words(
            f"Stripe's answer to {response.call} cannot be read: it is cut off, or not what was asked for "
            f"({len(response.content)} bytes). It is asked again later.",
            f"Stripe의 {response.call} 응답을 읽을 수 없습니다. 중간에 끊겼거나 요청한 내용이 아닙니다"
            f"({len(response.content)}바이트). 나중에 다시 요청합니다.",
        )
    )


def _sent(connection: Connection, request: Request) -> HttpResponse:
    try:
        if request.method == "GET":
            return connection.http.get(request.path, params=form.query(request.params))
        return connection.http.post(
            request.path, content=form.encoded(request.params), headers=_FORM, idempotency_key=request.key
        )
    except HttpRefused as refused:
        raised: Exception = _forbidden(refused.response)
    except HttpRejected as rejected:
        raised = _refused(rejected.response)
    except HttpFailed as failed:
        raised = _failed(failed)
    # Outside of the handlers: what Stripe answered, a card's digits among it, is not kept as the context.
    raise raised


def _error(response: HttpResponse) -> Error:
    try:
        return msgspec.json.decode(response.content, type=ErrorAnswer).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Error()


def _forbidden(response: HttpResponse) -> Forbidden:
    error = _error(response)
    lacks = response.status == _FORBIDDEN
    words = refusals.forbidden(error) if lacks else refusals.wrong_key()
    return Forbidden(words, error=error, status=response.status)


def _refused(response: HttpResponse) -> Refused:
    error = _error(response)
    return Refused(refusals.words_of(error), code=error.code or error.type, status=response.status)


def _failed(failed: HttpFailed) -> Retryable:
    replayed = failed.response.headers.get(_REPLAYED, "").lower() == "true"
    if failed.status >= _BROKEN and replayed:
        return FailedForGood(failed.words, until=failed.until)
    return failed
