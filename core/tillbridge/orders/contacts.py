"""The contact log: who called or wrote to an order's customer, what came of it, and when to call again.

It only grows. A change that needs the customer's ear first (a price, a delay, a no-show) asks `contact_since`
or `require_contact` in its own transaction, or writes the contact down with itself by `write_contact`.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.model.contacts import TOLD, Channel, Contact, NewContact, Outcome
from tillbridge.model.errors import InputError, NotAllowed
from tillbridge.model.words import Words
from tillbridge.orders.order_state import no_order
from tillbridge.orders.timeline import Entry, sign

ENTRY = "contact"
"""What the timeline calls it."""


def record_contact(context: Context, order_id: int, new: NewContact, who: str) -> Contact:
    """Write a contact with an order's customer down, signed by `who`; return it as it is kept.

    Raises:
        NotFound: there is no such order.
        InputError: the time to call again has no zone, or is over.
    """
    now = context.clock.now()
    return context.database.unit(
        "contact", lambda database: write_contact(database, order_id, new, who=who, now=now)
    )


def write_contact(
    database: Connection, order_id: int, new: NewContact, *, who: str, now: datetime
) -> Contact:
    """Write a contact down in the caller's transaction, with its entry in the timeline.

    Args:
        database: the caller's transaction.
        order_id: tillbridge's own ID of the order.
        new: what was done.
        who: the member of staff.
        now: UTC.

    Raises:
        NotFound: there is no such order.
        InputError: the time to call again has no zone, or is over.
    """
    _refuse_past(new.again_at, now)
    orders, contacts = tables.orders, tables.contacts
    if database.execute(select(orders.c.id).where(orders.c.id == order_id)).first() is None:
        raise no_order(order_id)
    values = {
        "order_id": order_id,
        "at": now,
        "who": who,
        "person": new.person,
        "channel": new.channel.value,
        "outcome": new.outcome.value,
        "note": new.note,
        "again_at": new.again_at,
    }
    row = database.execute(insert(contacts).values(values).returning(*contacts.c)).one()
    sign(database, now, [Entry(order_id, who, ENTRY, new.words)])
    return _contact(row)


def contacts_of(context: Context, order_id: int) -> list[Contact]:
    """Return every contact with an order's customer, oldest first."""
    table = tables.contacts
    query = select(table).where(table.c.order_id == order_id).order_by(table.c.id)
    with context.database.read() as database:
        return [_contact(row) for row in database.execute(query)]


def latest_contacts(wanted: Select[Any]) -> Select[Any]:
    """Return the query of the last contact of each order whose ID `wanted` selects."""
    table = tables.contacts
    newest = select(func.max(table.c.id)).where(table.c.order_id.in_(wanted)).group_by(table.c.order_id)
    return select(table).where(table.c.id.in_(newest))


def by_order(rows: Iterable[AnyRow]) -> Mapping[int, Contact]:
    """Return the contacts of `latest_contacts` by their orders' IDs; an order without any is left out."""
    return {row.order_id: _contact(row) for row in rows}


def contact_since(
    database: Connection,
    order_id: int,
    moment: datetime | None = None,
    outcomes: Collection[Outcome] = TOLD,
) -> Contact | None:
    """Return the last contact that came to one of `outcomes` at or after `moment` (None: ever), or None."""
    table = tables.contacts
    query = select(table).where(table.c.order_id == order_id, table.c.outcome.in_(outcomes))
    if moment is not None:
        query = query.where(table.c.at >= moment)
    row = database.execute(query.order_by(table.c.id.desc()).limit(1)).first()
    return _contact(row) if row else None


def require_contact(
    database: Connection,
    order_id: int,
    moment: datetime | None = None,
    outcomes: Collection[Outcome] = TOLD,
) -> Contact:
    """Return what `contact_since` does.

    Raises:
        NotAllowed: the customer was not contacted; says how to write it down.
    """
    found = contact_since(database, order_id, moment, outcomes)
    if found is None:
        way = f"tillbridge order contact id:{order_id} call reached"
        raise NotAllowed(
            Words(
                f"Contact the customer first, and write it down: {way}",
                f"먼저 고객에게 연락하고 기록해 주세요: {way}",
            )
        )
    return found


def _refuse_past(moment: datetime | None, now: datetime) -> None:
    if moment is None or (moment.tzinfo is not None and moment > now):
        return
    raise InputError(
        Words(
            "The time to call again must lie ahead, and have a time zone.",
            "다시 연락할 시각은 시간대가 있는 이후 시각이어야 합니다.",
        )
    )


def _contact(row: AnyRow) -> Contact:
    return Contact(
        id=row.id,
        order_id=row.order_id,
        at=row.at,
        who=row.who,
        channel=Channel(row.channel),
        outcome=Outcome(row.outcome),
        person=row.person,
        note=row.note,
        again_at=row.again_at,
    )
