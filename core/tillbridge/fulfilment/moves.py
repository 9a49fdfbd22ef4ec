"""What one act makes of an order and of some of its lines: the rows of the table that it follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

from tillbridge.model.exchange import Decision, Said
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, Axis, Effect, LineState, LineTransition, Transition
from tillbridge.orders import line_states
from tillbridge.orders.line_states import OrderLine
from tillbridge.sending.news import TOLD, News

_GONE: Final = (LineState.REJECTED, LineState.ADDED)
_KNOWN: Final = (LineState.READY, LineState.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one act makes of an order and of some of its lines.

    Attributes:
        act: as staff call it.
        order: the row that the order itself follows; None where only some of its lines move.
        lines: the row that some lines follow, or None.
        line_ids: those lines.
    """

    act: Act
    order: Transition | None = None
    lines: LineTransition | None = None
    line_ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, transition: Transition) -> Self:
        """Return the move of an order as a whole."""
        return cls(act=transition.act, order=transition)

    @property
    def decision(self) -> Decision | None:
        """What is decided of the order by it."""
        return self.order.decision if self.order else None

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What is queued with it: what becomes of the order first."""
        of_order = self.order.effects if self.order else ()
        return (*of_order, *(self.lines.effects if self.lines else ()))

    @property
    def reason_required(self) -> bool:
        """Whether staff must say why."""
        return any(row.reason_required for row in (self.order, self.lines) if row)

    @property
    def undoable(self) -> bool:
        """Whether staff may take it back: what they said of lines always."""
        return self.lines is not None or (self.order is not None and self.order.undoable)

    @property
    def questions(self) -> list[tuple[Act, Axis, tuple[str, ...]]]:
        """What the plugins' rules are asked: act, axis, and the lines that it concerns."""
        asked: list[tuple[Act, Axis, tuple[str, ...]]] = []
        if self.order:
            asked.append((self.order.act, Axis.ORDER, ()))
        if self.lines:
            asked.append((self.lines.act, Axis.FULFILMENT, self.line_ids))
        return asked

    @property
    def said(self) -> dict[str, LineState]:
        """What staff say of single lines by it."""
        if self.lines is None or self.lines.target is None:
            return {}
        return dict.fromkeys(self.line_ids, self.lines.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the news of a move is made of.

    Attributes:
        before: what staff had said of lines before it, as the column has it.
        after: what they have said then.
        every: the order's lines.
        resolution: how the reservation ended, where that becomes known by the act.
        hears_lines: the webstore can be told of single lines.
    """

    before: str
    after: str
    every: Sequence[OrderLine]
    reason: str = ""
    resolution: Resolution | None = None
    hears_lines: bool = True


def news_of(move: Move, told: Told) -> Iterator[News]:
    """Yield what the webstore is to hear of a move."""
    stand = line_states.named(told.after, told.every)
    for effect in move.order.effects if move.order else ():
        said = TOLD.get(effect)
        if said is Said.READY:
            new = _newly_ready(told)
            if new or not told.every or not told.hears_lines:
                # Who hears of whole orders only was told nothing of the lines that were ready before.
                yield News(said=said, lines=() if len(new) == len(told.every) else new or stand)
        elif said is Said.RESOLVED:
            if told.resolution:
                yield News(said=said, lines=stand, resolution=told.resolution, reason=told.reason)
        elif said is not None:
            whole = said is Said.REJECTED
            # Why other lines are rejected is no reason for these.
            reason = "" if move.lines else told.reason
            yield News(said=said, lines=() if whole else stand, reason=reason)
    for effect in move.lines.effects if move.lines else ():
        said = TOLD.get(effect)
        # Who hears of whole orders has heard that this one is accepted.
        heard = {
            Said.ACCEPTED: told.hears_lines,
            Said.REJECTED: True,
            Said.READY: move.order is None,
        }
        if said is not None and heard.get(said):
            yield News(said=said, lines=move.line_ids, part=True, reason=told.reason)


def _newly_ready(told: Told) -> tuple[str, ...]:
    """Return the lines that stand and whose being ready is new."""
    before, after = line_states.read(told.before), line_states.read(told.after)
    new = (line.id for line in told.every if before.get(line.id) not in _KNOWN)
    return tuple(line for line in new if after.get(line) not in _GONE)
