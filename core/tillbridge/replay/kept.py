"""A kept payload, byte for byte as the webstore sent it: for support, and for an integrator's tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tillbridge import views
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.settle import payloads


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPayload:
    """What a webstore sent for one order; its parts hold the customer's data.

    Attributes:
        order_id: None for what is kept as no order.
        source: "poll", "check", … or "replay".
        received_at: UTC.
        digest: of all parts; equal payloads have the same.
        parts: the bytes of each answer that belongs to the order, by name.
    """

    order_id: int | None
    connection: str
    webstore_id: str
    source: str
    received_at: datetime
    digest: str
    parts: Mapping[str, bytes]


def kept_payload(context: Context, wanted: str) -> KeptPayload:
    """Return the newest payload of an order as people call it, or of what is no order by its webstore ID.

    Raises:
        NotFound: nothing, or several orders, answer to the name.
    """
    kept, orders, connections = tables.payloads, tables.orders, tables.connections
    order_id = views.order_ids(context, [wanted]).get(wanted)
    query = select(kept, connections.c.name.label("connection")).join(
        connections, connections.c.id == kept.c.connection_id
    )
    if order_id is None:
        query = query.where(kept.c.webstore_id == wanted, kept.c.not_an_order.is_not(None))
    else:
        query = query.join(orders, orders.c.payload_id == kept.c.id).where(orders.c.id == order_id)
    with context.database.read() as database:
        row = database.execute(query.order_by(kept.c.id.desc()).limit(1)).first()
    if row is None:
        raise views.no_such_order(wanted)
    return KeptPayload(
        order_id=order_id,
        connection=row.connection,
        webstore_id=row.webstore_id,
        source=row.source,
        received_at=row.ended_at,
        digest=row.digest,
        parts=dict(payloads.unpack(row.webstore_id, row.parts).parts),
    )
