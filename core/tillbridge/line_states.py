"""What staff said of single lines of an order, and the order as the shop sells it for that."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, and_, select

from tillbridge.db import tables
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.model.status import LineState

NOTHING: Final = "{}"
"""As the column says it where staff said nothing of any line."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order as acts need it.

    Attributes:
        total_minor: its gross, in the order's currency.
    """

    id: str
    title: str
    total_minor: int


def read(text: str) -> dict[str, LineState]:
    """Return what staff said of lines, by the webstore's line IDs."""
    if text == NOTHING:
        return {}
    return {name: LineState(state) for name, state in json.loads(text).items()}


def write(said: Mapping[str, LineState]) -> str:
    """Return it as the column holds it."""
    return json.dumps(dict(sorted(said.items())), ensure_ascii=False) if said else NOTHING


def rejected(text: str) -> frozenset[str]:
    """Return the lines that staff rejected."""
    return frozenset(name for name, state in read(text).items() if state is LineState.REJECTED)


def as_sold(order: WebOrder, before: AnyRow | None) -> WebOrder:
    """Return an order as the shop sells it: without what staff rejected of it.

    Args:
        order: as the webstore sent it.
        before: the order's row, or None where it is new.
    """
    if before is None or before.line_states == NOTHING:
        return order
    return order.without_lines(rejected(before.line_states))


def named(text: str, every: Sequence[OrderLine]) -> tuple[str, ...]:
    """Return the lines that stand, where some do not; none: all lines of the order."""
    gone = rejected(text)
    return tuple(line.id for line in every if line.id not in gone) if gone else ()


def lines_of(database: Connection, order_ids: Collection[int]) -> dict[int, list[OrderLine]]:
    """Return the lines of orders, in their sequence, by the orders' IDs."""
    lines = tables.order_lines
    query = (
        select(lines.c.order_id, lines.c.line_id, lines.c.title, lines.c.total_minor)
        .where(among(database, lines.c.order_id, list(order_ids)))
        .order_by(lines.c.order_id, lines.c.position)
    )
    found: dict[int, list[OrderLine]] = {number: [] for number in order_ids}
    for row in database.execute(query):
        found[row.order_id].append(OrderLine(row.line_id, row.title, row.total_minor))
    return found


def values_of(
    database: Connection, row: AnyRow, said: Mapping[str, LineState], every: Sequence[OrderLine]
) -> dict[str, Any]:
    """Return the columns of an order of whose lines staff said this, beside what they had said before."""
    before = rejected(row.line_states)
    text = write({**read(row.line_states), **said})
    new = rejected(text) - before
    if not new:
        return {"line_states": text}
    values: dict[str, Any] = {"line_states": text, "trimmed_hash": ""}
    if base := base_order(database, row):
        values["trimmed_hash"] = base.hash_without(rejected(text))
    if row.total_minor is not None:
        values["total_minor"] = row.total_minor - sum(line.total_minor for line in every if line.id in new)
    return values


def added_since(before: WebOrder | None, now: WebOrder | None) -> tuple[WebLine, ...]:
    """Return the lines that a customer added since; none where one of the two cannot be read."""
    if before is None or now is None:
        return ()
    known = {line.id for line in before.lines}
    return tuple(line for line in now.lines if line.id not in known)


def base_order(database: Connection, row: AnyRow) -> WebOrder | None:
    """Return the version that was sold, or the newest one where none was; None: it cannot be read."""
    versions, attempts = tables.versions, tables.attempts
    query = select(versions.c.document).where(versions.c.order_id == row.id)
    if row.sold_attempt is None:
        query = query.where(versions.c.number == row.version)
    else:
        sold = and_(attempts.c.order_id == versions.c.order_id, attempts.c.version == versions.c.number)
        query = query.join(attempts, sold).where(attempts.c.number == row.sold_attempt)
    found = database.execute(query).scalar()
    try:
        return WebOrder.model_validate_json(found) if found else None
    except ValidationError:  # written by an older program
        return None
