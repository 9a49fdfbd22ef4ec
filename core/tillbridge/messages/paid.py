"""The causes that are orders' money at a payment service: not done, ending, ended, not adding up."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, and_, exists, func, literal, or_, select

from tillbridge.db import tables, waiting
from tillbridge.db.payment_tables import differences, web_payments
from tillbridge.db.states import DeliveryState
from tillbridge.model.exchange import Decision
from tillbridge.model.messages import Cause
from tillbridge.model.payments import WebPaymentState
from tillbridge.model.status import OVER
from tillbridge.sending.deliveries import Destination

WARNED_BEFORE: Final = timedelta(days=1)
"""How long before a hold ends staff are told, whatever is promised to the customer."""


def selects(now: datetime) -> Iterator[Select[Any]]:
    """Yield a SELECT for each cause, as `tillbridge.messages.orders` puts them together."""
    yield _not_done()
    yield _hold_ended(now)
    yield _hold_ending(now)
    yield _differing()


def _of(cause: Cause, since: ColumnElement[Any]) -> Select[Any]:
    orders = tables.orders
    return select(
        literal(cause.value, String).label("cause"),
        orders.c.id,
        orders.c.number,
        orders.c.connection_id,
        since.label("since"),
    )


def _not_done() -> Select[Any]:
    """Select orders for which the payment service refused what was decided, and has done nothing since."""
    orders, deliveries = tables.orders, tables.deliveries
    later = deliveries.alias()
    since = exists().where(
        later.c.order_id == deliveries.c.order_id,
        later.c.destination == Destination.PAYMENT,
        later.c.id > deliveries.c.id,
        later.c.state == DeliveryState.SENT,
    )
    aside = select(deliveries.c.order_id).where(
        waiting.SET_ASIDE, deliveries.c.destination == Destination.PAYMENT, ~since
    )
    return _of(Cause.PAYMENT_NOT_DONE, orders.c.changed_at).where(orders.c.id.in_(aside))


def _wanted() -> ColumnElement[bool]:
    """Return the condition that an order's goods are still to be handed over."""
    orders = tables.orders
    return and_(
        or_(orders.c.status.is_(None), orders.c.status.not_in(list(OVER))),
        or_(orders.c.decision.is_(None), orders.c.decision != Decision.REJECTED),
    )


def _hold_ended(now: datetime) -> Select[Any]:
    """Select orders that wait for their customer, and whose money nobody has any more."""
    orders, other = tables.orders, web_payments.alias()
    held = and_(
        other.c.state == WebPaymentState.HELD,
        or_(other.c.capture_before.is_(None), other.c.capture_before > now),
    )
    money = exists().where(other.c.order_id == orders.c.id, or_(other.c.captured_minor > 0, held))
    # Two sets, each out of an index of its own: asked in one condition, every order would be looked at.
    expired = select(web_payments.c.order_id).where(waiting.HOLD_EXPIRED)
    ended = select(web_payments.c.order_id).where(waiting.HELD, web_payments.c.capture_before <= now)
    lost = orders.c.id.in_(expired.union_all(ended))
    return _of(Cause.HOLD_ENDED, orders.c.changed_at).where(lost, ~money, _wanted())


def _hold_ending(now: datetime) -> Select[Any]:
    """Select orders whose hold ends within a day, or before the customer is promised to be able to come."""
    orders = tables.orders
    promised = func.coalesce(orders.c.pick_up_until, orders.c.expected_at)
    soon = or_(
        web_payments.c.capture_before <= now + WARNED_BEFORE, web_payments.c.capture_before <= promised
    )
    return (
        _of(Cause.HOLD_ENDING, web_payments.c.capture_before)
        .join(web_payments, web_payments.c.order_id == orders.c.id)
        .where(
            waiting.HELD,
            web_payments.c.capture_before > now,
            soon,
            _wanted(),
        )
    )


def _differing() -> Select[Any]:
    """Select orders whose money does not add up."""
    orders = tables.orders
    since = select(differences.c.since).where(differences.c.order_id == orders.c.id).scalar_subquery()
    found = orders.c.id.in_(select(differences.c.order_id))
    return _of(Cause.MONEY_DIFFERS, since).where(found)
