"""Re-points a wrong match after its sale: what follows is shown first, then stock moves, and it is signed.

The right product is remembered for the item, as any link is. Each open sale that is concerned gets a delivery
to the POS: the wrong product returns to the stock and the right one leaves it, at the same price. A finished
sale is never altered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, false, select

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import FAILED, SOLD, Status
from tillbridge.model.words import Words
from tillbridge.orders.line_states import rejected
from tillbridge.orders.order_state import Signature, facts_of, with_reason
from tillbridge.orders.timeline import Entry, sign
from tillbridge.pos.details import ItemPick, OtherProduct, SaleAction
from tillbridge.repair.healing import WAITS, lock_where, process_again
from tillbridge.repair.linking import (
    bump,
    line_of,
    of_item,
    product_name,
    remember,
)
from tillbridge.sending import deliveries

REPOINTED: Final = "product re-pointed"
"""What the timeline calls it."""


class Follows(StrEnum):
    """What a re-pointing does to an order of the same item."""

    MOVES = "moves"  # its sale is open: it gets the right product
    COULD_MOVE = "could move"  # the same, if all are asked for
    STAYS = "stays"  # its sale is finished, or made anew: it is not altered
    HEALS = "heals"  # it waits, and is processed again


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What follows for one order."""

    order_id: int
    number: str
    status: Status | None
    quantity: Decimal
    follows: Follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Repointing:
    """What re-pointing a line comes to.

    Attributes:
        title: what the webstore calls the item.
        before: the POS's ID of the wrong product.
        after: of the right one.
        name: what staff call the right one, with its ID.
        remembered: whether later orders of the item get it too.
        orders: the order at hand first.
    """

    title: str
    before: str
    after: str
    name: str
    remembered: bool
    orders: Sequence[Consequence]

    @property
    def pieces(self) -> Decimal:
        """How many pieces go from the right product's stock, and return to the wrong one's."""
        return sum((one.quantity for one in self.orders if one.follows is Follows.MOVES), Decimal(0))


def preview_repointing(
    context: Context, order_id: int, line_id: str, product_id: str, *, everywhere: bool = False
) -> Repointing:
    """Say what re-pointing a line of a sold order comes to; nothing is changed.

    Args:
        context: the engine's parts.
        order_id: the order at hand.
        line_id: the webstore's ID of its line.
        product_id: the right product.
        everywhere: also in every other open sale of the item that has the wrong one.

    Raises:
        NotFound: there is no such order, line or product.
        NotAllowed: the order has no open sale, or the line is that product already.
    """
    name = product_name(context, product_id)
    with context.database.read() as database:
        line = line_of(database, order_id, line_id)
        return _foresee(database, line, (product_id, name), everywhere=everywhere)


def repoint(
    context: Context,
    order_id: int,
    line_id: str,
    product_id: str,
    signature: Signature,
    *,
    everywhere: bool = False,
) -> Repointing:
    """Re-point a line of a sold order to the right product; the outbox then changes the sales.

    Of two clerks at once the second is told that it is under way.

    Raises:
        NotFound, NotAllowed: as `preview_repointing`.
    """
    name = product_name(context, product_id)

    def work(database: Connection) -> tuple[Repointing, list[StatusChanged]]:
        line = line_of(database, order_id, line_id)
        orders = tables.orders
        found = lock_where(database, (orders.c.id == order_id) | _same_item(line))
        seen = _foresee(database, line, (product_id, name), everywhere=everywhere)
        _refuse_under_way(database, order_id, line_id)
        own = next(row for row in found if row.id == order_id)
        bump(database, own.connection_id)
        remember(context, database, own, (line, product_id), signature)
        moving = {one.order_id for one in seen.orders if one.follows is Follows.MOVES}
        words = with_reason(_words(seen), signature)
        lines = _lines_of(database, sorted(moving), line)
        _queue(
            context,
            database,
            [row for row in found if row.id in moving],
            lines,
            seen,
            (signature, words),
        )
        entry = (signature.who, "product linked", words)
        return seen, process_again(context, database, found, entry)

    seen, events = context.database.unit("repoint", work)
    context.plugins.notify(events)
    return seen


def _queue(
    context: Context,
    database: Connection,
    found: Sequence[AnyRow],
    lines: Mapping[int, Sequence[str]],
    seen: Repointing,
    said: tuple[Signature, Words],
) -> None:
    """Write the deliveries to the POS, and sign each order."""
    now = context.clock.now()
    signature, words = said
    who, why = signature.who, f" ({signature.reason})" if signature.reason else ""
    for row in found:
        act = deliveries.Act(id=deliveries.new_act(), at=now, attempt=row.sold_attempt)
        changes = [
            deliveries.SaleOrder(
                action=SaleAction.REPLACE_PRODUCT,
                detail=OtherProduct(pick=ItemPick(web_line=line_id), product_id=seen.after),
                reason=f"{seen.title}: {seen.before} → {seen.name}{why}",
                who=who,
            )
            for line_id in lines.get(row.id, ())
        ]
        deliveries.queue_changes(database, row.id, changes, act)
    sign(database, now, [Entry(row.id, who, REPOINTED, words) for row in found])


