"""Singer: a tap of the Meltano SDK for the webstore, piped into a target of the same SDK on SQLite.

The target checks each record against the tap's schema and writes one flat row for it, the lines as JSON in
one column. They look up no product and no customer, sell nothing and move no stock. Tap and target are
processes that are started for each sync, so their start is part of the time.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from benchmarks.peers.place import PeerPlace

_PACKAGE: Final = "benchmarks.peers.measured"
_KIB_IN_MIB: Final = 1024
_peaks: Final[list[float]] = []


def peak_mib() -> float:
    """Return what tap and target had at most, added up."""
    return sum(_peaks)


@contextmanager
def ready(place: PeerPlace) -> Iterator[Callable[[], int]]:
    """Write the settings of both; the work is one sync, through a pipe."""
    tap = _settings(place.folder / "tap.json", {"url": place.webstore_url, "page": place.page})
    target = _settings(
        place.folder / "target.json",
        {"file": str(place.database), "flattening_enabled": True, "flattening_max_depth": 3},
    )
    yield lambda: _sync(place, tap, target)


def _settings(file: Path, settings: dict[str, object]) -> Path:
    file.write_text(json.dumps(settings), encoding="utf-8")
    return file


def _sync(place: PeerPlace, tap_settings: Path, target_settings: Path) -> int:
    with (place.folder / "log").open("w+", encoding="utf-8") as log:
        tap = subprocess.Popen(
            [sys.executable, "-m", f"{_PACKAGE}.singer_tap", "--config", str(tap_settings)],
            stdout=subprocess.PIPE,
            stderr=log,
        )
        target = subprocess.Popen(
            [sys.executable, "-m", f"{_PACKAGE}.singer_target", "--config", str(target_settings)],
            stdin=tap.stdout,
            stdout=subprocess.DEVNULL,  # how far it has come, for the next sync
            stderr=log,
        )
        assert tap.stdout
        tap.stdout.close()  # the target has it now, and its end is the tap's
        if any([_ended(target), _ended(tap)]):
            log.seek(0)
            sys.exit(log.read())
    with closing(sqlite3.connect(place.database)) as kept:
        return int(kept.execute("SELECT count(*) FROM orders").fetchone()[0])


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process; note its peak of memory, and return its exit code."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    _peaks.append(used.ru_maxrss / _KIB_IN_MIB)
    return process.returncode
