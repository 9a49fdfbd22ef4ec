"""What staff decide about an order: accept, reject, process the sale, archive, and undo.

Every act asks the status table, queues what it leads to in its own transaction, and is signed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from tillbridge import deliveries, wishes
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.reasons import Reason
from tillbridge.model.status import (
    ACT_WORDS,
    STATUS_WORDS,
    UNTRIED,
    Act,
    Actor,
    Effect,
    Status,
    Transition,
    rows,
    staff_transition,
    unarchive_transition,
)
from tillbridge.model.status.guards import UNDECIDED
from tillbridge.model.words import Words
from tillbridge.order_state import Signature, facts_of, hears, locked, moved, order_row, touch
from tillbridge.timeline import Entry, sign

_WHY = Words(
    "Say why: it stands in the order's timeline, and the webstore hears it.",
    "사유를 입력해 주세요. 주문 기록에 남고 웹스토어에도 전달됩니다.",
)
_TOLD = {
    Decision.ACCEPTED: Words("the webstore hears that it was accepted", "웹스토어에 수락으로 알림"),
    Decision.REJECTED: Words("the webstore hears that it was rejected", "웹스토어에 거부로 알림"),
}


def set_status(
    context: Context, order_id: int, asked: Status, signature: Signature, *, answer: Decision | None = None
) -> Status | None:
    """Do what staff mean by setting a status; return the status that the order has then.

    Args:
        context: the engine's parts.
        order_id: of the order.
        asked: the status that staff chose.
        signature: who acts, and why.
        answer: which of the two the webstore is to hear, where an undecided order is archived.

    Raises:
        NotFound: there is no such order.
        NeedsAnswer: the webstore is to hear whether the order is accepted or rejected.
        NotAllowed: the table says why not, and what is possible.
    """

    def choose(row: AnyRow) -> Transition:
        return staff_transition(asked, facts_of(row, hears=hears(context, row)), answer)

    return do(context, order_id, choose, signature)


def decide_undecided(context: Context, order_id: int, asked: Status, signature: Signature) -> Status | None:
    """Do the same by a policy, which overrules nobody; return the status that the order has then.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it is decided meanwhile, or the table says why not.
    """

    def choose(row: AnyRow) -> Transition:
        if row.decision is not None:
            raise NotAllowed(UNDECIDED.otherwise)
        return staff_transition(asked, facts_of(row, hears=hears(context, row)))

    return do(context, order_id, choose, signature)


def unarchive(context: Context, order_id: int, signature: Signature) -> Status | None:
    """Bring an archived order back to where it stood; return the status that it has then.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it is not archived, or tillbridge itself put it aside.
    """

    def choose(row: AnyRow) -> Transition:
        return unarchive_transition(facts_of(row), failed_status(row))

    return do(context, order_id, choose, signature)


def failed_status(row: AnyRow) -> Status:
    """Return the status that the reasons give for which an order was not sold when it was archived."""
    reasons = [Reason.model_validate(one) for one in json.loads(row.reasons)]
    return reasons[0].status if reasons else Status.SALE_PROCESSING_FAILED


def _nothing(_: Connection, __: AnyRow) -> None:
    """Ask nothing before an act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What an act does beside its row of the table.

    Attributes:
        values: columns of the order with their new values.
        changes: what is done to the sale; None: what the row's effects say.
        note: stands in the timeline beside the act's name.
        before: asked in the act's transaction, with the order locked; may raise NotAllowed.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    changes: Sequence[deliveries.SaleOrder] | None = None
    note: Words | None = None
    before: Callable[[Connection, AnyRow], None] = _nothing


_NO_MORE = More()


def do(
    context: Context,
    order_id: int,
    choose: Callable[[AnyRow], Transition],
    signature: Signature,
    more: More = _NO_MORE,
) -> Status | None:
    """Do one row of the table: status, decision, deliveries and signature in one transaction.

    Raises:
        NotFound: there is no such order.
        NotAllowed: `choose`, `more.before` or a plugin's rule says why not.
    """
    question = wishes.Question(act=lambda row: choose(row).act, who=signature.who, reason=signature.reason)
    for _ in range(wishes.ROUNDS):
        heard = wishes.hear(context, lambda database: order_row(database, order_id), question)
        work = partial(_do, context, order_id, choose, (signature, more), heard)
        done = context.database.unit("staff", work)
        if done is not None:
            context.plugins.notify([done.event] if done.event else [])
            return done.status
    raise NotAllowed(wishes.OVERTAKEN)


@dataclass(frozen=True, slots=True)
class _Done:
    status: Status | None
    event: StatusChanged | None


def _do(
    context: Context,
    order_id: int,
    choose: Callable[[AnyRow], Transition],
    wanted: tuple[Signature, More],
    heard: wishes.Heard,
    database: Connection,
) -> _Done | None:
    """Do it, if the order is still as the plugins' rules saw it."""
    signature, more = wanted
    row = locked(database, order_id)
    if not heard.holds(row):
        return None
    transition = choose(row)
    if transition.reason_required and not signature.reason.strip():
        raise NotAllowed(_WHY)
    more.before(database, row)
    act = deliveries.Act(
        id=deliveries.new_act(),
        at=context.clock.now(),
        attempt=row.sold_attempt,
        reason=signature.reason,
        tell=hears(context, row),
        name=transition.act.value,
        currency=row.currency or "",
    )
    after = _apply(context, database, row, (transition, act), (signature, more))
    wishes.follow(database, row.id, heard.opinion, act)
    return _Done(after, moved(row, after, signature.who))


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


