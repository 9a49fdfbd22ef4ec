"""Blocks of IDs, known before the rows are written."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, func, select


def allot(database: Connection, table: Table, count: int) -> Sequence[int]:
    """Return `count` IDs for new rows of `table` that no other writer gets, smallest first.

    The rows of such a table are never deleted, and the connection is one for writing: SQLite then has
    no other writer, and the next ID is the largest and one.
    """
    if not count:
        return ()
    if database.dialect.name == "sqlite":
        last = database.execute(select(func.max(table.c.id))).scalar() or 0
        return range(last + 1, last + 1 + count)
    sequence = func.pg_get_serial_sequence(table.name, "id")
    series = func.generate_series(1, count).table_valued("n")
    return sorted(database.execute(select(func.nextval(sequence)).select_from(series)).scalars())
