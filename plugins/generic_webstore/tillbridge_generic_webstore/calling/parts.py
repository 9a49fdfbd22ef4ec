"""Second calls: what belongs to an order and stands elsewhere, asked for a whole page of orders at once.

Each key is asked for once, however many orders name it; in batches where the webstore takes them; and, where
the profile says for how long, an answer serves later polls too. A key that the webstore does not have (any
more) has no rows: whoever needs one says so. A call that is refused leaves its part out, and the order it is
for is kept without: one bad order never stops its page.
"""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from tillbridge.plugin import Connection, HttpClient, HttpRejected
from tillbridge_generic_webstore.calling.answers import decode
from tillbridge_generic_webstore.calling.beside import Beside, evaluated, keys_of
from tillbridge_generic_webstore.calling.calls import CompiledCall, Place, compile_call
from tillbridge_generic_webstore.calling.heads import as_id
from tillbridge_generic_webstore.calling.moments import read_span
from tillbridge_generic_webstore.calling.paging import cut, linked
from tillbridge_generic_webstore.calling.rows import RowsPath
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.language.connecting import PartCall
from tillbridge_generic_webstore.settings import public_values

PLACEHOLDERS: Final = frozenset({"key", "keys", "cursor"})
_GONE: Final = frozenset({404, 410})
_MOST_CACHED: Final = 20_000
_MOST_PAGES: Final = 1_000
Rows = tuple[bytes, ...]


def _new_cache() -> "Cache":
    return Cache()


@dataclass(frozen=True)
class Part:
    """A second call.

    Attributes:
        name: of the part.
        keys: the keys of an order, an expression over it.
        call: what asks for one key, or for several.
        rows: where an answer's rows are.
        next: where an answer holds the address of its next page; None: in its Link header, if it has one.
        batch: how many keys go in one call.
        key: of a batch: the key that a row answers.
        lasts: how long an answer serves; None: for the page at hand.
    """

    name: str
    keys: Expression
    call: CompiledCall
    rows: RowsPath
    next: Expression | None
    batch: int
    key: Expression | None
    lasts: timedelta | None
    cache: "Cache" = field(default_factory=_new_cache, repr=False, compare=False)

    def ask(self, connection: Connection, keys: Sequence[Any]) -> dict[Any, Rows | None]:
        """Return the rows of each key; None for one that was refused."""
        found: dict[Any, Rows | None] = {}
        if self.lasts is not None:
            found.update(self.cache.get(connection, keys))
        wanted = [key for key in keys if key not in found]
        for at in range(0, len(wanted), self.batch):
            fresh = self._ask(connection, wanted[at : at + self.batch])
            if self.lasts is not None:
                self.cache.put(connection, fresh, connection.now() + self.lasts)
            found.update(fresh)
        return found

    def _ask(self, connection: Connection, keys: Sequence[Any]) -> dict[Any, Rows | None]:
        try:
            rows = list(self._pages(connection, keys))
        except HttpRejected as error:
            if len(keys) > 1:
                return {key: rows for one in keys for key, rows in self._ask(connection, [one]).items()}
            if error.status in _GONE:
                return {keys[0]: ()}
            connection.log.warning("The part %r was refused: %s", self.name, error.words.en)
            return {keys[0]: None}
        if self.batch == 1:
            return {keys[0]: tuple(rows)}
        return self._allotted(rows, keys)

    def _pages(self, connection: Connection, keys: Sequence[Any]) -> Iterator[bytes]:
        asked = {"keys": list(keys)} if self.batch > 1 else {"key": keys[0]}
        values = {**asked, "cursor": None}
        answer = self.call.send(connection, values, repeatable=True)
        for _ in range(_MOST_PAGES):
            yield from [] if answer.is_empty else cut(self.rows, answer.checked())
            if self.next:
                found = self.next(answer.json, _names(connection))
            else:
                found = linked(answer.response.headers.get("Link", ""))
            if not found:
                return
            if "cursor" in self.call.names:
                answer = self.call.send(connection, {**values, "cursor": found}, repeatable=True)
            else:
                answer = self.call.follow(connection, str(found), values)

    def _allotted(self, rows: Sequence[bytes], keys: Sequence[Any]) -> dict[Any, Rows | None]:
        """Give each key the rows that answer it."""
        assert self.key is not None
        held: dict[str, list[bytes]] = {str(key): [] for key in keys}
        for row in rows:
            answers = as_id(evaluated(self.key, row))
            if answers in held:
                held[answers].append(row)
        return {key: tuple(held[str(key)]) for key in keys}


