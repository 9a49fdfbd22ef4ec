"""What waits, as conditions that a database can look up in an index of what waits and of nothing else.

A partial index is used only where the query holds the index's own condition, and by its value: SQLite looks
into no parameter for it. So values stand in these conditions as they are, and the indexes of
`tillbridge.db.tables` say the same. A look whether anything waits then costs what waits, and not what there
ever was.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, false, literal_column, or_, true

from tillbridge.db import export_tables, listing_tables, payment_tables, tables
from tillbridge.db.states import OPEN_DELIVERIES, AttemptState, DeliveryState, RefundState
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import OrderKind, Standing
from tillbridge.model.payments import WebPaymentState
from tillbridge.model.status import OVER, SOLD, UNSOLD, Status
from tillbridge.pos.contract import SaleState

Condition = ColumnElement[bool]


def _as_it_is(value: str) -> ColumnElement[Any]:
    return literal_column(f"'{value}'")


def _one_of(values: Iterable[str]) -> list[ColumnElement[Any]]:
    return [_as_it_is(value) for value in values]


UNHANDLED: Final[Condition] = tables.payloads.c.handled == false()
"""A payload that is not settled."""

UNANSWERED: Final[Condition] = tables.attempts.c.state == _as_it_is(AttemptState.UNANSWERED)
"""An attempt to which the POS has not answered."""

HAS_UNANSWERED: Final[Condition] = exists().where(
    tables.attempts.c.order_id == tables.orders.c.id, UNANSWERED
)
"""An order with such an attempt: what became of its sale is not known."""

CLAIMED: Final[Condition] = tables.deliveries.c.state == _as_it_is(DeliveryState.CLAIMED)
"""A delivery that a run of the outbox is at."""

OPEN: Final[Condition] = tables.deliveries.c.state.in_(_one_of(OPEN_DELIVERIES))
"""A delivery that has not reached its end."""

FETCH_AGAIN: Final[Condition] = tables.orders.c.fetch_again > literal_column("0")
"""An order of which two readings overlapped and differed."""

FINISHED: Final[tuple[Condition, Condition]] = (
    tables.orders.c.sale_state == _as_it_is(SaleState.FINISHED),
    tables.orders.c.status.in_(_one_of(SOLD)),
)
"""An order whose sale was finished at the till, and that is not completed."""


CLOSED_EMPTY: Final[tuple[Condition, Condition]] = (
    tables.orders.c.sale_state == _as_it_is(SaleState.CLOSED_EMPTY),
    tables.orders.c.status.in_(_one_of(SOLD)),
)
"""An order whose sale was closed without items, and that is neither cancelled nor completed."""

HELD: Final[Condition] = payment_tables.web_payments.c.state == _as_it_is(WebPaymentState.HELD)
"""A payment that is held and not taken."""

HOLD_EXPIRED: Final[Condition] = payment_tables.web_payments.c.state == _as_it_is(WebPaymentState.EXPIRED)
"""A payment whose hold has ended."""

TO_DEAL_WITH: Final[Condition] = tables.orders.c.status.in_(_one_of((Status.NEW, *UNSOLD, Status.IN_PROCESS)))
"""An order that asks staff to act, or that is about to be sold (Process Sale)."""

DIFFERS: Final[tuple[Condition, ...]] = (
    tables.orders.c.sale_id.is_not(None),
    tables.orders.c.sold_hash != tables.orders.c.content_hash,
    tables.orders.c.kept_hash != tables.orders.c.content_hash,
)
"""An order that the webstore changed after its sale, and of which nobody has said yet that the sale stays."""

CONFLICT: Final[tuple[Condition, ...]] = (
    tables.orders.c.decision == _as_it_is(Decision.REJECTED),
    tables.orders.c.sale_state == _as_it_is(SaleState.FINISHED),
    tables.orders.c.status != _as_it_is(Status.ARCHIVED),
)
"""An order that was rejected, and whose sale was finished at the till all the same."""

NO_OUTCOME: Final[tuple[Condition, ...]] = (
    tables.orders.c.status == _as_it_is(Status.COMPLETED),
    tables.orders.c.kind == _as_it_is(OrderKind.ROPIS),
    tables.orders.c.resolution.is_(None),
)
"""A reservation that is over, and of which nobody has said how it ended."""

REFUND: Final[Condition] = tables.orders.c.refund.in_(
    _one_of((RefundState.LOOK, RefundState.DUE, RefundState.UNSAID, RefundState.PART, RefundState.RETURNED))
)
"""An order whose webstore may have money to give back."""

ON_SALE: Final[Condition] = tables.orders.c.sale_state == _as_it_is(SaleState.OPEN)
"""An order whose sale is open: its goods are off the stock, and not handed over."""

SET_ASIDE: Final[Condition] = tables.deliveries.c.state == _as_it_is(DeliveryState.SET_ASIDE)
"""A delivery that was refused, or tried too often."""

TO_ANSWER: Final[tuple[Condition, ...]] = (
    tables.orders.c.decision.is_(None),
    tables.orders.c.standing == _as_it_is(Standing.OPEN),
    or_(tables.orders.c.status.is_(None), tables.orders.c.status.not_in(_one_of(OVER))),
)
"""An order that is to be accepted or rejected."""


CLOSING: Final[Condition] = tables.orders.c.closing.is_not(None)
"""An order that is completed as soon as its sale is finished."""


TO_PICK_UP: Final[tuple[Condition, ...]] = (
    ON_SALE,
    tables.orders.c.status.in_(_one_of((Status.IN_PROCESS, Status.READY_FOR_PICKUP))),
    tables.orders.c.closing.is_(None),
    or_(
        tables.orders.c.no_show_left.is_(None),
        tables.orders.c.no_show_left != tables.orders.c.pick_up_until,
    ),
)
"""An order whose goods may wait for the customer, and whose no-show was not left to staff."""

READY: Final[Condition] = tables.orders.c.status == _as_it_is(Status.READY_FOR_PICKUP)
"""An order all of whose goods wait for the customer."""

RESERVED: Final[Condition] = export_tables.shelf.c.reserved != _as_it_is("0")
"""A product of which pieces wait in orders that have no sale yet."""

OFFER_DUE: Final[Condition] = export_tables.export_items.c.due == true()
"""An offer that a webstore is to be told."""

OFFER_STATE: Final[Condition] = export_tables.export_items.c.state != _as_it_is("")
"""An offer that was refused, is pending or is held."""


LISTING_PROBLEM: Final[Condition] = listing_tables.listed.c.problem != _as_it_is("")
"""An item of a webstore that would match no product, several, or the same as another item."""


def of_connection(order_id: ColumnElement[Any], connection_id: int | ColumnElement[int]) -> Condition:
    """Return the condition that an order is of this connection, to be asked of few: those that wait."""
    orders = tables.orders
    return exists().where(orders.c.id == order_id, orders.c.connection_id == connection_id)
