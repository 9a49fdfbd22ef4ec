"""Each connection's address: an unguessable token, known by its hash, and encrypted to be shown again."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select, update

from tillbridge import connections
from tillbridge.context import Context
from tillbridge.db import tables, webhook_tables
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.words import Words
from tillbridge.provider import Capability

PATH: Final = "/webhooks/"
_TOKEN: Final = "token"  # noqa: S105  # the name under which it is sealed
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class WebhookDoor:
    """Where a connection's webstore reaches us.

    Attributes:
        path: behind the address under which this computer is reached; whoever has it can knock.
        opened_at: UTC; since when it is this one.
    """

    connection: str
    path: str = field(repr=False)
    opened_at: datetime


def token_hash(token: str) -> str:
    """Return what the database knows a token by."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def open_door(context: Context, name: str, who: str, *, rotate: bool = False) -> WebhookDoor:
    """Return a connection's address; make one where it has none, or a new one in its place.

    Args:
        context: the engine's parts.
        name: the connection's.
        who: stands in the connection's log.
        rotate: whether the old address is to end.

    Raises:
        NotFound: there is no connection of that name.
        InputError: its webstore sends no webhooks, or the kept token cannot be read with this key.
    """
    (row,) = connections.rows(context, name)
    provider = context.plugins.provider(row.provider)
    if Capability.WEBHOOKS not in provider.capabilities:
        title = provider.title
        raise InputError(
            Words(
                f"{title} sends no webhooks, or its plugin does not take them; its orders are polled.",
                f"{title}에서는 웹훅을 받을 수 없습니다. 주문은 주기적 확인으로 가져옵니다.",
            )
        )
    if not rotate and (kept := _door(context, row)):
        return kept
    token, now = secrets.token_urlsafe(_BYTES), context.clock.now()
    door = {
        "connection_id": row.id,
        "token_hash": token_hash(token),
        "token": context.secrets.seal({_TOKEN: token}, owner=_owner(row)),
        "opened_at": now,
        "heard_at": None,
        "missed": 0,
        "refused": 0,
        "refused_at": None,
        "en": None,
        "ko": None,
    }
    with context.database.write("webhook door") as database:
        upsert(database, webhook_tables.doors, [door], keys=["connection_id"])
        words = Words("webhook address: made anew", "웹훅 주소: 새로 만듦")
        database.execute(insert(tables.connection_log).values(_logged(row, words, who, now)))
    return WebhookDoor(row.name, PATH + token, now)


def door_of(context: Context, name: str) -> WebhookDoor | None:
    """Return a connection's address, or None where it has none.

    Raises:
        NotFound: there is no connection of that name.
        InputError: the kept token cannot be read with this key.
    """
    (row,) = connections.rows(context, name)
    return _door(context, row)


def close_door(context: Context, name: str, who: str) -> None:
    """Let a connection have no address any more; what came already is still fetched.

    Raises:
        NotFound: there is no connection of that name, or it has no address.
    """
    (row,) = connections.rows(context, name)
    doors, now = webhook_tables.doors, context.clock.now()
    with context.database.write("webhook door") as database:
        gone = database.execute(delete(doors).where(doors.c.connection_id == row.id))
        if not gone.rowcount:
            raise NotFound(Words(f"{name} has no webhook address.", f"{name} 연결에는 웹훅 주소가 없습니다."))
        words = Words("webhook address: taken away", "웹훅 주소: 없앰")
        database.execute(insert(tables.connection_log).values(_logged(row, words, who, now)))


def note_missed(context: Context, connection_id: int, count: int) -> None:
    """Note that a poll found new orders of which no webhook had told, if the connection has an address."""
    doors = webhook_tables.doors
    mine = doors.c.connection_id == connection_id
    with context.database.read() as database:
        if database.execute(select(doors.c.connection_id).where(mine)).first() is None:
            return
    with context.database.write("webhooks missed") as database:
        database.execute(update(doors).where(mine).values(missed=doors.c.missed + count))


def _door(context: Context, row: AnyRow) -> WebhookDoor | None:
    doors = webhook_tables.doors
    query = select(doors.c.token, doors.c.opened_at).where(doors.c.connection_id == row.id)
    with context.database.read() as database:
        found = database.execute(query).first()
    if found is None:
        return None
    token = context.secrets.open(found.token, owner=_owner(row))[_TOKEN]
    return WebhookDoor(row.name, PATH + token, found.opened_at)


def _owner(row: AnyRow) -> str:
    return f"webhook:{row.provider}:{row.account_key}"


def _logged(row: AnyRow, words: Words, who: str, at: datetime) -> dict[str, object]:
    return {"connection_id": row.id, "at": at, "who": who, "en": words.en, "ko": words.ko}
