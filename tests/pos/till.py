"""A small shop for the tests of the embedded POS: a store, a customer, a helmet, a pump, and drafts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import event, func, select

from tillbridge.db.database import Database
from tillbridge.db.metadata import metadata
from tillbridge.model.drafts import AttemptKey, CustomerUpdate, DraftItem, ItemKind, SaleDraft
from tillbridge.model.money import Money
from tillbridge.model.orders import Address, OrderKind
from tillbridge.model.stores import Store
from tillbridge.pos.contract import Done, Opened, Refused, SaleAction, SaleChange, SaleView
from tillbridge.pos.details import Payment, PaymentKind
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct, tables
from tillbridge.testing.clock import FrozenClock

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MAPO = Store(code="MAPO", name="마포점", timezone="Asia/Seoul", currency="KRW", country="KR")
JEJU = Store(code="JEJU", name="제주점", timezone="Asia/Seoul", currency="KRW", country="KR")
HOME = Address(street=("성미산로 28",), city="서울", postcode="03980", country="KR")
HELMET_GTIN = "4006381333931"
PUMP_GTIN = "727602259178"


def attempt(order: str = "A", number: int = 1) -> AttemptKey:
    return AttemptKey(order_key=order, number=number)


def won(minor: int) -> Money:
    return Money(minor, "KRW")


@dataclass
class Shop:
    """A POS with what is in it."""

    pos: EmbeddedPos
    clock: FrozenClock
    customer: str
    helmet: str
    pump: str

    def item(self, product: str | None = None, quantity: str = "1", **more: Any) -> DraftItem:
        values: dict[str, Any] = {
            "kind": ItemKind.PRODUCT,
            "description": "헬멧",
            "quantity": Decimal(quantity),
            "net": won(9_000),
            "tax": won(900),
            "product_id": product or self.helmet,
            "web_line_id": "1",
        }
        return DraftItem(**{**values, **more})

    def draft(self, key: AttemptKey | None = None, *items: DraftItem, **more: Any) -> SaleDraft:
        """A sale of one helmet; its total is the sum of its items."""
        items = items or (self.item(),)
        values: dict[str, Any] = {
            "attempt": key or attempt(),
            "store": "MAPO",
            "customer_id": self.customer,
            "kind": OrderKind.ROPIS,
            "currency": "KRW",
            "total": won(sum(item.net.minor + item.tax.minor for item in items)),
            "items": items,
            "customer_update": CustomerUpdate(ordered_at=START),
            "comment": "shop A",
            "placed_at": START,
        }
        return SaleDraft(**{**values, **more})

    def open(self, draft: SaleDraft | None = None) -> Opened | Refused:
        draft = draft or self.draft()
        return self.pos.open_sales([draft])[draft.attempt]

    def opened(self, draft: SaleDraft | None = None) -> Opened:
        answer = self.open(draft)
        assert isinstance(answer, Opened), answer
        return answer

    def change(
        self, action: SaleAction, key: AttemptKey | None = None, *, by: str = "", **more: Any
    ) -> Done | Refused:
        """Do one change; its key is `by`, or made of the action, the attempt and the detail."""
        key = key or attempt()
        name = by or f"{action} {key} {more}"
        values: dict[str, Any] = {"reason": f"{action} asked", **more}
        change = SaleChange(key=name, attempt=key, action=action, **values)
        return self.pos.change_sales([change])[name]

    def pay(self, minor: int, kind: PaymentKind = PaymentKind.CASH, **more: Any) -> Done | Refused:
        """Pay an amount for the sale of attempt A."""
        payment = Payment(kind=kind, amount=won(minor), **more)
        return self.change(SaleAction.PAY, detail=payment, by=f"pay {len(self.sale.payments)} {payment}")

    @property
    def sale(self) -> SaleView:
        """The sale of order A."""
        found = self.pos.sale(self.pos.find_sales(["A"])["A"].sale_id)
        assert found is not None
        return found

    def on_hand(self, product: str | None = None, store: str = "MAPO") -> Decimal:
        found = self.pos.catalogue(product or self.helmet)
        assert found is not None
        return found.on_hand.get(store, Decimal(0))

    def moved(self, product: str | None = None) -> Decimal:
        return sum((one.quantity for one in self.pos.stock_movements(product or self.helmet)), Decimal(0))

    def later(self, **since: float) -> datetime:
        return START + timedelta(**since)


def make_shop(database: Database) -> Shop:
    clock = FrozenClock(START)
    pos = EmbeddedPos(database, clock)
    pos.add_store(MAPO)
    customer = pos.add_customer(
        NewCustomer(
            name="김민수",
            number="C1001",
            emails=("Minsu@Example.com",),
            phones=("010-2345-6789",),
            address=HOME,
        )
    )
    helmet = pos.add_product(
        NewProduct(
            description="헬멧",
            gtin=HELMET_GTIN,
            vpns={"세종스포츠": "NR-HM-01A"},
            mpn="HM 01",
            sku="H-1",
            brand="나래",
            price=won(98_000),
            on_hand={"MAPO": Decimal(10)},
        )
    )
    pump = pos.add_product(
        NewProduct(description="펌프", gtin=PUMP_GTIN, vpns={"노스필드": "NF-PU"}, brand="Northfield")
    )
    return Shop(pos, clock, customer, helmet, pump)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """List the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of the POS."""
    with database.read() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name.startswith("pos_")
        }


def count_sales(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(tables.sales)).scalar_one())
