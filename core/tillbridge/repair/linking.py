"""Links made by hand: which product a line is, who the customer is.

A link is remembered as a binding of its connection, for the webstore's item or customer number, or else for
the line's own numbers, and heals every waiting order that it concerns. Where there is none of them (a guest,
a line that nothing names) it holds for this one order. Every link is signed in the timelines of the orders
that it concerns.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, exists, false, select, update

from tillbridge import listed
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.link_tables import number_links
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.events import StatusChanged
from tillbridge.model.errors import NotFound
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature, no_order, with_reason
from tillbridge.orders.timeline import Entry, sign
from tillbridge.pos.cards import ProductCard
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind, NotOffered
from tillbridge.repair.healing import lock_concerned, process_again

CUSTOMER = ""
"""The line ID under which an order's own link to its customer stands."""


def link_product(context: Context, order_id: int, line_id: str, product_id: str, signature: Signature) -> int:
    """Say by hand which product a line's listing is; return how many waiting orders it heals.

    Raises:
        NotFound: the order has no such line, or the point of sale no such product.
    """
    name = product_name(context, product_id)

    def work(database: Connection) -> list[StatusChanged]:
        line = line_of(database, order_id, line_id)
        found = lock_concerned(database, order_id, of_item(line))
        own = _own(found, order_id)
        before = _link_before(database, own, line) or line.product_id
        words = Words(
            f"“{line.title}” was linked to product {name}{_was(before, product_id).en}.",
            f"‘{line.title}’을(를) 제품 {name}에 연결했습니다{_was(before, product_id).ko}.",
        )
        bump(database, own.connection_id)
        remember(context, database, own, (line, product_id), signature)
        entry = (signature.who, "product linked", with_reason(words, signature))
        return _done(context, database, found, own, entry)

    return _run(context, work)


def link_customer(context: Context, order_id: int, customer_id: str, signature: Signature) -> int:
    """Say by hand who the order's customer is; return how many waiting orders it heals.

    For this order it holds whatever else speaks against it: the person who says it has seen that.

    Raises:
        NotFound: there is no such order, or the point of sale has no such customer.
    """
    name = f"{customer_name(context, customer_id)} ({customer_id})"

    def work(database: Connection) -> list[StatusChanged]:
        order = _order(database, order_id)
        found = lock_concerned(database, order_id, of_web_customer(order.web_customer_id))
        own = _own(found, order_id)
        words = Words(
            f"The customer was linked to {name}{_was(own.customer_id, customer_id).en}.",
            f"고객을 {name}에 연결했습니다{_was(own.customer_id, customer_id).ko}.",
        )
        bump(database, own.connection_id)
        keep_for_order(context, database, order_id, (CUSTOMER, customer_id), signature)
        if own.web_customer_id is not None:
            _bind_customer(context, database, own, customer_id, signature)
        entry = (signature.who, "customer linked", with_reason(words, signature))
        return _done(context, database, found, own, entry)

    return _run(context, work)


def product_name(context: Context, product_id: str) -> str:
    """Return what staff call a product, with its ID; a POS that does not tell is trusted."""
    card = product_card(context, product_id)
    return f"{card.description} ({product_id})" if card else product_id


def product_card(context: Context, product_id: str) -> ProductCard | None:
    """Return a product as the point of sale lists it; None where it does not tell.

    Raises:
        NotFound: it has none of that ID.
    """
    try:
        cards = context.pos.product_cards([product_id])
    except NotOffered:
        return None
    if product_id not in cards:
        raise NotFound(
            Words(
                f"The point of sale has no product {product_id!r}.", f"POS에 {product_id!r} 제품이 없습니다."
            )
        )
    return cards[product_id]


def customer_name(context: Context, customer_id: str) -> str:
    """Return what the point of sale calls a customer.

    Raises:
        NotFound: it has none of that ID.
    """
    key = CustomerKey(CustomerKeyKind.ID, customer_id)
    found = context.pos.find_customers([key]).get(key, ())
    if not found:
        raise NotFound(
            Words(
                f"The point of sale has no customer {customer_id!r}.",
                f"POS에 {customer_id!r} 고객이 없습니다.",
            )
        )
    return found[0].name


def line_of(database: Connection, order_id: int, line_id: str) -> AnyRow:
    """Return a line of an order.

    Raises:
        NotFound: there is no such order, or it has no such line.
    """
    _order(database, order_id)
    lines = tables.order_lines
    found = database.execute(
        select(lines).where(lines.c.order_id == order_id, lines.c.line_id == line_id)
    ).first()
    if found is None:
        raise NotFound(
            Words(
                f"Order {order_id} has no line {line_id!r}.",
                f"주문 {order_id}에 {line_id!r} 항목이 없습니다.",
            )
        )
    return found


def of_listing(item_id: str | None) -> ColumnElement[bool]:
    """Return the condition that an order has a line of this item of the webstore."""
    orders, lines = tables.orders, tables.order_lines
    if item_id is None:  # the lines without a number have nothing in common
        return false()
    return exists().where(lines.c.order_id == orders.c.id, lines.c.listing_id == item_id)


