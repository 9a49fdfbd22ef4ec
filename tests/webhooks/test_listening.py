"""The door itself, over real HTTP: one route, answered at once; slow, large and strange clients go away."""

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
from cryptography.fernet import Fernet

from orders import HELMET, order
from shop import Shop
from tillbridge.api import webhooks as api_webhooks
from tillbridge.api.serving import listening, read_address
from tillbridge.model.errors import InputError, Misconfigured, Retryable
from tillbridge.model.status import Status

pytestmark = pytest.mark.row("S1")
GOOD = {"Memory-Token": "open sesame"}


@pytest.fixture
def shop(sqlite_url, clock) -> Iterator[Shop]:
    shop = Shop(sqlite_url, clock, key=Fernet.generate_key().decode())
    shop.stock("P1", HELMET, 10)
    shop.customer("C1", "minsu@example.com")
    shop.connect()
    yield shop
    shop.close()


class Listener:
    """A listener on a free port, and a client that knocks there."""

    def __init__(self, shop: Shop, url: str, heard: list[str]) -> None:
        self.shop, self.url, self.heard = shop, url, heard
        self.path = shop.engine.open_webhook("web").path

    def post(self, path: str | None = None, **more) -> httpx.Response:
        values = {"json": {"orders": ["A1"]}, "headers": GOOD, **more}
        return httpx.post(self.url + (path or self.path), trust_env=False, **values)


@pytest.fixture
def listener(shop) -> Iterator[Listener]:
    heard: list[str] = []
    with listening(shop.engine, "127.0.0.1:0", heard.append, head_seconds=0.3) as url:
        yield Listener(shop, url, heard)


def test_a_webhook_is_answered_and_its_order_is_asked_for(listener):
    answer = listener.post()

    assert (200, b"", ["web"]) == (answer.status_code, answer.content, listener.heard)
    listener.shop.webstore.offer(order("A1"))
    listener.shop.engine.fetch_heard()
    assert Status.NEW is listener.shop.status("A1")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/webhooks/nobody", 404),
        ("POST", "/webhooks/", 404),
        ("POST", "/webhooks", 404),
        ("POST", "/", 404),
        ("GET", "/", 404),
        ("GET", "/docs", 404),
        ("GET", "/webhooks/nobody", 405),
        ("PUT", "/webhooks/nobody", 405),
        ("OPTIONS", "/webhooks/nobody", 405),
    ],
)
def test_nothing_else_is_served(listener, method, path, status):
    answer = httpx.request(method, listener.url + path, trust_env=False)

    assert status == answer.status_code


def test_an_address_that_is_nobodys_is_answered_like_a_page_that_there_is_not(listener):
    """Nor does a slash behind a good one lead there."""
    answers = [listener.post(path) for path in ("/webhooks/nobody", "/elsewhere", listener.path + "/")]

    assert 1 == len({(one.status_code, one.content, one.headers["content-type"]) for one in answers})


def test_a_good_address_tells_no_other_method_that_it_is_one(listener):
    answers = [
        httpx.get(listener.url + path, trust_env=False) for path in (listener.path, "/webhooks/nobody")
    ]

    assert 1 == len({(one.status_code, one.content) for one in answers})


def test_a_stranger_is_refused(listener):
    assert 401 == listener.post(headers={"Memory-Token": "guess"}).status_code
    assert [] == listener.heard


def test_what_cannot_be_read_is_told_to_the_sender(listener):
    assert 400 == listener.post(json=None, content=b"\xff").status_code


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Misconfigured("A secret is lacking."), 403),
        (Retryable("busy"), 503),
        (ZeroDivisionError(), 500),
    ],
)
def test_each_kind_of_error_has_its_status(listener, error, status):
    def fail(_):
        raise error

    listener.shop.webstore.before = fail

    answer = listener.post()

    assert status == answer.status_code
    assert "lacking" not in answer.text


