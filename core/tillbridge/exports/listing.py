"""Reads what a webstore lists, and finds its products by the matcher that orders use, page by page."""

import json
import logging
from collections.abc import Collection, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, select, update

from tillbridge import listed, troubles
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, listing_tables, waiting
from tillbridge.db.many import InsertMany
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.exports import shelf
from tillbridge.exports.results import SLICE
from tillbridge.exports.stopping import Stopped, go_on
from tillbridge.matching.evidence import Evidence
from tillbridge.matching.matcher import match_page
from tillbridge.model.errors import TillbridgeError
from tillbridge.model.listings import Listing, ListingFault
from tillbridge.model.money import zero
from tillbridge.model.orders import (
    Amount,
    ListingRef,
    OrderKind,
    Standing,
    WebCustomer,
    WebLine,
    WebOrder,
)
from tillbridge.settle import read_links

_log = logging.getLogger("tillbridge.exports")
_ITEMS: Final = listing_tables.listed
_CHECKS: Final = listing_tables.listing_checks
_COLUMNS: Final = (
    "connection_id",
    "item_id",
    "round",
    "title",
    "active",
    "document",
    "product_id",
    "problem",
    "rivals",
)
_ITEM, _PRODUCT = (_COLUMNS.index(name) for name in ("item_id", "product_id"))
_KEYS: Final = ("connection_id", "item_id")
_WRITE: Final = InsertMany(
    _ITEMS, _COLUMNS, keys=_KEYS, then=", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:])
)
_GOES_ON_FOR: Final = timedelta(hours=1)
"""How long after its beginning a reading that was cut off goes on where it was, instead of from the start."""
_AGAIN_AFTER: Final = timedelta(days=1)
_MOST_AT_ONCE: Final = 1000
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


def read_listings(context: Context, connection: OpenConnection, *, once: bool = False) -> bool:
    """Read all that the webstore lists, and note what would not match; return whether that is complete.

    Args:
        context: the engine's parts.
        connection: whose provider has `Capability.LISTINGS`.
        once: stop after about a minute where reading can go on later.

    Raises:
        ProviderError: the webstore is away; what was read is kept, and reading goes on there.
        PluginError: the plugin failed.
        PosAway: the point of sale could not answer.
    """
    shelf.refresh(context)
    check = _begin(context, connection.id)
    ends = context.clock.monotonic() + SLICE.total_seconds()
    name = connection.provider.name
    with closing(context.plugins.fetch_listings(name, connection.guest, check.cursor)) as pages:
        for page in pages:
            rows = _rows(context, connection, page.listings, check.round)
            context.database.unit("listings", lambda database: _keep(database, check, page.cursor, rows))  # noqa: B023  # it runs at once
            go_on(context)
            if once and page.cursor is not None and context.clock.monotonic() >= ends:
                return False
    done = partial(_finish, context, connection, check.round)
    context.database.unit("listings.done", done)
    return True


def look_again(context: Context, connection: OpenConnection) -> None:
    """Look anew at what a webstore lists: read it after a day, else only match again what did not match."""
    with context.database.read() as database:
        mine = _CHECKS.c.connection_id == connection.id
        check = database.execute(select(_CHECKS).where(mine)).first()
    now = context.clock.now()
    if check is None or check.cursor is not None:
        read_listings(context, connection, once=True)  # from its start, or on from where it was cut off
    elif check.checked_at is not None and check.checked_at <= now < check.checked_at + _AGAIN_AFTER:
        _match_again(context, connection)
    elif not check.began_at <= now < check.began_at + _GOES_ON_FOR:
        read_listings(context, connection, once=True)


def learn(context: Context, connection: OpenConnection) -> bool:
    """Look at what a webstore lists before it is told by its items; return whether that was ever read whole.

    Raises:
        TillbridgeError: it was never read, and cannot be now; where it was, what is known serves on.
    """
    if not _was_read(context, connection):
        return read_listings(context, connection, once=True)
    try:
        look_again(context, connection)
    except Stopped:
        raise
    except TillbridgeError as error:
        _log.info("%s: its product list was not read: %s", connection.name, troubles.words_of(error).en)
    return True