class Cache:
    """Answers that serve again, apart for each connection."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: weakref.WeakKeyDictionary[HttpClient, OrderedDict[Any, tuple[Rows, datetime]]] = (
            weakref.WeakKeyDictionary()
        )

    def get(self, connection: Connection, keys: Sequence[Any]) -> dict[Any, Rows]:
        """Return what is held of these keys."""
        now = connection.now()
        with self._guard:
            held = self._held.get(connection.http, OrderedDict())
            return {key: held[key][0] for key in keys if key in held and held[key][1] > now}

    def put(self, connection: Connection, fresh: Mapping[Any, Rows | None], until: datetime) -> None:
        """Hold answers until a time, UTC."""
        with self._guard:
            held = self._held.setdefault(connection.http, OrderedDict())
            for key, rows in fresh.items():
                if rows is not None:
                    held[key] = (rows, until)
                    held.move_to_end(key)
            while len(held) > _MOST_CACHED:
                held.popitem(last=False)


AnyPart = Part | Beside


def fetch_parts(
    connection: Connection,
    parts: Sequence[AnyPart],
    orders: Sequence[bytes],
    answers: Sequence[bytes] = (),
) -> list[dict[str, bytes]]:
    """Return the parts of each order, by name: a JSON array of the rows that belong to it.

    A part that was refused for an order is not among its parts.

    Args:
        connection: whose webstore.
        parts: in the order of the profile: a later one may be asked by what an earlier one brought.
        orders: the bytes of each.
        answers: what each came in; needed where a part lies beside the list.
    """
    made: list[dict[str, bytes]] = [{} for _ in orders]
    if not parts:
        return made
    values = [_decoded(order) for order in orders]
    seen: list[dict[str, Any]] = [{} for _ in orders]
    names = _names(connection)
    for part in parts:
        keys = [keys_of(part.keys, one, held, names) for one, held in zip(values, seen, strict=True)]
        found = _rows(part, connection, keys, answers)
        for mine, into, held in zip(found, made, seen, strict=True):
            held[part.name] = []
            if None in mine:
                continue
            rows = [row for some in mine for row in some or ()]
            into[part.name] = b"[" + b",".join(rows) + b"]"
            held[part.name] = [_decoded(row) for row in rows]
    return made


def _rows(
    part: AnyPart, connection: Connection, keys: Sequence[Sequence[Any]], answers: Sequence[bytes]
) -> Sequence[Sequence[Rows | None]]:
    """Return, for each order, the rows of each of its keys."""
    if isinstance(part, Beside):
        return part.of_orders(keys, answers)
    found = part.ask(connection, list(dict.fromkeys(key for some in keys for key in some)))
    return [[found[key] for key in mine] for mine in keys]


def compile_parts(tables: Mapping[str, PartCall], place: Place) -> list[AnyPart]:
    """Compile the parts of a list, `place` being that of the table that holds them."""
    made = (
        compile_part(name, table, Place(place.profile, (*place.path, name), PLACEHOLDERS, place.mistakes))
        for name, table in tables.items()
    )
    return [one for one in made if one is not None]


def compile_part(name: str, table: PartCall, place: Place) -> AnyPart | None:
    """Compile a part; what is wrong is added to the place's mistakes."""
    keys = place.expression(table.for_, "for", names=("_parts", "_settings"))
    if table.beside is not None:
        rows = place.rows(table.beside, "beside")
        key = place.expression(table.key, "key")
        return None if keys is None or key is None else Beside(name, keys, rows, key)
    call = compile_call(table, place, path=table.path)
    lasts = None if table.cache is None else read_span(table.cache)
    key = place.expression(table.key, "key") if table.batch > 1 else None
    following = place.expression(table.next, "next", names=("_settings",))
    rows = place.rows(table.rows, "rows")
    if keys is None or (table.batch > 1 and key is None):
        return None
    return Part(name, keys, call, rows, following, table.batch, key, lasts)


def _names(connection: Connection) -> dict[str, Any]:
    return {"_settings": public_values(connection.settings)}


def _decoded(content: bytes) -> Any:
    try:
        return decode(content)
    except ValueError:
        return None
