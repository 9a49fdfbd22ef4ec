"""The rows of the order's own axis: what staff, tillbridge and the till make of its status."""

from collections.abc import Iterator
from dataclasses import dataclass

from tillbridge.model.exchange import Decision
from tillbridge.model.status.guards import (
    ANSWERED,
    CHANGED,
    CLOSED_EMPTY,
    GONE,
    HAS_SALE,
    IS_ACCEPTED,
    IS_CLOSING,
    IS_REJECTED,
    IS_RESERVATION,
    NO_SALE,
    NOT_CLOSING,
    NOT_REJECTED,
    NOTHING_HANDED_OVER,
    NOTHING_TO_SAY,
    PUT_ASIDE,
    SALE_FINISHED,
    SALE_NOT_FINISHED,
    SOMETHING_TO_SAY,
    STAFF_ARCHIVED,
    UNDECIDED,
    UNTRIED,
    WITH_GOODS,
)
from tillbridge.model.status.rows import Row, unmet
from tillbridge.model.status.vocabulary import Act, Actor, Axis, Effect, OrderFacts, Status
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Row[Status, OrderFacts]):
    """One row that moves an order's status.

    Attributes:
        asked: what staff choose; None where it is no choice of a status. It differs from `target` where
            the decision is kept and the repair goes on (an accepted order reaches In Process when its
            sale exists).
        decision: what is decided by it.
        while_unanswered: staff may decide while the POS has not answered; the status then follows
            with the answer.
    """

    asked: Status | None
    decision: Decision | None = None
    while_unanswered: bool = False

    @property
    def undoable(self) -> bool:
        """Whether staff may take this back: a decision, a hand-over step, setting an unsold one aside."""
        step = self.who is Actor.STAFF and self.act in _STEPS
        return self.decision is not None or step or (self.act is Act.ARCHIVE and self.source in UNSOLD)

    @property
    def answer(self) -> Decision | None:
        """What staff must have answered for this row: which of the two the webstore is to hear."""
        return self.decision if self.act is Act.ARCHIVE else None

    def refusal(self, facts: OrderFacts) -> Words | None:
        """Return why this row does not apply now, or None if it does."""
        always = () if self.while_unanswered else (ANSWERED,)
        if self.who is Actor.STAFF and self.act is not Act.UNDO:
            always = (*always, NOT_CLOSING)
        return unmet((*always, *self.guards), facts)


_STEPS = (Act.RESERVE, Act.READY, Act.PICK_UP, Act.NO_SHOW)
FAILED = (Status.CUSTOMER_ID_REQUIRED, Status.PRODUCT_MATCH_FAILED, Status.SALE_PROCESSING_FAILED)
UNSOLD = (*FAILED, Status.PROCESS_SALE)
SOLD = (Status.NEW, Status.IN_PROCESS, Status.READY_FOR_PICKUP)
OVER = (Status.REJECTED, Status.COMPLETED, Status.ARCHIVED)
CLOSED = (Status.COMPLETED, Status.ARCHIVED)
UNSETTLED: tuple[Status | None, ...] = (None, *UNSOLD, Status.ARCHIVED)


def _row(act: Act, source: Status | None, target: Status | None, who: Actor, **more: object) -> Transition:
    asked = more.pop("asked", target)
    return Transition(axis=Axis.ORDER, act=act, source=source, target=target, who=who, asked=asked, **more)  # type: ignore[arg-type]  # the keywords are checked by the dataclass itself