def _was_read(context: Context, connection: OpenConnection) -> bool:
    mine = (_CHECKS.c.connection_id == connection.id, _CHECKS.c.checked_at.is_not(None))
    with context.database.read() as database:
        return database.execute(select(_CHECKS.c.round).where(*mine)).first() is not None


def _begin(context: Context, connection_id: int) -> AnyRow:
    """Begin to read, or go on with a reading that was cut off lately; return the row of `listing_checks`."""
    now, mine = context.clock.now(), _CHECKS.c.connection_id == connection_id

    def work(database: Connection) -> AnyRow:
        check = database.execute(select(_CHECKS).where(mine).with_for_update()).first()
        under_way = check is not None and check.cursor is not None
        if check is None or not (under_way and check.began_at <= now < check.began_at + _GOES_ON_FOR):
            row = {"connection_id": connection_id, "round": (check.round if check else 0) + 1}
            upsert(database, _CHECKS, [row | {"began_at": now, "cursor": None}], keys=("connection_id",))
        return database.execute(select(_CHECKS).where(mine)).one()

    return context.database.unit("listings.begin", work)


def _rows(
    context: Context, connection: OpenConnection, listings: Sequence[Listing], number: int
) -> list[tuple[Any, ...]]:
    """Return the rows of a page's items, each once, sorted by key."""
    found = matches(context, connection, listings)
    newest = {one.id: (one, evidence) for one, evidence in zip(listings, found, strict=True)}
    return [
        (
            connection.id,
            item_id,
            number,
            one.title,
            one.active,
            one.model_dump_json(exclude_defaults=True),
            *_verdict(one, evidence),
        )
        for item_id, (one, evidence) in sorted(newest.items())
    ]


def matches(context: Context, connection: OpenConnection, listings: Sequence[Listing]) -> Sequence[Evidence]:
    """Return what an order's line of each of these items would match, asked as for one page of orders."""
    if not listings:
        return ()
    order = _as_order(listings, connection.stores[""].currency)
    with context.database.read() as database:
        links = read_links(database, connection.id, [order])
    country = connection.stores[""].country
    (match,) = match_page([order], rules=connection.rules, links=links, pos=context.pos, country=country)
    return match.lines


def _as_order(listings: Sequence[Listing], currency: str) -> WebOrder:
    """Return one order of one piece of everything: what orders are matched by sees nothing else."""
    nothing = zero(currency)
    lines = tuple(
        WebLine(
            id=f"{at}",
            title=one.title,
            quantity=Decimal(1),
            amount=Amount(net=nothing),
            listing=ListingRef(item_id=one.id, parent_id=one.parent_id),
            identifiers=one.identifiers,
            vendor=one.vendor,
            brand=one.brand,
        )
        for at, one in enumerate(listings)
    )
    return WebOrder(
        id="all that is listed",
        number="",
        kind=OrderKind.ROPIS,
        standing=Standing.OPEN,
        placed_at=_EPOCH,
        currency=currency,
        total=nothing,
        lines=lines,
        customer=WebCustomer(),
        paid=False,
    )


def _verdict(listing: Listing, evidence: Evidence) -> tuple[str | None, str, str | None]:
    """Return the product, the problem and the rivals; what cannot be ordered is no problem."""
    if evidence.found:
        return evidence.found.id, "", None
    if not listing.active:
        return None, "", None
    if not evidence.candidates:
        return None, ListingFault.UNMATCHED.value, None
    rivals = json.dumps([one.id for one in evidence.candidates])
    return None, ListingFault.SEVERAL.value, rivals


def _keep(database: Connection, check: AnyRow, cursor: str | None, rows: Sequence[tuple[Any, ...]]) -> None:
    _write(database, check.connection_id, rows)
    mine = (_CHECKS.c.connection_id == check.connection_id, _CHECKS.c.round == check.round)
    database.execute(update(_CHECKS).where(*mine).values(cursor=cursor))


