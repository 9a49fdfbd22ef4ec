"""Undoes the last act of staff, while none of its deliveries was claimed or sent (rule 8)."""

import json
from typing import Any

from sqlalchemy import Connection

from tillbridge import deliveries, news
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.fulfilment.memory import columns_to_restore
from tillbridge.fulfilment.words import with_reason
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import FAILED, UNTRIED, Act, Actor, Status, rows
from tillbridge.model.words import Words
from tillbridge.order_state import Signature, facts_of, locked, moved, touch
from tillbridge.timeline import Entry, sign


def undo(context: Context, order_id: int, signature: Signature) -> Status | None:
    """Undo the last act of staff, while none of its deliveries was claimed or sent (rule 8).

    Raises:
        NotAllowed: there is nothing to undo, or it is on its way already.
    """

    def work(database: Connection) -> tuple[Status | None, StatusChanged | None]:
        row = locked(database, order_id)
        after = _undo(context, database, row, signature)
        return after, moved(row, after, signature.who)

    after, event = context.database.unit("staff", work)
    context.plugins.notify([event] if event else [])
    return after


def _undo(context: Context, database: Connection, row: AnyRow, signature: Signature) -> Status | None:
    remembered = json.loads(row.undo) if row.undo else None
    facts = facts_of(row)
    row_of_table = next(rows(source=facts.status, who=Actor.STAFF, act=Act.UNDO), None)
    refusal = row_of_table.refusal(facts) if row_of_table else UNTRIED.otherwise
    if refusal or remembered is None:
        raise NotAllowed(refusal or UNTRIED.otherwise)
    if not deliveries.withdraw(database, row.id, remembered["act"]):
        raise NotAllowed(_on_its_way(database, row, remembered))
    now = context.clock.now()
    if left_out := remembered.get("left_out"):
        # What the act had made needless: the webstore still has to hear it.
        news.restore(database, row.id, left_out, deliveries.Act(id=deliveries.new_act(), at=now))
    status = _status_to_restore(row, remembered)
    decision = Decision(remembered["decision"]) if remembered["decision"] else None
    values: dict[str, Any] = {"status": status, "decision": decision, "undo": None, "closing": None}
    touch(context, database, row, columns_to_restore(remembered) | values | remembered.get("lines", {}))
    words = with_reason(Words("The last step was undone", "마지막 작업을 되돌렸습니다"), signature, end=".")
    sign(database, now, [Entry(row.id, signature.who, Act.UNDO.value, words)])
    return status


def _on_its_way(database: Connection, row: AnyRow, remembered: dict[str, Any]) -> Words:
    """Say which part of an act was done, so that it cannot be undone, and what to do instead."""
    if deliveries.tried(database, row.id, remembered["act"], deliveries.Destination.POS):
        done = Words("the point of sale has done its part already.", "POS에서 이미 처리했습니다.")
    else:
        done = Words(
            "the webstore was told already, or is being told.", "웹스토어에 이미 알렸거나 알리는 중입니다."
        )
    if row.decision == Decision.REJECTED or remembered.get("lines"):
        instead = Words(
            " Sell the goods at the counter instead, or have them ordered again.",
            " 매장에서 따로 판매하거나 다시 주문하도록 안내해 주세요.",
        )
    elif row.decision == Decision.ACCEPTED and remembered["decision"] is None:
        instead = Words(" Cancel the order instead.", " 대신 주문을 취소해 주세요.")
    else:
        instead = Words("", "")
    return Words(
        f"This cannot be undone any more: {done.en}{instead.en}",
        f"되돌릴 수 없습니다. {done.ko}{instead.ko}",
    )


def _status_to_restore(row: AnyRow, remembered: dict[str, Any]) -> Status | None:
    """Return the status before the act; an unsold order that is another one since is judged again.

    It is one where the webstore sent it anew, and where lines come back.
    """
    status = Status(remembered["status"]) if remembered["status"] else None
    same = remembered.get("payload", row.payload_id) == row.payload_id
    if same and not (remembered.get("lines") and status in FAILED):
        return status
    again = next(rows(source=status, who=Actor.STAFF, act=Act.PROCESS_SALE), None)
    return again.target if again else status
