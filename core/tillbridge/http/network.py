"""What lies below httpx: one TLS context, a deadline on every byte, and silence in foreign logs."""

import functools
import logging
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import httpcore
import httpx

from tillbridge.clock import Clock

# A write is checked against the deadline this often, so that a peer that reads slowly cannot stretch it.
_PIECE: Final = 16 * 1024
_CONNECTIONS: Final = 10
# These write whole URLs, headers and answers: at INFO (httpx), WARNING (stamina) and DEBUG (httpcore).
_TALKATIVE: Final = (
    "httpx",
    "stamina",
    *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")),
)


class Deadline:
    """The moment after which a call sends and awaits nothing more, by the injected clock."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that remain; zero or less when it is over."""
        return self._end - self._clock.monotonic()


_current: ContextVar[Deadline | None] = ContextVar("tillbridge_http_deadline", default=None)


@contextmanager
def under(deadline: Deadline) -> Iterator[None]:
    """Hold everything that this thread sends and reads to `deadline`, and keep it out of foreign logs."""
    before = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(before)


def current() -> Deadline | None:
    """Return the deadline of the call that runs in this thread, or None."""
    return _current.get()


def hush() -> None:
    """Keep the records that our own calls cause out of the logs of httpx, httpcore and stamina.

    A host program's own use of these libraries is still logged: a record is dropped only while one of
    our calls runs in the same context, whatever level or handler the host has set.
    """
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_outside_a_call)  # adding it twice changes nothing


def _outside_a_call(_record: logging.LogRecord) -> bool:
    return _current.get() is None


@functools.cache
def ssl_context() -> ssl.SSLContext:
    """Return the process's one TLS context; loading the authorities takes some 20 ms, so it happens once."""
    return httpx.create_ssl_context()


def transport() -> httpx.BaseTransport:
    """Return a pooled transport that holds every connection, write and read to the current deadline."""
    return _Transport()


class _Transport(httpx.HTTPTransport):
    def __init__(self) -> None:
        super().__init__(verify=ssl_context())
        # httpx has no door for a network backend, and its own timeouts start anew with every read: headers
        # that drip in would hold a call for ever. test_http_limits.py fails if `_pool` goes another way.
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context(),
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_CONNECTIONS,
            keepalive_expiry=5.0,
            network_backend=_Backend(),
        )


class _Backend(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        bounded = _bounded(timeout, httpcore.ConnectTimeout)
        return _Stream(super().connect_tcp(host, port, bounded, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _bounded(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], _bounded(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        bounded = _bounded(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, bounded))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _bounded(timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    deadline = _current.get()
    if deadline is None:
        return timeout
    left = deadline.left()
    if left <= 0:
        raise late("the call's deadline is over")
    return left if timeout is None else min(timeout, left)
