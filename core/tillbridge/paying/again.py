"""When an order's payments are read again though nobody asked: webhooks get lost, or are not set up. Pure.

What may still change at the service is read a few times a day; what is over and confirmed is left alone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from tillbridge.model.payments import WebPayment, WebPaymentState

AT_LEAST: Final = timedelta(hours=6)
"""How often payments are read that may still change."""
_SOONEST: Final = timedelta(minutes=5)
_SPREAD: Final = timedelta(hours=1)
_STEP: Final = timedelta(seconds=61)
_UNFINISHED: Final = (WebPaymentState.PENDING, WebPaymentState.REQUIRES_ACTION)


def next_look(
    payments: Sequence[WebPayment], *, order_id: int, age: timedelta | None, now: datetime
) -> datetime | None:
    """Return when payments that were read just now are read again by themselves, or None.

    Args:
        payments: of one order; none were found, where there are none.
        order_id: the order's, which spreads what came in at once.
        age: how long ago the order was placed; None: it is over, and no money is to be found for it.
        now: UTC.
    """
    waits = list(_waits(payments, age))
    held = (one.capture_before for one in payments if one.state is WebPaymentState.HELD)
    ends = [end for end in held if end is not None and end > now]
    spread = (order_id * _STEP) % _SPREAD
    return min(
        [*ends, *(now + (wait - spread if wait == AT_LEAST else wait) for wait in waits)], default=None
    )


def _waits(payments: Sequence[WebPayment], age: timedelta | None) -> list[timedelta]:
    waits = []
    if any(one.held or one.refund_pending for one in payments) or (payments and age is not None):
        waits.append(AT_LEAST)
    if age is not None and (not payments or any(one.state in _UNFINISHED for one in payments)):
        # The customer may be paying just now; of an old order nobody is.
        waits.append(min(max(age / 2, _SOONEST), AT_LEAST))
    return waits
