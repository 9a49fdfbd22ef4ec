"""Whatever staff, customers, the bank and failures do, in any sequence: no amount is taken twice, none is
lost.

Drawn by hypothesis and done with a real engine over SQLite, the built-in point of sale and a payment service
in memory. One shop serves all of them, each with an order of its own; after a crash another engine goes on.
`TILLBRIDGE_LONG=1` makes it long, and different each time.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

import databases
from orders import won
from payments.counters import WHY, Counter
from shop import STAFF
from tillbridge.db import tables
from tillbridge.db.states import OPEN_DELIVERIES, DeliveryState
from tillbridge.model.errors import NotAllowed, NotFound, Retryable
from tillbridge.model.exchange import Decision
from tillbridge.model.payments import Capture, WebPaymentState
from tillbridge.model.status import Act, Status
from tillbridge.model.webhooks import Headers, WebhookRequest
from tillbridge.model.words import Words
from tillbridge.paying.tieout import noted
from tillbridge.payments.asking import refunded_in_favour
from tillbridge.pos.contract import SaleState
from tillbridge.pos.details import ItemPick, Return, ReturnedItem
from tillbridge.testing.clock import FrozenClock

LONG = os.environ.get("TILLBRIDGE_LONG") == "1"
EXAMPLES, STEPS = (1_500, 25) if LONG else (8, 9)
AWAY = Words("The service is away.", "결제 서비스에 연결할 수 없습니다.")
CALLS = ("record_payment", "fetch_payment", "capture_payment", "release_payment", "refund_payment")


class KilledError(BaseException):
    """The program died."""


class Desk:
    """What may happen to one order."""

    def __init__(self, shop: Counter, name: str) -> None:
        self.shop, self.name = shop, name
        self.payment = f"pi_{len(shop.service.payments) + 1}"
        self.order = shop.bought(name=name)

    def accept(self) -> None:
        self.shop.do(Act.ACCEPT, self.order)

    def accept_helmet(self) -> None:
        self.shop.do(Act.ACCEPT, self.order, line_ids=("h",))

    def cancel(self) -> None:
        self.shop.do(Act.CANCEL, self.order)

    def cancel_pump(self) -> None:
        self.shop.do(Act.CANCEL, self.order, line_ids=("p",))

    def undo(self) -> None:
        self.shop.engine.undo(self.order, STAFF)

    def leave_pump(self) -> None:
        self.shop.engine.remove_items(self.order, [ItemPick(web_line="p")], STAFF)

    def pick_up(self) -> None:
        self.shop.do(Act.PICK_UP, self.order)

    def bring_back(self) -> None:
        item = next(one for one in self.shop.engine.sale(self.order).items if not one.removed)
        self.shop.engine.take_back(self.order, Return(items=(ReturnedItem(item=item.id),)), STAFF)

    def favour(self) -> None:
        self.shop.engine.refund_payment(self.order, won(5_000), WHY)

    def take(self) -> None:
        self.shop.engine.take_payment(self.order, STAFF)

    def webstore_takes_part(self) -> None:
        """The webstore takes a part of the hold itself, once."""
        there = self.shop.service.payments[self.payment]
        if there.state is WebPaymentState.HELD and not there.captured:
            self.shop.service.take_part(self.payment, won(10_000))

    def send_again(self) -> None:
        self.shop.engine.send_again(self.order, STAFF)

    def beat(self) -> None:
        self.shop.beat(40)

    def night(self) -> None:
        self.shop.beat(26 * 3600)

    def confirm(self) -> None:
        self.shop.service.confirm(self.payment)

    def event(self) -> None:
        """An event of the service arrives, once more."""
        token = self.shop.engine.open_webhook("pay").path.rsplit("/", 1)[-1]
        request = WebhookRequest(
            method="POST",
            headers=Headers(),
            body=self.payment.encode(),
            received_at=self.shop.clock.now(),
        )
        self.shop.engine.receive_webhook(token, request)
        self.shop.engine.fetch_heard("pay")


ACTS: tuple[Callable[[Desk], None], ...] = tuple(
    value for name, value in vars(Desk).items() if not name.startswith("_")
)
FAILURES = ("none", "away", "lost", "killed")
Steps = list[tuple[Callable[[Desk], None], str, int]]


@pytest.fixture(scope="module", params=list(Capture))
def shop(request: Any, tmp_path_factory: Any, sqlite_template: Path) -> Iterator[Counter]:
    file = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("any") / "shop.sqlite3")
    clock = FrozenClock(datetime(2026, 3, 2, 3, tzinfo=UTC))
    made = Counter(databases.sqlite_url(file), clock, capture=request.param)
    yield made
    made.close()


@settings(
    max_examples=EXAMPLES,
    derandomize=not LONG,
    phases=[Phase.generate, Phase.shrink] if LONG else [Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from(FAILURES), st.integers(1, 12)), max_size=STEPS
    ),
    kind=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
@example(steps=[(Desk.favour, "lost", 6), (Desk.beat, "none", 1)], kind=(True, False, True))
@pytest.mark.row("S23")
def test_no_amount_is_taken_twice_and_none_is_lost(
    shop: Counter, steps: Steps, kind: tuple[bool, bool, bool]
) -> None:
    shop.service.confirms, shop.service.keeps_keys, accepted = kind
    desk = Desk(shop, f"O{len(shop.service.payments) + 1}")
    if accepted:  # most of what can go wrong needs money that was taken
        desk.accept()
        desk.take()
    for act, failure, when in steps:
        with failing(shop, failure, when), suppress(NotAllowed, NotFound, StopIteration):
            act(desk)

    rest(desk)

    assert [] == faults(desk)


class failing:  # noqa: N801  # it is read as a word
    """Lets something fail within the block; a killed program's work goes on with another engine."""

    def __init__(self, shop: Counter, failure: str, when: int) -> None:
        self.shop, self.failure, self.left = shop, failure, when

    def __enter__(self) -> None:
        service = self.shop.service
        if self.failure == "away":
            service.before = self._fail
        elif self.failure == "lost":
            service.after = self._fail
        elif self.failure == "killed":
            self.shop.at_point = self._kill

    def _fail(self, call: str) -> None:
        self.left -= 4 if call in CALLS[:2] else 8
        if self.left <= 0 and call in CALLS:
            raise Retryable(AWAY)

    def _kill(self, point: str) -> None:
        self.left -= "payment" in point or "claim" in point or "receipt" in point
        if self.left <= 0:
            raise KilledError

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        shop = self.shop
        shop.service.before = shop.service.after = shop.at_point = lambda _: None
        if kind is not None and issubclass(kind, KilledError):
            shop.engine.close()
            shop.engine = shop.another()
            return True
        return kind is not None and issubclass(kind, Retryable)