def of_numbers(numbers: str | None) -> ColumnElement[bool]:
    """Return the condition that an order has a line with these numbers, and no item of the webstore."""
    orders, lines = tables.orders, tables.order_lines
    if numbers is None:
        return false()
    return exists().where(lines.c.order_id == orders.c.id, lines.c.numbers == numbers)


def of_item(line: AnyRow) -> ColumnElement[bool]:
    """Return the condition that an order has this line's item, by the webstore's ID or by numbers."""
    return of_numbers(line.numbers) if line.listing_id is None else of_listing(line.listing_id)


def of_web_customer(web_customer_id: str | None) -> ColumnElement[bool]:
    """Return the condition that an order is of this customer of the webstore; guests are nobody's."""
    if web_customer_id is None:
        return false()
    return tables.orders.c.web_customer_id == web_customer_id


def bump(database: Connection, connection_id: int) -> None:
    """Let every matching that read the old links be done again (rule 1).

    Comes after the orders and before the link itself: a commit of settling locks them in that sequence.
    """
    connections = tables.connections
    database.execute(
        update(connections)
        .where(connections.c.id == connection_id)
        .values(links_revision=connections.c.links_revision + 1)
    )


def _order(database: Connection, order_id: int) -> AnyRow:
    orders = tables.orders
    found = database.execute(
        select(orders.c.id, orders.c.web_customer_id).where(orders.c.id == order_id)
    ).first()
    if found is None:
        raise no_order(order_id)
    return found


def _own(found: list[AnyRow], order_id: int) -> AnyRow:
    return next(row for row in found if row.id == order_id)


def _was(before: str | None, after: str) -> Words:
    if before is None or before == after:
        return Words("", "")
    return Words(f" (before: {before})", f"(이전: {before})")


def _link_before(database: Connection, own: AnyRow, line: AnyRow) -> str | None:
    listings = tables.listings
    query = select(listings.c.product_id).where(
        listings.c.connection_id == own.connection_id, listings.c.item_id == line.listing_id
    )
    if line.listing_id is None:
        query = select(number_links.c.product_id).where(
            number_links.c.connection_id == own.connection_id, number_links.c.numbers == line.numbers
        )
    return database.execute(query).scalar()


def remember(
    context: Context, database: Connection, own: AnyRow, link: tuple[AnyRow, str], signature: Signature
) -> None:
    """Remember which product a line is: for its item, else for this order and for its own numbers."""
    line, product_id = link
    if line.listing_id is not None:
        _bind_listing(context, database, own, (line.listing_id, product_id), signature)
        return
    keep_for_order(context, database, own.id, (line.line_id, product_id), signature)
    if line.numbers is not None:
        row = {
            "connection_id": own.connection_id,
            "numbers": line.numbers,
            "title": line.title,
            "product_id": product_id,
            "linked_by": signature.who,
            "linked_at": context.clock.now(),
            "linked_order": own.id,
        }
        upsert(database, number_links, [row], keys=("connection_id", "numbers"))


def _bind_listing(
    context: Context, database: Connection, own: AnyRow, link: tuple[str, str], signature: Signature
) -> None:
    """Remember which product an item of the webstore is."""
    item_id, product_id = link
    listings = tables.listings
    database.execute(
        update(listings)
        .where(listings.c.connection_id == own.connection_id, listings.c.item_id == item_id)
        .values(
            product_id=product_id,
            linked_by=signature.who,
            linked_at=context.clock.now(),
            linked_order=own.id,
        )
    )
    listed.link(database, own.connection_id, item_id, product_id)


def _bind_customer(
    context: Context, database: Connection, own: AnyRow, customer_id: str, signature: Signature
) -> None:
    link = {
        "connection_id": own.connection_id,
        "web_customer_id": own.web_customer_id,
        "customer_id": customer_id,
        "linked_by": signature.who,
        "linked_at": context.clock.now(),
        "linked_order": own.id,
    }
    upsert(database, tables.customer_links, [link], keys=("connection_id", "web_customer_id"))


def keep_for_order(
    context: Context, database: Connection, order_id: int, link: tuple[str, str], signature: Signature
) -> None:
    """Remember for one order what a line is, or under `CUSTOMER` who ordered."""
    line_id, target = link
    row = {
        "order_id": order_id,
        "line_id": line_id,
        "target": target,
        "linked_by": signature.who,
        "linked_at": context.clock.now(),
    }
    upsert(database, tables.order_links, [row], keys=("order_id", "line_id"))


def _done(
    context: Context,
    database: Connection,
    found: list[AnyRow],
    own: AnyRow,
    entry: tuple[str, str, Words],
) -> list[StatusChanged]:
    """Process the waiting ones again; sign in the order at hand too where it is not one of them."""
    events = process_again(context, database, found, entry)
    if own.id not in {event.order_id for event in events}:
        sign(database, context.clock.now(), [Entry(own.id, *entry)])
    return events


def _run(context: Context, work: Callable[[Connection], list[StatusChanged]]) -> int:
    events = context.database.unit("link", work)
    context.plugins.notify(events)
    return len(events)
