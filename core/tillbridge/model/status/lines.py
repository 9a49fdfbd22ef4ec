"""Where one line of an order stands, as staff see it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from tillbridge.model.exchange import Decision
from tillbridge.model.status.vocabulary import OrderFacts, Status
from tillbridge.model.words import Words


class LineState(StrEnum):
    """Where one line of an order stands."""

    UNDECIDED = "undecided"
    ADDED = "added"  # by the customer, to an accepted order, and not on its sale yet
    ACCEPTED = "accepted"
    READY = "ready"
    REJECTED = "rejected"
    HANDED_OVER = "handed over"
    NOT_PICKED_UP = "not picked up"


LINE_WORDS: Final[Mapping[LineState, Words]] = {
    LineState.UNDECIDED: Words("undecided", "결정 전"),
    LineState.ADDED: Words("added by the customer", "고객 추가"),
    LineState.ACCEPTED: Words("accepted", "수락"),
    LineState.READY: Words("ready", "준비 완료"),
    LineState.REJECTED: Words("rejected", "거부"),
    LineState.HANDED_OVER: Words("handed over", "전달 완료"),
    LineState.NOT_PICKED_UP: Words("not picked up", "미수령"),
}


def state_of_line(said: LineState | None, facts: OrderFacts) -> LineState:
    """Return where a line stands.

    Args:
        said: what is said of this line alone: that it is rejected, accepted or ready, or that the customer
            added it to an accepted order and nobody has decided it; None: nothing.
        facts: of its order.
    """
    if said is LineState.REJECTED or facts.decision is Decision.REJECTED:
        return LineState.REJECTED
    if said is LineState.ADDED:
        return LineState.ADDED
    if facts.has_sale and facts.sale_finished:
        return LineState.NOT_PICKED_UP if facts.closed_empty else LineState.HANDED_OVER
    if facts.decision is None or said is LineState.UNDECIDED:
        return LineState.UNDECIDED
    ready = said is LineState.READY or facts.status is Status.READY_FOR_PICKUP
    return LineState.READY if ready else LineState.ACCEPTED
