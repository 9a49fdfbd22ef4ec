"""Secrets that an older program kept among a connection's plain settings: used, and sealed."""

import json
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from tillbridge.connections.files import secret_fields
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.model.words import Words
from tillbridge.orders.timeline import SYSTEM
from tillbridge.provider import Provider

_HIDDEN: Final = "***"
_SHORTEST_SHOWN: Final = 6
"""Signs of a secret that a history is searched for: a shorter one stands in too many words."""


def named(provider: Provider | None, row: AnyRow) -> list[str]:
    """Return which secrets of a stored connection (a row) stand among its plain settings."""
    if provider is None:
        return []
    return sorted(secret_fields(provider).intersection(json.loads(row.settings)))


def parted(
    provider: Provider, settings: Mapping[str, str], secrets: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return stored settings without secrets, and all secrets; a sealed one comes before a plain one."""
    hidden = secret_fields(provider)
    plain = {name: value for name, value in settings.items() if name not in hidden}
    astray = {name: value for name, value in settings.items() if name in hidden}
    return plain, {**astray, **secrets}


def sealed(context: Context, row: AnyRow) -> AnyRow:
    """Seal what secrets stand among a connection's plain settings; return its row as it is then.

    The connection's history, in which an older program wrote them, is cleaned of them too.

    Raises:
        InputError: its secrets cannot be opened with this key.
    """
    provider = context.plugins.providers.get(row.provider)
    if provider is None or not (names := named(provider, row)):
        return row
    owner = f"{row.provider}:{row.account_key}"
    opened = context.secrets.open(row.secrets, owner=owner)
    plain, secrets = parted(provider, json.loads(row.settings), opened)
    table = tables.connections
    as_read = (table.c.id == row.id, table.c.settings == row.settings, table.c.secrets == row.secrets)
    values = {
        "settings": json.dumps(plain, sort_keys=True),
        "secrets": context.secrets.seal(secrets, owner=owner),
    }

    def work(database: Connection) -> AnyRow:
        if database.execute(update(table).where(*as_read).values(**values)).rowcount:
            _clean_history(database, row.id, [secrets[name] for name in names])
            _note(context, database, row.id, names)
        return database.execute(select(table).where(table.c.id == row.id)).one()

    return context.database.unit("plain secrets", work)


def _clean_history(database: Connection, connection_id: int, values: list[str]) -> None:
    log = tables.connection_log
    for value in values:  # one or two, of one connection
        if len(value) >= _SHORTEST_SHOWN:
            cleaned = {name: func.replace(log.c[name], value, _HIDDEN) for name in ("en", "ko")}
            database.execute(update(log).where(log.c.connection_id == connection_id).values(**cleaned))


def _note(context: Context, database: Connection, connection_id: int, names: list[str]) -> None:
    which = ", ".join(names)
    words = Words(
        f"{which} was kept in plain, and is sealed now. Backups of the database from before have it still: "
        "where others may read them, make a new one.",
        f"{which}이(가) 암호화되지 않은 상태로 저장되어 있어 암호화했습니다. 이전 백업에는 그대로 남아 "
        "있으므로, 다른 사람이 볼 수 있다면 새로 발급해 주세요.",
    )
    entry = {"connection_id": connection_id, "at": context.clock.now(), "who": SYSTEM}
    database.execute(insert(tables.connection_log).values(**entry, en=words.en, ko=words.ko))