def _words(seen: Repointing) -> Words:
    return Words(
        f"“{seen.title}” is product {seen.name} (before: {seen.before}).",
        f"‘{seen.title}’의 제품을 {seen.name}(으)로 바로잡았습니다(이전: {seen.before}).",
    )


def _foresee(database: Connection, line: AnyRow, right: tuple[str, str], *, everywhere: bool) -> Repointing:
    product_id, name = right
    orders, lines = tables.orders, tables.order_lines
    if line.product_id == product_id:
        raise NotAllowed(
            Words(f"“{line.title}” is {name} already.", f"‘{line.title}’의 제품은 이미 {name}입니다.")
        )
    same = and_(_same_connection(line), _of_item(line))
    mine = and_(orders.c.id == line.order_id, lines.c.line_id == line.line_id)
    query = (
        select(
            orders,
            lines.c.line_id,
            lines.c.quantity,
            lines.c.product_id,
            waiting.HAS_UNANSWERED.label("unanswered"),
        )
        .join(lines, lines.c.order_id == orders.c.id)
        .where(mine | same)
        .order_by(mine.desc(), (orders.c.id == line.order_id).desc(), orders.c.id)
    )
    found = [(row, _follows(row, line, everywhere=everywhere)) for row in database.execute(query)]
    if line.line_id in rejected(found[0][0].line_states):
        raise NotAllowed(Words(f"“{line.title}” was rejected.", f"‘{line.title}’은(는) 거부된 항목입니다."))
    if found[0][1] is not Follows.MOVES:
        raise NotAllowed(
            Words(
                "The order has no open sale, so there is nothing to re-point. A line that waits is linked.",
                "열려 있는 거래가 없어 바로잡을 것이 없습니다. 대기 중인 항목은 제품에 연결해 주세요.",
            )
        )
    return Repointing(
        title=line.title,
        before=line.product_id,
        after=product_id,
        name=name,
        remembered=line.listing_id is not None,  # what the numbers lead to speaks against them
        orders=[
            Consequence(
                order_id=row.id,
                number=row.number,
                status=Status(row.status) if row.status else None,
                quantity=row.quantity,
                follows=follows,
            )
            for row, follows in found
            if follows is not None
        ],
    )


def _follows(row: AnyRow, line: AnyRow, *, everywhere: bool) -> Follows | None:
    """Return what happens to an order; None for one that has another product, no sale, or rejected it."""
    facts = facts_of(row)
    if row.line_id in rejected(row.line_states):
        return None
    if facts.status in FAILED:
        return Follows.HEALS
    if not facts.has_sale or row.product_id != line.product_id:
        return None
    if facts.status not in SOLD or facts.sale_finished or facts.unanswered:
        return Follows.STAYS
    return Follows.MOVES if everywhere or row.id == line.order_id else Follows.COULD_MOVE


def _same_item(line: AnyRow) -> ColumnElement[bool]:
    """Return the condition that an order has the same item of the same webstore, sold or waiting."""
    return and_(_same_connection(line), of_item(line))


def _of_item(line: AnyRow) -> ColumnElement[bool]:
    """Return the condition that a line is of the same item; one without a number has nothing in common."""
    lines, same = tables.order_lines, false()
    if line.listing_id is not None:
        same = lines.c.listing_id == line.listing_id
    elif line.numbers is not None:
        same = lines.c.numbers == line.numbers
    return same


def _same_connection(line: AnyRow) -> ColumnElement[bool]:
    orders = tables.orders
    own = select(orders.c.connection_id).where(orders.c.id == line.order_id).scalar_subquery()
    return and_(orders.c.connection_id == own, WAITS | orders.c.sale_id.is_not(None))


def _lines_of(database: Connection, numbers: Sequence[int], line: AnyRow) -> dict[int, list[str]]:
    """Return the lines of these orders that are the same item, stand, and have the wrong product."""
    lines, orders = tables.order_lines, tables.orders
    mine = and_(lines.c.order_id == line.order_id, lines.c.line_id == line.line_id)
    query = (
        select(lines.c.order_id, lines.c.line_id, orders.c.line_states)
        .join(orders, orders.c.id == lines.c.order_id)
        .where(
            among(database, lines.c.order_id, list(numbers)),
            lines.c.product_id == line.product_id,
            mine | _of_item(line),
        )
        .order_by(lines.c.order_id, lines.c.position)
    )
    found: dict[int, list[str]] = {}
    for row in database.execute(query):
        if row.line_id in rejected(row.line_states):
            continue
        found.setdefault(row.order_id, []).append(row.line_id)
    return found


def _refuse_under_way(database: Connection, order_id: int, line_id: str) -> None:
    table = tables.deliveries
    query = select(table.c.body).where(
        waiting.OPEN, table.c.order_id == order_id, table.c.action == SaleAction.REPLACE_PRODUCT.value
    )
    if database.execute(query.limit(1)).first():
        raise NotAllowed(
            Words(
                f"Somebody is re-pointing line {line_id} just now; look at the order again.",
                f"다른 사람이 {line_id} 항목을 바로잡는 중입니다. 주문을 다시 확인해 주세요.",
            )
        )
