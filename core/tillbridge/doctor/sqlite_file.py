"""Looks at a database in a file: there, readable, whole, on a good disk, and free to be written.

The file is never opened but by SQLite: closing it any other way would drop the locks that this process
may hold on it.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tillbridge.db.database import Database
from tillbridge.db.read_only import in_use
from tillbridge.doctor import sqlite_kinds as kinds
from tillbridge.doctor.findings import Finding, Said
from tillbridge.doctor.measures import size, some
from tillbridge.doctor.site import Site
from tillbridge.model.words import Words

MOUNTS: Final = Path("/proc/self/mounts")
_NETWORK: Final = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre"),
    *("fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.s3fs"),
}
_TOLD: Final = 3
_SEEN: Final = 1000


def check(site: Site, database: Database) -> Said:
    """Look at the file, from what stops everything to what only slows it."""
    file = Path(str(database.url.database))
    stops = _at_the_door(file)
    if stops is None:
        # What another program begins to write meanwhile may look like damage: a second look decides.
        stops = _inside(site, file, database) and _inside(site, file, database)
    if stops is not None:
        yield stops
        return
    site.database = database
    yield from _orphans(file, database)
    yield from _surroundings(site, file)
    if in_use(file):  # else the next command that opens it sets the mode
        with database.read() as reading:
            mode = str(reading.exec_driver_sql("PRAGMA journal_mode").scalar())
        if mode != "wal":
            yield kinds.JOURNAL.found(file=str(file), mode=mode)
    yield Words.of(f"SQLite {sqlite3.sqlite_version}, {size(file.stat().st_size)}")


def _at_the_door(file: Path) -> Finding | None:
    try:
        there = file.exists()
    except OSError:
        return kinds.UNREADABLE.found(file=str(file))
    if not there:
        return kinds.MISSING.found(file=str(file))
    if not file.is_file() or not _may(file, os.R_OK):
        return kinds.UNREADABLE.found(file=str(file))
    return None


def _inside(site: Site, file: Path, database: Database) -> Finding | None:
    """Return what keeps the file from being relied on, or None."""
    try:
        with database.read() as reading:
            reading.exec_driver_sql("SELECT count(*) FROM sqlite_master")
            told = _quick_check(reading)
    except DBAPIError as error:
        return _fault(site, file, str(error.orig))
    if told:
        return kinds.DAMAGED.found(file=str(file), detail=told[0])
    return None


def _quick_check(reading: Connection) -> list[str]:
    """Return what SQLite finds wrong; nothing if it takes too long, as with a very large file."""
    try:
        told = reading.exec_driver_sql(f"PRAGMA quick_check({_TOLD})").scalars().all()
    except DBAPIError as error:
        if _is_interrupted(error):
            return []
        raise
    # SQLite itself begins with a line that only names the database.
    lines = [line for one in told for line in str(one).splitlines() if not line.startswith("***")]
    return [] if lines == ["ok"] else lines


def _is_interrupted(error: DBAPIError) -> bool:
    return "interrupted" in str(error.orig)


def _fault(site: Site, file: Path, cause: str) -> Finding:
    kind = next((kind for sign, kind in kinds.SIGNS if sign in cause.lower()), kinds.DISK_FAULT)
    return kind.found(file=str(file), detail=cause, seconds=f"{site.limits.connect_seconds:g}")


def _orphans(file: Path, database: Database) -> Said:
    try:
        with database.read() as reading:
            found = reading.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_SEEN)
    except DBAPIError as error:
        if not _is_interrupted(error):
            raise
        seconds = Words(
            "too large to be checked through in the time", "파일이 커서 시간 안에 모두 확인하지 못했습니다"
        )
        yield seconds
        return
    if found:
        tables = Counter(str(row[0]) for row in found)
        named = some(f"{table}: {count}" for table, count in tables.most_common())
        yield kinds.ORPHANS.found(file=str(file), count=len(found), tables=named)


def _surroundings(site: Site, file: Path) -> Iterator[Finding]:
    places = [str(one) for one in (file, file.absolute().parent) if not _may(one, os.W_OK)]
    if places:
        yield kinds.READ_ONLY.found(places=" ".join(places), first=places[0])
    elif in_use(file) and _held(site, file):
        yield kinds.LOCKED.found(file=str(file), seconds=f"{site.limits.connect_seconds:g}")
    kind = file_system(file.absolute())
    if kind in _NETWORK:
        yield kinds.NETWORK.found(file=str(file), kind=kind)


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def _held(site: Site, file: Path) -> bool:
    """Say whether another program keeps everyone from writing; nothing is written to find out."""
    place = quote(str(file.absolute()))
    reader = sqlite3.connect(f"file:{place}?mode=ro", uri=True)
    writer = sqlite3.connect(
        f"file:{place}?mode=rw", uri=True, timeout=site.limits.connect_seconds, isolation_level=None
    )
    try:
        # While somebody reads, the writer is not the last one to close, and tidies nothing up.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    finally:
        writer.close()
        reader.close()
    return False


def file_system(path: Path) -> str:
    """Return the kind of the file system that a path is on, or "" where this system does not say."""
    try:
        lines = MOUNTS.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    mounted = [line.split(" ")[1:3] for line in lines if line.count(" ") > 1]
    real = path.resolve()
    over = [
        (len(place), kind)
        for place, kind in ((_plain(where), kind) for where, kind in mounted)
        if real.is_relative_to(place)
    ]
    # Of two at one place, the one that was mounted later hides the other.
    return max(reversed(over), key=lambda one: one[0], default=(0, ""))[1]


def _plain(mounted: str) -> str:
    """Return a mount point as it is: the system writes a space by its octal number."""
    return (
        mounted.encode().decode("unicode_escape").encode("latin-1", errors="replace").decode(errors="replace")
    )
