"""Tells Locally what became of an order, item by item, and in the end how it ended: picked up or not."""

from collections.abc import Mapping
from typing import Final

from tillbridge.plugin import (
    Connection,
    HttpRejected,
    Outcome,
    Receipt,
    Rejected,
    Said,
    StatusDelivery,
    Words,
)
from tillbridge_locally.transport import Transport, Verdict

_VERDICTS: Final[Mapping[Said, Verdict]] = {
    Said.ACCEPTED: Verdict.CONFIRM,
    Said.REJECTED: Verdict.DENY,
    Said.READY: Verdict.READY,
}
_WHY: Final[Mapping[int, Words]] = {
    402: Words(
        en="The customer's card could not be charged, so Locally did not confirm the order.",
        ko="고객의 카드로 결제되지 않아 로컬리에서 주문을 확정하지 않았습니다.",
    ),
    404: Words(en="Locally no longer has this order.", ko="로컬리에 이 주문이 더 이상 없습니다."),
    409: Words(
        en="The order is closed at Locally (cancelled, expired or picked up); it is too late to decide.",
        ko="로컬리에서 이미 종료된 주문(취소, 만료 또는 수령)이라 더 이상 결정할 수 없습니다.",
    ),
    410: Words(en="The order has expired at Locally.", ko="로컬리에서 주문이 만료되었습니다."),
}


_TOO_LATE: Final = frozenset({409, 410})
_PICKED_UP: Final = "picked_up"


def push(connection: Connection, delivery: StatusDelivery) -> Receipt:
    """Say it of the order's items; what was said before may be said again.

    The items are those of the delivery, or all that are bought. Each is a call of its own, so that after
    `Retryable` the first ones are said again: Locally keeps a state, it does not count calls. How a
    reservation ended, and that a paid order was picked up, is said of the cart.
    """
    transport = Transport(connection)
    done = 0
    try:
        if delivery.said in (Said.RESOLVED, Said.PICKED_UP):
            ended = delivery.resolution or _PICKED_UP
            transport.resolve(delivery.order_id, resolution=ended, key=delivery.key)
            return Receipt(Outcome.ACCEPTED)
        items = tuple(delivery.line_ids) or transport.item_ids(delivery.order_id)
        for item in items:
            transport.decide(
                delivery.order_id,
                item=item,
                verdict=_VERDICTS[delivery.said],
                message=delivery.reason,
                key=f"{delivery.key}:{item}",
            )
            done += 1
    except HttpRejected as error:
        if delivery.said is Said.REJECTED and _is_given_up(transport, delivery.order_id, error):
            return Receipt(Outcome.ACCEPTED)
        return _refused(_WHY.get(error.status, error.words), done)
    except Rejected as error:
        return _refused(error.words, done)
    return Receipt(Outcome.ACCEPTED)


def _is_given_up(transport: Transport, order_id: str, error: HttpRejected) -> bool:
    """Say whether a rejection came too late for an order that its shopper, or Locally, has cancelled."""
    return error.status in _TOO_LATE and transport.is_called_off(order_id)


def _refused(why: Words, done: int) -> Receipt:
    if done:
        why = Words(
            en=f"{why.en} {done} of its items had already been passed on; look at the order at Locally.",
            ko=f"{why.ko} 이미 전달된 품목이 {done}개 있으니 로컬리에서 주문을 확인해 주세요.",
        )
    return Receipt(Outcome.REFUSED, why)
