"""Measures the import of a vendor's file: seconds, and the most memory that it took.

python benchmarks/import_files.py --rows 200000 --kind xlsx --database sqlite:///measured.db
"""

import argparse
import csv
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from tillbridge.clock import SystemClock
from tillbridge.db import migrate
from tillbridge.db.database import Database
from tillbridge.model.identifiers import check_digit
from tillbridge.model.stores import Store
from tillbridge.pos.embedded import EmbeddedPos
from tillbridge.pos.embedded.imports import import_products

HEADER = (
    "vpn",
    "upc",
    "description",
    "brand",
    "price",
    "cost",
    "stock",
    "colour",
    "size",
    "origin",
    "box",
    "a",
)
STORE = Store(code="MAPO", name="마포점", timezone="Asia/Seoul", currency="KRW", country="KR")


def rows(count: int, *, changed: bool = False) -> Iterator[tuple[str, ...]]:
    """Yield a file's rows; changed ones have other prices."""
    for number in range(count):
        digits = f"8809{number:08d}"
        yield (
            f"HB-{number:06d}",
            digits + check_digit(digits),
            f"로드 자전거 부품 {number} 블랙 700x25C",
            "한빛",
            str(10_000 + number % 977 + changed),
            str(7_000 + number % 977),
            str(number % 20),
            "블랙",
            "M",
            "KR",
            str(number % 7),
            "",
        )


def write(path: Path, count: int) -> None:
    """Write a file of so many rows, of the kind that its name says."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(HEADER)
            writer.writerows(rows(count))
        return
    from openpyxl import Workbook  # noqa: PLC0415  # a measured CSV has none of its memory

    book = Workbook(write_only=True)
    sheet = book.create_sheet("가격")
    sheet.append(HEADER)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def peak_kilobytes() -> int:
    """Return the most memory that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():
        # What `getrusage` says may be the memory of whoever started this process.
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def keep_small(kibibytes: int) -> None:
    """Give SQLite a cache of so many KiB, so that filling it is not taken for the import's own memory."""

    @event.listens_for(Pool, "checkout")
    def _shrink(database: Any, *_: object) -> None:
        database.execute(f"PRAGMA cache_size=-{kibibytes}")


def measure(path: Path, url: str, *, times: int) -> dict[str, float | int]:
    """Import a file into a database, once or again, and return what it took."""
    migrate.upgrade(url)
    database = Database(url)
    pos = EmbeddedPos(database, SystemClock())
    pos.add_store(STORE)
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        report = import_products(pos, path, vendor="한빛자전거", store="MAPO")
        seconds.append(round(time.perf_counter() - begun, 1))
    database.close()
    return {
        "rows": report.rows,
        "refused": len(report.refused),
        "first_seconds": seconds[0],
        "last_seconds": seconds[-1],
        "peak_kilobytes": peak_kilobytes(),
    }


def main() -> None:
    """Measure as the command line says, and print the result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--kind", choices=("csv", "xlsx"), default="csv")
    parser.add_argument("--database", default="")
    parser.add_argument("--file", type=Path, help="Of an earlier --write; made anew if it is not there.")
    parser.add_argument("--write", action="store_true", help="Only write the file.")
    parser.add_argument("--times", type=int, default=2, help="How often to import it.")
    parser.add_argument("--cache", type=int, default=0, help="KiB of SQLite's cache; 0 leaves the product's.")
    given = parser.parse_args()
    if given.cache:
        keep_small(given.cache)
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder) / f"vendor.{given.kind}"
        if given.write or not path.exists():
            write(path, given.rows)
        if not given.write:
            url = given.database or f"sqlite:///{folder}/measured.db"
            sys.stdout.write(json.dumps(measure(path, url, times=given.times)) + "\n")


if __name__ == "__main__":
    main()
