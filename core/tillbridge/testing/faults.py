"""What services do to their clients on a bad day: a small vocabulary that every sandbox can show on demand.

Each kind is an ASGI application around the true one. It knows nothing of what the service sells; what is
wrong with a service's own data (its list, its clock, its keys) is for the sandbox itself to show.
"""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Literal

import msgspec

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_MIB: Final = 1024 * 1024
_PIECE: Final = bytes(64 * 1024)
_PORTAL: Final = b"<!doctype html><title>Sign in</title><p>Welcome to the shop's wireless network.</p>"


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """One fault.

    Attributes:
        path: a part of the request's path that it waits for; "" fits every request.
        times: how many requests it spoils; 0 spoils every one until it is cleared.
    """

    path: str = ""
    times: int = 1

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        """Spoil a request."""
        raise NotImplementedError


class Status(Fault, tag="status", frozen=True):
    """It answers with a status and does nothing: a storm of 500, a rate limit with its wish for patience.

    Attributes:
        retry_after: sent as `Retry-After`, whatever it is: seconds, a date, or nonsense.
    """

    status: int = 503
    retry_after: int | str | None = None

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # the same for each kind
        """Answer with the status."""
        wish = {} if self.retry_after is None else {"retry-after": str(self.retry_after)}
        await _answer(send, self.status, wish, b'{"success":false,"msg":"sandbox fault"}')


class Drop(Fault, tag="drop", frozen=True):
    """It hangs up.

    Attributes:
        when: "before" it does anything; "during" the answer; "after" it did what was asked, unanswered.
    """

    when: Literal["before", "during", "after"] = "before"

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise an answer and break off: the server hangs up where an application ends too soon."""
        answer = _Answer() if self.when == "before" else await _true(app, scope, receive)
        await send(_start(200, {"content-length": str(len(answer.body) + 2)}))
        if self.when == "during":
            half = answer.body[: len(answer.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})


class Cut(Fault, tag="cut", frozen=True):
    """It sends the beginning of the true answer as if that were all.

    Attributes:
        length: how many bytes of it.
    """

    length: int = 40

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the beginning."""
        answer = await _true(app, scope, receive)
        await _answer(send, answer.status, {}, answer.body[: self.length])


class Drip(Fault, tag="drip", frozen=True):
    """It sends the true answer byte by byte, each in good time for a read timeout.

    Attributes:
        every: seconds between two bytes.
    """

    every: float = 0.02

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a byte, wait, send the next."""
        answer = await _true(app, scope, receive)
        await send(_start(answer.status, {"content-length": str(len(answer.body))}))
        async with _listener(receive) as listener:
            for at in range(len(answer.body)):
                if listener.done():
                    return
                await send(_more(answer.body[at : at + 1]))
                await asyncio.sleep(self.every)
        await send({"type": "http.response.body"})


class Endless(Fault, tag="endless", frozen=True):
    """Its answer never ends: it goes on until the other side hangs up."""

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # the same for each kind
        """Send, and send."""
        await send(_start(200, {}))
        async with _listener(receive) as listener:
            while not listener.done():
                await send(_more(_PIECE))
                await asyncio.sleep(0)


class Bomb(Fault, tag="bomb", frozen=True):
    """It sends a small packed answer that is huge when unpacked.

    Attributes:
        mebibytes: how huge.
    """

    mebibytes: int = 64

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # the same for each kind
        """Send zeros, packed."""
        packed = gzip.compress(bytes(self.mebibytes * _MIB), compresslevel=1)
        await _answer(send, 200, {"content-encoding": "gzip"}, packed)


class Encoding(Fault, tag="encoding", frozen=True):
    """It writes the true answer in letters that nobody expects, and says nothing of it.

    Attributes:
        letters: a name that Python knows: "cp949" (what old Korean shops write), "utf-16", "latin-1".
    """

    letters: str = "cp949"

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        """Write it anew; a letter that the encoding lacks becomes a question mark."""
        answer = await _true(app, scope, receive)
        await _answer(send, answer.status, {}, answer.body.decode().encode(self.letters, errors="replace"))


class Packing(Fault, tag="packing", frozen=True):
    """It says that the answer is packed when it is not.

    Attributes:
        packing: what it says: "gzip", or a way that was not asked for ("br").
    """

    packing: str = "gzip"

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the true answer under a wrong label."""
        answer = await _true(app, scope, receive)
        await _answer(send, answer.status, {"content-encoding": self.packing}, answer.body)


