"""Follows a provider that takes stock and prices in another way than it did: nothing stale is left behind."""

from typing import Any, Final

from sqlalchemy import Connection, and_, delete, func, insert, literal, select, true, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables
from tillbridge.exports.wanting import GONE, What, told_of
from tillbridge.provider import Capability, Provider

_ITEMS: Final = export_tables.export_items
# Whose texts say most of what a webstore shows.
_TELLING: Final = (What.BOTH, What.STOCK, What.PRICE)


def way_of(provider: Provider) -> str:
    """Return how a provider takes stock and prices, as one text."""
    whole = ["whole"] if Capability.SNAPSHOT in provider.capabilities else []
    items = ["items"] if provider.exporting.by_listing else []
    return ",".join([*told_of(provider), *whole, *items])


def follow_way(context: Context, connection: OpenConnection) -> None:
    """Let what the webstore was told in another way be what it may show, and look at everything anew."""
    table, way = export_tables.exports, way_of(connection.provider)
    mine = table.c.connection_id == connection.id
    with context.database.read() as database:
        known = database.execute(select(table.c.way).where(mine)).scalar()
    if known != way:
        context.database.unit("export.way", lambda database: _change(database, connection, way))


def _change(database: Connection, connection: OpenConnection, way: str) -> None:
    table, number = export_tables.exports, connection.id
    told = told_of(connection.provider)
    kinds = select(_ITEMS.c.what).where(_ITEMS.c.connection_id == number).distinct()
    known = set(database.execute(kinds).scalars())
    old = [what for what in _TELLING if what.value in known]
    mine = table.c.connection_id == number
    values: dict[str, Any] = {"way": way}
    if old:
        for what in set(told) - set(old):
            _carry_over(database, number, old[0], what)
        stale = and_(_ITEMS.c.connection_id == number, _ITEMS.c.what.not_in([what.value for what in told]))
        database.execute(delete(_ITEMS).where(stale))
        values |= {"ticket": None, "refused_at": None, "whole_at": None, "seen": 0, "due_at": None}
    database.execute(update(table).where(mine).values(values))


def _carry_over(database: Connection, number: int, source: What, target: What) -> None:
    """Note what was told in the old way as told, and not answered, in the new one."""
    names = (
        "connection_id",
        "what",
        "location",
        "product_id",
        "store",
        "wanted",
        "sent",
        "due",
        "changed_at",
    )
    told = func.coalesce(_ITEMS.c.sent, _ITEMS.c.shown)
    rows = select(
        _ITEMS.c.connection_id,
        literal(target.value),
        _ITEMS.c.location,
        _ITEMS.c.product_id,
        _ITEMS.c.store,
        literal(GONE),
        told,
        true(),
        _ITEMS.c.changed_at,
    ).where(_ITEMS.c.connection_id == number, _ITEMS.c.what == source.value, told != GONE)
    database.execute(insert(_ITEMS).from_select(names, rows))
