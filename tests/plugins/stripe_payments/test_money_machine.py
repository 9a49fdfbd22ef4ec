"""Whatever is lost, repeated, out of order or done by others: no money is taken twice, and none is lost.

A shop with an outbox as the engine has one: what is to be done is a delivery with one key, sent until it has
a final answer. Between the call and its answer everything may die.
"""

import json
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import tillbridge_stripe_payments as plugin
from plugins.stripe_payments.double import Stripe
from plugins.stripe_payments.samples import SECRET, connected, delivery, won
from plugins.stripe_payments.test_signatures import header
from tillbridge.plugin import Headers, Money, Outcome, Rejected, Retryable, WebhookRequest, WebPayment
from tillbridge.testing.clock import FrozenClock
from tillbridge_stripe_payments.moments import seconds
from tillbridge_stripe_payments.requests import DELIVERY

HELD = 1_000
HOUR = 3600
FINAL = (Outcome.ACCEPTED, Outcome.REFUSED)
ACTS = {
    "capture": plugin.capture_payment,
    "release": plugin.release_payment,
    "refund": plugin.refund_payment,
}


@dataclass(frozen=True, slots=True)
class Sending:
    """What happens to the requests of a sending; where the outbox dies, their answer is lost as a whole."""

    faults: tuple[str | None, ...] = ()
    dies: bool = False


@dataclass(slots=True)
class Task:
    """A delivery on its way; `answer` is its final one."""

    key: str
    act: str
    payment: str
    amount: Money
    answer: Outcome | None = None


# A fault at the reading before, at the writing, and at the writing's next tries.
SENDINGS = st.builds(
    Sending,
    faults=st.tuples(
        st.sampled_from([None, None, None, "unsent", "busy"]),
        st.sampled_from([None, "unsent", "lost", "broken", "broken done", "busy", "conflict"]),
        st.sampled_from([None, None, "lost", "broken", "busy"]),
    ),
    dies=st.booleans(),
)
PLACES = st.integers(0, 99)
DECISIONS = st.tuples(
    st.just("decide"),
    st.sampled_from([*ACTS, "refund"]),
    PLACES,
    st.sampled_from([1, 400, 600, 1_000, 1_001]),
)
STEPS = st.one_of(
    st.tuples(DECISIONS, SENDINGS),
    st.tuples(DECISIONS, SENDINGS),
    st.tuples(st.tuples(st.just("again"), PLACES), SENDINGS),
    st.tuples(st.tuples(st.just("again"), PLACES), SENDINGS),
    st.tuples(st.tuples(st.just("event"), PLACES)),
    st.tuples(st.tuples(st.just("others"), st.sampled_from(["capture", "cancel", "refund"]), PLACES)),
    st.tuples(st.tuples(st.just("bank"), st.sampled_from(["succeeded", "failed", "waits", "is quick"]))),
    st.tuples(st.tuples(st.just("time"), st.sampled_from([1, 5, 25, 50]))),
)


@pytest.mark.slow
@pytest.mark.row("S20")
@pytest.mark.row("S23")
@settings(max_examples=40, deadline=None, phases=set(Phase) - {Phase.explain})
@given(steps=st.lists(STEPS, min_size=10, max_size=40))
def test_no_money_is_taken_twice_and_none_is_lost(steps: list[tuple[Any, ...]]) -> None:
    with ExitStack() as opened:
        shop = Shop(opened)
        for (name, *more), *how in steps:
            getattr(shop, name)(*more, *how)
            shop.check()
        shop.finish()
        shop.check()


