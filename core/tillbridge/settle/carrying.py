"""Puts on a sale that is made anew what the old one had and its web order does not bring.

It was noted with the void of the old sale (`tillbridge.guided.carrying`), and stands in the stored draft, so
that the new sale is never there without it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pydantic import ValidationError
from sqlalchemy import Connection, select

from tillbridge.db import tables
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState
from tillbridge.model.drafts import CarriedOver, SaleDraft, read_carried
from tillbridge.pos.details import SaleAction
from tillbridge.sending.deliveries import Destination
from tillbridge.settle.change import Change


def carry_over(database: Connection, changes: Sequence[Change]) -> None:
    """Add to the drafts of sales that are made anew what goes on from the old ones."""
    anew = {
        change.folded.before.id: change
        for change in changes
        if change.draft is not None and change.folded.before is not None and change.folded.before.attempt
    }
    for number, carried in _carried(database, anew).items():
        draft = anew[number].draft
        if draft is not None:
            own = replace(carried, comments=_others(carried.comments, draft))
            anew[number].draft = draft.model_copy(update={"carried": own or None})


def _others(comments: Sequence[str], draft: SaleDraft) -> tuple[str, ...]:
    """Return the comments that the new sale does not get from its order anyway."""
    return tuple(one for one in comments if one.split() != draft.comment.split())


def _carried(database: Connection, order_ids: Collection[int]) -> Mapping[int, CarriedOver]:
    """Return what the last sale of each order that was made void leaves to the next one."""
    if not order_ids:
        return {}
    table = tables.deliveries
    query = (
        select(table.c.order_id, table.c.body)
        .where(
            among(database, table.c.order_id, sorted(order_ids)),
            table.c.destination == Destination.POS,
            table.c.action == SaleAction.VOID.value,
            table.c.state == DeliveryState.SENT,
        )
        .order_by(table.c.id)
    )
    last = {row.order_id: json.loads(row.body).get("carried") for row in database.execute(query)}
    found = {}
    for number, data in last.items():
        try:
            found[number] = read_carried(data)
        except ValidationError:  # nothing, or written by another program
            continue
    return found
