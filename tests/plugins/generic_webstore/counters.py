"""A webstore of a test's own, over real HTTP: it answers as the test says, and keeps what it was asked."""

import contextlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import BaseModel, ConfigDict

from serving import answering
from shop import SEOUL
from tillbridge.clock import Clock
from tillbridge.http import HttpClient, HttpSettings
from tillbridge.model.listings import Listing
from tillbridge.model.money import Money
from tillbridge.model.offers import Offer
from tillbridge.model.orders import LineIdentifier
from tillbridge.plugin import Connection, IdentifierKind
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BASE: dict[str, Any] = {
    "title": "Desk",
    "connect": {"base": "{url}"},
    "settings": {
        "url": {"ask": "Address"},
        "webhook_url": {"ask": "Address of the webhook", "optional": True},
        "webhook_secret": {"ask": "Secret", "secret": True, "optional": True},
    },
    "orders": {"get": "orders", "rows": "[]"},
    "order": {
        "id": "id",
        "placed": "at",
        "currency": "currency",
        "total": "total",
        "standing": [{"of": "state", "map": {"open": "open"}}],
    },
    "lines": {"from": "lines", "id": "id", "name": "name", "quantity": "quantity", "gross": "total"},
    "listings": {"get": "products", "rows": "[]", "id": "id", "extra": {"stock_record": "record"}},
}
"""A profile of the least that one needs."""


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    body: Any
    headers: dict[str, str]


Answer = Callable[[Asked], tuple[int, Any]]


class Desk(ThreadingHTTPServer):
    """Answers as `answer` says: a status, and what stands in the body as JSON (bytes: as they are).

    Attributes:
        headers: what `answer` puts into the one answer that it gives.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Answer = lambda _: (200, {})
        self.asked: list[Asked] = []
        self.headers: dict[str, str] = {}
        self._clients: list[HttpClient] = []

    def connection(self, **settings: Any) -> Connection:
        """Return a connection to it, closed with it."""
        made = connection(self.url, **settings)
        self._clients.append(made.http)
        return made

    def server_close(self) -> None:
        """Close the clients too."""
        for one in self._clients:
            one.close()
        super().server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    @property
    def calls(self) -> list[tuple[str, str, Any]]:
        return [(one.method, one.path, one.body) for one in self.asked]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _take(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get("Content-Type") or ""
        is_form = kind.startswith(("application/x-www-form-urlencoded", "text/xml"))
        body: Any = content.decode() if is_form else None
        if content and not is_form:
            body = json.loads(content, parse_float=Decimal)
        asked = Asked(
            self.command, self.path, body, {name.lower(): value for name, value in self.headers.items()}
        )
        assert isinstance(self.server, Desk)
        self.server.asked.append(asked)
        status, said = self.server.answer(asked)
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        headers, self.server.headers = self.server.headers, {}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _take  # noqa: N815  # the base class's own names

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextlib.contextmanager
def desk() -> Iterator[Desk]:
    """Serve on a free port of this computer, until the end of the block."""
    with Desk() as server, answering(server):
        yield server


class Settings(BaseModel):
    """The settings of a test's connection."""

    model_config = ConfigDict(extra="allow")

    url: str = ""


def connection(url: str, clock: Clock | None = None, **settings: Any) -> Connection:
    clock = clock or FrozenClock(NOW)
    http = HttpSettings(base_url=url or "https://desk.example/", service="Desk")
    given = type("Given", (Settings,), {"__annotations__": dict.fromkeys(settings, Any)})(url=url, **settings)
    return Connection(
        name="desk",
        settings=given,
        http=HttpClient(http, clock=clock),
        orders_from=NOW,
        now=clock.now,
        store=lambda _: SEOUL,
        log=logging.getLogger("tests.desk"),
    )


def profile(**more: Any) -> Profile:
    return Profile.model_validate({**BASE, **more})


def compiled(compile_: Callable[[Profile, Mistakes], Any], **more: Any) -> Any:
    """Compile a part of a profile that has no mistake."""
    return compiled_of(compile_, profile(**more))


def compiled_of(compile_: Callable[[Profile, Mistakes], Any], given: Profile) -> Any:
    mistakes = Mistakes()
    made = compile_(given, mistakes)
    assert [] == [(one.place, one.words.en) for one in mistakes]
    return made


def mistakes_of(compile_: Callable[[Profile, Mistakes], Any], **more: Any) -> list[tuple[str, str]]:
    mistakes = Mistakes()
    compile_(profile(**more), mistakes)
    return [(one.place, one.words.en) for one in mistakes]


def offer(
    item: str, stock: int | None = None, price: Money | None = None, *, parent: str | None = None, **more: Any
) -> Offer:
    """An offer of an item of the webstore."""
    sku = LineIdentifier(kind=IdentifierKind.SKU, value=f"S-{item}")
    listed = Listing(id=item, parent_id=parent, identifiers=(sku,), extra=more.pop("extra", {}))
    return Offer(
        key=f"/P{item}/{item}",
        location=more.pop("location", ""),
        store=SEOUL,
        product_id=f"P{item}",
        title=f"item {item}",
        quantity=stock,
        price=price,
        listing=listed,
        **more,
    )
