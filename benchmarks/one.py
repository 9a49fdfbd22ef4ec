"""Takes one measurement in a process of its own and prints it as JSON; `python -m benchmarks` starts it."""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.scene import Place

Work = Callable[[], Any]
_MIB_IN_KIB = 1024


def timed(work: Work) -> dict[str, Any]:
    """Do the work once; return its wall and CPU seconds, the process's peak memory, and what it answered."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB_IN_KIB
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mib": round(peak, 1), "answer": answer}


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
