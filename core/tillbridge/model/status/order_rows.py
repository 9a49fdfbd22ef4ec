"""The rows of the order's own axis: what staff, tillbridge and the till make of its status."""

from collections.abc import Iterator

from tillbridge.model.exchange import Decision
from tillbridge.model.status.flow_rows import flow_rows
from tillbridge.model.status.guards import (
    CHANGED,
    GONE,
    HAS_SALE,
    IS_ACCEPTED,
    IS_REJECTED,
    NO_SALE,
    NOT_CLOSED_EMPTY,
    NOT_OUTDATED,
    NOT_REJECTED,
    NOTHING_ADDED,
    NOTHING_HANDED_OVER,
    NOTHING_TO_SAY,
    PUT_ASIDE,
    READ,
    SALE_FINISHED,
    SALE_NOT_FINISHED,
    SOMETHING_TO_SAY,
    STAFF_ARCHIVED,
    SUMS_DIFFER,
    UNDECIDED,
    UNTRIED,
    WITH_GOODS,
)
from tillbridge.model.status.transition import FAILED, SOLD, UNSETTLED, UNSOLD, Transition, order_row
from tillbridge.model.status.vocabulary import Act, Actor, Effect, Status


def _system_rows() -> Iterator[Transition]:
    for source in UNSETTLED:
        yield order_row(Act.OPEN_SALE, source, Status.NEW, Actor.SYSTEM, guards=(UNDECIDED,))
        yield order_row(Act.OPEN_SALE, source, Status.IN_PROCESS, Actor.SYSTEM, guards=(IS_ACCEPTED,))
        yield order_row(
            Act.OPEN_SALE,
            source,
            Status.REJECTED,
            Actor.SYSTEM,
            guards=(IS_REJECTED,),
            effects=(Effect.REMOVE_ITEMS, Effect.BALANCE, Effect.FINISH_SALE),
        )
        for target in FAILED:
            yield order_row(Act.FAIL, source, target, Actor.SYSTEM, guards=(NO_SALE,))
        yield order_row(Act.FAIL, source, Status.REJECTED, Actor.SYSTEM, guards=(NO_SALE, IS_REJECTED))
        yield order_row(Act.PUT_ASIDE, source, Status.ARCHIVED, Actor.SYSTEM, guards=(NO_SALE,))
    # The void of a sale that was to be made anew was refused: the old sale stands.
    for target, guard in ((Status.NEW, UNDECIDED), (Status.IN_PROCESS, IS_ACCEPTED)):
        yield order_row(Act.KEEP_SALE, Status.PROCESS_SALE, target, Actor.SYSTEM, guards=(guard,))
    # The sale is made void first; what is read again then is put aside, or sold anew if it is open once more.
    yield order_row(
        Act.WITHDRAW,
        Status.NEW,
        Status.PROCESS_SALE,
        Actor.WEBSTORE,
        guards=(HAS_SALE, SALE_NOT_FINISHED, UNDECIDED, GONE),
        effects=(Effect.VOID_SALE,),
    )
    yield from _finished_rows()


def _finished_rows() -> Iterator[Transition]:
    """A finished sale completes its order; one that nobody decided counts as accepted: the goods are gone."""
    guards, ended = (SALE_FINISHED, NOT_REJECTED), (Effect.TELL_RESOLVED,)
    yield order_row(
        Act.COMPLETE,
        Status.NEW,
        Status.COMPLETED,
        Actor.TILL,
        guards=guards,
        effects=(Effect.TELL_ACCEPTED, *ended),
        decision=Decision.ACCEPTED,
    )
    for source in (Status.IN_PROCESS, Status.READY_FOR_PICKUP):
        yield order_row(Act.COMPLETE, source, Status.COMPLETED, Actor.TILL, guards=guards, effects=ended)


def _accept_rows() -> Iterator[Transition]:
    accept = {"decision": Decision.ACCEPTED, "effects": (Effect.TELL_ACCEPTED,), "asked": Status.IN_PROCESS}
    # A webstore may charge the customer for what it hears is accepted: there must be something to hand over.
    goods = (UNDECIDED, HAS_SALE, NOT_CLOSED_EMPTY, WITH_GOODS)
    yield order_row(Act.ACCEPT, Status.NEW, Status.IN_PROCESS, Actor.STAFF, guards=goods, **accept)
    for source in (None, *UNSOLD):
        yield order_row(
            Act.ACCEPT,
            source,
            source,
            Actor.STAFF,
            guards=(UNDECIDED, NOT_OUTDATED),
            while_unanswered=True,
            **accept,
        )


def _reject_rows() -> Iterator[Transition]:
    reject = {"decision": Decision.REJECTED, "asked": Status.REJECTED, "reason_required": True}
    for source in SOLD:
        yield order_row(
            Act.REJECT,
            source,
            Status.REJECTED,
            Actor.STAFF,
            guards=(NOT_REJECTED, NOTHING_HANDED_OVER),
            effects=(Effect.TELL_REJECTED, Effect.REMOVE_ITEMS, Effect.BALANCE, Effect.FINISH_SALE),
            **reject,
        )
    for unsold in (None, *UNSOLD):
        yield order_row(
            Act.REJECT,
            unsold,
            Status.REJECTED,
            Actor.STAFF,
            guards=(NOT_REJECTED,),
            effects=(Effect.TELL_REJECTED,),
            while_unanswered=True,
            **reject,
        )


