"""What failed on its way to a webstore gives way to what overtook it meanwhile (invariant 6).

While a delivery is under way nothing takes its place: it may arrive. Once it is known to have failed, or that
its answer is lost, what was said later counts. Where the provider's states are absolute that is right even if
it did arrive: the later one is sent all the same.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.orders import line_states
from tillbridge.sending.deliveries import Destination
from tillbridge.sending.overtaking import lines_of, meet, overtakes


def give_way(database: Connection, failed: Collection[int]) -> None:
    """Leave out deliveries that failed for now, or the lines of them, of which something else was said since.

    Their orders are locked by the caller. Whoever undoes the act that said it has them queued again.
    """
    table, orders = tables.deliveries, tables.orders
    query = select(table).where(
        among(database, table.c.id, sorted(failed)),
        table.c.destination == Destination.WEBSTORE,
        table.c.state == DeliveryState.RETRY,
    )
    rows = database.execute(query).all()
    later = _later(database, rows)
    rows = [row for row in rows if later[row.id]]
    if not rows:
        return
    numbers = sorted({row.order_id for row in rows})
    every = line_states.lines_of(database, numbers)
    which = select(orders.c.id, orders.c.undo).where(among(database, orders.c.id, numbers))
    undo = {one.id: json.loads(one.undo) if one.undo else {} for one in database.execute(which)}
    found = _Found()
    for row in rows:
        names = lines_of(row.body) or tuple(line.id for line in every[row.order_id])
        found.take(row, later[row.id], names, undo[row.order_id].get("act"))
    _write(database, found, undo)


def _later(database: Connection, rows: Sequence[AnyRow]) -> dict[int, list[AnyRow]]:
    """Return what overtakes each of these deliveries and waits behind it, by its ID."""
    table = tables.deliveries
    query = select(table.c.id, table.c.order_id, table.c.act, table.c.action, table.c.body).where(
        among(database, table.c.order_id, sorted({row.order_id for row in rows})),
        table.c.destination == Destination.WEBSTORE,
        waiting.OPEN,
    )
    waits = database.execute(query).all() if rows else []
    return {
        row.id: [
            one
            for one in waits
            if one.order_id == row.order_id
            and one.id > row.id
            and overtakes(one.action, row.action)
            and meet(lines_of(one.body), lines_of(row.body))
        ]
        for row in rows
    }


@dataclass(slots=True)
class _Found:
    """What gives way.

    Attributes:
        whole: deliveries that are left out.
        cut: what remains of others, as their update is given it.
        parts: what was cut off of an order's delivery, as rows of their own for who undoes the last act.
        undone: deliveries that are queued again with the last act undone, by order.
    """

    whole: list[int] = field(default_factory=list)
    cut: list[dict[str, Any]] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    undone: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def take(self, row: AnyRow, later: Sequence[AnyRow], names: Sequence[str], last: str | None) -> None:
        """Take one delivery of these lines that the later ones overtake; `last` is the last act."""
        gone = _concerned(later, names)
        before = _concerned([one for one in later if one.act != last], names)
        rest = [name for name in names if name not in gone]
        if rest:
            # What it says is another thing now: under the old key it could pass for said already.
            key = uuid.uuid4().hex
            self.cut.append({"the_id": row.id, "the_body": _of_lines(row, rest), "the_key": key})
        else:
            self.whole.append(row.id)
        if last is None:
            return
        if not rest and not before:
            self.undone[row.order_id].append(row.id)
        elif by_last := [name for name in names if name in gone and name not in before]:
            part = {**row._mapping, "body": _of_lines(row, by_last), "key": uuid.uuid4().hex}  # noqa: SLF001  # SQLAlchemy's public name
            del part["id"]
            self.parts.append(part | {"state": DeliveryState.SUPERSEDED})


def _concerned(later: Sequence[AnyRow], names: Sequence[str]) -> frozenset[str]:
    """Return of which of the lines something was said later; none named means all."""
    return frozenset(name for one in later for name in lines_of(one.body) or names)


def _of_lines(row: AnyRow, names: Sequence[str]) -> str:
    return json.dumps({**json.loads(row.body), "lines": list(names)})


def _with(undo: Mapping[str, Any], left_out: Sequence[int]) -> dict[str, Any]:
    return {**undo, "left_out": [*undo.get("left_out", []), *left_out]}


def _write(database: Connection, found: _Found, undo: Mapping[int, Mapping[str, Any]]) -> None:
    table, orders = tables.deliveries, tables.orders
    if found.whole:
        gone = update(table).where(among(database, table.c.id, found.whole))
        database.execute(gone.values(state=DeliveryState.SUPERSEDED))
    if found.cut:
        one = update(table).where(table.c.id == bindparam("the_id"))
        database.execute(one.values(body=bindparam("the_body"), key=bindparam("the_key")), found.cut)
    if found.parts:
        made = insert(table).returning(table.c.id, table.c.order_id)
        for row in database.execute(made, found.parts):
            found.undone[row.order_id].append(row.id)
    remembered = [
        {"the_id": number, "the_undo": json.dumps(_with(undo[number], ids))}
        for number, ids in found.undone.items()
    ]
    if remembered:
        mine = update(orders).where(orders.c.id == bindparam("the_id"))
        database.execute(mine.values(undo=bindparam("the_undo")), remembered)
