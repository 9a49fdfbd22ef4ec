"""Makes room for a judged order's lines; what staff rejected and the webstore took out stays to be seen."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update

from tillbridge.db import tables
from tillbridge.db.sets import among
from tillbridge.orders.line_states import rejected
from tillbridge.settle.change import Change

BEHIND: Final = 100_000
"""Added to the place of a line that the webstore took out: no order has so many."""


def clear_lines(database: Connection, changes: Sequence[Change]) -> None:
    """Take away the rows of known orders' lines, which are to be written anew; what was taken out is kept."""
    taken_out = {change.order_id: ids for change in changes if (ids := _taken_out(change))}
    lines = tables.order_lines
    rest = [change.order_id for change in changes if change.order_id not in taken_out]
    if rest:
        database.execute(delete(lines).where(among(database, lines.c.order_id, rest)))
    if taken_out:
        _keep(database, taken_out)


def _taken_out(change: Change) -> frozenset[str]:
    """Return the lines that staff rejected and that the webstore does not send any more."""
    before, order = change.folded.before, change.folded.order
    present = {line.id for line in order.lines} if order else set()
    return rejected(before.line_states) - present if before else frozenset()


def _keep(database: Connection, taken_out: Mapping[int, frozenset[str]]) -> None:
    """Put these lines behind all others, after those that are there already, and take the others away."""
    lines = tables.order_lines
    query = select(lines.c.order_id, lines.c.position, lines.c.line_id).where(
        among(database, lines.c.order_id, list(taken_out))
    )
    found = database.execute(query.order_by(lines.c.order_id, lines.c.position)).all()
    kept = [row for row in found if row.line_id in taken_out[row.order_id]]
    cleared = [(row.order_id, row.position) for row in found if row.line_id not in taken_out[row.order_id]]
    last = {row.order_id: row.position for row in kept if row.position >= BEHIND}
    moved: list[tuple[int, int, int]] = []
    for row in kept:
        if row.position < BEHIND:
            last[row.order_id] = last.get(row.order_id, BEHIND - 1) + 1
            moved.append((row.order_id, row.position, last[row.order_id]))
    this = (lines.c.order_id == bindparam("the_id"), lines.c.position == bindparam("old"))
    if cleared:
        database.execute(delete(lines).where(*this), [{"the_id": one, "old": old} for one, old in cleared])
    if moved:
        behind = update(lines).where(*this).values(position=bindparam("new"))
        database.execute(behind, [{"the_id": one, "old": old, "new": new} for one, old, new in moved])
