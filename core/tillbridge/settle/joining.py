"""What becomes of an item that a customer adds to an order that was accepted, or sold, without it. Pure.

It is a line of its own to decide: staff accept or reject it, and the webstore is told of just that line.
Where the order has its sale the item is not on it, until the sale is made anew.
"""

from typing import Any

from tillbridge.model.exchange import Decision
from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.model.status import LineState, Status
from tillbridge.orders import line_states
from tillbridge.settle.folding import Folded


def joined(folded: Folded, known: WebOrder | None, *, judged: bool) -> dict[str, Any]:
    """Return the column of what is said of an order's lines, where its newest version changes that.

    Args:
        folded: the order with its newest version.
        known: its version before, where that can be read.
        judged: its lines are written anew with it, and a sale may come of it.
    """
    before, order = folded.before, folded.order
    if before is None or order is None:
        return {}
    said = line_states.read(before.line_states)
    present = {line.id for line in order.lines}
    after = {name: state for name, state in said.items() if name in present or _stays(state, judged=judged)}
    state = LineState.ADDED if before.sale_id else LineState.UNDECIDED
    after |= {line.id: state for line in new_lines(folded, known) if line.id not in said}
    if judged:
        after = {name: LineState.UNDECIDED if one is LineState.ADDED else one for name, one in after.items()}
    text = line_states.write(after)
    if judged and before.decision is None:
        text = line_states.decided_with(text)  # they are decided with the order
    return {} if text == before.line_states else {"line_states": text}


def _stays(state: LineState, *, judged: bool) -> bool:
    """Say whether a line that the webstore does not have any more is one here all the same."""
    return state is not LineState.ADDED and not (judged and state is LineState.UNDECIDED)


def new_lines(folded: Folded, known: WebOrder | None) -> tuple[WebLine, ...]:
    """Return what a customer added to an order that was accepted or sold without it."""
    before = folded.before
    if before is None or not folded.versions or before.decision == Decision.REJECTED:
        return ()
    if before.sale_id is None and before.decision is None:
        return ()  # they are decided with the order
    if before.status == Status.ARCHIVED:  # what became of it staff have seen to themselves
        return ()
    return line_states.added_since(known, folded.order)