class Page(Fault, tag="page", frozen=True):
    """Something in between answers for it, a page of words with status 200: a wireless network's sign-in."""

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # the same for each kind
        """Send the page."""
        await _answer(send, 200, {"content-type": "text/html"}, _PORTAL)


class Slow(Fault, tag="slow", frozen=True):
    """It answers truly, but late.

    Attributes:
        seconds: how late.
    """

    seconds: float = 1.0

    async def serve(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then do what was asked."""
        await asyncio.sleep(self.seconds)
        await app(scope, receive, send)


AnyFault = Status | Drop | Cut | Drip | Endless | Bomb | Encoding | Packing | Page | Slow
KINDS: Final[Sequence[type[Fault]]] = (
    Status,
    Drop,
    Cut,
    Drip,
    Endless,
    Bomb,
    Encoding,
    Packing,
    Page,
    Slow,
)


class FaultTextError(ValueError):
    """What was given is no fault; the message says what is."""


def fault_of(data: Any) -> AnyFault:
    """Make a fault of `{"kind": "status", "status": 503, "path": "/orders", "times": 0}`.

    Raises:
        FaultTextError: there is no such kind, or it has no such part.
    """
    try:
        fault: AnyFault = msgspec.convert(data, AnyFault, strict=False)
    except msgspec.ValidationError as error:
        raise FaultTextError(f"{error}. There are: {usage()}") from None
    return fault


def fault_of_text(text: str) -> AnyFault:
    """Make a fault of what a command line says: `status:status=429,retry_after=60,times=0`.

    Raises:
        FaultTextError: there is no such kind, or it has no such part.
    """
    kind, _, parts = text.partition(":")
    # A date among the values holds a comma of its own.
    pairs = [part.partition("=") for part in re.split(r",(?=\w+=)", parts) if part]
    return fault_of({"kind": kind, **{name.strip(): value for name, _, value in pairs}})


def usage() -> str:
    """Name every kind with its parts."""
    return "; ".join(_usage(kind) for kind in KINDS) + "; and for each: path, times (0: until cleared)"


def _usage(kind: type[Fault]) -> str:
    shared = {field.name for field in msgspec.structs.fields(Fault)}
    own = [
        f"{field.name}={field.default}" for field in msgspec.structs.fields(kind) if field.name not in shared
    ]
    return f"{kind.__struct_config__.tag}{':' if own else ''}{','.join(own)}"


class _Answer(msgspec.Struct):
    """An answer that was held back."""

    status: int = 200
    body: bytes = b""


async def _true(app: App, scope: Scope, receive: Receive) -> _Answer:
    """Let the application do what was asked, and hold its answer back."""
    answer = _Answer()

    async def hold(message: Message) -> None:  # ASGI wants a coroutine
        answer.status = message.get("status", answer.status)
        answer.body += message.get("body", b"")

    await app(scope, receive, hold)
    return answer


@asynccontextmanager
async def _listener(receive: Receive) -> AsyncIterator["asyncio.Task[None]"]:
    """Listen beside the sending; the task is done when the other side has hung up."""

    async def hang_up() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    task = asyncio.create_task(hang_up())
    try:
        yield task
    finally:
        task.cancel()


async def _answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    usual = {"content-type": "application/json", "content-length": str(len(body))}
    await send(_start(status, usual | headers))
    await send({"type": "http.response.body", "body": body})


def _start(status: int, headers: dict[str, str]) -> Message:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": pairs}


def _more(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}
