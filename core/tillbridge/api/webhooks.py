"""`POST /webhooks/{token}`: taken in one commit, and answered at once."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tillbridge.engine import Engine
from tillbridge.model.errors import (
    Misconfigured,
    NotFound,
    PayloadError,
    PluginError,
    Rejected,
    TillbridgeError,
)
from tillbridge.model.webhooks import Headers, WebhookRequest
from tillbridge.troubles import unexpected
from tillbridge.webhooks import Received

MAX_BYTES: Final = 1024 * 1024
BODY_SECONDS: Final = 10.0
# Each holds a connection to the database for a moment; more would only wait for the same writer.
_AT_ONCE: Final = 4
_log = logging.getLogger("tillbridge.api")
# The first that fits counts; what is none of these is ours, and may pass: the webstore is to try again.
_STATUSES: Final[tuple[tuple[type[Exception], int], ...]] = (
    (NotFound, 404),
    (PayloadError, 400),
    (Rejected, 401),
    (Misconfigured, 403),
    (PluginError, 500),
    (Exception, 503),
)


class Webhooks:
    """Receives webhooks for an engine.

    Args:
        engine: whose connections they are for.
        heard: called with a connection's name once something is to be fetched for it.
        max_bytes: the longest body that is taken.
        body_seconds: how long a body may take to come.
    """

    def __init__(
        self,
        engine: Engine,
        heard: Callable[[str], None],
        *,
        max_bytes: int = MAX_BYTES,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._engine = engine
        self._heard = heard
        self._max_bytes = max_bytes
        self._body_seconds = body_seconds
        self._limiter = CapacityLimiter(_AT_ONCE)
        self._away = False

    async def receive(self, request: Request) -> Response:
        """Take a webhook. An address that is nobody's is answered as every other that there is not."""
        came = WebhookRequest(
            method=request.method,
            headers=Headers(request.headers.items()),
            body=await self._body(request),
            query=dict(request.query_params),
            received_at=self._engine.context.clock.now(),
        )
        take = partial(self._take, request.path_params["token"], came)
        return await to_thread.run_sync(take, limiter=self._limiter)

    async def _body(self, request: Request) -> bytes:
        """Read the body, as long and for as long as is allowed."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_seconds):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self._max_bytes:
                        raise HTTPException(413)
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        except ClientDisconnect:
            raise HTTPException(400) from None
        return bytes(body)

    def _take(self, token: str, came: WebhookRequest) -> Response:
        try:
            received = self._engine.receive_webhook(token, came)
        except Exception as error:  # noqa: BLE001  # the webstore is told something, whatever it is
            return self._refused(error)
        self._away = False
        self._wake(received)
        answer = received.response
        return Response(answer.body, status_code=answer.status, media_type=answer.content_type)

    def _wake(self, received: Received) -> None:
        if not received.wanted:
            return
        try:
            self._heard(received.connection)
        except Exception:  # noqa: BLE001  # it is kept: the next beat finds it
            _log.debug("nobody could be woken for %s", received.connection, exc_info=True)

    def _refused(self, error: Exception) -> Response:
        status = next(code for kind, code in _STATUSES if isinstance(error, kind))
        if status >= 500:  # noqa: PLR2004  # HTTP's own number: the fault is on our side
            said = error.words if isinstance(error, TillbridgeError) else unexpected(error)
            level = logging.DEBUG if self._away else logging.WARNING
            trace = None if isinstance(error, TillbridgeError) else error
            _log.log(level, "a webhook could not be taken: %s", said.en, exc_info=trace)
            self._away = True
        raise HTTPException(status)
