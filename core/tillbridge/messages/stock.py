"""Which orders are short: their sales took stock below zero, so some of their goods may not be there (S30).

The POS says what is short, and how much. The orders that were sold last are the ones that have to do without.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, select

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.messages.orders import SHOWN, Group
from tillbridge.model.messages import OrderRef
from tillbridge.model.status import SOLD
from tillbridge.orders.line_states import rejected
from tillbridge.pos.contract import NotOffered, Shortage
from tillbridge.pos.guarded import PosAway
from tillbridge.views import OrderView, ShortLine


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of an order that is sold and not handed over yet, the newest sale first."""

    order: OrderRef
    sold_at: datetime
    store: str
    product_id: str
    quantity: Decimal
    short: ShortLine


def mark_short(context: Context, orders: Sequence[OrderView]) -> list[OrderView]:
    """Return the orders with the lines on them that are short; as they are where the POS cannot say."""
    by_order: dict[int, list[ShortLine]] = defaultdict(list)
    lines, shown = _short_lines(context), {one.id for one in orders}
    if not lines:
        return list(orders)
    names = _names(context, {line.product_id for line in lines if line.order.id in shown})
    for line in lines:
        named = replace(line.short, product=names.get(line.product_id, ""))
        by_order[line.order.id].append(named)
    return [replace(one, short=tuple(by_order.get(one.id, ()))) for one in orders]


def short_group(context: Context) -> Group | None:
    """Return the orders that are short, the one sold first first, or None."""
    lines = _short_lines(context)
    orders = {line.order.id: line.order for line in lines}
    if not orders:
        return None
    known = [orders[number] for number in sorted(orders)]
    return Group(len(known), tuple(known[:SHOWN]), min(line.sold_at for line in lines))


def _short_lines(context: Context) -> list[_Line]:
    try:
        short = context.pos.stock_short()
    except PosAway:
        return []  # its own message says so
    if not short:
        return []
    with context.database.read() as database:
        lines = _open_lines(database, short)
    return list(share_out(lines, {(one.store, one.product_id): one.missing for one in short}))


def _names(context: Context, product_ids: Collection[str]) -> Mapping[str, str]:
    """Return what staff call products, by their IDs; nothing where the POS does not tell."""
    with suppress(NotOffered, PosAway):
        cards = context.pos.product_cards(product_ids)
        return {number: card.description for number, card in cards.items()}
    return {}


def share_out(lines: Sequence[_Line], missing: Mapping[tuple[str, str], Decimal]) -> Iterator[_Line]:
    """Yield the lines that have to do without, of lines whose newest sale stands first. Pure."""
    left = dict(missing)
    for line in lines:
        place = (line.store, line.product_id)
        lacks = min(line.quantity, left.get(place, Decimal(0)))
        if lacks > 0:
            left[place] -= lacks
            yield replace(line, short=replace(line.short, missing=lacks))


def _open_lines(database: Connection, short: Sequence[Shortage]) -> list[_Line]:
    orders, lines, attempts = tables.orders, tables.order_lines, tables.attempts
    query = (
        select(
            orders.c.id,
            orders.c.number,
            orders.c.store,
            orders.c.line_states,
            tables.connections.c.name,
            lines.c.line_id,
            lines.c.title,
            lines.c.product_id,
            lines.c.quantity,
            attempts.c.answered_at,
        )
        .join(lines, lines.c.order_id == orders.c.id)
        .join(attempts, and_(attempts.c.order_id == orders.c.id, attempts.c.number == orders.c.sold_attempt))
        .join(tables.connections, tables.connections.c.id == orders.c.connection_id)
        .where(
            waiting.ON_SALE,
            orders.c.status.in_(SOLD),
            among(database, lines.c.product_id, sorted({one.product_id for one in short})),
        )
        .order_by(attempts.c.answered_at.desc(), orders.c.id.desc(), lines.c.position.desc())
    )
    found = database.execute(query)
    return [_line(row) for row in found if row.line_id not in rejected(row.line_states)]


def _line(row: Any) -> _Line:
    return _Line(
        order=OrderRef(row.id, row.number, row.name),
        sold_at=row.answered_at,
        store=row.store,
        product_id=row.product_id,
        quantity=row.quantity,
        short=ShortLine(row.line_id, row.title, Decimal(0), row.product_id),
    )
