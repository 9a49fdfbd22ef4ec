"""INSERT … ON CONFLICT, which SQLAlchemy spells by dialect."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, or_
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    database: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    *,
    keys: Sequence[str],
    keep_old: bool = False,
) -> None:
    """Insert rows; where `keys` are there already, bring the other columns up to date, or keep the old.

    Rows come sorted by `keys`, so that two writers never wait for each other in a ring.
    """
    if not rows:
        return
    ordered = sorted(rows, key=lambda row: tuple(row[key] for key in keys))
    statement: Any = (sqlite if database.dialect.name == "sqlite" else postgresql).insert(table)
    others = [name for name in ordered[0] if name not in keys]
    if keep_old or not others:
        database.execute(statement.on_conflict_do_nothing(index_elements=list(keys)), ordered)
        return
    changed = or_(*(table.c[name].is_distinct_from(statement.excluded[name]) for name in others))
    database.execute(
        statement.on_conflict_do_update(
            index_elements=list(keys),
            set_={name: statement.excluded[name] for name in others},
            where=changed,
        ),
        ordered,
    )


def insert_new(database: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row; return False where one of its primary key is there already, which stays as it is."""
    statement: Any = (sqlite if database.dialect.name == "sqlite" else postgresql).insert(table)
    fresh = statement.values(row).on_conflict_do_nothing().returning(*table.primary_key)
    return database.execute(fresh).first() is not None
