"""What staff see of the exports: how far each connection is, and the offers that are due, refused or held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, select

from tillbridge import connections
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.db.states import OfferState
from tillbridge.exports.rules import ExportSettings, settings_of
from tillbridge.exports.wanting import What, read
from tillbridge.model.money import Money
from tillbridge.model.offers import Exporting
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportState:
    """How far a connection's export is, in offers.

    Attributes:
        shown: what the webstore shows.
        told_at: UTC; when it was last up to date; None: never.
        whole_at: UTC; when it had last been told everything, changed or not; None: never.
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
    whole_at: datetime | None
    due_at: datetime | None
    refresh: timedelta | None
    expires: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCauses:
    """What of a connection's export staff must see, in offers.

    Attributes:
        refresh, expires: how old what the webstore has may become, as the provider says.
        whole_at: UTC; when it had last been told everything.
    """

    connection: str
    refused: int
    held: int
    whole_at: datetime | None
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
                whole_at=one.whole_at,
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
    found = _states(database, numbers)
    shown = and_(items.c.shown.is_not(None), items.c.shown != "")
    for what, wanted in (("shown", shown), ("due", waiting.OFFER_DUE)):
        query = (
            select(items.c.connection_id, func.count()).where(mine, wanted).group_by(items.c.connection_id)
        )
        found |= {(number, what): count for number, count in database.execute(query)}
    return found


def _states(database: Connection, numbers: Sequence[int]) -> dict[tuple[int, str], int]:
    """Count what is refused, pending or held; this costs what there is of it, and not what is shown."""
    items = export_tables.export_items
    query = (
        select(items.c.connection_id, items.c.state, func.count())
        .where(items.c.connection_id.in_(numbers), waiting.OFFER_STATE)
        .group_by(items.c.connection_id, items.c.state)
    )
    return {(number, state): count for number, state, count in database.execute(query)}


def exported(context: Context) -> set[int]:
    """Return the numbers of the connections that are exported."""
    with context.database.read() as database:
        return set(database.execute(select(export_tables.exports.c.connection_id)).scalars())


def export_causes(context: Context) -> list[ExportCauses]:
    """Return of every connection that is exported what staff must see."""
    table = export_tables.exports
    with context.database.read() as database:
        found = database.execute(select(table.c.connection_id, table.c.whole_at)).all()
        counts = _states(database, [one.connection_id for one in found])
    if not found:
        return []
    rows = {row.id: row for row in connections.rows(context)}
    causes = []
    for one in found:
        row = rows[one.connection_id]
        provider = context.plugins.providers.get(row.provider)  # none: its plugin is not there now
        exporting = provider.exporting if provider else Exporting()
        causes.append(
            ExportCauses(
                connection=row.name,
                refused=counts.get((row.id, OfferState.REFUSED), 0),
                held=counts.get((row.id, OfferState.HELD), 0),
                whole_at=one.whole_at,
                refresh=exporting.refresh,
                expires=exporting.expires,
            )
        )
    return causes


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
