"""What a settled order changes in the database, by the table of statuses. Pure: nothing is written here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tillbridge.connections import OpenConnection
from tillbridge.db.types import AnyRow
from tillbridge.model.differences import differences, in_short
from tillbridge.model.drafts import AttemptKey, SaleDraft
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import Standing, WebOrder
from tillbridge.model.reasons import Reason
from tillbridge.model.status import UNSOLD, Act, Actor, Effect, OrderFacts, Status, rows, system_transition
from tillbridge.model.words import Words
from tillbridge.orders import accept_by, line_states, refunds
from tillbridge.orders.line_states import as_sold
from tillbridge.orders.order_state import FINISHED, as_told
from tillbridge.settle.drafting import draft_sale
from tillbridge.settle.folding import Folded
from tillbridge.settle.joining import joined
from tillbridge.settle.judge import Verdict

UNSAID = Words("The webstore changed the order.", "웹스토어에서 주문이 변경되었습니다.")
"""What the timeline is told of a change where nothing is otherwise that a field shows."""
_GONE = (Standing.CANCELLED, Standing.REFUNDED)
_SHOWN_NAME = 600  # the column's width; the whole name is in the version


@dataclass(slots=True)
class Change:
    """What is written for one order.

    Attributes:
        values: columns of `tables.orders` with their new values.
        order_id: 0 until a new order is written.
        draft: the sale that the POS is to be asked for.
        status: as it will be; `moved` says whether that is new.
        changed: what the webstore changed since the version before, in short.
        entry: what the timeline is told.
        effects: what is queued with it.
    """

    folded: Folded
    verdict: Verdict | None
    values: dict[str, Any]
    order_id: int = 0
    draft: SaleDraft | None = None
    status: Status | None = None
    moved: bool = False
    changed: Words | None = None
    entry: Words | None = None
    effects: tuple[Effect, ...] = ()


def change_of(
    connection: OpenConnection,
    folded: Folded,
    verdict: Verdict | None,
    now: datetime,
    known: WebOrder | None = None,
) -> Change:
    """Return what is written for one order; nothing but the order itself is looked at.

    Args:
        connection: whose order it is.
        folded: the order with its newest version.
        verdict: of it, where it was judged.
        now: UTC.
        known: its version before, where that can be read.
    """
    before, seen = folded.before, folded.seen
    if seen is None:
        raise ValueError("an order was seen at some time")
    values: dict[str, Any] = {
        "payload_id": folded.payload_id,
        "version": folded.number,
        "content_hash": folded.content_hash,
        "seen_started": seen.started,
        "seen_ended": seen.ended,
        "seen_revision": seen.revision,
        "seen_updated": seen.updated_at,
        "fetch_again": (before.fetch_again if before else 0) + int(folded.fetch_again),
        "changed_at": now if folded.changed or verdict or before is None else before.changed_at,
    }
    change = Change(folded, verdict, values, order_id=before.id if before else 0)
    change.status = Status(before.status) if before and before.status else None
    values |= _content(folded, verdict)
    if folded.read is not None and folded.read.money is not None:
        values["money"] = folded.read.money.value  # what it said before stands where it says nothing
    values |= _hashes(folded)
    values |= joined(folded, known, judged=verdict is not None)
    if verdict:
        values |= _due(connection, folded, verdict, now)
    if verdict and verdict.sellable:
        number = (before.attempt if before else 0) + 1
        key = AttemptKey(order_key=connection.order_key(folded.webstore_id), number=number)
        change.draft = draft_sale(verdict, key, source=connection.name)
        values |= {"attempt": number, "reasons": "[]", "put_aside": False, "undo": None}
    elif verdict:
        _put(change, verdict.reasons)
    elif folded.damage:
        _put(change, (folded.damage,))
    elif before and before.sale_id and (folded.handled or folded.note):
        values["reasons"] = "[]"  # it was readable again
    if folded.versions and not verdict and not _as_told(folded, values):
        change.entry = UNSAID
    change.changed = _in_short(folded, known)
    if folded.order and connection.closes_cancelled and folded.order.standing in _GONE:
        _withdraw(change)
    return change


def _in_short(folded: Folded, known: WebOrder | None) -> Words | None:
    """Say what the webstore changed since the version that was known; None where nothing is to be said."""
    if not folded.versions or folded.order is None or known is None:
        return None
    before = folded.before
    short = in_short(differences(as_sold(known, before), as_sold(folded.order, before)))
    if short is None:
        return None
    return Words(
        f"The webstore changed the order: {short.en}", f"웹스토어에서 주문이 변경되었습니다: {short.ko}"
    )


def _withdraw(change: Change) -> None:
    """Take back the sale of an order that was cancelled before anybody accepted it, if the table lets it."""
    before = change.folded.before
    if before is None or before.sale_id is None:
        return
    facts = OrderFacts(
        status=change.status,
        decision=Decision(before.decision) if before.decision else None,
        has_sale=True,
        sale_finished=before.sale_state in FINISHED,
        sellable=False,
    )
    row = next(rows(source=facts.status, who=Actor.WEBSTORE, act=Act.WITHDRAW), None)
    if row is None or row.target is None or row.refusal(facts):
        return
    change.status, change.moved, change.effects = row.target, True, row.effects
    change.values |= {"status": row.target.value, "undo": None}
    change.entry = Words(
        "The order was cancelled at the webstore before it was accepted; its sale is taken back.",
        "수락하기 전에 웹스토어에서 취소된 주문이므로 거래를 취소합니다.",
    )


def _hashes(folded: Folded) -> dict[str, Any]:
    """Return by which content an order is known as what is sold here."""
    order, before = folded.order, folded.before
    if order is None or before is None:
        return {}
    if before.sale_id:
        kept = {"kept_hash": folded.content_hash} if as_done_here(order, before) else {}
        return {**refunds.after_version(before, order), **kept}
    gone = line_states.rejected(before.line_states)
    return {"trimmed_hash": order.hash_without(gone)} if gone else {}


def _as_told(folded: Folded, values: dict[str, Any]) -> bool:
    """Whether the webstore only did what it was told: the timeline has that already."""
    if folded.before is None or folded.order is None:
        return False
    standing = folded.order.standing
    rejected = standing is not Standing.OPEN and folded.before.decision == Decision.REJECTED
    return "kept_hash" in values or rejected or as_told(folded.before, standing)


def as_done_here(order: WebOrder, before: AnyRow) -> bool:
    """Whether a sold order only comes back as what was done here: nobody has to decide anything.

    It was handed over, or lacks the lines that staff rejected, or both.
    """
    if order.standing not in (Standing.OPEN, Standing.FULFILLED):
        return False
    opened = order.model_copy(update={"standing": Standing.OPEN})
    if order.standing is Standing.FULFILLED and opened.content_hash() == before.sold_hash:
        return True
    return bool(before.trimmed_hash) and before.trimmed_hash == opened.hash_without(
        line_states.rejected(before.line_states)
    )


def _put(change: Change, reasons: Sequence[Reason]) -> None:
    """Set the status that reasons give, by the table; an order with a sale keeps its status."""
    before = change.folded.before
    change.values["reasons"] = json.dumps([reason.model_dump(mode="json") for reason in reasons])
    change.entry = Words(" ".join(reason.en for reason in reasons), " ".join(reason.ko for reason in reasons))
    facts = OrderFacts(
        status=change.status,
        decision=Decision(before.decision) if before and before.decision else None,
        has_sale=bool(before and before.sale_id),
    )
    open_still = change.status is None or change.status in UNSOLD or (before and before.put_aside)
    if facts.has_sale or not open_still:
        return
    target = reasons[0].status
    act = Act.PUT_ASIDE if target is Status.ARCHIVED else Act.FAIL
    row = system_transition(act, facts, [target])
    change.moved = row.target is not change.status
    change.status = row.target
    change.values |= {
        "status": row.target.value if row.target else None,
        "put_aside": row.target is Status.ARCHIVED,
        "undo": before.undo if before and _outlasts(before.undo) else None,
    }


def _outlasts(undo: str | None) -> bool:
    """Whether what can be undone is about lines, or an adjustment: that does not hang on the status."""
    if undo is None:
        return False
    remembered = json.loads(undo)
    return "lines" in remembered or "released" in remembered.get("columns", {})


def _due(connection: OpenConnection, folded: Folded, verdict: Verdict, now: datetime) -> dict[str, Any]:
    """Count by when an order must be answered, once: when it is first seen open and undecided."""
    before, order = folded.before, verdict.order
    aside = verdict.reasons and verdict.reasons[0].status is Status.ARCHIVED
    if aside or (before and (before.accept_by or before.decision)):
        return {}
    # An order that waited for its payment can be answered from when it is open.
    waited = before is not None and before.standing == Standing.UNPAID
    since = now if waited else order.placed_at
    found = accept_by.count(verdict.store, since, connection.accept_minutes, now)
    return found.columns() if found else {}


def _content(folded: Folded, verdict: Verdict | None) -> dict[str, Any]:
    """Return what staff see of the order; a sold or decided one keeps showing what it was then."""
    if verdict is None:
        known = folded.order
        return {"standing": known.standing} if known else {}
    order, customer = verdict.order, verdict.match.customer
    return {
        "number": order.number,
        "kind": order.kind.value,
        "standing": order.standing.value,
        "store": verdict.store.code if verdict.store else None,
        "currency": order.currency,
        "total_minor": order.total.minor,
        "customer_name": order.customer.name[:_SHOWN_NAME],
        "placed_at": order.placed_at,
        "web_customer_id": order.customer.id,
        "customer_id": customer.found.id if customer.found else None,
        "customer_evidence": customer.as_json(),
    }
