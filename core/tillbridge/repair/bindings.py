"""What a connection remembers: which product an item of its webstore is, and whose number a customer's is.

A binding can be taken back. Waiting orders that it concerned are matched again without it; a sale that was
made by it stays as it is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, literal, select, update

from tillbridge import listed
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.link_tables import number_links
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.model.errors import NotFound
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature, with_reason
from tillbridge.orders.timeline import SYSTEM, Entry, sign
from tillbridge.repair.healing import lock_waiting, process_again
from tillbridge.repair.linking import bump, line_of, of_listing, of_numbers, of_web_customer


class BindingKind(StrEnum):
    """What is bound."""

    PRODUCT = "product"
    NUMBERS = "numbers"  # a product too, by a line's own numbers
    CUSTOMER = "customer"


_CONCERNED: Final = {
    BindingKind.PRODUCT: of_listing,
    BindingKind.NUMBERS: of_numbers,
    BindingKind.CUSTOMER: of_web_customer,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Something that a connection remembers.

    Attributes:
        key: the webstore's own number: of its item, or of its customer; or a line's own numbers.
        title: what the webstore calls it.
        target: the POS's ID of the product or customer.
        by: who said so; "tillbridge" where a sale was made by it.
        at: UTC; None for a link that an older version made.
        orders: how many orders have that number.
    """

    kind: BindingKind
    connection: str
    key: str
    title: str
    target: str
    by: str
    at: datetime | None
    orders: int


def bindings(context: Context, connection: str | None = None, *, automatic: bool = False) -> list[Binding]:
    """Return what connections remember, products first, by connection and number.

    Args:
        context: the engine's parts.
        connection: only of this one.
        automatic: also the customers that were found by a rule when their first order was sold.
    """
    with context.database.read() as database:
        found = [_binding(kind, row) for kind, rows in _LISTS.items() for row in database.execute(rows())]
    return [one for one in found if connection in (None, one.connection) and (automatic or one.by != SYSTEM)]


def remembered_by(context: Context, order_id: int, line_id: str) -> BindingKind | None:
    """Return by what a link of this line is remembered for later orders; None: it holds for this order only.

    Raises:
        NotFound: there is no such order, or it has no such line.
    """
    with context.database.read() as database:
        line = line_of(database, order_id, line_id)
    if line.listing_id is not None:
        return BindingKind.PRODUCT
    return None if line.numbers is None else BindingKind.NUMBERS


def forget(context: Context, connection: str, binding: tuple[BindingKind, str], signature: Signature) -> int:
    """Take a binding back; return how many waiting orders are processed again without it.

    It is signed in the timelines of those orders and of the one at which the link was made.

    Args:
        context: the engine's parts.
        connection: whose binding it is.
        binding: what kind, and its key.
        signature: who, and why.

    Raises:
        NotFound: the connection remembers no such thing.
    """
    kind, key = binding

    def work(database: Connection) -> list[StatusChanged]:
        number = _connection(database, connection)
        found = lock_waiting(database, number, _CONCERNED[kind](key))
        bump(database, number)
        taken = _take(database, number, kind, key)
        if taken is None:
            raise _not_bound(connection, kind, key)
        named = BindingKind.CUSTOMER if kind is BindingKind.CUSTOMER else BindingKind.PRODUCT
        entry = (signature.who, f"{named} link undone", with_reason(_words(kind, taken), signature))
        events = process_again(context, database, found, entry)
        if taken.linked_order and taken.linked_order not in {event.order_id for event in events}:
            sign(database, context.clock.now(), [Entry(taken.linked_order, *entry)])
        return events

    events = context.database.unit("unlink", work)
    context.plugins.notify(events)
    return len(events)


def _take(database: Connection, number: int, kind: BindingKind, key: str) -> AnyRow | None:
    """Take a link away and return what it was; None where there was none."""
    if kind is BindingKind.CUSTOMER:
        links = tables.customer_links
        mine = (links.c.connection_id == number, links.c.web_customer_id == key)
        query = select(literal(key).label("title"), links.c.customer_id.label("target"), links.c.linked_order)
        found = database.execute(query.where(*mine).with_for_update()).first()
        database.execute(delete(links).where(*mine))
        return found
    if kind is BindingKind.NUMBERS:
        ours = (number_links.c.connection_id == number, number_links.c.numbers == key)
        asked = select(
            number_links.c.title, number_links.c.product_id.label("target"), number_links.c.linked_order
        )
        known = database.execute(asked.where(*ours).with_for_update()).first()
        database.execute(delete(number_links).where(*ours))
        return known
    listings = tables.listings
    own = (listings.c.connection_id == number, listings.c.item_id == key)
    query = select(listings.c.title, listings.c.product_id.label("target"), listings.c.linked_order)
    found = database.execute(query.where(*own, listings.c.product_id.is_not(None)).with_for_update()).first()
    nothing = dict.fromkeys(("product_id", "linked_by", "linked_at", "linked_order"))
    database.execute(update(listings).where(*own).values(**nothing))
    if found is not None:
        listed.unlink(database, number, key)
    return found


