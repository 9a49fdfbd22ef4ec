"""Writes what customers added to orders that were accepted or sold: shown, told to staff, and not accepted.

The orders' own column is written with them (`tillbridge.settle.joining`).
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, update

from tillbridge.connections import OpenConnection
from tillbridge.db import tables
from tillbridge.db.many import InsertMany
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState
from tillbridge.matching.evidence import Evidence
from tillbridge.model.exchange import Said
from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.model.status import Act, LineState
from tillbridge.model.words import Words
from tillbridge.orders import line_states
from tillbridge.orders.timeline import SYSTEM, Entry, sign
from tillbridge.sending.deliveries import Destination
from tillbridge.settle.change import Change
from tillbridge.settle.joining import new_lines
from tillbridge.settle.lines import LINE_COLUMNS, line_row
from tillbridge.settle.taken_out import BEHIND

_LINES = InsertMany(tables.order_lines, LINE_COLUMNS)


class _Joined(NamedTuple):
    """An order to which its customer added items, or took such items out again."""

    change: Change
    known: WebOrder | None
    added: tuple[WebLine, ...]

    @property
    def order_id(self) -> int:
        return self.change.order_id

    @property
    def sold(self) -> bool:
        """Whether its sale stands, without these items."""
        before = self.change.folded.before
        return self.change.verdict is None and before is not None and before.sale_id is not None


def write_added(
    database: Connection,
    connection: OpenConnection,
    changes: Sequence[tuple[Change, WebOrder | None]],
    now: datetime,
) -> None:
    """Write the lines that customers added, and tell staff of them; webstores hear of the others only.

    Args:
        database: the page's transaction.
        connection: whose orders they are.
        changes: each with the order's version before, where that can be read.
        now: UTC.
    """
    found = [
        _Joined(change, known, new_lines(change.folded, known))
        for change, known in changes
        if "line_states" in change.values
    ]
    if not found:
        return
    _show(database, [one for one in found if one.sold])
    added = [one for one in found if one.added]
    sign(database, now, [Entry(one.order_id, SYSTEM, Act.ADD.value, _words(one)) for one in added])
    if connection.provider.hears_lines:
        _name_the_others(database, {one.order_id: one.known for one in added if one.known})


def _show(database: Connection, sold: Sequence[_Joined]) -> None:
    """Let sold orders show the lines that are not on their sales; the others stay as they were sold."""
    if not sold:
        return
    lines = tables.order_lines
    gone = [{"the_id": one.order_id, "the_line": line} for one in sold for line in _taken_out(one)]
    if gone:
        this = (lines.c.order_id == bindparam("the_id"), lines.c.line_id == bindparam("the_line"))
        database.execute(delete(lines).where(*this), gone)
    query = (
        select(lines.c.order_id, func.max(lines.c.position).label("last"))
        .where(among(database, lines.c.order_id, [one.order_id for one in sold]), lines.c.position < BEHIND)
        .group_by(lines.c.order_id)
    )
    last = {row.order_id: row.last for row in database.execute(query)}
    rows = [
        line_row(one.order_id, place, line, Evidence())
        for one in sold
        for place, line in enumerate(one.added, start=last.get(one.order_id, 0) + 1)
    ]
    _LINES.run(database, rows)


def _taken_out(one: _Joined) -> Collection[str]:
    """Return the lines that the customer had added, and took out again."""
    before = one.change.folded.before
    said = line_states.read(before.line_states) if before is not None else {}
    now = line_states.read(one.change.values["line_states"])
    return sorted(name for name, state in said.items() if state is LineState.ADDED and name not in now)


def _name_the_others(database: Connection, known: Mapping[int, WebOrder]) -> None:
    """Let what is queued for an order as a whole name the lines that it was said of."""
    table = tables.deliveries
    query = select(table.c.id, table.c.order_id, table.c.body).where(
        among(database, table.c.order_id, list(known)),
        table.c.destination == Destination.WEBSTORE,
        table.c.action.in_((Said.ACCEPTED, Said.READY)),
        table.c.state == DeliveryState.WAITING,
    )
    rows: list[dict[str, Any]] = []
    for row in database.execute(query.order_by(table.c.id).with_for_update()):
        body = json.loads(row.body)
        if not body.get("lines"):
            body["lines"] = [line.id for line in known[row.order_id].lines]
            rows.append({"the_id": row.id, "named": json.dumps(body)})
    if rows:
        this = update(table).where(table.c.id == bindparam("the_id")).values(body=bindparam("named"))
        database.execute(this, rows)


def _words(one: _Joined) -> Words:
    english = ", ".join(f"“{line.title}”" for line in one.added)
    korean = ", ".join(f"‘{line.title}’" for line in one.added)
    if one.sold:
        return Words(
            f"The customer added after the sale was made: {english}. Make the sale anew, or reject it.",
            f"거래가 만들어진 뒤 고객이 추가했습니다: {korean}. 거래를 다시 만들거나 거부해 주세요.",
        )
    return Words(
        f"The customer added to the accepted order: {english}. Accept or reject it.",
        f"수락한 주문에 고객이 추가했습니다: {korean}. 수락하거나 거부해 주세요.",
    )
