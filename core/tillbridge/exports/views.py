"""What staff see of the exports: how far each connection is, and the offers that are due, refused or held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, select, update

from tillbridge import connections
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.db.states import OfferState
from tillbridge.exports.rules import ExportSettings, settings_of
from tillbridge.exports.wanting import What, read
from tillbridge.model.errors import NotFound
from tillbridge.model.money import Money
from tillbridge.model.offers import Exporting
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportState:
    """How far a connection's export is, in offers.

    Attributes:
        shown: what the webstore shows.
        told_at: UTC; when it was last up to date; None: never.
        due_at: UTC; when it is due again; None: at once.
        refresh, expires: how old what it has may become, as the provider says.
    """

    connection: str
    settings: ExportSettings
    shown: int
    due: int
    refused: int
    pending: int
    held: int
    told_at: datetime | None
    due_at: datetime | None
    refresh: timedelta | None
    expires: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportItem:
    """One offer, as it stands.

    Attributes:
        what: "stock", "price" or "both".
        wanted, shown: pieces and price; None for what is not part of it, or was never shown.
        why: of what is refused or held.
    """

    connection: str
    what: str
    location: str
    store: str
    product_id: str
    title: str
    wanted: tuple[int | None, Money | None]
    shown: tuple[int | None, Money | None]
    state: str
    why: Words | None


def export_states(context: Context, name: str | None = None) -> list[ExportState]:
    """Return every connection that is exported, or the one named `name`.

    Raises:
        NotFound: there is no connection of that name.
    """
    rows = {row.id: row for row in connections.rows(context, name)}
    table = export_tables.exports
    with context.database.read() as database:
        found = database.execute(select(table).where(table.c.connection_id.in_(rows))).all()
        counts = _counts(database, list(rows))
    states = []
    for one in found:
        row = rows[one.connection_id]
        provider = context.plugins.providers.get(row.provider)  # none: its plugin is not there now
        exporting = provider.exporting if provider else Exporting()
        states.append(
            ExportState(
                connection=row.name,
                settings=settings_of(one),
                **{what: counts.get((one.connection_id, what), 0) for what in _COUNTED},
                told_at=one.told_at,
                due_at=one.due_at,
                refresh=exporting.refresh,
                expires=exporting.expires,
            )
        )
    return states


_COUNTED = ("shown", "due", "refused", "pending", "held")


def _counts(database: Connection, numbers: Sequence[int]) -> dict[tuple[int, str], int]:
    items = export_tables.export_items
    mine = items.c.connection_id.in_(numbers)
    found: dict[tuple[int, str], int] = {}
    shown = and_(items.c.shown.is_not(None), items.c.shown != "")
    for what, wanted in (("shown", shown), ("due", waiting.OFFER_DUE)):
        query = (
            select(items.c.connection_id, func.count()).where(mine, wanted).group_by(items.c.connection_id)
        )
        found |= {(number, what): count for number, count in database.execute(query)}
    by_state = (
        select(items.c.connection_id, items.c.state, func.count())
        .where(mine, waiting.OFFER_STATE)
        .group_by(items.c.connection_id, items.c.state)
    )
    found |= {(number, state): count for number, state, count in database.execute(by_state)}
    return found


def export_items(context: Context, name: str, state: str = "due", limit: int = 100) -> list[ExportItem]:
    """Return a connection's offers: those that are "due", "refused", "pending" or "held", or "all".

    Raises:
        NotFound: there is no connection of that name.
    """
    (row,) = connections.rows(context, name)
    items, shelf = export_tables.export_items, export_tables.shelf
    same = and_(shelf.c.store == items.c.store, shelf.c.product_id == items.c.product_id)
    query = select(items, shelf.c.title).join(shelf, same).where(items.c.connection_id == row.id)
    if state == "due":
        query = query.where(waiting.OFFER_DUE)
    elif state != "all":
        query = query.where(waiting.OFFER_STATE, items.c.state == state)
    query = query.order_by(items.c.location, items.c.product_id, items.c.what).limit(limit)
    with context.database.read() as database:
        return [
            ExportItem(
                connection=row.name,
                what=one.what,
                location=one.location,
                store=one.store,
                product_id=one.product_id,
                title=one.title,
                wanted=read(What(one.what), one.wanted),
                shown=(None, None) if one.shown is None else read(What(one.what), one.shown),
                state=one.state,
                why=Words(one.en, one.ko or one.en) if one.en else None,
            )
            for one in database.execute(query)
        ]


def release(context: Context, name: str, product_ids: Sequence[str] = ()) -> int:
    """Say that held offers are right: they are told with the next export; return how many.

    Args:
        context: the engine's parts.
        name: the connection's.
        product_ids: which; none: all that are held.

    Raises:
        NotFound: there is no connection of that name, or nothing of these products is held.
    """
    (row,) = connections.rows(context, name)
    items = export_tables.export_items
    mine = and_(items.c.connection_id == row.id, waiting.OFFER_STATE, items.c.state == OfferState.HELD)
    if product_ids:
        mine = and_(mine, items.c.product_id.in_(product_ids))
    values = {"state": OfferState.PLAIN, "due": True, "en": None, "ko": None}

    table = export_tables.exports

    def work(database: Connection) -> int:
        at_once = update(table).where(table.c.connection_id == row.id).values(due_at=None)
        if count := database.execute(update(items).where(mine).values(values)).rowcount:
            database.execute(at_once)
        return count

    count = context.database.unit("export.release", work)
    if product_ids and not count:
        raise NotFound(
            Words(
                f"Nothing of {', '.join(product_ids)} is held.",
                f"{', '.join(product_ids)}: 보류된 내용이 없습니다.",
            )
        )
    return count