def _words(kind: BindingKind, taken: AnyRow) -> Words:
    if kind is not BindingKind.CUSTOMER:
        return Words(
            f"“{taken.title}” is no longer linked to product {taken.target}.",
            f"‘{taken.title}’와(과) 제품 {taken.target}의 연결을 해제했습니다.",
        )
    return Words(
        f"The webstore's customer {taken.title} is no longer linked to {taken.target}.",
        f"웹스토어 고객 {taken.title}와(과) 고객 {taken.target}의 연결을 해제했습니다.",
    )


def _connection(database: Connection, name: str) -> int:
    connections = tables.connections
    found = database.execute(select(connections.c.id).where(connections.c.name == name)).scalar()
    if found is None:
        raise NotFound(Words(f"There is no connection named {name!r}.", f"{name!r} 연결이 없습니다."))
    return int(found)


def _not_bound(connection: str, kind: BindingKind, key: str) -> NotFound:
    what = Words("customer", "고객") if kind is BindingKind.CUSTOMER else Words("product", "제품")
    return NotFound(
        Words(
            f"{connection} remembers no {what.en} for the number {key!r}.",
            f"{connection} 연결에 {key!r} 번호로 기억된 {what.ko}이(가) 없습니다.",
        )
    )


def _binding(kind: BindingKind, row: AnyRow) -> Binding:
    """Return what one of the rows of `_LISTS` says."""
    return Binding(
        kind=kind,
        connection=row.connection,
        key=row.key,
        title=row.title or "",
        target=row.target,
        by=row.linked_by or SYSTEM,
        at=row.linked_at,
        orders=row.orders,
    )


def _select(
    table: Table, key: ColumnElement[str], title: Any, target: ColumnElement[Any], count: Any
) -> Select[Any]:
    """Select what is remembered in a table: by what key, which product or customer that is, and how often."""
    connections = tables.connections
    return (
        select(
            connections.c.name.label("connection"),
            key.label("key"),
            title.label("title"),
            target.label("target"),
            table.c.linked_by,
            table.c.linked_at,
            count.label("orders"),
        )
        .join(connections, connections.c.id == table.c.connection_id)
        .order_by(connections.c.name, key)
    )


def _products() -> Select[Any]:
    listings, orders, lines = tables.listings, tables.orders, tables.order_lines
    count = (
        select(func.count(func.distinct(lines.c.order_id)))
        .join(orders, orders.c.id == lines.c.order_id)
        .where(lines.c.listing_id == listings.c.item_id, orders.c.connection_id == listings.c.connection_id)
        .scalar_subquery()
    )
    every = _select(listings, listings.c.item_id, listings.c.title, listings.c.product_id, count)
    return every.where(listings.c.product_id.is_not(None))


def _by_numbers() -> Select[Any]:
    links, orders, lines = number_links, tables.orders, tables.order_lines
    count = (
        select(func.count(func.distinct(lines.c.order_id)))
        .join(orders, orders.c.id == lines.c.order_id)
        .where(lines.c.numbers == links.c.numbers, orders.c.connection_id == links.c.connection_id)
        .scalar_subquery()
    )
    return _select(links, links.c.numbers, links.c.title, links.c.product_id, count)


def _customers() -> Select[Any]:
    links, orders = tables.customer_links, tables.orders
    theirs = (
        orders.c.connection_id == links.c.connection_id,
        orders.c.web_customer_id == links.c.web_customer_id,
    )
    count = select(func.count()).select_from(orders).where(*theirs).scalar_subquery()
    name = select(func.max(orders.c.customer_name)).where(*theirs).scalar_subquery()
    return _select(links, links.c.web_customer_id, name, links.c.customer_id, count)


_LISTS: Final = {
    BindingKind.PRODUCT: _products,
    BindingKind.NUMBERS: _by_numbers,
    BindingKind.CUSTOMER: _customers,
}
