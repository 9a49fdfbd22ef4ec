"""The hooks of payment services, each a typed call on exactly the plugin of a connection's provider."""

from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from tillbridge.model.money import Money
from tillbridge.model.payments import (
    PaidOrder,
    PaymentAct,
    PaymentDelivery,
    PaymentEntry,
    PaymentReceipt,
    WebPayment,
)
from tillbridge.plugins.answers import entry_fault
from tillbridge.plugins.hookcall import HookCall, pages
from tillbridge.provider import Connection

_HOOKS: Final[Mapping[PaymentAct, str]] = MappingProxyType(
    {
        PaymentAct.CAPTURE: "capture_payment",
        PaymentAct.RELEASE: "release_payment",
        PaymentAct.REFUND: "refund_payment",
    }
)


class PaymentCalls:
    """The payment hooks of one engine's plugins."""

    def __init__(self, call: Callable[[str, str], HookCall]) -> None:
        self._call = call

    def record(self, provider: str, connection: Connection, order: PaidOrder) -> Sequence[WebPayment]:
        """Return an order's payments as they are now.

        Raises:
            ProviderError: the service is away, or refuses.
            PluginError: the plugin failed.
        """
        found: Sequence[WebPayment] = self._call(provider, "record_payment")(
            connection=connection, order=order
        )
        return found

    def fetch(self, provider: str, connection: Connection, payment_id: str) -> WebPayment:
        """Return one payment as it is now.

        Raises:
            ProviderError: the service is away, refuses, or has no such payment.
            PluginError: the plugin failed.
        """
        found: WebPayment = self._call(provider, "fetch_payment")(
            connection=connection, payment_id=payment_id
        )
        return found

    def do(
        self,
        provider: str,
        connection: Connection,
        act: PaymentAct,
        wanted: tuple[WebPayment, Money, PaymentDelivery],
    ) -> PaymentReceipt:
        """Do something with a payment: which, how much of it, and the delivery that it belongs to.

        Raises:
            ProviderError: the service is away, or refuses.
            PluginError: the plugin failed; whether it was done is not known.
        """
        payment, amount, delivery = wanted
        receipt: PaymentReceipt = self._call(provider, _HOOKS[act])(
            connection=connection, payment=payment, amount=amount, delivery=delivery
        )
        return receipt

    def moves(
        self, provider: str, connection: Connection, since: datetime, until: datetime
    ) -> Generator[PaymentEntry, None, None]:
        """Yield what moved at a payment service; close it as the pages of `fetch_orders`.

        Raises:
            ProviderError: at any line: the service is away, or refuses.
            PluginError: at any line: the plugin failed.
        """
        call = self._call(provider, "list_payments")
        return pages(call, entry_fault, connection=connection, since=since, until=until)
