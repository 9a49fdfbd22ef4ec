"""Starts a measurement in a process of its own and reads what it has printed."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.scene import Place


def measure(what: str, place: Place) -> dict[str, Any]:
    """Measure a module of `benchmarks.measured`."""
    # "=": one key in 64 begins with "-", which argparse would take for the next option.
    given = ["--database", place.database_url, "--webstore", place.webstore_url, f"--key={place.key}"]
    command = [sys.executable, "-m", "benchmarks.one", what, *given, "--limit", str(place.limit)]
    return run(what, command)


def run(what: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run a measurement; end the whole run, with what it said, if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(f"{what} failed:\n{done.stderr}")
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured
