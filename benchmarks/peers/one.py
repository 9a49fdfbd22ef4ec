"""Measures one peer in its own environment and prints it as JSON; `python -m benchmarks.peers` starts it."""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.peers.place import PeerPlace
from benchmarks.timing import own_peak_mib, timed


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", help="the module of benchmarks.peers.measured that is to be measured")
    parser.add_argument("--webstore", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--shop", type=Path, required=True)
    parser.add_argument("--limit", type=int, required=True)
    parser.add_argument("--page", type=int, required=True)
    given = parser.parse_args()
    place = PeerPlace(
        webstore_url=given.webstore,
        folder=given.folder,
        shop=given.shop,
        limit=given.limit,
        page=given.page,
    )
    module = import_module(f"benchmarks.peers.measured.{given.what}")
    with module.ready(place) as work:
        json.dump(timed(work, getattr(module, "peak_mib", own_peak_mib)), sys.stdout)


if __name__ == "__main__":
    _main()
