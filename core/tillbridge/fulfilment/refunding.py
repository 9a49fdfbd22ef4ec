"""What an act of staff makes of money that the webstore has charged: it may have to give it back."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from tillbridge.db.states import RefundState
from tillbridge.db.types import AnyRow
from tillbridge.fulfilment.moves import Move
from tillbridge.model.orders import OrderKind
from tillbridge.model.status import PAYMENT_ROWS, Act, PaymentState, payment_state
from tillbridge.payments.facts import payment_facts
from tillbridge.provider import Provider

_CHARGED: Final = (PaymentState.CHARGED, PaymentState.PART_REFUND_DUE)
_ENDS: Final = frozenset(row.act for row in PAYMENT_ROWS if row.target is PaymentState.REFUND_DUE)
"""The acts by which an order comes to nothing."""


def refund_of(database: Connection, row: AnyRow, move: Move, provider: Provider) -> Mapping[str, Any]:
    """Return what is noted of a refund with an act, as the order's column has it; often nothing."""
    if row.kind == OrderKind.ROPIS or not provider.charges_on_acceptance:
        return {}
    if move.order is not None and move.order.act in _ENDS:
        return {"refund": RefundState.DUE.value}
    # What was never accepted it has not charged: that is rejected, and not cancelled.
    if move.lines is None or move.lines.act is not Act.CANCEL:
        return {}
    charged = payment_state(payment_facts(database, row, provider)) in _CHARGED
    return {"refund": RefundState.PART.value} if charged else {}
