"""Which payment service serves a webstore's connection, and when it takes the money."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from tillbridge import connections
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import InputError
from tillbridge.model.orders import OrderKind
from tillbridge.model.payments import Capture
from tillbridge.model.status import OVER
from tillbridge.model.words import Words
from tillbridge.payments.known import ask_to_look
from tillbridge.provider import Capability, Provider

CAPTURE_WORDS: Final = {
    Capture.ACCEPTANCE: Words("when the order is accepted", "주문 수락 시"),
    Capture.PICK_UP: Words("when it is picked up", "수령 시"),
}


@dataclass(frozen=True, slots=True)
class Served:
    """Who has the payments of a connection's orders: a service's connection, itself, or nobody (None)."""

    connection: str
    service: str | None
    capture: Capture
    itself: bool = False


def served(context: Context, name: str) -> Served:
    """Return who has the payments of a connection's orders.

    Raises:
        NotFound: there is no connection of that name.
    """
    every = connections.rows(context)
    (row,) = connections.rows(context, name)
    names = {one.id: one.name for one in every}
    known = context.plugins.providers.get(row.provider)
    itself = row.paid_by is None and known is not None and Capability.PAYMENTS in known.capabilities
    return Served(name, names.get(row.paid_by), Capture(row.capture), itself)


def serve(context: Context, name: str, service: str, capture: Capture, who: str) -> Served:
    """Let a payment service's connection serve a webstore's connection; "" lets none. Signed.

    The payments of orders that are under way are read with the next beat.

    Raises:
        NotFound: there is no connection of that name.
        InputError: the webstore charges by itself, or the other connection is no payment service.
    """
    (row,) = connections.rows(context, name)
    by = connections.rows(context, service)[0] if service else None
    if by is not None:
        require_fit(context, context.plugins.provider(row.provider), name, by)
    before = served(context, name)

    def write(database: Connection) -> None:
        values = {"paid_by": by.id if by else None, "capture": capture.value}
        table = tables.connections
        database.execute(update(table).where(table.c.id == row.id).values(**values))
        words = _changed(before, Served(name, service or None, capture))
        entry = {
            "connection_id": row.id,
            "at": context.clock.now(),
            "who": who,
            "en": words.en,
            "ko": words.ko,
        }
        database.execute(insert(tables.connection_log).values(entry))
        if by is not None:
            ask_to_look(database, dict.fromkeys(_under_way(database, row.id), context.clock.now()))

    context.database.unit("payment service", write)
    return served(context, name)


def require_fit(context: Context, store: Provider, name: str, by: AnyRow) -> None:
    """Refuse a payment service's connection (a row) that cannot serve a webstore's, called `name`.

    Raises:
        InputError: the webstore charges by itself, or the other connection is no payment service.
    """
    service = context.plugins.provider(by.provider)
    if Capability.ORDERS not in store.capabilities:
        raise InputError(Words(f"{name} brings no orders.", f"{name} 연결은 주문을 가져오지 않습니다."))
    if store.charges_on_acceptance or Capability.PAYMENTS in store.capabilities:
        raise InputError(
            Words(
                f"{store.title} charges its customers by itself; no payment service can do it beside.",
                f"{store.title}은(는) 직접 결제를 청구하므로 결제 서비스를 지정할 수 없습니다.",
            )
        )
    if Capability.PAYMENT_ACTS not in service.capabilities:
        raise InputError(
            Words(
                f"{by.name} ({service.title}) is no payment service.",
                f"{by.name}({service.title})은(는) 결제 서비스가 아닙니다.",
            )
        )


def _changed(before: Served, after: Served) -> Words:
    def said(one: Served) -> Words:
        if one.service is None:
            return Words("-", "-")
        when = CAPTURE_WORDS[one.capture]
        return Words(f"{one.service}, {when.en}", f"{one.service}, {when.ko}")

    old, new = said(before), said(after)
    return Words(f"payments: {old.en} → {new.en}", f"결제: {old.ko} → {new.ko}")


def _under_way(database: Connection, connection_id: int) -> list[int]:
    orders = tables.orders
    query = select(orders.c.id).where(
        orders.c.connection_id == connection_id,
        orders.c.kind != OrderKind.ROPIS,
        orders.c.status.not_in(list(OVER)),
    )
    return list(database.execute(query).scalars())
