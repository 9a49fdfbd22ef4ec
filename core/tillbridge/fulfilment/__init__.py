"""What staff decide about an order or some of its lines: accept, reject, be ready, archive, and undo.

Every act asks the status table, queues what it leads to in its own transaction, and is signed.
"""

from tillbridge.fulfilment.choosing import decide_undecided, failed_status, set_status, unarchive
from tillbridge.fulfilment.doing import More, do
from tillbridge.fulfilment.moves import Move
from tillbridge.fulfilment.refunding import comes_to_nothing, taken_off
from tillbridge.fulfilment.undoing import Undoing, look_at_undo, undo

__all__ = [
    "More",
    "Move",
    "Undoing",
    "comes_to_nothing",
    "decide_undecided",
    "do",
    "failed_status",
    "look_at_undo",
    "set_status",
    "taken_off",
    "unarchive",
    "undo",
]
