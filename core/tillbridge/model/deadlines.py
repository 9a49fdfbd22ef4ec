"""By when an order must be answered: so many hours of business, and how many of them are left. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tillbridge.model.opening import Span
from tillbridge.model.spans import lasting
from tillbridge.model.words import Words

_NONE: Final = timedelta(0)
_MINUTE: Final = timedelta(minutes=1)
LAST_MINUTES: Final = timedelta(minutes=30)


class Stage(StrEnum):
    """How far a deadline is; the later ones are warnings."""

    NOT_STARTED = "not started"  # the shop has not opened since the order was placed
    RUNNING = "running"
    HALF = "half gone"
    THREE_QUARTERS = "three quarters gone"
    LAST_MINUTES = "last 30 minutes"
    OVERDUE = "overdue"

    @property
    def is_warning(self) -> bool:
        """Whether staff are to be warned."""
        return self not in (Stage.NOT_STARTED, Stage.RUNNING)


class Policy(StrEnum):
    """What a connection does by itself with an order that nobody answered in time."""

    NOTHING = "nothing"
    ACCEPT = "accept"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A span of business time that began when an order was placed.

    Attributes:
        spans: the business time that is allowed, UTC, in sequence; there is at least one.
    """

    spans: Sequence[Span]

    @property
    def due_at(self) -> datetime:
        """When it is over, UTC."""
        return self.spans[-1].end

    @property
    def starts_at(self) -> datetime:
        """When the shop is open for the first time, UTC."""
        return self.spans[0].start

    @property
    def allowed(self) -> timedelta:
        """How much business time there is."""
        return sum((span.end - span.start for span in self.spans), _NONE)

    def used(self, now: datetime) -> timedelta:
        """Return how much business time has passed; never more than is allowed."""
        return sum((max(_NONE, min(now, span.end) - span.start) for span in self.spans), _NONE)

    def left(self, now: datetime) -> timedelta:
        """Return how much business time is left; nothing once it is overdue."""
        return self.allowed - self.used(now)

    def stage(self, now: datetime) -> Stage:
        """Return how far it is."""
        used, allowed = self.used(now), self.allowed
        if used >= allowed:
            return Stage.OVERDUE
        if allowed - used <= LAST_MINUTES:
            return Stage.LAST_MINUTES if now >= self.starts_at else Stage.NOT_STARTED
        if 4 * used >= 3 * allowed:
            return Stage.THREE_QUARTERS
        if 2 * used >= allowed:
            return Stage.HALF
        return Stage.RUNNING if now >= self.starts_at else Stage.NOT_STARTED

    def next_change(self, now: datetime) -> datetime | None:
        """Return when it comes to its next stage after `now`, UTC; None where it is at its last."""
        allowed = self.allowed
        steps = (allowed / 2, 3 * allowed / 4, allowed - LAST_MINUTES, allowed)
        moments = (self.starts_at, *(self._at(step) for step in steps if step > _NONE))
        return min((one for one in moments if one > now), default=None)

    def _at(self, used: timedelta) -> datetime:
        """Return when so much business time has passed."""
        for span in self.spans:
            if span.end - span.start >= used:
                return span.start + used
            used -= span.end - span.start
        return self.due_at


def deadline(spans: Iterable[Span], allowed: timedelta) -> Deadline | None:
    """Return the deadline after so much business time, or None if the shop is not open as long.

    Args:
        spans: when the shop is open from the beginning on, in sequence; they may be very many.
        allowed: more than nothing.
    """
    left, taken = allowed, []
    for span in spans:
        length = span.end - span.start
        if length >= left:
            taken.append(Span(span.start, span.start + left))
            return Deadline(tuple(taken))
        taken.append(span)
        left -= length
    return None


def left_words(found: Deadline, now: datetime, *, by_other_hours: bool = False) -> Words:
    """Say how much business time is left, or for how long it is over.

    Where the shop closes in between, that is less than the clock shows, and is called opening hours; so it is
    where it was counted by other hours than the store's of now, which it may not be open by.
    """
    if found.stage(now) is Stage.OVERDUE:
        if now - found.due_at < _MINUTE:
            return Words("overdue", "기한 지남")
        span = lasting(now - found.due_at)
        return Words(f"overdue for {span.en}", f"기한 {span.ko} 지남")
    span = _hours_and_minutes(found.left(now))
    if by_other_hours:
        return Words(
            f"{span.en} left by the hours it was counted by", f"계산할 때의 영업시간 기준 {span.ko} 남음"
        )
    if found.due_at - now - found.left(now) < _MINUTE:
        return Words(f"{span.en} left", f"{span.ko} 남음")
    return Words(f"{span.en} of opening hours left", f"영업시간 기준 {span.ko} 남음")


def _hours_and_minutes(span: timedelta) -> Words:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if not hours:
        return Words(f"{minutes} min", f"{minutes}분")
    if not minutes:
        return Words(f"{hours} h", f"{hours}시간")
    return Words(f"{hours} h {minutes} min", f"{hours}시간 {minutes}분")
