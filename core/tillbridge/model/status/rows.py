"""One row of the table, whatever axis it moves: from, to, who, guards, effects, reason required."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from tillbridge.model.status.vocabulary import Act, Actor, Axis, Effect
from tillbridge.model.words import Words

State = TypeVar("State", bound=StrEnum)
Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Guard(Generic[Facts]):
    """A condition of a transition, and what staff are told where it does not hold."""

    holds: Callable[[Facts], bool]
    otherwise: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[State, Facts]):
    """One row of the table.

    Attributes:
        axis: what it moves.
        source: the state before; None is one that nothing has judged yet.
        target: the state after; None where it is the one remembered by the act that is undone.
        effects: what it queues in its own transaction.
        reason_required: whether staff must say why.
    """

    axis: Axis
    act: Act
    source: State | None
    target: State | None
    who: Actor
    guards: tuple[Guard[Facts], ...] = ()
    effects: tuple[Effect, ...] = ()
    reason_required: bool = False

    def refusal(self, facts: Facts) -> Words | None:
        """Return why this row does not apply now, or None if it does."""
        return unmet(self.guards, facts)


def unmet(guards: tuple[Guard[Facts], ...], facts: Facts) -> Words | None:
    """Return what staff are told of the first guard that does not hold, or None."""
    return next((guard.otherwise for guard in guards if not guard.holds(facts)), None)
