"""Notes what one webstore should show, of what changed on the shelf since it was looked at last."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, not_, or_, select, update

from tillbridge import listed
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables
from tillbridge.db.many import InsertMany
from tillbridge.db.sets import among
from tillbridge.db.states import OfferState
from tillbridge.db.types import AnyRow
from tillbridge.exports.judging import hold
from tillbridge.exports.listing import match_anew
from tillbridge.exports.rules import ExportRules, rules_of
from tillbridge.exports.sharing import there
from tillbridge.exports.stopping import go_on
from tillbridge.exports.wanting import (
    GONE,
    NO_ITEMS,
    OnShelf,
    What,
    parts_of,
    price_text,
    told_of,
    wanted,
    written_items,
)
from tillbridge.exports.ways import follow_way

_PAGE: Final = 1000
_PLAIN, _HELD = OfferState.PLAIN.value, OfferState.HELD.value
_KEYS: Final = ("connection_id", "what", "location", "product_id")
_SAID: Final = ("store", "wanted", "part", "state", "due", "en", "ko", "tries", "retry_at", "changed_at")
_DUE: Final = (*_KEYS, *_SAID).index("due")
_WRITE: Final = InsertMany(
    export_tables.export_items,
    (*_KEYS, *_SAID),
    keys=_KEYS,
    then=", ".join(f"{name} = excluded.{name}" for name in _SAID),
)

# As much of a row as is looked at: what a change costs is mostly how much of it is read.
_ON_SHELF: Final = tuple(
    export_tables.shelf.c[name]
    for name in (
        "store",
        "product_id",
        "position",
        "on_hand",
        "reserved",
        "price_minor",
        "currency",
        "category",
        "published",
        "identifiers",
        "shared",
    )
)
_CHANGED: Final = (
    select(*_ON_SHELF)
    .where(export_tables.shelf.c.position > bindparam("seen"))
    .order_by(export_tables.shelf.c.position)
    .limit(_PAGE)
)
_STATE: Final = select(export_tables.exports).where(export_tables.exports.c.connection_id == bindparam("of"))
_AS_NOTED: Final = tuple(
    export_tables.export_items.c[name]
    for name in ("what", "location", "product_id", "wanted", "part", "shown", "sent", "state")
)


@dataclass(frozen=True)
class Noting:
    """What is noted for: one connection, by its rules."""

    connection: OpenConnection
    rules: ExportRules

    @cached_property
    def places(self) -> Mapping[str, Sequence[str]]:
        """The webstore's locations of each store; the default one stands for a store without any."""
        found: dict[str, list[str]] = {}
        for location, store in sorted(self.connection.stores.items()):
            if location or len(self.connection.stores) == 1:
                found.setdefault(store.code, []).append(location)
        default = self.connection.stores[""].code
        found.setdefault(default, [""])
        return found

    @cached_property
    def whats(self) -> Sequence[What]:
        """What the webstore is told of a product, each in a call of its own."""
        return told_of(self.connection.provider)

    def locations(self, stores: Iterable[str]) -> list[str]:
        """Return the webstore's locations of these stores."""
        return sorted({one for store in stores for one in self.places.get(store, ())})

    @property
    def by_listing(self) -> bool:
        """Whether the webstore is told by its own items."""
        return self.connection.provider.exporting.by_listing

    @cached_property
    def currencies(self) -> Mapping[str, str]:
        """The currency of each store."""
        return {store.code: store.currency for store in self.connection.stores.values()}


def note(context: Context, connection: OpenConnection) -> ExportRules:
    """Note what should be shown of everything that changed; return the rules that it was judged by.

    Raises:
        Stopped: the program ends; what was noted is kept.
    """
    follow_way(context, connection)
    while True:
        go_on(context)
        with context.database.read() as database:
            state = _state(database, connection.id)
            rows = _changed(database, state.seen)
        noting = Noting(connection, rules_of(state.rules))
        if not state.seen:
            context.database.unit("export.places", lambda open_: _leave_places(open_, noting))  # noqa: B023  # it runs at once
        if not rows:
            _follow_listings(context, noting, state)
            return noting.rules
        if noting.by_listing:
            match_anew(context, connection, _renumbered(context, noting, rows))
        context.database.unit("export.note", lambda open_: _note(context, open_, noting, (state, rows)))  # noqa: B023  # it runs at once


