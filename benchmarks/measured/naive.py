"""What is written in an afternoon: the ORM, a query for each order, customer and line, a commit an order.

It keeps a table of its own for orders and lines and sells in the built-in point of sale's tables: sale, items
and stock. It keeps no payload, no version, no evidence and no ledger, and is not safe against being stopped.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import ForeignKey, MetaData, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from benchmarks import goods
from benchmarks.scene import PAGE, Place
from tillbridge.db.metadata import metadata
from tillbridge.pos.embedded import tables


class Base(DeclarativeBase):
    """The importer's own models."""

    metadata = MetaData()


class ImportedOrder(Base):
    """An order as the importer keeps it."""

    __tablename__ = "naive_orders"
    hash: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    total: Mapped[int]
    imported_at: Mapped[datetime]
    lines: Mapped[list["ImportedLine"]] = relationship()


class ImportedLine(Base):
    """A line of it."""

    __tablename__ = "naive_lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_hash: Mapped[str] = mapped_column(ForeignKey("naive_orders.hash"))
    product_id: Mapped[int]
    quantity: Mapped[int]


class ShopBase(DeclarativeBase):
    """The point of sale's tables, as the ORM maps them."""

    metadata = metadata


class Identifier(ShopBase):
    """A product's number."""

    __table__ = tables.identifiers
    kind: Mapped[str]
    value: Mapped[str]
    product_id: Mapped[int]


class Email(ShopBase):
    """A customer's address."""

    __table__ = tables.customer_emails
    email_key: Mapped[str]
    customer_id: Mapped[int]


class Stock(ShopBase):
    """What is on hand."""

    __table__ = tables.stock
    on_hand_e4: Mapped[int]


class SaleOrder(ShopBase):
    """An order that the point of sale knows."""

    __table__ = tables.orders


class Sale(ShopBase):
    """A sale."""

    __table__ = tables.sales
    id: Mapped[int]


class SaleItem(ShopBase):
    """An item of one."""

    __table__ = tables.sale_items


@contextmanager
def ready(place: Place) -> Iterator[Callable[[], int]]:
    """Open client and database; the work imports `limit` orders and answers how many there were."""
    engine = create_engine(place.database_url)
    if place.is_sqlite:
        event.listen(engine, "connect", _as_tillbridge)
    Base.metadata.create_all(engine)
    with httpx.Client(base_url=place.webstore_url) as client, Session(engine) as session:
        yield lambda: _import(client, session, place.limit)
    engine.dispose()


def _as_tillbridge(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _import(client: httpx.Client, session: Session, limit: int) -> int:
    done, after = 0, ""
    while True:
        answer = client.get(
            "/api/v2/orders",
            params={"after_updated_at": "2026-01-01T00:00:00Z", "after_hash": after, "limit": PAGE},
        )
        data = json.loads(answer.content)["data"]
        for listed in data["orders"]:
            _take(session, listed["order"]["cart"])
            done += 1
            after = listed["hash"]
            if done == limit:
                return done
        if not data["more"]:
            return done


def _take(session: Session, cart: dict[str, Any]) -> None:
    if session.get(ImportedOrder, cart["hash"]):
        return
    now = datetime.now(UTC)
    customer = session.scalars(select(Email).where(Email.email_key == cart["email"])).one()
    order = ImportedOrder(
        hash=cart["hash"], customer_id=customer.customer_id, total=cart["grand_total"], imported_at=now
    )
    session.add_all([order, SaleOrder(order_key=cart["hash"])])
    session.flush()
    sale = Sale(
        barcode=cart["hash"],
        order_key=cart["hash"],
        number=1,
        state="open",
        store=goods.STORE,
        customer_id=customer.customer_id,
        kind="ropis",
        currency=cart["currency"],
        total_minor=cart["grand_total"],
        placed_at=datetime.fromisoformat(cart["ordered_at"]),
        opened_at=now,
        changed_at=now,
    )
    session.add(sale)
    session.flush()
    for position, item in enumerate(cart["items"], start=1):
        _sell(session, sale.id, position, item)
        order.lines.append(ImportedLine(id=item["id"], product_id=0, quantity=item["qty"]))
    session.commit()


def _sell(session: Session, sale: int, position: int, item: dict[str, Any]) -> None:
    wanted = select(Identifier).where(Identifier.kind == "gtin", Identifier.value == item["upc"].zfill(14))
    product = session.scalars(wanted).one()
    stock = session.get_one(Stock, (goods.STORE, product.product_id))
    stock.on_hand_e4 -= item["qty"] * 10_000
    session.add(
        SaleItem(
            sale_id=sale,
            position=position,
            kind="product",
            product_id=product.product_id,
            description=item["product_title"],
            quantity_e4=item["qty"] * 10_000,
            net_minor=(item["price_per_unit"] - item["tax_per_unit"]) * item["qty"],
            tax_minor=item["tax_per_unit"] * item["qty"],
        )
    )
