"""Undoes the last act of staff, while nothing of it was done that cannot be taken back (rule 8)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.fulfilment.memory import columns_to_restore
from tillbridge.fulfilment.words import with_reason
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import FAILED, Act, Actor, OrderFacts, Status, rows
from tillbridge.model.words import Words
from tillbridge.orders import line_states
from tillbridge.orders.order_state import Signature, facts_of, locked, moved, touch
from tillbridge.orders.timeline import Entry, sign
from tillbridge.sending import deliveries, news, taking_back
from tillbridge.sending.deliveries import Destination, SaleOrder
from tillbridge.sending.taking_back import TakingBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """What undoing the last act leads to.

    Attributes:
        why_not: why it cannot be undone, or None.
        act: what is undone, as the status table calls it; "" where an older program did it.
        status: the order's then; None: nothing has judged it yet.
        counters: what the POS is to do for it.
    """

    why_not: Words | None = None
    act: str = ""
    status: Status | None = None
    counters: Sequence[SaleOrder] = field(default=())


def undo(context: Context, order_id: int, signature: Signature) -> Status | None:
    """Undo the last act of staff; what the POS has done of it is queued to be taken back there.

    Raises:
        NotAllowed: there is nothing to undo, or a part of it is done that stays.
    """

    def work(database: Connection) -> tuple[Status | None, StatusChanged | None]:
        row = locked(database, order_id)
        after = _undo(context, database, row, signature)
        return after, moved(row, after, signature.who)

    after, event = context.database.unit("staff", work)
    context.plugins.notify([event] if event else [])
    return after


def look_at_undo(database: Connection, row: AnyRow, *, lock: bool = False) -> Undoing:
    """Say what undoing the last act leads to; nothing is changed."""
    remembered = json.loads(row.undo) if row.undo else None
    facts = facts_of(row)
    row_of_table = next(rows(source=facts.status, who=Actor.STAFF, act=Act.UNDO), None)
    if row_of_table is None or remembered is None:
        return Undoing(why_not=_nothing(facts))
    if refusal := row_of_table.refusal(facts):
        return Undoing(why_not=refusal)
    back = taking_back.look(database, row.id, remembered["act"], lock=lock)
    return Undoing(
        why_not=_not_any_more(row, remembered, back) if back.done_by else None,
        act=remembered.get("name", ""),
        status=_status_to_restore(row, remembered),
        counters=back.counters,
    )


def _undo(context: Context, database: Connection, row: AnyRow, signature: Signature) -> Status | None:
    seen = look_at_undo(database, row, lock=True)
    if seen.why_not:
        raise NotAllowed(seen.why_not)
    remembered, now = json.loads(row.undo), context.clock.now()
    taking_back.withdraw(database, row.id, remembered["act"])
    act = deliveries.Act(id=deliveries.new_act(), at=now, attempt=row.sold_attempt, name=Act.UNDO.value)
    if left_out := remembered.get("left_out"):
        # What the act had made needless: the webstore still has to hear it.
        news.restore(database, row.id, left_out, act)
    counters = [replace(one, who=signature.who) for one in seen.counters]
    deliveries.queue_changes(database, row.id, counters, act)
    decision = Decision(remembered["decision"]) if remembered["decision"] else None
    values: dict[str, Any] = {"status": seen.status, "decision": decision, "undo": None, "closing": None}
    values = columns_to_restore(remembered) | values | remembered.get("lines", {})
    if "line_states" in values:
        values["line_states"] = line_states.restored(row.line_states, values["line_states"])
    touch(context, database, row, values)
    words = with_reason(Words("The last step was undone", "마지막 작업을 되돌렸습니다"), signature, end=".")
    sign(database, now, [Entry(row.id, signature.who, Act.UNDO.value, words)])
    return seen.status


def _nothing(facts: OrderFacts) -> Words:
    """Say why there is nothing to undo."""
    if facts.sale_finished and not facts.closed_empty:
        return Words(
            "This cannot be undone: the sale is finished, and is not altered any more. What comes back is "
            "taken back (tillbridge sale return).",
            "이미 종료된 거래이므로 되돌릴 수 없습니다. 돌아온 상품은 반품으로 처리해 주세요"
            "(tillbridge sale return).",
        )
    if facts.closed_empty:
        return Words(
            "This cannot be undone: the sale is closed, and its goods are back in the stock. Sell them at "
            "the counter instead, or have them ordered again.",
            "거래가 항목 없이 종료되어 되돌릴 수 없습니다. 매장에서 따로 판매하거나 다시 주문하도록 "
            "안내해 주세요.",
        )
    return Words("There is nothing to undo.", "되돌릴 작업이 없습니다.")


def _not_any_more(row: AnyRow, remembered: dict[str, Any], back: TakingBack) -> Words:
    """Say which part of an act was done, so that it cannot be undone, and what to do instead."""
    if back.done_by is Destination.PAYMENT:
        done = Words(
            "the payment service has done its part already, or is at it.",
            "결제 서비스에서 이미 처리했거나 처리하는 중입니다.",
        )
    elif back.done_by is not Destination.POS:
        done = Words(
            "the webstore was told already, or is being told.", "웹스토어에 이미 알렸거나 알리는 중입니다."
        )
    elif back.under_way:
        done = Words(
            "the point of sale is at it just now; look again once it has answered.",
            "POS에서 처리하는 중입니다. 응답한 뒤 다시 확인해 주세요.",
        )
    else:
        done = Words("the point of sale has done its part already.", "POS에서 이미 처리했습니다.")
    instead = Words("", "") if back.under_way else _instead(row, remembered)
    return Words(
        f"This cannot be undone any more: {done.en}{instead.en}",
        f"되돌릴 수 없습니다. {done.ko}{instead.ko}",
    )


def _instead(row: AnyRow, remembered: dict[str, Any]) -> Words:
    if row.decision == Decision.REJECTED or remembered.get("lines") or row.closing:
        return Words(
            " Sell the goods at the counter instead, or have them ordered again.",
            " 매장에서 따로 판매하거나 다시 주문하도록 안내해 주세요.",
        )
    if row.decision == Decision.ACCEPTED and remembered["decision"] is None:
        return Words(" Cancel the order instead.", " 대신 주문을 취소해 주세요.")
    return Words("", "")


def _status_to_restore(row: AnyRow, remembered: dict[str, Any]) -> Status | None:
    """Return the status before the act; an unsold order that is another one since is judged again.

    It is one where the webstore sent it anew, where lines come back, and where an adjustment goes.
    """
    status = Status(remembered["status"]) if remembered["status"] else None
    same = remembered.get("payload", row.payload_id) == row.payload_id
    otherwise = remembered.get("lines") or "released" in remembered.get("columns", {})
    if same and not (otherwise and status in FAILED):
        return status
    again = next(rows(source=status, who=Actor.STAFF, act=Act.PROCESS_SALE), None)
    return again.target if again else status
