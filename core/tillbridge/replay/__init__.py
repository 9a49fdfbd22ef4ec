"""Replay: kept payloads once more through today's code, after showing what that would change.

Nothing is sold here: an unsold order goes into Process Sale and what was no order into the queue, and
settling does the rest; of an order that has its sale only the newest version is shown beside it.
`selecting` (which payloads) → `reading` (what today's code makes of a page) → `doing` (a page is queued).
`replaying` runs it; `views` is what it tells; `kept` gives a payload out as it came.
"""

from tillbridge.replay.kept import KeptPayload, kept_payload
from tillbridge.replay.replaying import Tell, replay
from tillbridge.replay.selecting import ReplayQuery
from tillbridge.replay.views import FieldChange, ReplayAct, ReplaySummary, ReplayView

__all__ = [
    "FieldChange",
    "KeptPayload",
    "ReplayAct",
    "ReplayQuery",
    "ReplaySummary",
    "ReplayView",
    "Tell",
    "kept_payload",
    "replay",
]
