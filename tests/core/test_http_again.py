"""A service that says itself whether the same may be tried again is heeded, and its whole answer is kept."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest
import respx

from tillbridge.http import HttpClient, HttpFailed, HttpRefused, HttpRejected, HttpResponse, HttpSettings
from tillbridge.testing.clock import FrozenClock

BASE = "https://pay.example"
Connect = Callable[[Callable[[HttpResponse], bool | None]], HttpClient]


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=BASE) as router:
        yield router


@pytest.fixture
def connect() -> Iterator[Connect]:
    made: list[HttpClient] = []

    def client(again: Callable[[HttpResponse], bool | None]) -> HttpClient:
        settings = HttpSettings(base_url=BASE, service="Pay", again=again)
        made.append(HttpClient(settings, clock=FrozenClock(datetime(2026, 3, 1, 9, tzinfo=UTC))))
        return made[-1]

    yield client
    for one in made:
        one.close()


def test_what_the_service_wants_again_is_tried_again(connect: Connect, web: respx.MockRouter) -> None:
    web.post("/take").mock(side_effect=[httpx.Response(409), httpx.Response(200, json={})])

    assert connect(lambda _: True).post("/take", idempotency_key="k").json() == {}


def test_what_the_service_does_not_want_again_is_left_for_later(
    connect: Connect, web: respx.MockRouter
) -> None:
    route = web.post("/take").respond(503)

    with pytest.raises(HttpFailed) as failed:
        connect(lambda _: False).post("/take", idempotency_key="k")

    assert (route.call_count, failed.value.status) == (1, 503)


def test_a_refusal_that_is_to_be_tried_again_is_none_for_good(
    connect: Connect, web: respx.MockRouter
) -> None:
    web.post("/take").respond(409, headers={"X-Said": "in use"})

    with pytest.raises(HttpFailed) as failed:
        connect(lambda _: True).post("/take", idempotency_key="k")

    assert failed.value.response.headers["x-said"] == "in use"


def test_where_the_service_says_nothing_the_usual_rules_hold(connect: Connect, web: respx.MockRouter) -> None:
    web.get("/busy").mock(side_effect=[httpx.Response(429), httpx.Response(200, json=[])])
    web.get("/wrong").respond(400)
    client = connect(lambda _: None)

    assert client.get("/busy").json() == []
    with pytest.raises(HttpRejected):
        client.get("/wrong")


def test_a_post_without_a_key_is_not_repeated_whatever_the_service_says(
    connect: Connect, web: respx.MockRouter
) -> None:
    route = web.post("/take").respond(500)

    with pytest.raises(HttpFailed):
        connect(lambda _: True).post("/take")

    assert route.call_count == 1


def test_what_is_said_of_refused_credentials_is_kept(connect: Connect, web: respx.MockRouter) -> None:
    web.get("/account").respond(403, json={"error": "no right"})

    with pytest.raises(HttpRefused) as refused:
        connect(lambda _: None).get("/account")

    assert (refused.value.status, refused.value.response.json()) == (403, {"error": "no right"})
