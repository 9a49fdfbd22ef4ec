"""Takes one measurement in a process of its own and prints it as JSON; `python -m benchmarks` starts it."""

import argparse
import json
import sys
from importlib import import_module

from benchmarks.scene import Place
from benchmarks.timing import timed


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", help="the module of benchmarks.measured that is to be measured")
    parser.add_argument("--database", required=True)
    parser.add_argument("--webstore", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--limit", type=int, default=0)
    given = parser.parse_args()
    place = Place(database_url=given.database, webstore_url=given.webstore, key=given.key, limit=given.limit)
    module = import_module(f"benchmarks.measured.{given.what}")
    with module.ready(place) as work:
        json.dump(timed(work), sys.stdout)


if __name__ == "__main__":
    _main()
