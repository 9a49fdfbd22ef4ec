"""Serves the application in a thread beside the runner: plain HTTP, for a reverse proxy to stand before.

A client that is slow to say what it wants is cut off, as is one that is slow to send it (`webhooks`): neither
may hold a place for long.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from tillbridge.api.app import make_app
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

HEAD_SECONDS: Final = 10.0
_IDLE_SECONDS: Final = 5
_AT_ONCE: Final = 64
_PATIENCE: Final = 5.0
_HIGHEST_PORT: Final = 65_535


@contextmanager
def listening(
    engine: Engine, address: str, heard: Callable[[str], None], *, head_seconds: float = HEAD_SECONDS
) -> Iterator[str]:
    """Serve until the end of the block; yield the address at which it can be reached.

    Args:
        engine: whose connections are reached.
        address: "HOST:PORT", or a port of this computer alone; port 0 takes a free one.
        heard: called with a connection's name once something is to be fetched for it.
        head_seconds: how long a client may take to say what it wants.

    Raises:
        InputError: the address is none, or cannot be listened at.
    """
    host, port = read_address(address)
    bound = _bound(host, port)
    config = uvicorn.Config(
        make_app(engine, heard),
        http=_patient_for(head_seconds),
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=int(_PATIENCE),
        limit_concurrency=_AT_ONCE,
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=([bound],), name="webhooks", daemon=True)
    thread.start()
    server.ready.wait(_PATIENCE)
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(2 * _PATIENCE)
        bound.close()


def read_address(text: str) -> tuple[str, int]:
    """Return host and port of "HOST:PORT", ":PORT" or "PORT"; without a host it is this computer alone.

    Raises:
        InputError: it is none.
    """
    host, _, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if port.isascii() and port.isdigit() and int(port) <= _HIGHEST_PORT:
        return host, int(port)
    raise InputError(
        Words(
            f"{text!r} is no address to listen at; an example is 127.0.0.1:8080.",
            f"{text!r}은(는) 수신 주소가 아닙니다. 예: 127.0.0.1:8080",
        )
    )


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise InputError(
            Words(
                f"{host}:{port} cannot be listened at: {why}. Choose another port or address, or end what "
                "listens there.",
                f"{host}:{port}에서 요청을 받을 수 없습니다({why}). 다른 포트나 주소를 지정하거나, "
                "그 포트를 사용하는 프로그램을 종료해 주세요.",
            )
        ) from None


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def _patient_for(seconds: float) -> type[H11Protocol]:
    """Return uvicorn's protocol, which itself waits for ever for a request to be said whole."""

    class Patient(H11Protocol):
        """The protocol, with a look at each connection from time to time."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._look_later()

        def _look_later(self) -> None:
            self.loop.call_later(seconds, self._look)

        def _look(self) -> None:
            """Cut off who has not said all that they want; what is served, or idle, has limits of its own."""
            if self.transport.is_closing():
                return
            idle = self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]
            cycle: Any = self.cycle  # none before the first request, whatever its type says
            if cycle is not None and (idle or not cycle.response_complete):
                self._look_later()
            else:
                self.transport.abort()

    return Patient


__all__ = ["listening", "read_address"]
