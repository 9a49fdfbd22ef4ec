"""The checks of payment plugins: the service in memory passes them, and plugins at fault are found."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import pytest

from stub_plugins import NOW, connection
from tillbridge.model.errors import Retryable
from tillbridge.model.exchange import Outcome
from tillbridge.model.money import Money
from tillbridge.model.payments import (
    PaidOrder,
    PaymentDelivery,
    PaymentEntry,
    PaymentReceipt,
    WebPayment,
    WebPaymentState,
)
from tillbridge.model.words import Words
from tillbridge.plugin import hookimpl
from tillbridge.provider import Connection
from tillbridge.testing import payment_checks
from tillbridge.testing.clock import FrozenClock
from tillbridge.testing.payment_checks import CHECKS
from tillbridge.testing.payment_desk import PaymentDesk
from tillbridge.testing.payments import MemoryPayments

Check = Callable[[PaymentDesk], None]


class MemoryDesk(PaymentDesk):
    """The payment service in memory, or one that is at fault."""

    currency = "KRW"

    def __init__(self, service: MemoryPayments) -> None:
        self.plugin = self.service = service
        self.connection = connection()

    def pay(self, amount: Money, order_id: str, *, held: bool) -> str:
        number = self.service.hold(order_id, amount).id
        if not held:
            self.service._capture(number, amount)
        return number

    def end_hold(self, payment_id: str) -> None:
        self.service.expire(payment_id)

    def lose_answer(self) -> None:
        def lose(_: str) -> None:
            self.service.after = lambda _: None
            raise Retryable(Words("Lost.", "응답을 받지 못했습니다."))

        self.service.after = lose


def memory(kind: type[MemoryPayments] = MemoryPayments) -> MemoryPayments:
    return kind(now=FrozenClock(NOW).now)


@pytest.mark.parametrize("check", CHECKS, ids=lambda one: str(one.__name__))
@pytest.mark.parametrize("keeps_keys", [True, False])
def test_the_service_in_memory_keeps_the_contract(check: Check, *, keeps_keys: bool) -> None:
    service = memory()
    service.keeps_keys = keeps_keys

    check(MemoryDesk(service))


def test_every_check_is_run() -> None:
    written = {
        one
        for name, one in vars(payment_checks).items()
        if callable(one) and getattr(one, "__module__", "") == payment_checks.__name__
    }

    assert written == set(CHECKS)


# Plugins that are at fault


class Forgetful(MemoryPayments):
    """It forgets each key at once."""

    def _is_new(self, key: str, asked: tuple[object, ...]) -> bool:
        super()._is_new(key, asked)
        return True

    def _give_back(self, number: str, amount: Money, key: str) -> None:
        super()._give_back(number, amount, f"{key}{len(self.moves)}" if key else "")


class Greedy(MemoryPayments):
    """It takes the whole hold, whatever it is asked for."""

    def _capture(self, number: str, amount: Money) -> None:
        super()._capture(number, self.payments[number].authorised)


class Hopeful(MemoryPayments):
    """It answers what it hopes for, and does nothing."""

    @hookimpl
    def capture_payment(
        self, connection: Connection, payment: WebPayment, amount: Money, delivery: PaymentDelivery
    ) -> PaymentReceipt:
        state = WebPaymentState.CAPTURED
        hoped = payment.model_copy(update={"state": state, "captured": amount})
        return PaymentReceipt(Outcome.ACCEPTED, payment=hoped)


class Blind(MemoryPayments):
    """It finds every payment, whichever order is meant."""

    @hookimpl
    def record_payment(self, connection: Connection, order: PaidOrder) -> Sequence[WebPayment]:
        return list(self.payments.values())


class Eternal(MemoryPayments):
    """It shows a hold that has ended as one that stands."""

    def expire(self, number: str) -> None:
        pass


class Verbose(MemoryPayments):
    """It lists all that ever moved, whenever it is asked."""

    @hookimpl
    def list_payments(
        self, connection: Connection, since: datetime, until: datetime
    ) -> Iterator[PaymentEntry]:
        yield from self.moves


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Forgetful, "the_same_refund_twice_gives_back_once"),
        (Forgetful, "a_refund_whose_answer_was_lost_gives_back_once"),
        (Greedy, "a_hold_is_taken_in_part_and_the_rest_let_go"),
        (Greedy, "no_more_than_the_hold_is_taken"),
        (Hopeful, "a_hold_is_taken_whole"),
        (Blind, "an_order_without_a_payment_has_none"),
        (Eternal, "an_ended_hold_is_not_taken"),
        (Verbose, "what_moved_is_listed_once_with_its_payment"),
    ],
)
def test_a_plugin_that_is_at_fault_is_found(kind: type[MemoryPayments], found: str) -> None:
    (check,) = [one for one in CHECKS if one.__name__ == found]

    with pytest.raises(AssertionError):
        check(MemoryDesk(memory(kind)))
