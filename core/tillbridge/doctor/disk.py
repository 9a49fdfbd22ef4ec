"""Looks at the disks: room where the database is, and where temporary files go."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from tillbridge.doctor.findings import Finding, Kind, Said, Standing
from tillbridge.doctor.measures import size
from tillbridge.doctor.site import Site
from tillbridge.model.words import Words

_STOPS = Words(
    "When it runs out, nothing can be written: no order arrives and no sale is made until there is room. "
    "What is committed stays whole.",
    "공간이 모두 차면 아무것도 저장할 수 없어 주문을 받거나 판매할 수 없습니다. "
    "이미 저장된 내용은 안전합니다.",
)
_MAKE_ROOM = Words(
    "Make room on the disk of {folder}, or move the database to a larger one; see `df -h {folder}`.",
    "{folder}이(가) 있는 디스크의 공간을 확보하거나 데이터베이스를 더 큰 디스크로 옮겨 주세요"
    "(`df -h {folder}`).",
)
FULL = Kind(
    code="disk.full",
    standing=Standing.BROKEN,
    wrong=Words(
        "The disk of {folder} is as good as full: {free} of {total} are free.",
        "{folder}이(가) 있는 디스크가 거의 가득 찼습니다: {total} 중 {free} 남음.",
    ),
    means=_STOPS,
    remedy=_MAKE_ROOM,
)
LITTLE = Kind(
    code="disk.little",
    standing=Standing.LOOK,
    wrong=Words(
        "The disk of {folder} has little room: {free} of {total} are free; the database has {database}.",
        "{folder}이(가) 있는 디스크의 공간이 부족합니다: {total} 중 {free} 남음(데이터베이스 {database}).",
    ),
    means=_STOPS,
    remedy=_MAKE_ROOM,
)
FILES = Kind(
    code="disk.files",
    standing=Standing.LOOK,
    wrong=Words(
        "The disk of {folder} can hold only {count} more files.",
        "{folder}이(가) 있는 디스크에 파일을 {count}개만 더 만들 수 있습니다.",
    ),
    means=_STOPS,
    remedy=Words(
        "Remove files that nobody needs from the disk of {folder}; see `df -i {folder}`.",
        "{folder}이(가) 있는 디스크에서 필요 없는 파일을 지워 주세요(`df -i {folder}`).",
    ),
)
TEMPORARY = Kind(
    code="disk.temporary",
    standing=Standing.LOOK,
    wrong=Words(
        "There is no folder for temporary files that can be written.",
        "쓸 수 있는 임시 폴더가 없습니다.",
    ),
    means=Words(
        "Large searches and imports may fail; orders still arrive.",
        "큰 검색이나 가져오기가 실패할 수 있습니다. 주문은 계속 들어옵니다.",
    ),
    remedy=Words(
        "Make /tmp writable, or name another folder: export TMPDIR=FOLDER",
        "임시 폴더(/tmp)에 쓸 수 있게 하거나 다른 폴더를 지정해 주세요: export TMPDIR=폴더",
    ),
)


def check(site: Site) -> Said:
    """Look at the database's folder and at the temporary one."""
    file = _file(site.url)
    if file is not None:
        folder = next(one for one in file.parents if one.is_dir())
        yield from _room(site, folder, _weight(file))
        yield Words(
            f"{size(shutil.disk_usage(folder).free)} free for the database",
            f"데이터베이스 디스크 여유 {size(shutil.disk_usage(folder).free)}",
        )
    try:
        temporary = Path(tempfile.gettempdir())
    except FileNotFoundError:
        yield TEMPORARY.found()
        return
    if file is None or not _same_disk(temporary, folder):
        yield from _room(site, temporary, 0)


def _file(url: str) -> Path | None:
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None  # the check of the database says so
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database).absolute()


def _weight(file: Path) -> int:
    """Return what the database takes, with what waits to be brought into it."""
    parts = (file, Path(f"{file}-wal"))
    return sum(part.stat().st_size for part in parts if part.is_file())


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _room(site: Site, folder: Path, weight: int) -> Iterator[Finding]:
    limits, usage = site.limits, shutil.disk_usage(folder)
    figures = {"folder": str(folder), "free": size(usage.free), "total": size(usage.total)}
    if usage.free < limits.no_space:
        yield FULL.found(**figures)
    # A backup, or a new version's rewriting of tables, needs as much as the database once more.
    elif usage.free < max(limits.little_space, weight):
        yield LITTLE.found(**figures, database=size(weight))
    if hasattr(os, "statvfs"):
        told = os.statvfs(folder)
        # A file system that counts no files says that it can hold none.
        if told.f_files and told.f_favail < limits.few_files:
            yield FILES.found(folder=str(folder), count=told.f_favail)
