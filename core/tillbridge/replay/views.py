"""What replay tells of each kept payload: plain data, for the command line and for screens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tillbridge.model.reasons import Reason
from tillbridge.model.status import Status
from tillbridge.model.words import Words

# What `WebOrder.content_hash` leaves out is no content here either.
_NO_CONTENT = frozenset({"updated_at", "revision", "webstore_status", "money"})


class ReplayAct(StrEnum):
    """What replay does with a kept payload; scripts may rely on the values."""

    PROCESS = "process"  # the unsold order is processed again
    QUEUE = "queue"  # what was no order is read again as if it came now
    COMPARE = "compare"  # the order has its sale: its newest version is shown beside it
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the web order that today's code reads differently, both values as JSON data.

    Attributes:
        path: in the web order's own names ("lines[0].quantity").
        before: None also where there was none.
        after: None also where there is none.
    """

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayView:
    """One kept payload: what is, and what today's code makes of it.

    Attributes:
        order_id: None for what was judged to be no order, and is known as none.
        status: now; None also for what is no order.
        status_then: what replay leads to; once it is `done`, what it has led to.
        reasons: why it is not sold, then.
        reasons_gone: reasons that stand now and would not then.
        reasons_new: reasons that would stand then and do not now.
        fields: what is read differently, where it could be read before.
        no_order: why it is no order, then; None for an order.
        act: what replay does, or did.
        why_not: why nothing is done that sells it, where that is so.
        changed_after_sale: whether the webstore's order differs from its sale, then.
    """

    payload_id: int
    order_id: int | None
    connection: str
    webstore_id: str
    number: str
    status: Status | None
    status_then: Status | None
    reasons: tuple[Reason, ...] = ()
    reasons_gone: tuple[Reason, ...] = ()
    reasons_new: tuple[Reason, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    no_order: Words | None = None
    act: ReplayAct = ReplayAct.NOTHING
    why_not: Words | None = None
    changed_after_sale: bool = False
    done: bool = False

    @property
    def differs(self) -> bool:
        """Whether today's code makes anything else of it."""
        return bool(
            self.status is not self.status_then or self.reasons_gone or self.reasons_new or self.fields
        ) or (self.act is ReplayAct.QUEUE)


@dataclass(slots=True)
class ReplaySummary:
    """What was looked at, in kept payloads.

    Attributes:
        same: today's code makes nothing else of these.
        differ: it does of these; among them `refused`.
        refused: they differ, but nothing is done; each says why.
        done: they were replayed.
        statuses: what those that replay acts on become, and how many.
        troubles: connections whose payloads could not (all) be replayed, and why.
    """

    same: int = 0
    differ: int = 0
    refused: int = 0
    done: int = 0
    statuses: dict[Status, int] = field(default_factory=dict)
    troubles: dict[str, Words] = field(default_factory=dict)

    @property
    def looked(self) -> int:
        """How many payloads were looked at."""
        return self.same + self.differ

    def count(self, view: ReplayView) -> None:
        """Count one payload."""
        self.done += view.done
        if not view.differs:
            self.same += 1
            return
        self.differ += 1
        if view.act is ReplayAct.NOTHING:
            self.refused += 1
        elif view.status_then is not None:
            self.statuses[view.status_then] = self.statuses.get(view.status_then, 0) + 1


def field_changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Return the fields of a web order (JSON data) that are not as they were; none if nothing was."""
    if before is None:
        return ()
    names = [name for name in dict.fromkeys((*before, *after)) if name not in _NO_CONTENT]
    return tuple(change for name in names for change in _changes(name, before.get(name), after.get(name)))


def _changes(path: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if before == after and type(before) is type(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from _changes(f"{path}.{name}", before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            old, new = (one[place] if place < len(one) else None for one in (before, after))
            yield from _changes(f"{path}[{place}]", old, new)
    else:
        yield FieldChange(path, before, after)
