"""The rows of the lines' own axis: what staff do with some lines, and what an order's act makes of all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tillbridge.model.errors import NotAllowed
from tillbridge.model.status.guards import (
    ANSWERED,
    CLOSED_EMPTY,
    HAS_SALE,
    IS_ACCEPTED,
    IS_REJECTED,
    NO_SALE,
    NOT_CLOSED_EMPTY,
    NOT_CLOSING,
    NOT_OUTDATED,
    NOT_REJECTED,
    SALE_FINISHED,
    SALE_NOT_FINISHED,
    WITH_GOODS,
    OrderGuard,
)
from tillbridge.model.status.lines import LINE_WORDS, LineState
from tillbridge.model.status.rows import Guard, Row
from tillbridge.model.status.transition import OVER
from tillbridge.model.status.vocabulary import Act, Actor, Axis, Effect, OrderFacts
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """What the guards of lines look at.

    Attributes:
        order: the facts of their order.
        others: whether another line than those that are meant still stands.
    """

    order: OrderFacts
    others: bool = True


LineGuard = Guard[LineFacts]
LineTransition = Row[LineState, LineFacts]

OTHERS_STAND: LineGuard = Guard(
    lambda facts: facts.others,
    Words(
        "Nothing else is left of the order; do it with the order as a whole.",
        "주문에 남는 항목이 없습니다. 주문 전체에 대해 처리해 주세요.",
    ),
)
NOT_OVER: LineGuard = Guard(
    lambda facts: facts.order.status is not None and facts.order.status not in OVER,
    Words(
        "Single items are decided while the order is open.",
        "진행 중인 주문의 항목만 따로 처리할 수 있습니다.",
    ),
)
WITH_ITEMS: LineGuard = Guard(
    lambda facts: not facts.order.closed_empty,
    Words("The sale was finished without items.", "항목 없이 종료된 거래입니다."),
)


def _of_order(guard: OrderGuard) -> LineGuard:
    return Guard(lambda facts: guard.holds(facts.order), guard.otherwise)


NOT_ON_SALE: Final = Words(
    "The customer added this item after the sale was made. Make the sale anew first (Process Sale), or "
    "reject the item.",
    "거래가 만들어진 뒤 고객이 추가한 항목입니다. 먼저 거래를 다시 만들거나(판매 처리) 항목을 거부해 주세요.",
)

_AT_ANY_TIME = tuple(_of_order(guard) for guard in (ANSWERED, NOT_CLOSING, SALE_NOT_FINISHED))
_SOLD, _UNSOLD = _of_order(HAS_SALE), _of_order(NO_SALE)
_CURRENT = _of_order(NOT_OUTDATED)
_GOODS = (_of_order(NOT_CLOSED_EMPTY), _of_order(WITH_GOODS))
_ACCEPTED, _REJECTED = _of_order(IS_ACCEPTED), _of_order(IS_REJECTED)
_FINISHED, _EMPTY = _of_order(SALE_FINISHED), _of_order(CLOSED_EMPTY)


def _staff(act: Act, source: LineState, target: LineState, **more: object) -> LineTransition:
    return Row(axis=Axis.FULFILMENT, act=act, source=source, target=target, who=Actor.STAFF, **more)  # type: ignore[arg-type]  # the keywords are checked by the dataclass itself


def _follows(act: Act, source: LineState, target: LineState, *guards: LineGuard) -> LineTransition:
    return Row(
        axis=Axis.FULFILMENT,
        act=act,
        source=source,
        target=target,
        who=Actor.SYSTEM,
        guards=guards,
    )


def _staff_rows() -> Iterator[LineTransition]:
    """What staff do with some lines of an order."""
    reject = {"reason_required": True}
    taken_off = (Effect.TELL_REJECTED, Effect.REMOVE_LINES, Effect.TAKE_OFF)
    for act, sources in (
        (Act.REJECT, (LineState.UNDECIDED,)),
        (Act.CANCEL, (LineState.ACCEPTED, LineState.READY)),
    ):
        for source in sources:
            yield _staff(
                act,
                source,
                LineState.REJECTED,
                guards=(*_AT_ANY_TIME, NOT_OVER, OTHERS_STAND, _UNSOLD, _CURRENT),
                effects=(Effect.TELL_REJECTED, Effect.JUDGE_AGAIN),
                **reject,
            )
            yield _staff(
                act,
                source,
                LineState.REJECTED,
                guards=(*_AT_ANY_TIME, NOT_OVER, OTHERS_STAND, _SOLD),
                effects=taken_off,
                **reject,
            )
    yield from _added_rows()
    yield _staff(
        Act.READY,
        LineState.ACCEPTED,
        LineState.READY,
        guards=(*_GOODS, *_AT_ANY_TIME, NOT_OVER, _SOLD),
        effects=(Effect.TELL_READY,),
    )


def _added_rows() -> Iterator[LineTransition]:
    """What becomes of an item that the customer added to an order that was accepted or sold without it."""
    yield _staff(
        Act.ACCEPT,
        LineState.UNDECIDED,
        LineState.ACCEPTED,
        guards=(*_AT_ANY_TIME, NOT_OVER, _ACCEPTED, _CURRENT),
        effects=(Effect.TELL_ACCEPTED,),
    )
    # It is not on the sale, which may be finished by now: only the webstore has to hear of it.
    yield _staff(
        Act.REJECT,
        LineState.ADDED,
        LineState.REJECTED,
        guards=(_of_order(ANSWERED), _of_order(NOT_CLOSING), _of_order(NOT_REJECTED)),
        effects=(Effect.TELL_REJECTED,),
        reason_required=True,
    )
    for target, guards in ((LineState.ADDED, (_SOLD,)), (LineState.UNDECIDED, (_UNSOLD, _ACCEPTED))):
        yield Row(
            axis=Axis.FULFILMENT,
            act=Act.ADD,
            source=None,
            target=target,
            who=Actor.WEBSTORE,
            guards=(*guards, _of_order(NOT_REJECTED)),
        )


def _following_rows() -> Iterator[LineTransition]:
    """What an order's own act makes of those of its lines that stand."""
    undecided, accepted, ready = LineState.UNDECIDED, LineState.ACCEPTED, LineState.READY
    yield _follows(Act.REMAKE_SALE, LineState.ADDED, undecided)
    for act in (Act.ACCEPT, Act.RESERVE, Act.PICK_UP):
        yield _follows(act, undecided, accepted, _ACCEPTED)
    yield _follows(Act.ARCHIVE, undecided, accepted, _ACCEPTED)
    yield _follows(Act.ARCHIVE, undecided, LineState.REJECTED, _REJECTED)
    for act in (Act.REJECT, Act.REJECT_ONLY, Act.CANCEL):
        for source in (undecided, LineState.ADDED, accepted, ready):
            yield _follows(act, source, LineState.REJECTED, _REJECTED)
    for act in (Act.REJECT, Act.CANCEL):  # of an order whose sale was closed without items at the till
        yield _follows(act, LineState.NOT_PICKED_UP, LineState.REJECTED, _REJECTED)
    yield _follows(Act.READY, accepted, ready, _ACCEPTED)
    for source in (undecided, accepted, ready):
        yield _follows(Act.COMPLETE, source, LineState.HANDED_OVER, _FINISHED, WITH_ITEMS)
    for source in (accepted, ready):
        yield _follows(Act.NO_SHOW, source, LineState.NOT_PICKED_UP, _FINISHED, _EMPTY)


LINE_ROWS: tuple[LineTransition, ...] = (*_staff_rows(), *_following_rows())


def line_transition(act: Act, facts: LineFacts, states: Iterable[LineState]) -> LineTransition:
    """Return the row by which staff do an act with some lines of an order.

    Raises:
        NotAllowed: says why not; for one of the lines is reason enough.
    """
    found = [_row_of(act, facts, state) for state in states]
    if not found:
        raise NotAllowed(Words("No item was named.", "항목을 지정해 주세요."))
    return found[0]


def _row_of(act: Act, facts: LineFacts, state: LineState) -> LineTransition:
    refusals = []
    for row in LINE_ROWS:
        if (row.who, row.act, row.source) != (Actor.STAFF, act, state):
            continue
        refusal = row.refusal(facts)
        if refusal is None:
            return row
        refusals.append(refusal)
    if refusals:
        raise NotAllowed(refusals[0])
    if state is LineState.ADDED:
        raise NotAllowed(NOT_ON_SALE)
    now = LINE_WORDS[state]
    raise NotAllowed(
        Words(
            f"This is not possible for an item that is {now.en}.",
            f"‘{now.ko}’ 상태의 항목에는 할 수 없습니다.",
        )
    )
