"""What a client makes of answers and faults: which are repeated, and which error they become."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
import respx
import stamina
from pydantic import SecretStr

from tillbridge.http import HttpClient, HttpRejected, HttpSettings
from tillbridge.model.errors import Misconfigured, ProviderError, Rejected, Retryable
from tillbridge.testing.clock import FrozenClock

BASE = "https://api.locally.example/v3"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 3, 1, 9, tzinfo=UTC))


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=BASE) as router:
        yield router


@pytest.fixture
def client(clock: FrozenClock) -> Iterator[HttpClient]:
    settings = HttpSettings(base_url=BASE, service="Locally", headers={"X-Api-Key": SecretStr("k-1")})
    with HttpClient(settings, clock=clock) as made:
        yield made


class Unconnected(httpx.BaseTransport):
    """A network that no connection can be made over, for the reason given."""

    def __init__(self, reason: Exception) -> None:
        self.reason = reason
        self.tries = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.tries += 1
        raise httpx.ConnectError("no connection", request=request) from self.reason


def no_tls() -> ssl.SSLError:
    """What OpenSSL says where plain HTTP answers."""
    error = ssl.SSLError(1, "x")
    error.reason = "WRONG_VERSION_NUMBER"
    return error


def test_an_answer_is_read_whole(client: HttpClient, web: respx.MockRouter) -> None:
    web.get("/orders", params={"page": "2"}).respond(json=[{"id": 7}], headers={"X-Total": "31"})

    answer = client.get("/orders", params={"page": 2})

    assert (answer.status, answer.json(), answer.headers["x-total"]) == (200, [{"id": 7}], "31")


def test_numbers_with_a_fraction_come_as_decimals(client: HttpClient, web: respx.MockRouter) -> None:
    web.get("/orders").respond(content=b'{"total": 62.6793}')

    assert {"total": Decimal("62.6793")} == client.get("orders").json()


def test_nothing_changed_is_an_answer(client: HttpClient, web: respx.MockRouter) -> None:
    web.get("/orders").respond(304)

    assert client.get("/orders", headers={"If-None-Match": '"a"'}).status == 304


def test_the_headers_of_settings_and_call_are_sent(client: HttpClient, web: respx.MockRouter) -> None:
    route = web.get("/orders").respond(json=[])

    client.get("/orders", headers={"X-Shop": SecretStr("12")})

    sent = route.calls.last.request.headers
    assert (sent["x-api-key"], sent["x-shop"], sent["accept-encoding"]) == ("k-1", "12", "gzip")


def test_a_query_in_the_path_and_params_are_joined(client: HttpClient, web: respx.MockRouter) -> None:
    route = web.get("/orders").respond(json=[])

    client.get("/orders?page=2", params={"status": ["open", "paid"]})

    assert f"{BASE}/orders?page=2&status=open&status=paid" == str(route.calls.last.request.url)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_passing_fault_is_tried_again(client: HttpClient, web: respx.MockRouter, status: int) -> None:
    web.get("/orders").mock(side_effect=[httpx.Response(status), httpx.Response(200, json=[])])

    assert client.get("/orders").json() == []


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("closed"),
    ],
)
def test_a_fault_of_the_network_is_tried_again(
    client: HttpClient, web: respx.MockRouter, error: Exception
) -> None:
    web.put("/stock").mock(side_effect=[error, error, httpx.Response(204)])

    assert client.put("/stock", json={"on_hand": 3}).status == 204


def test_the_waits_between_tries_grow(client: HttpClient, web: respx.MockRouter, clock: FrozenClock) -> None:
    web.get("/orders").respond(503)

    with pytest.raises(Retryable):
        client.get("/orders")

    first, second, third = clock.slept
    assert 0.5 <= first <= 0.75
    assert 1.0 <= second <= 1.5
    assert 2.0 <= third <= 3.0


def test_four_tries_are_all(client: HttpClient, web: respx.MockRouter) -> None:
    route = web.delete("/stock/1").respond(502)

    with pytest.raises(Retryable):
        client.delete("/stock/1")

    assert route.call_count == 4


@pytest.mark.parametrize("status", [501, 505, 520])
def test_a_fault_that_does_not_pass_by_itself_is_not_tried_again(
    client: HttpClient, web: respx.MockRouter, status: int
) -> None:
    route = web.get("/orders").respond(status)

    with pytest.raises(Retryable):
        client.get("/orders")

    assert route.call_count == 1


@pytest.mark.parametrize("fault", [httpx.ReadTimeout("slow"), httpx.WriteError("reset"), httpx.Response(503)])
def test_a_post_that_may_have_arrived_is_not_repeated(
    client: HttpClient, web: respx.MockRouter, fault: Exception | httpx.Response
) -> None:
    route = web.post("/receipts").mock(side_effect=[fault])

    with pytest.raises(Retryable):
        client.post("/receipts", json={"id": 1})

    assert route.call_count == 1


@pytest.mark.parametrize("fault", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")])
def test_a_post_that_was_never_sent_is_repeated(
    client: HttpClient, web: respx.MockRouter, fault: Exception
) -> None:
    web.post("/receipts").mock(side_effect=[fault, httpx.Response(201)])

    assert client.post("/receipts", json={"id": 1}).status == 201


def test_a_post_with_a_key_is_repeated_with_the_same_key(client: HttpClient, web: respx.MockRouter) -> None:
    route = web.post("/receipts").mock(side_effect=[httpx.ReadTimeout("slow"), httpx.Response(201)])

    client.post("/receipts", content=b"all of it", idempotency_key="order-7/accept/1")

    sent = [(call.request.headers["idempotency-key"], call.request.content) for call in route.calls]
    assert sent == [("order-7/accept/1", b"all of it")] * 2


def test_staminas_own_switch_turns_repeating_off(client: HttpClient, web: respx.MockRouter) -> None:
    route = web.get("/orders").respond(503)
    stamina.set_active(False)
    try:
        with pytest.raises(Retryable):
            client.get("/orders")
    finally:
        stamina.set_active(True)

    assert route.call_count == 1


@pytest.mark.parametrize(("status", "word"), [(401, "refused the credentials"), (403, "permission")])
def test_refused_credentials_stop_the_connection(
    client: HttpClient, web: respx.MockRouter, status: int, word: str
) -> None:
    route = web.get("/orders").respond(status)

    with pytest.raises(Misconfigured, match=rf"^Locally .*{word}.*connection's settings"):
        client.get("/orders")

    assert route.call_count == 1


@pytest.mark.parametrize("status", [400, 404, 405, 409, 410, 415, 422, 451])
def test_what_is_refused_for_good_has_its_status_and_answer(
    client: HttpClient, web: respx.MockRouter, status: int
) -> None:
    web.post("/receipts").respond(status, json={"code": "line_unknown"})

    with pytest.raises(HttpRejected) as caught:
        client.post("/receipts", json={"id": 1})

    assert (status, {"code": "line_unknown"}) == (caught.value.status, caught.value.response.json())


def test_a_refusal_says_who_what_and_why_in_both_languages(client: HttpClient, web: respx.MockRouter) -> None:
    web.post("/receipts").respond(422, text="<h1>Line 2</h1> is unknown")

    with pytest.raises(HttpRejected) as caught:
        client.post("/receipts", params={"v": 2}, json={"id": 1})

    words = caught.value.words
    assert words.en == (
        "Locally did not accept POST /v3/receipts (422). Somebody has to look at it. "
        'It said: "Line 2 is unknown"'
    )
    assert words.ko == (
        "Locally에서 POST /v3/receipts 요청을 받아들이지 않았습니다(422). 확인해 주세요. "
        '응답 내용: "Line 2 is unknown"'
    )


def test_a_refusals_excerpt_is_short(client: HttpClient, web: respx.MockRouter) -> None:
    web.get("/orders").respond(400, text="too much " * 100)

    with pytest.raises(HttpRejected) as caught:
        client.get("/orders")

    assert len(caught.value.excerpt) == 200


@pytest.mark.parametrize(
    ("fault", "english", "korean"),
    [
        (httpx.Response(429), "busy", "혼잡"),
        (httpx.Response(500), "fault of its own", "문제"),
        (httpx.ReadTimeout("x"), "does not answer", "응답하지 않습니다"),
        (httpx.RemoteProtocolError("x"), "broke off", "끊겼습니다"),
        (httpx.ConnectError("x"), "cannot be reached", "연결할 수 없습니다"),
    ],
)
def test_each_fault_has_its_words(
    client: HttpClient, web: respx.MockRouter, fault: Exception | httpx.Response, english: str, korean: str
) -> None:
    web.get("/orders").mock(side_effect=[fault] * 4)

    with pytest.raises(Retryable) as caught:
        client.get("/orders")

    words = caught.value.words
    assert english in words.en
    assert korean in words.ko
    for said in (words.en, words.ko):
        assert "Locally" in said
        assert "GET /v3/orders" in said


@pytest.mark.parametrize(
    ("reason", "english", "korean", "tries"),
    [
        (socket.gaierror(-2, "x"), "was not found", "찾지 못했습니다", 4),
        (ssl.SSLCertVerificationError("x"), "certificate was not accepted", "인증서", 1),
        (no_tls(), "answers, but not by https", "https가 아닙니다", 1),
        (ConnectionRefusedError(111, "x"), "it is there, and takes no connection", "연결을 받지 않습니다", 4),
        (TimeoutError("x"), "See whether the shop's internet works", "매장의 인터넷", 4),
    ],
)
def test_the_reason_for_no_connection_is_told(
    clock: FrozenClock, reason: Exception, english: str, korean: str, tries: int
) -> None:
    network = Unconnected(reason)
    client = HttpClient(HttpSettings(base_url=BASE, service="Locally"), clock=clock, transport=network)

    with pytest.raises(Retryable) as caught:
        client.get("/orders")

    assert english in caught.value.words.en
    assert korean in caught.value.words.ko
    assert tries == network.tries


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7:8899", "[fd00::7]:8899", "till.local", "localhost"])
def test_where_no_internet_leads_none_is_asked_about(clock: FrozenClock, host: str) -> None:
    network = Unconnected(TimeoutError("x"))
    settings = HttpSettings(base_url=f"http://{host}/", service="Locally")

    with pytest.raises(Retryable, match="an address in the shop's own network: see whether") as caught:
        HttpClient(settings, clock=clock, transport=network).get("/orders")

    assert f"{host} cannot be reached" in caught.value.words.en
    assert "internet" not in caught.value.words.en


@pytest.mark.parametrize(
    "content", [b'{"orders": [', b"", b"<html>Maintenance</html>", b"[NaN]", b"[" * 99_999]
)
def test_what_is_no_json_may_be_json_later(client: HttpClient, web: respx.MockRouter, content: bytes) -> None:
    web.get("/orders").respond(content=content)
    answer = client.get("/orders")

    with pytest.raises(Retryable, match=r"Locally answered GET /v3/orders with .* no complete JSON"):
        answer.json()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(httpx.Response(404), Rejected), (httpx.Response(503), Retryable), (httpx.ReadError("x"), Retryable)],
)
def test_every_error_is_raised_from_its_cause(
    client: HttpClient, web: respx.MockRouter, fault: Exception | httpx.Response, kind: type[ProviderError]
) -> None:
    web.post("/receipts").mock(side_effect=[fault])

    with pytest.raises(kind) as caught:
        client.post("/receipts")

    assert caught.value.__cause__ is not None


def test_an_outage_is_for_those_to_tell_who_know_whose_it_is(
    client: HttpClient, web: respx.MockRouter, caplog: pytest.LogCaptureFixture
) -> None:
    """The client raises; a connection's trouble is told by `tillbridge.troubles`, once."""
    caplog.set_level("INFO", logger="tillbridge.http")
    web.get("/orders").respond(503)

    with pytest.raises(Retryable):
        client.get("/orders")

    assert caplog.messages == []


def test_threads_share_a_client(client: HttpClient, web: respx.MockRouter) -> None:
    web.get("/orders").respond(json=[])
    seen: list[int] = []
    ask: Callable[[], None] = lambda: seen.append(client.get("/orders").status)  # noqa: E731  # shorter so
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [200] * 8


class Streamed:
    """A body in two pieces, which knows how often it was begun."""

    size = 6

    def __init__(self) -> None:
        self.begun = 0

    def __iter__(self) -> Iterator[bytes]:
        self.begun += 1
        yield b"all "
        yield b"of"


def test_a_streamed_body_says_its_length_and_is_read_anew_for_each_try(
    client: HttpClient, web: respx.MockRouter
) -> None:
    route = web.put("/feed")
    route.side_effect = [httpx.Response(503), httpx.Response(201)]
    body = Streamed()

    client.put("/feed", content=body)

    sent = [(call.request.headers["content-length"], call.request.content) for call in route.calls]
    assert [("6", b"all of"), ("6", b"all of")] == sent
    assert 2 == body.begun
