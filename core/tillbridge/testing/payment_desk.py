"""A payment service as `tillbridge.testing.payment_checks` meets it, and the payment that a check acts on."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final, Self

from tillbridge import plugins
from tillbridge.model.errors import Rejected, Retryable
from tillbridge.model.exchange import Outcome
from tillbridge.model.money import Money
from tillbridge.model.orders import OrderKind, Standing, Tender, TenderKind, WebCustomer, WebOrder
from tillbridge.model.payments import (
    PaidOrder,
    PaymentAct,
    PaymentDelivery,
    PaymentEntry,
    PaymentReceipt,
    WebPayment,
)
from tillbridge.provider import Capability, Connection

ORDER: Final = "kit-1001"
_HUNDRED: Final = Decimal(100)


class PaymentDesk(ABC):
    """A payment service as a check meets it: the plugin, a connection, and what customers and networks do.

    Attributes:
        plugin: the module (or object) whose hooks are checked; it offers one provider.
        connection: to the service, as the engine would give it.
        currency: of all amounts; multiples of a hundred units of it are moved.
    """

    plugin: object
    connection: Connection
    currency: str = "USD"

    @abstractmethod
    def pay(self, amount: Money, order_id: str, *, held: bool) -> str:
        """Let a customer pay an order at the webstore: it is held, or taken; return the payment's ID."""

    @abstractmethod
    def end_hold(self, payment_id: str) -> None:
        """Let a hold end by itself, as the bank does after some days."""

    @abstractmethod
    def lose_answer(self) -> None:
        """Let the service do what it is asked to change next, and let the answer be lost, repeats and all.

        Everything is heard again from the next hook on.
        """

    # What the checks need, made of the above

    @cached_property
    def _loaded(self) -> plugins.Plugins:
        loaded = plugins.load([], extra={"checked": self.plugin})
        faults = [one.words.en for one in loaded.problems if one.refused]
        require(not faults, f"the plugin is refused: {faults}")
        return loaded

    @property
    def can_list(self) -> bool:
        """Whether the provider lists what moved."""
        return Capability.PAYMENT_LIST in self._loaded.provider(self._name).capabilities

    @cached_property
    def _name(self) -> str:
        names = list(self._loaded.providers)
        require(len(names) == 1, f"one provider is checked at a time, and these are offered: {names}")
        return names[0]

    def money(self, units: int) -> Money:
        """Return so many hundreds of the currency's units."""
        return Money.exact(units * _HUNDRED, self.currency)

    def find(self, order_id: str = ORDER, *, known: Sequence[WebPayment] = ()) -> list[WebPayment]:
        """Return what `record_payment` answers for an order."""
        asked = PaidOrder(order=self._order(order_id), webstore="web", known=tuple(known))
        return list(self._loaded.payments.record(self._name, self.connection, asked))

    def fetch(self, payment_id: str) -> WebPayment:
        """Return what `fetch_payment` answers."""
        return self._loaded.payments.fetch(self._name, self.connection, payment_id)

    def do(self, act: PaymentAct, payment: WebPayment, amount: Money, key: str) -> PaymentReceipt:
        """Act on a payment."""
        delivery = PaymentDelivery(key=key, order_id=ORDER, number=ORDER, webstore="web", reason="kit")
        return self._loaded.payments.do(self._name, self.connection, act, (payment, amount, delivery))

    def moves(self, since: timedelta, until: timedelta) -> list[PaymentEntry]:
        """Return what moved in a span around now."""
        now = self.connection.now()
        return list(self._loaded.payments.moves(self._name, self.connection, now + since, now + until))

    def _order(self, order_id: str) -> WebOrder:
        total = self.money(1)
        return WebOrder(
            id=order_id,
            number=order_id,
            kind=OrderKind.BOPIS,
            standing=Standing.OPEN,
            placed_at=self.connection.now() - timedelta(minutes=1),
            currency=self.currency,
            total=total,
            lines=(),
            customer=WebCustomer(full_name="Kit"),
            paid=True,
            tenders=(Tender(kind=TenderKind.CARD, amount=total),),
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A payment that a check acts on."""

    desk: PaymentDesk
    payment: WebPayment

    @classmethod
    def of(cls, desk: PaymentDesk, units: int, *, held: bool) -> Self:
        """Let a customer pay; the check acts on that payment."""
        return cls(desk, desk.fetch(desk.pay(desk.money(units), ORDER, held=held)))

    @property
    def now(self) -> WebPayment:
        """The payment as its service has it now."""
        return self.desk.fetch(self.payment.id)

    def do(self, act: PaymentAct, units: int, key: str = "kit-key-1") -> PaymentReceipt:
        """Act on the payment as it was at first."""
        return self.desk.do(act, self.payment, self.desk.money(units), key)

    def try_unheard(self, act: PaymentAct, units: int, key: str = "kit-key-1") -> None:
        """Act, and hear nothing of it."""
        self.desk.lose_answer()
        with suppress(Retryable):
            self.do(act, units, key)

    def accept(self, act: PaymentAct, units: int, key: str = "kit-key-1") -> None:
        """Act, and hold the receipt to what was done."""
        receipt = self.do(act, units, key)
        said = receipt.words.en if receipt.words else "nothing"
        require(receipt.outcome is Outcome.ACCEPTED, f"{act} is answered by {receipt.outcome}, saying {said}")
        if receipt.payment is not None:
            equal("the receipt's payment, and the payment as it is read", receipt.payment, self.now)

    def refuse(self, act: PaymentAct, units: int, key: str = "kit-key-1") -> None:
        """Act on what cannot be: it is refused in words, and nothing is done."""
        before = self.now
        try:
            receipt = self.do(act, units, key)
        except Rejected:
            pass
        else:
            require(
                receipt.outcome is Outcome.REFUSED, f"{act} is answered by {receipt.outcome}, not refused"
            )
            require(receipt.words is not None, f"{act} is refused without a word why")
        equal(f"the payment before and after a refused {act}", before, self.now)

    def hold_against(self, *, taken: int, back: int = 0) -> None:
        """Hold what was taken, and what of it is given back or on its way, against what is expected."""
        now, money = self.now, self.desk.money
        equal("what was taken", now.captured, money(taken))
        equal("what was given back, or is about to be", now.refunded + now.refund_pending, money(back))


def require(holds: bool, otherwise: str) -> None:  # noqa: FBT001  # it reads as an assertion
    """Say what was not kept, where it was not."""
    if not holds:
        raise AssertionError(otherwise)


def equal(what: str, first: object, second: object) -> None:
    """Say what differs, where it does."""
    require(first == second, f"{what}: {first} is not {second}")
