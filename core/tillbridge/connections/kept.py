"""What a connection keeps of its own beside its settings, encrypted: a token that changes with its use.

What a webstore gave must be committed before it is used, and by one at a time: two workers that renew the
same token would each kill the other's. While a connection is tried that is not kept yet, it is held in
memory, and goes into the database with the connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from sqlalchemy import Connection as Database
from sqlalchemy import select

from tillbridge.context import Context
from tillbridge.db import kept_tables, tables
from tillbridge.db.upsert import upsert
from tillbridge.http import Kept, KeptInMemory
from tillbridge.model.errors import InputError, Retryable
from tillbridge.model.words import Words

_LONGEST_WAIT: Final = 70.0
"""Seconds: a little more than a call may last, so that whoever waits sees what the other one brought."""
_STEP: Final = 0.1
_TABLE: Final = kept_tables.kept


class KeptInDatabase:
    """What one connection keeps.

    Args:
        context: the engine's parts.
        connection_id: whose.
        owner: for whom it is encrypted; nobody else can open it.
    """

    def __init__(self, context: Context, connection_id: int, owner: str) -> None:
        self._context = context
        self._id = connection_id
        self._owner = owner

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the only key to it, over threads, processes and machines.

        Raises:
            Retryable: another one does not come out.
        """
        clock = self._context.clock
        end = clock.monotonic() + _LONGEST_WAIT
        while True:
            with self._context.locks.attempt(f"kept:{self._id}") as got:
                if got:
                    yield
                    return
            if clock.monotonic() >= end:
                raise Retryable(_BUSY)
            clock.sleep(_STEP)

    def get(self, name: str) -> str | None:
        """Return what is kept under a name now; None also for what this key cannot open."""
        query = select(_TABLE.c.value).where(_TABLE.c.connection_id == self._id, _TABLE.c.name == name)
        with self._context.database.read() as database:
            sealed = database.execute(query).scalar()
        if sealed is not None:
            with suppress(InputError):
                return self._context.secrets.open(sealed, owner=self._owner)[name]
        return None

    def put(self, name: str, value: str) -> None:
        """Keep a value; it is committed, and outlives a power cut, when this returns."""
        row = _row(self._context, self._id, self._owner, (name, value))

        def work(database: Database) -> None:
            upsert(database, _TABLE, [row], keys=("connection_id", "name"))

        self._context.database.unit("connection kept", work)

    def __repr__(self) -> str:
        return f"KeptInDatabase({self._id})"


def kept_of(context: Context, connection_id: int, owner: str) -> Kept:
    """Return what a connection keeps; in memory, for one that is not kept itself yet.

    Args:
        context: the engine's parts.
        connection_id: 0 for one that is tried; where its account is connected already, it is that one's.
        owner: the provider's name and the account, as its secrets are sealed for.
    """
    found = connection_id or _connected(context, owner)
    return (
        KeptInDatabase(context, found, owner) if found else context.unkept.setdefault(owner, KeptInMemory())
    )


def carry_over(context: Context, database: Database, connection_id: int, owner: str) -> None:
    """Keep what was held in memory while a connection was tried, in the transaction that keeps it."""
    held = context.unkept.pop(owner, None)
    if held is not None:
        rows = [_row(context, connection_id, owner, pair) for pair in held.values.items()]
        upsert(database, _TABLE, rows, keys=("connection_id", "name"))


def _connected(context: Context, owner: str) -> int | None:
    provider, _, account = owner.partition(":")
    table = tables.connections
    query = select(table.c.id).where(table.c.provider == provider, table.c.account_key == account)
    with context.database.read() as database:
        found: int | None = database.execute(query).scalar()
    return found


def _row(context: Context, connection_id: int, owner: str, pair: tuple[str, str]) -> dict[str, Any]:
    name, value = pair
    return {
        "connection_id": connection_id,
        "name": name,
        "value": context.secrets.seal({name: value}, owner=owner),
        "kept_at": context.clock.now(),
    }


_BUSY: Final = Words(
    "Another worker is renewing this connection's access for more than a minute. It is tried again later.",
    "다른 작업이 1분 넘게 이 연결의 액세스 토큰을 갱신하고 있습니다. 나중에 다시 시도합니다.",
)
