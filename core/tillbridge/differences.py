"""The webstore changes its mind: what it changed since a sale was made, and what staff say to that.

Nothing of it is applied to a sale by itself. Staff make the sale anew, take the order back, or say that the
sale stays as it is; that is kept for the content that they saw, so that the next change asks anew.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.model.differences import Difference, differences
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import Standing, WebOrder
from tillbridge.model.status import LineState
from tillbridge.model.status.guards import CHANGED
from tillbridge.model.words import Words
from tillbridge.orders.line_states import read, rejected
from tillbridge.orders.order_state import Signature, facts_of, locked, order_row, touch
from tillbridge.orders.timeline import Entry, sign

ENTRY = "left as sold"
"""What the timeline calls it."""
_ADDED = Words(
    "The customer added an item, and the webstore waits to hear of it. Make the sale anew, or reject that "
    "item.",
    "고객이 추가한 항목이 있고 웹스토어가 답을 기다립니다. 거래를 다시 만들거나 그 항목을 거부해 주세요.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDifference:
    """How an order differs from what it was.

    Attributes:
        version: the number of the newest version; give it to `leave_as_sold`.
        sold: it is compared with what was sold; if not, with the version before.
        to_decide: staff have not said yet what is to be done.
        seen_at: UTC; when the newest version came.
        changes: what differs; empty where only what no field shows does.
    """

    order_id: int
    version: int
    sold: bool
    to_decide: bool
    standing: Standing
    seen_at: datetime
    changes: tuple[Difference, ...]


def difference(context: Context, order_id: int) -> OrderDifference | None:
    """Return how the webstore's newest version of an order differs from what was sold, or None.

    An order without a sale is compared with the version before.

    Raises:
        NotFound: there is no such order.
    """
    with context.database.read() as database:
        row = order_row(database, order_id)
        base = _base_version(database, row)
        known = _versions(database, order_id, (base or 0, row.version))
    if base not in known or known[base].content_hash == known[row.version].content_hash:
        return None
    before, after = (WebOrder.model_validate_json(known[one].document) for one in (base, row.version))
    if gone := rejected(row.line_states):
        if before.hash_without(gone) == after.hash_without(gone):
            return None  # the webstore took out what was rejected here
        before, after = before.without_lines(gone), after.without_lines(gone)
    return OrderDifference(
        order_id=order_id,
        version=row.version,
        sold=row.sale_id is not None,
        to_decide=facts_of(row).changed_after_sale,
        standing=after.standing,
        seen_at=known[row.version].seen_at,
        changes=differences(before, after),
    )


def leave_as_sold(context: Context, order_id: int, version: int, signature: Signature) -> None:
    """Say that a sale stays as it is, although the webstore changed its order.

    Args:
        context: the engine's parts.
        order_id: tillbridge's own ID.
        version: the newest one that staff saw (`OrderDifference.version`).
        signature: who says so, and why.

    Raises:
        NotFound: there is no such order.
        NotAllowed: there is nothing to decide, the webstore changed it again meanwhile, or an item was added
            that its webstore has to hear of.
    """

    def work(database: Connection) -> None:
        row = locked(database, order_id)
        if not facts_of(row).changed_after_sale:
            raise NotAllowed(CHANGED.otherwise)
        if row.version != version:
            raise NotAllowed(
                Words(
                    "The webstore changed the order again; look at it once more.",
                    "웹스토어에서 주문이 다시 변경되었습니다. 다시 확인해 주세요.",
                )
            )
        added = LineState.ADDED in read(row.line_states).values()
        if added and row.decision == Decision.ACCEPTED:
            raise NotAllowed(_ADDED)
        touch(context, database, row, {"kept_hash": row.content_hash})
        reason = f": {signature.reason}" if signature.reason else "."
        words = Words(
            f"The sale stays as it is, although the webstore changed the order{reason}",
            f"웹스토어에서 주문이 변경되었지만 거래를 그대로 두기로 했습니다{reason}",
        )
        sign(database, context.clock.now(), [Entry(order_id, signature.who, ENTRY, words)])

    context.database.unit("left as sold", work)


def _base_version(database: Connection, row: AnyRow) -> int | None:
    """Return the version to compare with: the one that was sold, or the one before."""
    if row.sale_id is None:
        return row.version - 1 if row.version > 1 else None
    attempts = tables.attempts
    query = select(attempts.c.version).where(
        and_(attempts.c.order_id == row.id, attempts.c.number == row.sold_attempt)
    )
    found = database.execute(query).scalar()
    return None if found is None else int(found)


def _versions(database: Connection, order_id: int, numbers: tuple[int, ...]) -> dict[int, AnyRow]:
    table = tables.versions
    query = select(table).where(table.c.order_id == order_id, table.c.number.in_(numbers))
    return {row.number: row for row in database.execute(query)}
