"""The cause that is a store's: nobody has said when it is open, so that no due time can be counted."""

import json
from collections.abc import Iterator
from contextlib import suppress

from tillbridge import connections
from tillbridge.context import Context
from tillbridge.messages.sayings import ACTIONS
from tillbridge.model.messages import Action, Cause, Message
from tillbridge.model.words import Words
from tillbridge.pos.guarded import PosAway


def of_hours(context: Context) -> Iterator[Message]:
    """Yield one message for the stores without hours to which orders come that have a time to answer."""
    cause = Cause.HOURS_UNKNOWN
    rows = [row for row in connections.rows(context) if row.enabled and row.accept_minutes]
    used = {code for row in rows for code in (row.default_store, *json.loads(row.locations).values())}
    unknown: list[str] = []
    with suppress(PosAway):  # that the point of sale is away is a message of its own
        unknown = [one.code for one in context.pos.stores() if one.hours is None and one.code in used]
    if unknown:
        names, known = ", ".join(unknown), ACTIONS[cause]
        yield Message(
            cause=cause,
            key=f"{cause}:",
            words=Words(
                f"No due time is counted: the business hours are not known of {names}.",
                f"영업시간을 알 수 없어 수락 기한을 계산하지 않는 매장: {names}.",
            ),
            count=len(unknown),
            action=Action(known.words, known.command.format(unknown[0])),
        )
