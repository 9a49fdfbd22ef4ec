"""`make bench-peers`: what else a shop might bring orders in with, interleaved with tillbridge and the floor.

They are peers, not rivals: each does less than tillbridge or something else, and the table says what. All
import the same orders from the same webstore process, into SQLite.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from benchmarks import goods, report, rows, scene
from benchmarks.peers import environments, known, table
from benchmarks.peers.known import PEERS, Peer
from benchmarks.peers.place import PeerPlace
from benchmarks.running import measure, run
from benchmarks.scene import Databases, Place

COMMAND: Final = "make bench-peers"
_RESULTS: Final = Path("benchmarks/results/latest-peers.json")
_KIND: Final = "sqlite"


class Bench:
    """One run of everything.

    Args:
        orders: how many orders are imported.
        rounds: how often each takes its turn; the median counts.
        scale: how large the shop is.
    """

    def __init__(self, orders: int, rounds: int, scale: goods.Scale) -> None:
        self._orders = orders
        self._rounds = rounds
        self._scale = scale
        self._key = scene.new_key()
        self._pythons = {peer.name: environments.python(peer) for peer in PEERS}
        self._wanted = {peer.name: known.wanted(peer.share(orders), scale) for peer in PEERS}
        self.seen: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def run(self) -> None:
        """Measure everything."""
        with (
            scene.webstore(self._orders, self._scale) as webstore,
            scene.prepared((_KIND,), webstore, self._key, self._scale) as prepared,
            tempfile.TemporaryDirectory(prefix="tillbridge-peers-") as shop,
        ):
            goods.write_files(Path(shop), self._scale)
            for number in range(1, self._rounds + 1):
                self._ours(number, prepared, webstore)
                for peer in PEERS:
                    self._peer(number, peer, Path(shop), webstore)

    def _ours(self, number: int, prepared: Databases, webstore: str) -> None:
        counted = {}
        for what in (table.FLOOR, table.PRODUCT):
            self._say(number, what)
            with prepared.copy(_KIND) as url:
                place = Place(database_url=url, webstore_url=webstore, key=self._key)
                self.seen[what].append(measure(what, place))
                counted[what] = rows.counts(place)
        rows.compare(counted[table.FLOOR], counted[table.PRODUCT])

    def _peer(self, number: int, peer: Peer, shop: Path, webstore: str) -> None:
        self._say(number, peer.title)
        with tempfile.TemporaryDirectory(prefix="tillbridge-peer-") as folder:
            place = PeerPlace(
                webstore_url=webstore,
                folder=Path(folder),
                shop=shop,
                limit=peer.share(self._orders),
                page=scene.PAGE,
            )
            command = [str(self._pythons[peer.name]), "-m", "benchmarks.peers.one", peer.name]
            measured = run(peer.title, [*command, *place.as_options()], environments.surroundings())
            known.check(peer, place.database, self._wanted[peer.name])
        self.seen[peer.name].append(measured)

    def _say(self, number: int, what: str) -> None:
        report.say(f"round {number} of {self._rounds}: {what}")


def _main() -> None:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    goods.add_options(parser)
    parser.add_argument("--document", type=Path, help="the page whose table is to be made anew")
    given = parser.parse_args()
    if given.document:
        report.around(given.document, COMMAND)
    bench = Bench(given.orders, given.rounds, goods.given_scale(given))
    bench.run()
    results = table.results(bench.seen, given.orders, _KIND)
    report.write(results, _RESULTS)
    made = table.table(results)
    sys.stdout.write(f"{made}\n")
    if given.document:
        report.document(made, given.document, COMMAND)


if __name__ == "__main__":
    _main()
