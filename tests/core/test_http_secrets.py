"""No secret is shown, and none is sent to anybody but the service."""

import base64
import logging
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime

import httpx
import pytest
import respx
from pydantic import SecretStr

from tillbridge.http import HttpClient, HttpRejected, HttpSettings
from tillbridge.http.faults import HttpCause
from tillbridge.http.scrub import Scrubber
from tillbridge.model.errors import Misconfigured, ProviderError, Rejected, Retryable
from tillbridge.testing.clock import FrozenClock

HOST = "https://shop.example"
SECRET = "ck_9f/Planted Secret+7Q"
OAUTH = "tok-Planted-Oauth"
PASSWORD = "Planted:Pass wörd"
# Whatever form they take, in a URL, in JSON or in Basic: none of these may be seen.
BASIC = base64.b64encode(f"till:{PASSWORD}".encode()).decode()
TRACES = ("Planted", BASIC, BASIC[:12])


class Bearer(httpx.Auth):
    """Authentication that the client cannot look into."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {OAUTH}"
        yield request


def echo(request: httpx.Request) -> str:
    """Say everything that came, as a careless service does when it refuses."""
    headers = " ".join(f"{name}: {value}" for name, value in request.headers.items())
    values = " ".join(request.url.params.values())
    return f"{request.url} {headers} {values} {request.content.decode()} {SECRET}"


def refuse_plainly(request: httpx.Request) -> httpx.Response:
    """Say only the bare credentials, in no form that a pattern knows."""
    scheme, _, credentials = request.headers["Authorization"].partition(" ")
    return httpx.Response(422, text=f"{credentials} of {scheme} / {PASSWORD} is unknown")


def refuse(request: httpx.Request) -> httpx.Response:
    return httpx.Response(422, text=echo(request))


def away(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError(f"reset: {echo(request)}", request=request)


def closed(request: httpx.Request) -> httpx.Response:
    return httpx.Response(401, text=echo(request))


def broken(request: httpx.Request) -> httpx.Response:
    return httpx.Response(503, text=echo(request), headers={"X-Echo": OAUTH})


def moved(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(302, headers={"Location": f"https://planted:{OAUTH}@other.example/?key={OAUTH}"})


def settings(auth: httpx.Auth | None = None, base_url: str = HOST) -> HttpSettings:
    return HttpSettings(
        base_url=base_url,
        service="Locally",
        headers={"X-Shop-Key": SecretStr(SECRET), "Authorization": f"Token {OAUTH}"},
        auth=auth,
        secrets=[SecretStr(SECRET)],
    )


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 3, 1, 9, tzinfo=UTC))


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
def client(clock: FrozenClock) -> Iterator[HttpClient]:
    with HttpClient(settings(), clock=clock) as made:
        yield made


@pytest.mark.parametrize("answer", [refuse, away, closed, broken, moved])
@pytest.mark.parametrize("auth", [None, Bearer(), httpx.BasicAuth("till", PASSWORD)])
def test_a_planted_secret_is_shown_nowhere(
    clock: FrozenClock,
    web: respx.MockRouter,
    caplog: pytest.LogCaptureFixture,
    answer: Callable[[httpx.Request], httpx.Response],
    auth: httpx.Auth | None,
) -> None:
    caplog.set_level(logging.DEBUG)
    web.route().mock(side_effect=answer)
    client = HttpClient(settings(auth), clock=clock)

    with pytest.raises(ProviderError) as caught:
        client.post(
            f"/hooks/{SECRET}/orders",
            params={"consumer_secret": OAUTH, "ck": SecretStr(SECRET)},
            json={"password": OAUTH},
            idempotency_key="k",
        )

    error = caught.value
    shown = "\n".join(
        [
            *traceback.format_exception(error),
            repr(error),
            repr(error.__cause__),
            error.words.en,
            error.words.ko,
            repr(client),
            caplog.text,
            *(str(vars(record)) for record in caplog.records),
        ]
    )
    assert [trace for trace in TRACES if trace in shown] == []


def test_what_only_the_auth_knows_is_found(clock: FrozenClock, web: respx.MockRouter) -> None:
    web.route().mock(side_effect=refuse_plainly)
    client = HttpClient(
        HttpSettings(base_url=HOST, service="Locally", auth=httpx.BasicAuth("till", PASSWORD)), clock=clock
    )

    with pytest.raises(HttpRejected) as caught:
        client.get("/orders")

    assert caught.value.excerpt == "*** of Basic / *** is unknown"


def test_httpxs_own_error_is_not_kept(client: HttpClient, web: respx.MockRouter) -> None:
    """It holds the request, with its headers and its body, for whoever walks the chain."""
    web.route().mock(side_effect=away)

    with pytest.raises(Retryable) as caught:
        client.post("/orders")

    cause = caught.value.__cause__
    assert isinstance(cause, HttpCause)
    assert caught.value.__context__ is None
    assert (cause.__cause__, cause.__context__) == (None, None)


def test_an_excerpt_and_an_answers_repr_show_no_secret(client: HttpClient, web: respx.MockRouter) -> None:
    web.route().mock(side_effect=refuse)

    with pytest.raises(HttpRejected) as caught:
        client.get("/orders", params={"token": OAUTH})

    assert "Planted" not in caught.value.excerpt
    assert "Planted" not in repr(caught.value.response)
    assert "Planted" in caught.value.response.content.decode()


def test_no_repr_shows_a_secret(client: HttpClient) -> None:
    assert "Planted" not in repr(settings(httpx.BasicAuth("till", PASSWORD)))
    assert repr(client) == "<HttpClient Locally at shop.example>"


def test_foreign_logs_are_silent_during_a_call_only(
    client: HttpClient, web: respx.MockRouter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    web.get(f"{HOST}/orders").respond(json=[])

    client.get("/orders", params={"page": 3})
    httpx.get(f"{HOST}/orders", params={"page": 4})

    assert [record.getMessage() for record in caplog.records if record.name == "httpx"] == [
        'HTTP Request: GET https://shop.example/orders?page=4 "HTTP/1.1 200 OK"'
    ]


def test_retries_are_not_logged_by_stamina(
    client: HttpClient, web: respx.MockRouter, caplog: pytest.LogCaptureFixture
) -> None:
    web.get(f"{HOST}/orders").respond(503)

    with pytest.raises(Retryable):
        client.get("/orders")

    assert [record.name for record in caplog.records] == []


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/orders",
        "http://shop.example/orders",
        "https://shop.example:8443/orders",
        "https://shop.example.evil.example/",
        "https://till:x@shop.example/orders",
        "//evil.example/orders",
        "ftp://shop.example/orders",
        "mailto:staff@shop.example",
    ],
)
def test_another_host_is_never_asked(client: HttpClient, web: respx.MockRouter, path: str) -> None:
    everywhere = web.route().respond(json=[])

    with pytest.raises(Misconfigured, match=r"^Locally: .*shop\.example"):
        client.get(path)

    assert everywhere.call_count == 0


@pytest.mark.parametrize(
    "path", ["@evil.example/", "/@evil.example", "/\\evil.example", ":x@evil.example", "/../x"]
)
def test_a_path_stays_on_the_host(client: HttpClient, web: respx.MockRouter, path: str) -> None:
    everywhere = web.route().respond(json=[])

    client.get(path)

    assert everywhere.calls.last.request.url.host == "shop.example"


def test_a_whole_address_on_the_same_host_is_asked(client: HttpClient, web: respx.MockRouter) -> None:
    web.get(f"{HOST}/elsewhere?page=2").respond(json=[2])

    assert client.get("https://shop.example:443/elsewhere?page=2").json() == [2]


def test_an_id_that_no_address_can_hold_is_this_orders_fault(client: HttpClient) -> None:
    with pytest.raises(Rejected, match="Locally cannot be asked"):
        client.get("/orders/7\n8")


def test_a_redirect_on_the_same_host_is_followed(client: HttpClient, web: respx.MockRouter) -> None:
    web.get(f"{HOST}/orders").respond(301, headers={"Location": "/orders/"})
    web.get(f"{HOST}/orders/").respond(json=[1])

    assert client.get("/orders").json() == [1]


def test_a_redirected_post_keeps_its_body(client: HttpClient, web: respx.MockRouter) -> None:
    web.post(f"{HOST}/receipts").respond(307, headers={"Location": "/v2/receipts"})
    web.post(f"{HOST}/v2/receipts", content=b"one").respond(201)

    assert client.post("/receipts", content=b"one").status == 201


def test_a_post_is_not_turned_into_a_get(client: HttpClient, web: respx.MockRouter) -> None:
    web.post(f"{HOST}/receipts").respond(302, headers={"Location": "/login"})
    login = web.get(f"{HOST}/login").respond(200)

    with pytest.raises(HttpRejected):
        client.post("/receipts", content=b"one")

    assert login.call_count == 0


@pytest.mark.parametrize(("status", "kind"), [(301, Misconfigured), (308, Misconfigured), (302, Retryable)])
@pytest.mark.parametrize("target", ["https://evil.example/x", "http://shop.example/orders", "//evil.example"])
def test_a_redirect_elsewhere_is_not_followed(
    client: HttpClient, web: respx.MockRouter, status: int, kind: type[ProviderError], target: str
) -> None:
    web.get(f"{HOST}/orders").respond(status, headers={"Location": target})
    everywhere = web.route().respond(json=[])

    with pytest.raises(kind, match="credentials are not sent there"):
        client.get("/orders")

    assert everywhere.call_count == 0


def test_a_circle_of_redirects_ends(client: HttpClient, web: respx.MockRouter) -> None:
    route = web.get(f"{HOST}/orders").respond(302, headers={"Location": "/orders"})

    with pytest.raises(HttpRejected):
        client.get("/orders")

    assert route.call_count == 4


@pytest.mark.parametrize(
    "address",
    [
        "shop.example",
        "ftp://shop.example",
        "https://",
        "https://till:Planted@shop.example",
        "https://shop.example?key=Planted",
        "https://shop.example#x",
        "https://shop .example\n",
        "",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(Misconfigured, match=r"^Locally: the address") as caught:
        settings(base_url=address)

    assert "Planted" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("value", ["Planted\n", "Planted\r\nX: 1", "Planted키", " Planted", "Planted\x00"])
def test_a_key_that_http_cannot_carry_is_named_and_not_shown(client: HttpClient, value: str) -> None:
    with pytest.raises(Misconfigured, match="'X-Key'") as caught:
        client.get("/orders", headers={"X-Key": SecretStr(value)})

    assert "Planted" not in "".join(traceback.format_exception(caught.value))


def test_a_key_that_only_the_auth_knows_is_not_shown_when_it_cannot_be_sent(clock: FrozenClock) -> None:
    """h11 quotes the header that it refuses."""

    def network(request: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError(f"Illegal header value b'{OAUTH}'", request=request)

    client = HttpClient(settings(), clock=clock, transport=httpx.MockTransport(network))

    with pytest.raises(Misconfigured, match="cannot be sent as HTTP") as caught:
        client.get("/orders")

    assert "Planted" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "name",
    ["requests_per_second", "connect_timeout", "read_timeout", "total_deadline", "max_bytes", "attempts"],
)
def test_a_limit_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(Misconfigured, match=f"setting {name} is 0"):
        HttpSettings(base_url=HOST, service="Locally", **{name: 0})  # type: ignore[arg-type]  # one key, many types


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "see https://till:pw@shop.example/a?consumer_key=ck_1&x=2 now",
            "see https://***@shop.example/a?*** now",
        ),
        ('{"api_key": "abc", "code": 7}', '{"api_key": ***, "code": 7}'),
        ("password=hunter2; line 3", "password=***; line 3"),
        ("Authorization: Bearer abcdefghijkl.mnop", "Authorization: *** ***"),
        ("mail kim@example.com or call 010-1234-5678", "mail *** or call ***"),
        ("ring +82 10 1234 5678 today", "ring *** today"),
        ("session 0a1b2c3d4e5f6a7b8c9d0e1f2a3b ended", "session *** ended"),
        ("GTIN 04012345678901 of order 10023 is unknown", "GTIN 04012345678901 of order 10023 is unknown"),
        ("two\n lines\x00here", "two lines here"),
    ],
)
def test_what_looks_secret_or_personal_is_masked(text: str, expected: str) -> None:
    assert expected == Scrubber([]).clean(text)


@pytest.mark.parametrize(
    "unit", ["a", "a-", "a.a", "?", "?=", "token", "<", "<script ", "+1 ", "1a=", "a@", "01-"]
)
def test_a_text_made_to_be_slow_is_not(unit: str) -> None:
    """What goes back over a text once for each of its signs needs minutes; a busy machine does not count."""
    begun = time.thread_time()
    Scrubber([]).excerpt(unit.encode() * 40_000)

    assert time.thread_time() - begun < 5


def test_a_secret_that_begins_with_another_leaves_no_tail() -> None:
    assert Scrubber(["abc", "abcdef"]).literal("abcdef and abc") == "*** and ***"
