"""What a measurement says of itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.timing import timed
from payloads import ROOT

ASKED = "from benchmarks.timing import own_peak_mib; print(own_peak_mib())"


def test_what_the_work_answered_is_kept():
    measured = timed(lambda: 120, peak_mib=lambda: 80.55)

    assert (120, 80.5) == (measured["answer"], measured["peak_mib"])


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux counts in the starter's memory"
)
def test_a_process_does_not_count_the_memory_of_who_started_it():
    """This process has 200 MiB in hand; the one that it starts has next to nothing."""
    in_hand = b"x" * (200 * 2**20)

    asked = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert float(asked.stdout) < 100, f"with {len(in_hand)} bytes in hand"
