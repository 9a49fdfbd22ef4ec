"""What was changed of a connection: by whom, when, with before and after. A secret is named, never shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from tillbridge.connections import stored as connections
from tillbridge.connections.stored import NewConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.model.words import Words

_SHOWN = 80
_CHANGED = Words("changed", "변경됨")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One change of a connection's rules or settings."""

    at: datetime
    who: str
    words: Words


def note_changes(
    database: Connection,
    connection_id: int,
    states: tuple[NewConnection, NewConnection],
    signed: tuple[str, datetime],
) -> None:
    """Write down what is otherwise in the second state, in the transaction that changes it.

    Args:
        database: the caller's transaction.
        connection_id: whose settings they are.
        states: before and after.
        signed: who, and when (UTC).
    """
    said = list(_changes(*states))
    if not said:
        return
    who, at = signed
    words = Words("; ".join(one.en for one in said), "; ".join(one.ko for one in said))
    row = {"connection_id": connection_id, "at": at, "who": who, "en": words.en, "ko": words.ko}
    database.execute(insert(tables.connection_log).values(row))


def log_of(context: Context, name: str) -> list[LogEntry]:
    """Return what was changed of a connection, oldest first.

    Raises:
        NotFound: there is none of that name.
    """
    (row,) = connections.rows(context, name)
    log = tables.connection_log
    query = select(log).where(log.c.connection_id == row.id).order_by(log.c.id)
    with context.database.read() as database:
        return [LogEntry(one.at, one.who, Words(one.en, one.ko)) for one in database.execute(query)]


def _changes(before: NewConnection, after: NewConnection) -> Iterator[Words]:
    old, new = _shown(before), _shown(after)
    for name in {**old, **new}:
        was, now = old.get(name, "-"), new.get(name, "-")
        if was != now:
            yield Words(f"{name}: {was} → {now}", f"{name}: {was} → {now}")
    for name in sorted({*before.secrets, *after.secrets}):
        if before.secrets.get(name) != after.secrets.get(name):
            yield Words(f"{name}: {_CHANGED.en}", f"{name}: {_CHANGED.ko}")


def _shown(state: NewConnection) -> Mapping[str, str]:
    """Return what is shown of a connection, by the name that its option or setting has."""
    rules: dict[str, Any] = {
        "orders-from": state.orders_from.isoformat(),
        "store": state.default_store,
        "location": ", ".join(f"{web}={code}" for web, code in sorted(state.locations.items())),
        "match-by": ", ".join(state.match_by),
        "every": f"{state.poll_seconds} s",
        "accept-hours": f"{state.accept_minutes / 60:g}",
        "overdue": state.overdue,
        "cancelled": state.cancelled,
        "pick-up-days": state.pick_up_days,
        "no-show": "ask" if state.no_show_days is None else state.no_show_days,
    }
    every = {**rules, **state.settings}
    return {name: _cut(str(value)) for name, value in every.items()}


def _cut(text: str) -> str:
    text = text or "-"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
