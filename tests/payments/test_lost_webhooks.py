"""What changes at the payment service is seen without a webhook: it may be lost, or never be set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from orders import won
from payments.counters import Counter
from shop import STAFF
from tillbridge.model.messages import Cause
from tillbridge.model.payments import Capture, WebPayment, WebPaymentState
from tillbridge.model.status import Act, PaymentState
from tillbridge.paying.again import next_look

HOUR = 3600
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.fixture
def shop(sqlite_url: str, clock: Any) -> Iterator[Counter]:
    """A1 was bought for 70,000, which is held; it is taken at pick-up."""
    made = Counter(sqlite_url, clock, capture=Capture.PICK_UP)
    made.bought()
    made.beat()
    yield made
    made.close()


def states(shop: Counter) -> list[WebPaymentState]:
    return [one.state for one in shop.engine.web_payments(1)]


def test_a_hold_that_was_released_at_the_service_is_seen_within_six_hours(shop):
    shop.service._release("pi_1")

    shop.beat(6 * HOUR)

    assert [WebPaymentState.RELEASED] == states(shop)


def test_what_was_refunded_at_the_service_before_the_pick_up_is_told(shop):
    shop.do(Act.ACCEPT)
    shop.service._capture("pi_1", won(70_000))
    shop.beat(6 * HOUR)
    shop.service.refund_there("pi_1", won(70_000))

    shop.beat(6 * HOUR)

    assert PaymentState.REFUNDED is shop.engine.payment(1)
    assert Cause.MONEY_DIFFERS in shop.causes()


def test_a_refund_that_its_bank_sent_back_later_is_seen_although_the_order_is_over(shop):
    shop.service.confirms = False
    shop.do(Act.ACCEPT)
    shop.engine.take_payment(1, STAFF)
    shop.do(Act.CANCEL)
    shop.beat()
    assert PaymentState.REFUND_PENDING is shop.engine.payment(1)

    shop.service.confirm("pi_1", failed=True)
    shop.beat(6 * HOUR)

    assert PaymentState.REFUND_DUE is shop.engine.payment(1)
    assert Cause.MONEY_DIFFERS in shop.causes()


def test_a_payment_that_was_made_after_its_order_came_is_found(sqlite_url, clock):
    shop = Counter(sqlite_url, clock)
    shop.place()
    shop.engine.poll()
    shop.beat()
    shop.service.hold("A1", won(70_000))

    shop.beat(HOUR)

    assert [WebPaymentState.HELD] == states(shop)
    shop.close()


def test_what_is_over_and_confirmed_is_not_read_again(shop):
    shop.do(Act.ACCEPT)
    shop.do(Act.PICK_UP)
    for _ in range(4):
        shop.beat(60)
    asked: list[str] = []
    shop.service.before = asked.append

    for _ in range(4):
        shop.beat(12 * HOUR)

    assert [] == asked


# When it is read again


def payment(state: WebPaymentState, *, pending: int = 0, ends: timedelta | None = None) -> WebPayment:
    held = state is WebPaymentState.HELD
    amounts = {
        "authorised": won(70_000),
        "captured": won(0 if held else 70_000),
        "refund_pending": won(pending),
    }
    until = NOW + ends if ends else None
    return WebPayment.of("pi_1", state, amounts, "KRW", created_at=NOW, live=True, capture_before=until)


@pytest.mark.parametrize(
    ("payments", "age", "wait"),
    [
        ([payment(WebPaymentState.HELD)], timedelta(days=1), timedelta(hours=6)),
        ([payment(WebPaymentState.HELD, ends=timedelta(hours=2))], timedelta(days=1), timedelta(hours=2)),
        ([payment(WebPaymentState.HELD, ends=-timedelta(hours=2))], timedelta(days=1), timedelta(hours=6)),
        ([payment(WebPaymentState.CAPTURED)], timedelta(days=1), timedelta(hours=6)),
        ([payment(WebPaymentState.CAPTURED)], None, None),
        ([payment(WebPaymentState.CAPTURED, pending=1)], None, timedelta(hours=6)),
        ([payment(WebPaymentState.HELD)], None, timedelta(hours=6)),
        ([payment(WebPaymentState.PENDING)], timedelta(), timedelta(minutes=5)),
        ([payment(WebPaymentState.PENDING)], timedelta(hours=4), timedelta(hours=2)),
        ([], timedelta(hours=4), timedelta(hours=2)),
        ([], timedelta(days=9), timedelta(hours=6)),
        ([], None, None),
    ],
)
def test_what_may_still_change_is_read_a_few_times_a_day(payments, age, wait):
    again = next_look(payments, order_id=0, age=age, now=NOW)

    assert (NOW + wait if wait is not None else None) == again


def test_orders_that_came_at_once_are_not_all_read_again_at_once():
    held = [payment(WebPaymentState.HELD)]
    day = timedelta(days=1)
    due = {next_look(held, order_id=number, age=day, now=NOW) or NOW for number in range(59)}

    assert 59 == len(due)
    assert NOW + timedelta(hours=5) <= min(due) <= max(due) <= NOW + timedelta(hours=6)


# The road is set-based


@contextmanager
def counted(shop: Counter) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = shop.engine.context.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_thirty_orders_that_are_due_cost_as_many_queries_as_one(shop):
    for number in range(29):
        shop.place(name=f"B{number}")
        shop.service.hold(f"B{number}", won(70_000))
    shop.engine.poll()
    shop.beat(6 * HOUR)
    looks = []
    for due in (1, 30):
        with shop.engine.context.database.write("all are due") as database:
            database.exec_driver_sql(
                f"UPDATE payment_looks SET due_at = '2026-01-01 00:00:00' WHERE order_id <= {due}"
            )
        with counted(shop) as statements:
            shop.engine.deliver()
        looks.append(len(statements))

    assert looks[0] == looks[1]
