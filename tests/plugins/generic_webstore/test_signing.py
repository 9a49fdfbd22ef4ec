"""How requests are signed: known answers, and tokens that are made, kept and renewed."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx

from plugins.generic_webstore.connecting import NOW, ORDER, connected
from tillbridge.http import KeptInMemory
from tillbridge.plugin import HttpRefused, Misconfigured, Retryable
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.signing import naver, oauth1

BASE = "https://shop.example/api"
SECRETS = {"key": "k-1", "secret": "s-1"}
ORDERS = {"get": "orders", "query": {"since": "{since}"}, "rows": "[]"}


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


def profile(auth: str, **connect: Any) -> Profile:
    settings = {name: {"ask": name, "secret": True} for name in SECRETS}
    table = {"base": "https://shop.example/api", **tomllib.loads(f"auth = {auth}"), **connect}
    return Profile.model_validate({**ORDER, "settings": settings, "connect": table, "orders": ORDERS})


def asked(web: respx.MockRouter, made: Profile, clock: FrozenClock) -> httpx.Request:
    """Poll once, and return the request for orders."""
    route = web.get(url__startswith=f"{BASE}/orders").respond(json=[])
    with connected(made, SECRETS, clock) as one:
        one.poll()
    return route.calls.last.request


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ('{ basic = ["{key}", "{secret}"] }', "Authorization", "Basic ay0xOnMtMQ=="),
        ('{ bearer = "{key}" }', "Authorization", "Bearer k-1"),
        ('{ header = { X-Auth-Token = "t {key}" } }', "X-Auth-Token", "t k-1"),
    ],
)
def test_a_header_signs(
    web: respx.MockRouter, clock: FrozenClock, auth: str, header: str, value: str
) -> None:
    assert asked(web, profile(auth), clock).headers[header] == value


def test_a_key_in_the_query_signs(web: respx.MockRouter, clock: FrozenClock) -> None:
    request = asked(web, profile('{ query = { api_key = "{key}" } }'), clock)

    assert dict(request.url.params) == {"since": "2026-03-01T08:59:58Z", "api_key": "k-1"}


def test_a_session_is_kept_by_its_cookie(web: respx.MockRouter, clock: FrozenClock) -> None:
    """Of the cookies that an answer sets, by the one that is the session, without what stands behind it."""
    cookies = [("Set-Cookie", "lang=de; Path=/"), ("Set-Cookie", "session_id=abc.1; HttpOnly; Path=/")]
    login = web.post(f"{BASE}/login").mock(return_value=httpx.Response(200, json={}, headers=cookies))
    auth = '{ login = { post = "login", body = { user = "{key}" }, token_cookie = "session_id" } }'

    request = asked(web, profile(auth), clock)

    assert request.headers["Cookie"] == "session_id=abc.1"
    assert json.loads(login.calls.last.request.content) == {"user": "k-1"}


def test_a_login_without_the_session_s_cookie_is_refused(web: respx.MockRouter, clock: FrozenClock) -> None:
    web.post(f"{BASE}/login").respond(json={}, headers={"Set-Cookie": "lang=de"})
    auth = '{ login = { post = "login", token_cookie = "session_id" } }'

    with pytest.raises(Misconfigured, match="did not let the connection log in"):
        asked(web, profile(auth), clock)


def test_a_public_client_has_no_secret_and_its_token_goes_where_the_webstore_wants_it(
    web: respx.MockRouter, clock: FrozenClock
) -> None:
    token = web.post("https://id.example/token").respond(json={"access_token": "t-2", "expires_in": 3600})
    auth = (
        '{ oauth2 = { token_url = "https://id.example/token", client_id = "{key}", '
        'refresh_token = "{secret}", client_in = "body", '
        'send = { X-Access-Token = "{token}", X-Key = "{key}" } } }'
    )

    request = asked(web, profile(auth), clock)

    assert (request.headers["X-Access-Token"], request.headers["X-Key"]) == ("t-2", "k-1")
    assert "Authorization" not in request.headers
    assert token.calls.last.request.content == b"grant_type=refresh_token&refresh_token=s-1&client_id=k-1"


def test_oauth_1_signs_as_its_description_has_it() -> None:
    """The base string of RFC 5849, 3.4.1.1, which names all parts; its signature with SHA-256."""
    url = "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2=&a3=2+q"
    oauth = {
        "oauth_consumer_key": "9djdj82h48djs9d2",
        "oauth_token": "kkk9d7dh3k39sjv7",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131201",
        "oauth_nonce": "7d8f3e4a",
    }

    made = oauth1.base_string("post", url, oauth)

    assert made == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D"
        "%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a"
        "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_naver_s_signature_is_bcrypt_over_id_and_time() -> None:
    """A known answer (facts/korea.md)."""
    made = naver.sign("aaaabbbb", "$2a$04$abcdefghijklmnopqrstuu", "1643956077762")

    assert made == "JDJhJDA0JGFiY2RlZmdoaWprbG1ub3BxcnN0dXU5NmhTSlZ2WnNKNmlWMFBTNm43M3IydzdzNG5JUmd1"


NAVER = {
    **ORDER,
    "settings": {name: {"ask": name, "secret": True} for name in ("client_id", "client_secret")},
    "connect": {"base": BASE, "auth": {"python": "naver"}},
    "orders": ORDERS,
}
NAVER_SETTINGS = {"client_id": "aaaabbbb", "client_secret": "$2a$04$abcdefghijklmnopqrstuu"}


def test_a_profile_may_name_an_authentication_that_a_package_provides(
    web: respx.MockRouter, clock: FrozenClock
) -> None:
    token = web.post("https://api.commerce.naver.com/external/v1/oauth2/token").respond(
        json={"access_token": "n-1", "expires_in": 10800, "token_type": "Bearer"}
    )
    route = web.get(url__startswith=f"{BASE}/orders").respond(json=[])

    with connected(Profile.model_validate(NAVER), NAVER_SETTINGS, clock) as one:
        one.poll()
        one.poll()

    request = token.calls.last.request
    form = httpx.QueryParams(request.content.decode())
    assert (token.call_count, request.url.query) == (1, b"")
    assert (form["type"], form["timestamp"]) == ("SELF", str(int(NOW.timestamp() * 1000)))
    assert route.calls.last.request.headers["Authorization"] == "Bearer n-1"


def test_a_secret_that_is_no_salt_is_said_to_be_none(web: respx.MockRouter, clock: FrozenClock) -> None:
    settings = {**NAVER_SETTINGS, "client_secret": "plain"}

    with (
        connected(Profile.model_validate(NAVER), settings, clock) as one,
        pytest.raises(Misconfigured, match="begins with"),
    ):
        one.poll()


CLIENT = (
    '{ oauth2 = { token_url = "https://login.example/token", client_id = "{key}", '
    'client_secret = "{secret}" } }'
)


def test_client_credentials_are_asked_for_when_they_end(web: respx.MockRouter, clock: FrozenClock) -> None:
    token = web.post("https://login.example/token").mock(
        side_effect=[
            httpx.Response(200, json={"access_token": f"a{one}", "expires_in": 3600}) for one in (1, 2)
        ]
    )
    route = web.get(url__startswith=f"{BASE}/orders").respond(json=[])

    with connected(profile(CLIENT), SECRETS, clock) as one:
        one.poll()
        clock.advance(3600)
        one.poll()

    assert token.calls[0].request.content == b"grant_type=client_credentials"
    assert token.calls[0].request.headers["Authorization"] == "Basic ay0xOnMtMQ=="
    assert [call.request.headers["Authorization"] for call in route.calls] == ["Bearer a1", "Bearer a2"]


def test_a_client_that_is_refused_a_token_has_to_be_mended(web: respx.MockRouter, clock: FrozenClock) -> None:
    web.post("https://login.example/token").respond(400, json={"error": "invalid_client s-1"})

    with (
        connected(profile(CLIENT), SECRETS, clock) as one,
        pytest.raises(Misconfigured, match="refused to give an access token") as raised,
    ):
        one.poll()

    assert "s-1" not in str(raised.value)


CAFE24 = (
    '{ oauth2 = { token_url = "https://mall.example/oauth/token", client_id = "app", '
    'client_secret = "{secret}", refresh_token = "{key}" } }'
)


class Cafe24:
    """A token endpoint whose refresh tokens die with their use; times without a zone."""

    def __init__(self, web: respx.MockRouter) -> None:
        self.living, self.count = "k-1", 0
        self.route = web.post("https://mall.example/oauth/token").mock(side_effect=self._answer)
        web.get(url__startswith=f"{BASE}/orders").mock(side_effect=self._orders)
        self.access: set[str] = set()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        form = httpx.QueryParams(request.content.decode())
        if form["refresh_token"] != self.living:
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.count += 1
        self.living = f"r{self.count}"
        self.access = {f"Bearer a{self.count}"}
        times = {"issued_at": "2026-03-01T18:00:00.000", "expires_at": "2026-03-01T20:00:00.000"}
        given = {"access_token": f"a{self.count}", "refresh_token": self.living}
        return httpx.Response(200, json={**given, **times})

    def _orders(self, request: httpx.Request) -> httpx.Response:
        known = request.headers["Authorization"] in self.access
        return httpx.Response(200 if known else 401, json=[])


def test_a_refresh_token_that_changes_is_kept_over_restarts(
    web: respx.MockRouter, clock: FrozenClock
) -> None:
    mall, kept = Cafe24(web), KeptInMemory()

    for _ in range(3):
        with connected(profile(CAFE24), SECRETS, clock, kept=kept) as one:
            one.poll()
        clock.advance(2 * 3600)

    assert (mall.count, mall.living) == (3, "r3")


def test_whoever_comes_second_uses_the_token_that_the_first_has_brought(
    web: respx.MockRouter, clock: FrozenClock
) -> None:
    mall, kept = Cafe24(web), KeptInMemory()

    for _ in range(2):
        with connected(profile(CAFE24), SECRETS, clock, kept=kept) as one:
            one.poll()

    assert mall.count == 1


def test_a_token_that_the_webstore_has_forgotten_is_refreshed_once(
    web: respx.MockRouter, clock: FrozenClock
) -> None:
    mall, kept = Cafe24(web), KeptInMemory()
    with connected(profile(CAFE24), SECRETS, clock, kept=kept) as one:
        one.poll()
        mall.access = set()

        one.poll()

    assert mall.count == 2


def test_a_refresh_token_that_is_entered_anew_goes_before_the_one_that_was_kept(
    web: respx.MockRouter, clock: FrozenClock
) -> None:
    """Once the old chain has broken, only a new consent helps."""
    mall, kept = Cafe24(web), KeptInMemory()
    with connected(profile(CAFE24), SECRETS, clock, kept=kept) as one:
        one.poll()
    mall.living = "k-2"
    clock.advance(2 * 3600)

    with connected(profile(CAFE24), {**SECRETS, "key": "k-2"}, clock, kept=kept) as one:
        one.poll()

    assert mall.count == 2


def test_the_new_refresh_token_is_kept_before_it_is_used(web: respx.MockRouter, clock: FrozenClock) -> None:
    mall, kept = Cafe24(web), KeptInMemory()
    web.get(url__startswith=f"{BASE}/orders").respond(500)

    with connected(profile(CAFE24), SECRETS, clock, kept=kept) as one, pytest.raises(Retryable):
        one.poll()

    (held,) = (json.loads(one) for one in kept.values.values())
    assert (held["refresh"], mall.living) == ("r1", "r1")


LOGIN = (
    '{ login = { post = "login", body = { user = "{key}", password = "{secret}" }, token = "data.token" } }'
)


def test_a_login_yields_a_token_and_is_made_once_more_when_it_is_refused(
    web: respx.MockRouter, clock: FrozenClock
) -> None:
    login = web.post(f"{BASE}/login").mock(
        side_effect=[httpx.Response(200, json={"data": {"token": f"t{one}"}}) for one in (1, 2)]
    )
    route = web.get(url__startswith=f"{BASE}/orders").mock(
        side_effect=[httpx.Response(401), httpx.Response(200, json=[])]
    )

    with connected(profile(LOGIN), SECRETS, clock) as one:
        one.poll()

    assert json.loads(login.calls[0].request.content) == {"user": "k-1", "password": "s-1"}
    assert [call.request.headers["Authorization"] for call in route.calls] == ["Bearer t1", "Bearer t2"]


def test_a_fresh_login_that_may_not_read_orders_is_refused(web: respx.MockRouter, clock: FrozenClock) -> None:
    web.post(f"{BASE}/login").respond(json={"data": {"token": "t"}})
    web.get(url__startswith=f"{BASE}/orders").respond(401)

    with connected(profile(LOGIN), SECRETS, clock) as one, pytest.raises(HttpRefused):
        one.poll()


VENDURE = (
    '{ login = { graphql = "mutation($u:String!){login(u:$u){__typename ... on ErrorResult{message}}}", '
    'variables = { u = "{key}" }, token_header = "vendure-auth-token", error = "data.login.message" } }'
)


def test_a_login_by_graphql_goes_to_the_base_itself_and_may_answer_in_a_header(
    web: respx.MockRouter, clock: FrozenClock
) -> None:
    answer = {"data": {"login": {"__typename": "CurrentUser"}}}
    login = web.post(BASE).respond(json=answer, headers={"vendure-auth-token": "v-1"})

    request = asked(web, profile(VENDURE), clock)

    assert json.loads(login.calls.last.request.content)["variables"] == {"u": "k-1"}
    assert request.headers["Authorization"] == "Bearer v-1"


def test_a_login_that_fails_with_200_has_to_be_mended(web: respx.MockRouter, clock: FrozenClock) -> None:
    web.post(BASE).respond(json={"data": {"login": {"message": "The credentials are wrong."}}})

    with (
        connected(profile(VENDURE), SECRETS, clock) as one,
        pytest.raises(Misconfigured, match="The credentials are wrong"),
    ):
        one.poll()