def _leave_places(database: Connection, noting: Noting) -> None:
    """Let be gone what a location shows of a store that it is not any more."""
    items, number = export_tables.export_items, noting.connection.id
    pairs = [
        and_(items.c.store == store, items.c.location.in_(some)) for store, some in noting.places.items()
    ]
    lost = and_(items.c.connection_id == number, items.c.wanted != GONE, not_(or_(*pairs)))
    values = {"wanted": GONE, "part": None, "state": OfferState.PLAIN, "en": None, "ko": None, "ticket": None}
    shows = or_(items.c.shown.is_not(None), items.c.sent.is_not(None))
    database.execute(update(items).where(lost).values(values | {"due": shows}))


def _state(database: Connection, connection_id: int) -> AnyRow:
    return database.execute(_STATE, {"of": connection_id}).one()


def _changed(database: Connection, seen: int) -> list[AnyRow]:
    return list(database.execute(_CHANGED, {"seen": seen}).all())


def _note(
    context: Context, database: Connection, noting: Noting, read: tuple[AnyRow, Sequence[AnyRow]]
) -> None:
    table, number = export_tables.exports, noting.connection.id
    state, rows = read
    if not _hold(database, number, state):
        return
    values: dict[str, Any] = {"seen": rows[-1].position}
    if _written(context, database, noting, rows):
        values["due_at"] = None  # whoever dies before it is told leaves it to the next
    database.execute(update(table).where(table.c.connection_id == number).values(values))


def _hold(database: Connection, number: int, state: AnyRow) -> bool:
    """Lock the export's row; return whether it is as it was read.

    Rules that were set meanwhile look at everything anew: what was judged by these is over.
    """
    table = export_tables.exports
    mine = (table.c.connection_id == number, table.c.rules == state.rules, table.c.seen == state.seen)
    return database.execute(select(table.c.seen).where(*mine).with_for_update()).first() is not None


def _renumbered(context: Context, noting: Noting, rows: Sequence[AnyRow]) -> set[str]:
    """Return the products whose numbers are other ones than the webstore was told of."""
    now = {row.product_id: row.identifiers for row in rows}
    with context.database.read() as database:
        known = _known(database, noting, rows)
    return {
        row.product_id
        for row in known.values()
        if row.wanted != GONE and parts_of(row.wanted).numbers != now[row.product_id]
    }


def _written(context: Context, database: Connection, noting: Noting, rows: Sequence[AnyRow]) -> bool:
    """Write what is new of these rows of the shelf; return whether any of it is to be told."""
    number, products = noting.connection.id, {row.product_id for row in rows}
    known = _known(database, noting, rows)
    items: Mapping[str, str] | None = None
    if noting.by_listing:
        listed.forget_news(database, number, products)  # first: what changes from here on is news again
        found = listed.items_of(database, number, products)
        items = {product: written_items(some) for product, some in found.items()}
    now = context.clock.now()
    written = [(*one, now) for one in _items(noting, rows, known, items)]
    _WRITE.run(database, sorted(written))
    return any(row[_DUE] for row in written)


def _follow_listings(context: Context, noting: Noting, state: AnyRow) -> None:
    """Look at the products whose items in the webstore changed, where it is told by these."""
    number = noting.connection.id
    while True:
        go_on(context)
        with context.database.read() as database:
            products = listed.news(database, number, _PAGE)
        if not products:
            return
        if not noting.by_listing:
            context.database.unit("export.no news", lambda open_: listed.forget_news(open_, number))
            return
        done = context.database.unit(
            "export.listed",
            lambda open_: _note_listed(context, open_, noting, (state, products)),  # noqa: B023  # it runs at once
        )
        if not done:
            return  # the next run looks at them by the new rules


