"""Marks an order whose sale the POS fails to open although it answers everything else.

Its attempt stays unanswered and is sent again (rule 2): what the POS did nobody knows. The mark only tells
staff why the order stands where it is; the POS's answer takes it away.
"""

import json
import logging
from typing import Final

from sqlalchemy import Connection, select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.model.drafts import AttemptKey
from tillbridge.model.exchange import Decision
from tillbridge.model.reasons import Reason, ReasonCode
from tillbridge.model.status import Act, OrderFacts, Status, system_transition
from tillbridge.model.words import Words
from tillbridge.orders.order_state import locked, moved, touch
from tillbridge.orders.timeline import SYSTEM, Entry, sign
from tillbridge.pos.guarded import PosAway

ENTRY: Final = "sale stuck"
"""What the timeline calls it."""
_log = logging.getLogger("tillbridge.settle")


def mark(context: Context, attempt: AttemptKey, error: PosAway) -> None:
    """Let an order say that its sale could not be opened, once, as long as its attempt is unanswered."""
    words = Words(
        f"Its sale could not be opened, and is asked for again by itself. {error.words.en}",
        f"거래를 만들지 못해 자동으로 다시 시도합니다. {error.words.ko}",
    )
    event = context.database.unit("stuck", lambda database: _mark(context, database, attempt, words))
    if event is not None:
        _log.warning("the sale of %s could not be opened", attempt.order_key, exc_info=error)
        context.plugins.notify([event])


def _mark(context: Context, database: Connection, attempt: AttemptKey, words: Words) -> StatusChanged | None:
    orders = tables.orders
    number = database.execute(select(orders.c.id).where(orders.c.order_key == attempt.order_key)).scalar()
    row = locked(database, number) if number else None
    if row is None or not row.unanswered or row.attempt != attempt.number or _is_marked(row):
        return None
    status = Status(row.status) if row.status else None
    facts = OrderFacts(status=status, decision=Decision(row.decision) if row.decision else None)
    target = system_transition(Act.FAIL, facts, (Status.SALE_PROCESSING_FAILED,)).target
    reason = Reason.of(ReasonCode.POS_FAILED, words)
    values = {"status": target, "reasons": json.dumps([reason.model_dump(mode="json")])}
    touch(context, database, row, values)
    sign(database, context.clock.now(), [Entry(row.id, SYSTEM, ENTRY, words)])
    return moved(row, target, SYSTEM)


def _is_marked(row: AnyRow) -> bool:
    """Whether it is told already, or nothing more is to be told: a rejection takes effect with the answer."""
    return f'"{ReasonCode.POS_FAILED}"' in row.reasons or row.decision == Decision.REJECTED
