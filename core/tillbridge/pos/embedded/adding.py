"""Adds stores, products and customers one by one, as a till's own screens and tests do."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, func, insert, select, update

from tillbridge.db.allot import allot
from tillbridge.db.upsert import upsert
from tillbridge.model.base import clean_text
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.identifiers import IdentifierKind, normalise_email, normalise_name, read_gtin
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.phones import e164
from tillbridge.pos.cards import NewCustomer, NewProduct
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.identifying import (
    Identifier,
    barcode_identifiers,
    part_identifiers,
    sku_identifiers,
    unique,
)
from tillbridge.pos.embedded.numbers import Letter, number_of, readable, to_e4
from tillbridge.pos.embedded.reading import read_stores
from tillbridge.pos.embedded.shelf import mark_shelf
from tillbridge.pos.embedded.stock import Move, MoveReason, move_stock


def add_store(database: Connection, store: Store) -> None:
    """Add a store; see `EmbeddedPos.add_store`."""
    table = tables.stores
    document = store.model_dump_json()
    known = database.execute(select(table.c.document).where(table.c.code == store.code)).scalar()
    if known is None:
        last = database.execute(select(func.max(table.c.position))).scalar() or 0
        row = {"code": store.code, "position": last + 1, "document": document}
        database.execute(insert(table), [row])
    elif Store.model_validate_json(known) != store:
        raise InputError(
            Words(
                f"There is a store {store.code} already, and it differs from this one.",
                f"매장 {store.code}이(가) 이미 있으며 내용이 다릅니다.",
            )
        )


def change_store(database: Connection, code: str, change: Callable[[Store], Store]) -> Store:
    """Change a store; see `EmbeddedPos.change_store`."""
    table = tables.stores
    query = select(table.c.document).where(table.c.code == code).with_for_update()
    known = database.execute(query).scalar()
    if known is None:
        raise NotFound(Words(f"There is no store {code}.", f"{code} 매장이 없습니다."))
    changed = change(Store.model_validate_json(known))
    database.execute(update(table).where(table.c.code == code).values(document=changed.model_dump_json()))
    return changed


def add_product(database: Connection, product: NewProduct, at: datetime) -> str:
    """Add a product; see `EmbeddedPos.add_product`."""
    number = allot(database, tables.products, 1)[0]
    brand = clean_text(product.brand)
    row = {
        "id": number,
        "description": clean_text(product.description),
        "brand": brand,
        "brand_key": normalise_name(brand),
        "price_minor": product.price.minor if product.price else None,
        "currency": product.price.currency if product.price else None,
        "category": clean_text(product.category),
        "ecommerce": product.ecommerce,
        "changed_at": at,
    }
    database.execute(insert(tables.products), [row])
    vendors = vendor_numbers(database, product.vpns)
    if identifiers := unique(_identifiers(product)):
        database.execute(insert(tables.identifiers), [one.row(number) for one in identifiers])
    if vendors:
        items = [
            {"vendor_id": vendors[name], "product_id": number, "vpn": clean_text(vpn)}
            for name, vpn in product.vpns.items()
        ]
        database.execute(insert(tables.vendor_items), items)
    mark_shelf(database, (number,))
    _put_on_hand(database, number, product.on_hand, at)
    return readable(Letter.PRODUCT, number)


def set_ecommerce(database: Connection, product_id: str, *, at: datetime, on: bool) -> None:
    """Say whether webstores may show a product; see `EmbeddedPos.set_ecommerce`."""
    table = tables.products
    number = number_of(Letter.PRODUCT, product_id)
    change = update(table).where(table.c.id == number).values(ecommerce=on, changed_at=at)
    if number is None or not database.execute(change).rowcount:
        raise NotFound(Words(f"There is no product {product_id!r}.", f"{product_id!r} 제품이 없습니다."))
    mark_shelf(database, (number,))


def _identifiers(product: NewProduct) -> Iterator[Identifier]:
    reading = read_gtin(clean_text(product.gtin))
    if reading.refusal and not reading.restricted:
        raise InputError(reading.refusal)
    yield from barcode_identifiers(reading, "")
    for name, vpn in product.vpns.items():
        yield from part_identifiers(IdentifierKind.VPN, clean_text(vpn), normalise_name(name))
    yield from part_identifiers(IdentifierKind.MPN, clean_text(product.mpn), normalise_name(product.brand))
    yield from sku_identifiers(clean_text(product.sku), "")


def vendor_numbers(database: Connection, names: Collection[str]) -> dict[str, int]:
    """Return the number of each vendor, by the name given; vendors that are not there yet are added."""
    if not names:
        return {}
    table = tables.vendors
    keys = {name: normalise_name(name) for name in names}
    rows = {key: {"name_key": key, "name": clean_text(name)} for name, key in keys.items()}
    upsert(database, table, list(rows.values()), keys=("name_key",), keep_old=True)
    query = select(table.c.name_key, table.c.id).where(table.c.name_key.in_(keys.values()))
    found = {row.name_key: row.id for row in database.execute(query)}
    return {name: found[key] for name, key in keys.items()}


def _put_on_hand(database: Connection, product: int, on_hand: Mapping[str, Decimal], at: datetime) -> None:
    known = {store.code for store in read_stores(database)}
    moves = []
    for store, quantity in on_hand.items():
        units = to_e4(quantity)
        if store not in known or units is None:
            raise InputError(
                Words(
                    f"{quantity} in store {store!r} cannot be put on stock: the store must exist, "
                    "and a quantity has four decimals at most.",
                    f"매장 {store!r}에 재고 {quantity}을(를) 등록할 수 없습니다. 등록된 매장이어야 하고, "
                    "수량은 소수점 아래 네 자리까지 쓸 수 있습니다.",
                )
            )
        moves.append(Move(store, product, units, MoveReason.OPENING))
    move_stock(database, moves, at)


def add_customer(database: Connection, customer: NewCustomer, at: datetime) -> str:
    """Add a customer; see `EmbeddedPos.add_customer`."""
    table = tables.customers
    name, code = clean_text(customer.name), clean_text(customer.number)
    if not name:
        raise InputError(Words("A customer needs a name.", "고객 이름을 입력해 주세요."))
    if code and database.execute(select(table.c.id).where(table.c.number == code)).first():
        raise InputError(
            Words(f"There is a customer {code!r} already.", f"고객 번호 {code!r}이(가) 이미 있습니다.")
        )
    emails, phones = _emails(customer), _phones(database, customer)
    number = allot(database, table, 1)[0]
    row = {
        "id": number,
        "number": code or None,
        "name": name,
        "name_key": normalise_name(name),
        "address": customer.address.model_dump_json(),
        "include_in_mailings": customer.include_in_mailings,
        "mailings_at": at if customer.include_in_mailings else None,
        "changed_at": at,
    }
    database.execute(insert(table), [row])
    for contacts, rows in ((tables.customer_emails, emails), (tables.customer_phones, phones)):
        if rows:
            database.execute(insert(contacts), [{"customer_id": number, **one} for one in rows])
    return readable(Letter.CUSTOMER, number)


def _emails(customer: NewCustomer) -> list[dict[str, str]]:
    found = {}
    for email in map(clean_text, customer.emails):
        key = normalise_email(email)
        if key is None:
            raise InputError(
                Words(f"{email!r} is no e-mail address.", f"{email!r}: 이메일 주소가 올바르지 않습니다.")
            )
        found[key] = {"email_key": key, "email": email}
    return list(found.values())


def _phones(database: Connection, customer: NewCustomer) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    if not customer.phones:
        return []
    stores = read_stores(database)
    country = customer.address.country or (stores[0].country if stores else "")
    for phone in map(clean_text, customer.phones):
        number = e164(phone, country)
        if number is None:
            raise InputError(
                Words(f"{phone!r} is no telephone number.", f"{phone!r}: 전화번호가 올바르지 않습니다.")
            )
        found[number] = {"e164": number, "phone": phone}
    return list(found.values())
