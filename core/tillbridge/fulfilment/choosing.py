"""Staff choose by a status: which row of the table they mean."""

import json

from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.fulfilment.doing import do
from tillbridge.fulfilment.moves import Move
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.reasons import Reason
from tillbridge.model.status import Status, staff_transition, unarchive_transition
from tillbridge.model.status.guards import UNDECIDED
from tillbridge.orders.order_state import Signature, facts_of, hears


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

    def choose(row: AnyRow) -> Move:
        return Move.of(staff_transition(asked, facts_of(row, hears=hears(context, row)), answer))

    return do(context, order_id, choose, signature)


def decide_undecided(context: Context, order_id: int, asked: Status, signature: Signature) -> Status | None:
    """Do the same by a policy, which overrules nobody; return the status that the order has then.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it is decided meanwhile, or the table says why not.
    """

    def choose(row: AnyRow) -> Move:
        if row.decision is not None:
            raise NotAllowed(UNDECIDED.otherwise)
        return Move.of(staff_transition(asked, facts_of(row, hears=hears(context, row))))

    return do(context, order_id, choose, signature)


def unarchive(context: Context, order_id: int, signature: Signature) -> Status | None:
    """Bring an archived order back to where it stood; return the status that it has then.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it is not archived, or tillbridge itself put it aside.
    """

    def choose(row: AnyRow) -> Move:
        return Move.of(unarchive_transition(facts_of(row), failed_status(row)))

    return do(context, order_id, choose, signature)


def failed_status(row: AnyRow) -> Status:
    """Return the status that the reasons give for which an order was not sold when it was archived."""
    reasons = [Reason.model_validate(one) for one in json.loads(row.reasons)]
    return reasons[0].status if reasons else Status.SALE_PROCESSING_FAILED
