"""What needs that the customer heard of it, or that somebody tried: a later date, a no-show (MISSION S29)."""

from datetime import timedelta

from sqlalchemy import Connection, func, select

from tillbridge.contacts import require_contact
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.guided.views import Doing
from tillbridge.model.contacts import TOLD, Outcome
from tillbridge.model.status import Act


def require_heard(database: Connection, row: AnyRow, doing: Doing) -> None:
    """Refuse an action that needs a contact with the customer, unless there was one or it comes with it.

    A no-show needs that somebody tried to reach them; a delay, that they know since they were told the date
    that is put off now.

    Raises:
        NotAllowed: says how to write it down.
    """
    said = doing.contact
    if doing.act is Act.NO_SHOW and said is None:
        require_contact(database, row.id, outcomes=tuple(Outcome))
    elif is_delay(row, doing) and (said is None or said.outcome not in TOLD):
        timeline = tables.timeline
        last = select(func.max(timeline.c.at)).where(
            timeline.c.order_id == row.id, timeline.c.what == Act.RESERVE.value
        )
        moment = database.execute(last).scalar()
        # The contact that came with the last date bears its very moment.
        require_contact(database, row.id, moment and moment + timedelta(microseconds=1))


def is_delay(row: AnyRow, doing: Doing) -> bool:
    """Say whether goods are to be ready later than their customer was told."""
    return bool(row.expected_at and doing.expected_at and doing.expected_at > row.expected_at)
