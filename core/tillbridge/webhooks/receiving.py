"""Receiving: a request is verified by the connection's plugin, and kept in one commit before it is answered.

Nothing here asks the webstore, the point of sale or the connection's lock: whoever sent it is not kept
waiting.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection as Database
from sqlalchemy import case, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables, webhook_tables
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import Misconfigured, NotFound, PayloadError, Rejected
from tillbridge.model.webhooks import WebhookRequest, WebhookResponse, WebhookResult
from tillbridge.model.words import Words
from tillbridge.settle.payloads import storable_id
from tillbridge.webhooks.doors import token_hash

TAKEN: Final = "taken"
NOTHING: Final = "nothing to fetch"
UNREADABLE: Final = "unreadable"
_log = logging.getLogger("tillbridge.webhooks")
_UNKNOWN: Final = Words("There is nothing here.", "아무것도 없습니다.")


@dataclass(frozen=True, slots=True)
class Received:
    """What a request came to.

    Attributes:
        connection: whose it was.
        response: what the webstore is answered.
        wanted: whether anything is to be fetched because of it.
    """

    connection: str
    response: WebhookResponse
    wanted: bool


def receive(
    context: Context, opened: Callable[[AnyRow], OpenConnection], token: str, request: WebhookRequest
) -> Received:
    """Verify and keep a request; what it is about is fetched later.

    Args:
        context: the engine's parts.
        opened: opens a stored connection, without asking anybody if it can.
        token: of the address that was knocked at.
        request: as it came.

    Raises:
        NotFound: nobody has that address.
        PayloadError: it is the webstore's, and cannot be read; it is kept.
        Rejected: the webstore did not send it.
        Misconfigured: what is needed to verify it is not set.
        PluginError: the plugin failed on it.
        InputError: the connection's secrets cannot be opened with this key.
    """
    row = _knocked(context, token)
    connection = opened(row)
    try:
        result = context.plugins.receive_webhook(connection.provider.name, connection.guest, request)
    except PayloadError as error:
        _refuse(context, row, request, error.words, keep=True)
        raise
    except (Rejected, Misconfigured) as error:
        _refuse(context, row, request, error.words, keep=False)
        raise
    named = [hint.named for hint in result.hints if storable_id(hint.named)]
    orders = sorted(set(named))
    wanted = context.database.unit(
        "webhook", lambda database: _keep(database, row.id, request, result, orders)
    )
    return Received(row.name, result.response, wanted)


def _knocked(context: Context, token: str) -> AnyRow:
    doors, connections = webhook_tables.doors, tables.connections
    query = (
        select(connections)
        .join(doors, doors.c.connection_id == connections.c.id)
        .where(doors.c.token_hash == token_hash(token), connections.c.enabled)
    )
    with context.database.read() as database:
        row = database.execute(query).first()
    if row is None:
        raise NotFound(_UNKNOWN)
    return row


def _keep(
    database: Database,
    connection_id: int,
    request: WebhookRequest,
    result: WebhookResult,
    orders: Sequence[str],
) -> bool:
    """Write an event down with what is to be fetched for it; return whether anything is."""
    state = TAKEN if orders else NOTHING
    row = _event(connection_id, request, state) | {"event_id": result.event_id or None}
    if result.kept is not None:
        row["body"] = result.kept
    doors = webhook_tables.doors
    heard = update(doors).where(doors.c.connection_id == connection_id)
    database.execute(heard.values(heard_at=request.received_at, missed=0, refused=0))
    if not _is_new(database, row):
        return False  # it was sent again: what it asks for was kept with the first one
    if orders:
        _want(database, connection_id, orders, request)
    return bool(orders)


def _is_new(database: Database, row: dict[str, Any]) -> bool:
    events = webhook_tables.events
    statement: Any = (sqlite if database.dialect.name == "sqlite" else postgresql).insert(events)
    kept = statement.values(row).on_conflict_do_nothing(index_elements=["connection_id", "event_id"])
    return database.execute(kept.returning(events.c.id)).first() is not None


def _want(database: Database, connection_id: int, orders: Sequence[str], request: WebhookRequest) -> None:
    """Let these orders be fetched at once, each once; one that waited for its next try need not wait."""
    wanted = webhook_tables.wanted
    at = request.received_at
    rows = [
        {"connection_id": connection_id, "webstore_id": one, "asked": 1, "asked_at": at, "due_at": at}
        for one in orders
    ]
    statement: Any = (sqlite if database.dialect.name == "sqlite" else postgresql).insert(wanted)
    again = statement.on_conflict_do_update(
        index_elements=["connection_id", "webstore_id"],
        set_={
            "asked": wanted.c.asked + 1,
            "asked_at": case((wanted.c.asked_at > at, wanted.c.asked_at), else_=at),
            "due_at": case((wanted.c.due_at < at, wanted.c.due_at), else_=at),
            "tries": 0,
        },
    )
    database.execute(again, rows)


def _refuse(context: Context, row: AnyRow, request: WebhookRequest, why: Words, *, keep: bool) -> None:
    """Count a request that is not taken, and tell of it ever more rarely."""
    doors = webhook_tables.doors
    values = {
        "refused": doors.c.refused + 1,
        "refused_at": request.received_at,
        "en": why.en,
        "ko": why.ko,
    }

    def work(database: Database) -> int:
        if keep:
            event = _event(row.id, request, UNREADABLE)
            database.execute(insert(webhook_tables.events).values(event))
        counted = update(doors).where(doors.c.connection_id == row.id).values(values)
        return database.execute(counted.returning(doors.c.refused)).scalar() or 0

    count = context.database.unit("webhook refused", work)
    told = count == 10 ** (len(str(count)) - 1)  # the first, the tenth, the hundredth, …
    level = logging.WARNING if told else logging.DEBUG
    _log.log(level, "%s: webhook refused (%d since the last good one): %s", row.name, count, why.en)


def _event(connection_id: int, request: WebhookRequest, state: str) -> dict[str, Any]:
    return {
        "connection_id": connection_id,
        "received_at": request.received_at,
        "event_id": None,
        "state": state,
        "body": request.body,
    }
