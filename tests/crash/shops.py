"""A shop in a database, as a template for each test's own, and the engine that a worker runs on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import tillbridge.engine
from crash.outside import FileWebstore, HurriedClock
from orders import HELMET, PLACED, PUMP
from shop import SEOUL
from tillbridge import plugins
from tillbridge.engine import Engine, NewConnection, Options
from tillbridge.pos.contract import PointOfSale
from tillbridge.pos.embedded import NewCustomer, NewProduct
from tillbridge.testing.webstore import NAME

KEY = "q3Jt0yIuN4Nc0m0Q2n4rM8m3cNq3b0y1JfFv0o3nS1o="
STOCK = Decimal(1000)
# The engine says these points itself.
_SAID_ALREADY = {"open_sales", "change_sales"}
Probe = Callable[[str], None]


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a worker works; can be sent to another process.

    Attributes:
        url: the database.
        webstore: the file that is the webstore.
        lock: whether the connection lock is used.
        ahead: how far the worker's clock is set forward.
    """

    url: str
    webstore: Path
    lock: bool = True
    ahead: timedelta = timedelta()


class ProbedPos:
    """A point of sale that says before and after each call that it is asked."""

    def __init__(self, pos: PointOfSale, probe: Probe) -> None:
        self._pos, self._probe = pos, probe

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._pos, name)
        if name not in PointOfSale.__abstractmethods__ or name in _SAID_ALREADY:
            return found

        def called(*arguments: Any, **named: Any) -> Any:
            self._probe(f"before pos {name}")
            answer = found(*arguments, **named)
            self._probe(f"after pos {name}")
            return answer

        return called


def open_engine(place: Place, probe: Probe = _silent, *, page_size: int = 50) -> tuple[Engine, FileWebstore]:
    """Open an engine with the embedded POS in its own database, and the webstore; both say their points."""
    webstore = FileWebstore(place.webstore, page_size=page_size)
    made = tillbridge.engine._embedded_pos
    with patch.object(
        tillbridge.engine, "_embedded_pos", lambda database, clock: ProbedPos(made(database, clock), probe)
    ):
        options = Options(
            plugins=plugins.load([], extra={NAME: webstore}, probe=probe),
            clock=HurriedClock(place.ahead),
            key=KEY,
            lock_connections=place.lock,
            fetch_ahead=False,
            probe=probe,
        )
        return Engine(place.url, options), webstore


def furnish(url: str) -> None:
    """Give a database a store, two products with GTINs, one without, two customers, and the connection."""
    engine, _ = open_engine(Place(url=url, webstore=Path("no file")))
    with engine:
        pos: Any = engine.pos
        pos.add_store(SEOUL)
        for description, gtin in (("헬멧", HELMET), ("펌프", PUMP), ("자물쇠", "")):
            pos.add_product(NewProduct(description=description, gtin=gtin, on_hand={SEOUL.code: STOCK}))
        pos.add_customer(NewCustomer(name="김민수", emails=("minsu@example.com",)))
        pos.add_customer(NewCustomer(name="박하늘"))
        # Nothing between two polls: every tick is one.
        connection = NewConnection(provider=NAME, name="web", settings={}, orders_from=PLACED, poll_seconds=0)
        engine.connect(connection)
