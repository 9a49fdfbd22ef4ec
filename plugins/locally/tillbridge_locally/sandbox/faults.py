"""Faults on demand: what a service does to its clients on a bad day, at the sandbox's Locally door only."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, for the next request that it fits.

    Attributes:
        path: a part of the request's path that it waits for; "" fits every request.
        status: answer with this status instead of doing anything.
        retry_after: seconds, sent as `Retry-After` along with `status`.
        drop: "before" breaks the connection and does nothing; "after" does it and loses the answer.
        truncate: send only so many bytes of the true answer, as if it were whole.
        slow: wait so many seconds first.
    """

    path: str = ""
    status: int | None = None
    retry_after: int | None = None
    drop: Literal["before", "after"] | None = None
    truncate: int | None = None
    slow: float = 0.0


@dataclass(slots=True)
class Faults:
    """The faults that wait, and how slow every answer is."""

    queue: deque[Fault] = field(default_factory=deque)
    slow: float = 0.0

    def clear(self) -> None:
        """Let everything be well again."""
        self.queue.clear()
        self.slow = 0.0

    def next_for(self, path: str) -> Fault | None:
        """Take the first fault that fits a path."""
        for fault in self.queue:
            if fault.path in path:
                self.queue.remove(fault)
                return fault
        return None


class FaultyDoor:
    """ASGI middleware that lets the faults happen to whatever is asked below `prefix`."""

    def __init__(self, app: ASGIApp, *, faults: Faults, prefix: str) -> None:
        self._app = app
        self._faults = faults
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or spoil it."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        fault = self._faults.next_for(scope["path"]) or Fault()
        await asyncio.sleep(self._faults.slow + fault.slow)
        if fault.drop:
            if fault.drop == "after":
                await self._app(scope, receive, _nowhere)
            await send(
                _start(200, {"content-length": "1000"})
            )  # a promise that is not kept: the server hangs up
        elif fault.status is not None:
            headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
            await _answer(
                send, fault.status, headers, b'{"success":false,"msg":"sandbox fault","error_code":null}'
            )
        elif fault.truncate is not None:
            await self._cut(scope, receive, send, fault.truncate)
        else:
            await self._app(scope, receive, send)

    async def _cut(self, scope: Scope, receive: Receive, send: Send, length: int) -> None:
        sent: list[Message] = []

        async def keep(message: Message) -> None:  # ASGI wants a coroutine
            sent.append(message)

        await self._app(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in sent)
        await _answer(send, sent[0]["status"], {}, body[:length])


async def _nowhere(_message: Message) -> None:
    """Lose an answer."""


async def _answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    await send(
        _start(status, {"content-type": "application/json", "content-length": str(len(body)), **headers})
    )
    await send({"type": "http.response.body", "body": body})


def _start(status: int, headers: dict[str, str]) -> dict[str, Any]:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": pairs}
