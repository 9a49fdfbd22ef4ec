"""Does one act of staff: status, lines, decision, deliveries and signature in one transaction."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.fulfilment.charging import wishes_of
from tillbridge.fulfilment.memory import remembered_columns
from tillbridge.fulfilment.moves import Move, Told, news_of
from tillbridge.fulfilment.refunding import refund_of
from tillbridge.fulfilment.words import act_words, why_words, with_reason
from tillbridge.model.errors import NotAllowed
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import FAILED, Act, Actor, Effect, OrderFacts, Status, rows
from tillbridge.model.words import Words
from tillbridge.orders import line_states, wishes
from tillbridge.orders.line_states import OrderLine
from tillbridge.orders.order_state import Signature, facts_of, locked, moved, order_row, touch
from tillbridge.orders.timeline import Entry, sign
from tillbridge.payments import asking
from tillbridge.payments.wording import card_type_of
from tillbridge.pos.contract import SaleState
from tillbridge.sending import deliveries, news
from tillbridge.sending.news import Telling


def _nothing(_: Connection, __: AnyRow) -> None:
    """Ask nothing before an act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What an act does beside its rows of the table.

    Attributes:
        values: columns of the order with their new values.
        changes: what is done to the sale; None: what the rows' effects say.
        note: stands in the timeline beside the act's name.
        before: asked in the act's transaction, with the order locked; may raise NotAllowed.
        money: what is asked of the payment service beside what the act itself asks, by the order's row.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    changes: Sequence[deliveries.SaleOrder] | None = None
    note: Words | None = None
    before: Callable[[Connection, AnyRow], None] = _nothing
    money: Callable[[AnyRow], Iterable[asking.Demand]] = lambda _: ()


_NO_MORE = More()
_ALSO = ("pick_up_until", "resolution", "refund", "owed", "line_states", "kept_hash")
"""Columns that an act writes beside what it was given, and that are restored with it."""


def do(
    context: Context,
    order_id: int,
    choose: Callable[[AnyRow], Move],
    signature: Signature,
    more: More = _NO_MORE,
) -> Status | None:
    """Do what the table says of an act; return the status that the order has then.

    Raises:
        NotFound: there is no such order.
        NotAllowed: `choose`, `more.before` or a plugin's rule says why not.
    """
    for _ in range(wishes.ROUNDS):
        heard = wishes.hear_all(
            context,
            lambda database: order_row(database, order_id),
            partial(questions, choose, signature),
        )
        work = partial(_do, context, order_id, choose, (signature, more), heard)
        done = context.database.unit("staff", work)
        if done is not None:
            context.plugins.notify([done.event] if done.event else [])
            return done.status
    raise NotAllowed(wishes.OVERTAKEN)


def questions(choose: Callable[[AnyRow], Move], signature: Signature, row: AnyRow) -> list[wishes.Question]:
    """Return what the plugins' rules are asked about a move of an order's row."""
    return [
        wishes.Question(act=act, axis=axis, line_ids=ids, who=signature.who, reason=signature.reason)
        for act, axis, ids in choose(row).questions
    ]


@dataclass(frozen=True, slots=True)
class _Done:
    status: Status | None
    event: StatusChanged | None


def _do(
    context: Context,
    order_id: int,
    choose: Callable[[AnyRow], Move],
    wanted: tuple[Signature, More],
    heard: wishes.Heard,
    database: Connection,
) -> _Done | None:
    """Do it, if the order is still as the plugins' rules saw it."""
    signature, more = wanted
    row = locked(database, order_id)
    if not heard.holds(row):
        return None
    # First: who else was at it says more than that the table does not allow it any more.
    more.before(database, row)
    move = choose(row)
    if move.reason_required and not signature.reason.strip():
        raise NotAllowed(why_words(move))
    provider = context.plugins.provider(row.provider)
    act = deliveries.Act(
        id=deliveries.new_act(),
        at=context.clock.now(),
        attempt=row.sold_attempt,
        reason=signature.reason,
        provider=provider,
        name=move.act.value,
        currency=row.currency or "",
        card_type=card_type_of(row, provider),
    )
    after = _apply(context, database, row, (move, act), (signature, more))
    wishes.follow(database, row.id, heard.opinion, act)
    return _Done(after, moved(row, after, signature.who))


