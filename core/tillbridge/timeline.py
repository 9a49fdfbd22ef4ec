"""The order's timeline: who did what, when and why. Every change is signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from tillbridge.db import tables
from tillbridge.model.words import Words

SYSTEM = "tillbridge"
TILL = "till"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `who` is a member of staff, "till" or "tillbridge"."""

    order_id: int
    who: str
    what: str
    words: Words


def sign(database: Connection, at: datetime, entries: Iterable[Entry]) -> None:
    """Write entries into the timeline, in the transaction of the change that they tell of."""
    rows: list[dict[str, Any]] = [
        {
            "order_id": entry.order_id,
            "at": at,
            "who": entry.who,
            "what": entry.what,
            "en": entry.words.en,
            "ko": entry.words.ko,
        }
        for entry in entries
    ]
    if rows:
        database.execute(insert(tables.timeline), rows)
