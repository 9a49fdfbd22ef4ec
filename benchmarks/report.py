"""What was measured, as JSON for machines, as a table for people, and with the machine it ran on."""

import json
import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

BENCH: Final = "make bench"
IMPORT: Final = "import"
BY_PROFILE: Final = "import by a profile"
_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the report.

    Attributes:
        bench: what was done.
        orders: how many orders; 0 for a poll that finds none.
        seconds: the median of wall time.
        floor_seconds: the same of the floor in the same run, for as many orders; None where there is none.
        peak_mib: the most memory that the process had.
    """

    bench: str
    database: str
    orders: int
    seconds: float
    floor_seconds: float | None
    peak_mib: float

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return None if self.floor_seconds is None else self.seconds / self.floor_seconds

    def as_data(self) -> dict[str, Any]:
        """Return it as it stands in the JSON file."""
        return {
            "bench": self.bench,
            "database": self.database,
            "orders": self.orders,
            "seconds": round(self.seconds, 5),
            "floor_seconds": None if self.floor_seconds is None else round(self.floor_seconds, 5),
            "ratio": None if self.ratio is None else round(self.ratio, 2),
            "peak_mib": self.peak_mib,
        }


def say(what: str) -> None:
    """Tell whoever waits what is going on."""
    sys.stderr.write(f"{what}\n")


def write(results: Sequence[Result], file: Path) -> None:
    """Write the results as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([one.as_data() for one in results], indent=2) + "\n", encoding="utf-8")


def table(results: Sequence[Result]) -> str:
    """Return the results as a table in Markdown, with the machine below it."""
    head = (
        "| what | database | orders | seconds | a second | times the floor | peak memory |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(map(_line, results)) + "\n" + _profiles(results) + machine()


def _profiles(results: Sequence[Result]) -> str:
    """Say how much longer an import takes whose orders a profile reads; "" where that was not measured."""
    taken = {(one.bench, one.database): one.seconds for one in results}
    found = [
        f"{seconds / taken[IMPORT, database]:.2f} times as long on {database}"
        for (bench, database), seconds in taken.items()
        if bench == BY_PROFILE and (IMPORT, database) in taken
    ]
    said = " and ".join(found)
    return (
        f"Read by a profile in the place of Locally's own parser, an import takes {said}.\n\n" if said else ""
    )


def _line(one: Result) -> str:
    idle = not one.orders
    seconds = f"{one.seconds * _MS:.1f} ms" if idle else f"{one.seconds:.1f}"
    pace = f"{1 / one.seconds:,.0f} polls" if idle else f"{one.orders / one.seconds:,.0f} orders"
    ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
    orders = "none new" if idle else f"{one.orders:,}"
    peak = f"{one.peak_mib:.0f} MiB"
    return f"| {one.bench} | {one.database} | {orders} | {seconds} | {pace} | {ratio} | {peak} |\n"


def machine() -> str:
    """Say on what it was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores of {_processor()}, "
        f"{memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, SQLAlchemy {version('sqlalchemy')}, "
        f"psycopg {version('psycopg')}, pydantic {version('pydantic')}.\n"
    )


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text("utf-8").splitlines() if cpus.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def marks(command: str) -> tuple[str, str]:
    """Return what stands before and after a command's table in a page."""
    return f"<!-- made by: {command} -->", f"<!-- end of what {command} made -->"


def around(page: Path, command: str) -> tuple[str, str]:
    """Return what a page has before and after the command's table; end the run if it has no place for one."""
    begin, end = marks(command)
    before, found, rest = page.read_text("utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        sys.exit(f"{page} has no place for the table. Put these lines where it is to stand:\n{begin}\n{end}")
    return before, after


def document(made: str, page: Path, command: str = BENCH) -> None:
    """Put the table between the command's two marks in a page."""
    before, after = around(page, command)
    begin, end = marks(command)
    page.write_text(f"{before}{begin}\n\n{made}\n{end}{after}", encoding="utf-8")
