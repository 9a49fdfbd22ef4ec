"""Notes what one webstore should show, of what changed on the shelf since it was looked at last."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, and_, not_, or_, select, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables
from tillbridge.db.many import InsertMany
from tillbridge.db.sets import among
from tillbridge.db.states import OfferState
from tillbridge.db.types import AnyRow
from tillbridge.exports.judging import hold
from tillbridge.exports.rules import ExportRules, rules_of
from tillbridge.exports.stopping import go_on
from tillbridge.exports.wanting import GONE, OnShelf, What, price_text, told_of, wanted
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
            return noting.rules
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
    table = export_tables.exports
    return database.execute(select(table).where(table.c.connection_id == connection_id)).one()


def _changed(database: Connection, seen: int) -> list[AnyRow]:
    table = export_tables.shelf
    query = select(table).where(table.c.position > seen).order_by(table.c.position).limit(_PAGE)
    return list(database.execute(query).all())


def _note(
    context: Context, database: Connection, noting: Noting, read: tuple[AnyRow, Sequence[AnyRow]]
) -> None:
    table, number = export_tables.exports, noting.connection.id
    state, rows = read
    # Rules that were set meanwhile look at everything anew: what these rows were judged by is over.
    mine = (table.c.connection_id == number, table.c.rules == state.rules, table.c.seen == state.seen)
    if database.execute(select(table.c.seen).where(*mine).with_for_update()).first() is None:
        return
    known = _known(database, number, {row.product_id for row in rows})
    now = context.clock.now()
    written = [(*one, now) for one in _items(noting, rows, known)]
    _WRITE.run(database, sorted(written))
    values: dict[str, Any] = {"seen": rows[-1].position}
    if any(row[_DUE] for row in written):
        values["due_at"] = None  # whoever dies before it is told leaves it to the next
    database.execute(update(table).where(table.c.connection_id == number).values(values))


_Key = tuple[str, str, str]


def _known(database: Connection, connection_id: int, products: Iterable[str]) -> dict[_Key, AnyRow]:
    table = export_tables.export_items
    query = select(table).where(
        table.c.connection_id == connection_id, among(database, table.c.product_id, sorted(products))
    )
    return {(row.what, row.location, row.product_id): row for row in database.execute(query).all()}


def _items(noting: Noting, rows: Sequence[AnyRow], known: Mapping[_Key, AnyRow]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that are new or otherwise: keys, then what is said, but for the time."""
    places, rules = noting.places, noting.rules
    number, whats = noting.connection.id, [(what, what.value) for what in told_of(noting.connection.provider)]
    for row in rows:
        locations = places.get(row.store)
        if not locations:
            continue
        shelf = on_shelf(row)
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
        product_id=row.product_id,
        on_hand=row.on_hand,
        reserved=row.reserved,
        price=price_text(row.price_minor, row.currency),
        category=row.category,
        published=bool(row.published),
        numbers=row.identifiers,
        shared=row.shared,
    )
