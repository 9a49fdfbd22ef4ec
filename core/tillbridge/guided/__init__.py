"""The shop's flows as guided actions: what may be done now, why not, what will happen, and doing it."""

from tillbridge.guided.changes import due_at_pick_up
from tillbridge.guided.doing import act, act_on, send_again, set_status
from tillbridge.guided.looking import actions, preview
from tillbridge.guided.views import GUIDED, Action, Ask, Doing

__all__ = [
    "GUIDED",
    "Action",
    "Ask",
    "Doing",
    "act",
    "act_on",
    "actions",
    "due_at_pick_up",
    "preview",
    "send_again",
    "set_status",
]
