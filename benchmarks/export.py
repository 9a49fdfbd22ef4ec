"""How long an export looks for what changed, beside the one SQL query that a person would write for it.

    PYTHONPATH=tests python -m benchmarks.export --database postgresql --products 100000 --changed 1000

By hand: one query that compares the catalogue with a table of what was told, and reads what a webstore is to
be told (barcode, pieces, price); then one statement that notes it there. Memory is the whole process's peak.
Run by hand; `make bench` does not.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.fernet import Fernet

import databases
from benchmarks.raw import Raw
from benchmarks.scene import DURABLE, KINDS, Place
from benchmarks.timing import own_peak_mib
from tillbridge import connections, exports, plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.exports import ExportRules, ExportSettings, shelf
from tillbridge.exports.noting import note
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.offers import Exporting, Limits, Offer
from tillbridge.model.stores import Store
from tillbridge.plugin import hookimpl
from tillbridge.pos.embedded import EmbeddedPos
from tillbridge.provider import Connection
from tillbridge.testing.storefront import MemoryStorefront
from tillbridge.testing.webstore import NAME

SEOUL = Store(code="seoul", name="서울점", timezone="Asia/Seoul", currency="KRW", country="KR")
_OPENED: Final = datetime(2026, 1, 1, tzinfo=UTC)
_TOLD: Final = """
CREATE TABLE told (store VARCHAR(100), product_id INTEGER, on_hand_e4 BIGINT, price_minor BIGINT,
    PRIMARY KEY (store, product_id))
"""
_BY_HAND: Final = """
SELECT s.store, s.product_id, s.on_hand_e4, p.price_minor,
    (SELECT max(i.value) FROM pos_identifiers i WHERE i.product_id = p.id AND i.kind = 'gtin')
FROM pos_stock s
JOIN pos_products p ON p.id = s.product_id
LEFT JOIN told t ON t.store = s.store AND t.product_id = s.product_id
WHERE p.active AND p.ecommerce AND p.merged_into IS NULL
    AND (t.on_hand_e4 IS DISTINCT FROM s.on_hand_e4 OR t.price_minor IS DISTINCT FROM p.price_minor)
