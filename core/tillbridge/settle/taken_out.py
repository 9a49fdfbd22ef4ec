"""Makes room for a judged order's lines; what staff rejected and the webstore took out stays to be seen."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, update

from tillbridge.db import tables
from tillbridge.db.sets import among
from tillbridge.line_states import rejected
from tillbridge.settle.change import Change

_BEHIND: Final = 100_000
"""Added to the place of a line that the webstore took out: no order has so many."""


def clear_lines(database: Connection, changes: Sequence[Change]) -> None:
    """Take away the rows of known orders' lines, which are to be written anew."""
    if not changes:
        return
    lines = tables.order_lines
    gone: list[dict[str, Any]] = []
    there: list[dict[str, Any]] = []
    for change in changes:
        before, order = change.folded.before, change.folded.order
        present = {line.id for line in order.lines} if order else set()
        for line_id in rejected(before.line_states) if before else ():
            (there if line_id in present else gone).append({"the_id": change.order_id, "the_line": line_id})
    this = (lines.c.order_id == bindparam("the_id"), lines.c.line_id == bindparam("the_line"))
    if gone:
        behind = update(lines).where(*this, lines.c.position < _BEHIND)
        database.execute(behind.values(position=lines.c.position + _BEHIND), gone)
    if there:
        database.execute(delete(lines).where(*this), there)
    orders = among(database, lines.c.order_id, [change.order_id for change in changes])
    database.execute(delete(lines).where(orders, lines.c.position < _BEHIND))