def rest(desk: Desk) -> None:
    """Do what is due until nothing changes; what was refused is tried anew, as staff are asked to."""
    shop = desk.shop
    for _ in range(6):
        shop.beat(2 * 3600)
        if not deliveries(desk, *OPEN_DELIVERIES):
            break
    shop.service.confirm(desk.payment)
    shop.engine.check_payments(desk.order)
    shop.beat(60)


def deliveries(desk: Desk, *states: DeliveryState) -> list[str]:
    table = tables.deliveries
    query = select(table.c.action).where(table.c.order_id == desk.order, table.c.state.in_(states))
    with desk.shop.engine.context.database.read() as database:
        return list(database.execute(query).scalars())


def faults(desk: Desk) -> list[str]:
    """Return what must not be once everything rests, and is."""
    shop = desk.shop
    there, (known,) = shop.service.payments[desk.payment], shop.engine.web_payments(desk.order)
    found = list(shop.service.wrong)
    if known != there:
        found.append(f"known is {known}, the service has {there}")
    if open_ones := deliveries(desk, *OPEN_DELIVERIES):
        found.append(f"still to be done: {open_ones}")
    wanted = expected(desk)
    if wanted is not None and (there.kept.minor, there.held.minor) != wanted:
        found.append(f"kept and held are {there.kept}, {there.held}, and should be {wanted}")
    if words := shop.engine.payment_difference(desk.order):
        found.append(words.en)
    return found


def expected(desk: Desk) -> tuple[int, int] | None:
    """Return what the service should keep and hold of the order's 70,000; None: staff are asked first."""
    shop = desk.shop
    order = shop.engine.order_by_id(desk.order)
    there = shop.service.payments[desk.payment]
    with shop.engine.context.database.read() as database:
        favour = refunded_in_favour(database, desk.order)
    if deliveries(desk, DeliveryState.SET_ASIDE):
        return None
    if order.decision is Decision.REJECTED:
        return 0, 0
    sale = shop.engine.sale(desk.order)
    if order.status is Status.COMPLETED and sale.facts.state is SaleState.FINISHED:
        return max(noted(sale).minor - favour, 0), 0
    if there.state is WebPaymentState.HELD:
        return there.captured.minor, 70_000 - there.captured.minor
    total = sum(line.total_minor for line in order.lines if line.state.value != "rejected")
    return max(total - favour, 0), 0
