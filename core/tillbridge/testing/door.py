"""A service's door that lets faults happen on demand, and its port that can be closed: for sandboxes."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

import uvicorn

from tillbridge.testing.faults import AnyFault, App, Message, Receive, Scope, Send

HOST: Final = "127.0.0.1"
_PATIENCE: Final = 1


@dataclass(slots=True)
class _Waiting:
    fault: AnyFault
    left: int


@dataclass(slots=True)
class Faults:
    """The faults that wait for a request, and how slow every answer is.

    Attributes:
        slow: seconds before every answer.
    """

    slow: float = 0.0
    _waiting: list[_Waiting] = field(default_factory=list)

    def add(self, fault: AnyFault) -> None:
        """Let a fault wait behind those that wait."""
        self._waiting.append(_Waiting(fault, fault.times))

    def clear(self) -> None:
        """Let everything be well again."""
        self._waiting.clear()
        self.slow = 0.0

    def waiting(self) -> list[AnyFault]:
        """Return what waits still."""
        return [one.fault for one in self._waiting]

    def next_for(self, path: str) -> AnyFault | None:
        """Take the first fault that fits a path."""
        for one in self._waiting:
            if one.fault.path in path:
                if one.left == 1:
                    self._waiting.remove(one)
                one.left -= 1
                return one.fault
        return None


class FaultyDoor:
    """ASGI middleware that lets the faults happen to whatever is asked below `prefix`, or any of them."""

    def __init__(self, app: App, *, faults: Faults, prefix: str | tuple[str, ...]) -> None:
        self._app = app
        self._faults = faults
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or spoil it."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        await asyncio.sleep(self._faults.slow)
        fault = self._faults.next_for(scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await fault.serve(self._app, scope, receive, send)


class DatedDoor:
    """ASGI middleware that dates every answer by a clock of the service's own.

    The server must not date it too: `Port(dated=False)` and `uvicorn.Config(date_header=False)` do not.

    Args:
        app: what answers.
        now: the service's clock, with its zone.
    """

    def __init__(self, app: App, *, now: Callable[[], datetime]) -> None:
        self._app = app
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._now().astimezone(UTC), usegmt=True)
                message["headers"] = [*message.get("headers", ()), (b"date", date.encode())]
            await send(message)

        await self._app(scope, receive, dated)


class _Server(uvicorn.Server):
    """A server beside another one, which the signals are for."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signals alone."""
        yield


class Port:
    """A port of this computer that an application is served on, and that can be closed and opened again.

    While it is closed, connections are refused as by a service that is not running; those that stood end.

    Args:
        number: the port; 0 takes a free one, and keeps it.
        dated: whether its answers have this computer's date; not where `DatedDoor` gives them one.

    Attributes:
        app: what is served, set before it is opened; its lifespan is run by whoever else serves it.
    """

    app: App

    def __init__(self, number: int = 0, *, dated: bool = True) -> None:
        self._dated = dated
        self._socket: socket.socket | None = socket.create_server((HOST, number))
        self._serving: tuple[_Server, asyncio.Task[None]] | None = None
        self.number: int = self._socket.getsockname()[1]

    async def open(self) -> None:
        """Serve; nothing happens where it is open."""
        if self._serving is not None:
            return
        listening = self._socket or socket.create_server((HOST, self.number))
        self._socket = None
        config = uvicorn.Config(
            self.app,
            log_level="critical",
            access_log=False,
            ws="none",
            lifespan="off",
            date_header=self._dated,
            timeout_graceful_shutdown=_PATIENCE,
        )
        server = _Server(config)
        self._serving = server, asyncio.create_task(server.serve(sockets=[listening]))
        await server.ready.wait()

    async def close(self) -> None:
        """Refuse; nothing happens where it is closed."""
        if self._serving is None:
            return
        server, task = self._serving
        self._serving = None
        server.should_exit = True
        await task
