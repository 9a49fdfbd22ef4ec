"""The cause that is a connection's settings: orders that came before it was for reservations only."""

from collections.abc import Iterator

from tillbridge.connections.agreed import left_from_before
from tillbridge.context import Context
from tillbridge.messages.orders import SHOWN
from tillbridge.messages.sayings import action, sentence
from tillbridge.model.messages import Cause, Message, OrderRef


def of_agreements(context: Context) -> Iterator[Message]:
    """Yield one message for the undecided orders that are no reservations where nothing else is agreed."""
    found = left_from_before(context)
    if found:
        cause = Cause.NOT_AGREED
        yield Message(
            cause=cause,
            key=f"{cause}:",
            words=sentence(cause, len(found)),
            count=len(found),
            action=action(cause, found[0].id),
            orders=tuple(OrderRef(row.id, row.number, row.connection) for row in found[:SHOWN]),
            since=min(row.imported_at for row in found),
        )
