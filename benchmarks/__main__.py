"""`make bench`: the main job beside its floor and a naive importer, interleaved in one run.

Every measurement is a process of its own, on a fresh copy of a prepared database, so that none profits from
another's warm caches; the variants take turns, so that a busy moment of the machine meets them all.
"""

import argparse
import statistics
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import goods, report, rows, scene
from benchmarks.report import Result
from benchmarks.running import measure
from benchmarks.scene import Databases, Place

_RESULTS: Final = Path("benchmarks/results/latest.json")
_NAIVE_ORDERS: Final = 1_000
_VARIANTS: Final = (("floor", 0), ("product", 0), ("by_profile", 0), ("naive", _NAIVE_ORDERS))
_NAMES: Final = {"product": report.IMPORT, "by_profile": report.BY_PROFILE, "floor": "floor"}
_IDLE_POLLS: Final = 200
_MORE: Final = 10  # how many times the orders of the larger memory run


class Bench:
    """One run of everything: what is measured, how often, and what was found.

    Args:
        orders: how many orders are imported.
        rounds: how often each variant takes its turn; the median counts.
        kinds: databases.
        scale: how large the shop is.
    """

    def __init__(
        self, orders: int, rounds: int, kinds: Sequence[str], scale: goods.Scale = goods.FULL
    ) -> None:
        self.scale = scale
        self.orders = orders
        self.rounds = rounds
        self.kinds = tuple(kinds)
        self.results: list[Result] = []
        self._key = scene.new_key()

    def run(self) -> None:
        """Measure everything."""
        with (
            scene.webstore(self.orders, self.scale) as webstore,
            scene.prepared(self.kinds, webstore, self._key, self.scale) as prepared,
        ):
            self._imports(prepared, webstore)
            self._idle(prepared, webstore)
        with (
            scene.webstore(_MORE * self.orders, self.scale) as webstore,
            scene.prepared(self.kinds, webstore, self._key, self.scale) as prepared,
        ):
            self._memory(prepared, webstore)

    def _imports(self, prepared: Databases, webstore: str) -> None:
        seen: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for number in range(1, self.rounds + 1):
            for kind in self.kinds:
                counted = {}
                for what, limit in _VARIANTS:
                    report.say(f"round {number} of {self.rounds}: {what} on {kind}")
                    with prepared.copy(kind) as url:
                        place = Place(database_url=url, webstore_url=webstore, key=self._key, limit=limit)
                        seen[what, kind].append(measure(what, place))
                        counted[what] = rows.counts(place)
                rows.compare(counted["floor"], counted["product"])
                rows.compare(counted["by_profile"], counted["product"])
        for kind in self.kinds:
            self._sum_up(kind, {what: seen[what, kind] for what, _ in _VARIANTS})

    def _sum_up(self, kind: str, seen: dict[str, list[dict[str, Any]]]) -> None:
        seconds = {what: statistics.median(one["seconds"] for one in found) for what, found in seen.items()}
        peak = {what: max(one["peak_mib"] for one in found) for what, found in seen.items()}
        floor = seconds["floor"]
        for what, bench in _NAMES.items():
            self._add(bench, kind, self.orders, seconds[what], floor, peak[what])
        given = min(_NAIVE_ORDERS, self.orders)
        share = floor * given / self.orders
        self._add("naive importer", kind, given, seconds["naive"], share, peak["naive"])

    def _idle(self, prepared: Databases, webstore: str) -> None:
        for kind in self.kinds:
            found: dict[str, list[float]] = defaultdict(list)
            peak = 0.0
            with prepared.copy(kind) as url:
                place = Place(database_url=url, webstore_url=webstore, key=self._key, limit=_IDLE_POLLS)
                for _ in range(self.rounds):
                    for what in ("idle_floor", "idle"):
                        report.say(f"{_IDLE_POLLS} polls: {what} on {kind}")
                        measured = measure(what, place)
                        found[what].append(measured["seconds"] / _IDLE_POLLS)
                        peak = max(peak, measured["peak_mib"])
            once = {what: statistics.median(seconds) for what, seconds in found.items()}
            self._add("idle poll", kind, 0, once["idle"], once["idle_floor"], peak)

    def _memory(self, prepared: Databases, webstore: str) -> None:
        for kind in self.kinds:
            report.say(f"memory: {_MORE * self.orders} orders on {kind}")
            with prepared.copy(kind) as url:
                place = Place(database_url=url, webstore_url=webstore, key=self._key)
                found = measure("product", place)
            self._add("memory", kind, _MORE * self.orders, found["seconds"], None, found["peak_mib"])

    def _add(
        self, bench: str, kind: str, orders: int, seconds: float, floor: float | None, peak: float
    ) -> None:
        self.results.append(Result(bench, kind, orders, seconds, floor, peak))


def _main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--databases", nargs="+", choices=scene.KINDS, default=scene.KINDS)
    goods.add_options(parser)
    parser.add_argument("--document", type=Path, help="the page whose table is to be made anew")
    given = parser.parse_args()
    if given.document:
        report.around(given.document, report.BENCH)
    bench = Bench(given.orders, given.rounds, given.databases, goods.given_scale(given))
    bench.run()
    report.write(bench.results, _RESULTS)
    table = report.table(bench.results)
    sys.stdout.write(f"{table}\n")
    if given.document:
        report.document(table, given.document)


if __name__ == "__main__":
    _main()
