"""Files of any length (MISSION S24): constant memory, bounded transactions, killed and begun again."""

import json
import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from payloads import ROOT
from pos.importing import counts
from tillbridge.model.words import Words
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.imports import FileOptions, import_products
from tillbridge.pos.embedded.imports.lines import _IN_MEMORY, Lines
from tillbridge.pos.embedded.imports.notes import LineNote, RefusedLine

pytestmark = pytest.mark.row("S24")

MEASURE = ROOT / "benchmarks" / "import_files.py"
MEGABYTE = 1024


def measured(*arguments: str) -> dict[str, int]:
    done = subprocess.run([sys.executable, MEASURE, *arguments], capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_many_more_lines_need_no_more_memory():
    """10,000 rows more would be 8 MB as texts alone; the script measures 200,000, and workbooks.

    At 12,000 rows the pieces that are read and SQLite's cache are full.
    """
    rows = (12_000, 22_000)
    few, many = (measured("--rows", str(count), "--times", "1", "--cache", "1024") for count in rows)

    assert (*rows, 0) == (few["rows"], many["rows"], many["refused"])
    assert many["peak_kilobytes"] - few["peak_kilobytes"] < 4 * MEGABYTE


KILLED = """
import os, signal, sys
from pathlib import Path
from tillbridge.clock import SystemClock
from tillbridge.db.database import Database
from tillbridge.pos.embedded import EmbeddedPos
from tillbridge.pos.embedded.imports import FileOptions, import_products
from tillbridge.pos.embedded.imports.reading.table import Stage

def die(stage, line, lines):
    if stage is Stage.IMPORTING and line > 2000:
        os.kill(os.getpid(), signal.SIGKILL)

pos = EmbeddedPos(Database(sys.argv[1]), SystemClock())
import_products(pos, Path(sys.argv[2]), vendor="한빛", options=FileOptions(progress=die))
"""


def test_a_kill_leaves_whole_batches_and_the_next_import_finishes(shop, pos_database, database_url, tmp_path):
    path = tmp_path / "file.csv"
    lines = (f"HB-{number},벨 {number}" for number in range(3_500))
    path.write_text("\n".join(("vpn,description", *lines)) + "\n", "utf-8")
    killed = subprocess.run([sys.executable, "-c", KILLED, database_url, path], check=False)
    products = select(func.count()).select_from(tables.products)
    with pos_database.read() as connection:
        kept = connection.execute(products).scalar_one()

    assert -signal.SIGKILL == killed.returncode
    assert 2_000 == kept - 2  # beside the shop's own helmet and pump
    assert (1_500, 0, 2_000, 0) == counts(import_products(shop.pos, path, vendor="한빛"))


def test_an_import_that_was_killed_is_no_file_of_the_vendors(shop, tmp_path):
    """Only one that reached its end keeps its date."""

    def stop(*_):
        raise KeyboardInterrupt

    path = tmp_path / "file.csv"
    path.write_text("vpn,description\nA-1,벨\n", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        import_products(shop.pos, path, vendor="한빛", options=FileOptions(progress=stop))
    assert all(one.imported_at is None for one in shop.pos.vendor_files())


def note(number):
    return RefusedLine(number, "vpn", f"A-{number}", Words("no", "아니요"))


def test_notes_of_any_number_stand_in_order_and_can_be_read_again():
    """The first in memory, the others on disk."""
    count = _IN_MEMORY * 2 + 7
    lines = Lines(RefusedLine)
    lines.extend(note(number) for number in range(count))

    assert count == len(lines)
    assert list(range(count)) == [one.line_number for one in lines]
    assert [note(0), note(count - 1), note(_IN_MEMORY)] == [lines[0], lines[-1], lines[_IN_MEMORY]]
    assert [note(1), note(2)] == lines[1:3]
    lines.extend([note(count)])
    assert [note(number) for number in range(count + 1)] == lines
    assert Lines(LineNote) != lines
