"""The order at hand of a repair: what it says now, and the store that it is for."""

from sqlalchemy import and_, select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.orders.order_state import no_order


def order_and_store(context: Context, order_id: int) -> tuple[WebOrder, Store | None]:
    """Return the newest readable version of an order, and its store (the first one where it has none).

    Raises:
        NotFound: there is no such order.
        NotAllowed: nothing readable came of it yet.
    """
    orders, versions = tables.orders, tables.versions
    newest = and_(versions.c.order_id == orders.c.id, versions.c.number == orders.c.version)
    query = (
        select(orders.c.store, versions.c.document).outerjoin(versions, newest).where(orders.c.id == order_id)
    )
    with context.database.read() as database:
        row = database.execute(query).first()
    if row is None:
        raise no_order(order_id)
    if row.document is None:
        raise NotAllowed(
            Words(
                "The order's data is damaged, so it says neither who ordered nor what.",
                "주문 데이터가 손상되어 고객과 제품을 알 수 없습니다.",
            )
        )
    stores = context.pos.stores()
    store = next((one for one in stores if one.code == row.store), stores[0] if stores else None)
    return WebOrder.model_validate_json(row.document), store


def web_line(order: WebOrder, line_id: str) -> WebLine:
    """Return a line of an order.

    Raises:
        NotFound: it has no such line.
    """
    for line in order.lines:
        if line.id == line_id:
            return line
    raise NotFound(
        Words(
            f"Order {order.number} has no line {line_id!r}.",
            f"주문 {order.number}에 {line_id!r} 항목이 없습니다.",
        )
    )
