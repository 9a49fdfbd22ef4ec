"""The plugin keeps the contract of payment services, in currencies of every kind that Stripe has."""

from collections.abc import Callable

import pytest

import tillbridge_stripe_payments as plugin
from plugins.stripe_payments.double import Stripe
from tillbridge.plugin import Connection, Money, PaymentAct, PaymentReceipt, WebPayment
from tillbridge.testing.payment_checks import CHECKS
from tillbridge.testing.payment_desk import PaymentDesk
from tillbridge_stripe_payments.amounts import to_stripe


class StripeDesk(PaymentDesk):
    """The double of Stripe."""

    plugin = plugin

    def __init__(self, connection: Connection, stripe: Stripe, currency: str) -> None:
        self.connection, self.stripe, self.currency = connection, stripe, currency

    def pay(self, amount: Money, order_id: str, *, held: bool) -> str:
        status = "requires_capture" if held else "succeeded"
        made = self.stripe.ledger.pay(
            to_stripe(amount),
            currency=amount.currency.lower(),
            metadata={"order_id": order_id},
            status=status,
        )
        return str(made["id"])

    def end_hold(self, payment_id: str) -> None:
        self.stripe.ledger.cancel(payment_id, "expired")

    def lose_answer(self) -> None:
        self.stripe.faults = [None, *["lost"] * 9]

    def do(self, act: PaymentAct, payment: WebPayment, amount: Money, key: str) -> PaymentReceipt:
        try:
            return super().do(act, payment, amount, key)
        finally:
            self.stripe.faults = []


@pytest.mark.row("S23")
@pytest.mark.parametrize("currency", ["KRW", "USD", "KWD", "ISK"])
@pytest.mark.parametrize("check", CHECKS, ids=lambda one: str(one.__name__))
def test_it_keeps_the_contract(
    check: Callable[[PaymentDesk], None], currency: str, connection: Connection, stripe: Stripe
) -> None:
    check(StripeDesk(connection, stripe, currency))
