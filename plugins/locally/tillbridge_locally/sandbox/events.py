"""The events that Locally tells of by webhook: one for each item of an order that is new or changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from tillbridge.testing.door import HOST
from tillbridge.testing.webhooks import Sender
from tillbridge_locally.sandbox.store import Entry, word


class Events:
    """Makes webhooks of what happens.

    Args:
        sender: sends them.
        port: Locally's own, which stands in the address that they name.
    """

    def __init__(self, sender: Sender, port: int) -> None:
        self._sender = sender
        self._address = f"http://{HOST}:{port}/api/v2/cart/"

    def happen(self, entry: Entry, items: Sequence[Mapping[str, Any]]) -> None:
        """Tell of these items of an order; an order whose items are damaged is told of once."""
        for item in items or [{}]:
            self._sender.send(
                {
                    "upc": word(item.get("upc")),
                    "order_id": entry.hash,
                    "status": word(item.get("status")) or word(entry.cart.get("status")),
                    "order_url": self._address + entry.hash,
                }
            )
