"""A day: the shop's database, its program in another process, its staff, Locally, and what goes wrong."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any, Final

from crash.processes import Worker
from life.books import Book
from life.clock import SharedClock
from life.program import Place, run_listening
from life.shoppers import CUSTOMERS, GOODS, STORES, Shoppers
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.exports import ExportRules, ExportSettings
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.money import Money
from tillbridge.model.offers import Buffers
from tillbridge.model.status import Act
from tillbridge.model.stores import Store
from tillbridge.orders.order_state import Signature
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.views import OrderView
from tillbridge_locally.sandbox.process import Sandbox

Script = Iterator[None]
_OVER: Final = object()
STAFF: Final = Signature("지은", "재고 확인")
NAME: Final = "locally"
BUFFER: Final = 1
POLL_SECONDS: Final = 60


def furnish(place: Place, sandbox: Sandbox) -> None:
    """Give a database two stores, goods, customers, and Locally with its feed."""
    place.settle_in()
    with Engine(place.url, Options(clock=SharedClock(place.clock), key=place.key)) as engine:
        assert isinstance(engine.pos, EmbeddedPos)
        for code, name in (("mapo", "마포점"), ("songpa", "송파점")):
            engine.pos.add_store(
                Store(code=code, name=name, timezone="Asia/Seoul", currency="KRW", country="KR")
            )
        for one in GOODS:
            on_hand = {code: Decimal(one.pieces) for code in STORES.values()}
            engine.pos.add_product(
                NewProduct(
                    description=one.title,
                    gtin=one.upc,
                    vpns={"한울자전거": one.vpn},
                    on_hand=on_hand,
                    price=Money(one.price, "KRW"),
                )
            )
        for _, name, email in CUSTOMERS:
            engine.pos.add_customer(NewCustomer(name=name, emails=(email,)))
        plain = {
            name: ",".join(value) if isinstance(value, list) else str(value)
            for name, value in sandbox.settings.items()
        }
        engine.connect(
            NewConnection(
                provider="locally",
                name=NAME,
                settings={**plain, **sandbox.feed_settings, "overlap_seconds": "10"},
                secrets={**sandbox.secrets, **sandbox.feed_secrets},
                orders_from=datetime(2020, 1, 1).astimezone(),
                default_store="mapo",
                locations=STORES,
                poll_seconds=POLL_SECONDS,
            )
        )
        rules = ExportRules(buffers=Buffers(every=BUFFER))
        engine.set_export(NAME, ExportSettings(every=timedelta(hours=1), rules=rules))
        door = engine.open_webhook(NAME)
        sandbox.hook(url=f"http://127.0.0.1:{place.port}{door.path}", waits=[0.02, 0.1])


class Day:
    """One day.

    Attributes:
        views: the shop's orders as staff saw them last, by Locally's hash.
        books, scripts: of each order, what it must have come to, and what is still to happen, by hash.
        steps, kills: how much was done so far.
        refused: by order, why the last act was not possible.
    """

    def __init__(self, place: Place, sandbox: Sandbox, chance: Random) -> None:
        self.place, self.sandbox, self.chance = place, sandbox, chance
        self.clock = SharedClock(place.clock)
        self.engine = Engine(place.url, Options(clock=self.clock, key=place.key))
        pos = self.engine.pos
        assert isinstance(pos, EmbeddedPos)
        found = {one.upc: pos.catalogue(one.upc) for one in GOODS}
        self.products = {upc: card.id for upc, card in found.items() if card}
        self.shoppers = Shoppers(sandbox, chance, self.products)
        self.books: dict[str, Book] = {}
        self.scripts: dict[str, Script] = {}
        self.steps = self.kills = 0
        self.views: Mapping[str, OrderView] = {}
        self.refused: dict[str, str] = {}
        self._later: list[Callable[[], object]] = []
        self.program = self._start()

    def close(self) -> None:
        """End everything."""
        self.program.__exit__(None, None, None)
        self.shoppers.close()
        self.engine.close()

    def begin(self, book: Book, script: Script) -> None:
        """Open a book, and let its script go on from now on."""
        self.books[book.hash], self.scripts[book.hash] = book, script

    def go_on(self) -> int:
        """Let every script go on a step; return how much was done so far."""
        self.look()
        for name in list(self.scripts):
            if next(self.scripts[name], _OVER) is _OVER:
                del self.scripts[name]
                self.steps += 1
        return self.steps

    def look(self) -> None:
        """Look at the screen, and anew at Locally's page where that is wanted."""
        self.views = {one.webstore_id: one for one in self.engine.orders()}
        self.__dict__.pop("locally", None)

    @cached_property
    def locally(self) -> Mapping[str, Any]:
        """What Locally believes of its orders, by hash; asked for once a look."""
        return {one["hash"]: one for one in self.sandbox.do("GET", "/sandbox/orders")["orders"]}

    def view(self, book: Book) -> OrderView | None:
        """Return an order as staff see it, or None as long as they do not."""
        return self.views.get(book.hash)

    def pass_(self, seconds: float) -> None:
        """Let time pass, for everybody."""
        self.clock.sleep(seconds)

    def kill(self, after: float) -> None:
        """Kill the program where it stands, and start it anew.

        Time passes only once the new one has begun: what the dead one sent has arrived by then.
        """
        self.kills += 1
        self.program.kill_after(after)
        self.program.__exit__(None, None, None)
        self.program = self._start()

    def later(self, mend: Callable[[], object]) -> None:
        """Mend something once a while has passed."""
        self._later.append(mend)

    def mend(self) -> None:
        """Mend what went wrong a while ago."""
        mends, self._later = self._later, []
        for mend in mends:
            mend()

    def act(self, book: Book, act: Act, **more: Any) -> Iterator[None]:
        """Do an action as soon as it is possible."""
        while True:
            try:
                done = self.engine.act(self._id(book), Doing(act=act, **more), STAFF)
            except NotAllowed as refusal:
                self.refused[book.hash] = f"{act}: {refusal.words.en}"
                yield
            else:
                assert done.trouble is None, f"{book.hash} {act}: {done.trouble}"
                self.refused.pop(book.hash, None)
                self.steps += 1
                return

    def _id(self, book: Book) -> int:
        return self.views[book.hash].id

    def _start(self) -> Worker:
        worker = Worker(run_listening, self.place)
        assert worker.hear() == "began"
        return worker
