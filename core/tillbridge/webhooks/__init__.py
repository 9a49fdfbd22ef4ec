"""Webhooks: what webstores send by themselves, kept at once and fetched soon.

A connection has an address of its own (`doors`). What comes there is verified by its plugin and committed
(`receiving`); which order it is about is fetched from the webstore itself, once however many events there
were of it (`fetching`). A webhook only makes sooner what the poll finds anyway.
"""

from tillbridge.webhooks.doors import WebhookDoor, close_door, door_of, note_missed, open_door
from tillbridge.webhooks.fetching import Heard, connections_wanted, fetch_wanted, prune
from tillbridge.webhooks.receiving import Received, receive
from tillbridge.webhooks.views import WebhookState, webhook_states

__all__ = [
    "Heard",
    "Received",
    "WebhookDoor",
    "WebhookState",
    "close_door",
    "connections_wanted",
    "door_of",
    "fetch_wanted",
    "note_missed",
    "open_door",
    "prune",
    "receive",
    "webhook_states",
]
