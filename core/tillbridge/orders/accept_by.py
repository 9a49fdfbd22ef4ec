"""By when an order must be accepted or rejected: counted once, in business hours, and kept as it was counted.

The kept spans of business time say all that is asked later (how much is left, how far it is), so that hours
which are changed afterwards never move a due time by themselves; the rules that it was counted by are kept
beside it, to be read.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, Self

from tillbridge.db.types import AnyRow
from tillbridge.model.base import to_utc
from tillbridge.model.deadlines import Deadline, Stage, deadline, left_words
from tillbridge.model.hours import Hours
from tillbridge.model.opening import Place, Span, open_spans, text_of
from tillbridge.model.orders import Standing
from tillbridge.model.status import OVER, Status
from tillbridge.model.stores import Store
from tillbridge.model.words import Words

LOOK_AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Of `watch_at`: the next beat looks at the order (`tillbridge.watching`)."""
NOTHING_KEPT: Final[dict[str, Any]] = {"accept_by": None, "accept_clock": None, "watch_at": LOOK_AT_ONCE}


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptBy:
    """A due time as it is kept.

    Attributes:
        deadline: its business time; `deadline.due_at` is when it is over.
        since: UTC; from when it was counted.
        counted_at: UTC; when it was counted. What was due by then is not left to a policy.
        hours: the rules that it was counted by, as people read them.
        of: the store's hours, as a short sum: a changed one says that they are others now.
    """

    deadline: Deadline
    since: datetime
    counted_at: datetime
    hours: str
    of: str

    @property
    def due_at(self) -> datetime:
        """When it is over, UTC."""
        return self.deadline.due_at

    def columns(self) -> dict[str, Any]:
        """Return it as columns of `tables.orders`."""
        known = {
            "open": [[span.start.isoformat(), span.end.isoformat()] for span in self.deadline.spans],
            "since": self.since.isoformat(),
            "counted": self.counted_at.isoformat(),
            "hours": self.hours,
            "of": self.of,
        }
        clock = json.dumps(known, ensure_ascii=False)
        return {"accept_by": self.due_at, "accept_clock": clock, "watch_at": LOOK_AT_ONCE}

    @classmethod
    def read(cls, kept: str | None) -> Self | None:
        """Return what `columns` wrote."""
        if kept is None:
            return None
        known = json.loads(kept)
        spans = tuple(Span(*map(datetime.fromisoformat, span)) for span in known["open"])
        return cls(
            deadline=Deadline(spans),
            since=datetime.fromisoformat(known["since"]),
            counted_at=datetime.fromisoformat(known["counted"]),
            hours=known["hours"],
            of=known["of"],
        )


def count(store: Store | None, since: datetime, minutes: int, now: datetime) -> AcceptBy | None:
    """Count a due time; None where there is none: no limit, unknown hours, or a shop that does not open.

    Args:
        store: whose hours count.
        since: when the order was placed.
        minutes: of business time; 0 is no limit.
        now: UTC.
    """
    if store is None or store.hours is None or minutes == 0:
        return None
    since = to_utc(since)
    found = _count(store.hours, store.place, since, timedelta(minutes=minutes))
    if found is None:
        return None
    return AcceptBy(
        deadline=found,
        since=since,
        counted_at=now,
        hours=text_of(store.hours, store.place, since, found.due_at),
        of=sum_of(store),
    )


# Kept for those that wait while their shop does not open: they are looked at again with every beat.
@lru_cache(maxsize=4096)
def _count(hours: Hours, place: Place, since: datetime, allowed: timedelta) -> Deadline | None:
    return deadline(open_spans(hours, place, since), allowed)


@lru_cache(maxsize=256)
def _sum(hours: Hours, place: Place) -> str:
    return sha256(f"{place} {hours.model_dump_json()}".encode()).hexdigest()[:16]


def sum_of(store: Store) -> str:
    """Return a short sum of a store's hours; "" where they are unknown."""
    return _sum(store.hours, store.place) if store.hours else ""


@dataclass(frozen=True, slots=True)
class Due:
    """A due time as it is seen at a moment.

    Attributes:
        by: what is kept.
        now: UTC; the moment.
    """

    by: AcceptBy
    now: datetime

    @property
    def at(self) -> datetime:
        """When the time is over, UTC."""
        return self.by.due_at

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return self.by.deadline.stage(self.now)

    @property
    def left(self) -> timedelta:
        """How much business time is left."""
        return self.by.deadline.left(self.now)

    @property
    def words(self) -> Words:
        """How much is left, or for how long it is over."""
        return left_words(self.by.deadline, self.now)

    def words_at(self, store: Store | None) -> Words:
        """Say the same where the store's hours of now are known: they may not be those it was counted by."""
        others = store is not None and store.hours is not None and sum_of(store) != self.by.of
        return left_words(self.by.deadline, self.now, by_other_hours=others)


def of_row(row: AnyRow, now: datetime) -> Due | None:
    """Return the due time of an order's row for as long as it is to be answered, else None."""
    kept = AcceptBy.read(row.accept_clock) if to_be_answered(row) else None
    return Due(kept, now) if kept else None


def to_be_answered(row: AnyRow) -> bool:
    """Say whether an order waits for an answer: undecided, open at the webstore, and not at its end."""
    status = Status(row.status) if row.status else None
    return row.decision is None and row.standing == Standing.OPEN and status not in OVER
