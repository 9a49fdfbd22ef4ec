"""What is known of orders' payments: as their services had them when they were read last.

A reading takes the place of an older one. Where two overlap and differ nobody can say which is newer: the
one that is further along is kept, and the payment is read once more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from tillbridge.db.payment_tables import looks, web_payments
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.model.money import Money, sum_money
from tillbridge.model.payments import WebPayment, WebPaymentState

_FURTHER: Final = (
    WebPaymentState.PENDING,
    WebPaymentState.REQUIRES_ACTION,
    WebPaymentState.HELD,
    WebPaymentState.FAILED,
    WebPaymentState.EXPIRED,
    WebPaymentState.RELEASED,
    WebPaymentState.CAPTURED,
)

_SOON: Final = timedelta(seconds=30)
"""After which a payment is read again of which two readings overlapped and differed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One payment of an order as it was read, and in which time."""

    order_id: int
    service_id: int
    payment: WebPayment
    started: datetime
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What an order's payments come to.

    Attributes:
        kept: taken, and neither given back nor about to be.
        given_back: given back, and confirmed.
        pending: given back, and not confirmed yet.
        expired: what was held, and can be taken no more.
        live: whether real money moves; None: there is no payment.
    """

    held: Money
    kept: Money
    given_back: Money
    pending: Money
    expired: Money
    released: bool
    capture_before: datetime | None
    live: bool | None


def payments_of(database: Connection, order_ids: Collection[int]) -> dict[int, list[WebPayment]]:
    """Return what is known of orders' payments, the oldest first, by the orders' IDs."""
    query = select(web_payments.c.order_id, web_payments.c.document).where(
        among(database, web_payments.c.order_id, list(order_ids))
    )
    found: dict[int, list[WebPayment]] = {number: [] for number in order_ids}
    for row in database.execute(query):
        found[row.order_id].append(WebPayment.model_validate_json(row.document))
    for every in found.values():
        every.sort(key=lambda one: (one.created_at, one.id))
    return found


def sums_of(payments: Sequence[WebPayment], now: datetime) -> Sums | None:
    """Return what payments come to, by the clock; None where there is none."""
    if not payments:
        return None
    currency = payments[0].currency
    over = [one for one in payments if has_ended(one, now)]
    holds = [one for one in payments if one.state is WebPaymentState.HELD and one not in over]
    ends = [one.capture_before for one in holds if one.capture_before]

    def total(amounts: Iterable[Money]) -> Money:
        return sum_money(amounts, currency)

    return Sums(
        held=total(one.held for one in holds),
        kept=total(one.kept for one in payments),
        given_back=total(one.refunded for one in payments),
        pending=total(one.refund_pending for one in payments),
        expired=total(one.authorised for one in over),
        released=any(one.state is WebPaymentState.RELEASED for one in payments),
        capture_before=min(ends, default=None),
        live=any(one.live for one in payments),
    )


def has_ended(payment: WebPayment, now: datetime) -> bool:
    """Say whether a hold has ended, also where its service was not asked since."""
    if payment.state is WebPaymentState.EXPIRED:
        return True
    ends = payment.capture_before
    return payment.state is WebPaymentState.HELD and ends is not None and ends <= now


def write_readings(database: Connection, readings: Sequence[Reading]) -> list[Reading]:
    """Keep what was read, where it is newer; return what changed.

    Where a reading overlaps another that differs, its order is to be looked at again.
    """
    kept = _kept(database, {one.order_id for one in readings})
    rows, changed, again = [], [], {}
    for one in readings:
        before = kept.get((one.order_id, one.payment.id))
        document = one.payment.model_dump_json()
        same = before is not None and before.document == document
        if before is not None and one.started < before.seen_ended and not same:
            again[one.order_id] = one.ended + _SOON
            if one.ended <= before.seen_started or not _is_further(one.payment, before):
                continue
        elif before is not None and one.ended < before.seen_ended:
            continue
        rows.append(_row(one, document))
        if not same:
            changed.append(one)
    upsert(database, web_payments, rows, keys=("order_id", "payment_id"))
    ask_to_look(database, again)
    return changed


def _kept(database: Connection, order_ids: Collection[int]) -> Mapping[tuple[int, str], AnyRow]:
    query = (
        select(web_payments)
        .where(among(database, web_payments.c.order_id, sorted(order_ids)))
        .order_by(web_payments.c.order_id, web_payments.c.payment_id)
        .with_for_update()
    )
    return {(row.order_id, row.payment_id): row for row in database.execute(query)}


def _is_further(payment: WebPayment, before: AnyRow) -> bool:
    def place(state: str, captured: int, back: int) -> tuple[int, int, int]:
        return _FURTHER.index(WebPaymentState(state)), captured, back

    back = payment.refunded + payment.refund_pending
    new = place(payment.state, payment.captured.minor, back.minor)
    return new >= place(before.state, before.captured_minor, before.refunded_minor + before.pending_minor)


def _row(one: Reading, document: str) -> dict[str, Any]:
    payment = one.payment
    return {
        "order_id": one.order_id,
        "payment_id": payment.id,
        "service_id": one.service_id,
        "state": payment.state.value,
        "currency": payment.currency,
        "authorised_minor": payment.authorised.minor,
        "captured_minor": payment.captured.minor,
        "refunded_minor": payment.refunded.minor,
        "pending_minor": payment.refund_pending.minor,
        "capture_before": payment.capture_before,
        "live": payment.live,
        "document": document,
        "seen_started": one.started,
        "seen_ended": one.ended,
    }


def ask_to_look(database: Connection, wanted: Mapping[int, datetime]) -> None:
    """Let orders' payments be read, each at its time (UTC); one that waits for its next try need not wait."""
    if not wanted:
        return
    numbers = sorted(wanted)
    asked = select(looks.c.order_id, looks.c.asked, looks.c.due_at).where(
        among(database, looks.c.order_id, numbers)
    )
    known = {row.order_id: row for row in database.execute(asked.with_for_update())}
    rows = [
        {
            "order_id": number,
            "asked": known[number].asked + 1 if number in known else 1,
            "tries": 0,
            "due_at": min(wanted[number], known[number].due_at) if number in known else wanted[number],
        }
        for number in numbers
    ]
    upsert(database, looks, rows, keys=("order_id",))
