"""A shop whose webstore is paid through Stripe: what staff do at the counter happens there, once."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

import orders
import tillbridge_stripe_payments as plugin
from plugins.stripe_payments.double import Stripe
from plugins.stripe_payments.ledger import Object
from plugins.stripe_payments.samples import SECRET, SETTINGS, won
from plugins.stripe_payments.test_signatures import header
from shop import SEOUL, STAFF
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.db import webhook_tables
from tillbridge.engine import Engine, Options
from tillbridge.guided import Doing
from tillbridge.model.errors import Rejected
from tillbridge.model.messages import Cause
from tillbridge.model.money import Money, sum_money
from tillbridge.model.orders import Amount, OrderKind, Tender, TenderKind
from tillbridge.model.payments import Capture, WebPaymentState
from tillbridge.model.status import Act, Status
from tillbridge.model.webhooks import Headers, WebhookRequest
from tillbridge.orders.order_state import Signature
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.testing.clock import FrozenClock
from tillbridge.testing.webstore import NAME, MemoryWebstore
from tillbridge_stripe_payments.amounts import to_stripe
from tillbridge_stripe_payments.moments import seconds

WHY = Signature("지은", "품절")
PRICE = 50_000
STRIPE = {name: value for name, value in SETTINGS.items() if name in ("account", "mode")}
SECRETS = {name: value for name, value in SETTINGS.items() if name not in STRIPE}


class Counter:
    """An engine, its webstore "web", Stripe's double as "stripe", and helmets on the shelf."""

    def __init__(
        self, url: str, clock: FrozenClock, stripe: Stripe, *, prices: tuple[Money, ...] = (won(PRICE),)
    ) -> None:
        self.prices, self.total = prices, sum_money(prices, prices[0].currency)
        self.clock, self.stripe, self.ledger = clock, stripe, stripe.ledger
        self.webstore = MemoryWebstore()
        loaded = plugins.load([], extra={NAME: self.webstore, "stripe_payments": plugin})
        key = Fernet.generate_key().decode()
        self.engine = Engine(url, Options(clock=clock, plugins=loaded, key=key))
        pos = self.engine.pos
        assert isinstance(pos, EmbeddedPos)
        pos.add_store(SEOUL.model_copy(update={"currency": self.total.currency}))
        pos.add_product(NewProduct(description="헬멧", gtin=orders.HELMET, on_hand={"seoul": Decimal(10)}))
        pos.add_customer(NewCustomer(name="김민수", emails=("minsu@example.com",)))
        more: dict[str, Any] = {"orders_from": orders.PLACED}
        self.engine.connect(NewConnection(provider=NAME, name="web", settings={"shop": "s1"}, **more))
        settings = STRIPE | {"base_url": stripe.url}
        self.engine.connect(
            NewConnection(provider="stripe", name="stripe", settings=settings, secrets=SECRETS, **more)
        )
        self.engine.serve_payments("web", "stripe", Capture.ACCEPTANCE, STAFF.who)
        self.token = self.engine.open_webhook("stripe", STAFF.who).path.rpartition("/")[2]

    def pay(self, name: str = "A1", **more: Any) -> str:
        """Let a customer pay an order at the webstore; return Stripe's payment."""
        currency = self.total.currency.lower()
        metadata = {"order_id": name}
        return str(self.ledger.pay(to_stripe(self.total), currency=currency, metadata=metadata, **more)["id"])

    def place(self, name: str = "A1", *, reference: str | None = None) -> None:
        """Let the order come in."""
        tender = Tender(kind=TenderKind.CARD, amount=self.total, reference=reference)
        sold = [
            orders.line(f"{place}", gtin=orders.HELMET, amount=Amount(net=price))
            for place, price in enumerate(self.prices)
        ]
        money = {"currency": self.total.currency, "total": self.total}
        self.webstore.offer(
            orders.order(name, *sold, kind=OrderKind.BOPIS, paid=True, tenders=(tender,), **money)
        )
        self.engine.poll()
        self.beat()

    def do(self, act: Act, **more: Any) -> None:
        self.engine.act(1, Doing(act=act, **more), WHY)
        self.beat()

    def beat(self, seconds: float = 0) -> None:
        self.clock.advance(seconds)
        self.engine.tick()

    def hear(self, event: Object, *, secret: str = SECRET) -> None:
        """Let Stripe send an event."""
        body, now = json.dumps(event).encode(), self.clock.now()
        signed = Headers([("Stripe-Signature", header(body, secret=secret, stamp=seconds(now)))])
        request = WebhookRequest(method="POST", headers=signed, body=body, received_at=now)
        self.engine.receive_webhook(self.token, request)

    def events(self) -> int:
        with self.engine.context.database.read() as database:
            query = select(func.count()).select_from(webhook_tables.events)
            return database.execute(query).scalar_one()

    def known(self) -> list[tuple[WebPaymentState, int]]:
        return [(one.state, one.captured.minor) for one in self.engine.web_payments(1)]

    def causes(self) -> set[Cause]:
        return {one.cause for one in self.engine.messages()}


@pytest.fixture
def counter(sqlite_url: str, clock: FrozenClock, stripe: Stripe) -> Iterator[Counter]:
    made = Counter(sqlite_url, clock, stripe)
    yield made
    made.engine.close()


@pytest.fixture
def anywhere(database_url: str, clock: FrozenClock, stripe: Stripe) -> Iterator[Counter]:
    """The same, on every database."""
    made = Counter(database_url, clock, stripe)
    yield made
    made.engine.close()