def _system_rows() -> Iterator[Transition]:
    for source in UNSETTLED:
        yield _row(Act.OPEN_SALE, source, Status.NEW, Actor.SYSTEM, guards=(UNDECIDED,))
        yield _row(Act.OPEN_SALE, source, Status.IN_PROCESS, Actor.SYSTEM, guards=(IS_ACCEPTED,))
        yield _row(
            Act.OPEN_SALE,
            source,
            Status.REJECTED,
            Actor.SYSTEM,
            guards=(IS_REJECTED,),
            effects=(Effect.REMOVE_ITEMS, Effect.BALANCE, Effect.FINISH_SALE),
        )
        for target in FAILED:
            yield _row(Act.FAIL, source, target, Actor.SYSTEM, guards=(NO_SALE,))
        yield _row(Act.FAIL, source, Status.REJECTED, Actor.SYSTEM, guards=(NO_SALE, IS_REJECTED))
        yield _row(Act.PUT_ASIDE, source, Status.ARCHIVED, Actor.SYSTEM, guards=(NO_SALE,))
    # The void of a sale that was to be made anew was refused: the old sale stands.
    for target, guard in ((Status.NEW, UNDECIDED), (Status.IN_PROCESS, IS_ACCEPTED)):
        yield _row(Act.KEEP_SALE, Status.PROCESS_SALE, target, Actor.SYSTEM, guards=(guard,))
    # The sale is made void first; what is read again then is put aside, or sold anew if it is open once more.
    yield _row(
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
    yield _row(
        Act.COMPLETE,
        Status.NEW,
        Status.COMPLETED,
        Actor.TILL,
        guards=guards,
        effects=(Effect.TELL_ACCEPTED, *ended),
        decision=Decision.ACCEPTED,
    )
    for source in (Status.IN_PROCESS, Status.READY_FOR_PICKUP):
        yield _row(Act.COMPLETE, source, Status.COMPLETED, Actor.TILL, guards=guards, effects=ended)


def _accept_rows() -> Iterator[Transition]:
    accept = {"decision": Decision.ACCEPTED, "effects": (Effect.TELL_ACCEPTED,), "asked": Status.IN_PROCESS}
    yield _row(Act.ACCEPT, Status.NEW, Status.IN_PROCESS, Actor.STAFF, guards=(UNDECIDED, HAS_SALE), **accept)
    for source in (None, *UNSOLD):
        yield _row(
            Act.ACCEPT, source, source, Actor.STAFF, guards=(UNDECIDED,), while_unanswered=True, **accept
        )


def _reject_rows() -> Iterator[Transition]:
    reject = {"decision": Decision.REJECTED, "asked": Status.REJECTED, "reason_required": True}
    for source in SOLD:
        yield _row(
            Act.REJECT,
            source,
            Status.REJECTED,
            Actor.STAFF,
            guards=(NOT_REJECTED, NOTHING_HANDED_OVER),
            effects=(Effect.TELL_REJECTED, Effect.REMOVE_ITEMS, Effect.BALANCE, Effect.FINISH_SALE),
            **reject,
        )
    for unsold in (None, *UNSOLD):
        yield _row(
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
        yield _row(Act.PROCESS_SALE, source, Status.PROCESS_SALE, Actor.STAFF, guards=(NO_SALE,))
        yield _row(Act.REPLAY, source, Status.PROCESS_SALE, Actor.STAFF, guards=(NO_SALE,), asked=None)
    # What tillbridge itself put aside may be an order to be sold once its payload is read rightly.
    aside = {"guards": (NO_SALE, PUT_ASIDE), "asked": None}
    yield _row(Act.REPLAY, Status.ARCHIVED, Status.PROCESS_SALE, Actor.STAFF, **aside)
    for source in (Status.NEW, Status.IN_PROCESS):
        yield _row(
            Act.REMAKE_SALE,
            source,
            Status.PROCESS_SALE,
            Actor.STAFF,
            guards=(HAS_SALE, SALE_NOT_FINISHED, CHANGED),
            effects=(Effect.VOID_SALE,),
        )
    yield from _accept_rows()
    yield from _reject_rows()
    yield _row(
        Act.READY,
        Status.IN_PROCESS,
        Status.READY_FOR_PICKUP,
        Actor.STAFF,
        guards=(HAS_SALE,),
        effects=(Effect.TELL_READY,),
    )
    for source in (Status.IN_PROCESS, Status.READY_FOR_PICKUP, Status.REJECTED):
        yield _row(
            Act.COMPLETE,
            source,
            Status.COMPLETED,
            Actor.STAFF,
            guards=(HAS_SALE, SALE_FINISHED),
            effects=(Effect.TELL_RESOLVED,),
        )
    yield from _archive_rows()
    yield from _flow_rows()
    for source in (*SOLD, Status.REJECTED, Status.ARCHIVED, *UNSOLD):
        yield _row(Act.UNDO, source, None, Actor.STAFF, guards=(UNTRIED,))


def _archive_rows() -> Iterator[Transition]:
    for source in UNSOLD:
        yield _row(Act.ARCHIVE, source, Status.ARCHIVED, Actor.STAFF, guards=(NO_SALE, NOTHING_TO_SAY))
        yield _archive(source, Decision.ACCEPTED, Effect.TELL_ACCEPTED)
        yield _archive(source, Decision.REJECTED, Effect.TELL_REJECTED)
    yield _row(Act.ARCHIVE, Status.REJECTED, Status.ARCHIVED, Actor.STAFF)
    yield _row(Act.ARCHIVE, Status.COMPLETED, Status.ARCHIVED, Actor.STAFF, guards=(NOTHING_TO_SAY,))
    yield _row(
        Act.ARCHIVE,
        Status.COMPLETED,
        Status.ARCHIVED,
        Actor.STAFF,
        guards=(SOMETHING_TO_SAY,),
        effects=(Effect.TELL_ACCEPTED,),
        decision=Decision.ACCEPTED,
    )
    back = {"asked": None}
    yield _row(
        Act.UNARCHIVE,
        Status.ARCHIVED,
        Status.REJECTED,
        Actor.STAFF,
        guards=(STAFF_ARCHIVED, IS_REJECTED),
        **back,
    )
    yield _row(
        Act.UNARCHIVE,
        Status.ARCHIVED,
        Status.COMPLETED,
        Actor.STAFF,
        guards=(STAFF_ARCHIVED, HAS_SALE, NOT_REJECTED),
        **back,
    )
    for target in FAILED:
        yield _row(
            Act.UNARCHIVE,
            Status.ARCHIVED,
            target,
            Actor.STAFF,
            guards=(STAFF_ARCHIVED, NO_SALE, NOT_REJECTED),
            **back,
        )


def _archive(source: Status, decision: Decision, effect: Effect) -> Transition:
    guards = (NO_SALE, SOMETHING_TO_SAY)
    return _row(
        Act.ARCHIVE,
        source,
        Status.ARCHIVED,
        Actor.STAFF,
        guards=guards,
        effects=(effect,),
        decision=decision,
    )


def _flow_rows() -> Iterator[Transition]:
    """The shop's flows: guided acts of several steps. Staff choose them by name, not by a status."""
    yield from _hand_over_rows()
    empty = (Effect.REMOVE_ITEMS, Effect.BALANCE, Effect.FINISH_SALE, Effect.COMPLETE)
    untold: dict[str, object] = {"asked": None}
    reject = {**untold, "decision": Decision.REJECTED, "reason_required": True}
    open_sale = (HAS_SALE, SALE_NOT_FINISHED)
    for source in SOLD:
        told = (Effect.TELL_REJECTED,)
        # Of a sale that was closed without items at the till the rest is left: the webstore hears it.
        yield _row(
            Act.CANCEL,
            source,
            Status.REJECTED,
            Actor.STAFF,
            guards=(NOT_REJECTED, HAS_SALE, NOTHING_HANDED_OVER),
            effects=(*told, *empty),
            **reject,
        )
        yield _row(
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
        yield _row(
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
    yield _row(
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
    tell, told = (Effect.TELL_ACCEPTED,), (Effect.TELL_RESOLVED,)
    keep, pay = (Effect.KEEP_OPEN,), (Effect.TAKE_PAYMENTS, Effect.FINISH_SALE, Effect.COMPLETE)
    new, going = Status.NEW, Status.IN_PROCESS
    yield _row(
        Act.RESERVE,
        new,
        going,
        Actor.STAFF,
        guards=(UNDECIDED, *open_sale),
        effects=(*tell, *keep),
        **accept,
    )
    yield _row(Act.RESERVE, going, going, Actor.STAFF, guards=open_sale, effects=keep, **untold)
    yield _row(
        Act.PICK_UP,
        new,
        going,
        Actor.STAFF,
        guards=(UNDECIDED, *open_sale, WITH_GOODS),
        effects=(*tell, *pay),
        **accept,
    )
    for source in (going, Status.READY_FOR_PICKUP):
        goods = (*open_sale, WITH_GOODS)
        yield _row(Act.PICK_UP, source, source, Actor.STAFF, guards=goods, effects=pay, **untold)
        yield _row(
            Act.NO_SHOW,
            source,
            source,
            Actor.STAFF,
            guards=open_sale,
            effects=empty,
            reason_required=True,
            **untold,
        )
        yield _row(
            Act.COMPLETE,
            source,
            Status.COMPLETED,
            Actor.SYSTEM,
            guards=(IS_CLOSING, SALE_FINISHED),
            effects=told,
        )
    yield _row(
        Act.COMPLETE,
        Status.REJECTED,
        Status.COMPLETED,
        Actor.SYSTEM,
        guards=(IS_CLOSING, CLOSED_EMPTY),
        effects=told,
    )
    for source in (Status.COMPLETED, Status.ARCHIVED):
        yield _row(Act.RESOLVE, source, source, Actor.STAFF, guards=(IS_RESERVATION,), effects=told, **untold)


ORDER_ROWS: tuple[Transition, ...] = (*_system_rows(), *_staff_rows())