"""
_NOTED: Final = """ON CONFLICT (store, product_id) DO UPDATE
    SET on_hand_e4 = excluded.on_hand_e4, price_minor = excluded.price_minor"""


class Forgetful(MemoryStorefront):
    """A webstore that accepts everything and keeps nothing, so that the memory is the export's own."""

    @hookimpl
    def push_inventory(self, connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:  # noqa: ARG002  # the hook's own parameters
        """Accept all."""
        return {offer.key: Receipt(Outcome.ACCEPTED) for offer in offers}


class Spent(NamedTuple):
    """Seconds that something took: by the clock, and of this process's own work."""

    wall: float
    own: float

    def __add__(self, other: "Spent") -> "Spent":  # type: ignore[override]  # sums are meant, as of numbers
        return Spent(self.wall + other.wall, self.own + other.own)


class Round(NamedTuple):
    """One round: the query by hand, the query and noting what it found, and tillbridge."""

    query: Spent
    noted: Spent
    ours: Spent


def _fill(raw: Raw, products: int) -> None:
    """Write a catalogue straight into the tables: a file of so many products would take longer."""
    numbers = range(1, products + 1)
    with raw.transaction():
        columns = "id, description, price_minor, currency, changed_at"
        then = raw.moment(_OPENED)
        rows = [(n, f"product {n}", 10_000 + n, "KRW", then) for n in numbers]
        raw.insert("pos_products", columns, rows)
        barcodes = [(n, "gtin", f"{n:014d}", "", "") for n in numbers]
        raw.insert("pos_identifiers", "product_id, kind, value, scope, raw", barcodes)
        stock = [("seoul", n, 10_000 * (n % 50)) for n in numbers]
        raw.insert("pos_stock", "store, product_id, on_hand_e4", stock)
        raw.insert("pos_shelf_marks", "product_id, position", [(n, 1 + n // 1000) for n in numbers])
    if not raw.is_sqlite:
        raw.run("ANALYZE")


def _change(raw: Raw, products: int, changed: int) -> None:
    """Move the stock of so many products, a hundred of them in one transaction."""
    ((last,),) = raw.ask("SELECT max(position) FROM pos_shelf_marks")
    numbers = [1 + n * (products // changed) for n in range(changed)]
    with raw.transaction():
        one_more = "UPDATE pos_stock SET on_hand_e4 = on_hand_e4 + 10000 WHERE product_id = ?"
        raw.many(one_more, [(n,) for n in numbers])
        marks = [(last + 1 + at // 100, n) for at, n in enumerate(numbers)]
        raw.many("UPDATE pos_shelf_marks SET position = ? WHERE product_id = ?", marks)


def _note_by_hand(raw: Raw, found: Sequence[Sequence[object]]) -> None:
    with raw.transaction():
        rows = [row[:4] for row in found]
        raw.insert("told", "store, product_id, on_hand_e4, price_minor", rows, then=_NOTED)


def _timed(work: Callable[[], object]) -> Spent:
    wall, own = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - own)


@contextmanager
def _database(kind: str) -> Iterator[str]:
    """Lend an empty database of tillbridge's tables."""
    with tempfile.TemporaryDirectory(prefix="tillbridge-bench-") as folder:
        if kind == "sqlite":
            yield databases.sqlite_url(Path(folder) / "shop.db")
            return
        with databases.serve(settings=DURABLE) as server:
            yield databases.in_full(server.create())


@contextmanager
def _shop(url: str, products: int) -> Iterator[tuple[Engine, Raw]]:
    """Open a shop with so many products and a webstore, beside a connection of one's own."""
    Engine.init(url)
    loaded = plugins.load([], extra={NAME: Forgetful(exporting=Exporting(batch=1000, together=True))})
    key = Fernet.generate_key().decode()
    raw = Raw(Place(database_url=url, webstore_url="", key=key))
    with Engine(url, Options(key=key, plugins=loaded)) as engine:
        pos = engine.pos
        assert isinstance(pos, EmbeddedPos)
        pos.add_store(SEOUL)
        _fill(raw, products)
        new = NewConnection(
            provider=NAME, name="web", settings={"shop": "s1"}, orders_from=engine.context.clock.now()
        )
        engine.connect(new)
        rules = ExportRules(limits=Limits(price_percent=0, pieces=0, emptied_percent=0))
        engine.set_export("web", ExportSettings(rules=rules))
        yield engine, raw
    raw.close()


def _round(engine: Engine, raw: Raw, changed: int) -> Round:
    """Find what changed by hand, then by tillbridge, and tell it."""
    (row,) = connections.rows(engine.context, "web")
    opened = engine.open(row)
    found: list[Sequence[object]] = []
    query = _timed(lambda: found.extend(raw.ask(_BY_HAND)))
    noted = query + _timed(lambda: _note_by_hand(raw, found))
    ours = _timed(lambda: (shelf.refresh(engine.context), note(engine.context, opened)))
    (state,) = exports.export_states(engine.context, "web")
    assert state.due == len(found) == changed, (state.due, len(found))
    engine.export("web")
    return Round(query, noted, ours)


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--changed", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    with _database(given.database) as url, _shop(url, given.products) as (engine, raw):
        first = _timed(lambda: engine.export("web"))
        print(f"first export of {given.products:,}: {first.wall:.2f} s")  # noqa: T201  # this is what it is for
        raw.run(_TOLD)
        _note_by_hand(raw, raw.ask(_BY_HAND))
        rounds = []
        for _ in range(given.rounds):
            _change(raw, given.products, given.changed)
            rounds.append(_round(engine, raw, given.changed))
    ways = ("wall", "own") if given.database == KINDS[0] else ("wall",)  # a server works for itself
    for way in ways:
        query, noted, ours = (
            statistics.median(getattr(one, way) for one in some) * 1000 for some in zip(*rounds, strict=True)
        )
        print(  # noqa: T201  # as above
            f"{given.changed:,} of {given.products:,}, {given.database}, {way}: the query {query:.1f} ms, "
            f"noted {noted:.1f} ms; tillbridge {ours:.1f} ms: {ours / query:.2f} times it, "
            f"{ours / noted:.2f} times both; peak {own_peak_mib():.0f} MiB"
        )


if __name__ == "__main__":
    _main()
