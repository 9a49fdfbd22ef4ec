"""How long an export looks for what changed, beside the one SQL query that a person would write for it.

    python -m benchmarks.export --products 100000 --changed 1000

Peak memory is of the whole process. Run by hand; `make bench` does not.
"""

import argparse
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet

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
_BY_HAND = """
SELECT s.store, s.product_id, s.on_hand_e4, p.price_minor FROM pos_stock s
JOIN pos_products p ON p.id = s.product_id
LEFT JOIN sent ON sent.store = s.store AND sent.product_id = s.product_id
WHERE sent.on_hand_e4 IS NOT s.on_hand_e4 OR sent.price_minor IS NOT p.price_minor
"""
_FILL = """
CREATE TABLE IF NOT EXISTS sent (store TEXT, product_id INTEGER, on_hand_e4 INTEGER, price_minor INTEGER,
    PRIMARY KEY (store, product_id)) WITHOUT ROWID;
DELETE FROM sent;
INSERT INTO sent SELECT s.store, s.product_id, s.on_hand_e4, p.price_minor FROM pos_stock s
    JOIN pos_products p ON p.id = s.product_id;
"""


class Forgetful(MemoryStorefront):
    """A webstore that accepts everything and keeps nothing, so that the memory is the export's own."""

    @hookimpl
    def push_inventory(self, connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:  # noqa: ARG002  # the hook's own parameters
        """Accept all."""
        return {offer.key: Receipt(Outcome.ACCEPTED) for offer in offers}


def _stock(file: Path, products: int) -> None:
    """Write a catalogue straight into the tables: a file of so many products would take longer."""
    with sqlite3.connect(file) as database:
        rows = [(n, f"product {n}", 10_000 + n, "KRW") for n in range(1, products + 1)]
        columns = "id, description, price_minor, currency, changed_at"
        sql = f"INSERT INTO pos_products ({columns}) VALUES (?, ?, ?, ?, '2026-01-01')"  # noqa: S608  # our own names
        database.executemany(sql, rows)
        sql = (
            "INSERT INTO pos_identifiers (product_id, kind, value, scope, raw) VALUES (?, 'gtin', ?, '', '')"
        )
        database.executemany(sql, [(n, f"{n:014d}") for n, *_ in rows])
        sql = "INSERT INTO pos_stock (store, product_id, on_hand_e4) VALUES ('seoul', ?, ?)"
        database.executemany(sql, [(n, 10_000 * (n % 50)) for n, *_ in rows])
        database.execute("INSERT INTO pos_shelf_marks SELECT id, 1 + id / 1000 FROM pos_products")


def _change(file: Path, changed: int) -> None:
    """Move the stock of so many products, a hundred of them together."""
    with sqlite3.connect(file) as database:
        (last,) = database.execute("SELECT max(position) FROM pos_shelf_marks").fetchone()
        (products,) = database.execute("SELECT count(*) FROM pos_products").fetchone()
        numbers = [1 + n * (products // changed) for n in range(changed)]
        sql = "UPDATE pos_stock SET on_hand_e4 = on_hand_e4 + 10000 WHERE product_id = ?"
        database.executemany(sql, [(n,) for n in numbers])
        sql = "UPDATE pos_shelf_marks SET position = ? WHERE product_id = ?"
        database.executemany(sql, [(last + 1 + at // 100, n) for at, n in enumerate(numbers)])


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _by_hand(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute(_BY_HAND).fetchall()


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--changed", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tillbridge-bench-") as folder:
        file = Path(folder) / "shop.db"
        url = f"sqlite:///{file}"
        Engine.init(url)
        webstore = Forgetful(exporting=Exporting(batch=1000, together=True))
        loaded = plugins.load([], extra={NAME: webstore})
        with Engine(url, Options(key=Fernet.generate_key().decode(), plugins=loaded)) as engine:
            pos = engine.pos
            assert isinstance(pos, EmbeddedPos)
            pos.add_store(SEOUL)
            _stock(file, given.products)
            engine.connect(
                NewConnection(
                    provider=NAME,
                    name="web",
                    settings={"shop": "s1"},
                    orders_from=engine.context.clock.now(),
                )
            )
            rules = ExportRules(limits=Limits(price_percent=0, pieces=0, emptied_percent=0))
            engine.set_export("web", ExportSettings(rules=rules))
            first = _timed(lambda: engine.export("web"))
            print(f"first export of {given.products:,}: {first:.2f} s")  # noqa: T201  # this is what it is for
            (row,) = connections.rows(engine.context, "web")
            opened = engine.open(row)
            found: list[tuple[float, float]] = []
            for _ in range(given.rounds):
                with sqlite3.connect(file) as database:
                    database.executescript(_FILL)
                _change(file, given.changed)
                by_hand = _timed(lambda: _by_hand(file))
                ours = _timed(lambda: (shelf.refresh(engine.context), note(engine.context, opened)))
                (state,) = exports.export_states(engine.context, "web")
                assert state.due == given.changed, state.due
                engine.export("web")
                found.append((by_hand, ours))
            hand, own = (statistics.median(one[at] for one in found) for at in (0, 1))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(  # noqa: T201  # as above
                f"{given.changed:,} of {given.products:,} changed: one query by hand {hand * 1000:.1f} ms, "
                f"tillbridge {own * 1000:.1f} ms ({own / hand:.2f} times), peak {peak} MiB"
            )


if __name__ == "__main__":
    _main()
