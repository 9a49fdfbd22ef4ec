"""A bicycle shop on a bad day of Locally's: a real engine and database, and the sandbox as a process."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import tillbridge_locally
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import ConnectionView, Engine, Options
from tillbridge.http import HttpSettings
from tillbridge.intake import PollResult
from tillbridge.model.status import Status
from tillbridge.model.stores import Store
from tillbridge.orders.order_state import Signature
from tillbridge.plugin import Provider, hookimpl
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.testing.clock import FrozenClock
from tillbridge_locally.sandbox.process import Sandbox
from tillbridge_locally.settings import http_settings

# Of the sandbox's catalogue.
TUBE = "727602259178"
HANEUL = "haneul.kim@example.com"
OPENING = 1000
MAPO = Store(code="mapo", name="마포점", timezone="Asia/Seoul", currency="KRW", country="KR")
STAFF = Signature("지은", "재고 확인")
_HOOKS = (
    "check_connection",
    "fetch_orders",
    "fetch_order",
    "parse_order",
    "receive_webhook",
    "fetch_hours",
    "push_status",
    "push_snapshot",
    "record_payment",
    "order_admin_url",
)


class ShopClock(FrozenClock):
    """The computer's time as the test began; it goes on for deadlines, and waits are over at once."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))
        self._begun = time.monotonic()
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return what the computer shows: its stopwatch never goes back, its clock may."""
        return super().now() + self._ahead

    def monotonic(self) -> float:
        """Return what has passed, really or by `advance` and `sleep`."""
        return super().monotonic() + time.monotonic() - self._begun

    def set_back(self, seconds: float) -> None:
        """Correct a clock that was ahead."""
        self._ahead -= timedelta(seconds=seconds)


def impatient(**limits: Any) -> Any:
    """Return Locally's plugin with small deadlines and sizes, so that no test waits for the usual ones."""

    def http(settings: Any) -> HttpSettings:
        usual = http_settings(settings)
        return replace(usual, requests_per_second=None, **limits)

    @hookimpl
    def providers() -> Sequence[Provider]:
        (locally,) = tillbridge_locally.providers()
        return [replace(locally, http=http)]

    hooks = {name: getattr(tillbridge_locally, name) for name in _HOOKS}
    return SimpleNamespace(providers=providers, **hooks)


class BadDay:
    """A shop whose only webstore is the sandbox."""

    def __init__(self, url: str, sandbox: Sandbox, *, key: str) -> None:
        self.url, self.sandbox, self.key = url, sandbox, key
        self.clock = ShopClock()
        self.placed: list[str] = []
        self.engine = self.another(first=True)
        assert isinstance(self.engine.pos, EmbeddedPos)
        self.pos = self.engine.pos
        self.pos.add_store(MAPO)
        self.pos.add_product(NewProduct(description="튜브", gtin=TUBE, on_hand={"mapo": Decimal(OPENING)}))
        self.pos.add_customer(NewCustomer(name="김하늘", emails=(HANEUL,)))
        self.connect()

    def another(self, *, first: bool = False, **limits: Any) -> Engine:
        """Make an engine: the first, or that of a process that starts later."""
        usual = {"total_deadline": 3.0, "read_timeout": 2.0, "max_bytes": 1024 * 1024, "attempts": 2}
        loaded = plugins.load([], extra={"locally": impatient(**usual | limits)})
        assert first or not loaded.problems
        return Engine(self.url, Options(clock=self.clock, key=self.key, plugins=loaded))

    def connect(self) -> None:
        settings = {
            name: ",".join(value) if isinstance(value, list) else str(value)
            for name, value in self.sandbox.settings.items()
        }
        self.engine.connect(
            NewConnection(
                provider="locally",
                name="locally",
                settings=settings | {"page_size": "3"},
                secrets=self.sandbox.secrets,
                orders_from=datetime(2020, 1, 1, tzinfo=UTC),
            )
        )

    def close(self) -> None:
        self.engine.close()

    def place(self, count: int = 1) -> list[str]:
        """Let the known customer order a tube, so many times."""
        new = [self.sandbox.place(lines=[{"upc": TUBE, "qty": 1}], customer=HANEUL) for _ in range(count)]
        self.placed += new
        return new

    def restart(self, **limits: Any) -> None:
        """Go on in another process, with other limits."""
        self.engine.close()
        self.engine = self.another(**limits)
        assert isinstance(self.engine.pos, EmbeddedPos)
        self.pos = self.engine.pos

    def poll(self) -> PollResult:
        (result,) = self.engine.poll("locally")
        return result

    def rest(self) -> timedelta:
        """Return how long the connection rests from now."""
        due_at = self.health.due_at
        assert due_at is not None
        return due_at - self.clock.now()

    @property
    def health(self) -> ConnectionView:
        (one,) = self.engine.connections()
        return one

    def on_hand(self) -> int:
        found = self.pos.catalogue(TUBE)
        assert found is not None
        return int(found.on_hand["mapo"])

    def recover(self, polls: int = 2) -> None:
        """Let the bad day end, and poll as often as it becomes due."""
        self.sandbox.recover()
        for _ in range(polls):
            self.clock.advance(330)
            self.poll()

    def assert_whole(self) -> None:
        """Nothing lost, nothing doubled: each order has one sale of one tube, and the stock moved once."""
        orders = self.engine.orders()
        assert sorted(self.placed) == sorted(one.webstore_id for one in orders)
        assert {Status.NEW} == {one.status for one in orders}
        barcodes = {one.barcode for one in orders}
        assert None not in barcodes
        assert len(self.placed) == len(barcodes)
        assert OPENING - len(self.placed) == self.on_hand()
        assert self.health.trouble is None
