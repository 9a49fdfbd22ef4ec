"""Moves an order's sale to another customer, where it was opened for a wrong one.

What the order brought to the first one (address, consent) is applied once per order and stays (invariant 7).
"""

from functools import partial

from sqlalchemy import select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.counter.acting import act
from tillbridge.counter.plans import change_customer
from tillbridge.db import tables, waiting
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import ANSWERED
from tillbridge.model.words import Words
from tillbridge.orders.order_state import FINISHED, Signature, no_order


def sale_of_another(context: Context, order_id: int, customer_id: str | None) -> bool:
    """Say whether an order has an open sale that is not this customer's (None: a new one's).

    Raises:
        NotFound: there is no such order.
        NotAllowed: its sale is another's and finished, or is being opened just now.
    """
    orders = tables.orders
    query = select(
        orders.c.sale_id,
        orders.c.sale_state,
        orders.c.customer_id,
        waiting.HAS_UNANSWERED.label("unanswered"),
    ).where(orders.c.id == order_id)
    with context.database.read() as database:
        row = database.execute(query).first()
    if row is None:
        raise no_order(order_id)
    if row.unanswered:
        raise NotAllowed(ANSWERED.otherwise)
    if row.sale_id is None or row.customer_id == customer_id:
        return False
    if row.sale_state in FINISHED:
        raise NotAllowed(
            Words(
                f"The sale is finished and stays {row.customer_id}'s. That later orders go to the right one, "
                "take the wrong link back: tillbridge binding list --all",
                f"이미 종료된 거래이므로 고객 {row.customer_id}(으)로 남습니다. 이후 주문이 올바른 고객에게 "
                "연결되도록 잘못된 연결을 해제해 주세요: tillbridge binding list --all",
            )
        )
    return True


def move_sale(  # what a use case hands on
    context: Context,
    opened: OpenConnection,
    order_id: int,
    customer: tuple[str, str],
    signature: Signature,
) -> None:
    """Let an order's open sale be another customer's (ID and name); signed with before and after.

    Raises:
        NotAllowed: the point of sale refuses it or does it itself, or the sale was changed meanwhile.
    """
    customer_id, name = customer
    act(context, opened, order_id, partial(change_customer, customer_id=customer_id, name=name), signature)
