"""Which of a webstore's own items are which product, and what of that changed since the export looked.

Where a webstore is told by its own items, the export's side is here; links by hand say here what they change.
"""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, delete, exists, select, update

from tillbridge.db import export_tables
from tillbridge.db.listing_tables import listed, listing_news
from tillbridge.db.sets import among
from tillbridge.db.upsert import upsert
from tillbridge.model.listings import Listing, ListingFault

_KEYS: Final = ("connection_id", "product_id")


def items_of(database: Connection, connection_id: int, products: Collection[str]) -> Mapping[str, list[str]]:
    """Return by product the webstore's IDs of its items, whether they can be ordered now or not.

    Items of a product that was merged into another are that one's.
    """
    became = _became(database, products)
    wanted = sorted({*products, *became})
    query = select(listed.c.item_id, listed.c.product_id).where(
        listed.c.connection_id == connection_id, among(database, listed.c.product_id, wanted)
    )
    found: dict[str, list[str]] = {}
    for row in database.execute(query):
        found.setdefault(became.get(row.product_id, row.product_id), []).append(row.item_id)
    return found


def _became(database: Connection, products: Collection[str]) -> dict[str, str]:
    """Return what these products were merged into, and what was merged into them."""
    shelf = export_tables.shelf
    query = select(shelf.c.product_id, shelf.c.merged_into).where(
        shelf.c.merged_into.is_not(None),
        among(database, shelf.c.merged_into, products) | among(database, shelf.c.product_id, products),
    )
    return {row.product_id: row.merged_into for row in database.execute(query)}


def as_listed(
    database: Connection, connection_id: int, items: Collection[str]
) -> Mapping[str, tuple[str | None, Listing]]:
    """Return of those of these items that are listed which product each is (None: none now), and the item."""
    query = select(listed.c.item_id, listed.c.product_id, listed.c.document).where(
        listed.c.connection_id == connection_id, among(database, listed.c.item_id, sorted(items))
    )
    rows = database.execute(query).all()
    became = _became(database, sorted({row.product_id for row in rows if row.product_id}))
    return {
        row.item_id: (
            became.get(row.product_id, row.product_id) if row.product_id else None,
            Listing.model_validate_json(row.document),
        )
        for row in rows
    }


def link(database: Connection, connection_id: int, item_id: str, product_id: str) -> None:
    """Let an item be this product, as staff say; where it is listed."""
    _change(database, connection_id, item_id, product_id, problem="")


def unlink(database: Connection, connection_id: int, item_id: str) -> None:
    """Let an item be looked at anew, since staff took back what it is; the next look matches it."""
    _change(database, connection_id, item_id, None, problem=ListingFault.UNMATCHED.value)


def _change(
    database: Connection, connection_id: int, item_id: str, product_id: str | None, *, problem: str
) -> None:
    mine = (listed.c.connection_id == connection_id, listed.c.item_id == item_id)
    before = database.execute(select(listed.c.product_id).where(*mine).with_for_update()).first()
    if before is None or before.product_id == product_id:
        return
    values = {"product_id": product_id, "problem": problem, "rivals": None}
    database.execute(update(listed).where(*mine).values(values))
    note_news(database, connection_id, {before.product_id, product_id})


def note_news(database: Connection, connection_id: int, products: Collection[str | None]) -> None:
    """Note that the items of these products changed."""
    rows = [{"connection_id": connection_id, "product_id": one} for one in products if one]
    upsert(database, listing_news, rows, keys=_KEYS)


def news(database: Connection, connection_id: int, limit: int) -> list[str]:
    """Return products whose items changed since the export looked, `limit` at most."""
    query = select(listing_news.c.product_id).where(listing_news.c.connection_id == connection_id)
    return list(database.execute(query.order_by(listing_news.c.product_id).limit(limit)).scalars())


def forget_news(database: Connection, connection_id: int, products: Collection[str] | None = None) -> None:
    """Take these products off the news, or all: they are looked at now."""
    mine = listing_news.c.connection_id == connection_id
    if products is None:
        if database.execute(select(exists().where(mine))).scalar():
            database.execute(delete(listing_news).where(mine))
        return
    some = among(database, listing_news.c.product_id, sorted(products))
    database.execute(delete(listing_news).where(mine, some))
