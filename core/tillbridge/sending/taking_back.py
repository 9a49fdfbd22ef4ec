"""Whether an act of staff can be taken back: untried deliveries, and what the POS can undo (rule 8).

What the webstore was told, or may have heard, stays said. What the POS did is taken back by the counter-act
that was noted with it when it was planned; what has none (items that left the sale, a finished sale) stays.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, select, update

from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.sending.deliveries import Destination, SaleOrder, read_counter

_NOT_DONE = (DeliveryState.WAITING, DeliveryState.SET_ASIDE)
_UNDER_WAY = (DeliveryState.CLAIMED, DeliveryState.RETRY)


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What taking an act back leads to.

    Attributes:
        counters: what the POS is to do, the last step first.
        done_by: who has done a part that cannot be taken back, or None: it can be.
        under_way: that part is tried just now, or its answer is lost.
    """

    counters: Sequence[SaleOrder] = field(default=())
    done_by: Destination | None = None
    under_way: bool = False


def look(database: Connection, order_id: int, act: str, *, lock: bool) -> TakingBack:
    """Say what taking an act back leads to; locked, nobody begins to send any of it meanwhile."""
    table = tables.deliveries
    query = select(table).where(table.c.order_id == order_id, table.c.act == act)
    query = query.order_by(table.c.id.desc())
    rows = database.execute(query.with_for_update() if lock else query).all()
    counters = []
    for row in rows:
        state, destination = DeliveryState(row.state), Destination(row.destination)
        if _untried(row, state):
            continue
        if destination is not Destination.POS:
            return TakingBack(done_by=destination, under_way=state in _UNDER_WAY)
        if state is DeliveryState.SET_ASIDE:
            continue  # the POS has refused it: nothing was done
        # One that is under way is done before its counter-act, whenever that is: the POS goes in sequence.
        counter = read_counter(json.loads(row.body))
        if counter is None:
            return TakingBack(done_by=destination, under_way=state in _UNDER_WAY)
        counters.append(counter)
    return TakingBack(counters)


def _untried(row: AnyRow, state: DeliveryState) -> bool:
    held = state is DeliveryState.SET_ASIDE and row.first_sent_at is None
    return held or state in (DeliveryState.WAITING, DeliveryState.WITHDRAWN)


def withdraw(database: Connection, order_id: int, act: str) -> None:
    """Take back those deliveries of an act that were not done."""
    table = tables.deliveries
    mine = and_(table.c.order_id == order_id, table.c.act == act)
    withdrawn = update(table).where(mine, table.c.state.in_(_NOT_DONE))
    database.execute(withdrawn.values(state=DeliveryState.WITHDRAWN))
