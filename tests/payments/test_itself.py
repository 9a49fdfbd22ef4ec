"""A webstore that charges by itself: its orders' payments are recorded from what they say, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import Fernet

from orders import HELMET, PLACED, line, order, won
from shop import SEOUL, STAFF
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.guided import Doing
from tillbridge.model.errors import PayloadError
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.payments import PaidOrder, WebPayment, WebPaymentState
from tillbridge.model.status import Act
from tillbridge.model.words import Words
from tillbridge.plugin import hookimpl
from tillbridge.provider import Capability, Connection, Provider
from tillbridge.testing.pos import MemoryPos
from tillbridge.testing.webstore import NAME, MemoryWebstore


class Charging(MemoryWebstore):
    """A webstore in memory that charges by itself: of orders in `taken` that much."""

    taken: dict[str, int]

    @hookimpl
    def providers(self) -> list[Provider]:
        (usual,) = MemoryWebstore.providers(self)
        can = usual.capabilities | {Capability.PAYMENTS}
        return [replace(usual, capabilities=can, charges_on_acceptance=True)]

    @hookimpl
    def record_payment(self, connection: Connection, order: PaidOrder) -> Sequence[WebPayment]:
        assert order.raw is not None
        assert connection.name == "web"
        if order.order.id == "damaged":
            raise PayloadError(Words("It is damaged.", "손상되었습니다."), path="payments")
        amount = won(self.taken.get(order.order.id, 50_000))
        amounts = {"authorised": amount, "captured": amount}
        state, at = WebPaymentState.CAPTURED, order.order.placed_at
        return [WebPayment.of(order.order.id, state, amounts, "KRW", created_at=at, live=True)]


@pytest.fixture
def shop(database_url: str, clock: Any) -> Iterator[Any]:
    webstore, points = Charging(), list[str]()
    webstore.taken = {}
    loaded = plugins.load([], extra={NAME: webstore})
    options: dict[str, Any] = {"pos": MemoryPos([SEOUL]), "clock": clock, "plugins": loaded}
    key = Fernet.generate_key().decode()
    with Engine(database_url, Options(key=key, probe=points.append, **options)) as engine:
        new = NewConnection(provider=NAME, name="web", settings={"shop": "s1"}, orders_from=PLACED)
        engine.connect(new)
        yield engine, webstore, points


def offer(webstore: Charging, *names: str) -> None:
    card = Tender(kind=TenderKind.CARD, amount=won(50_000))
    for name in names:
        made = order(name, line("h", gtin=HELMET), kind=OrderKind.BOPIS, paid=True, tenders=(card,))
        webstore.offer(made)


def test_a_page_of_orders_is_recorded_with_one_commit(shop):
    engine, webstore, points = shop
    names = [f"A{number}" for number in range(20)]
    offer(webstore, *names)

    engine.poll()

    assert names == [engine.web_payments(engine.order(name).id)[0].id for name in names]
    assert 1 == points.count("before commit payments")


def test_a_damaged_one_stops_no_other(shop):
    engine, webstore, _ = shop
    offer(webstore, "A1", "damaged", "A2")

    engine.poll()

    known = [len(engine.web_payments(engine.order(name).id)) for name in ("A1", "damaged", "A2")]
    assert [1, 0, 1] == known


def test_what_it_charged_is_held_against_an_accepted_order(shop):
    engine, webstore, _ = shop
    webstore.taken["A1"] = 49_000
    offer(webstore, "A1")
    engine.poll()
    assert engine.payment_difference(1) is None
    engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    engine.deliver()

    engine.check_payments(1)

    assert "taken and kept ₩49,000" in str(engine.payment_difference(1))
    assert Cause.MONEY_DIFFERS in {one.cause for one in engine.messages()}
    webstore.taken["A1"] = 50_000
    engine.check_payments(1)
    assert engine.payment_difference(1) is None