class Shop:
    """The shop, its outbox, and Stripe; two payments are held, one is taken."""

    def __init__(self, opened: ExitStack) -> None:
        self.clock = FrozenClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
        self.stripe = Stripe(self.clock.now)
        self.ledger = self.stripe.ledger
        transport = self.stripe.transport()
        self.connection = opened.enter_context(
            connected(self.clock, transport=transport, base_url=self.stripe.url)
        )
        self.tasks: list[Task] = []
        self.known: dict[str, WebPayment] = {}
        for status in ("requires_capture", "requires_capture", "succeeded"):
            number = self.ledger.pay(HELD, status=status)["id"]
            self.known[number] = plugin.fetch_payment(self.connection, number)
        self.taken_by_others = {number}

    def decide(self, act: str, place: int, amount: int, how: Sending) -> None:
        """Staff decide something, sensible or not, and it is sent."""
        whole = HELD if act == "release" else amount
        self.tasks.append(Task(f"d-{len(self.tasks)}", act, self._payment(place), won(whole)))
        self.send(self.tasks[-1], how)

    def again(self, place: int, how: Sending) -> None:
        """The outbox sends again what has no answer."""
        if waiting := [one for one in self.tasks if one.answer is None]:
            self.send(waiting[place % len(waiting)], how)

    def event(self, place: int) -> None:
        """Any event that was ever sent arrives, whatever came before it and however often."""
        body = json.dumps(self.ledger.events[place % len(self.ledger.events)]).encode()
        now = self.clock.now()
        signed = Headers([("Stripe-Signature", header(body, secret=SECRET, stamp=seconds(now)))])
        request = WebhookRequest(method="POST", headers=signed, body=body, received_at=now)
        for hint in plugin.receive_webhook(self.connection, request).hints:
            self.known[hint.payment_id] = plugin.fetch_payment(self.connection, hint.payment_id)

    def others(self, act: str, place: int) -> None:
        """Somebody acts at Stripe itself."""
        number = self._payment(place)
        status = self.ledger.intent(number)["status"]
        if act == "refund" and status == "succeeded" and self._left(number):
            self.ledger.refund({"payment_intent": number, "amount": 1})
        elif act == "capture" and status == "requires_capture":
            self.ledger.capture(number, {})
            self.taken_by_others.add(number)
        elif act == "cancel" and status == "requires_capture":
            self.ledger.cancel(number)

    def bank(self, does: str) -> None:
        """The bank answers the oldest refund that waits, or takes its time from now on."""
        waiting = [number for number, one in self.ledger.refunds.items() if one["status"] == "pending"]
        if does in ("waits", "is quick"):
            self.ledger.refunds_wait = does == "waits"
        elif waiting:
            self.ledger.settle_refund(waiting[0], does, "declined")

    def time(self, hours: int) -> None:
        self.clock.advance(hours * HOUR)

    def send(self, task: Task, how: Sending) -> None:
        self.stripe.faults = list(how.faults)
        try:
            act = ACTS[task.act]
            receipt = act(self.connection, self.known[task.payment], task.amount, delivery(task.key))
        except Retryable:
            return
        except Rejected:
            task.answer = Outcome.REFUSED
            return
        finally:
            self.stripe.faults = []
        if receipt.outcome in FINAL and not how.dies:
            task.answer = receipt.outcome
        if receipt.payment is not None and not how.dies:
            assert receipt.payment == plugin.fetch_payment(self.connection, task.payment)
            self.known[task.payment] = receipt.payment

    def finish(self) -> None:
        """Let everything be well again, and more than a day pass between the tries: all has its answer."""
        for _ in range(3):
            for task in self.tasks:
                if task.answer is None:
                    self.send(task, Sending())
            self.clock.advance(25 * HOUR)
        assert [one for one in self.tasks if one.answer is None] == []

    def check(self) -> None:
        for number, intent in self.ledger.intents.items():
            self._taken_once(number, intent)
            assert 0 <= self._left(number) <= intent["amount_received"] <= HELD
        for task in self.tasks:
            self._done_once(task)

    def _taken_once(self, number: str, intent: dict[str, Any]) -> None:
        charges = [one for one in self.ledger.balance if one["type"] == "charge"]
        taken = [one["amount"] for one in charges if one["source"]["payment_intent"] == number]
        assert sum(taken) == intent["amount_received"]
        assert len(taken) <= 1
        wanted = {one.amount.minor for one in self.tasks if (one.act, one.payment) == ("capture", number)}
        assert not taken or number in self.taken_by_others or taken[0] in wanted

    def _done_once(self, task: Task) -> None:
        intent, made = self.ledger.intents[task.payment], self._refunds_of(task)
        assert [one["amount"] for one in made] in ([], [task.amount.minor])
        if task.answer is Outcome.ACCEPTED:
            done = {
                "capture": intent["amount_received"] == task.amount.minor,
                "release": intent["status"] == "canceled",
                "refund": len(made) == 1,
            }
            assert done[task.act], task
        elif task.answer is Outcome.REFUSED:
            # A bank may have sent a refund back before it was heard that it was made.
            assert all(one["status"] == "failed" for one in made), task

    def _refunds_of(self, task: Task) -> list[dict[str, Any]]:
        return [one for one in self.ledger.refunds.values() if one["metadata"].get(DELIVERY) == task.key]

    def _payment(self, place: int) -> str:
        return [*self.known][place % len(self.known)]

    def _left(self, number: str) -> int:
        received: int = self.ledger.intents[number]["amount_received"]
        return received - self.ledger.given_back(number)
