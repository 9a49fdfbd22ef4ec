"""Times one piece of work. It imports nothing of ours, so that it runs where only a peer is installed."""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

Work = Callable[[], Any]
_KIB_IN_MIB: Final = 1024
_STATUS: Final = Path("/proc/self/status")


def own_peak_mib() -> float:
    """Return the most memory that this process has had.

    Linux counts a new process's `ru_maxrss` from the memory of whoever started it; its high-water mark is its
    own.
    """
    if _STATUS.exists():
        lines = (line.split() for line in _STATUS.read_text("utf-8").splitlines())
        return next(int(words[1]) for words in lines if words[0] == "VmHWM:") / _KIB_IN_MIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_IN_MIB


def timed(work: Work, peak_mib: Callable[[], float] = own_peak_mib) -> dict[str, Any]:
    """Do the work once; return its wall and CPU seconds, the peak of memory, and what it answered."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_mib": round(peak_mib(), 1),
        "answer": answer,
    }
