"""Which of two readings of an order is newer.

A webstore's own revision decides, then its updated-at; where neither tells, the interval from our
request's start to its answer's end. Two reads that overlap and differ are not ordered: the order is
fetched again (`model/versions.py` of the shared model shows why nothing less will do).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum


class Age(Enum):
    """How a reading stands to the newest one seen."""

    NEWER = "newer"
    OLDER = "older"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Seen:
    """When a reading was made, by the webstore's word and by our own clock (UTC)."""

    started: datetime
    ended: datetime
    revision: int | None = None
    updated_at: datetime | None = None

    def age(self, newest: "Seen") -> Age:
        """Say whether this reading is newer than `newest`."""
        if self.revision is not None and newest.revision is not None and self.revision != newest.revision:
            return Age.NEWER if self.revision > newest.revision else Age.OLDER
        if (
            self.updated_at is not None
            and newest.updated_at is not None
            and self.updated_at != newest.updated_at
        ):
            return Age.NEWER if self.updated_at > newest.updated_at else Age.OLDER
        if self.started > newest.ended:
            return Age.NEWER
        if self.ended < newest.started:
            return Age.OLDER
        return Age.UNCLEAR

    def joined(self, newest: "Seen") -> "Seen":
        """Return the newest mark after an equal reading: the later one, or both intervals as one."""
        age = self.age(newest)
        if age is Age.OLDER:
            return newest
        if age is Age.NEWER:
            return self
        return replace(self, started=min(self.started, newest.started), ended=max(self.ended, newest.ended))
