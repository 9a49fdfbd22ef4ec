"""Positions in the built-in POS's feeds: given in the order of commits, and read as cursors."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words


def next_position(database: Connection, positions: ColumnElement[Any], feed: int) -> int:
    """Return the position after the last; on PostgreSQL writers of one feed wait for each other from here on.

    The lock is held to the commit, so positions come in the order of commits and a reader that has seen one
    misses none before it.

    Args:
        database: for writing.
        positions: the column that holds them.
        feed: a number that no other lock of a database has.
    """
    if database.dialect.name != "sqlite":
        database.execute(select(func.pg_advisory_xact_lock(feed)))
    return int(database.execute(select(func.max(positions))).scalar() or 0) + 1


def position_of(cursor: str | None, feed: Words) -> int:
    """Return the position that a cursor stands for; None is before the first.

    Raises:
        InputError: it is no cursor of this feed.
    """
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit()):
        raise InputError(
            Words(
                f"{cursor!r} is no cursor of {feed.en}; it is what the last call returned.",
                f"{cursor!r}: {feed.ko}의 커서가 아닙니다. 이전 호출에서 받은 값을 그대로 써 주세요.",
            )
        )
    return int(cursor)
