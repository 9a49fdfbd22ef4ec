"""Finds products, customers and sales by many keys at once: as many queries for a page as for one key."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, and_, or_, select

from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.stores import Store
from tillbridge.pos.contract import (
    CustomerHit,
    CustomerKey,
    CustomerKeyKind,
    ProductHit,
    ProductKey,
    SaleFacts,
    SaleState,
)
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.feed import facts_of
from tillbridge.pos.embedded.numbers import Letter, number_of, readable

_STORES: Final = select(tables.stores.c.document).order_by(tables.stores.c.position)


def read_stores(database: Connection) -> Sequence[Store]:
    """Return every store, the first one added first."""
    return [Store.model_validate_json(document) for document in database.execute(_STORES).scalars()]


def find_products(
    database: Connection, keys: Collection[ProductKey]
) -> Mapping[ProductKey, Sequence[ProductHit]]:
    """Return the products of each key that leads somewhere, in the order of their numbers."""
    found: defaultdict[tuple[str, str], list[AnyRow]] = defaultdict(list)
    for row in identifier_rows(database, {(key.kind.value, key.value) for key in keys}):
        found[row.kind, row.value].append(row)
    return {key: hits for key in keys if (hits := _hits(key, found.get((key.kind.value, key.value), ())))}


def identifier_rows(database: Connection, pairs: Collection[tuple[str, str]]) -> Iterator[AnyRow]:
    """Yield every identifier that is one of these kinds and values, with its product.

    Columns: kind, value, scope, raw; and of the product id, description, brand_key, vendor_id.
    """
    identifiers, products = tables.identifiers, tables.products
    asked: defaultdict[str, list[str]] = defaultdict(list)
    for kind, value in pairs:
        asked[kind].append(value)
    wanted = [
        and_(identifiers.c.kind == kind, among(database, identifiers.c.value, values))
        for kind, values in sorted(asked.items())
    ]
    if not wanted:
        return
    query = (
        select(
            identifiers.c.kind,
            identifiers.c.value,
            identifiers.c.scope,
            identifiers.c.raw,
            products.c.id,
            products.c.description,
            products.c.brand_key,
            products.c.vendor_id,
        )
        .join(products, products.c.id == identifiers.c.product_id)
        .where(or_(*wanted))
        .order_by(products.c.id)
    )
    yield from database.execute(query)


def _hits(key: ProductKey, rows: Sequence[AnyRow]) -> list[ProductHit]:
    fitting = {row.id: row.description for row in rows if _in_scope(key, row)}
    return [ProductHit(readable(Letter.PRODUCT, number), text) for number, text in fitting.items()]


def _in_scope(key: ProductKey, row: AnyRow) -> bool:
    """Tell whether a key asks in the scope of an identifier.

    A webstore that names the brand rather than the vendor asks for a VPN within the product's brand.
    """
    if key.scope in ("", row.scope):
        return True
    return key.kind is IdentifierKind.VPN and bool(key.scope == row.brand_key)


def find_customers(
    database: Connection, keys: Collection[CustomerKey]
) -> Mapping[CustomerKey, Sequence[CustomerHit]]:
    """Return the customers of each key that leads somewhere, in the order of their numbers."""
    asked: defaultdict[CustomerKeyKind, list[CustomerKey]] = defaultdict(list)
    for key in keys:
        asked[key.kind].append(key)
    finders = {
        CustomerKeyKind.ID: _by_id,
        CustomerKeyKind.EMAIL: _by_email,
        CustomerKeyKind.PHONE_AND_NAME: _by_phone_and_name,
    }
    hits: dict[CustomerKey, Sequence[CustomerHit]] = {}
    for kind, of_kind in asked.items():
        hits |= finders[kind](database, of_kind)
    return hits


_Found = dict[CustomerKey, list[CustomerHit]]


def _by_id(database: Connection, keys: Sequence[CustomerKey]) -> _Found:
    customers = tables.customers
    numbers = {key: number_of(Letter.CUSTOMER, key.value) for key in keys}
    found: dict[int | None, CustomerHit] = {}
    wanted = {number for number in numbers.values() if number}
    query = select(customers.c.id, customers.c.name).where(among(database, customers.c.id, wanted))
    found |= {row.id: _hit(row) for row in database.execute(query)}
    return {key: [found[number]] for key, number in numbers.items() if number in found}


def _by_email(database: Connection, keys: Sequence[CustomerKey]) -> _Found:
    customers, emails = tables.customers, tables.customer_emails
    found: defaultdict[str, list[CustomerHit]] = defaultdict(list)
    query = (
        select(customers.c.id, customers.c.name, emails.c.email_key)
        .join(emails, emails.c.customer_id == customers.c.id)
        .where(among(database, emails.c.email_key, {key.value for key in keys}))
        .order_by(customers.c.id)
    )
    for row in database.execute(query):
        found[row.email_key].append(_hit(row))
    return {key: found[key.value] for key in keys if key.value in found}


def _by_phone_and_name(database: Connection, keys: Sequence[CustomerKey]) -> _Found:
    customers, phones = tables.customers, tables.customer_phones
    found: defaultdict[tuple[str, str], list[CustomerHit]] = defaultdict(list)
    query = (
        select(customers.c.id, customers.c.name, customers.c.name_key, phones.c.e164)
        .join(phones, phones.c.customer_id == customers.c.id)
        .where(among(database, phones.c.e164, {key.value for key in keys}))
        .order_by(customers.c.id)
    )
    for row in database.execute(query):
        found[row.e164, row.name_key].append(_hit(row))
    return {key: found[key.value, key.name] for key in keys if (key.value, key.name) in found}


def _hit(row: AnyRow) -> CustomerHit:
    return CustomerHit(readable(Letter.CUSTOMER, row.id), row.name)


def find_sales(database: Connection, order_keys: Collection[str]) -> Mapping[str, SaleFacts]:
    """Return the sale that is not void of each order that has one."""
    sales = tables.sales
    query = select(sales).where(
        among(database, sales.c.order_key, set(order_keys)), sales.c.state != SaleState.VOID
    )
    return {row.order_key: facts_of(row) for row in database.execute(query)}
