"""Credentials that are made for a request, or asked for first: tokens, and signatures of each request."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import respx
from pydantic import SecretStr

from tillbridge.http import (
    Door,
    HttpClient,
    HttpRefused,
    HttpSettings,
    KeptInMemory,
    Signature,
    Token,
)
from tillbridge.model.errors import Retryable
from tillbridge.testing.clock import FrozenClock

BASE = "https://shop.example/api"
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=BASE, assert_all_called=False) as router:
        yield router


class Source:
    """Gives the tokens t1, t2, …, each for an hour, and counts."""

    def __init__(self, lasts: timedelta | None = timedelta(hours=1)) -> None:
        self.given = 0
        self.refused: list[Token | None] = []
        self._lasts = lasts

    def __call__(self, door: Door, refused: Token | None) -> Token:
        self.given += 1
        self.refused.append(refused)
        until = None if self._lasts is None else door.now() + self._lasts
        headers = {"Authorization": SecretStr(f"Bearer t{self.given}")}
        return Token(headers=headers, expires_at=until)


def client(clock: FrozenClock, **settings: Any) -> HttpClient:
    return HttpClient(HttpSettings(base_url=BASE, service="Shop", **settings), clock=clock)


def sent(route: respx.Route) -> list[str]:
    return [call.request.headers["Authorization"] for call in route.calls]


def test_a_token_is_asked_for_once_and_signs_every_request(clock: FrozenClock, web: respx.MockRouter) -> None:
    source, route = Source(), web.get("/orders").respond(json=[])

    with client(clock, token=source) as http:
        http.get("orders")
        http.get("orders")

    assert (source.given, sent(route)) == (1, ["Bearer t1", "Bearer t1"])


def test_a_token_that_is_about_to_end_is_replaced_before_it_is_used(
    clock: FrozenClock, web: respx.MockRouter
) -> None:
    source, route = Source(), web.get("/orders").respond(json=[])

    with client(clock, token=source) as http:
        http.get("orders")
        clock.advance(59 * 60 + 31)
        http.get("orders")

    assert (source.refused, sent(route)) == ([None, None], ["Bearer t1", "Bearer t2"])


def test_a_token_that_is_refused_is_replaced_once_even_for_what_must_not_be_done_twice(
    clock: FrozenClock, web: respx.MockRouter
) -> None:
    source = Source(lasts=None)
    route = web.post("/orders").mock(side_effect=[httpx.Response(401), httpx.Response(201, json={})])

    with client(clock, token=source) as http:
        answer = http.post("orders", json={"id": 1})

    assert (answer.status, sent(route)) == (201, ["Bearer t1", "Bearer t2"])
    assert [call.request.content for call in route.calls] == [b'{"id":1}'] * 2


def test_a_fresh_token_that_is_refused_too_ends_the_call(clock: FrozenClock, web: respx.MockRouter) -> None:
    source, route = Source(), web.get("/orders").respond(401)

    with client(clock, token=source) as http, pytest.raises(HttpRefused):
        http.get("orders")

    assert (source.given, route.call_count) == (2, 2)


def test_threads_share_one_token(clock: FrozenClock, web: respx.MockRouter) -> None:
    source = Source()
    web.get("/orders").respond(json=[])

    with client(clock, token=source) as http:
        threads = [threading.Thread(target=http.get, args=("orders",)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert source.given == 1


def test_a_token_may_come_from_another_host_and_is_asked_for_without_credentials(
    clock: FrozenClock, web: respx.MockRouter
) -> None:
    login = web.post("https://login.example/token").respond(json={"token": "abc"})
    web.get("/orders").respond(json=[])

    def source(door: Door, _: Token | None) -> Token:
        with door.http("https://login.example") as http:
            token = http.post("token", json={}).json()["token"]
        return Token(headers={"X-Token": SecretStr(token)})

    with client(clock, token=source, headers={"X-Api-Key": SecretStr("k-1")}) as http:
        http.get("orders")

    assert "X-Api-Key" not in login.calls.last.request.headers


def test_what_asks_for_a_token_ends_with_the_call_that_needs_it(
    clock: FrozenClock, web: respx.MockRouter
) -> None:
    """Else a call would outlive what the outbox waits for after a worker died."""
    web.post("https://login.example/token").respond(503, headers={"Retry-After": "9"})

    def source(door: Door, _: Token | None) -> Token:
        with door.http("https://login.example") as http:
            http.send("POST", "token", repeatable=True)
        raise AssertionError("the login answers 503 only")

    with client(clock, token=source, total_deadline=20.0) as http, pytest.raises(Retryable):
        http.get("orders")

    assert clock.now() - NOW <= timedelta(seconds=20)


def test_a_token_that_a_service_repeats_in_an_error_is_not_shown(
    clock: FrozenClock, web: respx.MockRouter
) -> None:
    web.get("/orders").respond(400, text="what is s3cr3t?")

    def source(_: Door, __: Token | None) -> Token:
        return Token(headers={"X-Shop": SecretStr("s3cr3t")})

    with client(clock, token=source) as http, pytest.raises(Exception, match=r"what is \*\*\*") as raised:
        http.get("orders")

    assert "s3cr3t" not in str(raised.value)


def test_each_request_is_signed_as_it_is_sent(clock: FrozenClock, web: respx.MockRouter) -> None:
    seen = []

    def sign(method: str, url: str, now: datetime) -> Signature:
        seen.append((method, url, now))
        return Signature(params={"sig": f"n{len(seen)}"}, headers={"X-Date": "today"})

    route = web.get("/orders").mock(side_effect=[httpx.Response(503), httpx.Response(200, json=[])])

    with client(clock, sign=sign) as http:
        http.get("orders", params={"q": "a b"})

    assert [one[:2] for one in seen] == [("GET", "https://shop.example/api/orders?q=a+b")] * 2
    assert [dict(call.request.url.params) for call in route.calls] == [
        {"q": "a b", "sig": "n1"},
        {"q": "a b", "sig": "n2"},
    ]
    assert route.calls.last.request.headers["X-Date"] == "today"


def test_a_patch_is_repeated_only_if_twice_is_as_good_as_once(
    clock: FrozenClock, web: respx.MockRouter
) -> None:
    route = web.patch("/stock").respond(503)

    with client(clock) as http:
        with pytest.raises(Retryable):
            http.send("PATCH", "stock", content=b"{}")
        once = route.call_count
        with pytest.raises(Retryable):
            http.send("PATCH", "stock", content=b"{}", repeatable=True)

    assert (once, route.call_count) == (1, 5)


def test_what_is_kept_in_memory_shows_names_only() -> None:
    kept = KeptInMemory()
    with kept.alone():
        kept.put("oauth2", "s3cr3t")

    assert (repr(kept), kept.get("oauth2"), kept.get("other")) == ("KeptInMemory(oauth2)", "s3cr3t", None)
