"""An order's row as acts work with it: locked, with what the guards ask, changed, and told of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select, update

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.states import RefundState
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.model.errors import NotFound
from tillbridge.model.exchange import Decision
from tillbridge.model.handover import Handover
from tillbridge.model.orders import OrderKind, Standing
from tillbridge.model.reasons import UNREAD, ReasonCode, names_any
from tillbridge.model.resolutions import NOT_HANDED_OVER, Resolution
from tillbridge.model.status import OrderFacts, Status
from tillbridge.model.words import Words, printable
from tillbridge.orders.line_states import to_decide
from tillbridge.pos.contract import SaleState
from tillbridge.provider import Capability

FINISHED = (SaleState.FINISHED, SaleState.CLOSED_EMPTY)
NOT_OWED = ("", RefundState.UNCHARGED)
"""What an order's column says where its webstore has nothing to give back."""
_GONE = (Standing.CANCELLED, Standing.REFUNDED)
_WHO_LENGTH = 200  # the columns' width
_REASON_LENGTH = 2000  # a screen's worth; the webstore is told it too


@dataclass(frozen=True, slots=True)
class Signature:
    """Who acts, and why; both stand in the order's timeline, so what cannot be stored is replaced."""

    who: str
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "who", printable(self.who)[:_WHO_LENGTH])
        object.__setattr__(self, "reason", printable(self.reason)[:_REASON_LENGTH])


def no_order(order_id: int) -> NotFound:
    """Return the error for an ID that no order has."""
    return NotFound(Words(f"There is no order {order_id}.", f"주문 {order_id}이(가) 없습니다."))


def with_reason(words: Words, signature: Signature) -> Words:
    """Return words with what staff gave as the reason, if they gave one."""
    if not signature.reason:
        return words
    return Words(f"{words.en} {signature.reason}", f"{words.ko} {signature.reason}")


def hears(context: Context, row: AnyRow) -> bool:
    """Say whether an order's webstore can be told of decisions."""
    return Capability.STATUS in context.plugins.provider(row.provider).capabilities


def locked(database: Connection, order_id: int) -> AnyRow:
    """Return an order's row, locked, with what the guards ask.

    Raises:
        NotFound: there is no such order.
    """
    orders = tables.orders
    database.execute(select(orders.c.id).where(orders.c.id == order_id).with_for_update())
    return order_row(database, order_id)


def order_row(database: Connection, order_id: int) -> AnyRow:
    """Return an order's row with what the guards ask.

    Raises:
        NotFound: there is no such order.
    """
    found = database.execute(_ROW, {"the_order": order_id}).first()
    if found is None:
        raise no_order(order_id)
    return found


def order_rows(database: Connection, order_ids: Collection[int]) -> Sequence[AnyRow]:
    """Return orders' rows as `order_row` does, by their IDs; one that there is not is left out."""
    orders = tables.orders
    return database.execute(
        _rows().where(among(database, orders.c.id, list(order_ids))).order_by(orders.c.id)
    ).all()


def _rows() -> Select[Any]:
    orders, connections = tables.orders, tables.connections
    return select(
        orders,
        waiting.HAS_UNANSWERED.label("unanswered"),
        connections.c.name.label("connection"),
        connections.c.provider,
        connections.c.pick_up_days,
        connections.c.paid_by,
        connections.c.capture,
    ).join(connections, connections.c.id == orders.c.connection_id)


_ROW: Final = _rows().where(tables.orders.c.id == bindparam("the_order"))


def facts_of(row: AnyRow, *, hears: bool = True) -> OrderFacts:
    """Return what the status table's guards look at, of an order's row that says if it is `unanswered`."""
    unread = names_any(row.reasons, UNREAD)
    return OrderFacts(
        status=Status(row.status) if row.status else None,
        decision=Decision(row.decision) if row.decision else None,
        has_sale=row.sale_id is not None,
        sale_finished=row.sale_state in FINISHED,
        changed_after_sale=_changed_after_sale(row),
        sellable=row.standing == Standing.OPEN,
        unanswered=bool(row.unanswered),
        can_undo=row.undo is not None,
        put_aside=bool(row.put_aside),
        hears=hears,
        closing=row.closing is not None,
        closed_empty=row.sale_state == SaleState.CLOSED_EMPTY,
        emptied=row.sale_state == SaleState.EMPTIED,
        reservation=row.kind == OrderKind.ROPIS,
        sums_differ=names_any(row.reasons, (ReasonCode.TOTALS_MISMATCH,)),
        unread=unread,
        outdated=unread and row.version > 0,
        added=bool(to_decide(row.line_states)),
    )


def facts_when_finished(row: AnyRow, *, closing: bool = False) -> OrderFacts:
    """Return what the guards look at of an order whose sale is finished, by its bare row.

    Args:
        row: of `tables.orders`.
        closing: an act asked for its completion.
    """
    return OrderFacts(
        status=Status(row.status),
        decision=Decision(row.decision) if row.decision else None,
        has_sale=True,
        sale_finished=True,
        closing=closing,
        closed_empty=row.sale_state == SaleState.CLOSED_EMPTY,
    )


def handover_of(row: AnyRow) -> Handover:
    """Return what staff noted of an order's way into the customer's hands."""
    return Handover(
        expected_at=row.expected_at,
        holding_place=row.holding_place,
        pick_up_until=row.pick_up_until,
        collected_by=row.collected_by,
        collected_check=row.collected_check,
        resolution=Resolution(row.resolution) if row.resolution else None,
    )


def touch(context: Context, database: Connection, row: AnyRow, values: dict[str, Any]) -> None:
    """Change an order's row: its revision grows with it."""
    orders = tables.orders
    database.execute(
        update(orders)
        .where(orders.c.id == row.id)
        .values({**values, "revision": orders.c.revision + 1, "changed_at": context.clock.now()})
    )


def moved(row: AnyRow, after: Status | None, who: str) -> StatusChanged | None:
    """Return what observers hear of an order's new status, or None where it is the old one."""
    before = Status(row.status) if row.status else None
    if after is None or after is before:
        return None
    return StatusChanged(
        order_id=row.id,
        connection=row.connection,
        webstore_id=row.webstore_id,
        before=before,
        after=after,
        who=who,
    )


def _changed_after_sale(row: AnyRow) -> bool:
    """Whether the webstore changed a sold order and nobody has said yet that the sale stays as it is.

    What it was told itself is no change (`as_told`), nor that a rejected order is closed there too.
    """
    if row.sale_id is None or row.content_hash in (row.sold_hash, row.kept_hash):
        return False
    if as_told(row, row.standing):
        return False
    return bool(row.decision != Decision.REJECTED or row.standing == Standing.OPEN)


def as_told(row: AnyRow, standing: str | None) -> bool:
    """Say whether an order stands at its webstore as it does for what the webstore was told or asked itself.

    Its sale was closed without items; its reservation ended without being handed over; or its money was to go
    back. `tillbridge.messages.orders` asks the same of all orders at once.
    """
    if row.refund not in NOT_OWED and standing == Standing.REFUNDED:
        return True
    over = row.sale_state == SaleState.CLOSED_EMPTY or row.resolution in NOT_HANDED_OVER
    return bool(over and standing in _GONE)