def _note_listed(
    context: Context, database: Connection, noting: Noting, read: tuple[AnyRow, Sequence[str]]
) -> bool:
    state, products = read
    number, shelf, table = noting.connection.id, export_tables.shelf, export_tables.exports
    if not _hold(database, number, state):
        return False
    listed.forget_news(database, number, products)
    theirs = there(database, shelf, {(store, product) for store in noting.places for product in products})
    rows = database.execute(select(*_ON_SHELF).where(theirs)).all()
    if _written(context, database, noting, rows):
        database.execute(update(table).where(table.c.connection_id == number).values(due_at=None))
    return True


_Key = tuple[str, str, str]


def _known(database: Connection, noting: Noting, rows: Sequence[AnyRow]) -> dict[_Key, AnyRow]:
    """Return what was noted of these rows of the shelf; by whole keys, so that no other row is looked at."""
    table = export_tables.export_items
    query = select(*_AS_NOTED).where(
        table.c.connection_id == noting.connection.id,
        among(database, table.c.what, [what.value for what in noting.whats]),
        among(database, table.c.location, noting.locations({row.store for row in rows})),
        among(database, table.c.product_id, sorted({row.product_id for row in rows})),
    )
    return {(row.what, row.location, row.product_id): row for row in database.execute(query).all()}


def _items(
    noting: Noting, rows: Sequence[AnyRow], known: Mapping[_Key, AnyRow], items: Mapping[str, str] | None
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that are new or otherwise: keys, then what is said, but for the time.

    `items` are the webstore's of each product; None where it is told by numbers.
    """
    places, rules = noting.places, noting.rules
    number, whats = noting.connection.id, [(what, what.value) for what in noting.whats]
    for row in rows:
        locations = places.get(row.store)
        if not locations:
            continue
        shelf = on_shelf(row)
        if items is not None:
            shelf = shelf._replace(items=items.get(row.product_id, NO_ITEMS))
        for what, name in whats:
            new = wanted(what, shelf, rules.buffers)
            for location in locations:
                before = known.get((name, location, shelf.product_id))
                if before is None and new == GONE:
                    continue
                # What is held may be plausible by other rules, and what was told may be another's too by now.
                if _stays(before, new, shelf):
                    continue
                said = _standing(noting, what, before, (new, shelf, row.store))
                yield (number, name, location, shelf.product_id, row.store, new, *said, 0, None)


def _stays(before: AnyRow | None, new: str, shelf: OnShelf) -> bool:
    return (
        before is not None
        and before.wanted == new
        and before.state != OfferState.HELD
        and before.part is None
        and not shelf.shared
    )


def _standing(
    noting: Noting, what: What, before: AnyRow | None, news: tuple[str, OnShelf, str]
) -> tuple[str | None, str, bool, str | None, str | None]:
    """Return the part that may be told, the state, whether it is to be told, and why not in words."""
    new, shelf, store = news
    shown, sent = (before.shown, before.sent) if before else (None, None)
    held = hold(what, (shown, new), shelf, noting.currencies[store], noting.rules.limits)
    target = held.part if held else new
    # What it was told and did not answer, it may show.
    is_open = sent is not None and sent != shown
    due = is_open or not (target == shown or (target == GONE and shown is None))
    if held is None:
        return None, _PLAIN, due, None, None
    return target, _HELD, due, held.words.en, held.words.ko


def on_shelf(row: AnyRow) -> OnShelf:
    """Return a row of the shelf as it is judged."""
    return OnShelf(
        row.product_id,
        row.on_hand,
        row.reserved,
        price_text(row.price_minor, row.currency),
        row.category,
        bool(row.published),
        row.identifiers,
        row.shared,
    )
