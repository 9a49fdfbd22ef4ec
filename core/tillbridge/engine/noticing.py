"""The engine's methods about what staff must see, and what the webstore changed."""

from tillbridge import differences, messages
from tillbridge.differences import OrderDifference
from tillbridge.engine.parts import Parts
from tillbridge.model.messages import Message, MessageCounts
from tillbridge.orders.order_state import Signature


class Noticing(Parts):
    """Messages, found by their causes each time they are asked for."""

    def messages(self) -> list[Message]:
        """Return what staff must see now, the most urgent first; each goes with its cause."""
        return messages.find_messages(self.context)

    def counts(self) -> MessageCounts:
        """Return the numbers of the eCommerce tile."""
        return messages.find_counts(self.context)

    def difference(self, order_id: int) -> OrderDifference | None:
        """Return how the newest version differs from what was sold (else from the one before), or None.

        Raises:
            NotFound: there is no such order.
        """
        return differences.difference(self.context, order_id)

    def leave_as_sold(self, order_id: int, version: int, signature: Signature) -> None:
        """Say that a sale stays as it is, although the webstore changed its order to this version.

        Raises:
            NotFound: there is no such order.
            NotAllowed: there is nothing to decide, or the webstore changed it again meanwhile.
        """
        differences.leave_as_sold(self.context, order_id, version, signature)
