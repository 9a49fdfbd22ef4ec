"""What the peers' run has found: as results, and as a table with what each does."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks import report
from benchmarks.peers import environments
from benchmarks.peers.known import PEERS
from benchmarks.report import Result

FLOOR: Final = "floor"
PRODUCT: Final = "product"
_IMPORT: Final = "import"  # tillbridge itself, as `make bench` calls it


def results(seen: Mapping[str, Sequence[Mapping[str, Any]]], orders: int, kind: str) -> list[Result]:
    """Return the medians, each beside the floor's time for as many orders.

    Args:
        seen: what each variant and peer has measured, one for each round.
        orders: how many orders all were given but those peers that take fewer.
        kind: the database.
    """
    floor = _median(seen[FLOOR])
    lines = [(_IMPORT, PRODUCT, orders), (FLOOR, FLOOR, orders)]
    lines += [(peer.title, peer.name, peer.share(orders)) for peer in PEERS]
    return [
        Result(
            bench,
            kind,
            share,
            _median(seen[what]),
            floor * share / orders,
            max(one["peak_mib"] for one in seen[what]),
        )
        for bench, what, share in lines
    ]


def _median(found: Sequence[Mapping[str, Any]]) -> float:
    return float(statistics.median(one["seconds"] for one in found))


def table(found: Sequence[Result]) -> str:
    """Return the results as a table in Markdown, with what each peer does and the machine below it."""
    pace = {one.bench: one.orders / one.seconds for one in found}
    lines = [
        "| what | orders | seconds | a second | tillbridge is ... times as fast | the floor | peak memory |",
        "|---|---|---|---|---|---|---|",
        *(_line(one, pace) for one in found),
        "",
        *(f"- {peer.does}" for peer in PEERS),
        "",
        f"Each peer ran in an environment of its own, with {'; '.join(map(environments.releases, PEERS))}.",
        "",
    ]
    return "\n".join(lines) + "\n" + report.machine()


def _line(one: Result, pace: Mapping[str, float]) -> str:
    name = "tillbridge" if one.bench == _IMPORT else one.bench
    times = " | ".join(
        "" if one.bench == other else f"{pace[other] / pace[one.bench]:,.1f}" for other in (_IMPORT, FLOOR)
    )
    return (
        f"| {name} | {one.orders:,} | {one.seconds:.1f} | {pace[one.bench]:,.0f} orders | {times} "
        f"| {one.peak_mib:.0f} MiB |"
    )
