"""Searches for products: by number first, each kind in its turn, then by words of the description.

Product names are never compared by likeness: another size or another model differs by one sign.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, case, func, literal, select

from tillbridge.db.sets import among
from tillbridge.model.base import clean_text
from tillbridge.model.identifiers import IdentifierKind, normalise_name, normalise_part_number, read_gtin
from tillbridge.model.money import Money
from tillbridge.pos.cards import FoundBy, FoundProduct, ProductCard, ProductQuery
from tillbridge.pos.contract import ProductKey
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.numbers import Letter, from_e4, number_of, readable
from tillbridge.pos.embedded.reading import find_products

_KIND = IdentifierKind
_SHORTEST_WORD: Final = 2
_MOST_WORDS: Final = 12


def search_products(database: Connection, query: ProductQuery, limit: int) -> Sequence[FoundProduct]:
    """Return products that a query leads to, the surest first."""
    found: dict[int, FoundBy] = {}
    for by, numbers in _by_number(database, query.numbers):
        for number in numbers:
            found.setdefault(number, by)
    if len(found) < limit:
        for number in _by_words(database, query.words, limit):
            found.setdefault(number, FoundBy.DESCRIPTION)
    chosen = list(found)[:limit]
    cards = product_cards(database, chosen)
    return [FoundProduct(cards[number], found[number]) for number in chosen if number in cards]


def product_cards(database: Connection, numbers: Iterable[int]) -> dict[int, ProductCard]:
    """Return products by their numbers, in as many queries as there are tables."""
    products, vendors, known, stock = tables.products, tables.vendors, tables.identifiers, tables.stock
    wanted = sorted(set(numbers))
    rows = database.execute(
        select(products, vendors.c.name.label("vendor"))
        .outerjoin(vendors, vendors.c.id == products.c.vendor_id)
        .where(among(database, products.c.id, wanted))
    ).all()
    named: dict[int, list[tuple[IdentifierKind, str]]] = {}
    query = select(known).where(among(database, known.c.product_id, wanted))
    for row in database.execute(query.order_by(known.c.kind, known.c.value)):
        named.setdefault(row.product_id, []).append((_KIND(row.kind), row.raw or row.value))
    pieces: dict[int, dict[str, int]] = {}
    on_hand = select(stock).where(among(database, stock.c.product_id, wanted)).order_by(stock.c.store)
    for row in database.execute(on_hand):
        pieces.setdefault(row.product_id, {})[row.store] = row.on_hand_e4
    return {
        row.id: ProductCard(
            id=readable(Letter.PRODUCT, row.id),
            description=row.description,
            brand=row.brand,
            price=Money(row.price_minor, row.currency) if row.currency else None,
            vendor=row.vendor,
            numbers=tuple(named.get(row.id, ())),
            on_hand={store: from_e4(units) for store, units in pieces.get(row.id, {}).items()},
        )
        for row in rows
    }


def cards_of(database: Connection, product_ids: Iterable[str]) -> Mapping[str, ProductCard]:
    """Return products by their IDs, of a merged one the one kept; one that is not there is left out."""
    numbers = {text: number for text in product_ids if (number := number_of(Letter.PRODUCT, text))}
    living = living_of(database, set(numbers.values()))
    cards = product_cards(database, {living.get(number, number) for number in numbers.values()})
    meant = {text: living.get(number, number) for text, number in numbers.items()}
    return {text: cards[number] for text, number in meant.items() if number in cards}


def living_of(database: Connection, numbers: Collection[int]) -> dict[int, int]:
    """Return into which product each of these was merged, for those that were."""
    products = tables.products
    query = select(products.c.id, products.c.merged_into).where(
        among(database, products.c.id, sorted(numbers)), products.c.merged_into.is_not(None)
    )
    return {row.id: row.merged_into for row in database.execute(query)}


def _by_number(database: Connection, numbers: Sequence[str]) -> Iterable[tuple[FoundBy, list[int]]]:
    """Yield what the numbers lead to, kind after kind; a product's own ID is as sure as its barcode."""
    said = [text for text in map(clean_text, numbers) if text]
    ranks = {
        FoundBy.GTIN: [key for text in said for key in _gtin_keys(text)],
        FoundBy.VPN: _part_keys(_KIND.VPN, said),
        FoundBy.MPN: _part_keys(_KIND.MPN, said),
        FoundBy.SKU: [ProductKey(_KIND.SKU, key) for text in said if (key := normalise_name(text))],
    }
    named = {number for text in said if (number := number_of(Letter.PRODUCT, text.upper()))}
    living = living_of(database, named)
    own = [living.get(number, number) for number in sorted(named)]
    yield FoundBy.SKU, own
    hits = find_products(database, {key for keys in ranks.values() for key in keys})
    for by, keys in ranks.items():
        ids = [hit.product_id for key in keys for hit in hits.get(key, ())]
        yield by, [number for text in ids if (number := number_of(Letter.PRODUCT, text))]


def _gtin_keys(text: str) -> list[ProductKey]:
    reading = read_gtin(text)
    keys = [
        key
        for repair in reading.repairs
        for key in (ProductKey(_KIND.GTIN, repair.gtin), ProductKey(_KIND.GTIN_REPAIRED, repair.gtin))
    ]
    if reading.gtin:
        keys.insert(0, ProductKey(_KIND.GTIN, reading.gtin))
        keys.insert(1, ProductKey(_KIND.GTIN_REPAIRED, reading.gtin))
    return keys


def _part_keys(kind: IdentifierKind, said: Iterable[str]) -> list[ProductKey]:
    return [ProductKey(kind, key) for text in said if (key := normalise_part_number(text))]


def _by_words(database: Connection, text: str, limit: int) -> list[int]:
    """Return products whose description or brand has the words: all of them first, then at least half."""
    split = [word for word in clean_text(text).lower().split() if len(word) >= _SHORTEST_WORD]
    words = list(dict.fromkeys(split))[:_MOST_WORDS]
    if not words:
        return []
    products = tables.products
    described = func.lower(products.c.description + literal(" ") + products.c.brand)
    points = sum(
        (case((described.contains(word, autoescape=True), 1), else_=0) for word in words), literal(0)
    )
    enough = (len(words) + 1) // 2
    living = products.c.merged_into.is_(None)
    query = select(products.c.id).where(points >= enough, living).order_by(points.desc(), products.c.id)
    return list(database.execute(query.limit(limit)).scalars())
