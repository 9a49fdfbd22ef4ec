"""A shop's day: a real engine over an SQLite file, with the built-in POS; it dies where it is told to."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from databases import sqlite_url
from orders import HELMET, PLACED, PUMP
from shop import SEOUL
from shop_day.books import Books, read_books
from shop_day.market import TWIN, Market
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.db.states import DeliveryState
from tillbridge.engine import Engine, Options
from tillbridge.model.hours import Hours
from tillbridge.model.money import Money
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.testing.clock import FrozenClock
from tillbridge.testing.webstore import NAME

MORNING = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # noon in Seoul, a Monday
KEY = "q3Jt0yIuN4Nc0m0Q2n4rM8m3cNq3b0y1JfFv0o3nS1o="
# What there is of each product when the day begins; of helmets there are few.
OPENING = {1: 3, 2: 50, 3: 5, 4: 2, 5: 9}
_ROUNDS = 30
_LONG = 7200


class Died(BaseException):
    """The program ends at the point where it stands."""


class Day:
    """The shop, with a clock that stands and a program that can be killed.

    Attributes:
        left: after so many points the program dies; None: it lives.
        twice: how often each key may be told again: its answer was lost with the program.
        lived: whether the last thing was done to its end.
        undoable: by order, the memory that the last act of staff left for its undoing, and what was decided
            before it.
    """

    def __init__(self, file: Path) -> None:
        self.url = sqlite_url(file)
        self.clock = FrozenClock(MORNING)
        self.left: int | None = None
        self.lived = True
        self.twice: dict[str, int] = {}
        self.met: tuple[str, Callable[[], None]] | None = None
        self.kept: dict[int, dict[str, Any] | None] = {}
        self.undoable: dict[int, tuple[object, str | None]] = {}
        self.market = Market()
        self._plugins = plugins.load([], extra={NAME: self.market}, probe=self._pass)
        self.engine = self._open()

    def _open(self) -> Engine:
        options = Options(
            clock=self.clock, key=KEY, plugins=self._plugins, fetch_ahead=False, probe=self._pass
        )
        return Engine(self.url, options)

    @property
    def pos(self) -> EmbeddedPos:
        assert isinstance(self.engine.pos, EmbeddedPos)
        return self.engine.pos

    def meet(self, point: str = "", happens: Callable[[], None] | None = None) -> None:
        """Let something happen at the next point of that name, before the program goes on; or nothing."""
        self.met = (point, happens) if happens else None

    def poll_beside(self) -> None:
        """Let another program poll, while this one stands where it is."""
        other = self._open()
        try:
            other.poll()
        finally:
            other.close()

    def _pass(self, point: str) -> None:
        if self.met and point == self.met[0]:
            happens = self.met[1]
            self.met = None
            happens()
        if self.left is None:
            return
        self.left -= 1
        if self.left <= 0:
            raise Died

    def do(self, act: Callable[[Engine], Any]) -> None:
        """Do something; if the program dies over it, start it anew (`lived` says so)."""
        self.lived = True
        try:
            act(self.engine)
        except Died:
            self._restart()

    def _restart(self) -> None:
        self.left, self.lived = None, False
        told = {one.key for one in self.market.heard()}
        self.engine.close()
        self.engine = self._open()
        for row in self.books().deliveries:
            if row.state == DeliveryState.CLAIMED and row.key in told:
                self.twice[row.key] = self.twice.get(row.key, 0) + 1

    def books(self) -> Books:
        """Read all that there is."""
        with self.engine.context.database.read() as database:
            return read_books(database)

    def rest(self) -> None:
        """Let everything come to its end."""
        before: object = None
        for _ in range(_ROUNDS):
            self.clock.advance(_LONG)
            self.engine.tick()
            now = self.books().moving()
            if now == before:
                return
            before = now
        raise AssertionError("it never comes to rest")

    def close(self) -> None:
        self.engine.close()


def furnish(file: Path) -> None:
    """Give a database with the newest schema a store, five products, three customers and the connection."""
    day = Day(file)
    day.pos.add_store(
        SEOUL.model_copy(update={"hours": Hours(week="Mo-Su 10:00-20:00"), "tax_rate": Decimal(10)})
    )
    goods = (("헬멧", HELMET), ("펌프", PUMP), ("자물쇠", TWIN), ("U-lock", TWIN), ("벨", ""))
    for number, (description, gtin) in enumerate(goods, start=1):
        made = day.pos.add_product(
            NewProduct(
                description=description,
                gtin=gtin,
                price=Money(11_000, "KRW"),
                on_hand={SEOUL.code: Decimal(OPENING[number])},
            )
        )
        assert made == f"P{number}"
    for name, emails in (("김민수", ("minsu@example.com",)), ("박하늘", ()), ("이영희", ())):
        day.pos.add_customer(NewCustomer(name=name, emails=emails))
    day.engine.connect(
        NewConnection(provider=NAME, name="web", settings={}, orders_from=PLACED, poll_seconds=0)
    )
    day.close()