def _write(database: Connection, connection_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write items, and note the products whose items are others by that."""
    now = {row[_ITEM]: row[_PRODUCT] for row in rows}
    query = select(_ITEMS.c.item_id, _ITEMS.c.product_id).where(
        _ITEMS.c.connection_id == connection_id, among(database, _ITEMS.c.item_id, list(now))
    )
    before = {row.item_id: row.product_id for row in database.execute(query)}
    changed = [item for item in now if now[item] != before.get(item)]
    listed.note_news(database, connection_id, {one.get(item) for item in changed for one in (before, now)})
    _WRITE.run(database, rows)


def _finish(context: Context, connection: OpenConnection, number: int, database: Connection) -> None:
    """Forget what is listed no more, and count; unless another has begun to read anew meanwhile."""
    own = (_CHECKS.c.connection_id == connection.id, _CHECKS.c.round == number)
    if database.execute(select(_CHECKS.c.round).where(*own).with_for_update()).first() is None:
        return
    mine = _ITEMS.c.connection_id == connection.id
    gone = delete(_ITEMS).where(mine, _ITEMS.c.round != number).returning(_ITEMS.c.product_id)
    listed.note_news(database, connection.id, set(database.execute(gone).scalars()))
    _mark_twice(database, connection.id)
    active = select(func.count()).select_from(_ITEMS).where(mine, _ITEMS.c.active)
    missing = select(func.count()).select_from(export_tables.shelf).where(not_listed(connection))
    values = {
        "cursor": None,
        "checked_at": context.clock.now(),
        "listed": database.execute(active).scalar_one(),
        "not_listed": database.execute(missing).scalar_one(),
    }
    database.execute(update(_CHECKS).where(_CHECKS.c.connection_id == connection.id).values(values))


def _mark_twice(database: Connection, connection_id: int) -> None:
    """Mark the items that are one product: an order of each is told of the same stock."""
    mine = and_(_ITEMS.c.connection_id == connection_id, _ITEMS.c.active, _ITEMS.c.product_id.is_not(None))
    several = select(_ITEMS.c.product_id).where(mine).group_by(_ITEMS.c.product_id).having(func.count() > 1)
    twice = _ITEMS.c.product_id.in_(several)
    marked = and_(_ITEMS.c.connection_id == connection_id, _ITEMS.c.problem == ListingFault.TWICE.value)
    alone = and_(marked, waiting.LISTING_PROBLEM, ~and_(mine, twice))
    database.execute(update(_ITEMS).where(alone).values(problem=""))
    database.execute(update(_ITEMS).where(mine, twice).values(problem=ListingFault.TWICE.value))


def not_listed(connection: OpenConnection) -> Any:
    """Return the condition that a row of the shelf is published for this webstore, which does not list it."""
    table = export_tables.shelf
    stores = sorted({store.code for store in connection.stores.values()})
    there = exists().where(_ITEMS.c.connection_id == connection.id, _ITEMS.c.product_id == table.c.product_id)
    return and_(table.c.store.in_(stores), table.c.published, table.c.on_hand.is_not(None), ~there)


def _match_again(context: Context, connection: OpenConnection) -> None:
    """Match anew what did not match, and see whether anything is still listed twice."""
    with context.database.read() as database:
        # In the sequence of their own index: by item, SQLite would look at all that are listed.
        wrong = _wanted(connection, waiting.LISTING_PROBLEM).order_by(_ITEMS.c.problem, _ITEMS.c.item_id)
        rows = database.execute(wrong.limit(_MOST_AT_ONCE)).all()
    _match(context, connection, rows)


def match_anew(context: Context, connection: OpenConnection, products: Collection[str]) -> None:
    """Match the items of these products anew, since their numbers changed.

    Raises:
        PosAway: the point of sale could not answer.
    """
    if not products:
        return
    with context.database.read() as database:
        theirs = _wanted(connection, among(database, _ITEMS.c.product_id, sorted(products)))
        rows = database.execute(theirs.order_by(_ITEMS.c.item_id)).all()
    _match(context, connection, rows)


def _wanted(connection: OpenConnection, which: ColumnElement[bool]) -> Select[Any]:
    return select(_ITEMS).where(_ITEMS.c.connection_id == connection.id, which)


def _match(context: Context, connection: OpenConnection, rows: Sequence[AnyRow]) -> None:
    if not rows:
        return
    listings = [Listing.model_validate_json(row.document) for row in rows]
    number = rows[0].round
    written = _rows(context, connection, listings, number)

    def work(database: Connection) -> None:
        _write(database, connection.id, written)
        _mark_twice(database, connection.id)

    context.database.unit("listings.again", work)
