"""What messages about money that webstores have to give back say, with the amounts, and what mends each."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, select

from tillbridge.db import tables
from tillbridge.db.sets import among
from tillbridge.model.messages import Action, Cause, OrderRef
from tillbridge.model.money import Money, sum_money
from tillbridge.model.words import Words
from tillbridge.payments.owed import Owed

SENTENCES: Final[Mapping[Cause, tuple[Words, Words]]] = {
    Cause.REFUND: (
        Words(
            "For 1 order the webstore has money to give back to the customer.",
            "웹스토어에서 고객에게 환불해야 하는 주문이 1건 있습니다.",
        ),
        Words(
            "For {0} orders the webstore has money to give back to the customers.",
            "웹스토어에서 고객에게 환불해야 하는 주문이 {0}건 있습니다.",
        ),
    ),
    Cause.REFUND_UNSAID: (
        Words(
            "1 paid order came to nothing, and its webstore has not said whether it charged the customer.",
            "취소된 결제 주문 중 웹스토어에서 청구 여부를 알리지 않은 주문이 1건 있습니다.",
        ),
        Words(
            "{0} paid orders came to nothing, and their webstores have not said whether they charged the "
            "customers.",
            "취소된 결제 주문 중 웹스토어에서 청구 여부를 알리지 않은 주문이 {0}건 있습니다.",
        ),
    ),
}
ACTIONS: Final[Mapping[Cause, Action]] = {
    Cause.REFUND: Action(
        Words(
            "Once the webstore was told, with the next poll, see there that it is given back, or give it "
            "back there; this ends once the webstore says so, or by hand.",
            "다음 확인 때 웹스토어에 알린 뒤 환불되었는지 확인하거나 웹스토어에서 환불해 주세요. 웹스토어가 "
            "알려 주면 없어지며, 직접 완료로 표시할 수도 있습니다.",
        ),
        "tillbridge order refunded {0}",
    ),
    Cause.REFUND_UNSAID: Action(
        Words(
            "See there that the customer gets the money back, or that none is taken; then say so here.",
            "웹스토어에서 환불되거나 청구되지 않는지 확인한 뒤 완료로 표시해 주세요.",
        ),
        "tillbridge order refunded {0}",
    ),
}


def amounts_of(database: Connection, order_ids: Sequence[int]) -> dict[int, Money]:
    """Return what is still to be given back of these orders, by their IDs, where somebody counted it."""
    orders = tables.orders
    query = select(orders.c.id, orders.c.owed, orders.c.currency).where(
        among(database, orders.c.id, list(order_ids)), orders.c.owed.is_not(None)
    )
    found = {row.id: Money(Owed.read(row.owed).due, row.currency) for row in database.execute(query)}
    return {number: amount for number, amount in found.items() if amount}


def sentence_of(orders: Sequence[OrderRef], count: int) -> Words | None:
    """Say how much is to be given back, and by whom; None where that is not known of each order."""
    amounts = [one.owed for one in orders if one.owed is not None]
    if len(amounts) < count or len({one.currency for one in amounts}) != 1:
        return None
    total = sum_money(amounts, amounts[0].currency)
    if count == 1:
        (order,) = orders
        return Words(
            f"For order {order.number} {order.connection} has {total:en} to give back to the customer.",
            f"{order.connection}에서 주문 {order.number}의 고객에게 {total:ko}을(를) 환불해야 합니다.",
        )
    return Words(
        f"For {count} orders the webstores have {total:en} to give back to the customers.",
        f"웹스토어에서 고객에게 환불해야 하는 주문이 {count}건 있습니다(합계 {total:ko}).",
    )
