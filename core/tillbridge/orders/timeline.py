"""The order's timeline: who did what, when and why. Every change is signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from tillbridge.db import tables
from tillbridge.db.many import InsertMany
from tillbridge.model.words import Words

SYSTEM = "tillbridge"
TILL = "till"
POLICY = "policy"
_TIMELINE: Final = InsertMany(tables.timeline, ("order_id", "at", "who", "what", "en", "ko"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `who` is a member of staff, "till" or "tillbridge"."""

    order_id: int
    who: str
    what: str
    words: Words


@dataclass(frozen=True, slots=True)
class TimelineView:
    """One entry of an order's timeline."""

    at: datetime
    who: str
    what: str
    words: Words


def sign(database: Connection, at: datetime, entries: Iterable[Entry]) -> None:
    """Write entries into the timeline, in the transaction of the change that they tell of."""
    _TIMELINE.run(
        database,
        [(one.order_id, at, one.who, one.what, one.words.en, one.words.ko) for one in entries],
    )