def _apply(
    context: Context,
    database: Connection,
    row: AnyRow,
    planned: tuple[Transition, deliveries.Act],
    wanted: tuple[Signature, More],
) -> Status | None:
    """Write the transition's status, decision and deliveries."""
    (transition, act), (signature, more) = planned, wanted
    facts = facts_of(row)
    # While an attempt is unanswered only the decision is kept; the status comes with the answer.
    after = facts.status if facts.unanswered else transition.target
    values: dict[str, Any] = {"status": after, "undo": None, **more.values}
    waits = _wait(row, transition, values, act.at)
    if transition.undoable:
        remembered = {"act": act.id, "status": facts.status, "decision": facts.decision}
        values["undo"] = json.dumps({**remembered, "payload": row.payload_id})
    if transition.decision:
        values |= {"decision": transition.decision, "decision_reason": signature.reason}
        if context.plugins.provider(row.provider).status_is_absolute:
            deliveries.supersede(database, row.id)
    if transition.act is Act.ARCHIVE:
        values["put_aside"] = False
    if Effect.COMPLETE in transition.effects:
        asked = {"act": act.id, "who": signature.who, "resolution": values.pop("resolution", None)}
        values["closing"] = json.dumps(asked)
    _queue(database, row, transition.effects, act, more.changes)
    touch(context, database, row, values)
    said = _with_reason(_act_words(transition, more.note, waits), signature)
    sign(database, act.at, [Entry(row.id, signature.who, transition.act.value, said)])
    return after


def _queue(
    database: Connection,
    row: AnyRow,
    effects: Sequence[Effect],
    act: deliveries.Act,
    changes: Sequence[deliveries.SaleOrder] | None,
) -> None:
    if changes is None:
        deliveries.queue(database, row.id, effects, act)
        return
    deliveries.queue(database, row.id, filter(deliveries.is_told, effects), act)
    deliveries.queue_changes(database, row.id, changes, act)


def _wait(row: AnyRow, transition: Transition, values: dict[str, Any], now: datetime) -> Words | None:
    """Let goods that are ready wait by the connection's rule where no date is set; return what is told."""
    days = row.pick_up_days
    if transition.act is not Act.READY or not days or row.pick_up_until or "pick_up_until" in values:
        return None
    values["pick_up_until"] = now + timedelta(days=days)
    return Words(f"to be picked up within {days} days", f"수령 기한 {days}일")


def _act_words(transition: Transition, *notes: Words | None) -> Words:
    words = STATUS_WORDS[transition.asked] if transition.asked else ACT_WORDS[transition.act]
    parts = [_TOLD[transition.answer]] if transition.answer else [one for one in notes if one]
    if not parts:
        return Words(transition.act.value, words.ko)
    more = Words(", ".join(one.en for one in parts), ", ".join(one.ko for one in parts))
    return Words(f"{transition.act.value} ({more.en})", f"{words.ko}({more.ko})")


def _undo(context: Context, database: Connection, row: AnyRow, signature: Signature) -> Status | None:
    remembered = json.loads(row.undo) if row.undo else None
    facts = facts_of(row)
    row_of_table = next(rows(source=facts.status, who=Actor.STAFF, act=Act.UNDO), None)
    refusal = row_of_table.refusal(facts) if row_of_table else UNTRIED.otherwise
    if refusal or remembered is None:
        raise NotAllowed(refusal or UNTRIED.otherwise)
    if not deliveries.withdraw(database, row.id, remembered["act"]):
        raise NotAllowed(UNTRIED.otherwise)
    status = _status_to_restore(row, remembered)
    decision = Decision(remembered["decision"]) if remembered["decision"] else None
    # A reject had superseded the accept that stood before it: the webstore still has to hear that.
    restored = decision is Decision.ACCEPTED and decision is not facts.decision
    if restored and not deliveries.stands(database, row.id, Effect.TELL_ACCEPTED):
        again = deliveries.Act(
            id=deliveries.new_act(),
            at=context.clock.now(),
            tell=hears(context, row),
        )
        deliveries.queue(database, row.id, (Effect.TELL_ACCEPTED,), again)
    touch(context, database, row, {"status": status, "decision": decision, "undo": None, "closing": None})
    words = _with_reason(Words("The last step was undone", "마지막 작업을 되돌렸습니다"), signature, end=".")
    sign(database, context.clock.now(), [Entry(row.id, signature.who, Act.UNDO.value, words)])
    return status


def _status_to_restore(row: AnyRow, remembered: dict[str, Any]) -> Status | None:
    """Return the status before the act; an unsold order that the webstore sent anew since is judged again."""
    status = Status(remembered["status"]) if remembered["status"] else None
    if remembered.get("payload", row.payload_id) == row.payload_id:
        return status
    again = next(rows(source=status, who=Actor.STAFF, act=Act.PROCESS_SALE), None)
    return again.target if again else status


def _with_reason(words: Words, signature: Signature, *, end: str = "") -> Words:
    reason = f": {signature.reason}" if signature.reason else end
    return Words(f"{words.en}{reason}", f"{words.ko}{reason}")
