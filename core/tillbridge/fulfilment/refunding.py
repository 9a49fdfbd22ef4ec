"""What an act of staff makes of money that the webstore has charged: it may have to give it back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from tillbridge.db.states import RefundState
from tillbridge.db.types import AnyRow
from tillbridge.fulfilment.moves import Move
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import OrderKind, WebMoney
from tillbridge.model.status import PAYMENT_ROWS, Act, Effect, PaymentFacts, PaymentState, payment_state
from tillbridge.orders import line_states
from tillbridge.orders.line_states import OrderLine
from tillbridge.payments.facts import payment_facts
from tillbridge.payments.owed import Owed
from tillbridge.provider import Provider

_CHARGED: Final = (PaymentState.CHARGED, PaymentState.PART_REFUND_DUE)
_ENDS: Final = frozenset(row.act for row in PAYMENT_ROWS if row.target is PaymentState.REFUND_DUE)
"""The acts by which an order comes to nothing."""


def refund_of(
    database: Connection, row: AnyRow, move: Move, provider: Provider, every: Sequence[OrderLine]
) -> Mapping[str, Any]:
    """Return what is noted of a refund with an act, as the order's columns have it; often nothing.

    `row` is the order's as it was before the act; `every` are its lines, where the act is about some of them,
    or an earlier one was.
    """
    ends = comes_to_nothing(move)
    if row.kind == OrderKind.ROPIS or row.paid_by is not None or not (ends or move.lines):
        return {}
    facts = payment_facts(database, row, provider)
    if not facts.paid_online:
        return {}
    if ends:
        state = RefundState.DUE if facts.said else RefundState.UNSAID
        return {"refund": state.value, "owed": _all_of_it(row)}
    if not taken_off(move, facts):
        return {}
    owed = Owed.read(row.owed)
    less = _sum(every, _new(row, move.line_ids))
    return {"refund": RefundState.PART.value, "owed": replace(owed, lines=owed.lines + less).write()}


def comes_to_nothing(move: Move) -> bool:
    """Say whether an act lets an order come to nothing, or tells its webstore so."""
    return move.order is not None and (move.order.act in _ENDS or move.decision is Decision.REJECTED)


def taken_off(move: Move, facts: PaymentFacts) -> bool:
    """Say whether an act takes items off an order that its webstore has charged for them."""
    if move.lines is None or payment_state(facts) not in _CHARGED:
        return False
    # Where acceptance charges, what was never accepted is not charged: that is rejected, and not cancelled.
    if facts.money is WebMoney.CHARGED:
        return Effect.TELL_REJECTED in move.lines.effects
    return move.lines.act is Act.CANCEL


def _all_of_it(row: AnyRow) -> str | None:
    """Return what is owed once nothing is left of an order: what it owed before, and what it comes to."""
    return replace(Owed.read(row.owed), rest=max(row.total_minor or 0, 0)).write()


def _new(row: AnyRow, line_ids: Collection[str]) -> list[str]:
    gone = line_states.rejected(row.line_states)
    return [one for one in line_ids if one not in gone]


def _sum(every: Sequence[OrderLine], line_ids: Collection[str]) -> int:
    return sum(line.total_minor for line in every if line.id in line_ids)
