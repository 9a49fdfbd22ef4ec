"""The engine's methods about web payments: reading, taking, refunding, and comparing a day."""

from datetime import date

from tillbridge import connections
from tillbridge.engine.parts import Parts
from tillbridge.model.money import Money
from tillbridge.model.payments import Capture, WebPayment
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.paying import charging, reconciling, serving
from tillbridge.paying.looking import look_at
from tillbridge.paying.reconciling import Reconciled
from tillbridge.paying.serving import Served
from tillbridge.paying.tieout import note_difference, standing_difference
from tillbridge.payments.known import payments_of
from tillbridge.views import order_by_id


class Paying(Parts):
    """Web payments."""

    def serve_payments(self, name: str, service: str, capture: Capture, who: str) -> Served:
        """Let a payment service's connection serve a webstore's connection; "" lets none. Signed.

        Raises:
            NotFound: there is no connection of that name.
            InputError: the webstore charges by itself, or the other connection is no payment service.
        """
        return serving.serve(self.context, name, service, capture, who)

    def require_service(self, provider: str, name: str, service: str) -> None:
        """Refuse a payment service that cannot serve a webstore's connection, which need not be kept yet.

        Raises:
            NotFound: there is no connection of the service's name.
            InputError: the webstore charges by itself, or the other connection is no payment service.
        """
        (by,) = connections.rows(self.context, service)
        serving.require_fit(self.context, self.context.plugins.provider(provider), name, by)

    def payments_served(self, name: str) -> Served:
        """Return who has the payments of a connection's orders, and when they are taken.

        Raises:
            NotFound: there is no connection of that name.
        """
        return serving.served(self.context, name)

    def web_payments(self, order_id: int) -> list[WebPayment]:
        """Return an order's payments as they were read last, the oldest first.

        Raises:
            NotFound: there is no such order.
        """
        order_by_id(self.context, order_id)
        with self.context.database.read() as database:
            return payments_of(database, [order_id])[order_id]

    def check_payments(self, order_id: int) -> list[WebPayment]:
        """Read an order's payments at the service now, hold them together with the order, and return them.

        Raises:
            NotFound: there is no such order.
            ProviderError: the service is away or refuses, or none serves the order's connection.
        """
        found = look_at(self.context, self.open(self._connection_of(order_id)), order_id)
        note_difference(self.context, order_id)
        return list(found.payments)

    def payment_difference(self, order_id: int) -> Words | None:
        """Return what does not add up of an order's money, with every number, or None."""
        return standing_difference(self.context, order_id)

    def take_payment(self, order_id: int, signature: Signature) -> Words | None:
        """Take what is held for an accepted order now; return what keeps it from being done.

        Raises:
            NotFound: there is no such order.
            NotAllowed: nobody accepted it, or no payment service serves it.
        """
        return charging.take(self.context, self.open(self._connection_of(order_id)), order_id, signature)

    def refund_payment(self, order_id: int, amount: Money, signature: Signature) -> Words | None:
        """Give back some of what was taken, through the service; return what keeps it from being done.

        Raises:
            NotFound: there is no such order.
            NotAllowed: it was not taken, or no payment service serves the order.
            InputError: the amount is nothing, or the reason is missing.
        """
        opened = self.open(self._connection_of(order_id))
        return charging.refund(self.context, opened, order_id, amount, signature)

    def reconcile(self, name: str, day: date) -> Reconciled:
        """Compare a day of a payment service's own list with what is known; nothing is changed.

        The day is that of the connection's default store.

        Raises:
            NotFound: there is no connection of that name.
            InputError: it lists nothing.
            ProviderError: the service is away, or refuses.
        """
        (row,) = connections.rows(self.context, name)
        return reconciling.reconcile(self.context, self.open(row), day)
