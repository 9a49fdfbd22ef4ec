"""What a connection keeps beside its settings: committed before use, by one at a time, over restarts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import respx

import tillbridge_generic_webstore
from orders import PLACED
from shop import SEOUL
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.connections.kept import KeptInDatabase
from tillbridge.engine import Engine, Options
from tillbridge.model.errors import ProviderError, Retryable
from tillbridge.secrets import new_key
from tillbridge.testing.clock import FrozenClock
from tillbridge.testing.pos import MemoryPos

MALL = """
title = "Mall"
settings = { app = { ask = "App", secret = true }, refresh = { ask = "Refresh token", secret = true } }
defaults = { zone = "UTC" }
lines = { from = "lines", id = "id", name = "name", quantity = "quantity", net = "net", tax = "tax" }
[connect]
base = "https://mall.example/api"
account = "mall"
[connect.auth.oauth2]
token_url = "https://mall.example/token"
client_id = "app"
client_secret = "{app}"
refresh_token = "{refresh}"
[orders]
get = "orders"
query = { since = "{since}" }
rows = "[]"
[order]
id = "id"
placed = "placed"
updated = "updated"
currency = "currency"
total = "total"
standing = [{ of = "status", map = { open = "open" } }]
"""


class Mall:
    """A webstore whose refresh tokens die with their use."""

    def __init__(self, router: respx.MockRouter) -> None:
        self.living, self.count = "r0", 0
        router.post("https://mall.example/token").mock(side_effect=self._token)
        router.get(url__startswith="https://mall.example/api/orders").mock(side_effect=self._orders)

    def _token(self, request: httpx.Request) -> httpx.Response:
        if httpx.QueryParams(request.content.decode())["refresh_token"] != self.living:
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.count += 1
        self.living = f"r{self.count}"
        given = {"access_token": f"a{self.count}", "refresh_token": self.living, "expires_in": 7200}
        return httpx.Response(200, json=given)

    def _orders(self, request: httpx.Request) -> httpx.Response:
        good = request.headers["Authorization"] == f"Bearer a{self.count}"
        return httpx.Response(200 if good else 401, json=[])


@pytest.fixture
def mall() -> Iterator[Mall]:
    with respx.mock(assert_all_called=False) as router:
        yield Mall(router)


@pytest.fixture
def start(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Engine]]:
    """A function that starts an engine on the one database; the first one makes it."""
    (tmp_path / "mall.toml").write_text(MALL, "utf-8")
    monkeypatch.setenv("TILLBRIDGE_PROFILES", str(tmp_path))
    key, clock, made = new_key(), FrozenClock(PLACED), []

    def engine() -> Engine:
        loaded = plugins.load([], extra={"generic_webstore": tillbridge_generic_webstore})
        one = Engine(database_url, Options(pos=MemoryPos([SEOUL]), clock=clock, key=key, plugins=loaded))
        made.append(one)
        return one

    yield engine
    for one in made:
        one.close()


def connection(**secrets: str) -> NewConnection:
    given = {"app": "s", "refresh": "r0", **secrets}
    return NewConnection(provider="mall", name="mall", settings={}, secrets=given, orders_from=PLACED)


def test_what_was_renewed_while_a_connection_was_tried_is_kept_with_it(
    start: Callable[[], Engine], mall: Mall
) -> None:
    """The refresh token that was entered died with the first check."""
    start().connect(connection())
    restarted = start()

    (result,) = restarted.poll()

    assert (result.trouble, mall.living) == (None, "r1")


def test_a_connection_that_is_tried_twice_before_it_is_kept_goes_on_with_what_it_got(
    start: Callable[[], Engine], mall: Mall
) -> None:
    engine = start()
    opened, _, _ = engine.check(connection())
    opened.guest.http.close()

    engine.connect(connection())

    assert mall.count == 1


def test_a_token_is_renewed_over_restarts_for_as_long_as_it_is_used(
    start: Callable[[], Engine], mall: Mall
) -> None:
    first = start()
    first.connect(connection())
    for _ in range(2):
        engine = start()
        clock = engine.context.clock
        assert isinstance(clock, FrozenClock)
        clock.advance(7200)

        (result,) = engine.poll()

        assert result.trouble is None

    assert mall.living == "r3"


def test_a_connection_that_is_changed_goes_on_with_its_token(start: Callable[[], Engine], mall: Mall) -> None:
    """Else nobody could change another of its settings: the token that was entered is long dead."""
    engine = start()
    engine.connect(connection())

    opened, _, _ = start().check(connection(app="other"))
    opened.guest.http.close()

    assert mall.living == "r1"


def test_a_refresh_token_that_is_refused_says_what_to_do(start: Callable[[], Engine], mall: Mall) -> None:
    with pytest.raises(ProviderError, match="has to be made anew at Mall"):
        start().connect(connection(refresh="old"))


@pytest.fixture
def kept(start: Callable[[], Engine], mall: Mall) -> Callable[[], KeptInDatabase]:
    """A function that opens what the connection keeps, as another worker would."""
    start().connect(connection())
    return lambda: KeptInDatabase(start().context, 1, "mall:mall")


def test_what_one_keeps_another_reads(kept: Callable[[], KeptInDatabase]) -> None:
    kept().put("token", "a")
    kept().put("token", "b")

    assert (kept().get("token"), kept().get("other")) == ("b", None)


def test_what_is_kept_is_encrypted_for_its_owner(kept: Callable[[], KeptInDatabase]) -> None:
    mine = kept()
    mine.put("token", "s3cr3t")

    others = KeptInDatabase(mine._context, 1, "mall:another")

    assert others.get("token") is None
    assert "s3cr3t" not in repr(mine)


def test_whoever_waits_too_long_is_told_to_come_back(kept: Callable[[], KeptInDatabase]) -> None:
    one, other = kept(), kept()

    with one.alone(), pytest.raises(Retryable, match="renewing this connection's access"), other.alone():
        pass