@pytest.mark.row("S23")
def test_what_is_held_is_taken_at_acceptance_and_noted_at_pick_up(anywhere: Counter) -> None:
    number = anywhere.pay()
    anywhere.place(reference=number)

    anywhere.do(Act.ACCEPT)
    anywhere.do(Act.PICK_UP)

    noted = [
        (one.payment.amount, one.payment.card_type, one.payment.reference)
        for one in anywhere.engine.sale(1).payments
    ]
    assert anywhere.ledger.intents[number]["amount_received"] == PRICE
    assert noted == [(won(PRICE), "Stripe", number)]
    assert anywhere.engine.order("A1").status is Status.COMPLETED
    assert anywhere.engine.payment_difference(1) is None


@pytest.mark.row("S20")
def test_a_cancelled_order_releases_its_hold(counter: Counter) -> None:
    number = counter.pay()
    counter.place()

    counter.do(Act.CANCEL)

    assert counter.ledger.intents[number]["status"] == "canceled"
    assert [(one.payment.amount, one.payment.card_type) for one in counter.engine.sale(1).payments] == [
        (won(0), "Stripe")
    ]


@pytest.mark.row("S20")
def test_a_cancelled_order_that_was_charged_is_refunded(counter: Counter) -> None:
    counter.pay()
    counter.place()
    counter.do(Act.ACCEPT)

    counter.do(Act.CANCEL)

    assert [(one["amount"], one["status"]) for one in counter.ledger.refunds.values()] == [
        (PRICE, "succeeded")
    ]
    (payment,) = counter.engine.web_payments(1)
    assert payment.kept == won(0)


@pytest.mark.parametrize("fault", ["lost", "unsent", "broken", "broken done", "conflict", "busy"])
@pytest.mark.row("S23")
def test_whatever_happens_on_the_way_it_is_taken_once(counter: Counter, fault: str) -> None:
    number = counter.pay()
    counter.place()
    counter.engine.act(1, Doing(act=Act.ACCEPT), WHY)
    counter.stripe.faults = [None, None, None, fault]

    for _ in range(5):
        counter.beat(600)

    assert (counter.ledger.intents[number]["amount_received"], counter.known()) == (
        PRICE,
        [(WebPaymentState.CAPTURED, PRICE)],
    )


@pytest.mark.row("S23")
def test_an_event_before_its_order_is_parked_and_harmless(anywhere: Counter) -> None:
    number = anywhere.pay()
    anywhere.hear(anywhere.ledger.events[0])
    (heard,) = anywhere.engine.fetch_heard()
    anywhere.place()
    anywhere.ledger.cancel(number)

    anywhere.beat(3600)

    assert (heard.fetched, heard.parked) == (0, 1)
    assert anywhere.known() == [(WebPaymentState.RELEASED, 0)]


def test_what_others_do_at_stripe_is_seen_by_its_event(counter: Counter) -> None:
    number = counter.pay()
    counter.place()
    counter.ledger.cancel(number)

    counter.hear(counter.ledger.events[-1])
    counter.beat()
    counter.beat()

    assert counter.known() == [(WebPaymentState.RELEASED, 0)]


def test_events_come_in_any_order_and_any_number(anywhere: Counter) -> None:
    """The oldest comes last, and each three times: what Stripe has at that moment is what counts."""
    anywhere.pay()
    anywhere.place()
    anywhere.do(Act.ACCEPT)
    told = list(anywhere.ledger.events)

    for event in [*reversed(told), *told, *told]:
        anywhere.hear(event)
    anywhere.beat()
    anywhere.beat()

    assert (anywhere.events(), anywhere.known()) == (len(told), [(WebPaymentState.CAPTURED, PRICE)])


def test_no_card_of_an_event_is_in_the_database(counter: Counter) -> None:
    counter.pay()
    charge = next(iter(counter.ledger.charges.values()))
    counter.ledger.tell("charge.succeeded", charge)

    counter.hear(counter.ledger.events[-1])

    with counter.engine.context.database.read() as database:
        (body,) = database.execute(select(webhook_tables.events.c.body)).scalars()
    assert (b"pi_" in body, b"4242" in body, b"example.com" in body) == (True, False, False)


def test_what_stripe_did_not_sign_is_not_kept(counter: Counter) -> None:
    counter.pay()

    with pytest.raises(Rejected, match="signing secret of another endpoint"):
        counter.hear(counter.ledger.events[0], secret="whsec_other")

    assert counter.events() == 0


def test_a_hold_that_ended_is_told_before_the_goods_are_handed_over(counter: Counter) -> None:
    counter.pay(hold=timedelta(hours=30))
    counter.place()

    counter.beat(31 * 3600)
    counter.beat(60)

    assert counter.known() == [(WebPaymentState.EXPIRED, 0)]
    assert Cause.HOLD_ENDED in counter.causes()


def test_a_day_agrees_with_stripes_own_list(counter: Counter) -> None:
    counter.pay()
    counter.place()
    counter.do(Act.ACCEPT)

    assert counter.engine.reconcile("stripe", date(2026, 3, 2)).differences == []


def test_what_was_refunded_at_stripe_itself_is_a_difference_of_its_order(counter: Counter) -> None:
    number = counter.pay()
    counter.place()
    counter.do(Act.ACCEPT)
    counter.ledger.refund({"payment_intent": number, "amount": "9000"})

    (difference,) = counter.engine.reconcile("stripe", date(2026, 3, 2)).differences

    assert "9,000" in difference.words.en