def test_a_database_that_is_away_asks_the_webstore_to_try_again(listener, monkeypatch):
    def fail(*_):
        raise OSError("no disk")

    monkeypatch.setattr(listener.shop.engine, "receive_webhook", fail)

    answer = listener.post()

    assert (503, False) == (answer.status_code, "disk" in answer.text)


def test_a_body_beyond_the_limit_is_refused(listener):
    most = api_webhooks.MAX_BYTES

    assert 413 == listener.post(json=None, content=b" " * (most + 1)).status_code


def test_a_body_beyond_the_limit_is_refused_though_it_does_not_say_so(listener):
    """Chunk after chunk, without a length."""

    def endless():
        while True:
            yield b" " * 65_536

    try:
        status = listener.post(json=None, content=endless()).status_code
    except httpx.TransportError:  # it was cut off while it still sent
        status = 413

    assert 413 == status


def say(url: str, *parts: bytes) -> bytes:
    """Send bytes to a listener, then listen until it has closed."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        for part in parts:
            line.sendall(part)
        try:
            return b"".join(iter(lambda: line.recv(4096), b""))
        except ConnectionResetError:
            return b""


def test_a_client_that_says_nothing_is_cut_off(listener):
    assert b"" == say(listener.url)


def test_a_client_that_never_ends_its_head_is_cut_off(listener):
    assert b"" == say(listener.url, b"POST /webhooks/a HTTP/1.1\r\nHost: a\r\nX: ")


def test_a_client_that_never_ends_its_body_is_cut_off(listener, monkeypatch):
    """A webhooks handler of its own, since the limit is taken when the application is made."""
    monkeypatch.setattr(
        api_webhooks.Webhooks.__init__, "__kwdefaults__", {"max_bytes": 100, "body_seconds": 0.1}
    )
    head = f"POST {listener.path} HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n\r\n".encode()
    with listening(listener.shop.engine, "127.0.0.1:0", lambda _: None) as url:
        assert say(url, head, b"{").startswith(b"HTTP/1.1 408")


def test_it_is_answered_while_the_connection_is_being_polled(listener):
    """Neither the fetch nor the lock of the connection is waited for."""
    begun, go_on = threading.Event(), threading.Event()

    def hang(call):
        if call == "fetch_orders":
            begun.set()
            go_on.wait(60)

    listener.shop.webstore.offer(order("A9"))
    listener.shop.webstore.before = hang
    polling = threading.Thread(target=listener.shop.poll)
    polling.start()
    assert begun.wait(60)
    answer = listener.post()
    go_on.set()
    polling.join(60)

    assert 200 == answer.status_code


def test_a_listener_whose_wake_fails_takes_the_webhook_all_the_same(shop):
    def fail(_):
        raise ZeroDivisionError

    with listening(shop.engine, "127.0.0.1:0", fail) as url:
        assert 200 == Listener(shop, url, []).post().status_code
    assert ["web"] == shop.engine.webhooks_wanted()


def test_a_port_that_is_taken_is_told_in_words(listener, shop):
    address = listener.url.removeprefix("http://")

    with pytest.raises(InputError, match="cannot be listened at"), listening(shop.engine, address, print):
        pass


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("8080", "127.0.0.1", 8080),
        (":8080", "127.0.0.1", 8080),
        ("0.0.0.0:80", "0.0.0.0", 80),
        ("[::1]:9000", "::1", 9000),
    ],
)
def test_an_address_is_read(text, host, port):
    assert (host, port) == read_address(text)


@pytest.mark.parametrize("text", ["", "shop", "shop:", "shop:http", "127.0.0.1:70000", "127.0.0.1:٣"])
def test_what_is_no_address_is_told_in_words(text):
    with pytest.raises(InputError, match="no address to listen at"):
        read_address(text)


def test_the_listener_ends_with_its_block(shop):
    with listening(shop.engine, "127.0.0.1:0", print) as url:
        pass

    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)
