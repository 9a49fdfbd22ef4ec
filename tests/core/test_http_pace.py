"""Waiting: the service's wish (Retry-After), the agreed rate, and the clocks that both go by."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest
import respx

from tillbridge.clock import SystemClock
from tillbridge.http import HttpClient, HttpSettings
from tillbridge.model.errors import Retryable
from tillbridge.testing.clock import FrozenClock

BASE = "https://api.locally.example"
NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NINE)


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=BASE) as router:
        yield router


def client(clock: FrozenClock, *, per_second: float | None = None, deadline: float = 60.0) -> HttpClient:
    settings = HttpSettings(
        base_url=BASE, service="Locally", requests_per_second=per_second, total_deadline=deadline
    )
    return HttpClient(settings, clock=clock)


def busy(**headers: str) -> httpx.Response:
    return httpx.Response(429, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    "wish", ["7", "7.0", "Sun, 01 Mar 2026 09:00:07 GMT", "Sun, 01 Mar 2026 09:00:07 -0000"]
)
def test_a_short_wish_is_waited_for(clock: FrozenClock, web: respx.MockRouter, wish: str) -> None:
    web.get("/orders").mock(side_effect=[busy(Retry_After=wish), httpx.Response(200, json=[])])

    client(clock).get("/orders")

    assert clock.slept == [7.0]


def test_a_wish_is_told_rounded_up(clock: FrozenClock, web: respx.MockRouter) -> None:
    """Who comes back after the minute that was told would come too early."""
    web.get("/orders").mock(return_value=busy(Retry_After="100"))

    with pytest.raises(Retryable, match=r"left alone for 2 minutes\."):
        client(clock).get("/orders")


@pytest.mark.parametrize(
    ("wish", "until"),
    [
        ("11", NINE + timedelta(seconds=11)),
        ("3600", NINE + timedelta(hours=1)),
        ("Sun, 01 Mar 2026 10:30:00 GMT", NINE + timedelta(minutes=90)),
        ("99999999999999999999", NINE + timedelta(days=1)),
        ("9" * 400, NINE + timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NINE + timedelta(days=1)),
    ],
)
def test_a_long_wish_ends_the_call_at_once(
    clock: FrozenClock, web: respx.MockRouter, wish: str, until: datetime
) -> None:
    web.get("/orders").mock(side_effect=[busy(Retry_After=wish)])

    with pytest.raises(Retryable) as caught:
        client(clock).get("/orders")

    assert (until, []) == (caught.value.until, clock.slept)


@pytest.mark.parametrize(
    "wish", ["0", "-5", "soon", "", "nan", "inf", "1e9", "٣", "Mon, 01 Mar 1999 09:00:00 GMT", "32 Foo 2026"]
)
def test_a_senseless_wish_is_no_wish(clock: FrozenClock, web: respx.MockRouter, wish: str) -> None:
    answer = httpx.Response(503, headers=[(b"Retry-After", wish.encode())])
    web.get("/orders").mock(side_effect=[answer] * 4)

    with pytest.raises(Retryable) as caught:
        client(clock).get("/orders")

    assert (caught.value.until, len(clock.slept)) == (None, 3)


def test_a_date_is_read_against_the_services_own_clock(clock: FrozenClock, web: respx.MockRouter) -> None:
    """The service's clock is two hours ahead; 5 seconds by it are 5 seconds."""
    wish = busy(Date="Sun, 01 Mar 2026 11:00:00 GMT", Retry_After="Sun, 01 Mar 2026 11:00:05 GMT")
    web.get("/orders").mock(side_effect=[wish, httpx.Response(200, json=[])])

    client(clock).get("/orders")

    assert clock.slept == [5.0]


def test_a_post_that_must_not_be_repeated_says_until_when(clock: FrozenClock, web: respx.MockRouter) -> None:
    web.post("/receipts").mock(side_effect=[busy(Retry_After="5")])

    with pytest.raises(Retryable) as caught:
        client(clock).post("/receipts")

    assert NINE + timedelta(seconds=5) == caught.value.until


def test_a_wish_that_does_not_fit_into_the_deadline_ends_the_call(
    clock: FrozenClock, web: respx.MockRouter
) -> None:
    web.get("/orders").mock(side_effect=[busy(Retry_After="8")])

    with pytest.raises(Retryable):
        client(clock, deadline=8).get("/orders")

    assert clock.slept == []


def test_the_deadline_is_for_all_tries_together(clock: FrozenClock, web: respx.MockRouter) -> None:
    route = web.get("/orders").mock(side_effect=[busy(Retry_After="9")] * 4)

    with pytest.raises(Retryable):
        client(clock, deadline=20).get("/orders")

    assert (route.call_count, clock.monotonic()) == (3, 18.0)


def test_requests_keep_to_the_rate(clock: FrozenClock, web: respx.MockRouter) -> None:
    web.get("/orders").respond(json=[])
    asking = client(clock, per_second=4)

    for _ in range(3):
        asking.get("/orders")

    assert clock.slept == [0.25, 0.25]


def test_a_pause_earns_no_burst(clock: FrozenClock, web: respx.MockRouter) -> None:
    web.get("/orders").respond(json=[])
    asking = client(clock, per_second=4)
    asking.get("/orders")
    clock.advance(60)

    asking.get("/orders")
    asking.get("/orders")

    assert clock.slept == [0.25]


def test_tries_keep_to_the_rate_too(clock: FrozenClock, web: respx.MockRouter) -> None:
    web.get("/orders").mock(side_effect=[httpx.Response(503), httpx.Response(200, json=[])])

    client(clock, per_second=0.1).get("/orders")

    assert pytest.approx(clock.monotonic()) == 10.0


def test_a_rate_that_leaves_no_room_before_the_deadline_says_until_when(
    clock: FrozenClock, web: respx.MockRouter
) -> None:
    web.get("/orders").respond(json=[])
    asking = client(clock, per_second=0.01)
    asking.get("/orders")

    with pytest.raises(Retryable, match="rate limit") as caught:
        asking.get("/orders")

    assert (NINE + timedelta(seconds=100), []) == (caught.value.until, clock.slept)


def test_threads_share_the_rate(clock: FrozenClock, web: respx.MockRouter) -> None:
    """Eight requests at 10 a second hold the last one back for 0.7 seconds, whichever thread asks."""
    web.get("/orders").respond(json=[])
    asking = client(clock, per_second=10)
    threads = [threading.Thread(target=asking.get, args=("/orders",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert clock.monotonic() > 0.699


def test_the_system_clock_tells_utc_and_waits() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.01)
    clock.sleep(-1)

    assert clock.monotonic() - before >= 0.01
    assert timedelta(0) == clock.now().utcoffset()
    assert abs(clock.now().timestamp() - time.time()) < 5


def test_a_frozen_clock_moves_only_when_told() -> None:
    clock = FrozenClock(datetime(2026, 3, 1, 18, tzinfo=timezone(timedelta(hours=9))))
    clock.advance(1.5)
    clock.sleep(2)

    assert NINE + timedelta(seconds=3.5) == clock.now()
    assert (clock.monotonic(), clock.slept) == (3.5, [2])


def test_a_frozen_clock_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        FrozenClock(datetime(2026, 3, 1))  # noqa: DTZ001  # the missing zone is what is tested


def test_a_frozen_clock_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="back"):
        FrozenClock(NINE).advance(-1)
