"""Releases what is held, where staff say that it is right; what contradicts itself has to be corrected."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, select, tuple_, update

from tillbridge import connections
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.db.states import OfferState
from tillbridge.db.types import AnyRow
from tillbridge.exports.judging import hold
from tillbridge.exports.noting import on_shelf
from tillbridge.exports.wanting import What
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.offers import Limits
from tillbridge.model.words import Words


def release(context: Context, name: str, product_ids: Sequence[str] = ()) -> int:
    """Say that held offers are right: they are told with the next export; return how many.

    Args:
        context: the engine's parts.
        name: the connection's.
        product_ids: which; none: all that are held and can be released.

    Raises:
        NotFound: there is no connection of that name, or nothing of these products is held.
        NotAllowed: what of these products is held can only be corrected.
    """
    (row,) = connections.rows(context, name)
    currencies = {store.code: store.currency for store in context.pos.stores()}
    found = _held(context, row.id, product_ids)
    if product_ids and not found:
        raise NotFound(
            Words(
                f"Nothing of {', '.join(product_ids)} is held.",
                f"{', '.join(product_ids)}: 보류된 내용이 없습니다.",
            )
        )
    keys = [
        (one.what, one.location, one.product_id)
        for one in found
        if _may_release(one, currencies.get(one.store, one.currency or ""))
    ]
    if product_ids and not keys:
        raise NotAllowed(Words(found[0].en, found[0].ko or found[0].en))
    context.database.unit("export.release", lambda database: _release(database, row.id, keys))
    return len(keys)


def _held(context: Context, number: int, product_ids: Sequence[str]) -> Sequence[AnyRow]:
    items, shelf = export_tables.export_items, export_tables.shelf
    same = and_(shelf.c.store == items.c.store, shelf.c.product_id == items.c.product_id)
    held = and_(items.c.connection_id == number, waiting.OFFER_STATE, items.c.state == OfferState.HELD)
    names = ("what", "location", "shown", "wanted", "en", "ko")
    query = select(*(items.c[name] for name in names), shelf).join(shelf, same).where(held)
    if product_ids:
        query = query.where(items.c.product_id.in_(product_ids))
    with context.database.read() as database:
        return database.execute(query).all()


def _may_release(row: AnyRow, currency: str) -> bool:
    found = hold(What(row.what), (row.shown, row.wanted), on_shelf(row), currency, Limits())
    return found is None or found.may_release


def _release(database: Connection, number: int, keys: Sequence[tuple[str, str, str]]) -> None:
    items, table = export_tables.export_items, export_tables.exports
    if not keys:
        return
    at_once = update(table).where(table.c.connection_id == number)
    database.execute(at_once.values(due_at=None, refused_at=None))
    values = {"state": OfferState.PLAIN, "part": None, "due": True, "en": None, "ko": None}
    which = tuple_(items.c.what, items.c.location, items.c.product_id).in_(keys)
    mine = and_(items.c.connection_id == number, waiting.OFFER_STATE, items.c.state == OfferState.HELD)
    database.execute(update(items).where(mine, which).values(values | {"tries": 0, "retry_at": None}))