def _apply(
    context: Context,
    database: Connection,
    row: AnyRow,
    planned: tuple[Move, deliveries.Act],
    wanted: tuple[Signature, More],
) -> Status | None:
    """Write the move's status, lines, decision and deliveries."""
    (move, act), (signature, more) = planned, wanted
    facts = facts_of(row)
    after = _status_after(move, facts)
    values: dict[str, Any] = {"status": after, "undo": None, **more.values}
    waits = _wait(row, move, values, act.at)
    every: list[OrderLine] = []
    if move.lines or row.line_states != line_states.NOTHING:
        every = line_states.lines_of(database, [row.id])[row.id]
    if move.lines:
        values |= line_states.values_of(database, row, move.said, every)
    if move.decision:
        values |= {"decision": move.decision, "decision_reason": signature.reason}
        said = values.get("line_states", row.line_states)
        if (settled := line_states.decided_with(said)) != said:
            values["line_states"] = settled
    if move.act is Act.ARCHIVE:
        values["put_aside"] = False
    if act.provider is not None:
        values |= refund_of(database, row, move, act.provider, every)
    if Effect.COMPLETE in move.effects:
        asked = {"act": act.id, "who": signature.who, "resolution": values.pop("resolution", None)}
        values["closing"] = json.dumps(asked)
    left_out = _tell(database, row, (move, act), values, every)
    _change_sale(database, row, (move, act), more.changes)
    _ask_for_money(database, row, (move, act), (signature, more))
    if move.undoable:
        columns = remembered_columns(row, values.keys() & {*more.values, *_ALSO})
        kept = _remembered(row, move, act) | {"columns": columns, "left_out": left_out}
        values["undo"] = json.dumps(kept)
    touch(context, database, row, values)
    said = with_reason(act_words(move, more.note, waits), signature)
    sign(database, act.at, [Entry(row.id, signature.who, move.act.value, said)])
    return after


def _wait(row: AnyRow, move: Move, values: dict[str, Any], now: datetime) -> Words | None:
    """Let goods that are ready wait by the connection's rule where no date is set; return what is told."""
    days = row.pick_up_days
    ready = move.order is not None and move.order.act is Act.READY
    if not ready or not days or row.pick_up_until or "pick_up_until" in values:
        return None
    values["pick_up_until"] = now + timedelta(days=days)
    return Words(f"to be picked up within {days} days", f"수령 기한 {days}일")


def _status_after(move: Move, facts: OrderFacts) -> Status | None:
    """Return the order's status after a move; an unsold order that lost a line is judged again."""
    # While an attempt is unanswered only the decision is kept; the status comes with the answer.
    after = move.order.target if move.order and not facts.unanswered else facts.status
    if Effect.JUDGE_AGAIN not in move.effects or after not in FAILED:
        return after
    again = next(rows(source=after, who=Actor.STAFF, act=Act.PROCESS_SALE))
    return again.target


def _tell(
    database: Connection,
    row: AnyRow,
    planned: tuple[Move, deliveries.Act],
    values: Mapping[str, Any],
    every: Sequence[OrderLine],
) -> list[int]:
    """Queue what the webstore is to hear; return the deliveries that it is not to hear any more."""
    move, act = planned
    resolution = values.get("resolution")
    if resolution is not None and resolution == row.resolution:
        resolution = None  # it was told
    told = Told(
        before=row.line_states,
        after=values.get("line_states", row.line_states),
        every=every,
        reason=act.reason,
        resolution=Resolution(resolution) if resolution else None,
        hears_lines=act.provider is not None and act.provider.hears_lines,
    )
    telling = Telling(
        order_id=row.id, news=list(news_of(move, told)), act=act, every=[line.id for line in every]
    )
    return news.tell(database, [telling]).get(row.id, [])


def _change_sale(
    database: Connection,
    row: AnyRow,
    planned: tuple[Move, deliveries.Act],
    changes: Sequence[deliveries.SaleOrder] | None,
) -> None:
    move, act = planned
    if row.sale_state == SaleState.CLOSED_EMPTY:
        return  # the till has done it all
    if changes is None:
        deliveries.queue(database, row.id, move.effects, act)
    else:
        deliveries.queue_changes(database, row.id, changes, act)


def _ask_for_money(
    database: Connection,
    row: AnyRow,
    planned: tuple[Move, deliveries.Act],
    wanted: tuple[Signature, More],
) -> None:
    """Queue what the payment service is asked, where one serves the order's connection."""
    (move, act), (signature, more) = planned, wanted
    if row.paid_by is not None:
        every = line_states.lines_of(database, [row.id])[row.id] if move.lines else []
        asking.demand(database, [*wishes_of(row, move, every, signature), *more.money(row)], act)


def _remembered(row: AnyRow, move: Move, act: deliveries.Act) -> dict[str, Any]:
    """Return how the order was before an act, for whoever undoes it."""
    facts = facts_of(row)
    before = {
        "act": act.id,
        "name": act.name,
        "status": facts.status,
        "decision": facts.decision,
        "payload": row.payload_id,
    }
    if move.lines is None:
        return before
    kept = {name: getattr(row, name) for name in ("line_states", "trimmed_hash", "total_minor")}
    return before | {"lines": kept}
