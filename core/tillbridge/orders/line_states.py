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
from tillbridge.model.orders import Standing, WebLine, WebOrder
from tillbridge.model.status import LineState

NOTHING: Final = "{}"
"""As the column says it where nothing is said of any line."""
_NOT_SOLD: Final = (LineState.REJECTED, LineState.ADDED)
JOINED: Final = (LineState.UNDECIDED, LineState.ADDED)
"""What is said of a line that came to an accepted or sold order, and that nobody has decided."""


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


def to_decide(text: str) -> frozenset[str]:
    """Return the lines that the customer added to an accepted or sold order, and that nobody has decided."""
    return frozenset(name for name, state in read(text).items() if state in JOINED)


def decided_with(text: str) -> str:
    """Return it where the order itself is decided now: so are then those of its lines that are sold."""
    return write({name: state for name, state in read(text).items() if state is not LineState.UNDECIDED})


def restored(now: str, before: str) -> str:
    """Return what was said before an act that is undone, with the lines that came since to be decided."""
    came = {name: state for name, state in read(now).items() if state in JOINED}
    return write({**came, **read(before)})


def not_sold(text: str) -> frozenset[str]:
    """Return the lines that are no part of the order's sale: rejected, or added after it was made."""
    return frozenset(name for name, state in read(text).items() if state in _NOT_SOLD)


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
    """Return the lines that stand, where some do not; none: all lines of the order.

    What the customer added after the sale was made is not on it, and does not stand yet.
    """
    gone = not_sold(text)
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
    before = read(row.line_states)
    text = write({**before, **said})
    gone = rejected(text)
    new = gone - rejected(row.line_states)
    if not new:
        return {"line_states": text}
    values: dict[str, Any] = {"line_states": text, "trimmed_hash": ""}
    if base := base_order(database, row):
        values["trimmed_hash"] = base.hash_without(gone)
        if row.sale_id and _is_as_sold(database, row, gone, values["trimmed_hash"]):
            values["kept_hash"] = row.content_hash
    if row.total_minor is not None:
        counted = {line for line in new if before.get(line) is not LineState.ADDED}
        less = sum(line.total_minor for line in every if line.id in counted)
        values["total_minor"] = row.total_minor - less
    return values


def _is_as_sold(database: Connection, row: AnyRow, gone: Collection[str], trimmed: str) -> bool:
    """Say whether the webstore's newest version is what was sold, but for what staff rejected of it."""
    newest = _version(database, row)
    return newest is not None and newest.standing is Standing.OPEN and newest.hash_without(gone) == trimmed


def added_since(before: WebOrder | None, now: WebOrder | None) -> tuple[WebLine, ...]:
    """Return the lines that a customer added since; none where one of the two cannot be read."""
    if before is None or now is None:
        return ()
    known = {line.id for line in before.lines}
    return tuple(line for line in now.lines if line.id not in known)


def base_order(database: Connection, row: AnyRow) -> WebOrder | None:
    """Return the version that was sold, or the newest one where none was; None: it cannot be read."""
    if row.sold_attempt is None:
        return _version(database, row)
    versions, attempts = tables.versions, tables.attempts
    sold = and_(attempts.c.order_id == versions.c.order_id, attempts.c.version == versions.c.number)
    query = select(versions.c.document).join(attempts, sold)
    query = query.where(versions.c.order_id == row.id, attempts.c.number == row.sold_attempt)
    return _read_version(database.execute(query).scalar())


def _version(database: Connection, row: AnyRow) -> WebOrder | None:
    """Return the newest version of an order."""
    versions = tables.versions
    query = select(versions.c.document).where(versions.c.order_id == row.id, versions.c.number == row.version)
    return _read_version(database.execute(query).scalar())


def _read_version(found: str | None) -> WebOrder | None:
    try:
        return WebOrder.model_validate_json(found) if found else None
    except ValidationError:  # written by an older program
        return None
