"""What the POS shows of one product, customer or sale."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, func, literal_column, select

from tillbridge.model.base import clean_text
from tillbridge.model.errors import InputError
from tillbridge.model.identifiers import (
    IdentifierKind,
    normalise_name,
    normalise_part_number,
    read_gtin,
)
from tillbridge.model.money import Money
from tillbridge.model.orders import Address
from tillbridge.model.words import Words
from tillbridge.pos.contract import ProductHit, ProductKey, Shortage
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.numbers import Letter, from_e4, number_of, readable
from tillbridge.pos.embedded.reading import find_products
from tillbridge.pos.embedded.stock import MoveReason

_KIND = IdentifierKind


@dataclass(frozen=True, slots=True)
class ProductIdentifier:
    """A number of a product; `value` is the form that is compared, `raw` what was written."""

    kind: IdentifierKind
    value: str
    scope: str
    raw: str


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product of the catalogue.

    Attributes:
        vendor: whose file it belongs to; None if staff typed it in.
        on_hand: pieces by store code; a store that it never was in is left out.
        aliases: IDs of products that were merged into it.
    """

    id: str
    description: str
    brand: str
    price: Money | None
    vendor: str | None
    identifiers: Sequence[ProductIdentifier]
    on_hand: Mapping[str, Decimal]
    aliases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer; `shipping_address` is None where goods go to `address`."""

    id: str
    number: str | None
    name: str
    company: str
    emails: Sequence[str]
    phones: Sequence[str]
    address: Address
    shipping_address: Address | None
    include_in_mailings: bool
    mailings_at: datetime | None
    mailings_source: str


@dataclass(frozen=True, slots=True)
class StockMovement:
    """Pieces that came into a store (above zero) or left it (below)."""

    store: str
    quantity: Decimal
    reason: MoveReason
    sale_id: str | None
    at: datetime
    who: str = ""
    note: str = ""


def catalogue(database: Connection, code: str) -> ProductView | None:
    """Return the product that a code leads to; see `EmbeddedPos.catalogue`."""
    code = clean_text(code)
    number = number_of(Letter.PRODUCT, code.upper())
    found = _product(database, number) if number else None
    if found:
        return found
    ranks = list(_ranks(code))
    hits = find_products(database, {key for rank in ranks for key in rank})
    for rank in ranks:
        products = {hit.product_id: hit for key in rank for hit in hits.get(key, ())}
        if len(products) > 1:
            raise _ambiguous(code, products.values())
        for product_id in products:
            return _product(database, number_of(Letter.PRODUCT, product_id) or 0)
    return None


def _ranks(code: str) -> Iterator[list[ProductKey]]:
    """Yield the keys that a code may be, those of one rank together."""
    reading, as_upc_e = read_gtin(code), read_gtin(code, upc_e=True)
    exact = [reading.gtin] if reading.gtin else []
    likely = [repair.gtin for one in (reading, as_upc_e) for repair in one.repairs]
    likely += [as_upc_e.gtin] if as_upc_e.gtin else []
    yield [ProductKey(_KIND.GTIN, gtin) for gtin in exact]
    yield [ProductKey(kind, gtin) for gtin in (*exact, *likely) for kind in (_KIND.GTIN, _KIND.GTIN_REPAIRED)]
    yield [ProductKey(_KIND.VPN, normalise_part_number(code))]
    yield [ProductKey(_KIND.SKU, normalise_name(code))]
    yield [ProductKey(_KIND.MPN, normalise_part_number(code))]


def _ambiguous(code: str, hits: Iterable[ProductHit]) -> InputError:
    named = ", ".join(f"{hit.description} ({hit.product_id})" for hit in hits)
    return InputError(
        Words(
            f"{code!r} fits several products: {named}. Ask for one by its ID.",
            f"{code!r}에 해당하는 제품이 여러 개입니다: {named}. 제품 ID로 다시 조회해 주세요.",
        )
    )


def _product(database: Connection, number: int) -> ProductView | None:
    """Return a product; of a merged one, the one that it was merged into."""
    products, vendors = tables.products, tables.vendors
    living = database.execute(select(products.c.merged_into).where(products.c.id == number)).scalar()
    number = living or number
    query = (
        select(products, vendors.c.name.label("vendor"))
        .outerjoin(vendors, vendors.c.id == products.c.vendor_id)
        .where(products.c.id == number)
    )
    row = database.execute(query).first()
    if row is None:
        return None
    known, stock = tables.identifiers, tables.stock
    identifiers = database.execute(
        select(known).where(known.c.product_id == number).order_by(known.c.kind, known.c.value, known.c.scope)
    )
    on_hand = database.execute(select(stock).where(stock.c.product_id == number).order_by(stock.c.store))
    merged = select(products.c.id).where(products.c.merged_into == number).order_by(products.c.id)
    return ProductView(
        id=readable(Letter.PRODUCT, number),
        description=row.description,
        brand=row.brand,
        price=Money(row.price_minor, row.currency) if row.currency else None,
        vendor=row.vendor,
        identifiers=[
            ProductIdentifier(_KIND(one.kind), one.value, one.scope, one.raw) for one in identifiers
        ],
        on_hand={one.store: from_e4(one.on_hand_e4) for one in on_hand},
        aliases=[readable(Letter.PRODUCT, one) for one in database.execute(merged).scalars()],
    )


def customer(database: Connection, customer_id: str) -> CustomerView | None:
    """Return a customer by ID."""
    number = number_of(Letter.CUSTOMER, customer_id)
    table, emails, phones = tables.customers, tables.customer_emails, tables.customer_phones
    row = database.execute(select(table).where(table.c.id == number)).first() if number else None
    if row is None:
        return None
    addresses = select(emails.c.email).where(emails.c.customer_id == number).order_by(emails.c.email_key)
    numbers = select(phones.c.e164).where(phones.c.customer_id == number).order_by(phones.c.e164)
    shipping = row.shipping_address
    return CustomerView(
        id=readable(Letter.CUSTOMER, row.id),
        number=row.number,
        name=row.name,
        company=row.company,
        emails=database.execute(addresses).scalars().all(),
        phones=database.execute(numbers).scalars().all(),
        address=Address.model_validate_json(row.address),
        shipping_address=Address.model_validate_json(shipping) if shipping else None,
        include_in_mailings=row.include_in_mailings,
        mailings_at=row.mailings_at,
        mailings_source=row.mailings_source,
    )


def stock_movements(database: Connection, product_id: str) -> Sequence[StockMovement]:
    """Return every movement of a product, oldest first."""
    table = tables.stock_movements
    number = number_of(Letter.PRODUCT, product_id)
    if number is None:
        return []
    rows = database.execute(select(table).where(table.c.product_id == number).order_by(table.c.id))
    return [
        StockMovement(
            store=row.store,
            quantity=from_e4(row.quantity_e4),
            reason=MoveReason(row.reason),
            sale_id=readable(Letter.SALE, row.sale_id) if row.sale_id else None,
            at=row.at,
            who=row.who,
            note=row.note,
        )
        for row in rows
    ]


def stock_total(database: Connection, store: str) -> Decimal:
    """Return how many pieces of everything a store has on hand."""
    table = tables.stock
    total = database.execute(select(func.sum(table.c.on_hand_e4)).where(table.c.store == store)).scalar()
    return from_e4(int(total or 0))


def stock_short(connection: Connection) -> list[Shortage]:
    """Return the products of which a store has sold more than it had."""
    table = tables.stock
    query = (
        select(table.c.store, table.c.product_id, table.c.on_hand_e4)
        .where(table.c.on_hand_e4 < literal_column("0"))
        .order_by(table.c.store, table.c.product_id)
    )
    return [
        Shortage(row.store, readable(Letter.PRODUCT, row.product_id), from_e4(-row.on_hand_e4))
        for row in connection.execute(query)
    ]
