"""A shop whose webstore is served by a payment service in memory, over the embedded point of sale."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from cryptography.fernet import Fernet

from orders import HELMET, PLACED, PUMP, line, order, won
from shop import SEOUL, STAFF
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.guided import Doing
from tillbridge.model.messages import Cause
from tillbridge.model.money import sum_money
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.payments import Capture
from tillbridge.model.status import Act
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import PaymentKind
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.testing.payments import PAYMENTS, MemoryPayments
from tillbridge.testing.webstore import NAME, MemoryWebstore

WHY = Signature("지은", "품절")
LINES = (line("h", gtin=HELMET), line("p", gtin=PUMP, price=20_000))


class Counter:
    """An engine, its webstore "web", its payment service "pay", and a shelf with a helmet and a pump."""

    def __init__(
        self,
        url: str,
        clock: Any,
        *,
        capture: Capture = Capture.ACCEPTANCE,
        served: bool = True,
        charges_on_acceptance: bool = False,
        **told: Any,
    ) -> None:
        self.url, self.clock, self.key = url, clock, Fernet.generate_key().decode()
        self.at_point: Callable[[str], None] = lambda _: None
        self.webstore = MemoryWebstore(charges_on_acceptance=charges_on_acceptance, **told)
        self.service = MemoryPayments(now=clock.now)
        self.engine = self.another()
        assert isinstance(self.engine.pos, EmbeddedPos)
        self.pos = self.engine.pos
        self.pos.add_store(SEOUL)
        for description, gtin in (("헬멧", HELMET), ("펌프", PUMP)):
            self.pos.add_product(
                NewProduct(description=description, gtin=gtin, on_hand={"seoul": Decimal(10)})
            )
        self.pos.add_customer(NewCustomer(name="김민수", emails=("minsu@example.com",)))
        more: dict[str, Any] = {"orders_from": PLACED}
        self.engine.connect(NewConnection(provider=NAME, name="web", settings={"shop": "s1"}, **more))
        self.engine.connect(NewConnection(provider=PAYMENTS, name="pay", settings={}, **more))
        if served:
            self.engine.serve_payments("web", "pay", capture, STAFF.who)

    def another(self, **options: Any) -> Engine:
        """Another engine on the same database and services: a second worker, or one after a crash."""
        loaded = plugins.load([], extra={NAME: self.webstore, PAYMENTS: self.service}, probe=self._pass)
        wanted = {"probe": self._pass, **options}
        return Engine(self.url, Options(clock=self.clock, plugins=loaded, key=self.key, **wanted))

    def _pass(self, point: str) -> None:
        self.at_point(point)

    def bought(self, *lines: Any, held: int | None = None, name: str = "A1", **more: Any) -> int:
        """Let an order come that is paid online and held on the card; return its ID."""
        self.place(*lines, name=name, **more)
        total = sum_money((one.amount.gross for one in lines or LINES), "KRW")
        self.service.hold(name, won(held) if held is not None else total)
        self.engine.poll()
        return self.engine.order(name).id

    def place(self, *lines: Any, name: str = "A1", **more: Any) -> None:
        lines = lines or LINES
        total = sum_money((one.amount.gross for one in lines), "KRW")
        card = Tender(kind=TenderKind.CARD, amount=total)
        values = {"kind": OrderKind.BOPIS, "paid": True, "tenders": (card,), **more}
        self.webstore.offer(order(name, *lines, **values))

    def do(self, act: Act, order_id: int = 1, **more: Any) -> Any:
        return self.engine.act(order_id, Doing(act=act, **more), WHY)

    def beat(self, seconds: float = 0) -> None:
        """Let time pass, and do all that is due."""
        self.clock.advance(seconds)
        self.engine.tick()

    def paid(self, number: str = "pi_1") -> tuple[str, int, int]:
        """What the service has: the state, what is taken, and what was given back of it."""
        one = self.service.payments[number]
        return one.state.value, one.captured.minor, (one.refunded + one.refund_pending).minor

    def causes(self) -> set[Cause]:
        return {one.cause for one in self.engine.messages()}

    def noted(self, order_id: int = 1) -> list[tuple[int, str, str]]:
        """The eCommerce payments on the order's sale."""
        return [
            (one.payment.amount.minor, one.payment.card_type, one.payment.reference)
            for one in self.engine.sale(order_id).payments
            if one.payment.kind is PaymentKind.ECOMMERCE
        ]

    def said(self, act: Act, order_id: int = 1, **more: Any) -> str:
        seen = self.engine.preview_act(order_id, Doing(act=act, **more))
        return " ".join(one.en for one in seen.consequences) + (seen.why_not.en if seen.why_not else "")

    def close(self) -> None:
        self.engine.close()
