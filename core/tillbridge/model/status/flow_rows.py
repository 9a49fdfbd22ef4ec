"""The rows of the shop's flows: guided acts of several steps, which staff choose by name, not by a status."""

from collections.abc import Iterator

from tillbridge.model.exchange import Decision
from tillbridge.model.status.guards import (
    CLOSED_EMPTY,
    HAS_SALE,
    IS_CLOSING,
    IS_RESERVATION,
    NOT_CLOSED_EMPTY,
    NOT_REJECTED,
    NOTHING_ADDED,
    NOTHING_HANDED_OVER,
    SALE_FINISHED,
    SALE_NOT_FINISHED,
    UNDECIDED,
    WITH_GOODS,
)
from tillbridge.model.status.transition import SOLD, UNSOLD, Transition, order_row
from tillbridge.model.status.vocabulary import Act, Actor, Effect, Status


def flow_rows() -> Iterator[Transition]:
    """The shop's flows: guided acts of several steps. Staff choose them by name, not by a status."""
    yield from _hand_over_rows()
    empty = (Effect.REMOVE_ITEMS, Effect.BALANCE, Effect.FINISH_SALE, Effect.COMPLETE)
    untold: dict[str, object] = {"asked": None}
    reject = {**untold, "decision": Decision.REJECTED, "reason_required": True}
    open_sale = (HAS_SALE, SALE_NOT_FINISHED)
    for source in SOLD:
        told = (Effect.TELL_REJECTED,)
        # Of a sale that was closed without items at the till the rest is left: the webstore hears it.
        yield order_row(
            Act.CANCEL,
            source,
            Status.REJECTED,
            Actor.STAFF,
            guards=(NOT_REJECTED, HAS_SALE, NOTHING_HANDED_OVER),
            effects=(*told, *empty),
            **reject,
        )
        yield order_row(
            Act.REJECT_ONLY,
            source,
            Status.REJECTED,
            Actor.STAFF,
            guards=(NOT_REJECTED, *open_sale),
            effects=told,
            **reject,
        )
    # Without a sale there is nothing else to cancel.
    for unsold in (None, *UNSOLD):
        yield order_row(
            Act.CANCEL,
            unsold,
            Status.REJECTED,
            Actor.STAFF,
            guards=(NOT_REJECTED,),
            effects=(Effect.TELL_REJECTED, Effect.TELL_RESOLVED),
            while_unanswered=True,
            **reject,
        )
    # What was rejected step by step can be brought to its end at once.
    yield order_row(
        Act.CANCEL,
        Status.REJECTED,
        Status.REJECTED,
        Actor.STAFF,
        guards=open_sale,
        effects=empty,
        reason_required=True,
        **untold,
    )


def _hand_over_rows() -> Iterator[Transition]:
    """Reserving, picking up, and what becomes of goods that nobody picks up."""
    empty = (Effect.REMOVE_ITEMS, Effect.BALANCE, Effect.FINISH_SALE, Effect.COMPLETE)
    untold: dict[str, object] = {"asked": None}
    accept = {**untold, "decision": Decision.ACCEPTED}
    open_sale = (HAS_SALE, SALE_NOT_FINISHED)
    goods = (HAS_SALE, NOT_CLOSED_EMPTY, WITH_GOODS, SALE_NOT_FINISHED)
    tell, told = (Effect.TELL_ACCEPTED,), (Effect.TELL_RESOLVED,)
    keep, pay = (Effect.KEEP_OPEN,), (Effect.TAKE_PAYMENTS, Effect.FINISH_SALE, Effect.COMPLETE)
    new, going = Status.NEW, Status.IN_PROCESS
    yield order_row(
        Act.RESERVE,
        new,
        going,
        Actor.STAFF,
        guards=(UNDECIDED, *goods),
        effects=(*tell, *keep),
        **accept,
    )
    yield order_row(Act.RESERVE, going, going, Actor.STAFF, guards=goods, effects=keep, **untold)
    yield order_row(
        Act.PICK_UP,
        new,
        going,
        Actor.STAFF,
        guards=(UNDECIDED, *goods, NOTHING_ADDED),
        effects=(*tell, *pay),
        **accept,
    )
    for source in (going, Status.READY_FOR_PICKUP):
        yield order_row(
            Act.PICK_UP,
            source,
            source,
            Actor.STAFF,
            guards=(*goods, NOTHING_ADDED),
            effects=pay,
            **untold,
        )
        yield order_row(
            Act.NO_SHOW,
            source,
            source,
            Actor.STAFF,
            guards=open_sale,
            effects=empty,
            reason_required=True,
            **untold,
        )
        yield order_row(
            Act.COMPLETE,
            source,
            Status.COMPLETED,
            Actor.SYSTEM,
            guards=(IS_CLOSING, SALE_FINISHED),
            effects=told,
        )
    yield from _ended_rows(told)


def _ended_rows(told: tuple[Effect, ...]) -> Iterator[Transition]:
    """What was rejected comes to its end, and staff say how a reservation ended."""
    yield order_row(
        Act.COMPLETE,
        Status.REJECTED,
        Status.COMPLETED,
        Actor.SYSTEM,
        guards=(IS_CLOSING, CLOSED_EMPTY),
        effects=told,
    )
    for source in (Status.COMPLETED, Status.ARCHIVED):
        yield order_row(
            Act.RESOLVE, source, source, Actor.STAFF, guards=(IS_RESERVATION,), effects=told, asked=None
        )