def _staff_rows() -> Iterator[Transition]:
    for source in FAILED:
        yield order_row(Act.PROCESS_SALE, source, Status.PROCESS_SALE, Actor.STAFF, guards=(NO_SALE,))
        yield order_row(Act.REPLAY, source, Status.PROCESS_SALE, Actor.STAFF, guards=(NO_SALE,), asked=None)
    yield order_row(
        Act.RELEASE,
        Status.SALE_PROCESSING_FAILED,
        Status.PROCESS_SALE,
        Actor.STAFF,
        guards=(NO_SALE, READ, SUMS_DIFFER),
        asked=None,
        reason_required=True,
    )
    # What tillbridge itself put aside may be an order to be sold once its payload is read rightly.
    aside = {"guards": (NO_SALE, PUT_ASIDE), "asked": None}
    yield order_row(Act.REPLAY, Status.ARCHIVED, Status.PROCESS_SALE, Actor.STAFF, **aside)
    for source in (Status.NEW, Status.IN_PROCESS):
        yield order_row(
            Act.REMAKE_SALE,
            source,
            Status.PROCESS_SALE,
            Actor.STAFF,
            guards=(HAS_SALE, SALE_NOT_FINISHED, READ, CHANGED),
            effects=(Effect.VOID_SALE,),
        )
    yield from _accept_rows()
    yield from _reject_rows()
    yield order_row(
        Act.READY,
        Status.IN_PROCESS,
        Status.READY_FOR_PICKUP,
        Actor.STAFF,
        guards=(HAS_SALE, NOT_CLOSED_EMPTY, WITH_GOODS, SALE_NOT_FINISHED, NOTHING_ADDED),
        effects=(Effect.TELL_READY,),
    )
    for source in (Status.IN_PROCESS, Status.READY_FOR_PICKUP, Status.REJECTED):
        yield order_row(
            Act.COMPLETE,
            source,
            Status.COMPLETED,
            Actor.STAFF,
            guards=(HAS_SALE, SALE_FINISHED),
            effects=(Effect.TELL_RESOLVED,),
        )
    yield from _archive_rows()
    yield from flow_rows()
    for source in (*SOLD, Status.REJECTED, Status.ARCHIVED, *UNSOLD):
        yield order_row(Act.UNDO, source, None, Actor.STAFF, guards=(UNTRIED,))


def _archive_rows() -> Iterator[Transition]:
    for source in UNSOLD:
        yield order_row(Act.ARCHIVE, source, Status.ARCHIVED, Actor.STAFF, guards=(NO_SALE, NOTHING_TO_SAY))
        yield _archive(source, Decision.ACCEPTED, Effect.TELL_ACCEPTED)
        yield _archive(source, Decision.REJECTED, Effect.TELL_REJECTED)
    yield order_row(Act.ARCHIVE, Status.REJECTED, Status.ARCHIVED, Actor.STAFF)
    yield order_row(Act.ARCHIVE, Status.COMPLETED, Status.ARCHIVED, Actor.STAFF, guards=(NOTHING_TO_SAY,))
    yield order_row(
        Act.ARCHIVE,
        Status.COMPLETED,
        Status.ARCHIVED,
        Actor.STAFF,
        guards=(SOMETHING_TO_SAY,),
        effects=(Effect.TELL_ACCEPTED,),
        decision=Decision.ACCEPTED,
    )
    back = {"asked": None}
    yield order_row(
        Act.UNARCHIVE,
        Status.ARCHIVED,
        Status.REJECTED,
        Actor.STAFF,
        guards=(STAFF_ARCHIVED, IS_REJECTED),
        **back,
    )
    yield order_row(
        Act.UNARCHIVE,
        Status.ARCHIVED,
        Status.COMPLETED,
        Actor.STAFF,
        guards=(STAFF_ARCHIVED, HAS_SALE, NOT_REJECTED),
        **back,
    )
    for target in FAILED:
        yield order_row(
            Act.UNARCHIVE,
            Status.ARCHIVED,
            target,
            Actor.STAFF,
            guards=(STAFF_ARCHIVED, NO_SALE, NOT_REJECTED),
            **back,
        )


def _archive(source: Status, decision: Decision, effect: Effect) -> Transition:
    guards = (NO_SALE, SOMETHING_TO_SAY)
    return order_row(
        Act.ARCHIVE,
        source,
        Status.ARCHIVED,
        Actor.STAFF,
        guards=guards,
        effects=(effect,),
        decision=decision,
    )


ORDER_ROWS: tuple[Transition, ...] = (*_system_rows(), *_staff_rows())
