"""Hostile and broken services on a real socket: nothing lasts for ever, and nothing fills the memory."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import pytest

from tillbridge.clock import SystemClock
from tillbridge.http import HttpClient, HttpSettings
from tillbridge.model.errors import Retryable

Say = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\n"
MIB = 1024 * 1024


class Service:
    """A service of one behaviour: it hears a request, does `say` with the connection and closes it.

    Without `say` it holds the connection and is silent.
    """

    def __init__(self, say: Say | None, *, hears: bool = True) -> None:
        self.connections = 0
        self._say = say or self._hold
        self._hears = hears
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def _serve(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                connection, _ = self._listener.accept()
                self.connections += 1
                self._threads.append(threading.Thread(target=self._answer, args=(connection,)))
                self._threads[-1].start()

    def _answer(self, connection: socket.socket) -> None:
        # The client hangs up when it has had enough; that is what is tested.
        with connection, suppress(OSError):
            connection.settimeout(3)
            if self._hears:
                connection.recv(65_536)
            self._say(connection)

    def drip(self, connection: socket.socket, text: bytes, *, every: float) -> None:
        """Send `text` again and again, byte by byte, until the client hangs up."""
        while not self._over.is_set():
            for at in range(len(text)):
                connection.sendall(text[at : at + 1])
                self._over.wait(every)

    def _hold(self, _connection: socket.socket) -> None:
        self._over.wait(3)

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    made: list[Service] = []

    def start(say: Say | None = None, *, hears: bool = True) -> Service:
        made.append(Service(say, hears=hears))
        return made[-1]

    yield start
    for service in made:
        service.stop()


def client(service: Service, *, scheme: str = "http", **limits: float) -> HttpClient:
    settings = HttpSettings(
        base_url=f"{scheme}://127.0.0.1:{service.port}",
        service="Locally",
        total_deadline=limits.get("deadline", 0.4),
        read_timeout=limits.get("read", 0.2),
        max_bytes=int(limits.get("max_bytes", MIB)),
        attempts=int(limits.get("attempts", 1)),
    )
    return HttpClient(settings, clock=SystemClock())


def seconds_until_given_up(asking: HttpClient, *, content: bytes | None = None) -> float:
    """Ask until the deadline and return how long that took."""
    begun = time.monotonic()
    ask = asking.get if content is None else partial(asking.post, content=content)
    with asking, pytest.raises(Retryable, match=r"Locally.*/orders"):
        ask("/orders")
    return time.monotonic() - begun


def test_a_body_that_drips_ends_at_the_deadline(serve: Callable[..., Service]) -> None:
    """Every byte comes well within the read timeout; only the total deadline can end it."""

    def say(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Length: 99999\r\n\r\n")
        service.drip(connection, b" ", every=0.02)

    service = serve(say)

    assert 0.35 < seconds_until_given_up(client(service)) < 2


def test_headers_that_drip_end_at_the_deadline(serve: Callable[..., Service]) -> None:
    def say(connection: socket.socket) -> None:
        connection.sendall(HEAD)
        service.drip(connection, b"X-Slow: 1\r\n", every=0.02)

    service = serve(say)

    assert 0.35 < seconds_until_given_up(client(service)) < 2


def test_chunks_slower_than_the_read_timeout_end_the_call(serve: Callable[..., Service]) -> None:
    def say(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Length: 99999\r\n\r\n")
        service.drip(connection, b" ", every=0.3)

    service = serve(say)

    assert seconds_until_given_up(client(service, deadline=4, read=0.1)) < 2


def test_a_read_timeout_beyond_the_deadline_does_not_stretch_it(serve: Callable[..., Service]) -> None:
    service = serve()

    assert 0.25 < seconds_until_given_up(client(service, deadline=0.3, read=20)) < 2


def test_silence_ends_at_the_deadline_over_all_tries(serve: Callable[..., Service]) -> None:
    service = serve()

    assert seconds_until_given_up(client(service, deadline=1.0, read=0.1, attempts=50)) < 2


def test_a_service_that_does_not_read_ends_at_the_deadline(serve: Callable[..., Service]) -> None:
    service = serve(hears=False)
    upload = b"x" * (32 * MIB)

    assert seconds_until_given_up(client(service, deadline=0.3, read=20), content=upload) < 2


def test_a_service_that_reads_drop_by_drop_ends_at_the_deadline(serve: Callable[..., Service]) -> None:
    def say(connection: socket.socket) -> None:
        while connection.recv(65_536):
            time.sleep(0.01)

    service = serve(say)
    upload = b"x" * (64 * MIB)

    assert seconds_until_given_up(client(service, deadline=0.3), content=upload) < 2


def test_an_endless_body_ends_at_the_size_allowed(serve: Callable[..., Service]) -> None:
    def say(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    with client(serve(say), deadline=5) as asking, pytest.raises(Retryable, match="larger than the 1 MiB"):
        asking.get("/orders")


def test_a_body_of_just_the_size_allowed_is_read(serve: Callable[..., Service]) -> None:
    service = serve(lambda connection: connection.sendall(HEAD + b"Content-Length: 9\r\n\r\n123456789"))

    with client(service, max_bytes=9) as asking:
        assert asking.get("/orders").content == b"123456789"


def test_a_gzip_bomb_ends_at_the_size_allowed(serve: Callable[..., Service]) -> None:
    """64 MiB of zeros come as some 64 KB, in one piece."""
    bomb = gzip.compress(bytes(64 * MIB))

    def say(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb)

    service = serve(say)

    with client(service, deadline=5) as asking, pytest.raises(Retryable, match="larger than the 1 MiB"):
        asking.get("/orders")


@pytest.mark.parametrize("part", [slice(0, -9), slice(0, 12)])
def test_a_packed_body_that_is_cut_off_is_no_answer(serve: Callable[..., Service], part: slice) -> None:
    """The connection's end is the body's end here, so only the packing shows that something is missing."""
    cut = gzip.compress(b'[{"id": 1}, {"id": 2}]')[part]

    def say(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n" + cut)

    with client(serve(say)) as asking, pytest.raises(Retryable, match="damaged or cut off"):
        asking.get("/orders")


def test_a_packed_body_that_is_damaged_is_no_answer(serve: Callable[..., Service]) -> None:
    service = serve(lambda connection: connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\nno gzip"))

    with client(service) as asking, pytest.raises(Retryable, match="damaged or cut off"):
        asking.get("/orders")


@pytest.mark.parametrize(
    "tail", [b"", b"\0" * 8, gzip.compress(b" and more")], ids=["alone", "padded", "in two members"]
)
def test_a_packed_body_is_unpacked(serve: Callable[..., Service], tail: bytes) -> None:
    """Zeros may follow the packed part, and so may another one."""
    body = gzip.compress(b"orders") + tail

    def say(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n")
        for at in range(len(body)):
            connection.sendall(body[at : at + 1])

    expected = b"orders and more" if tail.startswith(b"\x1f") else b"orders"
    with client(serve(say)) as asking:
        assert expected == asking.get("/orders").content


def test_a_packing_that_was_not_asked_for_is_refused(serve: Callable[..., Service]) -> None:
    packed = zlib.compress(b"orders")

    def say(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Encoding: deflate\r\n\r\n" + packed)

    with client(serve(say)) as asking, pytest.raises(Retryable, match="not asked for"):
        asking.get("/orders")


def test_a_body_shorter_than_announced_is_no_answer(serve: Callable[..., Service]) -> None:
    service = serve(lambda connection: connection.sendall(HEAD + b"Content-Length: 50\r\n\r\n[1, 2"))

    with client(service) as asking, pytest.raises(Retryable, match="broke off"):
        asking.get("/orders")


def test_what_is_no_http_is_no_answer(serve: Callable[..., Service]) -> None:
    service = serve(lambda connection: connection.sendall(b"220 mail.example ESMTP\r\n\r\n"))

    with client(service) as asking, pytest.raises(Retryable, match="broke off"):
        asking.get("/orders")


def test_no_tls_at_the_other_end_is_told(serve: Callable[..., Service]) -> None:
    service = serve(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))

    with (
        client(service, scheme="https", deadline=2) as asking,
        pytest.raises(Retryable, match=r"127\.0\.0\.1:\d+ answers, but not by https"),
    ):
        asking.get("/orders")


def test_nobody_listening_is_told(serve: Callable[..., Service]) -> None:
    service = serve(lambda _: None)
    service.stop()

    with client(service) as asking, pytest.raises(Retryable, match=r"127\.0\.0\.1:\d+ cannot be reached"):
        asking.get("/orders")


def test_a_lost_answer_to_a_post_is_not_asked_for_twice(serve: Callable[..., Service]) -> None:
    service = serve(lambda _: None)

    with client(service, attempts=4, deadline=2) as asking, pytest.raises(Retryable, match="broke off"):
        asking.post("/receipts", json={"id": 1})

    assert service.connections == 1


def test_a_lost_answer_to_a_get_is_asked_for_again(serve: Callable[..., Service]) -> None:
    def say(connection: socket.socket) -> None:
        if service.connections > 1:
            connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n[]")

    service = serve(say)

    with client(service, attempts=2, deadline=2) as asking:
        assert asking.get("/orders").json() == []


def test_a_connection_is_used_again(serve: Callable[..., Service]) -> None:
    def say(connection: socket.socket) -> None:
        for _ in range(2):
            connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n[]")
            connection.recv(65_536)

    service = serve(say)
    with client(service) as asking:
        asking.get("/orders")
        asking.get("/orders")

    assert service.connections == 1
