"""What an act of staff asks of the payment service: to take, to let go, to give back."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from tillbridge.db.types import AnyRow
from tillbridge.fulfilment.moves import Move
from tillbridge.model.exchange import Decision
from tillbridge.model.payments import Capture
from tillbridge.model.status import Act, Effect
from tillbridge.orders.line_states import OrderLine
from tillbridge.orders.order_state import Signature
from tillbridge.payments.asking import Demand
from tillbridge.payments.planning import Wish

_ENDS: Final = frozenset({Act.REJECT, Act.REJECT_ONLY, Act.CANCEL, Act.NO_SHOW})


def wishes_of(row: AnyRow, move: Move, every: Sequence[OrderLine], signature: Signature) -> Iterator[Demand]:
    """Yield what is asked of the payment service for an act; the row has its connection's `capture`."""
    ask = partial(Demand, row=row, reason=signature.reason, who=signature.who)
    ended = move.order is not None and move.order.act in _ENDS
    if ended or move.decision is Decision.REJECTED:
        yield ask(wish=Wish.GIVE_BACK)
    elif move.decision is Decision.ACCEPTED and row.capture == Capture.ACCEPTANCE:
        yield ask(wish=Wish.CHARGE)
    elif move.lines is not None and Effect.TELL_REJECTED in move.lines.effects:
        gone = sum(line.total_minor for line in every if line.id in move.line_ids)
        yield ask(wish=Wish.REFUND, minor=gone, only_surplus=True)
