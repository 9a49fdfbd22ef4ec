"""A busy shop at Locally: orders come and change at random, and each is remembered as it was at any time."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from sqlalchemy import delete

from crash.outside import HurriedClock
from crash.shops import KEY, Place
from tillbridge.db import tables
from tillbridge.engine import Engine, NewConnection, Options, OrderQuery, Signature
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import Status
from tillbridge_locally.sandbox.process import Sandbox

# The shop's own files, as Locally knows them: the helmet and the pump of `crash.shops`.
CATALOGUE = """\
vpn,upc,description,price,brand,vendor
HL-1,4006381333931,헬멧,50000,루디아,온바이크
PU-1,727602259178,펌프,30000,슈발로,온바이크
"""
CUSTOMERS = """\
number,name,email
C1,김민수,minsu@example.com
"""
PRODUCTS = {"4006381333931": 1, "727602259178": 2}
_STRANGER: Mapping[str, str] = {"name": "이영희", "email": "who@example.com"}
_STAFF = Signature("지은", "재고 확인")


@dataclass
class Street:
    """Everybody who orders at the shop.

    Attributes:
        sellable: the versions of each order that can be sold, oldest first: product and pieces.
        others: the status of each order that cannot.
    """

    sandbox: Sandbox
    chance: Random
    sellable: dict[str, list[tuple[int, Decimal]]] = field(default_factory=dict)
    others: dict[str, Status] = field(default_factory=dict)

    def order(self) -> None:
        """Let somebody order: mostly a customer something that the shop has."""
        kind = self.chance.random()
        upc, pieces = self.chance.choice(list(PRODUCTS)), self.chance.randint(1, 4)
        if kind < 0.1:
            unlisted: Mapping[str, object] = {"upc": "605284574539", "price": "30000"}
            self.others[self._place([unlisted], "minsu@example.com")] = Status.PRODUCT_MATCH_FAILED
        elif kind < 0.2:
            self.others[self._place([{"product": upc}], _STRANGER)] = Status.CUSTOMER_ID_REQUIRED
        else:
            placed = self._place([{"product": upc, "qty": pieces}], "minsu@example.com")
            self.sellable[placed] = [(PRODUCTS[upc], Decimal(pieces))]

    def change(self) -> None:
        """Let somebody want more of what they ordered lately."""
        placed = self.chance.choice(list(self.sellable)[-5:])
        product, pieces = self.sellable[placed][-1]
        self.sellable[placed].append((product, pieces + 1))
        self.sandbox.change(placed, items=[{"qty": int(pieces) + 1}])

    def _place(self, lines: list[Mapping[str, object]], customer: str | Mapping[str, str]) -> str:
        return self.sandbox.place(lines=lines, customer=customer)


def wanted_decision(order_id: str) -> Decision | None:
    """Return what staff decide about an order: one in four is accepted, one rejected."""
    return {0: Decision.ACCEPTED, 1: Decision.REJECTED}.get(sum(order_id.encode()) % 4)


def decide_some(engine: Engine) -> None:
    """Decide what is new and waits for it."""
    for found in engine.orders(OrderQuery(statuses=[Status.NEW])):
        wanted = wanted_decision(found.webstore_id)
        if wanted is not None and found.decision is None:
            status = Status.IN_PROCESS if wanted is Decision.ACCEPTED else Status.REJECTED
            with suppress(NotAllowed):  # somebody at the other worker decided it meanwhile
                engine.set_status(found.id, status, _STAFF)


def connect_locally(place: Place, sandbox: Sandbox) -> None:
    """Let the shop be at Locally, and nowhere else."""
    with Engine(place.url, Options(clock=HurriedClock(), key=KEY)) as engine:
        with engine.context.database.write("the other webstore goes") as connection:
            connection.execute(delete(tables.connections))
        engine.connect(
            NewConnection(
                provider="locally",
                name="locally",
                settings={name: _as_text(value) for name, value in sandbox.settings.items()},
                secrets=sandbox.secrets,
                orders_from=datetime(2026, 1, 1, tzinfo=UTC),
                poll_seconds=0,
            )
        )


def write_files(folder: Path) -> tuple[Path, Path]:
    """Write the shop's catalogue and customers."""
    catalogue, customers = folder / "catalogue.csv", folder / "customers.csv"
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    customers.write_text(CUSTOMERS, encoding="utf-8")
    return catalogue, customers


def _as_text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
